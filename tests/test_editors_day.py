"""The page that shows an editor's day names the pictures that the script makes, and no others."""

import re
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "editors-day.md").read_text(encoding="utf-8")
SCRIPT = (DOCS / "pictures" / "make").read_text(encoding="utf-8")
LOOK = (DOCS / "look.md").read_text(encoding="utf-8")
SCRIPT_OF_READERS = (DOCS / "pictures" / "reader").read_text(encoding="utf-8")
MOST_BYTES = 120_000


def test_every_picture_is_made_shown_and_there():
    made = set(re.findall(r'\.picture\("([\w-]+)"', SCRIPT))
    shown = set(re.findall(r"\(pictures/([\w-]+)\.webp\)", PAGE))
    there = {path.stem for path in (DOCS / "pictures").glob("*.webp")}
    of_readers = {name for name in there if name.startswith("reader-")}

    assert made == shown == there - of_readers


def test_every_picture_of_the_readers_page_is_made_shown_and_there():
    made = set(re.findall(r'^    "(reader-[\w-]+)": ', SCRIPT_OF_READERS, re.MULTILINE))
    shown = set(re.findall(r"\(pictures/(reader-[\w-]+)\.webp\)", LOOK))
    there = {path.stem for path in (DOCS / "pictures").glob("reader-*.webp")}

    assert made == shown == there


def test_every_picture_says_what_it_shows():
    assert re.findall(r"!\[\s*\]", PAGE) == []


def test_pictures_are_small():
    sizes = {path.name: path.stat().st_size for path in (DOCS / "pictures").glob("*.webp")}
    assert [name for name, size in sizes.items() if size > MOST_BYTES] == []
