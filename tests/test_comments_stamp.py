"""The stamp of a discussion: what open pages ask for, to say that there is more to read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.addressing import change_slug
from articles.deeds import withdraw
from comments import moderating, voting
from tests import build

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/open/comments/stamp"


@pytest.fixture
def article():
    return build.published_article("open")


def test_the_stamp_changes_with_what_is_shown(client, article):
    before = client.get(ADDRESS).json()
    waiting = build.comment(article, "pending")
    held = client.get(ADDRESS).json()
    moderating.approve([waiting], by=None)
    after = client.get(ADDRESS).json()

    assert before["shown"] == held["shown"] == 0
    assert held["stamp"] == before["stamp"]
    assert after["shown"] == 1
    assert after["stamp"] != before["stamp"]


def test_asking_again_costs_one_query_no_content_and_no_cookie(client, article):
    first = client.get(ADDRESS)

    with CaptureQueriesContext(connection) as queries:
        again = client.get(ADDRESS, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, len(queries)) == (304, b"", 1)
    assert again["Cache-Control"] == "public, no-cache"
    assert not again.cookies


def test_votes_do_not_change_it(client, article):
    one = build.comment(article)
    before = client.get(ADDRESS).json()

    voting.vote(one, voter="v", is_helpful=True)

    assert client.get(ADDRESS).json() == before


def test_a_page_that_was_opened_at_an_old_address_is_led_on(client, article):
    change_slug(article, "moved", by=None)

    response = client.get(ADDRESS)

    assert (response.status_code, response["Location"]) == (301, "/articles/moved/comments/stamp")


def test_what_is_not_public_has_no_stamp(client, article):
    build.article("draft")
    withdraw(article, by=None)

    for slug in ("open", "draft", "nowhere"):
        assert client.get(f"/articles/{slug}/comments/stamp").status_code == 404
