"""Every write to an article leaves a revision, if anything changed."""

import json

import pytest

from articles.recording import record
from publishing.canonical import canonical_json, digest
from tests import build

pytestmark = pytest.mark.django_db


def test_the_first_record_is_revision_one():
    article = build.article()
    editor = build.editor()

    revision = record(article, by=editor)

    assert (revision.number, revision.created_by) == (1, editor)


def test_a_save_that_changes_nothing_leaves_no_revision():
    article = build.article()
    first = record(article, by=None)

    assert record(article, by=None) == first
    assert article.revisions.count() == 1


def test_a_change_in_any_part_leaves_a_revision():
    article = build.full_article()
    record(article, by=None)

    for number, rows in enumerate(
        (article.facts, article.sections, article.events, article.questions), start=2
    ):
        row = rows.first()
        row.anchor = f"changed-{number}"
        row.save()
        assert record(article, by=None).number == number


def test_content_is_canonical_and_named_by_its_digest():
    revision = record(build.full_article(), by=None)

    assert revision.content == canonical_json(json.loads(revision.content))
    assert revision.digest == digest(revision.document)


def test_no_primary_key_is_in_the_document():
    article = build.full_article()
    text = record(article, by=None).content

    assert '"id":' not in text
    assert '"pk":' not in text
    assert str(article.uid) in text


def test_sources_are_embedded_in_the_order_of_citing():
    article = build.article()
    second, first = build.source(key="second"), build.source(key="first")
    build.section(article, body=f"One [@{first.key}], two [@{second.key}], one [@{first.key}].")

    document = record(article, by=None).document

    assert [source["key"] for source in document["sources"]] == ["first", "second"]
    assert document["sources"][0]["title"] == first.title


def test_citations_are_known_to_the_library():
    article = build.article()
    source = build.source(key="kept")
    section = build.section(article, heading="Why", body="So it is said.[@kept, p. 3: its words]")

    record(article, by=None)

    citation = source.citations.get()
    assert (citation.article, citation.row_uid) == (article, section.uid)
    assert (citation.where, citation.words) == ("p. 3", "its words")
    assert citation.claim == "So it is said."


def test_a_citation_that_is_gone_is_forgotten():
    article = build.article()
    source = build.source(key="kept")
    section = build.section(article, body="So it is said.[@kept]")
    record(article, by=None)

    section.body = "So it is said."
    section.save()
    record(article, by=None)

    assert not source.citations.exists()


def test_new_rows_land_last():
    article = build.article()
    third = build.section(article, position=0)

    assert list(article.sections.all())[-1] == third


def test_an_anchor_is_made_once_and_then_kept():
    article = build.article()
    section = build.section(article, heading="What stopped in 1917")
    assert section.anchor == "what-stopped-in-1917"

    section.heading = "What stopped"
    section.save()

    assert section.anchor == "what-stopped-in-1917"


def test_two_rows_of_one_title_have_two_anchors():
    article = build.article()

    anchors = {build.section(article, heading="Since 2016").anchor for _ in range(3)}

    assert anchors == {"since-2016", "since-2016-2", "since-2016-3"}


def test_no_anchor_takes_the_name_of_a_part():
    article = build.article()

    assert build.section(article, heading="Timeline").anchor == "timeline-2"
