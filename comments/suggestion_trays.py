"""What readers' suggestions put on the desk: those that wait, and how much comes of them."""

from dataclasses import astuple
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article
from comments.admin.showing import moment
from comments.admin.suggestion_showing import address_of, named
from comments.admin.suggestions import PUBLISHED, may_read
from comments.models import Suggestion
from comments.suggestion_figures import Tally, in_words, tally
from publishing.editing.finding import Finder, Found, add_finder
from publishing.editing.first_page import Figure, Figures, Line, Tray, add_figures, add_tray

Kind = Suggestion.Kind


def waiting(request: HttpRequest) -> QuerySet | None:
    """Suggestions and questions that wait for an editor, the oldest first."""
    if not may_read(request.user):
        return None
    return Suggestion.objects.waiting().annotate(title=F("publication__title"))


def line(suggestion: Suggestion) -> Line:
    """Return how a tray and a search show one."""
    about = suggestion.about_title or _("the whole")
    detail = _("%(kind)s, on “%(article)s” (%(about)s), %(moment)s") % {
        "kind": named(suggestion),
        "article": suggestion.title,
        "about": about,
        "moment": moment(suggestion.made_at),
    }
    return Line(str(suggestion), address_of(suggestion), detail)


def figures(request: HttpRequest, article: Article | None = None) -> list[Figure] | None:
    """Return how much was suggested, accepted and corrected, and how soon."""
    if not may_read(request.user):
        return None
    corrections, questions = tally(Kind.CORRECTION, article), tally(Kind.QUESTION, article)
    return [
        Figure(
            _("Corrections suggested"), str(corrections.suggested), _list(article, Kind.CORRECTION)
        ),
        Figure(_("accepted"), str(corrections.accepted)),
        Figure(
            _("before readers"),
            str(corrections.published),
            _list(article, Kind.CORRECTION, PUBLISHED),
        ),
        Figure(_("usual time from suggestion to correction"), _usually(corrections)),
        Figure(_("Questions asked"), str(questions.suggested), _list(article, Kind.QUESTION)),
        Figure(_("answered on the page"), str(questions.published)),
        Figure(_("usual time from question to answer"), _usually(questions)),
    ]


def _usually(of: Tally) -> str:
    return in_words(of.usual_time) if of.usual_time is not None else "–"


def _list(article: Article | None, kind: str, state: str = "all") -> str:
    asked = {"state": state, "kind__exact": kind}
    if article:
        asked["article"] = str(article.pk)
    return f"{reverse('admin:comments_suggestion_changelist')}?{urlencode(asked)}"


add_tray(
    Tray(
        name="suggestions",
        title=gettext_lazy("Suggestions and questions of readers"),
        order=45,
        rows=waiting,
        line=line,
    )
)
add_finder(
    Finder(
        name="suggestions",
        title=gettext_lazy("Suggestions"),
        order=105,
        fields=("text", "right", "name"),
        rows=lambda: (
            Suggestion.objects.exclude(state=Suggestion.State.WITHDRAWN)
            .annotate(title=F("publication__title"))
            .order_by("-pk")
        ),
        show=lambda suggestion: Found(*astuple(line(suggestion))),
        may_see=lambda request: may_read(request.user),
    )
)


def _of_article(request: HttpRequest, article: Any) -> list[Figure] | None:
    return figures(request, article)


for _name, _about, _figures in (("readers", None, figures), ("readers-of", Article, _of_article)):
    add_figures(
        Figures(
            name=_name,
            title=gettext_lazy("What readers make better"),
            order=10,
            figures=_figures,
            about=_about,
        )
    )
