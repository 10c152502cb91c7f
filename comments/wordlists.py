"""Words as lists compare them: whatever their case, their accents, and what is hidden in them.

A list's entry is found as whole words: "ass" is not in "class". An entry of several words is
found as they stand one behind the other. Scripts that write no spaces between words have no
whole words to look for; entries in them are found anywhere.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import chain

LONGEST_FOLDED = 20_000
"""Letters. What a comment's text grows to at most; one sign may stand for eighteen letters."""
MOST_ENTRIES = 1_000


def fold(text: str) -> str:
    """Return a text in small letters without accents and without what leaves no ink."""
    small = text.casefold()
    if small.isascii():
        return small[:LONGEST_FOLDED]
    return unicodedata.normalize("NFKD", small)[:LONGEST_FOLDED].translate(_without_ink())


def words_in(text: str) -> list[str]:
    """Return the folded words of a text, in order: runs of letters and figures."""
    return _WORDS.findall(fold(text))


def found_in(text: str, entries: Iterable[str]) -> str:
    """Return the first entry of a list that stands in the text, "" if none does.

    Costs one look for each entry, at most ``MOST_ENTRIES``, in a text of bounded length.
    """
    entries = tuple(entries)[:MOST_ENTRIES]
    if not entries:
        return ""
    words = words_in(text)
    single, line = set(words), f" {' '.join(words)} "
    for entry in entries:
        wanted = _folded_entry(entry)
        if wanted in single or (" " in wanted and f" {wanted} " in line):
            return entry
        if wanted and _WITHOUT_SPACES.search(wanted) and wanted in line:
            return entry
    return ""


@lru_cache(maxsize=4 * MOST_ENTRIES)
def name_key(name: str) -> str:
    """Return a name as it looks at a glance: letters and figures alone, look-alikes made one."""
    return "".join(words_in(name)).translate(_LOOK_ALIKES)


@lru_cache(maxsize=4 * MOST_ENTRIES)
def _folded_entry(entry: str) -> str:
    return " ".join(words_in(entry))


@cache
def _without_ink() -> dict[int, None]:
    """Return what ``str.translate`` takes away: accents on letters, joiners, soft hyphens."""
    # The planes of scripts, and the one of tags and selectors; in the others there is none.
    codes = chain(range(0x20000), range(0xE0000, 0xE0200))
    return {code: None for code in codes if unicodedata.category(chr(code)) in ("Mn", "Me", "Cf")}


_WORDS = re.compile(r"[^\W_]+")
# Thai to Burmese, Khmer, kana, Chinese characters.
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
# Cyrillic and Greek letters that look Latin; figures and letters that look like another.
_LOOK_ALIKES = str.maketrans(
    dict(
        zip(
            "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458"
            "\u0455\u0501\u04bb\u0251\u03b1\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
            "01i",
            "abekmhopctyxljsdhaaelkvoptuxoll",
            strict=True,
        )
    )
)
