"""The picture that stands for an article where its address is shared: title, question and day.

Its name is made of what is written on it, so a changed title has a new address, and whoever kept
the old picture under the old one shows nothing wrong under the new.
"""

import hashlib
import io
import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import formats, timezone
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
_DRAWN_AS = 1
"""Counted up when the drawing changes, so that pictures have new names."""
_MARGIN = 80
_PAPER, _INK, _QUIET, _SIGN = "#f8f4ea", "#1b2430", "#55606e", "#c2472e"
_FONTS = settings.BASE_DIR / "static" / "fonts"
_TITLE_SIZES = (84, 72, 62, 54)


def lines_of(own: dict[str, Any], updated_at: datetime) -> tuple[str, str, str, str]:
    """Return what is written on an article's picture: site, title, question and day."""
    day = formats.date_format(timezone.localtime(updated_at), "DATE_FORMAT")
    return settings.SITE_NAME, own["title"], own["question"], day


def digest_of(lines: tuple[str, ...]) -> str:
    """Return the name of the picture with these lines."""
    written = json.dumps([_DRAWN_AS, *lines], ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:32]


@lru_cache(maxsize=64)
def draw(site: str, title: str, question: str, day: str) -> bytes:
    """Return the picture as PNG; what is too long for it ends in an ellipsis.

    It is stored nowhere: it can be drawn again at any time, and what is withdrawn or redacted
    leaves nothing behind.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 14), fill=_SIGN)
    small = _font("text", 32)
    pen.text((_MARGIN, 64), site, font=small, fill=_SIGN)
    font, rows = _fitting(title)
    top = 136
    for row in rows:
        pen.text((_MARGIN, top), row, font=font, fill=_INK)
        top += round(font.size * 1.14)
    top += 22
    asked = _font("text", 38)
    room = max(1, (HEIGHT - 120 - top) // 50)
    for row in _cut(_wrapped(question, asked), min(room, 3), asked):
        pen.text((_MARGIN, top), row, font=asked, fill=_QUIET)
        top += 50
    pen.text((_MARGIN, HEIGHT - 84), day, font=small, fill=_INK)
    written = io.BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"dossier-{name}.woff2", size)


def _fitting(title: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """Return the largest font in which the title has three lines at most, and the lines."""
    for size in _TITLE_SIZES:
        font = _font("display", size)
        rows = _wrapped(title, font)
        if len(rows) <= 3:
            break
    return font, _cut(rows, 3, font)


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    rows: list[str] = []
    for word in text.split()[:80]:
        longer = f"{rows[-1]} {word}" if rows else word
        if rows and font.getlength(longer) <= WIDTH - 2 * _MARGIN:
            rows[-1] = longer
        else:
            rows.append(_shortened(word, font))
    return rows


def _cut(rows: list[str], most: int, font: ImageFont.FreeTypeFont) -> list[str]:
    if len(rows) <= most:
        return rows
    return [*rows[: most - 1], _shortened(f"{rows[most - 1]} …", font)]


def _shortened(text: str, font: ImageFont.FreeTypeFont) -> str:
    """Return text that fits on a line, without its end if it must be."""
    if font.getlength(text) <= WIDTH - 2 * _MARGIN:
        return text
    text = text.removesuffix(" …")[:200]
    while text and font.getlength(f"{text}…") > WIDTH - 2 * _MARGIN:
        text = text[:-1]
    return f"{text}…"
