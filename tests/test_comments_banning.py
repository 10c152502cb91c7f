"""Bans: by address or network, with an end; refused, kept, and told."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from articles.models import AuditEntry
from comments import writing
from comments.banning import ban, forget_ended, is_banned, lift
from comments.models import Ban, Comment
from comments.readers import address_hash
from publishing.readers import network_key_changes_at
from tests import build, desk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANNA = "anna@example.org"
LIST = "/admin/comments/ban/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def publication():
    return build.published(build.article("open"))


def ban_anna(**options):
    return ban(
        "address", address_hash(ANNA), **{"days": 3, "reason": "Insults", "by": None} | options
    )


def post(publication, **fields):
    fields = {"name": "Anna", "body": "Words", "network": "n", **fields}
    return writing.post(publication, **fields).comment


def test_a_banned_address_is_refused_and_kept_and_another_is_not(publication):
    ban_anna()

    refused = post(publication, email=ANNA.upper())
    taken = post(publication, email="boris@example.org", network="other")

    assert (refused.state, refused.held_by) == (Comment.State.REJECTED, "banned")
    assert refused.body == "Words"
    assert taken.state == Comment.State.PENDING


def test_a_banned_network_is_refused_and_another_is_not(publication):
    ban("network", "n", days=3, reason="", by=None)

    assert post(publication, network="n").held_by == "banned"
    assert post(publication, network="other").held_by == "newcomer"


def test_a_banned_writer_does_not_fill_the_queue_by_repeating_themselves(publication):
    ban_anna()
    words = "These are the same words again and again."
    for number in range(3):
        post(publication, email=ANNA, body=words, name=f"Anna {number}")

    assert not Comment.objects.waiting().exists()


def test_a_ban_ends_when_it_was_said_to(publication):
    ban_anna(days=3)

    assert is_banned([address_hash(ANNA)], NOON + timedelta(days=3) - timedelta(seconds=1))
    assert not is_banned([address_hash(ANNA)], NOON + timedelta(days=3))


def test_a_ban_of_a_network_ends_when_the_key_changes_at_the_latest():
    changes_at = network_key_changes_at(NOON)
    long = ban("network", "n", days=365, reason="", by=None)
    short = ban("network", "m", days=1, reason="", by=None)

    assert NOON < changes_at <= NOON + timedelta(days=30)
    assert long.ends_at == changes_at
    assert short.ends_at == min(NOON + timedelta(days=1), changes_at)


def test_banning_the_same_again_changes_the_ban(publication):
    first = ban_anna(days=3)
    second = ban_anna(days=10, reason="More insults")

    assert first.pk == second.pk
    assert Ban.objects.get().reason == "More insults"
    assert Ban.objects.get().ends_at == NOON + timedelta(days=10)


@pytest.mark.parametrize("days", [0, -1, 3_651])
def test_a_ban_has_an_end_within_ten_years(days):
    with pytest.raises(ValidationError):
        ban_anna(days=days)


def test_what_has_no_address_and_what_came_long_ago_cannot_be_banned():
    with pytest.raises(ValidationError, match="without an e-mail address"):
        ban("address", "", days=3, reason="", by=None)
    with pytest.raises(ValidationError, match="is forgotten"):
        ban("network", "", days=3, reason="", by=None)


def test_nobody_is_banned_by_an_empty_hash():
    Ban.objects.create(kind="network", hash="", made_at=NOON, ends_at=NOON + timedelta(days=1))

    assert not is_banned(["", ""], NOON)


def test_a_ban_can_be_lifted_once_and_both_are_logged():
    editor = build.editor()
    made = ban_anna(by=editor)

    assert lift(made, editor)
    assert not lift(made, editor)
    assert not is_banned([address_hash(ANNA)], NOON)
    deeds = AuditEntry.objects.order_by("pk").values_list("deed", "user_name")
    assert list(deeds) == [("banned", "editor"), ("lifted-ban", "editor")]


def test_the_log_holds_no_hash_of_an_address():
    ban_anna()

    assert address_hash(ANNA) not in str(AuditEntry.objects.get().details)


def test_an_ended_ban_is_forgotten_after_thirty_days():
    ban_anna(days=1)

    assert forget_ended(NOON + timedelta(days=31)) == 0
    assert forget_ended(NOON + timedelta(days=31, seconds=1)) == 1


# At the desk


def test_a_moderator_sees_and_lifts_a_ban(client):
    made = ban_anna(by=build.reviewer())
    client = desk.client_of(build.editor())

    page = client.get(LIST).text
    answer = client.post(LIST, {"lift": made.pk}, follow=True)

    assert "Insults" in page
    assert "25 Nov 2026, 12:00" in page
    assert "by reviewer" in page
    assert address_hash(ANNA) not in page
    assert "The ban is lifted" in answer.text
    assert "ended 22 Nov 2026" in answer.text
    assert not is_banned([address_hash(ANNA)], NOON)


def test_a_second_moderator_is_told_that_it_had_ended():
    made = ban_anna()
    client = desk.client_of(build.editor())
    client.post(LIST, {"lift": made.pk})

    assert "had ended already" in client.post(LIST, {"lift": made.pk}, follow=True).text


def test_nobody_else_sees_or_lifts_bans():
    made = ban_anna()
    client = desk.client_of(build.author())

    assert client.get(LIST).status_code == 403
    assert client.post(LIST, {"lift": made.pk}).status_code == 403
    assert is_banned([address_hash(ANNA)], NOON)


@pytest.mark.parametrize("named", ["", "x", "999999", "-1", "9" * 30, "²"])
def test_a_ban_that_is_none_is_not_there(named):
    assert desk.client_of(build.editor()).post(LIST, {"lift": named}).status_code == 404


def test_an_empty_list_says_so():
    assert "Nobody is banned." in desk.client_of(build.editor()).get(LIST).text
