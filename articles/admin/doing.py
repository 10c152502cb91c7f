"""How an article does with its readers: the charts and figures that any app hangs up about it."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _

from articles.admin.pages import at, page_for, show
from articles.models import Article
from publishing.editing.charts import Drawing, draw
from publishing.editing.first_page import charts, figures_about


def urls(desk) -> list[URLPattern]:
    """Return the address of the page."""
    return [at(desk, "<int:pk>/doing/", doing, "doing")]


@page_for()
def doing(request: HttpRequest, article: Article, *, desk) -> HttpResponse:
    """Show the charts and figures about an article, as far as one may see them."""
    return show(
        request,
        article,
        desk=desk,
        template="doing",
        title=_("How it does"),
        charts=drawn_charts(request, article),
        figures=figures_about(request, article),
    )


def drawn_charts(request: HttpRequest, row: Article | None = None) -> list[Drawing]:
    """Return the charts about a row, or those of the first page, drawn; those one may not see
    are left out."""
    found = [(chart, chart.bars(request, row)) for chart in charts(type(row) if row else None)]
    return [
        draw(chart.name, str(chart.title), str(chart.unit), bars, full=chart.full)
        for chart, bars in found
        if bars is not None
    ]
