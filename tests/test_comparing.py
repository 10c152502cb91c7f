"""Comparing: what was added, removed, moved and changed between two documents, word by word."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.comparing import compare
from articles.documents import upgraded_document
from articles.recording import record
from publishing.comparing import Kind, compare_fields, compare_rows, compare_words, in_words
from publishing.parts import parts
from tests import build
from tests.date_strategies import unhurried

# Words that often meet again, so that some of them stay.
texts = st.text() | st.lists(
    st.sampled_from(["in", " ", "force", "\n", "\n\n", ",", "since", " 1933", ".", "é", "  "])
).map("".join)
orders = st.permutations("abcdefg")


def rows(uids, **words):
    return [{"uid": uid, "title": words.get(uid, uid)} for uid in uids]


def compared(old, new):
    return [
        (change.kind, change.uid)
        for change in compare_rows(old, new, title=lambda row: row["title"])
    ]


@unhurried
@given(texts, texts)
def test_the_runs_lead_from_the_old_words_to_the_new(old, new):
    runs = compare_words(old, new)

    assert "".join(run.text for run in runs if run.kind != Kind.ADDED) == old
    assert "".join(run.text for run in runs if run.kind != Kind.REMOVED) == new
    assert all(run.text for run in runs)
    assert all(one.kind != other.kind for one, other in itertools.pairwise(runs))


@unhurried
@given(texts)
def test_equal_texts_have_one_run_that_stayed(text):
    assert [(run.kind, run.text) for run in compare_words(text, text)] == (
        [(Kind.SAME, text)] if text else []
    )


def test_one_changed_word_is_one_run_out_and_one_in():
    runs = compare_words("Relations are in force today.", "Relations are reduced today.")

    assert [(run.kind, run.text) for run in runs] == [
        (Kind.SAME, "Relations are "),
        (Kind.REMOVED, "in force "),
        (Kind.ADDED, "reduced "),
        (Kind.SAME, "today."),
    ]


def test_a_rewritten_text_of_the_longest_kind_takes_no_long_time():
    words = [f"word{number}" for number in range(8_000)]
    old, new = " ".join(words), " ".join(reversed(words * 2))
    begun = time.process_time()

    runs = compare_words(old, new)

    assert time.process_time() - begun < 1
    assert [(run.kind, run.text) for run in runs] == [(Kind.REMOVED, old), (Kind.ADDED, new)]


def test_a_word_changed_in_one_of_many_paragraphs_is_found():
    old = "\n\n".join(f"This is paragraph number {number}." for number in range(2_000))
    new = old.replace("paragraph number 1000", "paragraph figure 1000")

    changed = [run for run in compare_words(old, new) if run.kind != Kind.SAME]

    assert [(run.kind, run.text) for run in changed] == [
        (Kind.REMOVED, "number "),
        (Kind.ADDED, "figure "),
    ]


def test_rows_are_added_removed_moved_and_changed():
    old = rows("abcd")
    new = rows("dace", a="changed")

    assert compared(old, new) == [
        (Kind.MOVED, "d"),
        (Kind.CHANGED, "a"),
        (Kind.ADDED, "e"),
        (Kind.REMOVED, "b"),
    ]


def test_one_row_taken_to_the_top_is_one_move():
    assert compared(rows("abcdefg"), rows("gabcdef")) == [(Kind.MOVED, "g")]
    assert compared(rows("abcdefg"), rows("bcdefga")) == [(Kind.MOVED, "a")]


@unhurried
@given(orders)
def test_as_few_rows_are_moved_as_lead_to_the_new_order(after):
    before = sorted(after)
    moved = {uid for _kind, uid in compared(rows(before), rows(after))}

    stayed = [uid for uid in after if uid not in moved]
    assert stayed == sorted(stayed)
    longest = max(
        len(chosen)
        for length in range(len(after) + 1)
        for chosen in itertools.combinations(after, length)
        if list(chosen) == sorted(chosen)
    )
    assert len(stayed) == longest


def test_an_added_row_and_a_removed_one_tell_all_their_words():
    [added] = compare_rows([], rows("a"), title=lambda row: row["title"])
    [removed] = compare_rows(rows("a"), [], title=lambda row: row["title"])

    assert [(run.kind, run.text) for run in added.fields[0].runs] == [(Kind.ADDED, "a")]
    assert [(run.kind, run.text) for run in removed.fields[0].runs] == [(Kind.REMOVED, "a")]


def test_fields_are_told_in_the_order_asked_for_and_others_after_them():
    old, new = {"body": "", "heading": "", "note": ""}, {"body": "b", "heading": "h", "note": "n"}

    changes = compare_fields(old, new, fields=("heading", "body"))

    assert [change.name for change in changes] == ["heading", "body", "note"]


def test_a_library_row_is_said_by_its_name_first():
    person = {"uid": "1", "bio": "Reads archives.", "links": [], "name": "The desk", "slug": "desk"}

    assert in_words(person) == "The desk; Reads archives.; desk"
    assert in_words([True, False, None, "", 3]) == "yes, no, , , 3"


@pytest.mark.django_db
def test_two_documents_of_an_article_are_compared_part_by_part():
    article = build.full_article(title="The old title")
    old = record(article, by=None).document
    article.title = "The new title"
    article.save()
    first, second = article.sections.all()[:2]
    first.body = "Rewritten."
    first.save()
    second.delete()
    build.fact(article, characteristic="Embassies")

    changes = compare(old, record(article, by=None).document)

    assert [field.name for field in changes.fields] == ["title"]
    told = {
        part.name: [
            (row.kind, row.title, [field.name for field in row.fields]) for row in part.rows
        ]
        for part in changes.parts
    }
    assert told["facts"] == [
        (Kind.ADDED, "Embassies", ["characteristic", "value", "as_of", "anchor"])
    ]
    assert told["sections"] == [
        (Kind.CHANGED, first.heading, ["body"]),
        (Kind.REMOVED, second.heading, ["heading", "anchor", "body", "image"]),
    ]
    assert set(told) == {"facts", "sections"}


@pytest.mark.django_db
def test_a_document_compared_with_itself_has_no_changes():
    document = record(build.full_article(), by=None).document

    assert not compare(document, document)


@pytest.mark.django_db
def test_a_change_in_the_library_is_told_where_it_shows():
    article = build.full_article()
    old = record(article, by=None).document
    source = article.citations.first().source
    source.title = "A corrected title"
    source.publisher = "Another archive"
    source.save()

    changes = compare(old, record(article, by=None).document)

    [sources] = changes.parts
    assert sources.name == "sources"
    assert [(row.kind, row.title) for row in sources.rows] == [(Kind.CHANGED, "A corrected title")]
    assert [field.name for field in sources.rows[0].fields] == ["title", "publisher"]


@pytest.mark.django_db
def test_a_part_that_is_not_installed_is_compared_too():
    document = record(build.article(), by=None).document
    row = {"uid": "9f0f5f7a-8f5e-4b6a-9a43-1f1f2f3f4f5f", "words": "On a map"}
    with_map = {**document, "parts": {**document["parts"], "map": {"schema": 1, "rows": [row]}}}

    [changes] = compare(document, with_map).parts

    assert changes.name == changes.title == "map"
    assert changes.name not in {part.name for part in parts()}
    assert [(change.kind, change.title) for change in changes.rows] == [(Kind.ADDED, "9f0f5f7a")]


@pytest.mark.django_db
def test_an_older_schema_is_compared_as_it_would_be_today():
    document = record(build.article(), by=None).document
    uid = "9f0f5f7a-8f5e-4b6a-9a43-1f1f2f3f4f5f"
    first = {"schema": 1, "rows": [{"uid": uid, "text": "The same words", "image": None}]}
    second = {"schema": 2, "rows": [{"uid": uid, "words": "The same words", "image": None}]}
    old = {**document, "parts": {**document["parts"], "pull-quotes": first}}
    new = {**document, "parts": {**document["parts"], "pull-quotes": second}}

    assert not compare(upgraded_document(old), upgraded_document(new))


# As readers are told


def told(old: str, new: str) -> str:
    [change] = compare_fields({"body": old}, {"body": new})
    marks = {"added": "+", "removed": "-", "same": ""}
    return "".join(f"{marks[run.kind]}{run.text}" for run in change.told)


def test_long_stretches_that_stayed_are_cut_down_to_the_words_beside_a_change():
    before = " ".join(f"a{number}" for number in range(200))
    after = " ".join(f"z{number}" for number in range(200))

    shown = told(f"{before} old {after}", f"{before} new {after}")

    assert shown.startswith(" … a170 ")
    assert "a199 -old +new z0" in shown
    assert shown.endswith("z29 … ")
    assert len(shown.split()) == 64


def test_between_two_changes_both_sides_keep_their_words():
    middle = " ".join(f"m{number}" for number in range(200))

    shown = told(f"one {middle} two", f"1 {middle} 2")

    assert "m29 … m170" in shown


def test_short_texts_are_told_whole():
    assert told("It was in 1917.", "It was in 1933.") == "It was in -1917+1933."
