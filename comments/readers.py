"""Readers as the site knows them: by their e-mail address, if they gave one."""

from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.crypto import salted_hmac

from comments.models import Comment, Follow, Reader, Suggestion

REMEMBERED_FOR = timedelta(days=90)
# Of an address that nobody proved to be theirs, and that no comment or suggestion names.
KEPT_WITHOUT_PROOF = timedelta(days=30)


def reader_of(email: str, *, at: datetime) -> Reader | None:
    """Return the reader with this address, made if they are new; None without an address."""
    if not email:
        return None
    reader, _is_new = Reader.objects.get_or_create(
        address_hash=address_hash(email), defaults={"email": email, "made_at": at}
    )
    return _with_address(reader, email)


def writer_of(email: str, *, known: str = "", at: datetime) -> tuple[Reader | None, bool]:
    """Return the reader who writes, and whether their browser proves that it is them.

    ``known`` is what the browser sends: it counts unless another address is typed beside it.
    """
    reader = known_reader(known, at) if known else None
    if reader and (not email or reader.address_hash == address_hash(email)):
        return reader, True
    return reader_of(email, at=at), False


def find_reader(email: str) -> Reader | None:
    """Return the reader with this address, None if it was never given."""
    reader = Reader.objects.filter(address_hash=address_hash(email)).first()
    return _with_address(reader, email) if reader else None


def address_hash(email: str) -> str:
    """Return a keyed hash of an address, whatever its capitals: 64 hexadecimal figures."""
    folded = email.strip().casefold()
    return salted_hmac("comments.reader", folded, algorithm="sha256").hexdigest()


# A browser that remembers


def token_for_browser(reader: Reader) -> str:
    """Return what a browser may keep to be known by: see ``known_reader``."""
    return _signer().sign(reader.pk)


def known_reader(token: str, at: datetime) -> Reader | None:
    """Return the reader whose browser sends ``token``, who proved their address in it.

    None for what is forged, older than ``REMEMBERED_FOR`` at ``at``, or was
    given out before the reader asked to be forgotten by all browsers.
    """
    try:
        key = int(_signer().unsign(token))
        given_at = datetime.fromtimestamp(_when(token), tz=at.tzinfo)
    except (signing.BadSignature, ValueError, OverflowError):
        return None
    if not at - REMEMBERED_FOR < given_at <= at + timedelta(minutes=1):
        return None
    reader = Reader.objects.filter(pk=key, confirmed_at__isnull=False).first()
    forgotten_at = reader and reader.forgotten_by_browsers_at
    # Tokens count in seconds: one of the very second goes, too.
    return None if forgotten_at and given_at <= forgotten_at else reader


def forget_in_browsers(reader: Reader, *, at: datetime) -> None:
    """Let every browser's token of a reader count for nothing from now on."""
    Reader.objects.filter(pk=reader.pk).update(forgotten_by_browsers_at=at)


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="comments.known-reader")


def _when(token: str) -> int:
    """Return when a token was signed, in seconds since 1970; its signature was checked before."""
    return signing.b62_decode(token.rsplit(":", 2)[1])


# Forgetting


def forget_unproved_readers(at: datetime) -> int:
    """Forget addresses that were given long ago, never confirmed and are on nothing written.

    Of one whose owner wants no mail the keyed hash stays, so that none is sent. Returns how many
    addresses were forgotten.
    """
    old = Reader.objects.filter(
        ~Exists(Comment.objects.filter(reader=OuterRef("pk"))),
        ~Exists(Suggestion.objects.filter(reader=OuterRef("pk"))),
        confirmed_at__isnull=True,
        made_at__lt=at - KEPT_WITHOUT_PROOF,
    )
    wish_stays = old.filter(wants_no_mail_since__isnull=False).exclude(email="")
    forgotten = _without_recent_wishes(wish_stays, at).update(email="")
    _count, by_model = _without_recent_wishes(
        old.filter(wants_no_mail_since__isnull=True), at
    ).delete()
    return forgotten + by_model.get(Reader._meta.label, 0)


def forget_unproved_follows(at: datetime) -> int:
    """Forget what somebody wanted to follow and never confirmed; return of how many."""
    old = Follow.objects.filter(confirmed_at__isnull=True, made_at__lt=at - KEPT_WITHOUT_PROOF)
    return old.delete()[0]


def _without_recent_wishes(readers: QuerySet, at: datetime) -> QuerySet:
    """Leave out those who may still confirm that they want to follow something."""
    recent = Follow.objects.filter(
        Q(confirmed_at__isnull=False) | Q(made_at__gte=at - KEPT_WITHOUT_PROOF),
        reader=OuterRef("pk"),
    )
    return readers.filter(~Exists(recent))


def _with_address(reader: Reader, email: str) -> Reader:
    """Note the address again of somebody of whom only its hash was kept."""
    if not reader.email:
        reader.email = email
        reader.save(update_fields=["email"])
    return reader
