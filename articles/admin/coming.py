"""What is coming, as a page: every publication that waits, every page that ends by itself."""

from functools import partial
from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.admin.conflict import name_of
from articles.admin.listing import LIST_TITLE
from articles.coming import MOST_SHOWN, Coming, coming
from publishing.editing.choices import address_in_admin


def urls(desk: Any) -> list[URLPattern]:
    """Return the address of the page."""
    view = desk.admin_site.admin_view(partial(coming_page, desk=desk))
    return [path("coming/", view, name="articles_article_coming")]


@require_safe
def coming_page(request: HttpRequest, *, desk: Any) -> HttpResponse:
    """Show what will change for readers by itself, day by day, with links and ways to stop it."""
    if not desk.has_view_or_change_permission(request):
        raise PermissionDenied
    changes = coming()
    may_publish = request.user.has_perm("articles.publish_article")
    days = groupby(changes, key=lambda one: timezone.localdate(one.at))
    request.current_app = desk.admin_site.name
    context = {
        **desk.admin_site.each_context(request),
        "title": _("What is coming"),
        "list_title": LIST_TITLE,
        "opts": desk.opts,
        "days": [(day, [_as_row(one, may_publish) for one in rows]) for day, rows in days],
        "zone": timezone.get_current_timezone_name(),
        "is_cut": len(changes) == MOST_SHOWN,
        "most": MOST_SHOWN,
    }
    return TemplateResponse(request, "admin/articles/coming.html", context)


def _as_row(one: Coming, may_publish: bool) -> dict[str, Any]:
    publication = one.publication
    article = publication.article
    given = {"change": one.change.value, "at": one.at, "publication": publication}
    deeds = {}
    if may_publish:
        deeds["end"] = address_in_admin(article, "end", article.pk, publication.pk)
        if not publication.has_begun():
            deeds["cancel"] = address_in_admin(article, "cancel", article.pk, publication.pk)
    return {
        **given,
        "article": article,
        "form_url": address_in_admin(article, "change", article.pk),
        "revision_url": address_in_admin(
            article, "revision", article.pk, publication.revision.number
        ),
        "by": name_of(publication.created_by),
        "deeds": deeds,
    }
