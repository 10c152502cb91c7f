"""The article's form and list, and the pages of its deeds.

Rules live in the deeds (``articles.deeds`` and its neighbours); these modules
say who asks, show what the deeds answer, and name no part: whatever is
registered with ``publishing.parts`` gets a tab.
"""

from articles.admin import finders, showing, trays
from articles.admin.article import ArticleAdmin
from articles.admin.audit import AuditAdmin
from articles.admin.checks import CheckLevelAdmin
from articles.admin.review_requests import ReviewRequestAdmin

__all__ = [
    "ArticleAdmin",
    "AuditAdmin",
    "CheckLevelAdmin",
    "ReviewRequestAdmin",
    "finders",
    "showing",
    "trays",
]
