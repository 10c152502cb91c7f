"""All questions of all live publications."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.lists import address_of, in_context, linked_to_article
from articles.public_addresses import reads_live
from articles.searching import marks_of
from faq.filters import QuestionFilter
from faq.models import PublishedQuestion
from faq.parts import as_shown
from publishing.full_text import Asked, Marked, in_pieces
from publishing.pages import Page, public_page

QUESTIONS_A_PAGE = 30


@public_page
def questions(request: HttpRequest, page: Page) -> HttpResponse:
    """The questions of the latest publication first, in the order of its article."""
    reads_live(page)
    shown = QuestionFilter(request.GET, queryset=PublishedQuestion.objects.live(page.at))
    chosen = Paginator(in_context(shown.qs), QUESTIONS_A_PAGE).get_page(request.GET.get("page"))
    chosen.object_list = _listed(chosen.object_list, shown.asked, page)
    shown.count_choices()
    loosened = shown.loosened() if not chosen.paginator.count else []
    context = {"filter": shown, "page": chosen, "loosened": loosened, "section": "faq"}
    return render(request, "faq/list.html", context)


def _listed(questions: Iterable[PublishedQuestion], asked: Asked, page: Page) -> list[dict]:
    """Return questions as the template wants them, with marks where they hold what was asked."""
    questions = list(questions)
    marked = marks_of([question.passage for question in questions], asked) if asked else {}
    return [_as_listed(one, marked.get(one.passage) if asked else None, page) for one in questions]


def _as_listed(question: PublishedQuestion, marked: Marked | None, page: Page) -> dict:
    shown = as_shown(question.shown, page)
    return {
        **shown,
        "id": f"question-{question.pk}",
        "html": linked_to_article(shown["html"], question.article_slug),
        "article": address_of(question),
        "marked": in_pieces(marked.title) if marked else [],
        "passage": in_pieces(marked.text) if marked else [],
    }
