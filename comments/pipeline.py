"""The pipeline: what becomes of a comment that has just come, phase by phase.

Each phase is a pure function: it decides, and says why, or passes the comment on to the next.
"""

from collections.abc import Callable
from dataclasses import dataclass

from comments.models import Comment


@dataclass(frozen=True, slots=True)
class Incoming:
    """What the phases look at: the comment as it came, and what is known of its writer."""

    name: str
    body: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state that a comment is given, and the phase that said so."""

    state: Comment.State
    phase: str


Phase = Callable[[Incoming], Comment.State | None]


def newcomer(incoming: Incoming) -> Comment.State | None:
    """Hold it: nobody is trusted yet."""
    return Comment.State.PENDING


PHASES: tuple[Phase, ...] = (newcomer,)


def judge(incoming: Incoming) -> Verdict:
    """Return the verdict of the first phase that decides."""
    for phase in PHASES:
        if state := phase(incoming):
            return Verdict(state, phase.__name__)
    return Verdict(Comment.State.APPROVED, "passed")
