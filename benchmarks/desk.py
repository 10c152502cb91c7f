"""Ask every page of the desk with much content behind it, in this process, as an administrator.

Run in the benchmark's own environment, as benchmarks/run does. The content is
written row by row into the tables, past the deeds: 50 revisions of 60 KB for
each article would take the deeds an hour. Texts are shared between articles;
every article has facts, sections, events, questions, publications, comments
and feedback.
"""

import json
import os
import statistics
import time
import uuid
from datetime import date, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402  (what follows needs the settings)
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles.documents import prepare, read_document, search_text  # noqa: E402
from articles.models import (  # noqa: E402
    Address,
    Article,
    AuditEntry,
    Citation,
    Fact,
    Publication,
    Revision,
    Section,
)
from benchmarks.article import standard_article  # noqa: E402
from comments.models import STEP, Comment, Feedback  # noqa: E402
from faq.models import Question  # noqa: E402
from library.models import Person, Source, Topic  # noqa: E402
from publishing.canonical import canonical_json  # noqa: E402
from timeline.models import Event  # noqa: E402
from website.models import SavedFilter  # noqa: E402

SIZES = (100, 1_000)
REVISIONS, PUBLICATIONS, FACTS, EVENTS, QUESTIONS, COMMENTS, ANSWERS = 50, 3, 5, 20, 6, 10, 20
SOURCES, EDITORS = 500, 12
AT_ONCE = 500
ROUNDS = 5
# The goal: a page within so many milliseconds, whatever it stands on.
MOST = 200


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    standard = standard_article("standard", comments=200)
    people = editors()
    library()
    asked: dict[str, dict[str, Any]] = {}
    for size in SIZES:
        fill(standard, size - Article.objects.count(), people)
        call_command("rebuild_search", missing=True, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        client = Client()
        client.force_login(people[0])
        for name, address in pages(standard).items():
            asked.setdefault(name, {})[str(size)] = ask(client, address)
    print(json.dumps({"pages": asked, "database": connection.display_name, "most": MOST}))


def ask(client: Client, address: str) -> tuple[float, float, int]:
    """Return what a page takes, by the clock and of the CPU, in milliseconds, and its queries.

    Medians. The second moves less when other programs use the machine, and
    leaves out what a database in another process takes.
    """
    client.get(address, headers={"host": "127.0.0.1"})
    taken, used = [], []
    for _ in range(ROUNDS):
        begun, own = time.perf_counter(), time.process_time()
        response = client.get(address, headers={"host": "127.0.0.1"})
        taken.append((time.perf_counter() - begun) * 1000)
        used.append((time.process_time() - own) * 1000)
        assert response.status_code == 200, (address, response.status_code)
    with CaptureQueriesContext(connection) as captured:
        client.get(address, headers={"host": "127.0.0.1"})
    return statistics.median(taken), statistics.median(used), len(captured)


def pages(article: Article) -> dict[str, str]:
    """Return the pages of the desk that show more the more there is, and those of one article."""
    own = f"/admin/articles/article/{article.pk}"
    waiting = Comment.objects.waiting().first()
    event, question = Event.objects.earliest("pk"), Question.objects.earliest("pk")
    source, person = Source.objects.earliest("pk"), Person.objects.earliest("pk")
    lists = ["articles/article", "timeline/event", "faq/question", "comments/comment",
             "comments/feedback", "library/source", "library/person", "library/topic",
             "library/image", "articles/auditentry", "auth/user",
             "website/savedfilter"]  # fmt: skip
    trays = ["my-drafts", "going-live", "reviews-due", "old-facts", "old-events", "old-answers",
             "comments-waiting", "unhelpful"]  # fmt: skip
    found = {
        "first page": "/admin/",
        **{f"list of {one}": f"/admin/{one}/" for one in lists},
        "explainers, page 2": "/admin/articles/article/?p=2",
        "explainers, changed": "/admin/articles/article/?state=changed",
        "explainers, by editor": f"/admin/articles/article/?editor={User.objects.latest('pk').pk}",
        "explainers, searched": "/admin/articles/article/?q=state+17",
        "explainers, by title": "/admin/articles/article/?o=1",
        "events, searched": "/admin/timeline/event/?q=office",
        "comments, all": "/admin/comments/comment/?state=all",
        "search everything": "/admin/find/?q=state",
        "search for one thing": "/admin/find/?q=standard+17",
        "readers' search": "/search/?q=state",
        "readers' search, two words": "/search/?q=state+office",
        "readers' search, misspelled": "/search/?q=zsate",
        "readers' suggestions": "/search/suggestions.json?q=sta",
        **{f"tray {one}": f"/admin/desk/{one}/" for one in trays},
        "article, form": f"{own}/change/",
        "article, history": f"{own}/history/",
        "article, preview": f"{own}/preview/",
        "article, compare": f"{own}/revisions/2/compare/?with=1",
        "article, publish": f"{own}/publish/",
        "article, schedule": f"{own}/schedule/",
        "article, withdraw": f"{own}/withdraw/",
        "article, restore": f"{own}/revisions/1/restore/",
        "article, redact": f"{own}/redact/",
        "article, how it does": f"{own}/doing/",
        "event, form": f"/admin/timeline/event/{event.pk}/change/",
        "question, form": f"/admin/faq/question/{question.pk}/change/",
        "source, form": f"/admin/library/source/{source.pk}/change/",
        "person, form": f"/admin/library/person/{person.pk}/change/",
        "choose a source": "/admin/library/source/choose/?q=state",
        "choose an article": "/admin/articles/article/choose/?q=17",
    }
    if waiting:
        found["comment, page"] = f"/admin/comments/comment/{waiting.pk}/change/"
    return found


# The content


def editors() -> list[User]:
    """Make an administrator and a newsroom of editors."""
    chief = User.objects.create_superuser("chief", "chief@newsroom.example", "secret")
    SavedFilter.objects.create(
        owner=chief, list="articles.article", query="state=live", name="Live", is_shared=True
    )
    return [chief, *(User.objects.create_user(f"editor-{number}") for number in range(EDITORS))]


def library() -> None:
    """Make the sources that nobody reads one by one."""
    Source.objects.bulk_create(
        Source(key=f"paper-{number}", title=f"Paper {number} of the state office")
        for number in range(SOURCES)
    )
    Topic.objects.bulk_create(
        Topic(name=f"Topic {number}", slug=f"topic-{number}") for number in range(30)
    )


def fill(standard: Article, count: int, people: list[User]) -> None:
    """Make ``count`` more articles like the standard one, a hundred at a time."""
    content = canonical_json(read_document(standard))
    # As long as a long explainer, and the same words over and over.
    content += " " * max(0, 60_000 - len(content))
    if not Revision.objects.filter(article=standard, number=2).exists():
        whole_past(standard, people)
    document = read_document(standard)
    shown = {"prepared": prepare(document), "search_text": search_text(document)}
    first = Article.objects.count()
    for begin in range(first, first + count, 100):
        numbers = range(begin, min(begin + 100, first + count))
        fill_some(numbers, content, shown, people)


def whole_past(standard: Article, people: list[User]) -> None:
    """Give the standard article 50 revisions too, each a document that can be compared."""
    latest = standard.latest_revision
    Revision.objects.bulk_create(
        Revision(
            article=standard,
            number=latest.number + number,
            content=latest.content.replace("What does a page cost?", f"What costs {number}?"),
            digest=f"{number:064}",
            created_at=timezone.now(),
            created_by=people[number % len(people)],
        )
        for number in range(1, REVISIONS)
    )


def fill_some(numbers: range, content: str, shown: dict[str, Any], people: list[User]) -> None:
    now = timezone.now()
    articles = Article.objects.bulk_create(
        Article(
            title=f"The standard article {number}",
            question=f"What does page {number} cost?",
            short_answer="The state note was read by both.",
            summary="Capital treaty reply of record. " * 8,
            review_due_on=date(2026, 1, 1) + timedelta(days=number) if number % 10 == 0 else None,
        )
        for number in numbers
    )
    Address.objects.bulk_create(
        Address(article=article, slug=f"standard-article-{number}")
        for article, number in zip(articles, numbers, strict=True)
    )
    write_rows(articles)
    write_past(articles, content, shown, people, now)
    write_readers(articles, now)


def write_rows(articles: list[Article]) -> None:
    """Write facts, sections, events, questions and citations of articles."""
    old = timezone.localdate() - timedelta(days=400)
    paper = Source.objects.get(key="paper-1")
    Fact.objects.bulk_create(
        Fact(article=article, position=n, characteristic=f"Characteristic {n}", anchor=f"fact-{n}",
             value="A value of record.", as_of=old + timedelta(days=n * 60))
        for article in articles for n in range(1, FACTS + 1)
    )  # fmt: skip
    Section.objects.bulk_create(
        Section(article=article, position=n, heading=f"Section {n}", anchor=f"section-{n}",
                body="The state note envoy between capital treaty reply. " * 60)
        for article in articles for n in range(1, 9)
    )  # fmt: skip
    Event.objects.bulk_create(
        Event(article=article, position=n, title=f"Event {n}", date=f"19{n:02}", lower=700_000 + n,
              upper=700_300 + n, precision="year", anchor=f"event-{n}", kind="Treaty",
              text="Answered without a day. " * 12, as_of=old if n == 1 else None)
        for article in articles for n in range(1, EVENTS + 1)
    )  # fmt: skip
    Question.objects.bulk_create(
        Question(article=article, position=n, question=f"Question {n}?", anchor=f"question-{n}",
                 answer="Neither side of this matter. " * 10, as_of=old if n == 1 else None)
        for article in articles for n in range(1, QUESTIONS + 1)
    )  # fmt: skip
    Citation.objects.bulk_create(
        Citation(article=article, source=paper, part="facts", row_uid=uuid.uuid4(), row_title="A",
                 position=n)
        for article in articles for n in range(1, 6)
    )  # fmt: skip


def write_past(
    articles: list[Article],
    content: str,
    shown: dict[str, Any],
    people: list[User],
    now: Any,
) -> None:
    """Write 50 revisions and three publications of each article; the last is live."""
    for article in articles:
        revisions = Revision.objects.bulk_create(
            Revision(
                article=article,
                number=number,
                content=content,
                digest=f"{article.pk:032}{number:032}",
                created_at=now - timedelta(days=REVISIONS - number, seconds=article.pk),
                created_by=people[(article.pk + number) % len(people)],
            )
            for number in range(1, REVISIONS + 1)
        )
        # Every fifth has changes that are not published; every tenth was never published.
        last = REVISIONS - (5 if article.pk % 5 == 0 else 0)
        if article.pk % 10 != 0:
            publish(article, [revisions[last - 1 - back] for back in (20, 10, 0)], shown, now)
    AuditEntry.objects.bulk_create(
        AuditEntry(at=now, deed="published", user_name="chief", article_uid=article.uid, revision=n)
        for article in articles
        for n in range(PUBLICATIONS)
    )


def publish(article: Article, revisions: list[Revision], shown: dict[str, Any], now: Any) -> None:
    begins = [
        now - timedelta(days=back, seconds=article.pk) for back in (90, 40, 1 + article.pk % 9)
    ]
    # One in fifty waits for its time.
    waits = article.pk % 50 == 1
    moments = [*begins, now + timedelta(days=1, seconds=article.pk)] if waits else begins
    chosen = [*revisions, revisions[-1]] if waits else revisions
    ends = [*moments[1:], None]
    Publication.objects.bulk_create(
        Publication(
            article=article,
            revision=revision,
            number=number,
            goes_live_at=begin,
            ends_at=end,
            change_note="Measured.",
            created_at=begin,
            digest=revision.digest,
            title=article.title,
            question=article.question,
            short_answer=article.short_answer,
            summary=article.summary,
            first_published_at=moments[0],
            updated_at=begin,
            **shown,
        )
        for number, (revision, begin, end) in enumerate(
            zip(chosen, moments, ends, strict=True), start=1
        )
    )


def write_readers(articles: list[Article], now: Any) -> None:
    """Write comments, some of which wait, and feedback."""
    live = {
        one.article_id: one
        for one in Publication.objects.live().filter(article__in=articles).only("article")
    }
    read = [article for article in articles if article.pk in live]
    Comment.objects.bulk_create(
        Comment(
            article=article,
            publication=live[article.pk],
            path=f"{n:0{STEP}}",
            state=Comment.State.PENDING if n == 1 else Comment.State.APPROVED,
            has_place=n != 1,
            name=f"Reader {n}",
            body="The archive had been read by both and neither side.",
            body_html="<p>The archive had been read by both and neither side.</p>",
            created_at=now - timedelta(days=n * 9),
            decided_at=None if n == 1 else now,
        )
        for article in read
        for n in range(1, COMMENTS + 1)
    )
    Feedback.objects.bulk_create(
        (
            Feedback(
                article=article,
                publication=live[article.pk],
                helped=n % 4 != 0 if article.pk % 20 else n % 4 == 0,
                created_at=now - timedelta(days=n * 4),
            )
            for article in read
            for n in range(ANSWERS)
        ),
        batch_size=AT_ONCE,
    )


if __name__ == "__main__":
    main()
