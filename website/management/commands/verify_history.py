"""The command that proves that no past publication was changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.models import Article
from articles.verifying import State, Verdict, verify


class Command(BaseCommand):
    help = (
        "Check the chain of seals of every article that was ever published, one line for each. "
        "Ends with an error if one is broken: a publication was changed in the database, and not "
        "by this program."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        articles = Article.objects.filter(publications__cancelled_at__isnull=True)
        articles = articles.filter(publications__isnull=False).distinct().order_by("pk")
        for article in articles:
            verdicts = list(verify(article))
            broken += any(verdict.state == State.BROKEN for verdict in verdicts)
            self.stdout.write(f"{article.slug or article.uid}: {in_words(verdicts)}")
        if broken:
            raise CommandError(f"The history of {_counted(broken, 'article')} is broken.")


def in_words(verdicts: list[Verdict]) -> str:
    """Return what was found of one article, with each publication that is not good."""
    found = [f"{_counted(len(verdicts), 'publication')}"]
    found += [
        f"number {verdict.publication.number} is {verdict.state} ({verdict.reason})"
        for verdict in verdicts
        if verdict.state != State.GOOD
    ]
    return f"{found[0]}, all good" if len(found) == 1 else "; ".join(found)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
