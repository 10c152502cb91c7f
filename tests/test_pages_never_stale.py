"""Every public page is right on the first request after any deed, and at any moment after it.

What is kept is compared with what plain Django makes at the same moment: byte
for byte, headers included.
"""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from articles.addressing import change_slug
from articles.deeds import Scheduled, cancel, expire, publish, schedule, withdraw
from articles.models import Article, Publication
from articles.page import ArticlePage
from articles.recording import record
from articles.redacting import redact
from comments.models import Comment
from comments.moderating import answer, approve, reject
from comments.writing import delete, mend
from publishing.door import Door
from publishing.pages import kept
from tests import build
from tests.asking import Answer, ask
from tests.test_leaks import public_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keep_connection")]

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)
# What was last true on this day is due for a check a few days after NOON.
FIRST_DAY = date(2026, 5, 28)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def site():
    """Ask as readers do, at the door."""
    application = Door(get_wsgi_application())
    return lambda address, **options: ask(application, address, **options)


@pytest.fixture
def plain(monkeypatch):
    """Ask for what plain Django makes now, with nothing from memory."""
    application = get_wsgi_application()

    def made_now(address: str, **options: str) -> Answer:
        with monkeypatch.context() as changed:
            changed.setattr(settings, "PAGE_CACHE", False)
            return ask(application, address, **options)

    return made_now


# The same in every way


WAYS = [
    {},
    {"method": "HEAD"},
    {"accept_encoding": "gzip"},
    {"accept_encoding": "gzip", "method": "HEAD"},
    {"if_none_match": "*"},
    {"if_none_match": '"other"', "accept_encoding": "br, gzip"},
]


def test_kept_at_the_door_kept_inside_django_and_made_anew_are_the_same(site, plain, clock):
    article = build.full_article("first")
    build.published(article)
    change_slug(article, "first-renamed", by=None)
    build.published(article, change_note="Renamed.")
    comment = build.comment(article)
    inside = get_wsgi_application()
    addresses = [*public_addresses(article, comment), "/articles/first/", "/nothing/", "/?page=2"]
    statuses = set()

    for address in addresses:
        for way in WAYS:
            fresh = plain(address, **way)
            site(address)
            assert site(address, **way) == fresh, (address, way)
            assert ask(inside, address, **way) == fresh, (address, way)
            statuses.add(fresh.status)

    assert statuses >= {200, 301, 304, 404}


def test_no_slot_is_left_open_in_any_answer(site, clock):
    article = build.full_article("first")
    build.published(article)
    comment = build.comment(article)

    for address in public_addresses(article, comment):
        answer = site(address)
        if "html" in answer["Content-Type"]:
            assert "\x00" not in answer.text


# Deeds


class Newsroom:
    """Two articles, one leading to the other, and everything that can be done to them.

    Each deed is a method; one that is not possible at the moment does nothing.
    """

    def __init__(self) -> None:
        self.editor = build.editor()
        self.first = build.full_article("first", comments_until=NOON + 50 * HOUR)
        self.second = build.article("second")
        self.person, self.topic = self.first.written_by.get(), self.first.topics.get()
        self.second.written_by.set([self.person])
        self.second.topics.set([self.topic])
        self.first.seealsos.create(target=self.second, note="Read on")
        build.event(self.second, date="1933-11-16", as_of=date(2026, 6, 1))
        self.comment = None
        self.changes = 0
        self.slugs = ["first", "second"]

    def change(self, article: Article) -> Article:
        self.changes += 1
        article.title = f"Title {self.changes}"
        article.save()
        article.facts.update(as_of=FIRST_DAY + timedelta(days=self.changes))
        return article

    def publish_first(self) -> None:
        self._publish(self.first)

    def publish_second(self) -> None:
        self._publish(self.second)

    def publish_for_an_hour(self) -> None:
        self._publish(self.first, expires_at=datetime.now(UTC) + HOUR)

    def schedule_first(self) -> None:
        self._schedule(self.first)

    def schedule_second(self) -> None:
        self._schedule(self.second)

    def cancel_what_waits(self) -> None:
        for publication in self._waiting():
            cancel(publication, by=None)

    def withdraw_first(self) -> None:
        if self.first.publications.filter(cancelled_at=None).exists():
            withdraw(self.first, by=None)

    def withdraw_second_and_keep_its_history(self) -> None:
        if self.second.publications.filter(cancelled_at=None).exists():
            withdraw(self.second, by=None, keep_history=True)

    def let_second_expire(self) -> None:
        for publication in self.second.publications.live():
            expire(publication, at=datetime.now(UTC) + HOUR, by=None)

    def rename_first(self) -> None:
        self.slugs.append(f"first-{len(self.slugs)}")
        change_slug(self.first, self.slugs[-1], by=None)

    def write_a_comment(self) -> None:
        if self.first.publications.live().exists():
            self.comment = build.comment(self.first, state="pending")

    def approve_it(self) -> None:
        if self.comment:
            approve([self.comment], by=self.editor)

    def reject_it(self) -> None:
        if self.comment:
            reject([self.comment], by=self.editor)

    def answer_it(self) -> None:
        if self._shown_comment():
            answer(self.comment, body="Thank you.", by=self.editor)

    def mend_it(self) -> None:
        if self._shown_comment() and self.comment.may_be_mended():
            mend(self.comment, name="Ada", email="", body=f"Better {self.changes}.")

    def delete_it(self) -> None:
        if self._shown_comment() and self.comment.may_be_mended():
            delete(self.comment)

    def redact_second(self) -> None:
        self.changes += 1
        if any("It happened." in revision.content for revision in self.second.revisions.all()):
            redact(self.second, passages=["It happened."], reason="An order of the court.", by=None)

    def wait_an_instant(self) -> None:
        """Only the clock goes on."""

    @property
    def addresses(self) -> list[str]:
        """What may be public, under every address that an article ever had."""
        found = ["/", "/articles/", "/timeline/", "/faq/"]
        found += [f"/people/{self.person.slug}/", f"/topics/{self.topic.slug}/"]
        found += [f"/comments/{comment.pk}/" for comment in Comment.objects.all()]
        for slug in self.slugs:
            below = ["/", ".json", "/history/", "/history/1/", "/history/2/changes/", "/comments/"]
            found += [f"/articles/{slug}{rest}" for rest in below]
        return found

    def _publish(self, article: Article, **options) -> None:
        revision = record(self.change(article), by=None)
        publish(revision, by=None, change_note="Changed.", scheduled=Scheduled.CANCEL, **options)

    def _schedule(self, article: Article) -> None:
        moment = datetime.now(UTC) + HOUR
        if not article.publications.filter(goes_live_at=moment, cancelled_at=None).exists():
            revision = record(self.change(article), by=None)
            schedule(revision, goes_live_at=moment, by=None, change_note="Later.")

    def _waiting(self):
        return Publication.objects.filter(goes_live_at__gt=datetime.now(UTC), cancelled_at=None)

    def _shown_comment(self) -> bool:
        if self.comment:
            self.comment.refresh_from_db()
        return self.comment is not None and self.comment.state == Comment.State.APPROVED


DEEDS: list[Callable[[Newsroom], None]] = [
    deed
    for name, deed in vars(Newsroom).items()
    if callable(deed) and not name.startswith("_") and name != "change"
]
WAITING = [timedelta(0), INSTANT, HOUR - INSTANT, INSTANT, HOUR, 3 * HOUR, timedelta(days=70)]


def assert_right(newsroom: Newsroom, site, plain, after: str) -> None:
    for address in newsroom.addresses:
        assert site(address) == plain(address), f"{address} after {after}"


def test_every_page_is_right_after_each_deed(site, plain, clock):
    newsroom = Newsroom()
    for deed in [
        Newsroom.publish_second, Newsroom.publish_first, Newsroom.write_a_comment,
        Newsroom.approve_it, Newsroom.mend_it, Newsroom.approve_it, Newsroom.answer_it,
        Newsroom.reject_it, Newsroom.approve_it, Newsroom.delete_it, Newsroom.rename_first,
        Newsroom.schedule_first, Newsroom.cancel_what_waits, Newsroom.redact_second,
        Newsroom.withdraw_second_and_keep_its_history, Newsroom.publish_second,
        Newsroom.let_second_expire, Newsroom.withdraw_first, Newsroom.publish_for_an_hour,
    ]:  # fmt: skip
        deed(newsroom)
        assert_right(newsroom, site, plain, deed.__name__)
        clock.shift(INSTANT)

    assert kept.bytes > 0


def test_every_page_is_right_at_each_moment_at_which_something_changes_by_itself(
    site, plain, clock
):
    newsroom = Newsroom()
    newsroom.publish_second()
    newsroom.publish_first()
    newsroom.schedule_second()
    clock.shift(HOUR / 2)
    newsroom.schedule_first()
    newsroom.publish_for_an_hour()
    moments = {
        moment + shift
        for publication in Publication.objects.filter(cancelled_at=None)
        for moment in (publication.goes_live_at, publication.ends_at)
        if moment and moment > datetime.now(UTC)
        for shift in (-INSTANT, timedelta(0))
    }
    for moment in sorted(moments):
        clock.move_to(moment)
        assert_right(newsroom, site, plain, str(moment))


def test_every_page_is_right_when_comments_close_and_when_a_fact_is_due_for_a_check(
    site, plain, clock
):
    newsroom = Newsroom()
    newsroom.publish_second()
    newsroom.publish_first()
    end_of_day = datetime.combine(FIRST_DAY, datetime.max.time(), tzinfo=UTC)
    due = [end_of_day + timedelta(days=180 + days) for days in range(4)]
    changes = [newsroom.first.comments_until, *due]
    for moment in [NOON, *(moment + shift for moment in changes for shift in (-INSTANT, INSTANT))]:
        clock.move_to(moment)
        assert_right(newsroom, site, plain, str(moment))
    assert "Due for a check" in site("/articles/first/").text


@pytest.mark.parametrize("seed", [1803, 1917])
def test_every_page_is_right_after_deeds_in_any_order(site, plain, clock, seed):
    choice = random.Random(seed)
    newsroom = Newsroom()
    newsroom.publish_second()
    for _ in range(12):
        deed = choice.choice(DEEDS)
        deed(newsroom)
        clock.shift(choice.choice(WAITING))
        assert_right(newsroom, site, plain, deed.__name__)


# The body and its discussion


@pytest.fixture
def bodies(monkeypatch):
    """The titles of the bodies that were rendered."""
    titles = []
    render = ArticlePage.render

    def counted(page):
        titles.append(page.title)
        return render(page)

    monkeypatch.setattr(ArticlePage, "render", counted)
    return titles


def test_a_comment_approved_is_shown_without_rendering_the_body_again(site, bodies, clock):
    article = build.full_article("first", title="First")
    build.published(article)
    comment = build.comment(article, state="pending", body="I was there.")
    before = site("/articles/first/").text
    approve([comment], by=build.editor())
    after = site("/articles/first/").text

    assert "I was there." not in before
    assert "I was there." in after
    assert bodies == ["First"]


def test_a_change_of_the_article_renders_the_body_again(site, bodies, clock):
    article = build.full_article("first", title="First")
    build.published(article)
    site("/articles/first/")
    article.title = "Second"
    article.save()
    clock.shift(INSTANT)
    build.published(article, change_note="A better title.")
    site("/articles/first/")

    assert bodies == ["First", "Second"]


def test_an_article_that_it_leads_to_renders_the_body_again(site, bodies, clock):
    article, other = build.full_article("first", title="First"), build.article(title="Before")
    article.seealsos.create(target=other)
    build.published(other)
    build.published(article)
    assert "Before" in site("/articles/first/").text
    other.title = "After"
    other.save()
    clock.shift(INSTANT)
    build.published(other, change_note="A better title.")

    assert "After" in site("/articles/first/").text
    assert bodies == ["First", "First"]


def test_a_vote_or_a_waiting_comment_renders_nothing_again(site, clock):
    article = build.full_article("first")
    build.published(article)
    before = site("/articles/first/")
    build.comment(article, state="pending")
    article.feedback.create(
        publication=article.publications.get(), helped=True, created_at=datetime.now(UTC)
    )

    assert site("/articles/first/") == before
