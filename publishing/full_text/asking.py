"""What was asked: the words in what somebody typed, and nothing that a database might obey."""

import re
import unicodedata
from dataclasses import dataclass

from publishing.full_text.language import stop_words

LONGEST_QUESTION = 200
MOST_TERMS = 12
# Words between quotation marks of any kind stand together.
_TERM = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]|([^\s\"“”„«»]+)")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together: one word, a phrase in quotation marks, or a word such as U.S."""

    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """All of these terms have to be held. Without any there is nothing to search for."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def words(self) -> list[str]:
        """Each word once, in order."""
        return list(dict.fromkeys(word for term in self.terms for word in term.words))


def read_asked(typed: str) -> Asked:
    """Return what was asked by ``typed``: its first ``MOST_TERMS`` terms.

    Signs count for nothing, so no syntax of any database passes. Words that say
    nothing (“what is the …”) are left out, unless there are no others.
    """
    typed = unicodedata.normalize("NFC", typed[:LONGEST_QUESTION])
    terms = []
    for found in _TERM.finditer(typed):
        text = found[1] if found[1] is not None else found[2]
        if words := words_of(text):
            terms.append(Term(" ".join(_without_signs(text).split()), words))
    idle = stop_words()
    telling = [term for term in terms if not idle.issuperset(map(str.casefold, term.words))]
    return Asked(tuple((telling or terms)[:MOST_TERMS]))


def words_of(text: str) -> tuple[str, ...]:
    """Return the runs of letters, digits and the marks on them, as both databases tell them."""
    apart = "".join(sign if _is_of_word(sign) else " " for sign in text)
    return tuple(word for word in apart.split() if any(sign.isalnum() for sign in word))


def _is_of_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNM"


def _without_signs(text: str) -> str:
    """Return ``text`` with full stops, hyphens and apostrophes, which belong to some words."""
    return "".join(sign if _is_of_word(sign) or sign in ".-’'" else " " for sign in text)
