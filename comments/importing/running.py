"""An import from beginning to end."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from comments.importing import disqus, isso, on_record, wordpress
from comments.importing.incoming import (
    Incoming,
    IncomingComment,
    IncomingThread,
    UnreadableFile,
    check,
)
from comments.importing.matching import match, read_map
from comments.importing.others import Counts, store_follows, store_suggestions
from comments.importing.spooling import Spool
from comments.importing.storing import Store

FORMATS: dict[str, Callable[[Path], Iterator[Incoming]]] = {
    "wordpress": wordpress.read,
    "disqus": disqus.read,
    "isso": isso.read,
    "json": on_record.read,
}
AT_ONCE = 500
"""Comments stored in one transaction: readers and moderators wait for no longer than that."""

Progress = Callable[[str, int, int], None]
"""Told of what is done, of how much there is of it (0: unknown), and how much was done now."""


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do: ``read`` = ``taken`` + ``already`` + ``refused``."""

    read: int = 0
    taken: int = 0
    already: int = 0
    refused: int = 0
    reasons: list[tuple[str, int]] = field(default_factory=list)
    unmatched: list[tuple[str, str, str, int]] = field(default_factory=list)
    """Threads that have no article: address, title, why, and how many comments."""
    others: dict[str, Counts] = field(default_factory=dict)
    """By kind: suggestions, follows."""


class Listing:
    """Told of every comment that is refused or changed, one by one, so that all may be listed."""

    def refused(self, where: str, why: str) -> None: ...

    def changed(self, where: str, what: str) -> None: ...


def import_comments(
    path: Path,
    format_name: str,
    *,
    applies: bool = False,
    map_path: Path | None = None,
    article: Article | None = None,
    trusts_addresses: bool = False,
    listing: Listing | None = None,
    progress: Progress = lambda words, total, done: None,
) -> Outcome:
    """Import the comments of a file, or, unless it ``applies``, say what would come of that.

    Raises ``UnreadableFile``, ``UnreadableMap``. Of a file that turns out to be broken nothing is
    stored; what was stored when the process is killed is found again the next time.
    """
    now = timezone.now()
    mapped = read_map(map_path) if map_path else {}
    listing = listing or Listing()
    with spool_beside(keeps_order=format_name == "json") as spool:
        _fill(spool, FORMATS[format_name], path, now, progress)
        progress(_("Matching"), 0, 0)
        match(spool, mapped, only=article)
        spool.settle()
        for where, why in spool.refusals():
            listing.refused(where, why)
        for where, what in spool.notes():
            listing.changed(where, what)
        outcome = _stored(spool, Store(now, trusts_addresses=trusts_addresses), applies, progress)
        outcome.others = {
            _("suggestions"): store_suggestions(spool, now, applies=applies),
            _("follows"): store_follows(spool, now, applies=applies, trusted=trusts_addresses),
        }
    for counts in outcome.others.values():
        for where, why in counts.refused:
            listing.refused(where, why)
    return outcome


@contextmanager
def spool_beside(*, keeps_order: bool) -> Iterator[Spool]:
    """Give a spool in a temporary folder, which goes away."""
    with tempfile.TemporaryDirectory(prefix="on-record-import-") as folder:
        spool = Spool(Path(folder) / "spool.sqlite3", keeps_order=keeps_order)
        try:
            yield spool
        finally:
            spool.close()


def _fill(
    spool: Spool,
    read: Callable[[Path], Iterator[Incoming]],
    path: Path,
    now: datetime,
    progress: Progress,
) -> None:
    try:
        for one in read(path):
            if isinstance(one, IncomingComment):
                check(one, now)
                spool.add_comment(one)
                progress(_("Reading"), 0, 1)
            elif isinstance(one, IncomingThread):
                spool.add_thread(one)
            else:
                spool.add_other(one)
    except OSError as error:
        raise UnreadableFile(_("The file cannot be read: %(what)s.") % {"what": error}) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(_("The file is not written in UTF-8.")) from error


def _stored(spool: Spool, store: Store, applies: bool, progress: Progress) -> Outcome:
    read, refused = spool.counts()
    outcome = Outcome(
        read=read,
        refused=refused,
        reasons=list(spool.reasons()),
        unmatched=list(spool.unmatched()),
    )
    words = _("Storing") if applies else _("Looking up")
    for batch in spool.batches(AT_ONCE):
        if applies:
            taken, already = store.store(batch)
        else:
            already = store.count_known(batch)
            taken = len(batch) - already
        outcome.taken += taken
        outcome.already += already
        progress(words, read - refused, len(batch))
    return outcome
