"""How a suggestion is shown at the desk: in words, beside the row that it is about."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.admin.checks import located
from articles.admin.conflict import name_of
from articles.documents import Document, part_data, read_document, upgraded_document
from articles.models import Article, Publication
from comments import crediting
from comments.admin.showing import moment
from comments.models import Suggestion, SuggestionStep
from publishing.comparing import Run, compare_words, in_words
from publishing.editing.choices import address_in_admin
from publishing.parts import Part, Problem, part_that_takes, parts
from publishing.row_values import holds_words

Kind, State = Suggestion.Kind, Suggestion.State


def named(suggestion: Suggestion) -> str:
    """Return what it is: a correction, or a question."""
    return _("Question") if suggestion.kind == Kind.QUESTION else _("Correction")


def writer_of(suggestion: Suggestion) -> str:
    """Return who wrote it, as far as they said."""
    return suggestion.name or _("a reader")


def credit_line(suggestion: Suggestion) -> str:
    """Return as whom its writer wishes to be named."""
    credit = crediting.credit_words(suggestion)
    return _("Noticed by %s") % credit if credit else _("Not to be named")


def state_badge(suggestion: Suggestion) -> SafeString:
    """Return the word for how a suggestion with its outcome stands, and who decided."""
    words, look, detail = _standing(suggestion)
    html = format_html('<span class="desk-state {}">{}</span>', look, words)
    if suggestion.decided_by and suggestion.state in (State.ACCEPTED, State.DECLINED):
        by = _("by %s") % name_of(suggestion.decided_by)
        detail = f"{by}. {detail}" if detail else by
    if detail:
        html = format_html('{} <span class="desk-row-detail">{}</span>', html, detail)
    return html


def _standing(suggestion: Suggestion) -> tuple[str, str, str]:
    if suggestion.state == State.NEW:
        return _("Waiting"), "is-pending", ""
    if suggestion.state == State.DECLINED:
        return _("Declined"), "is-rejected", ""
    if suggestion.state == State.WITHDRAWN:
        return _("Withdrawn"), "is-removed", ""
    if suggestion.version:
        return _("Before readers"), "is-live", _("Since version %d") % suggestion.version
    if suggestion.scheduled_at:
        return _("Scheduled"), "is-scheduled", moment(suggestion.scheduled_at)
    if suggestion.is_in_draft:
        return _("In the draft"), "is-changed", ""
    return _("Waiting again"), "is-pending", _("Its row was deleted before it was published")


def web_address(source: str) -> str:
    """Return a source that is an address of the web, which may be a link; else nothing.

    Whatever else a reader typed there is shown as text.
    """
    try:
        address = urlsplit(source)
    except ValueError:
        return ""
    is_one = address.scheme in ("http", "https") and address.netloc and " " not in source
    return source if is_one else ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A row as readers see it beside the draft's: its fields, and where it is mended.

    ``fields`` are (label, what readers see, what the draft says as runs; none if it says the same).
    """

    title: str
    is_live: bool
    is_in_draft: bool
    url: str
    fields: list[tuple[str, str, list[Run]]] = field(default_factory=list)


def beside(suggestion: Suggestion) -> Beside | None:
    """Return the row that a suggestion is about, None if it is about the whole article."""
    found = _find_row(suggestion)
    if found is None:
        return None
    part, uid = found
    live = _live_document(suggestion)
    seen = _row(live, part, uid) if live else None
    draft = _row(read_document(suggestion.article), part, uid)
    return Beside(
        title=part.row_title(seen or draft or {"uid": uid}) if (seen or draft) else "",
        is_live=seen is not None,
        is_in_draft=draft is not None,
        url=row_address(suggestion.article, part, uid) if draft else "",
        fields=list(_fields_beside(part, seen or {}, draft or {})),
    )


def _fields_beside(part: Part, seen: dict[str, Any], draft: dict[str, Any]):
    for name in part.fields:
        kind = part.model._meta.get_field(name)
        is_told = holds_words(kind) or kind.get_internal_type() == "DateField"
        old, new = in_words(seen.get(name)), in_words(draft.get(name))
        if is_told and (old or new):
            runs = compare_words(old, new) if old != new else []
            yield capfirst(str(kind.verbose_name)), old, runs


def mending_address(suggestion: Suggestion) -> str:
    """Return where the row that it is about is mended, empty if that is not in the draft."""
    found = _find_row(suggestion)
    if found is None:
        return ""
    part, uid = found
    is_there = part.model._default_manager.filter(uid=uid, article=suggestion.article).exists()
    return row_address(suggestion.article, part, uid) if is_there else ""


def led_to_url(suggestion: Suggestion) -> str:
    """Return where the row that it led to is edited, empty if it is not in the draft."""
    if suggestion.led_to is None or not suggestion.is_in_draft:
        return ""
    part = part_that_takes(suggestion.kind)
    return row_address(suggestion.article, part, str(suggestion.led_to))


def _find_row(suggestion: Suggestion) -> tuple[Part, str] | None:
    """Return the part and the uid of what it is about, as of the version it was written under."""
    if not suggestion.about:
        return None
    revision = suggestion.publication.revision
    document = upgraded_document(revision.document)
    for part in parts():
        for row in part_data(document, part.name)["rows"]:
            if part.anchor(row) == suggestion.about:
                return part, row["uid"]
    return None


def _live_document(suggestion: Suggestion) -> Document | None:
    live = Publication.objects.live().filter(article=suggestion.article)
    publication = live.select_related("revision").first()
    return upgraded_document(publication.revision.document) if publication else None


def _row(document: Document, part: Part, uid: str) -> dict[str, Any] | None:
    rows = part_data(document, part.name)["rows"]
    return next((row for row in rows if row["uid"] == uid), None)


def row_address(article: Article, part: Part, uid: str) -> str:
    """Return the address of a row's form, or of its place in the article's."""
    first = part.body or part.fields[0]
    (found,) = located([Problem("", part=part.name, uid=uid, field=first)], article)
    return found.url


def article_url(suggestion: Suggestion) -> str:
    """Return where readers see what a suggestion is about, empty while they do not."""
    live = Publication.objects.live().filter(article=suggestion.article_id)
    if not suggestion.slug or not live.exists():
        return ""
    url = reverse("articles:article", args=[suggestion.slug])
    return f"{url}#{suggestion.about}" if suggestion.about else url


def comment_url(request: HttpRequest, suggestion: Suggestion) -> str:
    """Return the comment that a suggestion was posted as, for those who moderate."""
    if suggestion.comment is None or not request.user.has_perm("comments.moderate_comment"):
        return ""
    return address_in_admin(suggestion.comment, "change", suggestion.comment.pk)


def address_of(suggestion: Suggestion) -> str:
    """Return the address of a suggestion's page at the desk."""
    return reverse("admin:comments_suggestion_change", args=[suggestion.pk])


def overtaken_words(suggestion: Suggestion) -> str:
    """Return what happened to a suggestion since an editor was shown it."""
    last = suggestion.steps.exclude(deed=SuggestionStep.Deed.CREDIT).select_related("by").last()
    if last is None or last.deed == SuggestionStep.Deed.MADE:
        return _("Nothing was changed: look at it again.")
    if last.deed == SuggestionStep.Deed.WITHDRAWN:
        return _("Its writer has withdrawn it meanwhile, so nothing was changed.")
    return _("Nothing was changed. %(who)s was there first: %(deed)s, %(when)s.") % {
        "who": name_of(last.by),
        "deed": last.get_deed_display().lower(),
        "when": moment(last.at),
    }
