"""Suggesting: what readers say is wrong or missing, and what editors make of it.

Whoever decides names the turn that they were shown: after a colleague's decision it is another,
and they are told instead. Accepting adds a row to the article's working copy, through the part
that takes such things, and records it; the suggestion remembers the row by its uid, and all that
becomes of it is read from publications (``SuggestionQuerySet.with_outcome``).
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from articles import recording
from articles.auditing import Deed, log
from articles.models import Publication
from comments import confirming, crediting, suggestion_telling, writing
from comments.banning import is_banned
from comments.limits import TooMany
from comments.models import Comment, Feedback, Reader, Suggestion, SuggestionStep
from comments.readers import address_hash, reader_of
from comments.states import lock as lock_comments
from comments.suggestion_words import as_comment
from comments.tasks import forget_networks_in_time
from publishing.parts import Brought, part_that_takes
from publishing.readers import seconds_until_room

Kind, State, Credit = Suggestion.Kind, Suggestion.State, Suggestion.Credit
Step = SuggestionStep.Deed

THE_SAME_WITHIN = timedelta(hours=1)
# Of one network. A limit, not a lock: two at the same instant may both fit.
MOST_LATELY, LATELY = 5, timedelta(minutes=10)
MOST_IN_A_DAY, A_DAY = 20, timedelta(days=1)


class Overtaken(Exception):
    """Somebody decided or withdrew meanwhile; ``suggestion`` is as it stands now."""

    def __init__(self, suggestion: Suggestion) -> None:
        self.suggestion = suggestion
        super().__init__(suggestion.get_state_display())


class Banned(Exception):
    """Nothing is taken at present from this network, or under this address."""


class TooLate(Exception):
    """Readers see what it led to, so its writer can change it no more."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion that was taken, and the token of its writer, which is stored nowhere."""

    suggestion: Suggestion
    token: str


# What readers do


@transaction.atomic
def suggest(
    publication: Publication,
    *,
    kind: Kind,
    text: str,
    right: str = "",
    source: str = "",
    about: str = "",
    about_title: str = "",
    is_public: bool = False,
    name: str = "",
    credit: str = Credit.NONE,
    email: str = "",
    network: str = "",
    feedback: Feedback | None = None,
    at: datetime | None = None,
) -> Suggested:
    """Take what a reader suggests or asks; a public one is posted as a comment, too.

    The fields come from a valid form. Raises ``writing.Closed`` for a publication that is not
    before readers, or takes no comments if it is to be public; ``writing.AlreadyReceived`` for
    the same again, ``TooMany`` for too many from one network, ``Banned``.
    """
    at = at or timezone.now()
    if not publication.is_live(at):
        raise writing.Closed
    if is_banned([network, address_hash(email) if email else ""], at):
        raise Banned
    fingerprint = _fingerprint(publication.article_id, kind, about, text, right, network)
    _refuse_the_same(fingerprint, at)
    _require_room(network, at)
    token, comment = secrets.token_urlsafe(24), None
    if is_public:
        posted = writing.post(
            publication,
            name=name,
            email=email,
            body=as_comment(kind, text=text, right=right, source=source),
            about=about,
            network=network,
            at=at,
        )
        # One token for both: the comment's own page and what became of the suggestion.
        token, comment = posted.token, posted.comment
    suggestion = Suggestion(
        kind=kind,
        article_id=publication.article_id,
        publication=publication,
        comment=comment,
        feedback=feedback,
        about=about,
        about_title=about_title[:300],
        text=text,
        right=right,
        source=source,
        name=name,
        credit=credit,
        reader=reader_of(email, at=at),
        token_hash=writing.hash_of(token),
        network=network,
        fingerprint=fingerprint,
        made_at=at,
    )
    _store(suggestion, at)
    _write_down(suggestion, Step.MADE, at=at)
    if suggestion.reader:
        confirming.ask(suggestion.reader, suggestion=suggestion, network=network, at=at)
    forget_networks_in_time()
    return Suggested(suggestion, token)


def _store(suggestion: Suggestion, at: datetime) -> None:
    """Save a new suggestion, unless the same one was stored after we had looked: two clicks."""
    try:
        with transaction.atomic():
            suggestion.save()
    except IntegrityError:
        _refuse_the_same(suggestion.fingerprint, at)
        if (
            suggestion.feedback_id
            and Suggestion.objects.filter(feedback=suggestion.feedback_id).exists()
        ):
            raise writing.AlreadyReceived from None
        raise


@transaction.atomic
def credit_otherwise(
    suggestion: Suggestion, *, credit: str, name: str, at: datetime | None = None
) -> Suggestion:
    """Name its writer otherwise, or not at all, in the draft and in what is scheduled, too.

    Raises ``TooLate`` once readers see it, ``Overtaken`` if it is withdrawn.
    """
    at = at or timezone.now()
    suggestion = lock(suggestion)
    if suggestion.state == State.WITHDRAWN:
        raise Overtaken(suggestion)
    _refuse_published(suggestion, at)
    if (credit, name) == (suggestion.credit, suggestion.name):
        return suggestion
    suggestion.credit, suggestion.name = credit, name
    suggestion.save(update_fields=["credit", "name"])
    _write_down(suggestion, Step.CREDIT, at=at)
    crediting.name_in_rows(suggestion, at=at)
    return suggestion


@transaction.atomic
def withdraw(suggestion: Suggestion, *, at: datetime | None = None) -> Suggestion:
    """Take it back: its words, its writer's name and address go, and so does its comment.

    A correction that an editor has made of it stays in the draft, and credits nobody. Doing so
    again changes nothing. Raises ``TooLate`` once readers see what it led to.
    """
    at = at or timezone.now()
    suggestion = lock(suggestion)
    if suggestion.state == State.WITHDRAWN:
        return suggestion
    _refuse_published(suggestion, at)
    suggestion.credit, suggestion.name = Credit.NONE, ""
    crediting.name_in_rows(suggestion, at=at)
    forget(suggestion, at=at)
    _write_down(suggestion, Step.WITHDRAWN, at=at)
    if suggestion.comment_id:
        comments = lock_comments([suggestion.comment])
        writing.remove(
            [one for one in comments if one.state != Comment.State.REMOVED],
            reason="writer",
            at=at,
        )
    return suggestion


def forget(suggestion: Suggestion, *, at: datetime) -> None:
    """Take the words, the name and the address out of a locked suggestion, for good."""
    suggestion.state, suggestion.decided_at = State.WITHDRAWN, suggestion.decided_at or at
    suggestion.turn += 1
    suggestion.credit, suggestion.reader, suggestion.fingerprint = Credit.NONE, None, None
    for name in ("text", "right", "source", "name", "network", "reply"):
        setattr(suggestion, name, "")
    suggestion.save()
    suggestion.steps.exclude(text="").update(text="")


@transaction.atomic
def forget_writer(reader: Reader, *, at: datetime | None = None) -> int:
    """Take a reader's words, names and address out of all that they suggested; return of how many.

    What led to something that readers see stays, as the article rests on it, but without them.
    """
    at = at or timezone.now()
    suggestions = list(Suggestion.objects.filter(reader=reader).order_by("article", "pk"))
    for one in suggestions:
        suggestion = lock(one)
        try:
            withdraw(suggestion, at=at)
        except TooLate:
            suggestion.credit, suggestion.name, suggestion.reader = Credit.NONE, "", None
            suggestion.network, suggestion.fingerprint, suggestion.token_hash = "", None, ""
            suggestion.save(update_fields=_OF_THE_WRITER)
    return len(suggestions)


_OF_THE_WRITER = ["credit", "name", "reader", "network", "fingerprint", "token_hash"]


# What editors do


@transaction.atomic
def accept(
    suggestion: Suggestion,
    *,
    by: AbstractBaseUser | None,
    turn: int,
    reply: str = "",
    at: datetime | None = None,
) -> models.Model:
    """Make it a row of the article's working copy, and return that row, to be finished.

    Raises ``Overtaken`` if this is not the turn that the editor was shown, or if it stands in
    the draft already.
    """
    at = at or timezone.now()
    suggestion = _shown(suggestion, turn)
    if suggestion.state == State.WITHDRAWN or not may_be_decided(suggestion, at):
        raise Overtaken(suggestion)
    part = part_that_takes(suggestion.kind)
    row = part.take_up(
        suggestion.article,
        Brought(
            words=suggestion.text,
            instead=suggestion.right,
            about=suggestion.about,
            credit=crediting.credit_words(suggestion),
            on=timezone.localdate(at),
        ),
    )
    recording.record(suggestion.article, by=by)
    suggestion.led_to = row.uid
    _decide(suggestion, State.ACCEPTED, reply=reply, by=by, at=at)
    return row


@transaction.atomic
def decline(
    suggestion: Suggestion,
    *,
    by: AbstractBaseUser | None,
    turn: int,
    reply: str,
    at: datetime | None = None,
) -> None:
    """Make nothing of it, and tell its writer why. Raises ``Overtaken`` as ``accept`` does."""
    at = at or timezone.now()
    suggestion = _shown(suggestion, turn)
    if suggestion.state in (State.WITHDRAWN, State.DECLINED):
        raise Overtaken(suggestion)
    if not may_be_decided(suggestion, at):
        raise Overtaken(suggestion)
    suggestion.led_to = None
    _decide(suggestion, State.DECLINED, reply=reply, by=by, at=at)
    suggestion_telling.tell_declined(suggestion)


@transaction.atomic
def answer(
    suggestion: Suggestion,
    *,
    by: AbstractBaseUser | None,
    turn: int,
    reply: str,
    at: datetime | None = None,
) -> None:
    """Answer its writer, and decide nothing. Raises ``Overtaken`` as ``accept`` does."""
    at = at or timezone.now()
    suggestion = _shown(suggestion, turn)
    if suggestion.state == State.WITHDRAWN:
        raise Overtaken(suggestion)
    suggestion.reply = reply
    suggestion.turn += 1
    suggestion.save(update_fields=["reply", "turn"])
    _write_down(suggestion, Step.ANSWERED, by=by, text=reply, at=at)
    _log(suggestion, "answered", by=by)
    suggestion_telling.tell_answered(suggestion)


def may_be_decided(suggestion: Suggestion, at: datetime | None = None) -> bool:
    """May an editor accept it now? Not while what it led to stands in the draft or is published."""
    if suggestion.state != State.ACCEPTED:
        return suggestion.state != State.WITHDRAWN
    found = with_outcome(suggestion, at)
    return not (found.is_in_draft or found.version or found.scheduled_at)


def lock(suggestion: Suggestion) -> Suggestion:
    """Hold the article and then the suggestion until the transaction ends, and return it."""
    recording.lock(suggestion.article)
    found = Suggestion.objects.select_for_update(of=("self",))
    return found.select_related("article", "reader", "comment").get(pk=suggestion.pk)


def with_outcome(suggestion: Suggestion, at: datetime | None = None) -> Suggestion:
    """Return the suggestion with what became of it: see ``SuggestionQuerySet.with_outcome``."""
    return Suggestion.objects.with_outcome(at).get(pk=suggestion.pk)


# What the deeds share


def _shown(suggestion: Suggestion, turn: int) -> Suggestion:
    suggestion = lock(suggestion)
    if suggestion.turn != turn:
        raise Overtaken(suggestion)
    return suggestion


def _decide(
    suggestion: Suggestion,
    state: State,
    *,
    reply: str,
    by: AbstractBaseUser | None,
    at: datetime,
) -> None:
    suggestion.state = state
    suggestion.reply = reply or suggestion.reply
    suggestion.decided_at, suggestion.decided_by = at, by
    suggestion.turn += 1
    suggestion.save(update_fields=["state", "reply", "led_to", "decided_at", "decided_by", "turn"])
    deed = Step.ACCEPTED if state == State.ACCEPTED else Step.DECLINED
    _write_down(suggestion, deed, by=by, text=reply, at=at)
    _log(suggestion, state.value, by=by)


def _log(suggestion: Suggestion, decision: str, *, by: AbstractBaseUser | None) -> None:
    log(
        Deed.DECIDED_SUGGESTION,
        by=by,
        article=suggestion.article,
        suggestion=suggestion.pk,
        kind=suggestion.kind,
        decision=decision,
        row=str(suggestion.led_to) if suggestion.led_to else None,
    )


def _write_down(
    suggestion: Suggestion,
    deed: Step,
    *,
    at: datetime,
    by: AbstractBaseUser | None = None,
    text: str = "",
) -> None:
    SuggestionStep.objects.create(suggestion=suggestion, deed=deed, text=text, at=at, by=by)


def _refuse_published(suggestion: Suggestion, at: datetime) -> None:
    if suggestion.led_to and with_outcome(suggestion, at).version:
        raise TooLate


def _require_room(network: str, at: datetime) -> None:
    if not network:
        return
    rows = Suggestion.objects.filter(network=network).annotate(created_at=F("made_at"))
    for most, within in ((MOST_LATELY, LATELY), (MOST_IN_A_DAY, A_DAY)):
        if seconds := seconds_until_room(rows, most=most, within=within, at=at):
            raise TooMany(seconds)


def _fingerprint(*words: Any) -> str:
    # No field can hold the separator: control characters are refused.
    return hashlib.sha256("\0".join(map(str, words)).encode()).hexdigest()


def _refuse_the_same(fingerprint: str, at: datetime) -> None:
    """Raise ``AlreadyReceived`` if this came lately; what came earlier gives its place free."""
    same = Suggestion.objects.filter(fingerprint=fingerprint)
    same.filter(made_at__lte=at - THE_SAME_WITHIN).update(fingerprint=None)
    if same.exists():
        raise writing.AlreadyReceived
