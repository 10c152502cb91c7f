"""The working copy, its history, and what is before readers.

``working`` rows are edited; ``keeping`` has what is typed and not saved yet;
``history`` keeps revisions of them; ``reviewing`` is what colleagues say of them;
``public`` rows are what readers see, and the only ones that public pages read.
"""

from articles.models.audit import AuditEntry
from articles.models.checks import CheckLevel
from articles.models.history import Address, RecordedFile, Review, Revision
from articles.models.keeping import Autosave, Presence
from articles.models.public import (
    Publication,
    PublicRow,
    PublicRowQuerySet,
    PublishedCorrection,
    PublishedFile,
    PublishedPassage,
    PublishedPerson,
    PublishedTopic,
    PublishedUse,
)
from articles.models.reviewing import DraftLink, Notice, Remark, ReviewRequest
from articles.models.working import (
    Article,
    Citation,
    Correction,
    Fact,
    ImageInText,
    Section,
    SeeAlso,
    WorkingRow,
)

__all__ = [
    "Address",
    "Article",
    "AuditEntry",
    "Autosave",
    "CheckLevel",
    "Citation",
    "Correction",
    "DraftLink",
    "Fact",
    "ImageInText",
    "Notice",
    "Presence",
    "PublicRow",
    "PublicRowQuerySet",
    "Publication",
    "PublishedCorrection",
    "PublishedFile",
    "PublishedPassage",
    "PublishedPerson",
    "PublishedTopic",
    "PublishedUse",
    "RecordedFile",
    "Remark",
    "Review",
    "ReviewRequest",
    "Revision",
    "Section",
    "SeeAlso",
    "WorkingRow",
]
