"""Trust: whose comments go live at once, and who only says that they are somebody."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from comments import gathering, trust, writing
from comments.limits import TooSoon
from comments.models import Comment
from comments.readers import reader_of
from comments.rules import Rules, set_rules
from comments.tells import Tells
from comments.trust import is_trusted
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANNA, MALLORY = "anna@example.org", "mallory@example.org"
State = Comment.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return build.published_article("open")


@pytest.fixture
def anna(article):
    """A reader who is trusted: three approved comments that are proved to be hers."""
    return trusted_reader(article, ANNA)


@pytest.fixture
def tokens(monkeypatch):
    """Tokens that prove an address: {token: reader}."""
    known = {}
    monkeypatch.setattr(gathering, "known_reader", lambda token, at: known.get(token))
    return known


def trusted_reader(article, email):
    reader = reader_of(email, at=NOON)
    reader.confirmed_at = NOON - timedelta(days=99)
    reader.save()
    for _ in range(3):
        said(article, reader)
    return reader


def said(article, reader, state="approved", days=10, is_proved=True):
    at = NOON - timedelta(days=days)
    confirmed_at = at if is_proved else None
    fields = {"created_at": at, "reader": reader, "confirmed_at": confirmed_at}
    return build.comment(article, state, **fields)


def post(article, email=ANNA, **options):
    publication = article.publications.get()
    fields = {"name": "Anna", "body": "The treaty is missing.", "network": "n", **options}
    return writing.post(publication, email=email, **fields).comment


def test_a_proved_reader_with_enough_approved_comments_and_none_refused_is_trusted(anna):
    assert is_trusted(anna, NOON, Rules())


def test_with_one_comment_less_a_reader_is_not(article, anna):
    Comment.objects.filter(reader=anna).first().delete()

    assert not is_trusted(anna, NOON, Rules())
    assert is_trusted(anna, NOON, Rules(trusted_after=2))


def test_where_nobody_is_to_be_trusted_nobody_is(anna):
    assert not is_trusted(anna, NOON, Rules(trusted_after=0))


def test_nobody_without_an_address_is_trusted(article):
    assert not is_trusted(None, NOON, Rules())


@pytest.mark.parametrize("state", ["rejected", "spam"])
def test_something_refused_lately_ends_trust_until_the_days_are_over(article, anna, state):
    said(article, anna, state, days=89)

    assert not is_trusted(anna, NOON, Rules())
    assert is_trusted(anna, NOON + timedelta(days=2), Rules())
    assert is_trusted(anna, NOON, Rules(trusted_within_days=88))


def test_a_trusted_reader_who_proves_the_address_appears_at_once(article, anna, tokens):
    tokens["hers"] = anna

    comment = post(article, tells=Tells(known="hers"))

    assert (comment.state, comment.held_by) == (State.APPROVED, "passed")
    assert comment.confirmed_at == NOON


def test_a_browser_that_remembers_its_reader_needs_no_address_typed(article, anna, tokens):
    tokens["hers"] = anna

    comment = post(article, email="", tells=Tells(known="hers"))

    assert (comment.reader, comment.state) == (anna, State.APPROVED)


def test_a_trusted_reader_who_mends_a_word_stays_on_the_page(article, anna, tokens):
    tokens["hers"] = anna
    comment = post(article, tells=Tells(known="hers"))

    mended = writing.mend(comment, name="Anna", email=ANNA, body="The treaty is still missing.")
    with_links = writing.mend(
        mended, name="Anna", email=ANNA, body="https://a.example https://b.example //c.example"
    )

    assert mended.state == State.APPROVED
    assert with_links.state == State.PENDING
    assert with_links.transitions.last().reason == "writer"


def test_whoever_types_the_address_of_a_trusted_reader_waits_like_everybody(article, anna):
    """The attack: an address is no secret, and typing one would publish anything in her name."""
    comment = post(article, body="Anna would never say this.")

    assert comment.reader == anna
    assert (comment.state, comment.held_by) == (State.PENDING, "newcomer")
    assert comment.confirmed_at is None


def test_a_token_that_proves_another_address_proves_nothing_of_this_one(article, anna, tokens):
    """The attack: a spammer confirms an address of their own, and types somebody else's."""
    tokens["mallorys"] = reader_of(MALLORY, at=NOON)

    comment = post(article, tells=Tells(known="mallorys"))

    assert comment.state == State.PENDING
    assert comment.confirmed_at is None


def test_comments_under_a_typed_address_do_not_spoil_the_trust_of_whoever_has_it(
    article, anna, tokens
):
    """The attack: insults in her name, so that she is trusted no more."""
    said(article, anna, "rejected", days=1, is_proved=False)
    tokens["hers"] = anna

    assert is_trusted(anna, NOON, Rules())
    assert post(article, tells=Tells(known="hers")).state == State.APPROVED


def test_comments_under_a_typed_address_earn_no_trust(article):
    """The attack: three harmless comments under an address that nobody proved to have."""
    reader = reader_of(MALLORY, at=NOON)
    reader.confirmed_at = NOON
    reader.save()
    for _ in range(5):
        said(article, reader, is_proved=False)

    assert not is_trusted(reader, NOON, Rules())


def test_a_comment_whose_address_is_changed_is_proved_no_more(article, anna, tokens):
    """The attack: prove an address of one's own, then put somebody else's in its place."""
    mallory = reader_of(MALLORY, at=NOON)
    tokens["mallorys"] = mallory
    comment = post(article, email=MALLORY, tells=Tells(known="mallorys"))
    assert comment.confirmed_at

    for body in (comment.body, "Other words."):
        mended = writing.mend(comment, name="Anna", email=ANNA, body=body)
        mended.refresh_from_db()
        assert mended.reader == anna
        assert mended.confirmed_at is None


def test_trust_opens_no_door_for_what_another_phase_holds(article, anna, tokens):
    tokens["hers"] = anna
    set_rules(None, {"most_links": 0}, by=None)

    comment = post(article, body="See https://example.org/", tells=Tells(known="hers"))

    assert (comment.state, comment.held_by) == (State.PENDING, "links")


def test_what_others_of_the_network_did_does_not_count_against_a_trusted_reader(
    article, anna, tokens
):
    tokens["hers"] = anna
    build.comment(article, "spam", network="n")

    stranger = post(article, email="", body="Something else entirely.")
    comment = post(article, tells=Tells(known="hers"))

    assert (stranger.held_by, comment.held_by) == ("history", "passed")


def test_in_slow_mode_a_reader_who_is_known_waits_from_whatever_network(article, anna, tokens):
    set_rules(article, {"slow_mode_seconds": 60}, by=None)
    tokens["hers"] = anna
    post(article, tells=Tells(known="hers"))

    with pytest.raises(TooSoon):
        post(article, tells=Tells(known="hers"), network="other", body="A second one.")


def test_whoever_types_an_address_does_not_keep_its_owner_from_writing_in_slow_mode(
    article, anna, tokens
):
    """The attack: a comment a minute in her name, so that there is never room for hers."""
    set_rules(article, {"slow_mode_seconds": 60}, by=None)
    tokens["hers"] = anna
    post(article, body="In her name.")

    hers = post(article, tells=Tells(known="hers"), network="other", body="Really hers.")

    assert hers.state == State.APPROVED


def test_trust_is_found_in_one_query(article, anna, django_assert_num_queries):
    with django_assert_num_queries(1):
        is_trusted(anna, NOON, Rules())
    assert trust.LATEST == 200
