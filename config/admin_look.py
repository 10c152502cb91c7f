"""How the admin looks: the settings of django-unfold; its menu is in ``config.admin_menu``.

The colours are those of the public pages (static/css/tokens.css): ink and paper
for the greys, the petrol of "in force" for what can be pressed.
"""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "SITE_TITLE": "config.admin_menu.site_name",
    "SITE_HEADER": "config.admin_menu.site_name",
    "SITE_SUBHEADER": _("The desk"),
    "SITE_URL": reverse_lazy("website:home"),
    "SITE_ICON": "config.admin_menu.sign",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "config.admin_menu.sign"},
    ],
    "DASHBOARD_CALLBACK": "website.desk.first_page",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "3px",
    "SIDEBAR": {"show_search": False, "navigation": "config.admin_menu.menu"},
    # Its palette is not used: publishing/editing/finding.py finds more, for whoever may see it.
    "COMMAND": {"search_models": False},
    "COLORS": {
        "base": {
            "50": "#faf7f0",
            "100": "#f3eee2",
            "200": "#ddd4c3",
            "300": "#c9c0ae",
            "400": "#8b8272",
            "500": "#6a6256",
            "600": "#575046",
            "700": "#414c58",
            "800": "#2f3944",
            "900": "#171e27",
            "950": "#10151c",
        },
        "primary": {
            "50": "#eef5f5",
            "100": "#dfe9e8",
            "200": "#b9d3d7",
            "300": "#8dbcc5",
            "400": "#7fc4d4",
            "500": "#6cb4c6",
            "600": "#14566b",
            "700": "#104758",
            "800": "#0c3745",
            "900": "#092a35",
            "950": "#182d36",
        },
        "font": {
            "subtle-light": "#575046",
            "subtle-dark": "#aeb0ad",
            "default-light": "#3a352e",
            "default-dark": "#d8d3c7",
            "important-light": "#1c1a17",
            "important-dark": "#ece6d8",
        },
    },
}
