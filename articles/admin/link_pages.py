"""The page of an article's draft links: made, copied, renewed, revoked."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from articles.admin.conflict import name_of
from articles.admin.pages import at, page_for, refuse, show, tell_refusal
from articles.admin.review_forms import LastingForm, LinkForm
from articles.draft_links import links_of, make_link, may_hand_on, renew_link, revoke_link
from articles.models import Article

SHARE, PUBLISH, REVIEW = (
    "articles.add_draftlink",
    "articles.publish_article",
    "articles.review_article",
)


def urls(desk: Any) -> list[URLPattern]:
    """Return the addresses of draft links."""
    return [
        at(desk, "<int:pk>/links/", links_page, "links"),
        at(desk, "<int:pk>/links/<int:link>/", link_page, "link"),
    ]


@page_for(SHARE)
def links_page(request: HttpRequest, article: Article, *, desk: Any) -> HttpResponse:
    """Every link of the article with what it allows and until when, and a form for another.

    The right to approve is passed on by those who may review or publish.
    """
    revision = article.latest_revision
    may_give_approval = request.user.has_perm(REVIEW) or request.user.has_perm(PUBLISH)
    form = LinkForm(request.POST or None, may_give_approval=may_give_approval)
    if request.method == "POST" and revision and form.is_valid():
        try:
            make_link(revision, by=request.user, **form.options())
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The link is made. Copy it and send it to your guest."))
            return _to_links(article)
    return show(
        request,
        article,
        desk=desk,
        template="links",
        title=_("Draft links"),
        form=form,
        revision=revision,
        links=[
            {
                "link": link,
                "url": request.build_absolute_uri(link.get_absolute_url()),
                "by": name_of(link.created_by),
                "may_hand_on": may_hand_on(link, request.user),
            }
            for link in links_of(article)
        ],
    )


@page_for(SHARE)
def link_page(request: HttpRequest, article: Article, *, desk: Any, link: int) -> HttpResponse:
    """Renew a link, or revoke it."""
    found = get_object_or_404(article.draft_links.select_related("article"), pk=link)
    if request.method == "POST":
        try:
            messages.success(request, _changed(request, found))
        except ValidationError as error:
            tell_refusal(request, error)
    return _to_links(article)


def _changed(request: HttpRequest, link: Any) -> str:
    if "revoke" in request.POST:
        revoke_link(link, by=request.user)
        return _("Revoked. The address shows nothing any more.")
    form = LastingForm(request.POST)
    if not form.is_valid():
        raise ValidationError([error for errors in form.errors.values() for error in errors])
    renew_link(link, by=request.user, lasts=form.lasts)
    return _("Renewed: the same address works again.")


def _to_links(article: Article) -> HttpResponse:
    return redirect(reverse("admin:articles_article_links", args=[article.pk]))
