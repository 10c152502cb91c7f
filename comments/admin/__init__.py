"""The desk's view of what readers write: the queue of comments, the feedback.

Rules live in ``comments.moderating``; these pages say who asks, and show what the deeds answer.
Nothing is added, changed or deleted in a form here.
"""

from comments import suggestion_trays, trays
from comments.admin import columns
from comments.admin.bans import BanAdmin
from comments.admin.comments import CommentAdmin
from comments.admin.feedback import FeedbackAdmin
from comments.admin.readers import OutgoingMailAdmin, ReaderAdmin
from comments.admin.rules import DiscussionRulesAdmin
from comments.admin.suggestions import SuggestionAdmin

# What they put on the desk is registered when its module loads.
__all__ = [
    "BanAdmin",
    "CommentAdmin",
    "DiscussionRulesAdmin",
    "FeedbackAdmin",
    "OutgoingMailAdmin",
    "ReaderAdmin",
    "SuggestionAdmin",
    "columns",
    "suggestion_trays",
    "trays",
]
