"""What machines read of an explainer, property by property, as schema.org wants it.

Comments have a file of their own: test_comments_described.py.
"""

import json
import re
from datetime import UTC, date, datetime

import pytest
import time_machine

from articles.models import Article
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE = "http://testserver"
PAGE = f"{SITE}/articles/relations/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article() -> Article:
    return build.article(
        "relations",
        title="Relations",
        question="Were they ever severed?",
        short_answer="Never.",
        summary="They were interrupted.",
    )


@pytest.fixture
def described(client, article):
    """Return a function: publish, and give the nodes of the page's graph by their type."""

    def publish_and_read(*, review: date | None = None) -> dict:
        if review:
            article.reviews.create(
                person=build.person(name="Ada Byron", slug="ada"),
                digest=build.revision(article).digest,
                reviewed_on=review,
                checked="Every date.",
            )
        build.published(article)
        return nodes(client.get("/articles/relations/").text)

    return publish_and_read


def nodes(html: str) -> dict:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    return {node["@type"]: node for node in json.loads(text)["@graph"]}


# The page


def test_the_page_and_the_article_point_at_each_other(described):
    found = described()

    assert found["WebPage"]["@id"] == found["WebPage"]["url"] == PAGE
    assert found["WebPage"]["inLanguage"] == found["Article"]["inLanguage"] == "en-gb"
    assert found["Article"]["mainEntityOfPage"] == {"@id": PAGE}
    assert found["Article"]["@id"] == f"{PAGE}#article"


def test_breadcrumbs_lead_from_the_front_page_to_this_one(described):
    found = described()

    steps = found["BreadcrumbList"]["itemListElement"]
    assert [(one["position"], one["name"], one["item"]) for one in steps] == [
        (1, "On Record", f"{SITE}/"),
        (2, "Explainers", f"{SITE}/articles/"),
        (3, "Relations", PAGE),
    ]
    assert found["WebPage"]["breadcrumb"] == {"@id": found["BreadcrumbList"]["@id"]}


def test_a_review_names_who_reviewed_the_page_and_the_last_day(described):
    page = described(review=date(2026, 11, 20))["WebPage"]

    assert page["lastReviewed"] == "2026-11-20"
    assert page["reviewedBy"] == [
        {"@type": "Person", "name": "Ada Byron", "url": f"{SITE}/people/ada/"}
    ]


def test_without_a_review_nobody_is_said_to_have_reviewed(described):
    found = described()

    assert not {"lastReviewed", "reviewedBy"} & found["WebPage"].keys()
    assert not {"lastReviewed", "reviewedBy"} & found["Article"].keys()  # they are the page's


def test_a_review_of_other_words_is_not_one_of_this_page(described, article, client, clock):
    described(review=date(2026, 11, 20))
    clock.shift(60)
    article.summary = "Other words."
    article.save()
    build.published(article)

    assert "reviewedBy" not in nodes(client.get("/articles/relations/").text)["WebPage"]


# The article


def test_the_article_says_what_the_page_says_at_its_top(described):
    article = described()["Article"]

    assert article["headline"] == "Relations"
    assert article["alternativeHeadline"] == "Were they ever severed?"
    assert article["abstract"] == "Never."
    assert article["description"] == "They were interrupted."
    assert article["isAccessibleForFree"] is True


def test_humans_are_persons_and_desks_organisations(described, article):
    article.written_by.set(
        [build.person(name="Ada", slug="ada"), build.person(name="Eurasia desk", slug="desk")]
    )

    authors = {one["name"]: one for one in described()["Article"]["author"]}

    assert authors["Ada"] == {"@type": "Person", "name": "Ada", "url": f"{SITE}/people/ada/"}
    assert authors["Eurasia desk"]["@type"] == "Organization"


def test_the_publisher_is_the_site(described):
    assert described()["Article"]["publisher"] == {
        "@type": "Organization",
        "@id": f"{SITE}/#publisher",
        "name": "On Record",
        "url": f"{SITE}/",
    }


def test_days_and_version_are_those_of_the_publication(described, article, client, clock):
    assert described()["Article"]["version"] == 1
    clock.move_to(datetime(2026, 11, 24, 9, tzinfo=UTC))
    article.summary = "Other words."
    article.save()
    build.published(article, change_note="Says it better.")

    found = nodes(client.get("/articles/relations/").text)["Article"]

    assert found["datePublished"] == "2026-11-22T12:00:00+00:00"
    assert found["dateModified"] == "2026-11-24T09:00:00+00:00"
    assert found["version"] == 2


def test_topics_are_keywords_and_none_are_none(described, article, client, clock):
    article.topics.clear()
    assert "keywords" not in described()["Article"]
    clock.shift(60)
    article.topics.set([build.topic(name="Russia", slug="russia")])
    build.published(article, change_note="Has a topic.")

    assert nodes(client.get("/articles/relations/").text)["Article"]["keywords"] == ["Russia"]


# Sources


def test_a_source_is_cited_by_its_name_and_address_and_the_list_says_the_rest(described, article):
    build.source(
        key="guide",
        title="A guide",
        url="https://guide.example/",
        publisher="Office",
        author="C. Morrison",
        published="2016-12-20",
    )
    build.section(article, body="Contact.[@guide]")

    (source,) = [one for one in described()["Article"]["citation"] if one["name"] == "A guide"]

    assert source == {
        "@type": "CreativeWork",
        "name": "A guide",
        "url": "https://guide.example/",
    }


# Pictures


def test_pictures_name_whom_to_credit_and_their_licence(described, article):
    article.image = build.image(
        "teal",
        alt="A door",
        caption="The door",
        credit="Ada Byron",
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
    )
    article.save()
    build.section(article, image=build.image("navy", alt="A gate", credit="Boris"))

    found = described()["Article"]

    address = found["image"].pop("contentUrl")
    assert address.startswith(f"{SITE}/")
    assert found["image"] == {
        "@type": "ImageObject",
        "width": 40,
        "height": 30,
        "caption": "The door",
        "creditText": "Ada Byron",
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }
    (other,) = found["associatedMedia"]
    assert (other["caption"], other["creditText"]) == ("A gate", "Boris")
    assert "license" not in other


def test_without_pictures_there_are_none(described):
    assert not {"image", "associatedMedia"} & described()["Article"].keys()


# Questions


def test_answers_are_a_page_of_questions_inside_the_article(described, article):
    build.question(article, question="Is a vacancy a break?", answer="*No.*", anchor="vacancy")

    questions = described()["Article"]["hasPart"]

    assert (questions["@type"], questions["@id"]) == ("FAQPage", f"{PAGE}#faq")
    assert questions["mainEntity"] == [
        {
            "@type": "Question",
            "name": "Is a vacancy a break?",
            "url": f"{PAGE}#faq-vacancy",
            "acceptedAnswer": {"@type": "Answer", "text": "No."},
        }
    ]


def test_without_questions_there_is_no_page_of_them(described):
    assert "hasPart" not in described()["Article"]


# Corrections


def test_a_correction_says_what_was_wrong_what_is_right_and_since_when(described, article):
    build.correction(article, wrong="In 1918.", right="In *1919*.", corrected_on=date(2026, 11, 20))

    (correction,) = described()["Article"]["correction"]

    address = correction.pop("url")
    assert address.startswith(f"{PAGE}#")
    assert correction == {
        "@type": "CorrectionComment",
        "text": "It said: In 1918. It should say: In 1919.",
        "datePublished": "2026-11-20",
    }


def test_without_corrections_none_is_told_of(described):
    assert "correction" not in described()["Article"]


# Time


@pytest.mark.parametrize(
    ("dates", "covered"),
    [
        (["1917-12-06", "1809/1917", "1933-11"], "1809/1933-11"),
        (["1809", "2016-12-29/.."], "1809/.."),
        (["1809", "1920~"], None),
        (["1780~", "1933"], None),
        (["1809", "192X", "1933"], "1809/1933"),
        (["-0043", "1933"], None),
        (["1809", "../1933"], None),
        ([], None),
    ],
)
def test_the_article_covers_from_its_first_to_its_last_day_if_these_are_certain(
    described, article, dates, covered
):
    for text in dates:
        build.event(article, date=text)

    assert described()["Article"].get("temporalCoverage") == covered


def test_nothing_is_said_twice(described, article):
    """Nodes refer to each other by their address, since the page is sent to everybody."""
    build.question(article, question="Is a vacancy a break?", answer="No.")
    build.source(key="guide", title="A guide of its own")
    build.section(article, body="Contact.[@guide]")

    text = json.dumps(described())

    for once in ("A guide of its own", "Is a vacancy a break?", "They were interrupted."):
        assert text.count(once) == 1
