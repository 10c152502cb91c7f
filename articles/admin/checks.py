"""What the checks find, with a link to the field that mends it; and how much each check matters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminRadioSelectWidget

from articles.admin.pages import at, page_for, show
from articles.checking import checks, found, levels, set_levels
from articles.documents import Document, read_document
from articles.models import Article, CheckLevel
from library.models import LibraryRow
from publishing.checks import Check, Level
from publishing.editing.choices import address_in_admin
from publishing.editing.desk import DeskAdmin
from publishing.editing.lists import RowsMadeElsewhere
from publishing.editing.rows import RowList, inline_of, row_address
from publishing.parts import Problem, parts


@dataclass(frozen=True, slots=True)
class Located:
    """Something that a check found, and the address of the field that mends it."""

    message: str
    url: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What has to be mended before publishing, and what should be."""

    required: list[Located] = field(default_factory=list)
    recommended: list[Located] = field(default_factory=list)

    def as_data(self) -> dict[str, list[dict[str, str]]]:
        """Return the findings as plain data, for scripts."""
        return asdict(self)


NOTHING_FOUND = Findings()


def urls(desk: Any) -> list[URLPattern]:
    """Return the address of the page of checks."""
    return [at(desk, "<int:pk>/checks/", checks_page, "checks")]


@page_for()
def checks_page(request: HttpRequest, article: Article, *, desk: Any) -> HttpResponse:
    """Show what the checks find in the draft as it is saved."""
    return show(
        request,
        article,
        desk=desk,
        template="checks",
        title=_("Checks"),
        findings=findings_of(read_document(article), article, request),
        may_set_levels=request.user.has_perm("articles.change_checklevel"),
    )


def findings_of(
    document: Document,
    article: Article | None,
    request: HttpRequest,
    *,
    prepared: Mapping[str, Any] | None = None,
    new_rows: Mapping[str, str] | None = None,
) -> Findings:
    """Return what the checks find, of the recommended only what this editor can mend.

    ``prepared`` is what was prepared for the page, if that was done already;
    ``new_rows`` says how the ids of fields begin in rows that stand only in the form.
    """
    findings = found(document, prepared=prepared)
    problems = [problem for _level, problem in findings]
    addresses = _Addresses(problems, article, request, new_rows or {})
    told = Findings()
    for level, problem in findings:
        located = Located(problem.message, addresses.of(problem))
        if level == Level.REQUIRED:
            told.required.append(located)
        elif addresses.may_mend(problem):
            told.recommended.append(located)
    return told


def located(found: Sequence[Problem], article: Article) -> list[Located]:
    """Return problems with links to the very fields, in the order given."""
    addresses = _Addresses(found, article, None, {})
    return [Located(problem.message, addresses.of(problem)) for problem in found]


class _Addresses:
    """The fields that mend problems; one query for each part with a list and each library table."""

    def __init__(
        self,
        problems: Sequence[Problem],
        article: Article | None,
        request: HttpRequest | None,
        new_rows: Mapping[str, str],
    ) -> None:
        self.new_rows = new_rows
        is_saved = article is not None and article.pk is not None
        self.form_url = address_in_admin(article, "change", article.pk) if is_saved else ""
        self.request = request
        self.lists = {
            part.name: inline_of(part)() for part in parts() if issubclass(inline_of(part), RowList)
        }
        self.rows: dict[tuple[str, str], str] = {}
        for name, model in self._models():
            uids = [one.uid for one in problems if one.part == name and one.uid]
            for row in model.objects.filter(uid__in=uids) if uids else ():
                self.rows[name, str(row.uid)] = self._row_url(row)

    def _models(self) -> Iterator[tuple[str, Any]]:
        yield from ((name, listed.model) for name, listed in self.lists.items())
        yield from ((model._meta.label_lower, model) for model in LibraryRow.__subclasses__())

    def _row_url(self, row: Any) -> str:
        if isinstance(row, LibraryRow):
            return address_in_admin(row, "change", row.pk)
        return row_address(row)

    def of(self, problem: Problem) -> str:
        """Return the address of the very field, or of the nearest thing to it."""
        if problem.part == "article":
            return f"{self.form_url}#id_{problem.field}"
        if start := self.new_rows.get(problem.uid):
            return f"#{start}{problem.field}"
        if address := self.rows.get((problem.part, problem.uid)):
            return f"{address}#id_{problem.field}"
        if not problem.uid or "." in problem.part or problem.part in self.lists:
            return f"{self.form_url}#tab-{problem.part.partition('.')[0]}"
        return f"{self.form_url}#row-{problem.uid}-{problem.field}"

    def may_mend(self, problem: Problem) -> bool:
        """May this editor change what the problem is about?"""
        user = self.request.user
        if "." in problem.part:
            model = apps.get_model(problem.part)._meta
            is_there = (problem.part, problem.uid) in self.rows
            return is_there and user.has_perm(f"{model.app_label}.change_{model.model_name}")
        if listed := self.lists.get(problem.part):
            return listed.may("change", self.request)
        return user.has_perm("articles.change_article")


# How much each check matters


class LevelsForm(forms.Form):
    """One choice for each check that a site may set."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = levels()
        for check in checks():
            if not check.is_fixed:
                self.fields[check.name] = self._field(check, present[check.name])

    def _field(self, check: Check, present: Level) -> forms.Field:
        asks = _("%(asks)s Unless set: %(level)s.")
        return forms.TypedChoiceField(
            label=check.title,
            # One that is not sent stays as it is.
            required=False,
            empty_value=present,
            choices=Level.choices,
            coerce=Level,
            initial=present.value,
            help_text=asks % {"asks": check.asks, "level": str(check.level.label).lower()},
            widget=UnfoldAdminRadioSelectWidget(radio_style=admin.HORIZONTAL),
        )


@admin.register(CheckLevel)
class CheckLevelAdmin(RowsMadeElsewhere, DeskAdmin):
    """All checks on one page, for administrators."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show every check with its level, and set them."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        may_change = self.has_change_permission(request)
        form = LevelsForm(request.POST or None)
        if request.method == "POST":
            if not may_change:
                raise PermissionDenied
            if form.is_valid():
                changed = set_levels(form.cleaned_data, by=request.user)
                said = _("Saved.") if changed else _("Nothing was changed.")
                messages.success(request, said)
                return HttpResponseRedirect(address_in_admin(CheckLevel, "changelist"))
        if not may_change:
            for one in form.fields.values():
                one.disabled = True
        context = {
            **self.admin_site.each_context(request),
            "title": self.opts.verbose_name_plural.capitalize(),
            "opts": self.opts,
            "form": form,
            "fixed": [check for check in checks() if check.is_fixed],
            "may_change": may_change,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/check_levels.html", context)
