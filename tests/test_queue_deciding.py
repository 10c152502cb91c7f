"""Deciding in the queue: one POST each, and it counts only for what was seen."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from comments import moderating, writing
from comments.admin import asking
from comments.models import Ban, Comment, Report, Transition
from comments.readers import reader_of
from comments.seen import token_of
from tests import build, desk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIST = "/admin/comments/comment/"
DECIDE = f"{LIST}decide/"
JSON = {"accept": "application/json"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return build.published_article("open", title="Relations")


@pytest.fixture
def editor(client):
    user = build.editor()
    client.force_login(user)
    return user


def page_of(comment, name="change"):
    return f"{LIST}{comment.pk}/{name}/"


def decide(client, deed, *comments, **fields):
    """Press a button about comments as they are given; return the page it leads to."""
    data = {"decide": deed, "seen": [token_of(comment) for comment in comments], **fields}
    return client.post(DECIDE, data, follow=True)


def as_data(client, deed, *comments, **fields):
    data = {"decide": deed, "seen": [token_of(comment) for comment in comments], **fields}
    return client.post(DECIDE, data, headers=JSON).json()


def said(response):
    return [str(message) for message in response.context["messages"]]


def states():
    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


def log(comment):
    rows = Transition.objects.filter(comment=comment)
    return [(row.before, row.after, row.reason) for row in rows]


def report(comment, count=1):
    for _ in range(count):
        Report.objects.create(comment=comment, category="spam", made_at=NOON)
    Comment.objects.filter(pk=comment.pk).update(open_reports=count)
    comment.refresh_from_db()
    return comment


# One and several


@pytest.mark.parametrize(
    ("deed", "state", "sentence"),
    [
        ("approve", "approved", "1 comment approved."),
        ("reject", "rejected", "1 comment rejected."),
        ("spam", "spam", "1 comment put aside as spam."),
    ],
)
def test_a_decision_is_taken_logged_and_told(client, editor, article, deed, state, sentence):
    waiting = build.comment(article, state="pending")

    response = decide(client, deed, waiting, back="order=riskiest")

    assert said(response) == [sentence]
    assert response.redirect_chain[-1][0] == f"{LIST}?order=riskiest"
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == (state, editor)
    assert log(waiting)[-1] == ("pending", state, "moderator")


def test_several_are_decided_at_once_and_the_page_shows_them(client, editor, article):
    waiting = [build.comment(article, state="pending", body=f"Words {n}") for n in range(3)]

    response = decide(client, "approve", *waiting[:2])

    assert said(response) == ["2 comments approved."]
    page = client.get("/articles/open/").text
    assert [f"Words {n}" in page for n in range(3)] == [True, True, False]


def test_nothing_chosen_and_unknown_buttons_change_nothing(client, editor, article):
    waiting = build.comment(article, state="pending")

    assert said(decide(client, "approve")) == ["Choose comments first. Nothing was changed."]
    assert said(decide(client, "eat", waiting)) == [
        "That button is not known. Nothing was changed."
    ]
    for nonsense in ("", "1", "1-pending", "x-pending-0-0", "9" * 30 + "-pending-0-0"):
        client.post(DECIDE, {"decide": "approve", "seen": nonsense})
    assert states() == ["pending"]


def test_a_script_is_told_what_is_gone_what_waits_and_what_can_be_taken_back(
    client, editor, article
):
    waiting, other = (build.comment(article, state="pending", name=name) for name in ("Ada", "Bo"))

    data = as_data(client, "reject", waiting)

    assert data["words"] == "1 comment rejected."
    assert (data["gone"], data["again"]) == ([waiting.pk], [])
    assert (data["counts"]["pending"], data["waits"]) == ("1", "1 waits.")
    assert "Rejected: Ada, just now" in data["deeds"]
    assert states() == ["rejected", "pending"]
    assert other.state == "pending"


def test_five_hundred_waiting_take_one_request_each_of_a_fixed_number_of_queries(
    client, editor, article, django_assert_max_num_queries
):
    waiting = [build.comment(article, state="pending") for _ in range(3)]
    as_data(client, "approve", waiting[0])

    # Session, account and rights; the decision; what can be undone and the counts.
    with django_assert_max_num_queries(26):
        as_data(client, "approve", waiting[1])


def test_the_way_back_leads_to_the_queue_whatever_a_form_says(client, editor, article):
    waiting = build.comment(article, state="pending")
    for back in ("//evil.example", "a=\r\nSet-Cookie: x=y", "x" * 20_000, "\x00", "%ff"):
        data = {"decide": "pin", "seen": token_of(waiting), "back": back}
        location = client.post(DECIDE, data)["Location"]
        assert location.startswith(f"{LIST}?")
        assert len(location) < 4_000


# What was seen


def test_the_second_moderator_is_told_what_the_first_did_and_nothing_changes(
    client, editor, article, clock
):
    waiting = build.comment(article, state="pending", name="Ada")
    rosa = build.editor("rosa", first_name="Rosa")
    moderating.approve([waiting], by=rosa)
    clock.shift(timedelta(seconds=70))

    assert said(decide(client, "reject", waiting)) == ["Ada: Approved by Rosa a minute ago."]
    data = as_data(client, "spam", waiting)

    assert data["gone"] == []
    assert data["again"][0]["words"] == "Approved by Rosa a minute ago."
    assert "Take down" in data["again"][0]["html"]
    assert states() == ["approved"]
    assert len(log(waiting)) == 2


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "Rejected by Rosa just now."),
        (5, "Rejected by Rosa 5 minutes ago."),
        (60, "Rejected by Rosa an hour ago."),
        (150, "Rejected by Rosa 2 hours ago."),
        (3000, "Rejected by Rosa on 22 Nov 2026, 12:00."),
    ],
)
def test_when_the_first_decided_is_said_in_words(client, editor, article, clock, minutes, words):
    waiting = build.comment(article, state="pending")
    moderating.reject([waiting], by=build.editor("rosa", first_name="Rosa"))
    clock.shift(timedelta(minutes=minutes))

    assert as_data(client, "approve", waiting)["again"][0]["words"] == words


def test_a_double_click_counts_once_and_tells_so(client, editor, article):
    waiting = build.comment(article, state="pending")

    decide(client, "approve", waiting)

    assert as_data(client, "approve", waiting)["again"][0]["words"] == "Approved by you just now."
    assert len(log(waiting)) == 2


@pytest.mark.parametrize("deed", ["approve", "reject", "spam"])
def test_what_its_writer_changed_meanwhile_is_not_decided_about_unseen(
    client, editor, article, clock, deed
):
    waiting = build.comment(article, state="pending", created_at=NOON)
    clock.shift(timedelta(seconds=5))
    writing.mend(waiting, name="Anna", email="", body="Something else")
    clock.shift(timedelta(seconds=5))

    data = as_data(client, deed, waiting)

    assert data["again"][0]["words"] == "Changed by its writer just now. Read it again."
    assert "Something else" in data["again"][0]["html"]
    assert states() == ["pending"]
    waiting.refresh_from_db()
    assert as_data(client, deed, waiting)["gone"] == [waiting.pk]


def test_what_its_writer_deleted_stays_deleted(client, editor, article):
    waiting = build.comment(article, state="pending", created_at=NOON)
    token = token_of(waiting)
    writing.delete(waiting)

    data = client.post(DECIDE, {"decide": "approve", "seen": token}, headers=JSON).json()

    assert data["again"][0]["words"] == "Deleted by its writer just now."
    assert states() == ["removed"]


# Reports


def test_no_breach_settles_reports_and_leaves_the_comment(client, editor, article):
    shown = report(build.comment(article), 2)

    assert said(decide(client, "keep", shown)) == ["Reports of 1 comment settled: no breach."]

    shown.refresh_from_db()
    assert (shown.state, shown.open_reports) == ("approved", 0)
    assert {one.settled_by for one in Report.objects.all()} == {editor}
    assert log(shown)[-1] == ("approved", "approved", "no-breach")


@pytest.mark.parametrize("deed", ["reject", "spam"])
def test_any_decision_settles_the_reports(client, editor, article, deed):
    shown = report(build.comment(article), 2)

    decide(client, deed, shown)

    assert not Report.objects.filter(settled_at=None).exists()
    assert Comment.objects.get().open_reports == 0


def test_a_report_that_came_after_the_page_is_not_settled_unread(client, editor, article):
    shown = report(build.comment(article))
    seen = token_of(shown)
    report(shown, 2)

    data = client.post(DECIDE, {"decide": "keep", "seen": seen}, headers=JSON).json()

    assert data["gone"] == []
    assert Comment.objects.get().open_reports == 2


# Reasons


def test_a_reason_is_logged_with_the_decision(client, editor, article):
    waiting = build.comment(article, state="pending")
    form = desk.open_form(client, page_of(waiting, "reject"))
    form["reason"], form["words"] = "It breaks rule 3.", "No street names, please."

    assert form.send().status_code == 302

    assert log(waiting)[-1] == (
        "pending",
        "rejected",
        "It breaks rule 3. No street names, please.",
    )
    assert "It breaks rule 3. No street names, please." in client.get(page_of(waiting)).text


def test_the_longest_reason_and_words_are_kept_whole(client, editor, article):
    longest = max((str(reason) for reason in asking.REASONS), key=len)

    assert len(longest) + 1 + asking.LONGEST_WORDS <= asking.LONGEST_REASON


def test_words_that_are_too_long_are_refused_and_kept(client, editor, article):
    waiting = build.comment(article, state="pending")

    response = client.post(page_of(waiting, "reject"), {"words": "x" * 121})

    assert response.status_code == 422
    assert "x" * 121 in response.text
    assert "Shorten this by 1 character" in response.text
    assert states() == ["pending"]


# Bans


def test_a_ban_asks_for_how_long_and_why_and_rejects_the_comment(client, editor, article):
    reader = reader_of("ada@example.org", at=NOON)
    waiting = build.comment(article, state="pending", reader=reader, network="n" * 64)
    page = client.get(page_of(waiting, "ban")).text
    assert "the e-mail address ada@example.org" in page
    form = desk.open_form(client, page_of(waiting, "ban"))
    form["kind"], form["days"], form["reason"] = "address", "30", "Insults"

    form.send()

    made = Ban.objects.get()
    assert (made.kind, made.hash, made.reason) == ("address", reader.address_hash, "Insults")
    assert (made.ends_at, made.made_by) == (NOON + timedelta(days=30), editor)
    assert states() == ["rejected"]
    assert (
        "This e-mail address is banned until 22 Dec 2026, 12:00"
        in client.get(page_of(waiting)).text
    )


def test_a_ban_leaves_a_comment_that_another_approved_meanwhile(client, editor, article):
    waiting = build.comment(article, state="pending", network="n" * 64)
    form = desk.open_form(client, page_of(waiting, "ban"))
    moderating.approve([waiting], by=build.editor("rosa"))

    response = form.send(follow=True)

    assert Ban.objects.count() == 1
    assert states() == ["approved"]
    assert any("Approved by rosa just now." in words for words in said(response))


def test_without_address_and_network_nobody_can_be_banned(client, editor, article):
    waiting = build.comment(article, state="pending")

    assert "cannot be banned" in client.get(page_of(waiting, "ban")).text
    answer = client.post(page_of(waiting, "ban"), {"kind": "network", "days": "7"})
    assert answer.status_code == 422
    assert not Ban.objects.exists()


def test_a_ban_is_lifted_on_the_comments_page(client, editor, article):
    shown = build.comment(article, network="n" * 64)
    moderating.ban_writer(shown, kind=Ban.Kind.NETWORK, days=7, reason="", by=editor)

    response = client.post(
        DECIDE, {"decide": "lift", "ban": Ban.objects.get().pk, "page": shown.pk}, follow=True
    )

    assert said(response) == ["The ban is lifted."]
    assert "is banned" not in response.text


# All by a writer


def test_all_from_a_network_are_decided_once_their_number_is_known(client, editor, article):
    spam = [build.comment(article, state="pending", network="n" * 64) for _ in range(4)]
    other = build.comment(article, state="pending", network="o" * 64)
    page = client.get(page_of(spam[1], "all")).text
    assert "4 comments wait from this network, which others may share." in page
    assert "Reject all 4" in page
    form = desk.open_form(client, page_of(spam[1], "all"))
    later = build.comment(article, state="pending", network="n" * 64)
    form["decide"] = "spam-network"

    response = form.send(follow=True)

    assert said(response) == ["4 comments put aside as spam."]
    assert [one.state for one in Comment.objects.order_by("pk")] == [
        *["spam"] * 4,
        "pending",
        "pending",
    ]
    assert {other.state, later.state} == {"pending"}
    # And it comes back as one.
    assert said(decide(client, "undo")) == ["4 decisions taken back."]
    assert set(states()) == {"pending"}


def test_all_by_an_address_leaves_what_its_writer_changed_since(client, editor, article, clock):
    reader = reader_of("ada@example.org", at=NOON)
    first, second = (
        build.comment(article, state="pending", reader=reader, created_at=NOON) for _ in range(2)
    )
    form = desk.open_form(client, page_of(first, "all"))
    clock.shift(timedelta(seconds=5))
    writing.mend(second, name="Ada", email="ada@example.org", body="Other words")
    form["decide"] = "approve-address"

    form.send()

    assert states() == ["approved", "pending"]


def test_a_form_about_all_that_is_incomplete_changes_nothing(client, editor, article):
    waiting = build.comment(article, state="pending", network="n" * 64)

    for data in ({}, {"decide": "reject-network"}, {"decide": "eat-network", "last-network": "9"}):
        answer = client.post(page_of(waiting, "all"), {"seen_at": "x", **data})
        assert answer.status_code == 422
    assert states() == ["pending"]


# Pins, removing, answering


def test_three_comments_of_an_article_can_be_pinned(client, editor, article):
    shown = [build.comment(article, name=f"Reader {n}") for n in range(4)]

    for comment in shown[:3]:
        assert said(decide(client, "pin", comment)) == ["Pinned above the others."]
    assert said(decide(client, "pin", shown[3])) == [
        "Reader 3: 3 comments are pinned on this article already. Unpin one first."
    ]
    assert said(decide(client, "unpin", shown[0])) == ["Unpinned."]
    decide(client, "pin", shown[3])

    pinned = Comment.objects.filter(pinned_at__isnull=False)
    assert set(pinned) == set(shown[1:])
    assert log(shown[0])[-2:] == [
        ("approved", "approved", "pinned"),
        ("approved", "approved", "unpinned"),
    ]


def test_only_what_is_shown_and_begins_a_thread_is_pinned(client, editor, article):
    waiting = build.comment(article, state="pending", name="Ada")
    reply = build.comment(article, parent=build.comment(article), name="Bo")

    assert said(decide(client, "pin", waiting)) == ["Ada: Approve the comment before you pin it."]
    assert said(decide(client, "pin", reply)) == [
        "Bo: Only a comment that begins a thread can be pinned."
    ]


def test_a_comments_words_are_removed_for_good_after_a_question(client, editor, article):
    shown = build.comment(article, body="Lives in Elm Street 4")
    build.comment(article, parent=shown)
    assert "nobody can bring them back" in client.get(page_of(shown, "remove")).text
    form = desk.open_form(client, page_of(shown, "remove"))
    form["words"] = "A private address."

    response = form.send(follow=True)

    assert said(response) == ["1 comment removed."]
    shown.refresh_from_db()
    assert (shown.state, shown.body, shown.name) == ("removed", "", "")
    assert "Elm Street" not in client.get("/articles/open/").text
    assert log(shown)[-1] == ("approved", "removed", "A private address.")
    assert "There is nothing to take back." in said(decide(client, "undo"))


def test_a_waiting_comment_is_approved_and_answered_in_one_go(client, editor, article):
    waiting = build.comment(article, state="pending")
    form = desk.open_form(client, page_of(waiting, "answer"))
    form["answer"] = "We will say so."

    form.send()

    assert states() == ["approved", "approved"]
    assert "We will say so." in client.get("/articles/open/").text


def test_an_answer_to_what_was_changed_meanwhile_is_kept_and_not_sent(
    client, editor, article, clock
):
    waiting = build.comment(article, state="pending", created_at=NOON)
    form = desk.open_form(client, page_of(waiting, "answer"))
    clock.shift(timedelta(seconds=5))
    writing.mend(waiting, name="Ada", email="", body="Other words")
    form["answer"] = "We will say so."

    response = form.send()

    assert response.status_code == 422
    assert "We will say so." in response.text
    assert states() == ["pending"]


# Who may

QUESTIONS = ("reject", "ban", "remove", "answer", "all", "thread")


def test_who_may_not_moderate_decides_nothing_beside_who_may(client, article):
    waiting = build.comment(article, state="pending", network="n" * 64)
    seer, moderator = build.user("seer", "view_comment"), build.user("mod", "moderate_comment")

    for account in (build.stranger(), build.author(), seer):
        client.force_login(account)
        for deed in ("approve", "reject", "spam", "keep", "pin", "undo", "lift"):
            answer = client.post(DECIDE, {"decide": deed, "seen": token_of(waiting)})
            assert answer.status_code == 403
        for name in QUESTIONS:
            assert client.get(page_of(waiting, name)).status_code == 403
            assert client.post(page_of(waiting, name)).status_code in (403, 405)
    assert states() == ["pending"]

    client.force_login(moderator)
    for name in QUESTIONS:
        assert client.get(page_of(waiting, name)).status_code == 200
    decide(client, "approve", waiting)
    assert states() == ["approved"]


def test_nobody_decides_without_logging_in_or_without_the_token_of_the_form(article):
    waiting = build.comment(article, state="pending")
    data = {"decide": "approve", "seen": token_of(waiting)}
    assert Client().post(DECIDE, data)["Location"].startswith("/admin/login/")
    client = Client(enforce_csrf_checks=True)
    client.force_login(build.editor())
    assert client.post(DECIDE, data).status_code == 403
    assert states() == ["pending"]


def test_questions_about_a_comment_that_is_not_there_are_404(client, editor):
    for name in QUESTIONS:
        assert client.get(f"{LIST}999/{name}/").status_code == 404


def test_nothing_is_added_changed_or_deleted_here(client, article):
    client.force_login(build.user("chief", is_superuser=True))
    comment = build.comment(article, state="pending")

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.get(f"{LIST}{comment.pk}/delete/").status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [comment.pk]})
    assert states() == ["pending"]
