"""A language that nobody speaks: every text for translators in brackets, ⟦Search⟧.

What a page says outside of brackets did not go through gettext.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils import translation
from django.utils.translation import trans_real

RIGHT_TO_LEFT = "ar"
"""The language whose place the made-up one takes; it is written from right to left."""


class PseudoTranslation:
    """Stands for the catalogue of a language."""

    def gettext(self, message: str) -> str:
        return f"⟦{message.rpartition(chr(4))[2]}⟧"

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)

    def language(self) -> str:
        return RIGHT_TO_LEFT

    def to_language(self) -> str:
        return RIGHT_TO_LEFT


@contextmanager
def pseudo_translated(patch: pytest.MonkeyPatch, settings: object) -> Iterator[None]:
    """Let the whole site speak the made-up language."""
    patch.setitem(trans_real._translations, RIGHT_TO_LEFT, PseudoTranslation())
    settings.LANGUAGE_CODE = RIGHT_TO_LEFT
    with translation.override(RIGHT_TO_LEFT):
        yield


def without_translated(text: str) -> str:
    """Return what is left of a text without all that stands in brackets, one in another too."""
    while "⟦" in text:
        shorter = re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
        if shorter == text:
            raise ValueError(f"A bracket is not shut: {text[:200]!r}")
        text = shorter
    return text
