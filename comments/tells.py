"""What a form tells of who sent it, besides its words: signs of programs, and proofs of people.

None of them refuses anybody. A reader without scripts, one whose page is days old and one whose
browser fills in every field still gets a comment stored; what the signs say is weighed by
``comments.pipeline``.

The age of a form is the time since its reader began, by a moment that we signed. A page that is
kept for everybody cannot hold it: it would be old for each of its readers, and no page would
equal another. So scripts ask for it when a reader first enters the form, and pages that are made
for one request, such as that of a reply, have it in them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

TOO_YOUNG = timedelta(seconds=3)
"""Nobody reads a form, writes a comment and sends it in less."""
TOO_OLD = timedelta(hours=24)
"""What is older says as little as no age: pages stay open for long, and programs keep one."""


@dataclass(frozen=True, slots=True)
class Tells:
    """The signs: ``age`` is None where a form gave none, or one that says nothing.

    ``work`` is a solved challenge as it came, ``known`` a token that proves an address.
    """

    is_trapped: bool = False
    age: timedelta | None = None
    work: str = ""
    known: str = ""

    @property
    def is_too_young(self) -> bool:
        return self.age is not None and self.age < TOO_YOUNG


NOTHING_TOLD = Tells()


def tells_of(request: HttpRequest, at: datetime) -> Tells:
    """Return what the form that a request brings tells at ``at``."""
    sent = request.POST
    return Tells(
        is_trapped=bool(sent.get("website")),
        age=age_of(sent.get("age", ""), at),
        work=sent.get("work", ""),
        known=sent.get("known", ""),
    )


def signed_moment(at: datetime) -> str:
    """Return signed words that say when a form was begun."""
    return _signer().sign(f"{at.timestamp():.3f}")


def age_of(words: str, at: datetime) -> timedelta | None:
    """Return how long before ``at`` the words were signed; None if forged or older than a day."""
    try:
        began = datetime.fromtimestamp(float(_signer().unsign(words)), at.tzinfo)
    except (BadSignature, ValueError, OverflowError, OSError):
        return None
    age = at - began
    # From the future: another server's clock is ahead, which is no fault of the reader.
    return max(age, timedelta()) if age <= TOO_OLD else None


def _signer() -> Signer:
    return Signer(salt="comments.tells")
