"""What readers write, and what is kept about it. The words of the models are the editors' own."""

from comments.models.bans import Ban
from comments.models.comments import (
    DEEPEST,
    LONGEST_BODY,
    LONGEST_NAME,
    MAY_BE_MENDED_FOR,
    STEP,
    Comment,
    CommentQuerySet,
    ThreadOf,
    keys_of,
    place_below,
)
from comments.models.digests import Digest
from comments.models.discussions import Discussion, DiscussionRules
from comments.models.feedback import LONGEST_FEEDBACK, Feedback
from comments.models.imports import ImportedComment
from comments.models.learning import LearnedToken
from comments.models.mail import Announcement, OutgoingMail
from comments.models.readers import Follow, Reader
from comments.models.reports import LONGEST_REPORT, Report
from comments.models.suggestions import (
    LONGEST_ADDRESS,
    LONGEST_QUESTION,
    LONGEST_REPLY,
    LONGEST_RIGHT,
    LONGEST_WRONG,
    Suggestion,
    SuggestionStep,
)
from comments.models.transitions import Transition
from comments.models.votes import Vote
from comments.models.work import SpentWork

__all__ = [
    "DEEPEST",
    "LONGEST_ADDRESS",
    "LONGEST_BODY",
    "LONGEST_FEEDBACK",
    "LONGEST_NAME",
    "LONGEST_QUESTION",
    "LONGEST_REPLY",
    "LONGEST_REPORT",
    "LONGEST_RIGHT",
    "LONGEST_WRONG",
    "MAY_BE_MENDED_FOR",
    "STEP",
    "Announcement",
    "Ban",
    "Comment",
    "CommentQuerySet",
    "Digest",
    "Discussion",
    "DiscussionRules",
    "Feedback",
    "Follow",
    "ImportedComment",
    "LearnedToken",
    "OutgoingMail",
    "Reader",
    "Report",
    "SpentWork",
    "Suggestion",
    "SuggestionStep",
    "ThreadOf",
    "Transition",
    "Vote",
    "keys_of",
    "place_below",
]
