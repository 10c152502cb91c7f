"""Deeds that ask first: reject with a reason, ban, remove the words, answer, all of a writer's.

Each is a page with a form; a script opens the form in a dialog of the queue instead.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from comments import moderating
from comments.admin.deciding import Told, answer, told_of
from comments.admin.entries import entries_of
from comments.admin.pages import address_of, at, found, queue_url, show
from comments.forms import TypedText
from comments.models import LONGEST_BODY, Ban, Comment, Transition
from comments.seen import Seen, read_tokens, token_of
from publishing.refusals import wants_json
from publishing.whole_numbers import whole_number

State = Comment.State

LONGEST_REASON = Transition._meta.get_field("reason").max_length
LONGEST_WORDS = 120
MOST_RULES = 12
# Comments of one writer that are decided about in one go.
MOST_OF_A_WRITER = 5_000

REASONS = [
    gettext_lazy("It is not about the article."),
    gettext_lazy("It attacks or insults somebody."),
    gettext_lazy("It is hateful."),
    gettext_lazy("It tells something private about somebody."),
    gettext_lazy("It is advertising."),
    gettext_lazy("It states something that is known to be false."),
    gettext_lazy("The same was said already."),
    gettext_lazy("It cannot be understood."),
]


class AskedForm(forms.Form):
    """What every question carries: what was seen of the comment."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, comment: Comment, **options: Any) -> None:
        super().__init__(*args, auto_id=f"ask-{comment.pk}-%s", **options)
        self.comment = comment
        self.fields["seen"].initial = token_of(comment)

    def seen_of_it(self) -> dict[int, Seen]:
        """Return what was seen of the comment: as it is, if the form does not say."""
        given = read_tokens([self.cleaned_data["seen"]])
        return given if self.comment.pk in given else {self.comment.pk: Seen.of(self.comment)}


def _words(label: Any, help_text: Any = "") -> TypedText:
    return TypedText(
        most=LONGEST_WORDS,
        required=False,
        label=label,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget,
    )


class RejectForm(AskedForm):
    """Why a comment is rejected: a rule, a reason, words of one's own, or any of them."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why"), required=False, widget=UnfoldAdminSelectWidget
    )
    words = _words(
        gettext_lazy("In your own words"),
        gettext_lazy("Its writer reads this, up to 120 characters."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rules = [_("It breaks rule %d.") % number for number in range(1, MOST_RULES + 1)]
        self.fields["reason"].choices = [
            ("", _("No reason given")),
            (_("Reasons"), [(str(reason), str(reason)) for reason in REASONS]),
            (_("Rules for comments, by their numbers"), [(rule, rule) for rule in rules]),
        ]

    def reason_given(self) -> str:
        given = (self.cleaned_data["reason"], self.cleaned_data["words"])
        return " ".join(filter(None, given))[:LONGEST_REASON]


class RemoveForm(AskedForm):
    """Why a comment's words are removed for good."""

    words = _words(gettext_lazy("Why"), gettext_lazy("For the log. Its writer may read it."))


class BanForm(AskedForm):
    """Whom to ban, for how long and why, and what becomes of the comment."""

    kind = forms.ChoiceField(label=gettext_lazy("By"), widget=UnfoldAdminRadioSelectWidget)
    days = forms.TypedChoiceField(
        label=gettext_lazy("For"),
        coerce=int,
        initial="7",
        choices=[
            (1, gettext_lazy("a day")),
            (7, gettext_lazy("a week")),
            (30, gettext_lazy("30 days")),
            (90, gettext_lazy("90 days")),
            (365, gettext_lazy("a year")),
        ],
        help_text=gettext_lazy(
            "A network is known for 30 days at most; a longer ban holds for an address only."
        ),
        widget=UnfoldAdminSelectWidget,
    )
    reason = TypedText(
        most=LONGEST_REASON,
        required=False,
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("For the desk; readers never see it."),
        widget=UnfoldAdminTextInputWidget,
    )
    comment_becomes = forms.ChoiceField(
        label=gettext_lazy("This comment"),
        required=False,
        choices=[
            ("reject", gettext_lazy("is rejected")),
            ("spam", gettext_lazy("is put aside as spam")),
            ("", gettext_lazy("stays as it is")),
        ],
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = moderating.hashes_of(self.comment)
        email = self.comment.reader.email if self.comment.reader else ""
        labels = {
            Ban.Kind.ADDRESS.value: _("the e-mail address %s") % email,
            Ban.Kind.NETWORK.value: _("the network it came from, which others may share"),
        }
        kind = self.fields["kind"]
        kind.choices = [(name, labels[name]) for name in known]
        kind.initial = next(iter(known), None)
        is_decided = self.comment.state in (State.REJECTED, State.SPAM, State.REMOVED)
        self.fields["comment_becomes"].initial = "" if is_decided else "reject"


class AnswerForm(AskedForm):
    """What the newsroom answers to a comment."""

    answer = TypedText(
        most=LONGEST_BODY,
        has_lines=True,
        label=gettext_lazy("Your answer"),
        error_messages={"required": gettext_lazy("Write something before you send.")},
        widget=UnfoldAdminTextareaWidget({"rows": 5}),
    )


class AllForm(AskedForm):
    """All that waits by a writer: what its buttons name, up to the last that was counted."""


def urls(desk: Any) -> list[URLPattern]:
    """Return the addresses of the questions."""
    return [
        at(desk, "<int:pk>/reject/", reject_page, "reject"),
        at(desk, "<int:pk>/ban/", ban_page, "ban"),
        at(desk, "<int:pk>/remove/", remove_page, "remove"),
        at(desk, "<int:pk>/answer/", answer_page, "answer"),
        at(desk, "<int:pk>/all/", all_page, "all"),
    ]


def reject_page(request: HttpRequest, *, desk: Any, pk: int) -> HttpResponse:
    """Reject a comment for a reason, which is logged and told to its writer."""

    def done(form: RejectForm) -> Told:
        decision = moderating.reject(
            [form.comment], by=request.user, reason=form.reason_given(), seen=form.seen_of_it()
        )
        return told_of(decision, State.REJECTED.value, to=request.user)

    return _ask(request, desk, found(pk), RejectForm, done, "reject", _("Reject a comment"))


def remove_page(request: HttpRequest, *, desk: Any, pk: int) -> HttpResponse:
    """Remove a comment's words for good, such as somebody's private data."""

    def done(form: RemoveForm) -> Told:
        decision = moderating.remove_words(
            form.comment,
            by=request.user,
            reason=form.cleaned_data["words"],
            seen=form.seen_of_it(),
        )
        return told_of(decision, State.REMOVED.value, to=request.user)

    return _ask(request, desk, found(pk), RemoveForm, done, "remove", _("Remove its words"))


def ban_page(request: HttpRequest, *, desk: Any, pk: int) -> HttpResponse:
    """Ban the writer of a comment for a while, by address or network."""
    comment = found(pk)

    @transaction.atomic
    def done(form: BanForm) -> Told:
        given = form.cleaned_data
        told = Told(again={pk: ""})
        moderating.ban_writer(
            comment,
            kind=Ban.Kind(given["kind"]),
            days=given["days"],
            reason=given["reason"],
            by=request.user,
        )
        if deed := given["comment_becomes"]:
            decide = moderating.reject if deed == "reject" else moderating.mark_as_spam
            decision = decide([comment], by=request.user, seen=form.seen_of_it())
            told = told_of(decision, "rejected" if deed == "reject" else deed, to=request.user)
        told.words = f"{_('Banned.')} {told.words}".strip()
        return told

    return _ask(
        request,
        desk,
        comment,
        BanForm,
        done,
        "ban",
        _("Ban the writer"),
        bans=entries_of([comment])[0].bans,
        is_known=bool(moderating.hashes_of(comment)),
    )


def answer_page(request: HttpRequest, *, desk: Any, pk: int) -> HttpResponse:
    """Answer a comment for the newsroom; one that waits is approved with it."""

    def done(form: AnswerForm) -> Told:
        waits = form.comment.state == State.PENDING
        moderating.answer(
            form.comment,
            body=form.cleaned_data["answer"],
            by=request.user,
            approving=form.seen_of_it() if waits else None,
        )
        told = Told(words=_("Your answer is on the page."))
        if waits:
            told.gone = [pk]
        else:
            told.again = {pk: ""}
        return told

    return _ask(
        request,
        desk,
        found(pk),
        AnswerForm,
        done,
        "answer",
        _("Answer for the newsroom"),
        name=moderating.name_of(request.user),
    )


def all_page(request: HttpRequest, *, desk: Any, pk: int) -> HttpResponse:
    """Decide about all that waits by the writer of a comment, once their number is known."""
    comment = found(pk)
    groups = _groups_of(comment)

    def done(form: AllForm) -> Told:
        return _decide_all(request, comment)

    return _ask(
        request,
        desk,
        comment,
        AllForm,
        done,
        "all",
        _("All by this writer"),
        groups=groups,
        seen_at=timezone.now().isoformat(),
    )


# All by a writer


def waiting_by(comment: Comment, kind: str) -> Any:
    """Return what waits by the same address or from the same network, the oldest first."""
    waiting = Comment.objects.waiting()
    if kind == Ban.Kind.ADDRESS:
        return waiting.filter(reader=comment.reader_id) if comment.reader_id else waiting.none()
    if kind == Ban.Kind.NETWORK and comment.network:
        return waiting.filter(network=comment.network)
    return waiting.none()


def _groups_of(comment: Comment) -> list[dict[str, Any]]:
    """Return how many wait by the address and from the network, and the last of each."""
    questions = {
        Ban.Kind.ADDRESS.value: lambda count: ngettext(
            "%d comment waits by this e-mail address.",
            "%d comments wait by this e-mail address.",
            count,
        ),
        Ban.Kind.NETWORK.value: lambda count: ngettext(
            "%d comment waits from this network, which others may share.",
            "%d comments wait from this network, which others may share.",
            count,
        ),
    }
    groups = []
    for kind, words in questions.items():
        keys = list(waiting_by(comment, kind).values_list("pk", flat=True)[:MOST_OF_A_WRITER])
        if keys:
            more = _(" These are the first; ask again for the rest.")
            said = words(len(keys)) % len(keys)
            groups.append(
                {
                    "kind": kind,
                    "words": said + (more if len(keys) == MOST_OF_A_WRITER else ""),
                    "last": keys[-1],
                    "count": len(keys),
                }
            )
    return groups


def _decide_all(request: HttpRequest, comment: Comment) -> Told:
    """Decide about what was counted: up to the last key, as it stood when the page was made."""
    deed, _dash, kind = request.POST.get("decide", "").partition("-")
    states = {"approve": State.APPROVED, "reject": State.REJECTED, "spam": State.SPAM}
    last = whole_number(request.POST.get(f"last-{kind}"))
    seen_at = _moment(request.POST.get("seen_at", ""))
    if deed not in states or last is None or seen_at is None:
        raise ValidationError(_("This form is incomplete. Open it again."))
    waiting = waiting_by(comment, kind).filter(pk__lte=last)
    keys = list(waiting.values_list("pk", flat=True)[:MOST_OF_A_WRITER])
    decision = moderating.decide_all(keys, states[deed], by=request.user, seen_at=seen_at)
    return told_of(decision, states[deed].value, to=request.user)


def _moment(text: str) -> Any:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


# Asking


def _ask(
    request: HttpRequest,
    desk: Any,
    comment: Comment,
    form_class: type[AskedForm],
    done: Callable[[Any], Told],
    asked: str,
    title: str,
    **context: Any,
) -> HttpResponse:
    """Show a question, take its answer, do the deed; what it refuses is said on the form."""
    form = form_class(request.POST or None, comment=comment)
    if request.method == "POST" and form.is_valid():
        try:
            told = done(form)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return answer(request, told)
    status = 422 if form.errors else 200
    given = {
        "title": title,
        "comment": comment,
        "entry": entries_of([comment])[0],
        "form": form,
        "asked": asked,
        "action": address_of(comment, asked),
        "back": request.POST.get("back", request.GET.get("back", "")),
        "page": request.POST.get("page", request.GET.get("page", "")),
        "queue_url": queue_url(request.GET.get("back", "")),
        **context,
    }
    if wants_json(request):
        html = render_to_string("admin/comments/_ask.html", given, request=request)
        return JsonResponse({"title": title, "html": html}, status=status)
    return show(request, desk=desk, template="ask", status=status, **given)
