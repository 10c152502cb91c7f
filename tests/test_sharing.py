"""What the head of every public page says to those who list it or show its address elsewhere."""

import json
import re
from datetime import UTC, datetime
from html import unescape

import pytest
import time_machine

from articles.deeds import withdraw
from tests import build
from timeline.models import PublishedEvent

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE = "http://testserver"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article():
    made = build.article("relations", title='Relations & "words"', summary="In two sentences.")
    made.written_by.set(
        [build.person(name="Ada Byron", slug="ada", credentials="Archivist", links=[SITE + "/me"])]
    )
    made.topics.set([build.topic(name="Russia", slug="russia")])
    build.event(made, title="Contact is barred", date="1917-12-06", text="By *order*.")
    build.question(made)
    build.published(made)
    return made


def head(client, address: str) -> dict[str, str]:
    """Return what a page says in its <meta> and <link> elements, by name, property or rel."""
    html = client.get(address).text.partition("</head>")[0]
    said = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', html)
    said += re.findall(r'<link rel="(canonical)" href="([^"]*)"', html)
    return {name: unescape(value) for name, value in said}


def described(client, address: str) -> dict:
    (text,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', client.get(address).text, re.S
    )
    return {node["@type"]: node for node in json.loads(text)["@graph"]}


def event_address(title: str = "Contact is barred") -> str:
    return f"/timeline/{PublishedEvent.objects.filter(title=title).latest('pk').uid}/"


TITLES = {
    "/": "On Record: one question a page, with dates and sources",
    "/articles/": "Explainers",
    "/timeline/": "Timeline",
    "/faq/": "Questions",
    "/corrections/": "Corrections",
    "/people/": "People",
    "/people/ada/": "Ada Byron",
    "/topics/russia/": "Russia",
    "/about/": "About this site",
    "/articles/relations/": 'Relations & "words"',
    "/articles/relations/history/": 'History of “Relations & "words"”',
    "/articles/relations/history/1/changes/": (
        'What changed in version 1 of “Relations & "words"”'
    ),
    "/articles/relations/history/chain/": 'How to check the history of “Relations & "words"”',
}


@pytest.mark.parametrize("address", TITLES)
def test_a_page_has_one_address_a_title_a_description_and_a_picture(client, article, address):
    said = head(client, address)

    assert said["canonical"] == said["og:url"] == f"{SITE}{address}"
    # The front page's whole title names the site; og:site_name does so for the others.
    assert said["og:title"] in (TITLES[address], "On Record")
    assert said["og:description"]
    assert said["og:site_name"] == "On Record"
    assert said["og:image"].startswith(f"{SITE}/")
    assert said["twitter:card"].startswith("summary")
    assert "robots" not in said


def test_the_picture_is_there(client, article):
    address = head(client, "/timeline/")["og:image"]

    assert re.fullmatch(rf"{SITE}/static/icons/icon-512[.\w]*\.png", address)


def test_each_page_of_a_list_has_an_address_of_its_own(client, article, clock):
    clock.shift(60)
    for number in range(60):
        build.event(article, title=f"Event number {number}")
    build.published(article, change_note="More events.")

    assert head(client, "/timeline/?page=2")["canonical"] == f"{SITE}/timeline/?page=2"
    assert head(client, "/timeline/?page=1")["canonical"] == f"{SITE}/timeline/"
    assert head(client, "/timeline/?page=x")["canonical"] == f"{SITE}/timeline/"
    assert head(client, "/timeline/?page=99")["canonical"] == f"{SITE}/timeline/?page=2"
    # More figures than Python makes a number of.
    assert head(client, "/timeline/?page=" + "9" * 5_000)["canonical"] == f"{SITE}/timeline/"


@pytest.mark.parametrize("address", ["/", "/people/ada/", "/faq/", "/articles/relations/history/"])
@pytest.mark.parametrize("query", ["?fbclid=abc", "?page=9"])
def test_what_a_query_does_not_change_is_the_same_page(client, article, address, query):
    said = head(client, address + query)

    assert said["canonical"] == said["og:url"] == f"{SITE}{address}"
    assert "robots" not in said


@pytest.mark.parametrize(
    "address",
    ["/timeline/?q=order", "/faq/?topic=russia", "/articles/?q=a&page=2",
     "/articles/relations/history/?changes=major"],
)  # fmt: skip
def test_a_filtered_list_is_not_listed_and_has_no_address_of_its_own(client, article, address):
    said = head(client, address)

    assert said["robots"] == "noindex, follow"
    assert "canonical" not in said


@pytest.mark.parametrize(
    "address", ["/search/", "/search/?q=order", "/articles/relations/history/1/", "/nowhere/"]
)
def test_what_is_found_elsewhere_is_not_listed(client, article, address):
    assert head(client, address)["robots"].startswith("noindex")


# The site and people


def test_the_front_page_says_who_publishes_and_by_which_rules(client, article):
    found = described(client, "/")

    assert found["WebSite"]["publisher"] == {"@id": found["Organization"]["@id"]}
    for name in ("correctionsPolicy", "publishingPrinciples", "ownershipFundingInfo",
                 "actionableFeedbackPolicy", "ethicsPolicy"):  # fmt: skip
        policy = found["Organization"][name]
        assert client.get(policy.removeprefix(SITE)).status_code == 200


def test_nodes_that_explainers_refer_to_are_on_the_front_page(client, article):
    there = {node["@id"] for node in described(client, "/").values()}
    explainer = described(client, "/articles/relations/")

    assert explainer["WebPage"]["isPartOf"]["@id"] in there
    assert explainer["Article"]["publisher"]["@id"] in there


def test_a_person_is_the_subject_of_their_page(client, article):
    found = described(client, "/people/ada/")

    assert found["ProfilePage"]["mainEntity"] == {
        "@type": "Person",
        "@id": f"{SITE}/people/ada/#person",
        "name": "Ada Byron",
        "url": f"{SITE}/people/ada/",
        "description": "Archivist",
        "sameAs": [f"{SITE}/me"],
    }
    steps = found["BreadcrumbList"]["itemListElement"]
    assert [one["name"] for one in steps] == ["On Record", "People", "Ada Byron"]


# Single events


def test_an_event_has_an_address_a_date_and_the_article_it_is_the_subject_of(client, article):
    address = event_address()

    said, found = head(client, address), described(client, address)

    assert said["canonical"] == said["og:url"] == f"{SITE}{address}"
    assert said["og:title"] == "Contact is barred, 6 December 1917"
    assert said["og:description"] == "By order."
    assert found["Event"] == {
        "@type": "Event",
        "@id": f"{SITE}{address}#event",
        "url": f"{SITE}{address}",
        "name": "Contact is barred",
        "description": "By order.",
        "startDate": "1917-12-06",
        "subjectOf": {"@id": f"{SITE}/articles/relations/#article"},
    }
    steps = found["BreadcrumbList"]["itemListElement"]
    assert [one["item"] for one in steps] == [f"{SITE}/", f"{SITE}/timeline/", f"{SITE}{address}"]


@pytest.mark.parametrize(
    ("stored", "start", "end"),
    [
        ("1917", "1917", None),
        ("1917-12", "1917-12", None),
        ("1941/1945", "1941", "1945"),
        ("2016-12-29/..", "2016-12-29", None),
        ("1917~", None, None),
        ("192X", None, None),
        ("1917~/1933", None, "1933"),
        ("-0043", None, None),
    ],
)
def test_an_event_is_never_dated_more_closely_than_it_is_known(
    client, article, clock, stored, start, end
):
    clock.shift(60)
    build.event(article, title="Another", date=stored)
    build.published(article, change_note="Another.")

    event = described(client, event_address("Another"))["Event"]

    assert (event.get("startDate"), event.get("endDate")) == (start, end)


def test_single_events_are_in_the_sitemap_while_their_article_is_live(client, article, clock):
    clock.shift(60)
    build.event(article, title="In force", state="In force", date="1809/1917", state_shape="force")
    build.published(article, change_note="A period, which has no address of its own.")

    listed = client.get("/sitemap-events-1.xml").text

    assert re.findall("<loc>(.*?)</loc>", listed) == [f"{SITE}{event_address()}"]
    assert "<lastmod>2026-11-22T12:01:00+00:00</lastmod>" in listed
    withdraw(article, by=None)
    assert "<loc>" not in client.get("/sitemap-events-1.xml").text
    assert client.get("/sitemap-events-2.xml").status_code == 404
