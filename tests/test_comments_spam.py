"""Spam without anybody else: traps, the age of a form, repeats, names, work; nobody is refused."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import altcha
import pytest
import time_machine
from django.db import connection

from comments import moderating, working, writing
from comments.limits import MOST_COMMENTS
from comments.models import Comment, SpentWork
from comments.rules import set_rules
from comments.tells import TOO_OLD, age_of, signed_moment
from comments.working import HOLDS_FOR, challenge_for, forget_expired, is_solved, spend
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADDRESS = "/articles/open/comments/"
CHALLENGE = f"{ADDRESS}challenge/"
WORDS = "These are the very same words, again and again."
DATA = {"Accept": "application/json"}
State = Comment.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return build.published_article("open")


@pytest.fixture
def at_once(article):
    """The article's discussion, where a comment that passes appears at once."""
    set_rules(article, {"is_moderated_first": False}, by=None)
    return article


def post(client, address=ADDRESS, headers=None, **fields):
    return client.post(address, {"name": "Anna", "body": WORDS, **fields}, headers=headers)


def from_network(client, number):
    client.defaults["REMOTE_ADDR"] = f"203.0.{number}.7"
    return client


def decided(client, **fields):
    """Post a comment; return its state and the phase that decided."""
    assert post(client, **fields).status_code == 303
    comment = Comment.objects.latest("pk")
    return comment.state, comment.held_by


# The trap


def test_the_form_has_a_field_that_nobody_sees_or_reaches(client, article):
    page = client.get(ADDRESS).text

    assert '<div class="visually-hidden" aria-hidden="true">' in page
    assert 'name="website" tabindex="-1" autocomplete="off"' in page


def test_a_program_that_fills_in_every_field_gets_the_answer_that_everybody_gets(client, at_once):
    answer = post(client, website="https://spam.example/", headers=DATA)

    comment = Comment.objects.get()
    assert answer.status_code == 303
    assert answer.json()["status"] == "pending"
    assert client.get(answer["Location"], headers=DATA).json()["status"] == "pending"
    assert "Your comment waits for approval" in client.get(answer["Location"]).text
    assert (comment.state, comment.held_by) == (State.SPAM, "spam")
    assert WORDS not in client.get(ADDRESS).text


def test_a_person_who_was_taken_for_a_program_can_still_be_approved(client, at_once):
    own = post(client, website="autofilled")["Location"]

    moderating.approve(Comment.objects.all(), by=None)

    assert "Your comment is on the page" in client.get(own).text


def test_whoever_a_moderator_calls_a_spammer_is_told_that_it_will_not_be_shown(client, article):
    own = post(client)["Location"]
    moderating.mark_as_spam(Comment.objects.all(), by=build.editor())

    assert client.get(own, headers=DATA).json()["status"] == "rejected"


# The age of a form


def test_a_form_that_was_filled_in_within_an_instant_is_held(client, at_once, clock):
    age = client.get(CHALLENGE).json()["age"]
    clock.shift(timedelta(seconds=2.9))
    quick = decided(from_network(client, 1), age=age)
    clock.shift(timedelta(seconds=0.1))
    slow = decided(from_network(client, 2), age=age, body="Other words entirely.")

    assert quick == (State.PENDING, "spam")
    assert slow == (State.APPROVED, "passed")


def test_a_form_without_an_age_is_taken_as_scripts_may_be_off(client, at_once):
    assert decided(client) == (State.APPROVED, "passed")
    assert decided(from_network(client, 2), age="", body="Others") == (State.APPROVED, "passed")


@pytest.mark.parametrize("days", [1.1, 40])
def test_a_page_that_was_open_for_days_says_as_little_as_none(client, at_once, clock, days):
    age = client.get(CHALLENGE).json()["age"]
    clock.shift(timedelta(days=days))

    assert decided(client, age=age) == (State.APPROVED, "passed")


def test_without_an_age_the_score_is_a_little_higher(client, article, clock):
    age = signed_moment(NOON)
    clock.shift(timedelta(minutes=1))
    post(client, age=age, body="One")
    post(client, body="Two")

    with_age, without = Comment.objects.order_by("pk")
    assert 0.5 == with_age.spam_score < without.spam_score < 0.7


def test_an_age_that_a_program_made_up_is_none():
    for words in ("", "0", "1795348800.0:forged", signed_moment(NOON) + "x", "nan:x", "\0"):
        assert age_of(words, NOON) is None, words
    assert age_of(signed_moment(NOON), NOON + TOO_OLD) == TOO_OLD
    assert age_of(signed_moment(NOON), NOON + TOO_OLD + timedelta(seconds=1)) is None


def test_a_clock_that_is_ahead_makes_no_form_older():
    assert age_of(signed_moment(NOON + timedelta(seconds=5)), NOON) == timedelta()


def test_a_kept_page_holds_no_moment_so_it_is_the_same_for_all(client, article, clock):
    before = client.get(ADDRESS)
    clock.shift(timedelta(hours=1))
    from publishing.pages import kept

    kept.clear()
    after = client.get(ADDRESS)

    assert 'name="age" value=""' in before.text
    assert before.content == after.content
    assert before["ETag"] == after["ETag"]


def test_a_page_that_is_made_for_one_request_has_its_moment_in_it_without_scripts(client, article):
    page = client.get(f"{ADDRESS}?about=facts").text
    age = page.partition('name="age" value="')[2].partition('"')[0]

    assert age_of(age, NOON + timedelta(seconds=10)) == timedelta(seconds=10)


def test_a_form_that_came_back_with_what_is_wrong_is_not_young_again(client, article):
    age = signed_moment(NOON - timedelta(minutes=5))

    answer = post(client, name="", age=age)

    assert answer.status_code == 422
    assert f'name="age" value="{age}"' in answer.text


# The same words elsewhere


def test_the_same_words_on_another_article_are_held(client, at_once):
    another = build.published_article("another")
    set_rules(another, {"is_moderated_first": False}, by=None)
    post(client)

    post(from_network(client, 2), "/articles/another/comments/", body=f"  {WORDS.upper()}!")
    first, second = Comment.objects.order_by("pk")

    assert (first.state, second.state) == (State.APPROVED, State.PENDING)
    assert second.held_by == "repeat"


def test_short_thanks_are_said_by_many(client, at_once):
    assert decided(client, body="Thank you for this!") == (State.APPROVED, "passed")
    other = decided(from_network(client, 2), body="thank you for this")

    assert other == (State.APPROVED, "passed")


def test_a_short_text_with_a_link_is_not_thanks(client, at_once):
    decided(client, body="See https://example.org/")

    assert decided(from_network(client, 2), body="see https://example.org/")[1] == "repeat"


def test_words_of_a_month_ago_may_be_said_again(client, at_once, clock):
    post(client)
    clock.shift(timedelta(days=30))

    assert decided(from_network(client, 2)) == (State.APPROVED, "passed")


# History


@pytest.mark.parametrize(("state", "held_by"), [("spam", "history"), ("approved", "passed")])
def test_after_a_refused_comment_the_next_ones_of_the_network_are_held(
    client, at_once, state, held_by
):
    post(client)
    comment = Comment.objects.get()
    if state == "spam":
        moderating.mark_as_spam([comment], by=None)

    assert decided(client, body="Something else")[1] == held_by
    assert decided(from_network(client, 2), body="From elsewhere")[1] == "passed"


def test_after_a_week_the_network_is_not_held_any_more(client, at_once, clock):
    post(client)
    moderating.reject(Comment.objects.all(), by=None)
    clock.shift(timedelta(days=7, seconds=1))

    assert decided(client, body="Something else")[1] == "passed"


def test_after_a_refused_comment_the_next_ones_of_the_address_are_held(client, at_once):
    post(client, email="anna@example.org")
    moderating.reject(Comment.objects.all(), by=None)

    same = decided(from_network(client, 2), email="Anna@Example.org", body="Something else")
    other = decided(from_network(client, 3), email="boris@example.org", body="And more")

    assert (same[1], other[1]) == ("history", "passed")


# Names of the newsroom


@pytest.mark.parametrize("name", ["On Record", "0n  record", "Erika Editor", "erika"])
def test_a_reader_who_uses_a_name_of_the_newsroom_is_held(client, at_once, settings, name):
    settings.SITE_NAME = "On Record"
    build.editor("erika", first_name="Erika", last_name="Editor")

    assert decided(client, name=name) == (State.PENDING, "staff")
    assert decided(from_network(client, 2), name="Erik", body="Others")[1] == "passed"


# Too often


def test_whoever_forges_the_header_of_a_proxy_has_no_more_room_than_others(client, article):
    """The attack: another X-Forwarded-For with each comment, where no proxy is trusted."""
    answers = [
        client.post(
            ADDRESS,
            {"name": "Anna", "body": f"Words {number}"},
            headers={"X-Forwarded-For": f"198.51.{number}.1"},
        )
        for number in range(MOST_COMMENTS + 1)
    ]

    assert [answer.status_code for answer in answers] == [303] * MOST_COMMENTS + [429]


def test_whoever_has_a_whole_ipv6_network_has_no_more_room_than_others(client, article):
    """The attack: each comment from another of the 18 million million million addresses."""
    statuses = []
    for number in range(MOST_COMMENTS + 1):
        client.defaults["REMOTE_ADDR"] = f"2001:db8:1:2:{number:x}::1"
        statuses.append(post(client, body=f"Words {number}").status_code)

    assert statuses == [303] * MOST_COMMENTS + [429]
    client.defaults["REMOTE_ADDR"] = "2001:db8:1:3::1"
    assert post(client, body="From another").status_code == 303


def test_whoever_writes_an_ipv4_address_as_ipv6_has_no_room_of_its_own(client, article):
    """The attack: the same address in both ways of writing it."""
    statuses = []
    for number in range(MOST_COMMENTS + 1):
        client.defaults["REMOTE_ADDR"] = ("203.0.113.7", "::ffff:203.0.113.8")[number % 2]
        statuses.append(post(client, body=f"Words {number}").status_code)

    assert statuses == [303] * MOST_COMMENTS + [429]


def test_ipv4_networks_written_as_ipv6_are_not_taken_for_one(client, article):
    """What truncating ::ffff:a.b.c.d to 64 bits does: all of IPv4 shares one reader's room."""
    for number in range(MOST_COMMENTS + 1):
        client.defaults["REMOTE_ADDR"] = f"::ffff:203.0.{number}.7"
        assert post(client, body=f"Words {number}").status_code == 303


# Work


def solved(challenge, **changed):
    """Do what the browser does: find the counter; return what the form sends."""
    read = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(read)
    data = {"challenge": challenge, "solution": solution.to_dict(), **changed}
    return b64encode(json.dumps(data).encode()).decode()


@pytest.fixture
def little_work(monkeypatch):
    """Make the work small: what is tested is that it is done."""
    monkeypatch.setattr(working, "COST", 2)
    monkeypatch.setattr(working, "LEAST", 1)
    monkeypatch.setattr(working, "MOST", 9)


@pytest.fixture
def asking(at_once, little_work):
    """A discussion that asks for work, and shows at once whoever has done it."""
    set_rules(at_once, {"asks_proof_of_work": True}, by=None)
    return at_once


def test_no_work_is_asked_for_unless_the_rules_say_so(client, at_once):
    assert client.get(CHALLENGE).json()["work"] is None
    assert decided(client) == (State.APPROVED, "passed")


def test_whoever_has_done_the_work_appears_at_once(client, asking):
    answer = client.get(CHALLENGE)

    assert answer["Cache-Control"] == "no-store"
    assert decided(client, work=solved(answer.json()["work"])) == (State.APPROVED, "passed")


def test_without_scripts_the_comment_waits_and_is_not_refused(client, asking):
    assert decided(client) == (State.PENDING, "work")


def test_work_that_is_handed_in_again_buys_no_second_comment(client, asking):
    """The attack: one solution, computed once, sent with a thousand comments."""
    work = solved(client.get(CHALLENGE).json()["work"])
    first = decided(client, work=work)
    second = decided(from_network(client, 2), work=work, body="Buy more")

    assert (first[1], second[1]) == ("passed", "work")


def test_work_for_another_discussion_buys_nothing_here(client, asking):
    another = build.published_article("another")
    set_rules(another, {"asks_proof_of_work": True}, by=None)
    work = solved(client.get("/articles/another/comments/challenge/").json()["work"])

    assert decided(client, work=work)[1] == "work"


def test_work_that_the_sender_chose_is_no_work(client, asking):
    """The attack: an easy challenge of one's own, a changed one, or none at all."""
    challenge = client.get(CHALLENGE).json()["work"]
    article = asking.pk
    own = altcha.create_challenge(
        "PBKDF2/SHA-256", 1, counter=1, data={"article": article}, hmac_secret="mine"
    )
    unsigned = altcha.create_challenge("PBKDF2/SHA-256", 1, counter=1, data={"article": article})
    easier = {**challenge, "parameters": {**challenge["parameters"], "keyPrefix": ""}}
    wrong = {"counter": 1, "derivedKey": "00" * 32, "time": 1}
    tried = [
        "",
        "x",
        "bnVsbA==",
        "W10=",
        solved(own.to_dict()),
        solved(unsigned.to_dict()),
        solved(easier),
        solved(challenge, solution=wrong),
        solved(challenge, solution=None),
        "A" * 50_000,
        b64encode(b"[" * 2_900).decode(),
    ]
    for work in tried:
        assert is_solved(work, article, NOON) == "", work[:40]
    assert is_solved(solved(challenge), article, NOON)


def test_work_is_good_for_two_hours(asking, clock):
    work = solved(challenge_for(asking.pk, NOON))
    clock.shift(HOLDS_FOR - timedelta(seconds=1))
    assert is_solved(work, asking.pk, NOON + HOLDS_FOR - timedelta(seconds=1))
    clock.shift(timedelta(seconds=1))
    assert not is_solved(work, asking.pk, NOON + HOLDS_FOR)


def test_spent_work_is_remembered_until_nobody_could_hand_it_in_again():
    assert spend("a", NOON)
    assert not spend("a", NOON)

    assert forget_expired(NOON + HOLDS_FOR) == 0
    assert forget_expired(NOON + HOLDS_FOR + timedelta(seconds=1)) == 1
    assert not SpentWork.objects.exists()


def test_a_comment_that_there_was_no_room_for_has_spent_nothing(client, asking):
    for number in range(MOST_COMMENTS):
        post(client, body=f"Words {number}")
    work = solved(client.get(CHALLENGE).json()["work"])

    assert post(client, work=work).status_code == 429
    assert not SpentWork.objects.exists()


@pytest.mark.parametrize("address", ["/articles/nowhere/comments/challenge/"])
def test_where_there_is_no_article_there_is_no_challenge(client, article, address):
    assert client.get(address).status_code == 404
    assert client.post(CHALLENGE).status_code == 405


# What it costs


def test_a_comment_costs_a_fixed_number_of_statements(
    client, article, django_assert_num_queries, settings
):
    build.editor()
    publication = article.publications.get()

    def cost(number, **fields):
        words = f"Words {number}, and others to repeat"
        fields = {"name": "Anna", "body": words, "network": f"n{number}", **fields}
        with django_assert_num_queries(fields.pop("queries")):
            writing.post(publication, **fields)

    # The rules, learned tokens, the same words and bans, names; savepoint, what came from the
    # network, comment, transition, release. PostgreSQL holds the network besides.
    expected = 9 + (connection.vendor == "postgresql")
    cost(1, queries=expected)
    for number in range(40):
        build.comment(article, network="n2", created_at=NOON - timedelta(hours=1, minutes=number))
        build.comment(article, "spam")
    moderating.mark_as_spam(Comment.objects.waiting(), by=build.user("moderator"))
    cost(2, queries=expected)


def test_what_posting_looks_up_is_found_by_indexes(article, django_assert_max_num_queries):
    """A partial index is used only where the statement says what the index is about."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL decides by how much the table holds.")
    with django_assert_max_num_queries(20) as queries:
        writing.post(article.publications.get(), name="Anna", body=WORDS, network="n")

    plans = ""
    with connection.cursor() as cursor:
        for statement in (one["sql"] for one in queries):
            if statement.startswith("SELECT") and "comments_comment" in statement:
                cursor.execute("EXPLAIN QUERY PLAN " + statement.replace("%", "%%"))
                plans += "\n".join(str(row) for row in cursor.fetchall())
    for index in ("comment_same_words", "comment_network", "ban_in_force"):
        assert index in plans
    assert "SCAN comments_comment" not in plans
