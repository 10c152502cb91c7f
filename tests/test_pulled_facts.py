"""A key fact pulled out into the text of a section."""

from datetime import date

import pytest

from articles.deeds import NotReady, publish
from articles.recording import record
from publishing.markup.bodies import render_markdown
from publishing.markup.words import facts, links, pictures, plain_text
from tests import build

pytestmark = pytest.mark.django_db

MARK = "It began so.\n\n![](fact:signed)"


@pytest.fixture
def article():
    made = build.article("one")
    source = build.source(key="guide")
    build.fact(
        made,
        anchor="signed",
        characteristic="Signed",
        value=f"In *Riga*.[@{source.key}]",
        as_of=date(2026, 3, 1),
    )
    return made


def pulled(client, address: str = "/articles/one/") -> str:
    html = client.get(address).content.decode()
    assert html.count('class="pulled-fact"') == 1
    return html.partition('<aside class="pulled-fact">')[2].partition("</aside>")[0]


def test_it_says_what_the_fact_says_and_when_and_leads_to_it(client, article):
    build.section(article, body=MARK)
    build.published(article)
    shown = pulled(client)
    assert "Signed" in shown
    assert "In <em>Riga</em>." in shown
    assert 'href="#source-1"' in shown
    assert '<time datetime="2026-03-01">1 Mar 2026</time>' in shown
    assert 'href="#fact-signed"' in shown


def test_readers_see_the_fact_that_was_published_until_it_is_published_anew(client, article):
    build.section(article, body=MARK)
    build.published(article)
    article.facts.filter(anchor="signed").update(value="In Minsk.[@guide]")
    assert "Riga" in pulled(client)
    build.published(article, change_note="Says where.")
    assert "Minsk" in pulled(client)
    assert "Riga" in pulled(client, "/articles/one/history/1/")


def test_a_fact_that_is_not_there_stands_in_the_way_of_publishing(article):
    build.section(article, body="It began so.\n\n![](fact:lapsed)")
    with pytest.raises(NotReady, match="fact:lapsed, which is not among the key facts"):
        build.published(article)


def test_a_mark_without_its_fact_stays_visible_as_it_was_typed():
    assert "![](fact:lapsed)" in render_markdown("So.\n\n![](fact:lapsed)")


def test_a_mark_is_neither_a_picture_nor_a_link_nor_words():
    assert facts(MARK) == ["signed"]
    assert pictures(MARK) == links(MARK) == []
    assert plain_text(MARK) == "It began so."


def test_what_a_fact_says_is_escaped():
    shown = render_markdown(MARK, fact=lambda key: f"<script>{key}</script>")
    assert "<script>" not in shown


def test_readers_are_told_in_words_that_a_fact_was_pulled_out(client, article):
    section = build.section(article, body="It began so.")
    build.published(article)
    section.body = MARK
    section.save()
    build.published(article, change_note="Shows it.")
    html = client.get("/articles/one/history/2/changes/").content.decode()
    assert "[key fact: signed]" in html
    assert "fact:signed" not in html.replace("key fact: signed", "")


@pytest.mark.parametrize(
    ("where", "body"),
    [
        ("heading", "## How ![](fact:signed) began\n\nSo."),
        ("table", "| Day | What |\n|---|---|\n| 1 | ![](fact:signed) |"),
        ("link", "So [![](fact:signed) and more](https://example.org/)."),
    ],
)
def test_where_a_fact_cannot_be_shown_publishing_says_so(article, where, body):
    section = build.section(article, body=body)

    with pytest.raises(NotReady) as refused:
        publish(record(article, by=None), by=None, change_note="First.")

    [problem] = refused.value.problems
    assert "marks fact:signed in a heading, a table, a link or a drawing" in problem.message
    assert (problem.part, problem.uid, problem.field) == ("sections", str(section.uid), "body")


def test_code_may_say_how_a_fact_is_pulled_out(article):
    build.section(article, body="Type `![](fact:nothing)` on a line of its own.")

    publish(record(article, by=None), by=None, change_note="First.")
