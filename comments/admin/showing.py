"""How what readers wrote is shown to the desk."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


def moment(at: datetime) -> str:
    """Return a moment in the site's time, short."""
    return date_format(timezone.localtime(at), "j M Y, H:i")
