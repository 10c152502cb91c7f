"""The databases' own full text search: what was asked, what is found, how spelling is forgiven."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from articles.models import PublishedPassage
from articles.passages import ensure_index, in_one_line, index
from publishing.full_text import in_pieces, read_asked
from publishing.full_text.asking import MOST_TERMS, words_of
from publishing.full_text.language import configuration, tokenizer
from publishing.full_text.spelling import distance, nearest
from publishing.full_text.words import FIRST, LAST, Piece, without_marks
from tests import build

HOSTILE = [
    *("", " ", '"', '""', '"""', "'", "''", "\\", "*", "a*", "^a", "-a", "+a", "(", ")", "a AND"),
    *("AND", "OR OR", "NOT a", "a NEAR b", "NEAR(a b, 2)", "title:treaty", "{title} : a", "a:*"),
    *("a:A", "!a", "a & b", "a | b", "a <-> b", "<->", "%", "%s", "_", "$1", "\0", "a\0b"),
    *(
        "\x02a\x03",
        "\ufffe",
        "e\u0301\u0301",
        "\u0301",
        "🙂",
        "हिन्दी",
        "日本語",
        "\u202eabc",
        "--",
        "/*",
    ),
    *("x" * 5_000, "word " * 10_000, '"a ' * 3_000, "' OR 1; --"),
    *(
        "'; DROP TABLE articles_publication; --",
        "a.b.c",
        "a-b-c",
        "http://a.example/?b=c",
        "1e9",
        "\ud800",
    ),
]


@pytest.fixture
def article(db):
    article = build.article("relations", title="Relations", summary="Consuls and envoys.")
    build.section(article, heading="Recognition", body="The treaties were signed in Zürich.")
    build.event(article, title="A treaty is signed", date="1933-11-16", text="By both.")
    build.published(article)
    return article


def found(typed: str) -> list[str]:
    asked = read_asked(typed)
    if not asked:
        return []
    rows = list(index().ranked(PublishedPassage.objects.live(), asked))
    index().marked([row.pk for row in rows], asked)
    matching = PublishedPassage.objects.live().filter(pk__in=index().matching(asked))
    assert {row.pk for row in rows} == {row.pk for row in matching}
    return [row.title for row in rows]


# What was asked


def test_words_are_the_runs_of_letters_and_digits():
    assert words_of("Reader's U.S.–Russia (1933)!") == ("Reader", "s", "U", "S", "Russia", "1933")
    assert words_of("*** -- \u0301") == ()


def test_quotation_marks_keep_words_together():
    asked = read_asked("“Soviet Union” recognised")
    assert [term.words for term in asked.terms] == [("Soviet", "Union"), ("recognised",)]


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others():
    assert read_asked("What is the treaty?").words == ["treaty"]
    assert read_asked("to be").words == ["to", "be"]


def test_so_many_words_and_no_more_are_asked_for():
    assert len(read_asked("a1 " * 1_000).terms) == MOST_TERMS


def look_for(typed: str) -> None:
    """Ask everything that a reader may ask."""
    found(typed)
    words = words_of(typed[:200])[:MOST_TERMS]
    list(index().beginning_with(PublishedPassage.objects.live(), words))
    list(index().resembling(PublishedPassage.objects.live(), words))


def test_no_input_is_an_error(article):
    for typed in HOSTILE:
        look_for(typed.encode(errors="replace").decode())


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(typed=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_no_text_at_all_is_an_error(article, typed):
    look_for(typed)


# What is found


def test_words_are_found_by_their_stems(article):
    assert "Recognition" in found("treaty")
    assert "A treaty is signed" in found("treaties")


def test_every_word_has_to_be_held(article):
    assert found("treaty 1933") == ["A treaty is signed"]
    assert found("treaty unheard") == []


def test_a_phrase_is_found_in_its_order_alone(article):
    assert found('"signed in Zürich"') == ["Recognition"]
    assert found('"Zürich signed"') == []


def test_the_title_counts_more_than_the_text(article):
    build.section(article, heading="Words", body="A treaty, and a treaty; of treaties a treaty.")
    build.published(article)

    assert found("treaty")[0] == "A treaty is signed"


def test_what_is_changed_and_what_is_deleted_is_followed_at_once(article):
    passage = PublishedPassage.objects.get(title="Recognition")
    passage.title, passage.text = "Silence", "Nobody spoke."
    passage.save()
    assert found("zürich") == []
    assert found("silence") == ["Silence"]

    PublishedPassage.objects.all().delete()
    assert found("silence") == []


def test_case_counts_for_nothing_in_any_script(db):
    article = build.article()
    build.section(article, heading="ДОГОВОР", body="Straße")
    build.published(article)

    assert found("договор") == ["ДОГОВОР"]


def test_the_passage_has_marks_where_it_was_found(article):
    asked = read_asked("treaty")
    row = PublishedPassage.objects.get(title="Recognition")
    marked = index().marked([row.pk], asked)[row.pk]

    assert Piece("treaties", is_found=True) in in_pieces(marked.text)
    assert in_pieces(marked.title) == [Piece("Recognition", is_found=False)]


def test_no_text_can_pretend_that_it_was_found():
    assert without_marks(f"a{FIRST}b{LAST}c\0\n\t") == "a b c \n\t"
    assert in_pieces(f"{FIRST}a{LAST} <b>") == [Piece("a", True), Piece(" <b>", False)]


def test_lines_become_sentences():
    assert in_one_line("6 December 1917\nRussia, Finland\n\nIt was so.\nWhy?") == (
        "6 December 1917. Russia, Finland. It was so. Why?"
    )


# Spelling


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("recogntion", "recognition"),
        ("recgonition", "recognition"),
        ("RECOGNITION", "recognition"),
        ("treayt", "treaty"),
        ("trety", "treaty"),
        ("zurich", "Zürich"),
        ("tre", None),
        ("trout", None),
        ("reckoning", None),
    ],
)
def test_the_nearest_word_is_meant(typed, meant):
    assert nearest(typed, ["treaty", "recognition", "Zürich", "meant"]) == meant


@given(one=st.text("abc", max_size=8), other=st.text("abc", max_size=8))
def test_slips_are_counted_alike_from_both_sides(one, other):
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, other) <= max(len(one), len(other))


def test_titles_that_share_letters_come_the_nearest_first(article):
    near = index().resembling(PublishedPassage.objects.live(), ["recogntion"])
    assert near[0].title == "Recognition"


# The index


@pytest.mark.parametrize(
    ("code", "postgres", "sqlite"),
    [
        ("en-gb", "english", "porter unicode61 remove_diacritics 2"),
        ("de", "german", "unicode61 remove_diacritics 2"),
        ("ja", "simple", "unicode61 remove_diacritics 2"),
    ],
)
def test_the_language_is_the_sites(settings, code, postgres, sqlite):
    settings.LANGUAGE_CODE = code
    assert configuration() == postgres
    assert tokenizer() == sqlite


def test_the_index_is_left_alone_while_it_is_right(article):
    assert index().ensure() is False


def test_another_language_makes_the_index_anew(article, settings):
    connection.check_constraints()  # What a commit would have done before.
    settings.LANGUAGE_CODE = "de"
    ensure_index()

    assert index().ensure() is False
    assert found("treaties") == ["Recognition"]
    settings.LANGUAGE_CODE = "en-gb"
    ensure_index()
    assert len(found("treaties")) == 2


def test_an_index_that_was_lost_is_made_anew(article):
    connection.check_constraints()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER articles_publishedpassage_words_added")
        else:
            cursor.execute("ALTER TABLE articles_publishedpassage DROP COLUMN words")

    assert index().ensure() is True
    assert "Recognition" in found("treaty")


def test_nothing_of_a_deleted_passage_is_left_in_the_index(article):
    PublishedPassage.objects.all().delete()
    index().forget_removed()
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM articles_publishedpassage_words_data")
        blocks = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert b"zurich" not in blocks
