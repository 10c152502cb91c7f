"""What is said of suggestions in words, wherever they are shown."""

from django.utils.translation import gettext as _

from comments.models import Suggestion


def as_comment(kind: str, *, text: str, right: str, source: str) -> str:
    """Return the words of a public suggestion's comment: what was written, in its order."""
    passages = [text]
    if right:
        passages.append(_("It should say: %s") % right)
    if source:
        passages.append(_("That can be read here: %s") % source)
    return "\n\n".join(passages)


def mark_of(kind: str) -> str:
    """Return what stands beside the comment of a public suggestion."""
    if kind == Suggestion.Kind.QUESTION:
        return _("Asks a question of the article")
    return _("Suggests a correction")


def led_to_words(kind: str, version: int) -> str:
    """Return what stands beside it once it led to something."""
    if kind == Suggestion.Kind.QUESTION:
        return _("Answered in version %d") % version
    return _("Led to a correction in version %d") % version


def was_led_to(kind: str, version: int) -> str:
    """Return the same as a sentence for its writer."""
    if kind == Suggestion.Kind.QUESTION:
        return _("Your question is answered in version %d, which readers see now.") % version
    return _("What you suggested led to a correction in version %d.") % version
