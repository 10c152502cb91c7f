"""Everybody whom live publications name, on one page."""

import re
from datetime import date

import pytest
import time_machine

from articles import views
from articles.deeds import publish, withdraw
from articles.recording import record
from articles.reviewing import record_review
from tests import build

pytestmark = pytest.mark.django_db

PEOPLE = "/people/"


def named(client, address=PEOPLE):
    """Return who is listed, in order, each with the deeds beside the name."""
    page = client.get(address).text
    rows = re.findall(
        r'<li><a href="/people/([\w-]+)/">.*<span class="meta">(.*)</span></li>', page
    )
    return [(slug, words.split(", ")) for slug, words in rows]


def written_by(*people):
    article = build.article()
    article.written_by.set(people)
    build.published(article)
    return article


def test_people_stand_in_the_order_of_their_names_whatever_their_case(client):
    written_by(build.person(slug="zoe", name="Zoe"), build.person(slug="ada", name="ada"))
    written_by(build.person(slug="mia", name="Mia"))

    assert [slug for slug, _deeds in named(client)] == ["ada", "mia", "zoe"]


def test_somebody_in_several_publications_and_roles_stands_there_once(client):
    ada = build.person(slug="ada", name="Ada")
    written_by(ada)
    article = build.article()
    article.written_by.set([build.person(slug="mia", name="Mia")])
    revision = record(article, by=None)
    record_review(
        revision, person=ada, reviewed_on=date(2026, 11, 20), checked="Every date.", by=None
    )
    publish(revision, by=None, change_note="Reviewed.")

    assert named(client) == [("ada", ["Writes", "Reviews"]), ("mia", ["Writes"])]


@time_machine.travel("2026-11-22 12:00Z", tick=False)
def test_the_newest_publication_says_who_somebody_is(client):
    ada = build.person(slug="ada", name="Ada", credentials="Knows treaties")
    written_by(ada)
    ada.credentials = "Knows archives"
    ada.save()
    with time_machine.travel("2026-11-22 12:01Z", tick=False):
        written_by(ada)

        page = client.get(PEOPLE).text
    assert "Knows archives" in page
    assert "Knows treaties" not in page


def test_whoever_only_drafts_or_withdrawn_pages_name_is_nobody_here(client):
    build.article().written_by.set([build.person(slug="draft", name="Draft")])
    withdraw(written_by(build.person(slug="gone", name="Gone")), by=None)
    written_by(build.person(slug="ada", name="Ada"))

    assert named(client) == [("ada", ["Writes"])]


def test_without_anybody_the_page_says_so(client):
    assert "Nothing is published yet" in client.get(PEOPLE).text


def test_many_people_have_several_pages(client, monkeypatch):
    monkeypatch.setattr(views, "PEOPLE_A_PAGE", 2)
    written_by(*(build.person(slug=f"p{number}", name=f"P{number}") for number in range(3)))

    assert [slug for slug, _deeds in named(client)] == ["p0", "p1"]
    assert [slug for slug, _deeds in named(client, "/people/?page=2")] == ["p2"]
