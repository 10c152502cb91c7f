"""How the admin looks and what stands in its menu: the settings of django-unfold."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "SITE_TITLE": "On Record",
    "SITE_HEADER": "On Record",
    "SITE_SUBHEADER": _("The desk"),
    "SITE_SYMBOL": "article",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "3px",
}
