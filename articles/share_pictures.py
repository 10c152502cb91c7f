"""The picture that stands for an article where its address is shared: title, question and day.

In a script that no font at hand can draw (``articles.share_fonts``) the site's sign stands for
the words.

Its name is made of what is written on it and in which fonts, so a changed title has a new address,
and whoever kept the old picture under the old one shows nothing wrong under the new.
"""

import hashlib
import io
import json
import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import formats, timezone
from PIL import Image, ImageDraw, ImageFont

from articles.share_fonts import drawable, fitting_font, runs_from_the_right, version_of

WIDTH, HEIGHT = 1200, 630
_DRAWN_AS = 2
"""Counted up when the drawing changes, so that pictures have new names."""
_NAME, _WORDS_IN_NAME = 32, 24
"""How long a name is, and how much of it says what is written; the rest says how it is drawn."""
_FONTS = ("text", "display", "text", "text")
"""In which font each of the lines is drawn."""
_MARGIN = 80
_PAPER, _INK, _QUIET, _SIGN = "#f8f4ea", "#1b2430", "#55606e", "#c2472e"
_SIGN_SCALE = 16
_TITLE_SIZES = (84, 72, 62, 54)
_WORD = re.compile(
    "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]\\s*|[^\\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+\\s*"
)
"""A word with the space behind it; Chinese and Japanese may be parted behind every sign."""


def lines_of(own: dict[str, Any], updated_at: datetime) -> tuple[str, str, str, str]:
    """Return what is written on an article's picture: site, title, question and day."""
    updated_on = timezone.localtime(updated_at)
    day = formats.date_format(updated_on, "DATE_FORMAT")
    if not fitting_font("text", day):
        day = f"{updated_on:%Y-%m-%d}"  # figures are in every font
    return settings.SITE_NAME, own["title"], own["question"], day


def name_of(lines: tuple[str, ...]) -> str:
    """Return the name of the picture with these lines, drawn as it is today."""
    fonts = [fitting_font(name, line) for name, line in zip(_FONTS, lines, strict=True)]
    drawn = [_DRAWN_AS, *(version_of(font) if font else "" for font in fonts)]
    return _digest(lines)[:_WORDS_IN_NAME] + _digest(drawn)[: _NAME - _WORDS_IN_NAME]


def is_drawn_otherwise(name: str, lines: tuple[str, ...]) -> bool:
    """Tell whether it may have been the name of a picture with these lines, whatever the fonts."""
    return len(name) == _NAME and name.startswith(_digest(lines)[:_WORDS_IN_NAME])


def _digest(said: Iterable[Any]) -> str:
    written = json.dumps([*said], ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


@lru_cache(maxsize=64)
def draw(site: str, title: str, question: str, day: str) -> bytes:
    """Return the picture as PNG; what is too long for it ends in an ellipsis.

    It is stored nowhere but in memory: it can be drawn again at any time, and what is withdrawn
    or redacted leaves nothing behind. Usually the kept page answers (``publishing.pages``); the
    memory here spares drawing the same again whenever any other article is published.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 14), fill=_SIGN)
    _write(pen, 64, _rows_of("text", site, 32, 1), fill=_SIGN)
    top = _write(pen, 136, _fitting(title), fill=_INK)
    if top == 136:
        _draw_sign(pen, 210)
        top = 440
    room = max(1, (HEIGHT - 120 - top - 22) // 50)
    _write(pen, top + 22, _rows_of("text", question, 38, min(room, 3)), fill=_QUIET, step=50)
    _write(pen, HEIGHT - 84, _rows_of("text", day, 32, 1), fill=_INK)
    written = io.BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


_Rows = tuple[ImageFont.FreeTypeFont, list[str]] | None
"""Lines of a text and the font they were measured in, None for a text that cannot be drawn."""


def _write(pen: ImageDraw.ImageDraw, top: int, rows: _Rows, *, fill: str, step: int = 0) -> int:
    """Write lines from ``top`` down, each from the side where its script begins; return the end."""
    if rows is None:
        return top
    font, lines = rows
    for line in lines:
        if runs_from_the_right(line):
            pen.text((WIDTH - _MARGIN, top), line, font=font, fill=fill, anchor="ra")
        else:
            pen.text((_MARGIN, top), line, font=font, fill=fill)
        top += step or round(font.size * 1.14)
    return top


def _draw_sign(pen: ImageDraw.ImageDraw, top: int) -> None:
    """Draw the interrupted line, as on top of every page (static/icons/sign.svg)."""
    for x1, y1, x2, y2 in ((0, 7, 11, 7), (19, 7, 30, 7), (11, 1, 11, 13), (19, 1, 19, 13)):
        begin = (_MARGIN + x1 * _SIGN_SCALE, top + y1 * _SIGN_SCALE)
        end = (_MARGIN + x2 * _SIGN_SCALE, top + y2 * _SIGN_SCALE)
        pen.line((begin, end), fill=_INK, width=_SIGN_SCALE * 2)


def _rows_of(name: str, text: str, size: int, most: int) -> _Rows:
    path = fitting_font(name, text)
    if path is None or not (text := drawable(path, text)):
        return None
    font = _font(path, size)
    return font, _cut(_wrapped(text, font), most, font)


def _fitting(title: str) -> _Rows:
    """Return the largest font in which the title has three lines at most, and the lines."""
    path = fitting_font("display", title)
    if path is None or not (title := drawable(path, title)):
        return None
    for size in _TITLE_SIZES:
        font = _font(path, size)
        rows = _wrapped(title, font)
        if len(rows) <= 3:
            break
    return font, _cut(rows, 3, font)


def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    rows: list[str] = []
    for word in _WORD.findall(text)[:160]:
        longer = f"{rows[-1]}{word}" if rows else word
        if rows and font.getlength(longer.rstrip()) <= WIDTH - 2 * _MARGIN:
            rows[-1] = longer
        else:
            rows.append(_shortened(word, font))
    return [row.rstrip() for row in rows]


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
