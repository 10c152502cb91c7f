"""The article that is measured: the same words every time, made through our own deeds.

2,500 words in 8 sections, 5 facts, 6 answers, 20 events, 8 sources, and as many
comments as are asked for, three out of four of them roots.
"""

import random
from datetime import date, timedelta

from django.core.management.color import no_style
from django.db import connection
from django.utils import timezone

from articles.addressing import change_slug
from articles.deeds import publish
from articles.models import Article
from articles.recording import record
from comments.models import STEP, Comment, Discussion
from faq.models import Question
from library.models import Person, Source, Topic
from publishing.markup.plain import render_plain
from publishing.stamps import comments_stamp, touch
from timeline.models import Event

WORDS = (
    "the state note envoy between capital treaty reply of record office letter in which minister "
    "answered without a day archive had been read by both and neither side of this matter since"
).split()
SECTIONS, WORDS_A_SECTION, FACTS, ANSWERS, EVENTS, SOURCES = 8, 312, 5, 6, 20, 8


def standard_article(slug: str, *, comments: int) -> Article:
    """Make, record and publish the article under ``slug``, with approved comments."""
    chance = random.Random(f"{slug} {comments}")
    article = Article.objects.create(
        title=f"The standard article, {comments} comments",
        question="What does a page cost?",
        short_answer=sentence(chance, 14),
        summary=sentence(chance, 40),
    )
    article.written_by.add(Person.objects.get_or_create(slug="desk", name="Desk")[0])
    article.topics.add(Topic.objects.get_or_create(slug="speed", name="Speed")[0])
    keys = [_source(number).key for number in range(1, SOURCES + 1)]
    for number in range(FACTS):
        article.facts.create(
            characteristic=f"Characteristic {number}",
            value=f"{sentence(chance, 18)}[@{chance.choice(keys)}]",
            as_of=date(2026, 11, 1),
        )
    for number in range(SECTIONS):
        article.sections.create(heading=f"Section {number}", body=_body(chance, keys))
    _events_and_questions(article, chance, keys)
    change_slug(article, slug, by=None)
    publication = publish(record(article, by=None), by=None, change_note="Measured.")
    _comment(article, publication, comments, chance)
    return article


def sentence(chance: random.Random, words: int) -> str:
    """Return a sentence of so many words, without meaning."""
    return f"{' '.join(chance.choices(WORDS, k=words)).capitalize()}."


def _source(number: int) -> Source:
    return Source.objects.get_or_create(
        key=f"source-{number}",
        defaults={
            "title": f"Source {number}",
            "publisher": "The archive",
            "url": f"https://archive.example/{number}",
        },
    )[0]


def _body(chance: random.Random, keys: list[str]) -> str:
    paragraphs = [
        f"{sentence(chance, WORDS_A_SECTION // 4)} [@{chance.choice(keys)}, p. 3: its words]"
        for _ in range(4)
    ]
    return "\n\n".join(paragraphs)


def _events_and_questions(article: Article, chance: random.Random, keys: list[str]) -> None:
    for number in range(EVENTS):
        Event.objects.create(
            article=article,
            title=f"Event {number}",
            date=f"{1900 + number}-05-0{1 + number % 9}",
            text=f"{sentence(chance, 20)}[@{chance.choice(keys)}]",
            kind="Treaty",
            actors=["One side", "The other"],
        )
    for number in range(ANSWERS):
        Question.objects.create(
            article=article,
            question=f"Question {number}?",
            answer=f"{sentence(chance, 40)}[@{chance.choice(keys)}]",
        )


def _comment(article: Article, publication, count: int, chance: random.Random) -> None:
    now = timezone.now()
    first = (Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    rows, root = [], None
    for number in range(count):
        pk = first + number
        body = f"{sentence(chance, 30)}\n\n{sentence(chance, 12)}"
        row = Comment(
            pk=pk,
            article=article,
            publication=publication,
            parent=root if number % 4 == 3 else None,
            name=f"Reader {number}",
            body=body,
            body_html=render_plain(body),
            state=Comment.State.APPROVED,
            has_place=True,
            created_at=now - timedelta(minutes=count - number),
            decided_at=now,
        )
        row.path = (root.path if row.parent else "") + f"{pk:0{STEP}}"
        if row.parent:
            root.replies_shown += 1
        root = row if row.parent is None else root
        rows.append(row)
    Comment.objects.bulk_create(rows, batch_size=500)
    with connection.cursor() as cursor:
        # The keys were given, so the database is told to go on behind them.
        for statement in connection.ops.sequence_reset_sql(no_style(), [Comment]):
            cursor.execute(statement)
    Discussion.objects.create(article=article, shown=count)
    touch(comments_stamp(article.uid))
