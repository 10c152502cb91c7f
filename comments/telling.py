"""Telling writers what became of a comment, and why: one sentence for each reason there is."""

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comments.models import Comment

RULES_PATH = "/comment-rules/"
"""The page that editors write, whose numbered rules a refusal names."""

State = Comment.State

# By the phase of the pipeline, or another reason of a transition: what is said of a comment that
# waits, and of one that was refused. Neither tells a spammer what to change.
_WAITING = {
    "length": lambda: _("It is unusually short or long, so an editor reads it first."),
    "repeat": lambda: _("Much the same was written before, so an editor reads it first."),
    "words": lambda: _("It contains a word that an editor looks at first."),
    "links": lambda: _("It contains links, which an editor looks at first."),
    "history": lambda: _(
        "Another comment under your address or from your network was refused lately, so an editor "
        "reads this one first."
    ),
    "staff": lambda: _("Its name is one of ours, so an editor reads it first."),
    "work": lambda: _(
        "It came without the small proof of work that scripts do here, so an editor reads it first."
    ),
    "spam": lambda: _("An editor looks at it first."),
    "newcomer": lambda: _("An editor reads it first, as that of every new writer."),
    "reports": lambda: _(
        "Several readers reported it, so it is off the page until an editor has read it again."
    ),
    "writer": lambda: _("You changed it, so an editor reads it again."),
    "undo": lambda: _("An editor took the decision back and looks at it again."),
    "imported": lambda: _("It came from another site and waits for an editor."),
}
_REFUSED = {
    "length": lambda: _("It is too short or too long for a comment."),
    "closed": lambda: _("Comments on this article are closed."),
    "repeat": lambda: _("The same was written here before."),
    "banned": lambda: _("No comments are taken from you at present, as earlier ones broke a rule."),
    "words": lambda: _("It contains words that are not shown on this site."),
    "links": lambda: _("It contains more links than a comment may have."),
    "history": lambda: _("Several comments of yours were refused lately."),
    "reports": lambda: _("Several readers reported it, and an editor took it off the page."),
}
_RULE = re.compile(r"rule\s+([0-9]{1,2})\b", re.IGNORECASE)


def sentence_for(phase: str, state: str) -> str:
    """Return what a comment's writer is told of its ``state``, with the reason if there is one.

    ``phase`` is the reason of the transition that led to it: a phase of the pipeline, another of
    the reasons that ``comments.states`` is given, or a moderator's own words, of which only the
    number of a rule ("rule 3") reaches the writer. A spammer is told no more than "rejected".
    """
    if state == State.PENDING:
        return _waiting(phase)
    if state == State.APPROVED:
        return _approved(phase)
    if state == State.REMOVED:
        return _("It was deleted: its words are gone, and so are your name and e-mail address.")
    return _refused(phase if state == State.REJECTED else "")


def linked_sentence_for(phase: str, state: str) -> SafeString:
    """Return the same as HTML, in which the address of the rules is a link."""
    before, path, after = sentence_for(phase, state).partition(RULES_PATH)
    link = format_html('<a href="{}">{}</a>', path, path) if path else ""
    return format_html("{}{}{}", before, link, after)


def rule_in(reason: str) -> str:
    """Return the number of the rule that a moderator's reason names, "" if it names none."""
    found = _RULE.search(reason)
    return found[1] if found else ""


def _waiting(phase: str) -> str:
    why = _WAITING.get(phase, lambda: _("An editor reads it first."))()
    return _("%(why)s You need do nothing: it appears once it is approved.") % {"why": why}


def _approved(phase: str) -> str:
    if phase == "confirmed":
        return _("It is on the page at once, as comments with your address were good before.")
    return _("It is on the page.")


def _refused(phase: str) -> str:
    if rule := rule_in(phase):
        return _("It broke rule %(number)s of the rules for comments: %(rules)s") % {
            "number": rule,
            "rules": RULES_PATH,
        }
    if why := _REFUSED.get(phase):
        return _("%(why)s The rules for comments: %(rules)s") % {"why": why(), "rules": RULES_PATH}
    return _("It does not fit the rules for comments: %(rules)s") % {"rules": RULES_PATH}
