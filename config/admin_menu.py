"""What stands in the admin's menu, for the editor who looks at it."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# Heading of a group, and in it: title, icon of Material Symbols, model, and which of the
# model's pages if it is not the list.
MENU = [
    (
        "",
        [
            (_("Explainers"), "article", "articles.Article"),
            (_("Events"), "timeline", "timeline.Event"),
            (_("Questions"), "help", "faq.Question"),
            (_("Reviews"), "rate_review", "articles.ReviewRequest"),
            (_("What is coming"), "event_upcoming", "articles.Article", "coming"),
        ],
    ),
    (
        _("From readers"),
        [
            (_("Comments"), "forum", "comments.Comment"),
            (_("Suggestions"), "edit_note", "comments.Suggestion"),
            (_("Feedback"), "thumbs_up_down", "comments.Feedback"),
            (_("Rules for comments"), "gavel", "comments.DiscussionRules"),
            (_("Bans"), "block", "comments.Ban"),
            (_("Readers"), "person_search", "comments.Reader"),
            (_("Mail to readers"), "outgoing_mail", "comments.OutgoingMail"),
        ],
    ),
    (
        _("Library"),
        [
            (_("People"), "person", "library.Person"),
            (_("Images"), "image", "library.Image"),
            (_("Sources"), "menu_book", "library.Source"),
            (_("Topics"), "sell", "library.Topic"),
        ],
    ),
    (
        _("The desk"),
        [
            (_("Pages"), "description", "website.Page"),
            (_("Saved filters"), "filter_list", "website.SavedFilter"),
            (_("Users"), "group", "auth.User"),
            (_("Groups"), "groups", "auth.Group"),
            (_("Checks"), "rule", "articles.CheckLevel"),
            (_("Audit log"), "history", "articles.AuditEntry"),
            (_("Tasks"), "checklist", "django_tasks_database.DBTaskResult"),
        ],
    ),
]

BADGES = {
    "comments.Comment": "comments.admin.queue.badge",
    "comments.Suggestion": "config.admin_menu.suggestions_waiting",
    "articles.ReviewRequest": "config.admin_menu.reviews_waiting",
}


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu: the lists that this editor may open."""
    return [
        {
            "title": title,
            "separator": bool(title),
            "items": [_item(*entry) for entry in entries if _may_open(request, entry[2])],
        }
        for title, entries in MENU
    ]


def suggestions_waiting(request: HttpRequest) -> str:
    """Return how many suggestions of readers wait for an editor, nothing if none does."""
    count = apps.get_model("comments.Suggestion").objects.waiting().count()
    return str(count) if count else ""


def reviews_waiting(request: HttpRequest) -> str:
    """Return how many articles wait for a review, nothing if none does."""
    count = apps.get_model("articles.ReviewRequest").objects.waiting().count()
    return str(count) if count else ""


def site_name(request: HttpRequest) -> str:
    return settings.SITE_NAME


def sign(request: HttpRequest) -> str:
    """Return the address of the site's sign, the interrupted line."""
    return static("icons/sign.svg")


def _item(title: Any, icon: str, model: str, page: str = "changelist") -> dict[str, Any]:
    opts = apps.get_model(model)._meta
    item = {
        "title": title,
        "icon": icon,
        "link": reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}"),
    }
    if badge := BADGES.get(model):
        item["badge"] = badge
    return item


def _may_open(request: HttpRequest, name: str) -> bool:
    model = apps.get_model(name)
    if not admin.site.is_registered(model):
        return False
    return admin.site.get_model_admin(model).has_view_or_change_permission(request)
