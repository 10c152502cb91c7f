"""The ways back after an address was changed: what readers may have is the article's for ever."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.addressing import change_slug, forget, go_back, may_have_been_seen
from articles.deeds import schedule, withdraw
from articles.models import Address, AuditEntry
from articles.recording import record
from tests import build, desk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client():
    return desk.client_of(build.editor())


@pytest.fixture
def article():
    return build.article("old-words")


def addresses(article) -> dict[str, bool]:
    return dict(article.addresses.values_list("slug", "is_current"))


# The rule


def test_of_a_draft_the_address_given_up_is_free_again(article):
    change_slug(article, "new-words", by=None)

    assert go_back(article, "old-words", by=None) is True

    assert addresses(article) == {"old-words": True}
    assert change_slug(build.article("other"), "new-words", by=None).is_current


def test_of_a_live_article_it_stays_and_leads_there(article, clock, client):
    build.published(article)
    clock.shift(HOUR)
    change_slug(article, "new-words", by=None)
    clock.shift(HOUR)

    assert go_back(article, "old-words", by=None) is False

    assert addresses(article) == {"old-words": True, "new-words": False}
    answer = client.get("/articles/new-words/")
    assert (answer.status_code, answer["Location"]) == (301, "/articles/old-words/")


def test_what_no_reader_saw_can_be_forgotten(article, clock):
    clock.shift(HOUR)
    change_slug(article, "new-words", by=None)
    clock.shift(HOUR)
    build.published(article)
    old = article.addresses.get(slug="old-words")

    forget(old, by=build.editor())

    assert addresses(article) == {"new-words": True}
    entry = AuditEntry.objects.get(deed=AuditEntry.Deed.FORGOT_ADDRESS)
    assert (entry.article_uid, entry.details) == (article.uid, {"slug": "old-words"})


def test_what_readers_saw_never(article, clock):
    build.published(article)
    clock.shift(HOUR)
    change_slug(article, "new-words", by=None)

    with pytest.raises(ValidationError, match="leads to the article for ever"):
        forget(article.addresses.get(slug="old-words"), by=None)

    assert "old-words" in addresses(article)


def test_nor_after_the_article_was_withdrawn(article, clock):
    build.published(article)
    clock.shift(HOUR)
    withdraw(article, by=None)
    clock.shift(HOUR)
    change_slug(article, "new-words", by=None)
    change_slug(article, "newest-words", by=None)

    old, new = (article.addresses.get(slug=slug) for slug in ("old-words", "new-words"))
    assert may_have_been_seen(old, new) == {"old-words"}


def test_what_is_only_scheduled_was_not_seen(article, clock):
    schedule(record(article, by=None), goes_live_at=NOON + HOUR, by=None, change_note="Soon.")
    change_slug(article, "new-words", by=None)
    forget(article.addresses.get(slug="old-words"), by=None)

    assert addresses(article) == {"new-words": True}


def test_where_nobody_knows_when_it_was_replaced_it_counts_as_seen(article, clock):
    change_slug(article, "new-words", by=None)
    article.addresses.update(replaced_at=None)
    clock.shift(HOUR)
    build.published(article)

    assert may_have_been_seen(article.addresses.get(slug="old-words")) == {"old-words"}


def test_the_present_address_is_not_forgotten(article):
    with pytest.raises(ValidationError, match="present address"):
        forget(article.addresses.get(), by=None)


def test_nobody_goes_back_to_what_was_never_theirs(article):
    build.article("taken")
    with pytest.raises(ValidationError, match="never had this address"):
        go_back(article, "taken", by=None)
    assert addresses(article) == {"old-words": True}


# The page


def test_after_a_change_both_ways_back_are_offered(client, article, clock):
    clock.shift(HOUR)
    page = client.post(desk.address(article, "address"), {"slug": "new-words"}, follow=True)
    said = page.content.decode()

    assert "The address is now /articles/new-words/" in said
    assert 'name="back" value="old-words"' in said
    assert 'name="forget" value="old-words"' in said

    client.post(desk.address(article, "address"), {"forget": "old-words"})
    assert addresses(article) == {"new-words": True}


def test_what_readers_may_have_is_not_offered_to_be_forgotten(client, article, clock):
    build.published(article)
    clock.shift(HOUR)
    page = client.post(desk.address(article, "address"), {"slug": "new-words"}, follow=True)
    said = page.content.decode()

    assert 'name="back" value="old-words"' in said
    assert 'name="forget"' not in said
    assert "leads here for ever" in said

    refused = client.post(desk.address(article, "address"), {"forget": "old-words"})
    assert "leads to the article for ever" in refused.content.decode()
    assert "old-words" in addresses(article)


def test_going_back_is_one_button(client, article, clock):
    change_slug(article, "new-words", by=None)
    page = client.post(desk.address(article, "address"), {"back": "old-words"}, follow=True)

    assert "The address is /articles/old-words/ again, and the other is free." in (
        page.content.decode()
    )
    assert article.slug == "old-words"


def test_another_articles_address_is_not_reached_from_here(client, article):
    other = build.article("taken")
    change_slug(other, "taken-anew", by=None)

    answer = client.post(desk.address(article, "address"), {"forget": "taken"})

    assert answer.status_code == 404
    assert Address.objects.filter(slug="taken").exists()


def test_an_author_goes_back_only_while_nothing_is_public(article):
    client = desk.client_of(build.author())
    change_slug(article, "new-words", by=None)
    build.published(article)

    assert client.post(desk.address(article, "address"), {"back": "old-words"}).status_code == 403
    assert article.slug == "new-words"


def test_the_page_asks_as_often_for_many_addresses_as_for_few(client, article):
    change_slug(article, "two", by=None)
    with CaptureQueriesContext(connection) as few:
        client.get(desk.address(article, "address"))
    for number in range(12):
        change_slug(article, f"number-{number}", by=None)
    with CaptureQueriesContext(connection) as many:
        client.get(desk.address(article, "address"))

    assert len(many) == len(few)
