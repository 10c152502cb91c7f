"""People and topics as publications show them: from embedded data, never from the library."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Max, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from articles.models import PublicRowQuerySet, PublishedPerson
from library.showing import shown_image
from publishing.markup.bodies import render_markdown

DEEDS = {PublishedPerson.Role.WROTE: _("Writes"), PublishedPerson.Role.REVIEWED: _("Reviews")}


def is_desk(name: str) -> bool:
    """Is this the name of a desk, an organisation, rather than of a human?"""
    return name.lower().endswith("desk")


def person_shown(shown: dict[str, Any]) -> dict[str, Any]:
    """Return an embedded person as ``library/person.html`` wants it."""
    portrait = shown["portrait"]
    return {
        **shown,
        "bio": render_markdown(shown["bio"]),
        "links": [{"url": url, "label": urlsplit(url).hostname or url} for url in shown["links"]],
        "portrait": shown_image(portrait, default_storage.url) if portrait else None,
    }


def topic_shown(shown: dict[str, Any]) -> dict[str, Any]:
    """Return an embedded topic as ``library/topic.html`` wants it."""
    return {**shown, "description": render_markdown(shown["description"])}


def each_by_name(named: PublicRowQuerySet) -> QuerySet:
    """Return the uid of everybody among ``named`` once, in the order of their names."""
    each = named.order_by().values("uid").annotate(called=Lower(Max("name")))
    return each.order_by("called", "uid").values_list("uid", flat=True)


def people_listed(named: PublicRowQuerySet, uids: Iterable[UUID]) -> list[dict[str, Any]]:
    """Return people of ``named`` as ``library/people.html`` wants them; one query.

    Several publications name somebody, and in several roles: what the newest of them says counts.
    """
    uids = list(uids)
    rows = named.filter(uid__in=uids).order_by("publication__goes_live_at", "pk")
    newest: dict[UUID, PublishedPerson] = {}
    roles: dict[UUID, set[str]] = {}
    for row in rows.only("uid", "slug", "name", "role", "shown"):
        newest[row.uid] = row
        roles.setdefault(row.uid, set()).add(row.role)
    return [
        {
            "name": newest[uid].name,
            "slug": newest[uid].slug,
            "credentials": newest[uid].shown.get("credentials", ""),
            "deeds": [words for role, words in DEEDS.items() if role in roles[uid]],
        }
        for uid in uids
        # Somebody who went between two queries is not shown.
        if uid in newest
    ]
