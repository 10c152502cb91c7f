"""What our own export holds besides comments: suggestions, and who follows what."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Article
from comments.exporting import OF_SUGGESTION
from comments.importing.incoming import moment
from comments.importing.spooling import Spool
from comments.importing.storing import Publications, begun_publications, known_among, readers_with
from comments.models import Follow, Suggestion


class Refused(Exception):
    """A row cannot be taken; the message says why."""


@dataclass(slots=True)
class Counts:
    """What became of rows of one kind; ``refused`` says where each stands, and why."""

    read: int = 0
    taken: int = 0
    already: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def store_suggestions(spool: Spool, now: datetime, *, applies: bool) -> Counts:
    """Store the suggestions of a spool, or, unless it ``applies``, say what would become of them.

    One is there already if the article has one of the same words and moment.
    """
    counts = Counts()
    for where, row in spool.others("suggestion"):
        counts.read += 1
        try:
            suggestion = _suggestion(row, now)
            same = Suggestion.objects.filter(
                article=suggestion.article, made_at=suggestion.made_at, text=suggestion.text
            )
            if same.exists():
                counts.already += 1
                continue
            counts.taken += 1
            if applies:
                _save_suggestion(suggestion, row, now)
        except Refused as reason:
            counts.refused.append((where, str(reason)))
    return counts


def store_follows(spool: Spool, now: datetime, *, applies: bool, trusted: bool) -> Counts:
    """Store who follows what, if the file's word that their addresses are theirs is ``trusted``."""
    counts = Counts()
    for where, row in spool.others("follow"):
        counts.read += 1
        try:
            if not trusted:
                raise Refused(_("nobody follows on the word of a file: see --trust-addresses"))
            is_new = _follow(row, now, applies=applies)
            counts.taken += is_new
            counts.already += not is_new
        except Refused as reason:
            counts.refused.append((where, str(reason)))
    return counts


def _suggestion(row: dict[str, Any], now: datetime) -> Suggestion:
    article = _article(row)
    made_at = moment(str(row.get("made_at", "")))
    texts = {name: row[name] for name in OF_SUGGESTION if isinstance(row.get(name), str)}
    if made_at is None or not texts.get("text"):
        raise Refused(_("it has no words, or no date that can be read"))
    decided_at = moment(str(row.get("decided_at", "")))
    suggestion = Suggestion(
        article=article,
        publication_id=Publications(article.pk).under(_number(row), made_at),
        made_at=made_at,
        decided_at=decided_at,
        decided_by=_person(row.get("decided_by")),
        led_to=_uid(row.get("led_to")),
        **texts,
    )
    try:
        suggestion.clean_fields(exclude=["token_hash", "comment", "publication", "article"])
    except ValidationError as error:
        raise Refused(
            _("it cannot be read: %(what)s") % {"what": " ".join(error.messages)}
        ) from error
    return suggestion


@transaction.atomic
def _save_suggestion(suggestion: Suggestion, row: dict[str, Any], now: datetime) -> None:
    if email := _email(row):
        suggestion.reader_id = readers_with([email], now)[email]
    if (key := row.get("comment")) and (known := known_among([str(key)])):
        comment = known[str(key)].pk
        if not Suggestion.objects.filter(comment=comment).exists():
            suggestion.comment_id = comment
    suggestion.save(force_insert=True)


@transaction.atomic
def _follow(row: dict[str, Any], now: datetime, *, applies: bool) -> bool:
    article, email = _article(row), _email(row)
    if not email:
        raise Refused(_("it names no e-mail address"))
    key = str(row.get("comment", ""))
    comment = known_among([key]).get(key) if key else None
    if key and comment is None and applies:
        raise Refused(_("the comment that is followed is not here"))
    if not applies:
        return True
    confirmed_at = moment(str(row.get("confirmed_at", "")))
    confirmed = {email: confirmed_at} if confirmed_at else {}
    _follow_made, is_new = Follow.objects.get_or_create(
        reader_id=readers_with([email], now, confirmed)[email],
        article=article,
        comment_id=comment.pk if comment else None,
        defaults={
            "made_at": moment(str(row.get("made_at", ""))) or now,
            "confirmed_at": confirmed_at,
        },
    )
    return is_new


def _article(row: dict[str, Any]) -> Article:
    found = Article.objects.filter(uid=_uid(row.get("article"))).first()
    if found is None:
        raise Refused(_("its article is not here"))
    if not begun_publications().filter(article=found).exists():
        raise Refused(_("its article was never published"))
    return found


def _number(row: dict[str, Any]) -> int | None:
    return row["publication"] if type(row.get("publication")) is int else None


def _person(name: Any) -> Any:
    user = get_user_model()
    return user.objects.filter(**{user.USERNAME_FIELD: name}).first() if name else None


def _uid(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text)) if text else None
    except ValueError:
        return None


def _email(row: dict[str, Any]) -> str:
    email = str(row.get("email", "")).strip()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email
