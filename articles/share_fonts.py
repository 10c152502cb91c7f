"""Fonts for the pictures under which addresses are shared, and what they can draw.

The site's own fonts hold the letters of Western European languages. Whoever publishes in others
puts font files (.ttf, .otf) into ``fonts/`` of DATA_DIR, asked in the order of their names from the
next start on.
A text that none of them can draw whole is not drawn: better no words than empty boxes.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from PIL import ImageFont, features

# The whole cuts: pages are sent the letters of an English page first.
_BUNDLED = settings.BASE_DIR / "deploy" / "fonts"
_ENDINGS = {".ttf", ".otf", ".woff2"}
_NO_LETTER = "\U0010ffff"
"""A character that no font has, which each draws as it draws what it lacks."""
_MAY_BE_LEFT_OUT = {"So", "Sk", "Cf", "Cc", "Mn", "Co", "Cn"}
"""Pictures among letters, marks and what is invisible; a text says the same without them."""
_FROM_THE_RIGHT = {"R", "AL"}


def fitting_font(name: str, text: str) -> Path | None:
    """Return the first font that can draw a text, ``name`` ("display", "text") before others."""
    if runs_from_the_right(text) and not features.check("raqm"):
        return None  # Its letters would stand alone and in the wrong order.
    needed = {
        character
        for character in unicodedata.normalize("NFC", text)
        if not character.isspace() and unicodedata.category(character) not in _MAY_BE_LEFT_OUT
    }
    return next((font for font in _fonts(name) if all(_has(font, one) for one in needed)), None)


def drawable(font: Path, text: str) -> str:
    """Return a text without what a font that fits cannot draw."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(one for one in composed if one.isspace() or _has(font, one))
    return " ".join(kept.split())


@lru_cache(maxsize=64)
def version_of(font: Path) -> str:
    """Return what tells a font from another one, whatever they are called."""
    return hashlib.sha256(font.read_bytes()).hexdigest()


def runs_from_the_right(text: str) -> bool:
    """Is it written from right to left? Its first letter says so."""
    strong = (unicodedata.bidirectional(character) for character in text)
    return next((kind for kind in strong if kind in {"L", *_FROM_THE_RIGHT}), "L") != "L"


def _fonts(name: str) -> Iterator[Path]:
    yield _BUNDLED / f"dossier-{name}.woff2"
    yield _BUNDLED / "dossier-text.woff2"
    yield from _own_fonts(settings.DATA_DIR / "fonts")


@lru_cache(maxsize=8)
def _own_fonts(directory: Path) -> tuple[Path, ...]:
    """Return the fonts that stand there when they are first asked for.

    Not those that come later: a name would be made of other fonts than its picture was drawn with.
    """
    if not directory.is_dir():
        return ()
    fonts = (path for path in directory.iterdir() if path.suffix.lower() in _ENDINGS)
    return tuple(sorted(path for path in fonts if _can_be_read(path)))


def _can_be_read(font: Path) -> bool:
    """Is it a font at all? What is not must keep no explainer from being shared."""
    try:
        ImageFont.truetype(font, 24)
    except OSError:
        return False
    return True


@lru_cache(maxsize=8192)
def _has(font: Path, character: str) -> bool:
    return _drawn(font, character) != _lacking(font)


@lru_cache(maxsize=64)
def _lacking(font: Path) -> tuple[tuple[int, int], bytes]:
    return _drawn(font, _NO_LETTER)


def _drawn(font: Path, character: str) -> tuple[tuple[int, int], bytes]:
    mask = ImageFont.truetype(font, 24).getmask(character)
    return mask.size, bytes(mask)
