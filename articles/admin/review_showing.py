"""How the desk shows what passes about a draft: who decided, who said what, about which place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from articles.admin.checks import located
from articles.admin.conflict import name_of
from articles.documents import Document
from articles.models import Article, Remark, ReviewRequest
from articles.places import OWN, Place, anchors_in, words_for
from articles.remarking import is_by, place_of, threads_of
from publishing.editing.choices import address_in_admin
from publishing.parts import Problem


@dataclass
class ShownRemark:
    """A remark or an answer with all that a template says of it."""

    remark: Remark
    by: str
    is_mine: bool
    place: str = ""
    url: str = ""
    # Where the preview shows the row that it speaks about.
    anchor: str = ""
    resolved_by: str = ""
    answers: list["ShownRemark"] = field(default_factory=list)


def author_of(remark: Remark) -> str:
    """Return who wrote a remark; a guest is called one."""
    if remark.guest_name:
        return _("%s (guest)") % remark.guest_name
    return name_of(remark.author) if remark.author_id else _("somebody who left")


def decided_by(request: ReviewRequest) -> str:
    """Return who decided a request; a guest is called one."""
    if request.guest_name:
        return _("%s (guest)") % request.guest_name
    return name_of(request.decided_by)


def shown_remarks(article: Article, user: AbstractBaseUser) -> list[ShownRemark]:
    """Return the article's threads with links to the very fields, what is unresolved first.

    One query for the latest revision and one for each part that has remarks
    and a list of its own, however many remarks there are.
    """
    threads = sorted(threads_of(article), key=lambda thread: thread.resolved_at is not None)
    places = [place_of(thread) for thread in threads]
    urls = _urls(places, article)
    document = _document_for(article, places)
    words, anchors = _words_for(document), anchors_in(document) if document else {}
    return [
        ShownRemark(
            remark=thread,
            by=author_of(thread),
            is_mine=is_by(thread, user),
            place=words(place),
            url=url,
            anchor=anchors.get(place.row_uid, ""),
            resolved_by=name_of(thread.resolved_by) if thread.resolved_by_id else "",
            answers=[
                ShownRemark(one, author_of(one), is_by(one, user)) for one in thread.answers.all()
            ],
        )
        for thread, place, url in zip(threads, places, urls, strict=True)
    ]


def _urls(places: Sequence[Place], article: Article) -> list[str]:
    """Return the address of each place in the article's form; none for the article as a whole."""
    problems = [
        Problem("", part=place.part or OWN, uid=place.row_uid, field=place.field)
        for place in places
    ]
    form_url = address_in_admin(article, "change", article.pk)
    return [
        one.url if place.field else _url_of_many(place, form_url)
        for one, place in zip(located(problems, article), places, strict=True)
    ]


def _url_of_many(place: Place, form_url: str) -> str:
    """Return the address of a row or of a part as a whole."""
    if place.row_uid:
        return f"{form_url}#row-{place.row_uid}"
    return f"{form_url}#tab-{place.part}" if place.part else ""


def _document_for(article: Article, places: Sequence[Place]) -> Document | None:
    """Return what the latest revision holds, if any place has to be looked up in it."""
    return article.latest_revision.document if any(place.part for place in places) else None


def _words_for(document: Document | None) -> Callable[[Place], str]:
    words = words_for(document) if document else {}

    def say(place: Place) -> str:
        if not place.part:
            return ""
        row = Place(place.part, place.row_uid)
        return words.get(place) or words.get(row) or str(_("a place that is gone since"))

    return say


def remark_rights(user: AbstractBaseUser) -> dict[str, Any]:
    """Return what an account may do about remarks and reviews, for templates."""
    rights = {
        "remark": "articles.add_remark",
        "share": "articles.add_draftlink",
        "submit": "articles.change_article",
        "review": "articles.review_article",
    }
    return {name: user.has_perm(right) for name, right in rights.items()}
