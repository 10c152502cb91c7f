"""What changed between two versions, told to readers: words where editors typed marks."""

import re
from datetime import date
from html import unescape

import pytest

from articles.comparing import told_in_words
from tests import build

pytestmark = pytest.mark.django_db


def changes(client, article, before: str, after: str) -> str:
    """Publish a section with two bodies; return what readers see of the difference."""
    section = build.section(article, heading="How it went", body=before)
    build.published(article)
    section.body = after
    section.save()
    build.published(article, change_note="Mended.")
    answer = client.get("/articles/one/history/2/changes/")
    assert answer.status_code == 200
    html = answer.content.decode()
    return unescape(html[html.index('<dl class="changes">') :])


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@pytest.fixture
def article():
    return build.article("one")


def test_a_citation_is_told_by_the_title_of_its_source(client, article):
    archive = build.source(key="archive-14", title="Telegram 14")
    html = changes(client, article, "It fell.", f"It fell.[@{archive.key}, p. 3: in the night]")
    assert "[source: Telegram 14, p. 3: in the night]" in words(html)
    assert "[@" not in html


def test_the_words_around_a_mark_are_compared_one_by_one(client, article):
    build.source(key="archive-14", title="Telegram 14")
    html = changes(
        client, article, "It fell on Monday.[@archive-14]", "It fell on Tuesday.[@archive-14]"
    )
    assert "<del>Monday</del><ins>Tuesday</ins>" in html
    assert "Telegram" not in " ".join(re.findall(r"<(?:ins|del)>(.*?)</", html))


def test_another_source_for_the_same_words_is_a_change(client, article):
    build.source(key="archive-14", title="Telegram 14")
    build.source(key="archive-15", title="Telegram 15")
    html = changes(client, article, "It fell.[@archive-14]", "It fell.[@archive-15]")
    assert re.search(r"<del>14.*</del><ins>15.*</ins>", html)


def test_sources_of_one_title_are_told_apart(client, article):
    build.source(key="archive-14", title="Telegram")
    build.source(key="archive-15", title="Telegram")
    html = changes(client, article, "It fell.[@archive-14]", "It fell.[@archive-15]")
    assert "[source: Telegram (archive-" in words(html)


def test_a_source_that_was_renamed_changed_no_text_that_cites_it(client, article):
    archive = build.source(key="archive-14", title="Telegram")
    section = build.section(article, heading="How it went", body="It fell.[@archive-14]")
    build.published(article)
    archive.title = "Letter"
    archive.save()
    section.body = "It rose.[@archive-14]"
    section.save()
    build.published(article, change_note="Mended.")
    html = client.get("/articles/one/history/2/changes/").content.decode()
    body = html[html.index("How it went") : html.index('id="changes-sources"')]
    assert "[source: Letter]" in words(body)
    assert "Telegram" not in body


def test_a_picture_is_told_by_its_caption(client, article):
    embassy = build.image(caption="The embassy")
    key = embassy.uid.hex[:12]
    html = changes(
        client, article, "It fell.", f"It fell.\n\n![](image:{key})\n\n![By night](image:{key})"
    )
    assert "[picture: The embassy]" in words(html)
    assert "[picture: By night]" in words(html)
    assert f"image:{key}" not in html


def test_an_escaped_mark_cites_nothing_and_stays_as_it_was_typed(client, article):
    build.source(key="archive-14", title="Telegram 14")
    html = changes(client, article, "It fell.", "It fell \\[@archive-14].")
    assert "\\[@archive-14]" in html


@pytest.mark.parametrize(
    "code",
    [
        "`[@archive-14]`",
        "`![](fact:recognition)`",
        "``a ` and ![](image:0123456789ab)``",
        "```\n[@archive-14] ![](fact:recognition)\n```",
        "~~~ text\n![](image:0123456789ab)\n~~~",
        "    [@archive-14]",
        "- A point:\n\n      ![](fact:recognition)",
        "> ```\n> [@archive-14]\n> ```",
    ],
)
def test_a_mark_in_code_stays_as_it_was_typed(client, article, code):
    build.source(key="archive-14", title="Telegram 14")
    after = f"It fell.[@archive-14]\n\n{code}\n\nIt rose."
    html = changes(client, article, "It fell.", after)
    assert words(code) in words(html)


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "# In a heading {} #",
        "Above\n{}\n-----",
        "- In a list\n  {}",
        "> - In a quotation\n> {}, and\nlazily {}",
        "| a | b |\n|---|---|\n| `\\|` | x \\| y {} |\n| {} | `[@archive-14` |",
        "*Pressed* by [a link {}](/articles/), **{}**",
        "`code` {} `code`",
        "~~~\ncode\n~~~\n\n\t{}\n\n1. \t{}",
        "```bars\ntitle: Numbers\nA row | 3 {}\n```",
    ],
)
def test_a_mark_outside_of_code_is_told_wherever_it_stands(around):
    marks = around.replace("\t{}", "\t[@archive-14]", 1) if around.startswith("~~~") else around
    told = as_readers_are_told(marks.replace("{}", "[@archive-14]"))
    assert told == marks.replace("{}", "[source: Telegram 14]")


def as_readers_are_told(text: str) -> str:
    return told_in_words(text, {("source", "archive-14"): "Telegram 14"})


def test_line_ends_within_a_paragraph_are_no_lines_to_readers(client, article):
    html = changes(client, article, "It fell.", "It fell\non Monday.\n\nThen it\nrose.")
    assert "on Monday.\n\nThen it rose" in html


def test_a_correction_names_its_place_and_its_day_as_the_page_does(client, article):
    fact = build.fact(article, anchor="population", characteristic="Population")
    build.published(article)
    build.correction(article, about="fact-population", corrected_on=date(2026, 11, 26))
    build.published(article, change_note="Corrected.")
    told = words(client.get("/articles/one/history/2/changes/").text)
    assert f"About{fact.characteristic}" in told
    assert "Corrected on26 November 2026" in told
    assert "fact-population" not in told


def test_a_mark_over_two_lines_is_told_on_one():
    told = as_readers_are_told("> It fell.[@archive-14,\n> p. 3] Then.\r\n> It rose.")
    assert told == "> It fell.[source: Telegram 14, p. 3] Then.\n> It rose."


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ('![By [old] *night*](image:0123456789ab "Seen")', "[picture: By [old] night]"),
        ("![](<image:0123456789ab>)", "[picture]"),
        ("![By `night`](image:0123456789ab)", "[picture: By night]"),
        ("![](fact:recognition)", "[key fact: recognition]"),
        ("![](fact:-)", "![](fact:-)"),
        ("![An arrow](/arrow.svg)", "![An arrow](/arrow.svg)"),
    ],
)
def test_pictures_and_facts_are_told_however_they_were_typed(typed, told):
    assert as_readers_are_told(f"Here:\n{typed}") == f"Here:\n{told}"


def test_a_text_keeps_what_no_page_shows_of_it():
    assert as_readers_are_told("A\u2067b\u2069[@archive-14]\x00") == (
        "A\u2067b\u2069[source: Telegram 14]\x00"
    )


def test_a_text_too_long_to_be_read_stays_as_it_was_typed():
    text = "[@archive-14]" + "[" * 2_000
    assert as_readers_are_told(text) == text
