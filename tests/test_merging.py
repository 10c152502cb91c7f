"""Merging three states of a text: what nobody chose is lost on neither side."""

from hypothesis import given
from hypothesis import strategies as st

from articles.merging import WHOLE_ROW, Row, merge_order, merge_rows, merge_values, same

TEXTS = st.lists(st.sampled_from(["", "one", "two", "three\n", "four\r\nfive"]), max_size=2)
VALUES = st.fixed_dictionaries(dict.fromkeys(("title", "body", "topics"), TEXTS))
UIDS = st.lists(st.sampled_from("abcdefgh"), unique=True)


@st.composite
def rows(draw):
    return [Row(uid, draw(VALUES)) for uid in draw(UIDS)]


def changed(before, after):
    return {name for name in after if not same(before[name], after[name])}


def by_uid(found):
    return {row.uid: row.values for row in found}


def test_a_field_that_only_one_changed_is_taken_from_that_one():
    base = {"title": ["Old"], "body": ["Old"], "summary": ["Old"]}
    theirs = {**base, "title": ["Theirs"]}
    mine = {**base, "body": ["Mine"]}

    merged = merge_values(base, theirs, mine)

    assert merged.values == {"title": ["Theirs"], "body": ["Mine"], "summary": ["Old"]}
    assert (merged.taken, merged.colliding) == (["title"], [])


def test_a_field_that_both_changed_stays_as_mine_and_is_named():
    merged = merge_values({"title": ["Old"]}, {"title": ["Theirs"]}, {"title": ["Mine"]})

    assert merged.values == {"title": ["Mine"]}
    assert merged.colliding == ["title"]


def test_where_the_beginning_is_not_known_every_difference_is_asked_about():
    merged = merge_values(
        {}, {"title": ["Theirs"], "body": ["Same"]}, {"title": ["Mine"], "body": ["Same"]}
    )

    assert merged.colliding == ["title"]


def test_what_theirs_does_not_have_stays_as_mine():
    assert merge_values({}, {}, {"new": ["Mine"]}).values == {"new": ["Mine"]}


@given(base=VALUES, theirs=VALUES, mine=VALUES)
def test_each_field_is_theirs_mine_or_asked_about(base, theirs, mine):
    merged = merge_values(base, theirs, mine)
    for name, value in merged.values.items():
        if name in merged.colliding:
            assert same(value, mine[name])
            assert not same(theirs[name], mine[name])
            assert name in changed(base, theirs) & changed(base, mine)
        elif name in changed(base, mine):
            assert same(value, mine[name])
        else:
            assert same(value, theirs[name])


@given(base=VALUES, theirs=VALUES, mine=VALUES)
def test_it_does_not_matter_who_saved_first_where_nothing_collides(base, theirs, mine):
    one, other = merge_values(base, theirs, mine), merge_values(base, mine, theirs)
    assert set(one.colliding) == set(other.colliding)
    for name in one.values.keys() - set(one.colliding):
        assert same(one.values[name], other.values[name])


@given(base=rows(), other=rows())
def test_rows_that_one_side_left_alone_are_as_the_other_made_them(base, other):
    removed = by_uid(base).keys() - by_uid(other).keys()

    assert merge_rows(base, other, base).rows == other
    assert merge_rows(base, base, other, removed=removed).rows == other
    assert not merge_rows(base, other, base).colliding
    assert not merge_rows(base, base, other, removed=removed).colliding


@given(base=rows(), other=rows())
def test_the_same_on_both_sides_is_kept_as_it_is(base, other):
    removed = by_uid(base).keys() - by_uid(other).keys()
    merged = merge_rows(base, other, other, removed=removed)
    assert (merged.rows, merged.colliding) == (other, [])


@given(base=rows(), theirs=rows(), mine=rows())
def test_no_row_that_somebody_wrote_in_disappears(base, theirs, mine):
    before, saved, typed = by_uid(base), by_uid(theirs), by_uid(mine)
    removed = before.keys() - typed.keys()
    merged = merge_rows(base, theirs, mine, removed=removed)
    result, asked = by_uid(merged.rows), set(merged.colliding)

    for side, other in ((saved, typed), (typed, saved)):
        for uid, values in side.items():
            is_written = uid not in before or changed(before[uid], values)
            assert uid in result or not is_written
            if is_written and uid in before and uid not in other:
                assert (uid, WHOLE_ROW) in asked
    assert len(merged.rows) == len(result)


@given(base=UIDS, theirs=UIDS, mine=UIDS)
def test_an_order_holds_all_that_either_side_has_once(base, theirs, mine):
    merged = merge_order(base, theirs, mine)
    assert sorted(merged) == sorted({*theirs, *mine})


def test_moves_of_both_are_kept():
    assert merge_order("abcde", "bacde", "abced") == list("baced")


def test_what_both_moved_stands_where_mine_put_it():
    assert merge_order("abcd", "bcda", "bcad") == list("bcad")


def test_what_both_added_stays_behind_its_neighbour():
    assert merge_order("ab", "axb", "ayb") == ["a", "y", "x", "b"]


def test_a_row_deleted_by_one_and_written_in_by_the_other_stays_until_somebody_chooses():
    base = [Row("a", {"body": ["Old"]})]
    written = [Row("a", {"body": ["New"]})]

    theirs_deleted = merge_rows(base, [], written)
    mine_deleted = merge_rows(base, written, [], removed={"a"})

    assert theirs_deleted.rows == written == mine_deleted.rows
    assert theirs_deleted.colliding == [("a", WHOLE_ROW)] == mine_deleted.colliding
