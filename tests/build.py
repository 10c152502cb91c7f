"""Builders: each makes one thing that is complete and valid, keywords change what matters.

The cast: ``editor`` may publish and moderate, ``author`` may only write,
``reviewer`` reads and approves, and ``stranger`` has an account without any right.
"""

import io
import itertools
from datetime import date
from typing import Any

from django.contrib.auth.models import Permission, User
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from PIL import Image as Picture

from articles.addressing import change_slug
from articles.deeds import publish
from articles.models import Article, Correction, Fact, Publication, Revision, Section
from articles.recording import record
from comments.models import Comment
from comments.states import insert
from faq.models import Question
from library.models import Image, Person, Source, Topic
from library.pictures import read_picture, store
from publishing.markup.comments import render_comment
from timeline.models import Event

_numbers = itertools.count(1)

WRITING = [
    f"{deed}_{model}"
    for model in (
        "article", "fact", "section", "seealso", "correction", "event", "question",
        "person", "image", "source", "topic",
    )
    for deed in ("view", "add", "change", "delete")
] + ["add_remark", "add_draftlink"]  # fmt: skip
READING = [right for right in WRITING if right.startswith("view_")]
PUBLISHING = ["publish_article", "review_article", "moderate_comment", "view_comment",
              "change_comment", "view_feedback", "view_discussionrules", "change_discussionrules",
              "view_ban", "change_ban", "view_review", "view_publication"]  # fmt: skip


def user(username: str, *permissions: str, **fields: Any) -> User:
    """Make an account of the newsroom with the rights named."""
    made = User.objects.create_user(username, password="secret", is_staff=True, **fields)
    made.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return made


def editor(username: str = "editor", **fields: Any) -> User:
    """Somebody who may write, publish and moderate."""
    return user(username, *WRITING, *PUBLISHING, **fields)


def author(username: str = "author", **fields: Any) -> User:
    """Somebody who may write, and neither publish nor moderate."""
    return user(username, *WRITING, **fields)


def reviewer(username: str = "reviewer", **fields: Any) -> User:
    """Somebody who reads drafts, leaves remarks and approves, and changes no word."""
    return user(username, *READING, "review_article", "add_remark", "add_draftlink", **fields)


def stranger(username: str = "stranger") -> User:
    """Somebody with an account and no rights."""
    return user(username)


def topic(**fields: Any) -> Topic:
    number = next(_numbers)
    return Topic.objects.create(**{"name": f"Topic {number}", "slug": f"topic-{number}", **fields})


def person(**fields: Any) -> Person:
    number = next(_numbers)
    return Person.objects.create(
        **{"name": f"Desk {number}", "slug": f"desk-{number}", "credentials": "Editors", **fields}
    )


def source(**fields: Any) -> Source:
    number = next(_numbers)
    return Source.objects.create(
        **{
            "key": f"source-{number}",
            "title": f"Source {number}",
            "publisher": "The archive",
            "url": f"https://archive.example/{number}",
            "accessed_on": date(2026, 11, 1),
            **fields,
        }
    )


def picture(colour: str = "teal", *, form: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    """Return the bytes of a small picture."""
    written = io.BytesIO()
    Picture.new("RGB", size, colour).save(written, form)
    return written.getvalue()


def image(colour: str = "teal", **fields: Any) -> Image:
    stored = read_picture(picture(colour))
    return Image.objects.create(
        **{
            "file": store(stored),
            "digest": stored.digest,
            "width": stored.width,
            "height": stored.height,
            "alt": f"A field of {colour}",
            "credit": "On Record",
            **fields,
        }
    )


def article(slug: str = "", **fields: Any) -> Article:
    """Make an article complete enough to be published: one fact, one section."""
    number = next(_numbers)
    made = Article.objects.create(
        **{
            "title": f"Article {number}",
            "question": f"What is article {number}?",
            "short_answer": f"It is number {number}.",
            "summary": "A summary of two sentences. This is the second.",
            **fields,
        }
    )
    made.written_by.add(person())
    made.topics.add(topic())
    fact(made)
    section(made)
    change_slug(made, slug or f"article-{number}", by=None)
    return made


def fact(article: Article, **fields: Any) -> Fact:
    return Fact.objects.create(
        article=article,
        **{
            "characteristic": f"Characteristic {next(_numbers)}",
            "value": "A value.",
            "as_of": date(2026, 11, 1),
            **fields,
        },
    )


def section(article: Article, **fields: Any) -> Section:
    number = next(_numbers)
    return Section.objects.create(
        article=article, **{"heading": f"Heading {number}", "body": f"Text {number}.", **fields}
    )


def correction(article: Article, **fields: Any) -> Correction:
    number = next(_numbers)
    return Correction.objects.create(
        article=article,
        **{
            "wrong": f"It was in {number}.",
            "right": f"It was in {number + 1}.",
            "corrected_on": date(2026, 11, 20),
            **fields,
        },
    )


def event(article: Article, **fields: Any) -> Event:
    number = next(_numbers)
    return Event.objects.create(
        article=article,
        **{"title": f"Event {number}", "date": "1917-12-06", "text": "It happened.", **fields},
    )


def question(article: Article, **fields: Any) -> Question:
    number = next(_numbers)
    return Question.objects.create(
        article=article, **{"question": f"Question {number}?", "answer": "Yes.", **fields}
    )


def full_article(slug: str = "", **fields: Any) -> Article:
    """Make an article with every kind of row, a cited source and a picture."""
    made = article(slug, **fields)
    cited = source()
    made.image = image("navy")
    made.save()
    section(made, body=f"Cited [@{cited.key}, p. 3: its own words].", image=image("olive"))
    fact(made, value=f"A cited value.[@{cited.key}]")
    event(made, date="1809/1917", title="In force", state="In force", state_shape="force")
    event(made, date="1917/1933", title="Interrupted", state="Interrupted", state_shape="break")
    event(made, text=f"Cited.[@{cited.key}]", kind="Treaty", actors=["United States", "Russia"])
    question(made, answer=f"Yes.[@{cited.key}]", as_of=date(2026, 11, 1)).topics.add(topic())
    correction(made, noticed_by="A reader", right=f"It was later.[@{cited.key}]")
    made.seealsos.create(url="https://elsewhere.example/", label="Elsewhere", note="A guide")
    return made


def revision(article: Article, *, by: User | None = None) -> Revision:
    return record(article, by=by)


def published(article: Article, *, by: User | None = None, **options: Any) -> Publication:
    """Record the article as it is and publish it."""
    return publish(record(article, by=by), by=by, **{"change_note": "First published.", **options})


def published_article(slug: str = "", **fields: Any) -> Article:
    """Make an article and publish it."""
    made = article(slug, **fields)
    published(made)
    return made


def comment(article: Article, state: str = "approved", **fields: Any) -> Comment:
    """Make a comment on what is live of the article, shown unless ``state`` says otherwise."""
    number = next(_numbers)
    live = article.publications.live().first() or article.publications.first()
    made = Comment(
        article=article,
        publication=live,
        **{
            "name": f"Reader {number}",
            "body": f"Comment {number}.",
            "created_at": timezone.now(),
            **fields,
        },
    )
    made.body_html = render_comment(made.body)
    made.state = state
    with transaction.atomic():
        insert(made, at=made.created_at)
    return made


def stored_files() -> list[str]:
    """Return the names of the pictures in the storage."""
    folders, _files = default_storage.listdir("images")
    return [
        f"images/{folder}/{name}"
        for folder in folders
        for name in default_storage.listdir(f"images/{folder}")[1]
    ]
