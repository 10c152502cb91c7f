"""What is found of articles: themselves, their sections' headings, their facts."""

from django.db import models
from django.db.models import OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.trays import form_of, may_see
from articles.models import Address, Article, Fact, Section
from publishing.editing.finding import Finder, Found, add_finder
from publishing.markup.words import plain_text

LONGEST_DETAIL = 120


def in_article(article: Article) -> str:
    """Return in words in which article something stands."""
    return _("in “%s”") % article


def _may_see_rows(model: type[models.Model], request: HttpRequest) -> bool:
    """May the editor see rows that are edited in the article's form?"""
    name = model._meta.model_name
    rights = [f"articles.view_{name}", f"articles.change_{name}"]
    return may_see(request) and any(request.user.has_perm(right) for right in rights)


def _articles() -> models.QuerySet:
    present = Address.objects.filter(article=OuterRef("pk"), is_current=True)
    slug = models.Subquery(present.values("slug")[:1])
    articles = Article.objects.annotate(present_slug=slug)
    return articles.only("title", "question").order_by("title", "pk")


def _show_article(article: Article) -> Found:
    return Found(str(article), form_of(article), article.question)


def _show_section(section: Section) -> Found:
    url = form_of(section.article, f"row-{section.uid}")
    return Found(str(section), url, in_article(section.article))


def _show_fact(fact: Fact) -> Found:
    detail = f"{plain_text(fact.value)[:LONGEST_DETAIL]}, {in_article(fact.article)}"
    return Found(str(fact), form_of(fact.article, f"row-{fact.uid}"), detail)


add_finder(
    Finder(
        name="articles",
        title=gettext_lazy("Explainers"),
        order=10,
        fields=("title", "question", "short_answer", "summary", "present_slug"),
        rows=_articles,
        show=_show_article,
        may_see=may_see,
    )
)
add_finder(
    Finder(
        name="sections",
        title=gettext_lazy("Sections"),
        order=20,
        fields=("heading",),
        rows=lambda: (
            Section.objects.select_related("article").defer("body").order_by("heading", "pk")
        ),
        show=_show_section,
        may_see=lambda request: _may_see_rows(Section, request),
    )
)
add_finder(
    Finder(
        name="facts",
        title=gettext_lazy("Facts"),
        order=30,
        fields=("characteristic", "value"),
        rows=lambda: Fact.objects.select_related("article").order_by("characteristic", "pk"),
        show=_show_fact,
        may_see=lambda request: _may_see_rows(Fact, request),
    )
)
