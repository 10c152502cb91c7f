"""The history of an article: major and minor changes, and who is credited with each version."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from articles import views
from tests import build

pytestmark = pytest.mark.django_db

HISTORY = "/articles/told/history/"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    made = build.article("told")
    made.written_by.set([build.person(name="Ada Writer", slug="ada")])
    build.published(made)
    clock.shift(timedelta(hours=1))
    build.correction(made, noticed_by="Bea Reader")
    build.published(made, change_note="Corrected.", is_major=False)
    clock.shift(timedelta(hours=1))
    made.written_by.set([build.person(name="Cem Writer", slug="cem")])
    build.fact(made)
    build.published(made, change_note="Rewritten.")
    return made


def version(page: str, number: int) -> str:
    start = page.index(f"history/{number}/")
    return page[start : page.index("</li>", start)]


def test_each_version_credits_who_wrote_it_then(client, article):
    page = client.get(HISTORY).text

    assert "Written by Cem Writer" in version(page, 3)
    assert "Written by Ada Writer" in version(page, 2)
    assert "Ada Writer" not in version(page, 3)


def test_who_noticed_a_mistake_is_credited_with_the_version_that_mended_it(client, article):
    page = client.get(HISTORY).text

    assert "A mistake noticed by Bea Reader" in version(page, 2)
    assert "Bea Reader" not in version(page, 1)
    assert "Bea Reader" not in version(page, 3)


def test_major_changes_alone_can_be_read(client, article):
    page = client.get(HISTORY, {"changes": "major"}).text

    assert "Rewritten." in page
    assert "First published." in page
    assert "Corrected." not in page
    assert '<a href="/articles/told/history/?changes=major" aria-current="true">' in page


def test_there_is_nothing_to_choose_while_all_changes_are_of_one_kind(client):
    build.published_article("told")

    assert "?changes=major" not in client.get(HISTORY).text


def test_a_long_history_is_paged(client, article, monkeypatch):
    monkeypatch.setattr(views, "VERSIONS_A_PAGE", 2)

    first, second = client.get(HISTORY).text, client.get(HISTORY, {"page": 2}).text
    assert "Rewritten." in first
    assert "First published." not in first
    assert "First published." in second
    assert "Rewritten." not in second


def test_the_article_says_at_its_top_when_it_was_corrected(client, article):
    page = client.get("/articles/told/").text

    assert '<a href="#corrections"><time datetime="2026-11-20">20 Nov 2026</time></a>' in page
    build.published_article("right")
    assert "Corrected" not in client.get("/articles/right/").text
