"""Reports: once for each network, hidden when several agree, closed by a decision."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from comments import reporting, writing
from comments.limits import TooMany
from comments.models import Comment, DiscussionRules, Report
from comments.tasks import forget_networks
from comments.voting import NotShown
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def comment(clock):
    return build.comment(build.published_article("open"))


def report(comment, network="n", text="", category="abuse"):
    return reporting.report(comment, category=category, text=text, network=network)


def open_reports(comment):
    comment.refresh_from_db()
    return comment.open_reports


def test_a_network_reports_a_comment_once(comment):
    first = report(comment)
    again = report(comment, category="spam")

    assert again == first
    assert open_reports(comment) == Report.objects.count() == 1


def test_words_that_come_later_from_the_same_network_are_not_lost(comment):
    report(comment)
    report(comment, text="He gives away where she lives.")
    report(comment, text="Something else")

    assert Report.objects.get().text == "He gives away where she lives."


def test_a_comment_that_several_networks_reported_is_hidden_until_somebody_looks(comment):
    for network in "ab":
        report(comment, network)
    assert open_reports(comment) == 2
    assert comment.state == Comment.State.APPROVED

    report(comment, "c")

    comment.refresh_from_db()
    assert comment.state == Comment.State.PENDING
    assert comment.transitions.last().reason == "reports"


def test_how_many_networks_it_takes_is_the_articles_rule_before_the_sites(comment):
    DiscussionRules.objects.create(hidden_after_reports=5)
    DiscussionRules.objects.create(article=comment.article, hidden_after_reports=1)

    report(comment)

    comment.refresh_from_db()
    assert comment.state == Comment.State.PENDING


def test_flooding_with_reports_from_one_network_hides_nothing(comment):
    for _ in range(20):
        report(comment, text="Hide it!")

    comment.refresh_from_db()
    assert comment.state == Comment.State.APPROVED
    assert comment.open_reports == 1


def test_a_network_reports_only_so_often(comment, clock):
    rows = [build.comment(comment.article) for _ in range(reporting.MOST_REPORTS + 1)]
    for row in rows[:-1]:
        report(row)

    with pytest.raises(TooMany):
        report(rows[-1])
    report(rows[0])
    clock.shift(timedelta(minutes=10))
    report(rows[-1])

    assert open_reports(rows[-1]) == 1


def test_no_crowd_hides_what_the_newsroom_wrote(comment):
    staff = build.comment(comment.article, is_staff=True)
    for network in "abcdef":
        report(staff, network)

    assert open_reports(staff) == 6
    assert staff.state == Comment.State.APPROVED


@pytest.mark.parametrize("state", ["pending", "rejected", "spam"])
def test_nobody_reports_what_readers_do_not_see(comment, state):
    hidden = build.comment(comment.article, state)

    with pytest.raises(NotShown):
        report(hidden)
    assert not Report.objects.exists()


def test_a_decision_closes_the_reports_and_counting_begins_anew(comment):
    editor = build.editor()
    for network in "ab":
        report(comment, network)

    assert reporting.settle(comment, by=editor) == 2

    assert open_reports(comment) == 0
    assert set(Report.objects.values_list("settled_by", "settled_at")) == {(editor.pk, NOON)}
    assert reporting.settle(comment, by=editor) == 0
    report(comment, "a")
    assert open_reports(comment) == 0
    report(comment, "c")
    assert open_reports(comment) == 1


def test_what_its_writer_deletes_needs_no_look(comment):
    report(comment)
    writing.delete(comment)

    assert open_reports(comment) == 0
    assert Report.objects.get().settled_at == NOON


def test_who_reported_is_forgotten_after_thirty_days(comment, clock):
    report(comment)
    clock.shift(timedelta(days=30, seconds=1))

    assert forget_networks.call() == 1

    made = Report.objects.get()
    assert (made.network, made.fingerprint) == ("", None)
    assert open_reports(comment) == 1
