from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy

from publishing.parts import Data, Part, Problem, Row
from tests.pull_quotes.models import PublishedPullQuote, PullQuote


def _words_instead_of_text(data: Data) -> Data:
    rows = [
        {**{k: v for k, v in row.items() if k != "text"}, "words": row["text"]}
        for row in data["rows"]
    ]
    return {"schema": 2, "rows": rows}


class PullQuotes(Part):
    name = "pull-quotes"
    title = gettext_lazy("Pull quotes")
    order = 35
    schema = 2
    upgraders = {1: _words_instead_of_text}
    template = "pull_quotes/_pull_quotes.html"
    model = PullQuote
    fields = ("words", "image")

    def row_title(self, row: Row) -> str:
        return row["words"] or super().row_title(row)

    def problems(self, data: Data) -> Iterator[Problem]:
        for row in data["rows"]:
            if not row["words"]:
                yield self.problem(row, "words", "A pull quote has no words.")

    def context(self, rows: list[Row], page: Any) -> dict[str, Any]:
        return {"rows": [{**row, "image": page.shown_image(row["image"])} for row in rows]}

    def publish(self, publication: Any, data: Data) -> None:
        PublishedPullQuote.objects.filter(publication=publication).delete()
        PublishedPullQuote.objects.bulk_create(
            PublishedPullQuote(publication=publication, words=row["words"]) for row in data["rows"]
        )
