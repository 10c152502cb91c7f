"""Which article here a page of another system is: by a map, its address, or its slug."""

import csv
import re
import uuid
from collections.abc import Iterable, Mapping
from itertools import batched
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

from articles.models import Address, Article
from comments.importing.incoming import IncomingThread
from comments.importing.spooling import Spool
from comments.importing.storing import begun_publications

AT_ONCE = 300


class UnreadableMap(Exception):
    """The map cannot be read; the message says what is wrong with it."""


def read_map(path: Path) -> dict[str, str]:
    """Return slugs by what leads to them, from a file of two columns: address or id, and slug.

    An empty slug leaves a thread out on purpose. Raises ``UnreadableMap``.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableMap(_("The map cannot be read: %(what)s.") % {"what": error}) from error
    for number, row in enumerate(rows, start=1):
        if len(row) != 2:
            raise UnreadableMap(
                _("Row %(number)s of the map has not two columns: an address, and a slug.")
                % {"number": number}
            )
    slugs = {slug.strip() for _address, slug in rows}
    known = set(Address.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    # A first row of titles names no article.
    if rows and rows[0][1].strip().lower() in ("slug", "article") and rows[0][1] not in known:
        rows = rows[1:]
    for _address, slug in rows:
        if slug.strip() and slug.strip() not in known:
            raise UnreadableMap(_("The map names “%(slug)s”, and no article has that address.")
                                % {"slug": slug.strip()})  # fmt: skip
    return {normal(address): slug.strip() for address, slug in rows}


def match(spool: Spool, mapped: Mapping[str, str], only: Article | None = None) -> None:
    """Say of every thread of the spool which article it belongs to, or why to none.

    With ``only``, all of them belong to that article.
    """
    # Read before it is written: both are the same table.
    for some in batched(list(spool.threads()), AT_ONCE):
        _match(spool, some, mapped, only)


def normal(address: str) -> str:
    """Return an address in the form in which two of them are compared: without host and slashes."""
    parts = urlsplit(address.strip())
    path = parts.path if parts.netloc or parts.path.startswith("/") else address.strip()
    query = f"?{parts.query}" if parts.query and parts.netloc + parts.path[:1] else ""
    return unquote(path).strip("/").lower() + query


def slugs_of(address: str) -> list[str]:
    """Return the slugs that an address may mean: the last words of its path."""
    words = [word for word in normal(address).partition("?")[0].split("/") if word]
    words = [word for word in words if re.fullmatch(r"[-.\w]+", word)]
    if not words:
        return []
    last = words[-1]
    if re.fullmatch(r"index\.\w+|comments|amp", last) and len(words) > 1:
        last = words[-2]
    return list(dict.fromkeys([last, re.sub(r"\.\w{2,5}$", "", last)]))


def _match(
    spool: Spool,
    threads: Iterable[IncomingThread],
    mapped: Mapping[str, str],
    only: Article | None,
) -> None:
    wanted = {thread.key: list(_candidates(thread, mapped)) for thread in threads}
    slugs = {slug for some in wanted.values() for slug in some}
    found = dict(Address.objects.filter(slug__in=slugs).values_list("slug", "article"))
    uids = {one for one in slugs if _is_uid(one)}
    found |= {
        str(uid): pk for uid, pk in Article.objects.filter(uid__in=uids).values_list("uid", "pk")
    }
    of_found = begun_publications().filter(
        article__in=[*found.values(), *([only.pk] if only else [])]
    )
    published = set(of_found.values_list("article", flat=True))
    for thread in threads:
        left_out = any(mapped.get(normal(one)) == "" for one in thread.addresses)
        candidates = (found[slug] for slug in wanted[thread.key] if slug in found)
        article = only.pk if only else next(candidates, None)
        if left_out and not only:
            spool.match(thread.key, None, _("the map leaves its thread out"))
        elif article is None:
            spool.match(thread.key, None, _("no article here has the address of its thread"))
        elif article not in published:
            spool.match(thread.key, None, _("its article was never published"))
        else:
            spool.match(thread.key, article)


def _candidates(thread: IncomingThread, mapped: Mapping[str, str]) -> Iterable[str]:
    yield from (slug for one in thread.addresses if (slug := mapped.get(normal(one))))
    for address in thread.addresses:
        yield from slugs_of(address)


def _is_uid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
