"""What is done for the library in the background: asking whether cited sources still answer."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from library.asking import Outcome, ask
from library.models import Source

ASKED_EVERY = timedelta(days=7)
# Between two sources, so that nobody's server is asked for a hundred pages at once, and so that
# other tasks have their turn.
PAUSE = timedelta(seconds=2)
# Between two rounds, when nothing is due: what is cited meanwhile waits no longer than this.
REST = timedelta(hours=6)


@task
def check_sources() -> str:
    """Ask the source that waits longest, and see to it that the others follow.

    Returns the source's key, nothing if none was due. Doing it twice does no harm.
    """
    if not settings.CHECK_SOURCES:
        return ""
    source = due(timezone.now()).first()
    if source is not None:
        check(source)
    if source is not None or Source.objects.exclude(url="").exists():
        _follow(PAUSE if source else REST)
    return source.key if source else ""


def check(source: Source) -> None:
    """Ask a source's address, and note what came of it.

    Past the row's own ``save``: nobody changed what it says, and an editor who has
    it open is in nobody's way. The network is asked outside any transaction.
    """
    outcome = ask(source.url)
    Source.objects.filter(pk=source.pk, url=source.url).update(
        address_state=outcome, address_asked=source.url, address_checked_at=timezone.now()
    )


def due(now: datetime) -> models.QuerySet[Source]:
    """Return the sources that are to be asked, the one that waits longest first.

    Those whose present address was never asked, and weekly those that are cited.
    """
    is_new = ~models.Q(address_asked=F("url"))
    is_old = models.Q(address_checked_at__lt=now - ASKED_EVERY, citations__isnull=False)
    waiting = Source.objects.exclude(url="").filter(is_new | is_old).distinct()
    return waiting.order_by(F("address_checked_at").asc(nulls_first=True), "pk")


def gone() -> models.QuerySet[Source]:
    """Return the cited sources at whose address nothing was, the one gone longest first."""
    found = Source.objects.filter(address_state=Outcome.GONE, address_asked=F("url"))
    return found.filter(citations__isnull=False).distinct().order_by("address_checked_at", "pk")


def check_sources_in_time() -> None:
    """Have sources asked in the background once this is committed, unless that waits already."""
    if settings.CHECK_SOURCES:
        # Robust: what was saved or published is, whatever becomes of the task.
        transaction.on_commit(_begin, robust=True)


def _begin() -> None:
    """Start at once, also while a round rests."""
    _follow(timedelta(0))


def _follow(pause: timedelta) -> None:
    """Go on after a pause, unless another round does by then: of two, one ends here."""
    then = timezone.now() + pause
    waiting = DBTaskResult.objects.filter(
        task_path=check_sources.module_path, status=TaskResultStatus.READY
    )
    if not waiting.filter(run_after__lte=then).exists():
        check_sources.using(run_after=then).enqueue()
