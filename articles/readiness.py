"""What stands in the way of publishing: asked of a document, never of a draft being saved."""

from articles.checking import found
from articles.documents import Document
from publishing.checks import Level
from publishing.parts import Problem


def problems(document: Document) -> list[Problem]:
    """Return all that must be mended before the document may be published."""
    return [problem for level, problem in found(document) if level == Level.REQUIRED]


def suggestions(document: Document) -> list[Problem]:
    """Return what should be mended, and may be passed over."""
    return [problem for level, problem in found(document) if level == Level.RECOMMENDED]
