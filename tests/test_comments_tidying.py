"""What is tidied up daily, also where nobody writes any more."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command

from comments import learning, moderating, writing
from comments.banning import ban
from comments.models import Ban, Comment, LearnedToken, SpentWork
from comments.working import spend
from deploy import serve
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def tidied(capsys):
    call_command("tidy_comments")
    return capsys.readouterr().out


def test_what_has_served_its_purpose_goes_and_the_rest_stays(clock, capsys):
    publication = build.published(build.article("open"))
    writing.post(publication, name="Anna", body="Words", network="n")
    ban("address", "a" * 64, days=1, reason="", by=None)
    ban("address", "b" * 64, days=300, reason="", by=None)
    spend("signature", NOON)
    moderating.mark_as_spam(Comment.objects.all(), by=build.editor())
    assert "0 networks, 0 bans, 0 proofs of work, 0 words" in tidied(capsys)

    clock.shift(timedelta(days=61))

    assert "1 networks, 1 bans, 1 proofs of work" in tidied(capsys)
    assert Comment.objects.get().network == ""
    assert Ban.objects.get().hash == "b" * 64
    assert not SpentWork.objects.exists()
    assert list(LearnedToken.objects.values_list("token", flat=True)) == [learning.ALL]
    assert "0 networks, 0 bans, 0 proofs of work, 0 words" in tidied(capsys)


def test_whom_a_ban_was_about_is_forgotten_when_it_ends(clock, capsys):
    ban("address", "a" * 64, days=1, reason="Insults", by=None)
    clock.shift(timedelta(days=1))

    tidied(capsys)

    assert (Ban.objects.get().hash, Ban.objects.get().reason) == ("", "Insults")


def test_it_is_done_daily():
    assert any("tidy_comments" in command for command in serve.DAILY)
