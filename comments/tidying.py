"""What is tidied up daily: what was kept for a while, and has served its purpose."""

from dataclasses import dataclass
from datetime import datetime

from comments import banning, learning, working
from comments.tasks import forget_networks


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many rows went, or lost what they had to lose."""

    networks: int
    bans: int
    work: int
    tokens: int


def tidy(at: datetime) -> Tidied:
    """Forget old networks, ended bans, expired proofs of work and rare words.

    Doing it again at once finds nothing more. Networks are forgotten with new comments, too; on
    a site where nobody writes any more, only here.
    """
    return Tidied(
        networks=forget_networks.func(),
        bans=banning.forget_ended(at),
        work=working.forget_expired(at),
        tokens=learning.prune(at.date()),
    )
