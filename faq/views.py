"""All questions of all live publications."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.lists import address_of, in_context, linked_to_article
from articles.views import reads_live
from faq.filters import QuestionFilter
from faq.models import PublishedQuestion
from faq.parts import as_shown
from publishing.pages import Page, public_page

QUESTIONS_A_PAGE = 30


@public_page
def questions(request: HttpRequest, page: Page) -> HttpResponse:
    """The questions of the latest publication first, in the order of its article."""
    reads_live(page)
    shown = QuestionFilter(request.GET, queryset=PublishedQuestion.objects.live(page.at))
    chosen = Paginator(in_context(shown.qs), QUESTIONS_A_PAGE).get_page(request.GET.get("page"))
    chosen.object_list = [_listed(question) for question in chosen.object_list]
    context = {"filter": shown, "page": chosen, "section": "faq"}
    return render(request, "faq/list.html", context)


def _listed(question: PublishedQuestion) -> dict:
    shown = as_shown(question.shown)
    return {
        **shown,
        "id": f"question-{question.pk}",
        "html": linked_to_article(shown["html"], question.article_slug),
        "article": address_of(question),
    }
