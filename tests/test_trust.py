"""The trust checklist, item by item: each is shown on the article or linked from it.

The items are those of the Trust Project's indicators, the principles of the IFCN and the
headings of JTI (CWA 17493); docs/trust.md has the same items in a table.
"""

import re
from datetime import date
from pathlib import Path

import pytest

from articles.deeds import publish
from articles.recording import record
from articles.reviewing import record_review
from tests import build

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).parent.parent / "docs" / "trust.md"

# Item: the words on the article, or the page linked from it with words that it must hold.
ON_THE_ARTICLE = {
    "type of work": '<a class="topics-kind" href="/how-we-work/">Explainer</a>',
    "author": '<a href="/people/ada/">Ada Writer</a>',
    "author’s expertise": "Knows treaties",
    "author’s archive": 'href="/people/ada/"',
    "reviewer": '<a href="/people/rea/">Rea Reviewer</a>',
    "what was checked": "Every date.",
    "citations": 'id="sources"',
    "kind of source": 'class="source-kind kind-primary"',
    "date of each fact": "As of",
    "sources of each fact": 'class="checked"',
    "dates of publication": "Published",
    "corrections shown": 'id="corrections"',
    "corrections at the top": '<a href="#corrections">',
    "log of corrections": 'href="/corrections/"',
    "version": "Version 1",
    "version history": 'href="/articles/checked/history/"',
    "actionable feedback": 'href="/articles/checked/suggest/',
    "did it help": "Did this article help you?",
}
LINKED = {
    "best practices": ("/how-we-work/", "What we promise of every page"),
    "mission and coverage priorities": ("/how-we-work/", "What we cover, and why"),
    "non-partisanship": ("/how-we-work/", "We take no side."),
    "conflicts of interest": ("/how-we-work/", "an interest in its subject"),
    "verification standards": ("/how-we-work/", "How a fact is checked"),
    "unnamed sources": ("/how-we-work/", "Sources without a name"),
    "diverse voices": ("/how-we-work/", "Who speaks"),
    "machines": ("/how-we-work/", "No page is published that nobody has read"),
    "editorial independence": ("/how-we-work/", "Who decides"),
    "ownership and funding": ("/funding/", "who pays for it"),
    "revenue": ("/funding/", "No advertising."),
    "corrections policy": ("/corrections-policy/", "A correction that was published stays."),
    "newsroom contact": ("/contact/", "suggest a correction"),
    "complaints": ("/contact/", "If you want to complain"),
    "masthead": ("/people/", "Ada Writer"),
    "identity": ("/about/", "About this site"),
    "comment rules": ("/comment-rules/", "Rules for comments"),
    "data collection": ("/privacy/", "Pages for readers set no cookies"),
    "self-assessment": ("/trust/", "our own account of how we meet them"),
}


@pytest.fixture
def page(client) -> str:
    made = build.article("checked")
    made.written_by.set([build.person(name="Ada Writer", slug="ada", credentials="Knows treaties")])
    source = build.source(key="treaty", kind="primary")
    build.fact(made, value=f"Two. [@{source.key}]")
    build.correction(made)
    revision = record(made, by=None)
    reviewer = build.person(name="Rea Reviewer", slug="rea")
    record_review(
        revision, person=reviewer, reviewed_on=date(2026, 11, 20), checked="Every date.", by=None
    )
    publish(revision, by=None, change_note="First published.")
    return client.get("/articles/checked/").text


@pytest.mark.parametrize("item", ON_THE_ARTICLE)
def test_it_is_shown_on_the_article(page, item):
    assert ON_THE_ARTICLE[item] in page


@pytest.mark.parametrize("item", LINKED)
def test_it_is_linked_from_the_article_and_said_there(client, page, item):
    address, words = LINKED[item]

    assert f'href="{address}"' in page
    assert words in client.get(address).text


def test_every_link_of_the_pages_that_say_so_leads_somewhere(client, page):
    for address in ("/trust/", "/how-we-work/", "/funding/", "/contact/"):
        text = client.get(address).text
        main = text[text.index("<main") : text.index("</main>")]
        for link in set(re.findall(r'href="(/[^"#]*)"', main)) - {"/.well-known/security.txt"}:
            assert client.get(link).status_code == 200, (address, link)


def test_the_table_in_the_docs_has_every_item():
    listed = re.findall(r"^\| ([^|]+?) \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)

    assert {*ON_THE_ARTICLE, *LINKED} <= set(listed)
