"""Telling writers what became of a comment, and why."""

from django.utils.translation import gettext as _

RULES_PATH = "/comment-rules/"
"""The page that editors write, whose rules a refusal names."""


def sentence_for(phase: str, state: str) -> str:
    """Return what a comment's writer is told of its ``state``; ``phase`` is why it has it."""
    if state == "pending":
        return _("An editor reads it before it appears.")
    if state == "rejected":
        return _("It does not fit the rules for comments: %(rules)s") % {"rules": RULES_PATH}
    return ""
