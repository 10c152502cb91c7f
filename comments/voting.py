"""Votes: how much the share of readers who found a comment helpful can be relied on."""

import math

Z_95 = 1.959964
"""Standard deviations that hold 95 % of a normal distribution, both sides together."""


def wilson_lower_bound(helpful: int, unhelpful: int) -> float:
    """Return the lower bound of the share of helpful votes, from 0 to 1: 95 % confidence.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
    the American Statistical Association 22 (1927), 209–212.
    """
    count = helpful + unhelpful
    if not count:
        return 0.0
    share, square = helpful / count, Z_95 * Z_95
    spread = Z_95 * math.sqrt((share * (1 - share) + square / (4 * count)) / count)
    return max(0.0, (share + square / (2 * count) - spread) / (1 + square / count))
