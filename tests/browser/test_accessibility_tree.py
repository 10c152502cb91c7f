"""What assistive technology is given of an article's page, kept in snapshots/article.yaml.

A change of that tree is a change for people who do not see the page, and should be meant.
"""

import os
import re
from datetime import date
from difflib import unified_diff
from pathlib import Path

import pytest
from playwright.sync_api import Page

from articles.recording import record as record_article
from articles.reviewing import record_review
from library.models import Source
from tests import build
from tests.browser.recorded import record

KEPT = Path(__file__).parent / "snapshots" / "article.yaml"
ADDRESS = "/articles/treaty/"
RENEW = "RENEW_SNAPSHOT"
HOW_TO_RENEW = (
    f"The page is read out differently than {KEPT.name} says. If that is meant, renew it with\n"
    f"    {RENEW}=yes make test ARGUMENTS=tests/browser/{Path(__file__).name}\n"
    "and look at what changed before you commit it."
)


def treaty() -> list[str]:
    """Make an article with something of everything, discuss it; return its address."""
    build.source(
        key="guide",
        title="A guide by country",
        publisher="The archive",
        url="https://archive.example/guide",
        kind=Source.Kind.PRIMARY,
        published="2016-12",
    )
    article = build.article(
        "treaty",
        title="The treaty that lapsed",
        question="Was the treaty ever ended?",
        short_answer="No, it lapsed.",
        summary="It ran out in 1933. Nobody renewed it.",
    )
    article.topics.set([build.topic(name="Treaties", slug="treaties")])
    desk = build.person(name="Archive desk", slug="archive-desk", credentials="Two archivists")
    article.written_by.set([desk])
    article.facts.all().delete()
    article.sections.all().delete()
    build.fact(article, characteristic="Signed", value="In Riga.[@guide]")
    build.fact(article, characteristic="Signed", value="In two languages.")
    build.fact(article, characteristic="Ratified", value="Never.", as_of=date(2026, 3, 1))
    build.section(
        article,
        heading="How it began",
        body="It began with *one letter*.[@guide, p. 3: its first line]\n\n- One copy\n- Another",
        image=build.image(alt="A sealed letter", caption="The letter", credit="The archive"),
    )
    build.section(article, heading="How it lapsed", body=BARS)
    build.event(article, date="1920/1933", title="In force", state="In force", state_shape="force")
    build.event(article, date="1933/..", title="Lapsed", state="Lapsed", state_shape="break")
    build.event(article, date="1920-08-11", title="Signed", text="By both.[@guide]", kind="Treaty")
    build.event(article, date="1933~", title="Nobody answers", text="", actors=["Latvia"])
    build.question(article, question="Is it still valid?", answer="No.[@guide]")
    build.question(article, question="Who kept it?", answer="Both.", as_of=date(2026, 11, 1))
    article.seealsos.create(url="https://elsewhere.example/", label="Elsewhere", note="A guide")
    build.published(article)
    article.short_answer = "No: it lapsed."
    article.save()
    record_review(
        record_article(article, by=None),
        person=build.person(name="A reader of treaties", slug="reader", credentials=""),
        reviewed_on=date(2026, 11, 20),
        checked="The dates.",
        by=None,
    )
    build.published(article, change_note="Punctuation.", is_major=False)
    asked = build.comment(article, name="Ada", body="Where is it kept?\n\nAnd by whom?")
    build.comment(article, name="Archive desk", body="In Riga.", parent=asked, is_staff=True)
    return [ADDRESS]


BARS = """It was answered ever more rarely.

```bars
title: Letters answered
caption: Counted in the archive.[@guide]
credit: On Record
1920 | 12
1932 | 1
```
"""


@pytest.fixture(scope="module")
def recorded(django_db_setup, django_db_blocker, tmp_path_factory):
    return record(treaty, database=django_db_blocker, media=tmp_path_factory.mktemp("media"))


def test_the_page_is_read_out_as_it_was(page: Page, recorded):
    recorded.open(page, ADDRESS)
    found = without_numbers_of_rows(page.get_by_role("main").aria_snapshot()) + "\n"
    if os.environ.get(RENEW):
        KEPT.write_text(found, encoding="utf-8")
    kept = KEPT.read_text(encoding="utf-8") if KEPT.exists() else ""
    if found != kept:
        lines = unified_diff(kept.splitlines(), found.splitlines(), "kept", "found", lineterm="")
        pytest.fail("\n".join([HOW_TO_RENEW, "", *lines]), pytrace=False)


def without_numbers_of_rows(tree: str) -> str:
    """Comments are called by the numbers that the database gives them."""
    return re.sub(r"(comments/|comment-|reply_to=)\d+", r"\1N", tree)
