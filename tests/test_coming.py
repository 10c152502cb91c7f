"""What is coming: every publication that waits and every page that ends by itself, as a list."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.coming import Change, coming
from articles.deeds import cancel, expire, schedule, withdraw
from articles.recording import record
from tests import build, desk

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/coming/"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client():
    return desk.client_of(build.editor())


def scheduled(article, in_hours: int, **options):
    options = {"change_note": "Later.", **options}
    return schedule(
        record(article, by=None), goes_live_at=timezone.now() + in_hours * HOUR, by=None, **options
    )


def told() -> list[tuple[str, str, int]]:
    """Return (article, what happens, in how many hours)."""
    return [
        (one.publication.article.title, one.change, round((one.at - NOON) / HOUR))
        for one in coming()
    ]


def page(client) -> str:
    response = client.get(LIST)
    assert response.status_code == 200
    return response.content.decode()


def test_nothing_is_coming(client):
    build.published_article()
    assert coming() == []
    assert "Nothing is scheduled" in page(client)


def test_beginnings_and_ends_of_all_articles_are_in_one_order(client):
    one, two = build.article(title="One"), build.article(title="Two")
    scheduled(one, 5, expires_at=NOON + 9 * HOUR)
    build.published(two, expires_at=NOON + 3 * HOUR)
    scheduled(two, 7)

    assert told() == [
        ("Two", Change.ENDS, 3),
        ("One", Change.APPEARS, 5),
        ("Two", Change.CHANGES, 7),
        ("One", Change.ENDS, 9),
    ]
    text = page(client)
    assert text.index("Version 1 ends") < text.index("the page appears") < text.index("Version 2")


def test_what_is_replaced_before_its_end_does_not_end_by_itself():
    article = build.article(title="One")
    build.published(article, expires_at=NOON + 9 * HOUR)
    scheduled(article, 4)

    assert told() == [("One", Change.CHANGES, 4)]


def test_what_was_cancelled_withdrawn_or_has_happened_is_not_coming(clock):
    cancelled, withdrawn, past = (build.article() for _ in range(3))
    cancel(scheduled(cancelled, 1), by=None)
    build.published(withdrawn, expires_at=NOON + HOUR)
    scheduled(withdrawn, 2)
    withdraw(withdrawn, by=None)
    scheduled(past, 3)
    assert len(coming()) == 1

    clock.move_to(NOON + 3 * HOUR)
    assert coming() == []


def test_each_line_leads_to_the_article_its_preview_its_end_and_cancelling(client):
    article = build.article(title="One")
    publication = scheduled(article, 4, remark="The ministry knows.")

    text = page(client)

    for deed, *rest in (("change",), ("revision", 1), ("end", publication.pk),
                        ("cancel", publication.pk)):  # fmt: skip
        assert f'href="{desk.address(article, deed, *rest)}"' in text
    assert "The ministry knows." in text


def test_moments_are_told_in_the_sites_zone_with_utc_beside(client, settings):
    settings.TIME_ZONE = "Europe/Moscow"
    scheduled(build.article(), 10)

    text = page(client)

    assert "Monday, 23 November 2026" in text  # 01:00 there, while it is the 22nd in UTC
    assert "01:00" in text
    assert "22 Nov, 22:00 UTC" in text


def test_who_may_not_publish_sees_it_and_is_offered_nothing():
    article = build.article()
    publication = scheduled(article, 4)

    text = page(desk.client_of(build.author()))

    assert desk.address(article) in text
    assert desk.address(article, "cancel", publication.pk) not in text
    assert desk.address(article, "end", publication.pk) not in text


def test_an_account_without_rights_does_not_see_it():
    assert desk.client_of(build.stranger()).get(LIST).status_code == 403


def test_it_costs_the_same_however_much_is_coming(client):
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client)
        return len(queries)

    scheduled(build.article(), 1)
    page(client)
    few = count()
    for hours in range(2, 8):
        scheduled(build.article(), hours, expires_at=NOON + 100 * HOUR)
    assert count() == few


def test_no_revision_is_read_for_it(client):
    scheduled(build.article(), 1)
    with CaptureQueriesContext(connection) as queries:
        page(client)
    assert not [one["sql"] for one in queries if '"content"' in one["sql"]]
    assert not [one["sql"] for one in queries if '"prepared"' in one["sql"]]


# Moving an end


def end_of(article, client):
    publication = article.publications.get()
    return desk.open_form(client, desk.address(article, "end", publication.pk))


def test_the_end_of_a_live_page_is_set_moved_and_taken_away(client):
    article = build.published_article(title="One")
    form = end_of(article, client)
    assert form["expires_at"] == ""

    for typed, expected in (
        ("2026-11-23T09:30", datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
        ("2026-12-01T09:30", datetime(2026, 12, 1, 9, 30, tzinfo=UTC)),
        ("", None),
    ):
        form["expires_at"] = typed
        assert form.send()["Location"] == desk.address(article)
        publication = article.publications.get()
        assert (publication.expires_at, publication.ends_at) == (expected, expected)


def test_the_page_shows_the_end_that_is_set(client):
    article = build.published_article()
    expire(article.publications.get(), at=NOON + 24 * HOUR, by=None)

    assert end_of(article, client)["expires_at"] == "2026-11-23T12:00"
    page = client.get(desk.address(article)).content.decode()
    assert "Change its end" in page


@pytest.mark.parametrize("typed", ["2026-11-22T11:59", "2020-01-01T00:00", "nonsense"])
def test_an_end_that_has_passed_or_says_nothing_is_refused(client, typed):
    article = build.published_article()
    form = end_of(article, client)
    form["expires_at"] = typed

    assert form.send().status_code == 200
    assert article.publications.get().expires_at is None


def test_an_end_after_the_next_version_is_told_to_have_no_effect(client):
    article = build.published_article()
    live = article.publications.get()
    scheduled(article, 4)

    text = client.get(desk.address(article, "end", live.pk)).content.decode()

    assert "Another version replaces it on 22 November 2026, 16:00 UTC" in text


def test_an_author_does_not_move_an_end():
    article = build.published_article()
    address = desk.address(article, "end", article.publications.get().pk)
    client = desk.client_of(build.author())

    assert client.get(address).status_code == 403
    assert client.post(address, {"expires_at": "2026-12-01T09:30"}).status_code == 403
    assert article.publications.get().expires_at is None


def test_a_publication_of_another_article_has_no_end_here(client):
    article, other = build.published_article(), build.published_article()
    address = desk.address(article, "end", other.publications.get().pk)
    assert client.get(address).status_code == 404
