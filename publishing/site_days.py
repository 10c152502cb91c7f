"""Days as pages name them: those of the site's own time zone, whoever asks."""

from datetime import date, datetime, time

from django.utils import timezone


def day_of(moment: datetime) -> date:
    """Return the day on which a moment lies."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def end_of(day: date) -> datetime:
    """Return the last moment of a day."""
    last = datetime.combine(day, time.max)
    return timezone.make_aware(last, timezone.get_default_timezone())
