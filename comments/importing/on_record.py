"""Comments of another On Record, or of this one: what comments.exporting wrote."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from comments.exporting import FORMAT, MOMENTS, PLAIN, VERSION
from comments.importing.incoming import (
    LONGEST_ABOUT,
    Incoming,
    IncomingComment,
    IncomingOther,
    IncomingThread,
    UnreadableFile,
    moment,
)
from comments.models import Comment, Report

CHUNK = 1 << 16
LONGEST_ROW = 4_000_000
"""Letters: a comment with ten thousand reports. Nothing that we wrote is longer."""
STATES = set(Comment.State.values)


def read(path: Path) -> Iterator[Incoming]:
    """Yield the articles, the comments and the rest of an export. Raises ``UnreadableFile``."""
    for number, (section, row) in enumerate(rows_of(path), start=1):
        where = _("row %(number)s") % {"number": number}
        is_row = isinstance(row, dict) and _can_be_stored(row)
        if not is_row:
            row = {}
        if section == "articles":
            addresses = [row.get("uid"), *_list(row, "addresses")]
            yield IncomingThread(
                _text(row, "uid"), [str(one) for one in addresses if one], _text(row, "title")
            )
        elif section == "comments" and not is_row:
            yield IncomingComment("", "", where, refusal=_("it cannot be read"))
        elif section == "comments":
            yield _comment(row, where)
        elif section in ("suggestions", "follows"):
            yield IncomingOther(section.removesuffix("s"), where, row)


def rows_of(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield each row with the name of its section, one row in memory at a time.

    The file may have been written anew by another program: lines mean nothing. Raises
    ``UnreadableFile``.
    """
    with path.open(encoding="utf-8") as file:
        text = _Text(file)
        try:
            yield from _rows(text)
        except (ValueError, RecursionError) as error:
            raise UnreadableFile(
                _("This is no export of On Record, or not whole: %(what)s.") % {"what": error}
            ) from error


def _rows(text: "_Text") -> Iterator[tuple[str, Any]]:
    head: dict[str, Any] = {}
    text.take("{")
    while True:
        name = text.value()
        text.take(":")
        if text.next() == "[":
            if (head.get("format"), head.get("version")) != (FORMAT, VERSION):
                raise ValueError(f"it does not begin with the format {FORMAT}, version {VERSION}")
            text.take("[")
            while text.next() != "]":
                yield name, text.value()
                if text.next() == ",":
                    text.take(",")
            text.take("]")
        else:
            head[name] = text.value()
        if text.next() == "}":
            return
        text.take(",")


class _Text:
    """A text that is read bit by bit, as JSON."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._is_whole = False
        self._decoder = json.JSONDecoder()

    def next(self) -> str:
        """Return the next sign that is no space; the text's end is an error."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                raise ValueError("it ends in the middle")

    def take(self, sign: str) -> None:
        if (found := self.next()) != sign:
            raise ValueError(f"{sign} was expected, and {found} is there")
        self._at += 1

    def value(self) -> Any:
        """Return the next value, whatever its kind."""
        self.next()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if not self._more():
                    raise
                continue
            # A number may go on behind what was read of it.
            if end == len(self._text) and self._more():
                continue
            self._at = end
            return value

    def _more(self) -> bool:
        if len(self._text) - self._at > LONGEST_ROW:
            raise ValueError("a row is longer than any that On Record writes")
        # Twice as much each time: a long row is not tried again every few letters.
        piece = self._file.read(max(CHUNK, len(self._text) - self._at))
        self._text, self._at = self._text[self._at :] + piece, 0
        return bool(piece)


def _comment(row: dict[str, Any], where: str) -> IncomingComment:
    state = _text(row, "state")
    comment = IncomingComment(
        key=_text(row, "key"),
        thread=_text(row, "article"),
        where=where,
        state=state,
        name=_text(row, "name"),
        body=_text(row, "body"),
        email=_text(row, "email"),
        at=moment(_text(row, "created_at")),
        parent=_text(row, "parent"),
        is_ours=True,
    )
    if state not in STATES:
        comment.refusal = _("its state “%(state)s” is not known") % {"state": state}
        return comment
    problem = _problem(row)
    if problem:
        comment.refusal = _("its “%(name)s” cannot be read") % {"name": problem}
        return comment
    kept = {*PLAIN, *MOMENTS, "publication", "decided_by", "transitions", "reports", "confirmed_at"}
    kept -= {"state", "name", "body", "created_at"}
    comment.details = {name: row[name] for name in kept if name in row}
    return comment


def _can_be_stored(row: dict[str, Any]) -> bool:
    """Is there no letter in it that a database cannot hold, as no export of ours has?"""
    text = json.dumps(row, ensure_ascii=False)
    return "\\u0000" not in text and not re.search("[\ud800-\udfff]", text)


def _problem(row: dict[str, Any]) -> str:
    """Return the name of a field that does not hold what it should, if any."""
    for name in ("helpful", "unhelpful", "publication"):
        value = row.get(name, 0)
        if type(value) is not int or not 0 <= value < 1 << 31:
            return name
    if not isinstance(row.get("spam_score", 0.0), (int, float)):
        return "spam_score"
    if not 0 <= row.get("spam_score", 0.0) <= 1:
        return "spam_score"
    if type(row.get("is_staff", False)) is not bool:
        return "is_staff"
    for name, most in (("about", LONGEST_ABOUT), ("held_by", 30), ("decided_by", 150)):
        if not isinstance(row.get(name, ""), str) or len(row.get(name, "")) > most:
            return name
    for name in ("edited_at", "decided_at", "pinned_at", "confirmed_at"):
        if name in row and moment(_text(row, name)) is None:
            return name
    if not all(_is_transition(one) for one in _list(row, "transitions")):
        return "transitions"
    return "" if all(_is_report(one) for one in _list(row, "reports")) else "reports"


def _is_transition(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and one.get("before", "") in {"", *STATES}
        and one.get("after") in STATES
        and moment(_text(one, "at")) is not None
        and _are_texts(one, "by", "reason")
        and len(_text(one, "reason")) <= 200
    )


def _is_report(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and one.get("category") in Report.Category.values
        and moment(_text(one, "made_at")) is not None
        and _are_texts(one, "text", "settled_by")
        and ("settled_at" not in one or moment(_text(one, "settled_at")) is not None)
    )


def _are_texts(row: dict[str, Any], *names: str) -> bool:
    return all(isinstance(row.get(name, ""), str) for name in names)


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name, "")
    return value if isinstance(value, str) else ""


def _list(row: dict[str, Any], name: str) -> list[Any]:
    value = row.get(name, [])
    return value if isinstance(value, list) else [None]
