"""Whom the history credits for each version: who wrote it, reviewed it, and noticed a mistake."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from articles.models import Publication, PublishedCorrection, PublishedPerson


@dataclass(slots=True)
class Credits:
    """Names only: whether somebody has a page here depends on what is live today."""

    wrote: list[str] = field(default_factory=list)
    reviewed: list[str] = field(default_factory=list)
    noticed: list[str] = field(default_factory=list)


def credits_of(publications: Sequence[Publication]) -> dict[int, Credits]:
    """Return whom to credit for publications of one article, by their keys; two queries.

    Whoever noticed a mistake is credited with the first version that has the correction.
    """
    found = {publication.pk: Credits() for publication in publications}
    if not found:
        return {}
    people = PublishedPerson.objects.filter(publication__in=found).order_by("name", "pk")
    for pk, role, name in people.values_list("publication", "role", "name"):
        named = found[pk].wrote if role == PublishedPerson.Role.WROTE else found[pk].reviewed
        named.append(name)
    seen = set()
    begun = PublishedCorrection.objects.filter(
        publication__article=publications[0].article_id, publication__cancelled_at__isnull=True
    )
    shown = begun.order_by("publication__goes_live_at", "pk")
    for pk, uid, row in shown.values_list("publication", "uid", "shown"):
        if uid not in seen and pk in found and (name := row.get("noticed_by")):
            found[pk].noticed.append(name)
        seen.add(uid)
    return found
