"""Every fact, event and answer says when it was last found true, and from which sources, at once.

What is older than the site's limit is marked for readers, to the second, wherever it is shown.
"""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from articles.freshness import checked
from publishing.pages import Page
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
AS_OF = date(2026, 11, 1)
# The end of the day, and the site's limit after it.
FRESH_UNTIL = datetime(2026, 11, 1, 23, 59, 59, 999_999, tzinfo=UTC) + timedelta(days=180)
MARK = "Due for a check"


@pytest.fixture(autouse=True)
def clock(settings):
    settings.STALE_AFTER_DAYS = 180
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def article(clock):
    made = build.article("dated")
    made.facts.all().delete()
    source = build.source(
        key="treaty", title="The treaty itself", publisher="An archive", url="https://a.example/t"
    )
    other = build.source(key="memoir", title="A memoir", url="", accessed_on=date(2026, 10, 5))
    build.fact(made, characteristic="Envoys", value=f"Two. [@{source.key}]", as_of=AS_OF)
    build.event(
        made, title="Signed", anchor="signed", text=f"It was signed. [@{source.key}]", as_of=AS_OF
    )
    build.event(made, title="Told", anchor="told", text=f"It was told. [@{other.key}]")
    build.event(made, title="Rumoured", anchor="rumoured", text="Nobody says where.")
    build.question(
        made,
        question="Does it hold?",
        anchor="holds",
        answer=f"Yes. [@{source.key}] So it is told. [@{other.key}]",
        as_of=AS_OF,
    )
    build.published(made)
    return made


def beside(page: str, name: str) -> str:
    """The block that says when something was last found true, in plain words and spaces."""
    for found in re.findall(r'<details class="checked">.*?</details>', page, re.DOTALL):
        if f"of “{name}”" in found:
            return found
    return ""


def words(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html).split())


@pytest.mark.parametrize("name", ["Signed", "Does it hold?"])
def test_the_day_stands_beside_it(client, name):
    found = beside(client.get("/articles/dated/").text, name)

    assert '<summary><span>As of <time datetime="2026-11-01">1 Nov 2026</time></span>' in found


def test_a_fact_has_its_day_in_the_table_and_not_twice(client):
    found = beside(client.get("/articles/dated/").text, "Envoys")

    assert words(found.partition("</summary>")[0]) == "1 source of “Envoys”"


def test_its_sources_stand_beside_it_at_once(client):
    found = beside(client.get("/articles/dated/").text, "Does it hold?")

    assert "2 sources" in found
    assert '<a href="#source-1">1 The treaty itself</a>' in found
    assert "A memoir" in found


def test_without_a_day_of_its_own_it_says_when_its_sources_were_read(client):
    found = beside(client.get("/articles/dated/").text, "Told")

    assert words(found).startswith("1 source read 5 Oct 2026 of “Told”")


def test_what_has_neither_day_nor_source_claims_none(client):
    page = client.get("/articles/dated/").text

    assert "Rumoured" in page
    assert beside(page, "Rumoured") == ""


def test_lists_of_several_articles_say_the_same_and_lead_to_the_sources(client):
    for address, name in (("/timeline/", "Signed"), ("/faq/", "Does it hold?")):
        found = beside(client.get(address).text, name)
        assert "As of" in found
        assert '<a href="/articles/dated/#source-1">1 The treaty itself</a>' in found


def test_a_past_version_and_a_draft_say_it_too(client, article):
    build.published(article, change_note="Again.")
    build.question(article)

    assert "As of" in beside(client.get("/articles/dated/history/1/").text, "Signed")


@pytest.mark.parametrize(
    ("address", "marks"), [("/articles/dated/", 3), ("/timeline/", 1), ("/faq/", 1)]
)
def test_what_grows_old_is_marked_from_its_second_on(client, clock, address, marks):
    clock.move_to(FRESH_UNTIL - timedelta(seconds=1))
    assert MARK not in client.get(address).text

    clock.move_to(FRESH_UNTIL + timedelta(seconds=1))
    page = client.get(address).text
    assert page.count(MARK) == marks
    assert "That is more than 180 days ago, so it may have changed since." in page


def test_what_has_no_day_is_never_marked(client, clock):
    clock.move_to(NOON + timedelta(days=4000))

    assert MARK not in beside(client.get("/timeline/").text, "Told")


def test_the_limit_is_the_sites_own(client, settings):
    settings.STALE_AFTER_DAYS = 10

    assert client.get("/articles/dated/").text.count(MARK) == 3


def test_an_old_value_of_a_fact_is_history_and_not_due(client, article, clock):
    build.fact(article, characteristic="Envoys", value="One.", as_of=date(2001, 1, 1))
    build.published(article, change_note="The number before.")

    page = client.get("/articles/dated/").text
    assert MARK not in page[page.index('id="facts"') : page.index("</table>")]


def test_a_row_that_an_older_build_prepared_does_without():
    said = checked({"as_of": "2026-11-01"}, Page(at=NOON))

    assert said["sources"] == []
    assert said["as_of"] == AS_OF
