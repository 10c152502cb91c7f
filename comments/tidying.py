"""What is tidied up daily: what was kept for a while, and has served its purpose."""

from dataclasses import dataclass
from datetime import datetime

from comments import banning, learning, mailing, working
from comments.readers import forget_unproved_follows, forget_unproved_readers
from comments.tasks import forget_networks, send_mail_in_time


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many rows went, or lost what they had to lose."""

    networks: int
    bans: int
    work: int
    tokens: int
    mails: int
    follows: int
    addresses: int


def tidy(at: datetime) -> Tidied:
    """Forget what was kept for a while: networks, ended bans, proofs of work, rare words, mail
    that was sent, and addresses that nobody confirmed.

    Doing it again at once finds nothing more. Networks are forgotten with new comments, too; on
    a site where nobody writes any more, only here.
    """
    # What a machine left in the outbox when it was switched off at the wrong moment.
    if due_at := mailing.next_due():
        send_mail_in_time(due_at)
    return Tidied(
        networks=forget_networks.func(),
        bans=banning.forget_ended(at),
        work=working.forget_expired(at),
        tokens=learning.prune(at.date()),
        mails=mailing.forget(at),
        follows=forget_unproved_follows(at),
        addresses=forget_unproved_readers(at),
    )
