"""How hard a text is to read, by a formula that is published and needs no list of syllables."""

import re
from dataclasses import dataclass

from publishing.markup.words import plain_text

# Fewer words than this say nothing about a text.
FEWEST_WORDS = 60

# The grade up to which general readers follow without effort; see ``Measured.grade``.
HARDEST = 14

_SENTENCE_ENDS = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)")
_WORD = re.compile(r"\w[\w’'.,-]*")


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted in a text, and the grade it comes to."""

    words: int
    sentences: int
    characters: int

    @property
    def grade(self) -> float:
        """The school grade, counted as in the United States, whose readers follow the text.

        The Automated Readability Index, 4.71 characters a word + 0.5 words a sentence - 21.43:
        E. A. Smith and R. J. Senter, "Automated Readability Index", AMRL-TR-66-220, Aerospace
        Medical Research Laboratories, Wright-Patterson Air Force Base, Ohio, 1967. Made for
        English prose. 12 is the last year of school; from 14 on it needs a university's patience.
        """
        if not self.words:
            return 0.0
        per_word, per_sentence = self.characters / self.words, self.words / self.sentences
        return 4.71 * per_word + 0.5 * per_sentence - 21.43


def measure(markdown: str) -> Measured:
    """Count the words, sentences and characters of a Markdown text, without marks and markup.

    Characters are letters and figures. A block of the text ends a sentence, stop or none.
    """
    lines = plain_text(markdown).splitlines()
    words = [word for line in lines for word in _WORD.findall(line)]
    sentences = sum(max(1, len(_SENTENCE_ENDS.findall(line))) for line in lines if line.strip())
    characters = sum(1 for word in words for letter in word if letter.isalnum())
    return Measured(len(words), max(1, sentences), characters)


def is_too_hard(measured: Measured) -> bool:
    """Is the text long enough to be judged, and harder than `HARDEST`?"""
    return measured.words >= FEWEST_WORDS and measured.grade > HARDEST
