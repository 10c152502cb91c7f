"""The parts that every article has: facts, sections, see also."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import models
from publishing import drawings
from publishing.markup import pictures, plain_text, trusted
from publishing.parts import CitingText, Data, Part, Preparing, Problem, Row


class Facts(Part):
    """A table of characteristics and values, each with the day on which it was last true."""

    name = "facts"
    title = gettext_lazy("Key facts")
    order = 10
    template = "articles/_facts.html"
    model = models.Fact
    fields = ("characteristic", "value", "as_of", "anchor")
    body = "value"
    inline = "articles.inlines.FactRows"

    def row_title(self, row: Row) -> str:
        return row["characteristic"] or super().row_title(row)

    def anchor(self, row: Row) -> str:
        return f"fact-{row['anchor'] or row['uid'][:8]}"

    def problems(self, data: Data) -> Iterator[Problem]:
        for row in data["rows"]:
            if not row["characteristic"]:
                yield self.problem(row, "characteristic", _("A fact has no characteristic."))
            if not plain_text(row["value"] or ""):
                yield self.problem(row, "value", _("“%s” has no value.") % self.row_title(row))
            if pictures(row["value"] or ""):
                yield self.problem(
                    row,
                    "value",
                    _("“%s” marks a picture, and a fact shows none. Show it in a section.")
                    % self.row_title(row),
                )
            if not row["as_of"]:
                yield self.problem(
                    row, "as_of", _("Say on which day “%s” was last true.") % self.row_title(row)
                )

    def prepare_row(self, row: Row, preparing: Preparing) -> Row:
        html = preparing.markdown(row["value"] or "", inline=True)
        return {**row, "html": html, "id": self.anchor(row)}

    def is_in_contents(self, page: Any) -> bool:
        """They stand above the list of contents."""
        return False

    def context(self, rows: list[Row], page: Any) -> dict[str, Any]:
        """Group the rows by characteristic. Only its newest value can be due for a check."""
        groups: dict[str, list[Row]] = {}
        for row in rows:
            as_of = parse_date(row["as_of"]) if row["as_of"] else None
            shown = {**row, "html": trusted(row["html"]), "as_of": as_of}
            groups.setdefault(row["characteristic"], []).append(shown)
        for group in groups.values():
            newest = max((row["as_of"] for row in group if row["as_of"]), default=None)
            due = is_stale(newest, page)
            for row in group:
                row["is_stale"] = due and row["as_of"] == newest
        return {"groups": list(groups.items())}


class Sections(Part):
    """The explanation: headings, Markdown, pictures."""

    name = "sections"
    title = gettext_lazy("The explanation")
    order = 30
    template = "articles/_sections.html"
    model = models.Section
    fields = ("heading", "anchor", "body", "image")
    body = "body"
    inline = "articles.inlines.SectionRows"

    def row_title(self, row: Row) -> str:
        return row["heading"] or super().row_title(row)

    def anchor(self, row: Row) -> str:
        return row["anchor"] or f"section-{row['uid'][:8]}"

    def contents(self, page: Any) -> Iterable[tuple[str, str]]:
        return [(row["id"], row["heading"]) for row in page.rows(self.name)]

    def is_in_contents(self, page: Any) -> bool:
        return False

    def citing_texts(self, data: Data) -> Iterator[CitingText]:
        for number, citing in enumerate(super().citing_texts(data), start=1):
            label = _("section %d") % number
            yield CitingText(citing.text, citing.anchor, label, citing.uid, citing.field)

    def problems(self, data: Data) -> Iterator[Problem]:
        if not data["rows"]:
            yield Problem(message=_("Write at least one section."), part=self.name)
        for row in data["rows"]:
            if not row["heading"]:
                yield self.problem(row, "heading", _("A section has no heading."))
            if not plain_text(row["body"] or ""):
                yield self.problem(row, "body", _("“%s” has no text.") % self.row_title(row))
            for sentence in drawings.problems(row["body"] or ""):
                yield self.problem(row, "body", f"“{self.row_title(row)}”: {sentence}")

    def prepare_row(self, row: Row, preparing: Preparing) -> Row:
        html = preparing.markdown(row["body"] or "", within=self.anchor(row), notes=True)
        return {**row, "html": html, "id": self.anchor(row)}

    def context(self, rows: list[Row], page: Any) -> dict[str, Any]:
        return {
            "rows": [
                {**row, "html": trusted(row["html"]), "image": page.shown_image(row["image"])}
                for row in rows
            ]
        }


class SeeAlso(Part):
    """Where to read on. Articles of ours show their live title, or nothing while not live."""

    name = "see-also"
    title = gettext_lazy("You may want to see also")
    order = 40
    template = "articles/_see_also.html"
    model = models.SeeAlso
    fields = ("target", "url", "label", "note")
    inline = "articles.inlines.SeeAlsoRows"

    def row_title(self, row: Row) -> str:
        return row["label"] or row["url"] or _("another article")

    def anchor(self, row: Row) -> str:
        return f"see-also-{row['uid'][:8]}"

    def is_in_contents(self, page: Any) -> bool:
        return False

    def problems(self, data: Data) -> Iterator[Problem]:
        for row in data["rows"]:
            if not row["target"] and not row["url"]:
                yield self.problem(
                    row, "url", _("Under “See also”, choose an article or give an address.")
                )
            elif row["url"] and not row["label"]:
                yield self.problem(row, "label", _("Say what is found at %s.") % row["url"])

    def context(self, rows: list[Row], page: Any) -> dict[str, Any]:
        """Look up the articles named: their titles are theirs, and a draft has none here."""
        articles = page.live_articles(row["target"] for row in rows if row["target"])
        links = []
        for row in rows:
            if row["target"] is None:
                links.append({"url": row["url"], "label": row["label"], "note": row["note"]})
            elif article := articles.get(row["target"]):
                links.append({"article": article, "note": row["note"]})
        return {"links": links}


def is_stale(as_of: date | None, page: Any) -> bool:
    """Is the day too long ago for this site? Notes on the page when it will become so."""
    if as_of is None:
        return False
    end_of_day = timezone.make_aware(
        datetime.combine(as_of, time.max), timezone.get_default_timezone()
    )
    turns_stale = end_of_day + timedelta(days=settings.STALE_AFTER_DAYS)
    page.holds_until(turns_stale)
    return page.at >= turns_stale
