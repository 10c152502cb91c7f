"""The command that makes a discussion of any size, to try and to measure the site with."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from articles.addressing import change_slug
from articles.deeds import publish
from articles.models import Address, Article
from articles.recording import record
from comments.making import Target, make_discussion
from comments.models import Comment
from library.models import Person, Topic
from publishing.progress import Progress

LARGEST = 100_000
SMALL = 100
PREFIX = "discussion"
"""The addresses: ``discussion-1`` has most comments, ``discussion-2`` a hundred."""


class Command(BaseCommand):
    help = (
        "Make articles with many comments of chance: threads to eight levels, in every state, "
        "with votes. The article discussion-1 has 100,000 of them (half of all, if they are "
        "fewer), discussion-2 has 100. Ten million take PostgreSQL some ten minutes and 15 GB, a "
        "million takes SQLite two minutes and 1.5 GB. For a database of its own: it refuses one "
        "that has comments."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--comments", type=int, required=True)
        parser.add_argument("--articles", type=int, help="one for 10,000 comments, unless given")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same")
        parser.add_argument(
            "--although-there-are-comments",
            action="store_true",
            help="make them beside the comments that are there",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count, articles = options["comments"], options["articles"]
        articles = articles or max(3, min(1_000, count // 10_000))
        if count < SMALL * 4 or articles < 3:
            raise CommandError(f"At least {SMALL * 4} comments on 3 articles make a discussion.")
        if Comment.objects.exists() and not options["although_there_are_comments"]:
            raise CommandError(
                "This database has comments. Make a discussion in a database of its own, or say "
                "--although-there-are-comments."
            )
        if Address.objects.filter(slug=f"{PREFIX}-1").exists():
            raise CommandError("A discussion was made here already: its articles are there.")
        with transaction.atomic(), Progress("Making comments", count) as progress:
            made = make_discussion(
                targets(count, articles),
                now=timezone.now(),
                seed=options["seed"],
                progress=progress.advance,
            )
        with connection.cursor() as cursor:
            # So that the database knows what it has, and plans accordingly.
            cursor.execute("ANALYZE")
        self.stdout.write(
            f"Comments made: {made:,}, on {articles} articles. /articles/{PREFIX}-1/ has most, "
            f"/articles/{PREFIX}-2/ has {SMALL}."
        )


def targets(comments: int, articles: int) -> list[Target]:
    """Make the articles, and say how many comments each is to have; together ``comments``."""
    largest = min(LARGEST, comments // 2)
    rest = comments - largest - SMALL
    share, over = divmod(rest, articles - 2)
    counts = [largest, SMALL, *(share + (number < over) for number in range(articles - 2))]
    return [_target(number, count) for number, count in enumerate(counts, start=1)]


def _target(number: int, count: int) -> Target:
    article = Article.objects.create(
        title=f"Discussion {number}",
        question="How long may a discussion be?",
        short_answer="As long as it likes.",
        summary="Made to see what a site does with many comments.",
    )
    desk, _is_new = Person.objects.get_or_create(slug="desk", defaults={"name": "Desk"})
    topic, _is_new = Topic.objects.get_or_create(slug="speed", defaults={"name": "Speed"})
    article.written_by.add(desk)
    article.topics.add(topic)
    article.facts.create(
        characteristic="Comments", value="Many.", as_of=timezone.localdate(), anchor="comments-made"
    )
    article.sections.create(heading="Why", body="To measure.", anchor="why")
    change_slug(article, f"{PREFIX}-{number}", by=None)
    publication = publish(record(article, by=None), by=None, change_note="Made.")
    return Target(article, publication, count, ("facts", "why", "comments-made"))
