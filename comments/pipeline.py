"""The pipeline: what becomes of a comment that has just come, phase by phase.

Each phase is a pure function of what is known of the comment (``Incoming``): it decides, or passes
the comment on. All phases are asked, in the order of ``PHASES``. The gravest decision counts, and
of equally grave ones the first: nobody who is banned fills the queue by repeating themselves. What
every phase passes on appears at once. Nothing is deleted, and what a phase refuses is kept.

To add a phase, write it, put it into ``PHASES`` where it belongs, let ``comments.gathering`` find
out what it needs, and give its sentence to ``comments.telling``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from comments.models import LONGEST_BODY, LONGEST_NAME, Comment
from comments.rules import DEFAULTS, Rules
from comments.wordlists import found_in, name_key

State = Comment.State

SPAM_HELD_FROM = 0.9
"""The score from which a comment is held, once enough was learned for it to mean anything."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What the phases look at: the comment as it came, and what is known of its writer.

    Found by ``comments.gathering``. ``taken_names`` are keys of names (``wordlists.name_key``).
    """

    name: str
    body: str
    rules: Rules = DEFAULTS
    is_open: bool = True
    is_repeated: bool = False
    is_banned: bool = False
    taken_names: frozenset[str] = frozenset()
    links: int = 0
    is_refused_lately: bool = False
    is_trapped: bool = False
    is_too_young: bool = False
    spam_score: float = 0.5
    has_learned_enough: bool = False
    has_worked: bool = False
    is_trusted: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state that a comment is given, and the phase that said so."""

    state: Comment.State
    phase: str


Phase = Callable[[Incoming], Comment.State | None]


def length(incoming: Incoming) -> Comment.State | None:
    """Refuse what is empty, and what is longer than any form takes."""
    is_empty = not (incoming.name.strip() and incoming.body.strip())
    is_long = len(incoming.body) > LONGEST_BODY or len(incoming.name) > LONGEST_NAME
    return State.REJECTED if is_empty or is_long else None


def closed(incoming: Incoming) -> Comment.State | None:
    """Refuse what comes when the discussion is closed."""
    return None if incoming.is_open else State.REJECTED


def repeat(incoming: Incoming) -> Comment.State | None:
    """Hold what was said before in the same words, on whatever article."""
    return State.PENDING if incoming.is_repeated else None


def banned(incoming: Incoming) -> Comment.State | None:
    """Refuse a banned address, or a banned network."""
    return State.REJECTED if incoming.is_banned else None


def staff(incoming: Incoming) -> Comment.State | None:
    """Hold whoever uses the name of the site or of somebody in the newsroom."""
    return State.PENDING if name_key(incoming.name) in incoming.taken_names else None


def words(incoming: Incoming) -> Comment.State | None:
    """Refuse, or hold, what has words of the lists in it."""
    said = f"{incoming.name}\n{incoming.body}"
    if found_in(said, incoming.rules.refused_words):
        return State.REJECTED
    return State.PENDING if found_in(said, incoming.rules.held_words) else None


def links(incoming: Incoming) -> Comment.State | None:
    """Hold what leads elsewhere more often than allowed."""
    return State.PENDING if incoming.links > incoming.rules.most_links else None


def history(incoming: Incoming) -> Comment.State | None:
    """Hold a writer of whom something was refused lately."""
    return State.PENDING if incoming.is_refused_lately else None


def spam(incoming: Incoming) -> Comment.State | None:
    """Put aside what a program filled in; hold what came too quickly, or reads like spam here."""
    if incoming.is_trapped:
        return State.SPAM
    reads_so = incoming.has_learned_enough and incoming.spam_score >= SPAM_HELD_FROM
    return State.PENDING if incoming.is_too_young or reads_so else None


def work(incoming: Incoming) -> Comment.State | None:
    """Hold what comes without proof of work, where that is asked: without scripts, for instance."""
    is_asked = incoming.rules.asks_proof_of_work and not incoming.is_trusted
    return State.PENDING if is_asked and not incoming.has_worked else None


def newcomer(incoming: Incoming) -> Comment.State | None:
    """Hold, where comments are read first, whoever is not trusted."""
    is_asked = incoming.rules.is_moderated_first and not incoming.is_trusted
    return State.PENDING if is_asked else None


PHASES: tuple[Phase, ...] = (
    length,
    closed,
    repeat,
    banned,
    staff,
    words,
    links,
    history,
    spam,
    work,
    newcomer,
)
GRAVITY = {State.PENDING: 1, State.SPAM: 2, State.REJECTED: 3}


def judge(incoming: Incoming) -> Verdict:
    """Return the gravest decision of any phase, the first of equally grave ones."""
    decided = [
        Verdict(state, phase.__name__) for phase in PHASES if (state := phase(incoming)) is not None
    ]
    passed = Verdict(State.APPROVED, "passed")
    return max(decided, key=lambda verdict: GRAVITY[verdict.state], default=passed)
