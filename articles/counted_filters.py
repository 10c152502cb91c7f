"""Filters that say beside each choice how much it would show, and what to loosen.

A facet is a filter whose choices are counted: among what the other filters leave, so that each
number is what choosing it would show.
"""

from dataclasses import dataclass
from typing import Any

import django_filters
from django.db.models import Count, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

MOST_CHOICES = 150
"""More choices than these, the most frequent, would be a page of their own."""


Counts = dict[str, tuple[str, int]]
"""Of each value of a facet its name, and how many rows have it."""


@dataclass(frozen=True, slots=True)
class Facet:
    """Where the value and the name of a choice stand, seen from the rows that are filtered.

    A row may have several values, but each of them once.
    """

    value: str
    label: str
    holds: tuple[tuple[str, Any], ...] = ()
    by: str = ""
    """The relation through which all values are seen, if rows are many to each of its own."""

    @property
    def counts_each_once(self) -> bool:
        """Is each row in one count, be it that of no value? A column of its own has one value."""
        return "__" not in self.value and not self.holds


@dataclass(frozen=True, slots=True)
class Loosened:
    """What would be found without one of the filters; ``query`` is the address of that."""

    label: str
    value: str
    count: int
    query: str


class CountedFilterSet(django_filters.FilterSet):
    """A set of filters some of which are facets, by the name of the filter."""

    facets: dict[str, Facet] = {}

    @property
    def form(self):
        """The form; a facet that is used knows its choices, the others when they are counted."""
        is_new = not hasattr(self, "_form")
        form = super().form
        if is_new:
            self._all: dict[str, Counts] = {}
            self._left: dict[str, Counts] = {}
            self._pairs: dict[str, list[tuple]] = {}
            self._related: dict[tuple[str, frozenset], dict[int, int]] = {}
            for name in self.facets:
                # What nobody chose needs no choices before they are shown.
                form.fields[name].choices = self._offered(name) if form.data.get(name) else []
                form.fields[name].error_messages["invalid_choice"] = _(
                    "There is no “%(value)s” to choose here."
                )
        return form

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that are set and were understood."""
        if not self.form.is_valid() and not hasattr(self.form, "cleaned_data"):
            return {}
        return {
            name: value
            for name, value in self.form.cleaned_data.items()
            if value not in (None, "", [])
        }

    def narrowed(self, *left_out: str) -> QuerySet:
        """Return what all filters but ``left_out`` leave."""
        rows = self.queryset.all()
        for name, value in self.chosen.items():
            if name not in left_out:
                rows = self.filters[name].filter(rows, value)
        return rows

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return self.narrowed()

    @property
    def total(self) -> int:
        """How many rows there are without any filter; no query if a facet counted each once."""
        name = self._counting_each_once
        return _sum(self._every(name)) if name else self.queryset.count()

    @property
    def found(self) -> int:
        """How many rows the filters leave; no query if a facet counted each once."""
        name = self._counting_each_once
        if not name:
            return self.qs.count()
        counts = self._left_by_others(name)
        return counts.get(self.chosen[name], ("", 0))[1] if name in self.chosen else _sum(counts)

    @property
    def _counting_each_once(self) -> str | None:
        names = (name for name, facet in self.facets.items() if facet.counts_each_once)
        return next(names, None)

    def count_choices(self) -> None:
        """Put the count beside each choice of each facet; a query for each that others narrow."""
        for name in self.facets:
            counts = self._left_by_others(name)
            self.form.fields[name].choices = [
                (value, _with_count(label, counts.get(value, (label, 0))[1]))
                for value, label in self._offered(name)
            ]

    def loosened(self) -> list[Loosened]:
        """Return for each filter that is set what would be found without it, the most first."""
        found = [self._without(name) for name in self.chosen]
        return sorted((one for one in found if one.count), key=lambda one: -one.count)

    @property
    def query(self) -> str:
        """The address of what is shown: the filters that are set, and nothing else."""
        return self._query_without()

    def _query_without(self, *names: str) -> str:
        query = self.form.data.copy()
        for name in [*query]:
            if name in names or name not in self.chosen:
                del query[name]
        return query.urlencode()

    def _without(self, name: str) -> Loosened:
        typed = self.form.data.get(name, "")
        label = self._every(name).get(typed, (typed, 0))[0] if name in self.facets else typed
        return Loosened(
            label=str(self.form.fields[name].label),
            value=label,
            count=self.narrowed(name).count(),
            query=self._query_without(name),
        )

    def _every(self, name: str) -> Counts:
        """Return the values of a facet among all rows; one query."""
        if name not in self._all:
            self._pairs[name] = self._counted(name, self.queryset)
            self._all[name] = _values(self._pairs[name])
        return self._all[name]

    def _left_by_others(self, name: str) -> Counts:
        """Return the values of a facet among what the other filters leave; at most one query."""
        if not self.chosen.keys() - {name}:
            return self._every(name)
        if name not in self._left:
            by = self.facets[name].by
            counted = (
                self._by_relation(name, by) if by else self._counted(name, self.narrowed(name))
            )
            self._left[name] = _values(counted)
        return self._left[name]

    def _counted(self, name: str, rows: QuerySet) -> list[tuple]:
        """Return what a facet counts among ``rows``: relation if any, value, label, count."""
        facet = self.facets[name]
        counted = rows.filter(**dict(facet.holds)).order_by()
        names = [facet.by or facet.value, facet.value, facet.label]
        found = counted.values_list(*dict.fromkeys(names)).annotate(Count("pk"))
        places = [[*dict.fromkeys(names)].index(one) for one in names]
        return [(*(row[place] for place in places), row[-1]) for row in found]

    def _by_relation(self, name: str, by: str) -> list[tuple]:
        """Return the same among what other filters leave, counted by the relation alone."""
        self._every(name)
        # Facets that are not chosen are narrowed by the same filters: one query for all of them.
        narrowed_by = (by, frozenset(self.chosen.keys() - {name}))
        if narrowed_by not in self._related:
            rows = self.narrowed(name).order_by()
            self._related[narrowed_by] = dict(rows.values_list(by).annotate(Count("pk")))
        counts = self._related[narrowed_by]
        return [
            (key, value, label, counts.get(key, 0)) for key, value, label, _all in self._pairs[name]
        ]

    def _offered(self, name: str) -> list[tuple[str, str]]:
        """Return the choices of a facet by name, with the one that is chosen."""
        every = self._every(name)
        chosen = self.form.data.get(name)
        offered = sorted(
            filter(None, every), key=lambda value: (value != chosen, -every[value][1], value)
        )
        offered = offered[:MOST_CHOICES]
        return sorted(((value, every[value][0]) for value in offered), key=_by_name)


def _values(counted: list[tuple]) -> Counts:
    """Return each value with its name and its count; "", which is no choice, for none."""
    found: Counts = {}
    # A name may have changed between two publications that both are live.
    for _key, value, label, count in counted:
        found[value or ""] = (label, found.get(value or "", ("", 0))[1] + count)
    return found


def _sum(counts: Counts) -> int:
    return sum(count for _label, count in counts.values())


def _by_name(choice: tuple[str, str]) -> tuple[str, str]:
    return choice[1].casefold(), choice[0]


def _with_count(label: str, count: int) -> str:
    return _("%(name)s (%(count)s)") % {"name": label, "count": number_format(count)}
