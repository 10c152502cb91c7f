"""A site with a large timeline: explainers of a hundred events each, through the site's own deeds.

Each was published three times before, which is written past the deeds: what was replaced stands in
the same tables as what is live. Dates reach back a thousand years, and are the denser the nearer;
seven of ten are days, the others months, years, periods, or about right. Eight kinds, forty actors.

python -m benchmarks.timeline_site makes as many events as BENCHMARK_EVENTS says.
"""

import json
import os
import random
from datetime import date, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  (what follows needs the settings)
from django.db import connection  # noqa: E402

from articles.addressing import change_slug  # noqa: E402
from articles.deeds import publish  # noqa: E402
from articles.models import Article, Publication, PublishedTopic  # noqa: E402
from articles.recording import record  # noqa: E402
from benchmarks.article import sentence  # noqa: E402
from library.models import Person, Topic  # noqa: E402
from publishing.dates import parse_date  # noqa: E402
from timeline.models import Event, PublishedActor, PublishedEvent  # noqa: E402

EVENTS_AN_ARTICLE = 100
TIMES_BEFORE = 3
TOPICS = 12
KINDS = ("Treaty", "Talks", "Statement", "Mission", "Visit", "Death", "Recognition", "Sanction")
ACTORS = [f"State {number}" for number in range(1, 41)]


def make(events: int) -> None:
    """Make a site of its own, with so many events before readers."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    add(events)


def add(events: int) -> None:
    """Publish so many more, in as many explainers as they need."""
    topics = [
        Topic.objects.get_or_create(slug=f"topic-{number}", name=f"Topic {number}")[0]
        for number in range(TOPICS)
    ]
    desk = Person.objects.get_or_create(slug="desk", name="Desk")[0]
    first = Article.objects.count()
    for number in range(first, first + events // EVENTS_AN_ARTICLE):
        chance = random.Random(number)
        article = _article(number, chance)
        article.written_by.add(desk)
        article.topics.set({topics[number % TOPICS], chance.choice(topics)})
        Event.objects.bulk_create(
            _event(article, place, chance) for place in range(EVENTS_AN_ARTICLE)
        )
        live = publish(record(article, by=None), by=None, change_note="Measured.")
        _write_past(live)
    if connection.vendor == "postgresql":
        # As it does by itself a minute after much was written.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _article(number: int, chance: random.Random) -> Article:
    article = Article.objects.create(
        title=f"Explainer {number}: {sentence(chance, 4)}",
        question="What happened, and when?",
        short_answer=sentence(chance, 14),
        summary=sentence(chance, 40),
    )
    article.facts.create(characteristic="Events", value="Many.", as_of=date(2026, 11, 1))
    article.sections.create(heading="What happened", body=sentence(chance, 60))
    change_slug(article, f"explainer-{number}", by=None)
    return article


def _event(article: Article, place: int, chance: random.Random) -> Event:
    when = parse_date(_date(chance))
    return Event(
        article=article,
        position=place,
        anchor=f"event-{place}",
        title=f"Event {place}: {sentence(chance, 6)}",
        date=when.edtf,
        # As saving each by itself derives them.
        lower=when.lower,
        upper=when.upper,
        precision=when.precision,
        text=sentence(chance, 25),
        kind=chance.choice(KINDS),
        actors=chance.sample(ACTORS, chance.choice((1, 1, 2, 3))),
    )


def _date(chance: random.Random) -> str:
    year = 2025 - int(1000 * chance.random() ** 3)
    month, day = chance.randint(1, 12), chance.randint(1, 28)
    forms = (
        f"{year:04}-{month:02}-{day:02}",
        f"{year:04}-{month:02}",
        f"{year:04}",
        f"{year:04}~",
        f"{year - chance.randint(1, 30):04}/{year:04}",
    )
    return chance.choices(forms, (7, 1, 1, 0.5, 0.5))[0]


def _write_past(live: Publication) -> None:
    """Write the publications before this one, each with the same rows, and over."""
    rows = list(live.publishedevents.order_by("pk"))
    topics, key, begins = list(live.publishedtopics.all()), live.pk, live.goes_live_at
    Publication.objects.filter(pk=key).update(number=TIMES_BEFORE + 1)
    for number in range(1, TIMES_BEFORE + 1):
        before = Publication.objects.get(pk=key)
        before.pk, before.number = None, number
        before.goes_live_at = begins - timedelta(days=30 * (TIMES_BEFORE + 1 - number))
        before.ends_at = before.goes_live_at + timedelta(days=30)
        before.save(force_insert=True)
        for row in (*rows, *topics):
            row.pk, row.publication = None, before
        PublishedTopic.objects.bulk_create(topics)
        PublishedActor.objects.bulk_create(
            PublishedActor(event=event, name=name)
            for event in PublishedEvent.objects.bulk_create(rows)
            for name in event.shown["actors"]
        )


if __name__ == "__main__":
    make(int(os.environ["BENCHMARK_EVENTS"]))
    print(json.dumps({"database": connection.display_name}))
