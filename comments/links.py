"""Addresses that are proof of something: that whoever opens them reads a certain mailbox.

They stand in e-mail only. Each kind is signed under a name of its own, so that none opens what
another one does; what is out of date is told apart from what was forged.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from comments.models import OutgoingMail, Reader

CONFIRM_WITHIN = timedelta(days=3)
MY_DATA_WITHIN = timedelta(minutes=30)


class Expired(Exception):
    """The address was right, but not any more."""


def confirm_url(mail: OutgoingMail) -> str:
    """Return the address of the page that confirms what ``mail`` asks about."""
    signed = signing.TimestampSigner(salt="comments.confirm").sign(mail.pk)
    return _url("readers:confirm", signed)


def read_confirm(signed: str) -> int | None:
    """Return the key of the mail that an address came in, None if it was forged.

    Raises ``Expired`` after ``CONFIRM_WITHIN``.
    """
    return _number(_timed("comments.confirm", signed, CONFIRM_WITHIN))


def my_data_url(reader: Reader) -> str:
    """Return the address of the page with all that a reader wrote."""
    signed = signing.TimestampSigner(salt="comments.my-data").sign(reader.pk)
    return _url("readers:mine", signed)


def read_my_data(signed: str) -> int | None:
    """Return the key of the reader whose data an address opens, None if it was forged.

    Raises ``Expired`` after ``MY_DATA_WITHIN``.
    """
    return _number(_timed("comments.my-data", signed, MY_DATA_WITHIN))


def stop_url(reader: Reader, follows: list[int]) -> str:
    """Return the address that ends follows, or without any all mail, for good."""
    words = "-".join(map(str, [reader.pk, *follows]))
    return _url("readers:stop", signing.Signer(salt="comments.stop").sign(words))


def read_stop(signed: str) -> tuple[int, list[int]] | None:
    """Return (key of the reader, keys of the follows) of an address, None if it was forged."""
    try:
        words = signing.Signer(salt="comments.stop").unsign(signed)
    except signing.BadSignature:
        return None
    reader, *follows = map(int, words.split("-"))
    return reader, follows


def site_url(path: str) -> str:
    """Return a path of the site as an address for e-mail."""
    return f"{settings.SITE_ADDRESS}{path}"


def _url(name: str, signed: str) -> str:
    return site_url(reverse(name, args=[signed]))


def _timed(salt: str, signed: str, within: timedelta) -> str | None:
    try:
        return signing.TimestampSigner(salt=salt).unsign(signed, max_age=within)
    except signing.SignatureExpired:
        raise Expired from None
    except signing.BadSignature:
        return None


def _number(text: str | None) -> int | None:
    return int(text) if text is not None else None
