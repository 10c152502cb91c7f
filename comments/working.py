"""Proof of work: a puzzle that a reader's computer solves in a second, and a spammer's pays for.

An option (``Rules.asks_proof_of_work``). The puzzle is ALTCHA's, version 2, over PBKDF2: which of
some hundreds of counters gives a key that begins as named. Solved by static/js/comment-work.js in
a worker of its own; a reader without scripts solves nothing, and an editor reads the comment first.
"""

import base64
import binascii
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

import altcha
from django.utils.crypto import salted_hmac

from comments.models import SpentWork

ALGORITHM = "PBKDF2/SHA-256"
COST = 2_000
"""Rounds for each counter: about a millisecond of a desktop's time."""
LEAST, MOST = 200, 600
"""Between them lies the counter, at random: half a second of work, four on a slow telephone."""
HOLDS_FOR = timedelta(hours=2)
LONGEST_SOLUTION = 4_000


def challenge_for(article_id: int, at: datetime) -> dict[str, Any]:
    """Return a new challenge for a comment on the article, as plain data for the browser."""
    made = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=LEAST + secrets.randbelow(MOST - LEAST),
        expires_at=at + HOLDS_FOR,
        data={"article": article_id},
        hmac_secret=_key("challenge"),
        # So that a look at a solution costs no work of ours.
        hmac_key_secret=_key("solution"),
    )
    return made.to_dict()


def is_solved(solution: str, article_id: int, at: datetime) -> str:
    """Return the signature of the challenge that was solved for the article, "" if it was not.

    Whether it has been spent before is asked by ``spend``.
    """
    if not solution or len(solution) > LONGEST_SOLUTION:
        return ""
    try:
        read = json.loads(base64.b64decode(solution, validate=True))
        parameters = read["challenge"]["parameters"]
        signature = read["challenge"]["signature"]
        is_ours = parameters["data"] == {"article": article_id}
        is_in_time = at.timestamp() < parameters["expiresAt"]
        verified = altcha.verify_solution(
            solution, _key("challenge"), hmac_key_secret=_key("solution")
        ).verified
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    return signature if verified and is_ours and is_in_time else ""


def spend(signature: str, at: datetime) -> bool:
    """Spend a solved challenge; False if it was spent before. Call it in a transaction."""
    _row, is_new = SpentWork.objects.get_or_create(
        signature=signature, defaults={"expires_at": at + HOLDS_FOR}
    )
    return is_new


def forget_expired(at: datetime) -> int:
    """Forget what was spent on challenges that have expired; return how many. Run it daily."""
    gone, _by_model = SpentWork.objects.filter(expires_at__lt=at).delete()
    return gone


def _key(purpose: str) -> bytes:
    return salted_hmac(f"comments.working {purpose}", "key", algorithm="sha256").digest()
