"""Constants stand in a statement itself: publishing.constants."""

import pytest

from comments.models import Comment
from publishing.constants import Constant


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("pending", "'pending'"),
        ("a_word", "'a_word'"),
        ("", "''"),
        (0, "0"),
        (17, "17"),
        (Comment.State.SPAM, "'spam'"),
    ],
)
def test_a_constant_is_written_into_the_statement_and_is_no_value_of_it(value, written):
    assert Constant(value).as_sql(None, None) == (written, [])


@pytest.mark.parametrize("value", ["o'clock", "100%", "two words", "Ünder", "a;b", "A", "a\n"])
def test_what_somebody_may_have_typed_is_no_constant(value):
    with pytest.raises(ValueError, match="no word of the code"):
        Constant(value)


@pytest.mark.django_db
def test_comments_are_found_by_a_state_that_is_a_constant():
    found = Comment.objects.in_state("spam")

    sql, given = found.query.sql_with_params()

    assert "= 'spam'" in sql.replace("(", "").replace(")", "")
    assert given == ()
    assert list(found) == []


def test_a_state_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="lost"):
        Comment.objects.in_state("lost")
