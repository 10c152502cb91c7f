"""Announcing publications to apps above, which articles does not know.

They register a function when they start; it is called within the transaction that publishes,
for what is scheduled too: whether that ever begins is for them to ask when its time has come.
"""

from collections.abc import Callable

from articles.models import Publication

Told = Callable[[Publication], None]

_told: list[Told] = []


def tell_of_publications(function: Told) -> Told:
    """Have ``function`` called with every publication that is made, once however often named."""
    if function not in _told:
        _told.append(function)
    return function


def announce(publication: Publication) -> None:
    """Tell everybody who asked to be told of a publication that was just made."""
    for function in _told:
        function(publication)
