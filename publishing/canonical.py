"""Canonical JSON: one text, and so one digest, for equal data.

The form is that of RFC 8785 for the values we allow (objects with text keys,
lists, text, whole numbers, true, false, null): keys sorted by code point, no
white space, characters written as themselves. Fractions are refused, because
two writers may print the same fraction differently, and so is half of a
surrogate pair, which has no bytes in UTF-8.
"""

import hashlib
import json
from typing import Any


def canonical_json(data: Any) -> str:
    """Return the one text of ``data``.

    Raises ``TypeError`` for a value that has no canonical form, such as a
    fraction, a date or a key that is not text.
    """
    _refuse_what_has_no_form(data)
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    """Return the SHA-256 of ``text`` in UTF-8, as 64 hexadecimal figures."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest(data: Any) -> str:
    """Return the digest of the canonical text of ``data``."""
    return digest_of(canonical_json(data))


def _refuse_what_has_no_form(data: Any) -> None:
    if data is None or isinstance(data, bool | int):
        return
    if isinstance(data, str):
        _refuse_half_pairs(data)
    elif isinstance(data, list):
        for item in data:
            _refuse_what_has_no_form(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            if not isinstance(key, str):
                raise TypeError(f"A key must be text, not {type(key).__name__}: {key!r}")
            _refuse_half_pairs(key)
            _refuse_what_has_no_form(value)
    else:
        raise TypeError(f"{type(data).__name__} has no canonical form: {data!r}")


def _refuse_half_pairs(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise TypeError(f"The text has no canonical form: {text!r}") from error
