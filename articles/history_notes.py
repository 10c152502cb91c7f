"""What apps above have to say of an article's versions: sentences beside them in the history.

They may depend on nothing but publications, as the history is kept until one begins or ends.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

Notes = Mapping[int, str]
NotesOf = Callable[[int, datetime], Notes]

_sources: list[NotesOf] = []


def note_versions(function: NotesOf) -> NotesOf:
    """Have ``function`` asked for notes: of an article's id and a moment it returns sentences by
    the version's number. It costs a fixed number of queries."""
    if function not in _sources:
        _sources.append(function)
    return function


def notes_on_versions(article_id: int, at: datetime) -> dict[int, list[str]]:
    """Return the sentences about each version that has any, by its number."""
    found: dict[int, list[str]] = {}
    for function in _sources:
        for number, sentence in function(article_id, at).items():
            found.setdefault(number, []).append(sentence)
    return found
