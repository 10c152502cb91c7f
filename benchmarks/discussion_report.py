"""What was measured of the discussion, in Markdown."""

import statistics
from dataclasses import dataclass
from typing import Any

from benchmarks.posting import Posted

MOST_RATIO = 1.2
MOST_MILLISECONDS = 5.0
LEAST_OF_ISSO = 1.5


@dataclass(frozen=True)
class Accepted:
    """What a window of posting showed: comments a second, and CPU for each of them in ms."""

    rate: float
    cpu: float


def report_discussion(found: dict[str, Any], machine: str) -> str:
    """Return what the pages of a large discussion take."""
    page = found["page"]
    lines = [
        f"The discussion: {machine}, {found['database']}, {found['comments']:,} comments, made in "
        f"{found['made_in']:.0f} s, recounted in {found['counted_in']:.0f} s "
        f"({found['mended']} counts mended).",
        "",
        "| pages | asked | in the database, ms: median | most | slowest statement | queries |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name in ("thread", "queue"):
        one = found[name]
        lines.append(
            f"| {name} | {one['pages']} | {one['median']:.2f} | {one['most']:.2f} "
            f"| {one['slowest']:.2f} | {one['queries']} |"
        )
    lines += [
        "",
        f"- An article with most comments costs {page['ratio']:.2f} times one with 100, cold "
        f"({page['large']:.1f} ms and {page['small']:.1f} ms; CPU {page['cpu_ratio']:.2f} times); "
        f"the goal is {MOST_RATIO}: {met(page['ratio'] <= MOST_RATIO)}.",
    ]
    for name in ("thread", "queue"):
        one = found[name]
        is_met = one["most"] < MOST_MILLISECONDS
        lines.append(f"- Every page of the {name} under 5 ms in the database: {met(is_met)}.")
        if not is_met:
            lines += [f"  - `{one['address']}`", f"  - `{one['statement']}`"]
    lines.append(f"- Every count right: {met(not found['mended'])}.")
    kinds = [kind for name in ("thread", "queue") for kind in found[name]["kinds"]]
    return "\n".join([*lines, "", "Asked: " + ", ".join(f"`{kind}`" for kind in kinds) + "."])


def report_posting(
    database: str,
    rates: list[tuple[Accepted, Accepted]] | None,
    whole: Posted,
    killed: Posted,
    stored: dict[str, Any],
    machine: str,
) -> str:
    """Return how fast comments are accepted, and whether each of them is there, once."""
    lines = [f"Accepting comments: {machine}, {database}.", ""]
    if rates:
        ours, theirs = (
            Accepted(
                statistics.median(one.rate for one in column),
                statistics.median(one.cpu for one in column),
            )
            for column in zip(*rates, strict=True)
        )
        ratio = statistics.median(mine.rate / other.rate for mine, other in rates)
        lines.append(
            f"- On Record accepts {ours.rate:,.0f} comments a second ({ours.cpu:.1f} ms of CPU for "
            f"each) and Isso {theirs.rate:,.0f} ({theirs.cpu:.1f} ms), each with two processes: "
            f"{ratio:.2f} times; the goal is {LEAST_OF_ISSO}: {met(ratio >= LEAST_OF_ISSO)}."
        )
    else:
        lines.append("- Isso is compared with on SQLite only.")
    there, twice = set(stored["numbers"]), stored["twice"]
    lost = [number for number in whole.acknowledged if number not in there]
    is_whole = not (whole.failures or lost or twice or stored["mended"])
    lines += [
        f"- Four workers at once: {len(whole.acknowledged):,} acknowledged, "
        f"{len(whole.failures)} errors, {len(lost)} lost, {len(twice)} doubled, "
        f"{stored['mended']} counts wrong ({whole.rate:,.0f} a second): {met(is_whole)}.",
    ]
    gone = [number for number in killed.acknowledged if number not in there]
    unsaid = [
        number
        for number in there
        if number > max(whole.acknowledged, default=0) and number not in killed.acknowledged
    ]
    lines.append(
        f"- Killed in the middle: {len(killed.acknowledged):,} acknowledged before, {len(gone)} of "
        f"them lost, {len(unsaid)} stored that could not be acknowledged any more; the database is "
        f"{stored['integrity']}: {met(not gone and stored['integrity'] == 'ok')}."
    )
    lines.append(
        f"- How writes are kept: {', '.join(stored['kept_by'])}. A killed process proves nothing "
        "about a power cut: for that stands the setting that each commit waits for the disk."
    )
    for failure in [*whole.failures[:3]]:
        lines.append(f"  - {failure}")
    return "\n".join(lines)


def met(is_met: bool) -> str:
    return "met" if is_met else "missed"
