"""The moderators' queue: what it shows, in which order, page by page, and what it costs."""

import itertools
import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import banning, moderating, writing
from comments.admin.queue import A_PAGE
from comments.models import Ban, Comment, Report
from comments.queue import RISKIEST, Wanted, page_of
from comments.readers import reader_of
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIST = "/admin/comments/comment/"
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


def reported(comment, *texts, category="spam"):
    """Report a comment once for each text."""
    for text in texts:
        Report.objects.create(comment=comment, category=category, text=text, made_at=timezone.now())
    Comment.objects.filter(pk=comment.pk).update(open_reports=len(texts))
    comment.refresh_from_db()
    return comment


def risk(comment, score):
    Comment.objects.filter(pk=comment.pk).update(spam_score=score)
    return comment


def shown(client, query=""):
    """Return the comments of a page of the queue."""
    return [entry.comment for entry in client.get(f"{LIST}?{query}").context["entries"]]


# What is shown, in which order


def test_the_queue_opens_with_what_waits_the_oldest_first(client, editor, article):
    build.comment(article, body="Shown already")
    build.comment(article, state="rejected", body="Turned down")
    older = build.comment(article, state="pending", body="Older")
    newer = build.comment(article, state="pending", body="Newer")

    assert shown(client) == [older, newer]
    page = client.get(LIST).text
    assert "Shown already" not in page
    assert "Turned down" not in page


def test_the_riskiest_come_first_if_one_asks_for_them_and_of_equals_the_oldest(
    client, editor, article
):
    harmless, spam, other = (build.comment(article, state="pending") for _ in range(3))
    risk(spam, 0.93)

    assert shown(client, "order=riskiest") == [spam, harmless, other]
    assert "Risk 0.93" in client.get(f"{LIST}?order=riskiest").text


def test_what_was_reported_comes_by_how_often_with_what_readers_said(client, editor, article):
    once = reported(build.comment(article), "It names my street.", category="private")
    twice = reported(build.comment(article), "", "Look <b>here</b>")
    build.comment(article)

    assert shown(client, "state=reported") == [twice, once]
    page = client.get(f"{LIST}?state=reported").text
    assert "It is advertising or spam (2)" in page
    assert "“Look &lt;b&gt;here&lt;/b&gt;”" in page
    assert "“It names my street.”" in page


@pytest.mark.parametrize("state", ["approved", "rejected", "spam", "removed"])
def test_every_state_can_be_looked_through_the_newest_first(client, editor, article, state):
    for each in ("pending", "approved", "rejected", "spam") * 2:
        build.comment(article, state=each)
    for _ in range(2):
        writing.delete(build.comment(article, state="pending", created_at=NOON))

    comments = shown(client, f"state={state}")

    assert [comment.state for comment in comments] == [state] * 2
    assert comments[0].pk > comments[1].pk
    assert len(shown(client, "state=all")) == 10


def test_the_queue_can_be_searched_and_narrowed_to_an_article(client, editor, article):
    other = build.published_article("other", title="Arms control")
    here = build.comment(article, state="pending", body="Rapacki")
    there = build.comment(other, state="pending", body="Harris")

    assert shown(client, "q=rapacki") == [here]
    assert shown(client, "q=arms+harris") == [there]
    assert shown(client, f"article={article.pk}") == [here]
    assert shown(client, "article=x") == shown(client, "article=²") == [here, there]
    assert f'<option value="{other.pk}">Arms control</option>' in client.get(LIST).text


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense",
        "order=nonsense",
        "after=nonsense",
        "order=riskiest&after=nan,3",
        "order=riskiest&after=1e999,3",
        "after=" + "9" * 40,
        "article=" + "9" * 30,
        "state=reported&after=..,1",
        "q=" + "x" * 5000,
    ],
)
def test_an_address_that_makes_no_sense_shows_the_queue_all_the_same(
    client, editor, article, query
):
    build.comment(article, state="pending")

    assert client.get(f"{LIST}?{query}").status_code == 200


# Context


def test_a_comment_is_shown_with_its_words_its_place_and_why_it_waits(client, editor, article):
    root = build.comment(article, name="Boris", body="The <i>question</i>")
    build.comment(
        article,
        state="pending",
        name="Anna <i>",
        reader=reader_of("anna@example.org", at=timezone.now()),
        body="A text <b>of</b> one\n\nand two",
        parent=root,
        about="facts",
        held_by="links",
    )

    page = client.get(LIST).text

    assert "Anna &lt;i&gt;" in page
    assert "anna@example.org, not confirmed: anybody can type it" in page
    assert "<p>A text &lt;b&gt;of&lt;/b&gt; one</p>\n<p>and two</p>" in page
    assert "In reply to Boris: The &lt;i&gt;question&lt;/i&gt;" in page
    assert '<a href="/articles/open/" class="desk-link">Relations</a>' in page
    assert (
        'version 1, about <a class="desk-link" href="/articles/open/#facts">Key facts</a>' in page
    )
    assert "It has more links than the rules allow." in page


def test_the_writers_history_is_told_by_address_and_by_network(client, editor, article):
    reader = reader_of("anna@example.org", at=timezone.now())
    for state in ("approved", "approved", "rejected", "spam"):
        build.comment(article, state=state, reader=reader)
    for state in ("approved", "rejected"):
        build.comment(article, state=state, network="n" * 64)
    build.comment(
        article, state="pending", reader=reader, network="n" * 64, confirmed_at=timezone.now()
    )

    page = client.get(LIST).text

    assert "anna@example.org, confirmed; others by it: 2 approved, 2 refused" in page
    assert "From its network: 1 approved, 1 refused" in page


def test_counting_a_writers_history_stops_at_fifty(client, editor, article):
    for _ in range(52):
        build.comment(article, state="spam", network="n" * 64)
    build.comment(article, state="pending", network="n" * 64)

    assert "From its network: 0 approved, 50+ refused" in client.get(LIST).text


def test_a_writer_who_is_banned_is_shown_as_such(client, editor, article):
    waiting = build.comment(article, state="pending", network="n" * 64)
    assert "banned" not in client.get(LIST).text

    banning.ban(Ban.Kind.NETWORK, waiting.network, days=7, reason="", by=editor)

    assert "This network is banned until 29 Nov 2026, 12:00, by editor." in client.get(LIST).text


# What it costs


def test_the_queue_costs_the_same_for_two_and_for_forty(client, editor, article):
    def cost(query):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{LIST}?{query}").status_code == 200
        return len(queries)

    def fill(count):
        for number in range(count):
            other = build.published_article() if number % 10 == 0 else article
            build.comment(
                other,
                state="pending",
                parent=root if other is article else None,
                network=f"{number:064}",
                reader=reader_of(f"reader-{number}@example.org", at=NOON),
                about="facts",
            )
            reported(build.comment(article, name="Reported"), "Why", "So")

    root = build.comment(article)
    fill(2)
    queries = ("", "order=riskiest", "state=reported", f"article={article.pk}")
    few = [cost(query) for query in queries]
    fill(38)

    assert [cost(query) for query in queries] == few


def test_what_waits_is_counted_once_for_the_page_and_its_menu(client, editor, article):
    build.comment(article, state="pending")

    with CaptureQueriesContext(connection) as queries:
        page = client.get(LIST).text

    counts = [one["sql"] for one in queries if one["sql"].startswith("SELECT COUNT(*)")]
    assert len([sql for sql in counts if "comments_comment" in sql and "pending" in sql]) == 1
    assert re.search(r"Comments</span>\s*<span[^>]*>\s*1\s*</span>", page)


def test_pages_follow_each_other_and_leave_nothing_out(article):
    comments = [build.comment(article, state="pending") for _ in range(11)]
    for number, comment in enumerate(comments):
        risk(comment, (number % 3) / 3)
        reported(comment, *["Look"] * (number % 4))
    reported_ones = Comment.objects.filter(open_reports__gt=0)
    expected = {
        Wanted(): comments,
        Wanted(order=RISKIEST): list(Comment.objects.order_by("-spam_score", "pk")),
        Wanted(show="reported"): list(reported_ones.order_by("-open_reports", "pk")),
        Wanted(show="all"): comments[::-1],
    }
    for wanted, all_of_them in expected.items():
        found, after = [], ""
        for _ in range(20):
            page = page_of(Wanted(wanted.show, wanted.order, after=after), 3)
            found += page.comments
            after = page.after
            if not after:
                break
        assert found == all_of_them, wanted


def test_deciding_about_what_is_shown_moves_nothing_off_the_next_page(article):
    comments = [build.comment(article, state="pending") for _ in range(6)]
    first = page_of(Wanted(), 3)

    moderating.approve(first.comments, by=None)

    assert page_of(Wanted(after=first.after), 3).comments == comments[3:]


def test_the_page_leads_to_the_next_ones_and_back(client, editor, article):
    for _ in range(A_PAGE + 2):
        build.comment(article, state="pending")

    first = client.get(LIST)
    second = client.get(f"{LIST}{first.context['next']}")

    assert len(second.context["entries"]) == 2
    assert second.context["first"] == "?"
    assert second.context["next"] == ""


def test_a_script_is_given_the_next_ones_as_data(client, editor, article):
    for number in range(A_PAGE + 1):
        build.comment(article, state="pending", body=f"Words {number}.")
    after = client.get(LIST).context["after"]

    data = client.get(f"{LIST}?after={after}", headers=JSON).json()

    assert data["entries"].count("data-entry=") == 1
    assert f"Words {A_PAGE}." in data["entries"]
    assert data["after"] == ""
    assert data["counts"] == {"pending": str(A_PAGE + 1), "reported": "0"}


OF_A_STATE = r"comment_(of_article|newest_here|newest|waiting|rejected|spam|removed)"
INDEXES = {
    Wanted(): "comment_waiting",
    Wanted(after="5"): "comment_waiting",
    Wanted(order=RISKIEST): "comment_waiting_by_risk",
    Wanted(order=RISKIEST, after="0.5,5"): "comment_waiting_by_risk",
    # Of an article with a fair share of what waits, the site's own order is as good.
    Wanted(order=RISKIEST, article=1): "comment_waiting_here_by_risk or comment_waiting_by_risk",
    Wanted(article=1): "comment_of_article or comment_waiting",
    # The newest of each state, then those that are the newest of all by their keys.
    Wanted(show="all", article=1): f"{OF_A_STATE} or comments_comment_pkey or rowid=",
    Wanted(show="reported"): "comment_reported",
    Wanted(show="spam"): "comment_spam",
    Wanted(show="rejected"): "comment_rejected",
    Wanted(show="removed"): "comment_removed",
    Wanted(show="approved", after="5"): "comment_newest",
}


def test_each_page_is_read_from_an_index_in_its_order(article):
    """Whatever waits: nothing is sorted, and no row is read that is not shown."""
    many_comments(article)
    for wanted, indexes in INDEXES.items():
        with CaptureQueriesContext(connection) as queries:
            page_of(Wanted(**{**asdict(wanted), "article": wanted.article and article.pk}), 30)
        for query in queries.captured_queries:
            plan = plan_of(query["sql"])
            chosen = any(re.search(rf"\b{index}", plan) for index in indexes.split(" or "))
            assert chosen, (wanted, plan)
            assert "Sort" not in plan, (wanted, plan)
            assert "TEMP B-TREE" not in plan, (wanted, plan)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL keeps statements")
def test_an_index_of_some_rows_serves_a_statement_that_is_kept_for_any_value(article):
    many_comments(article)
    for wanted in INDEXES:
        if wanted.article:
            continue
        statements = []

        def note(execute, sql, params, many, context, statements=statements):
            statements.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            page_of(wanted, 30)
        for sql in statements:
            plan = kept_plan_of(sql)
            assert INDEXES[wanted] in plan, (wanted, plan)
            assert "Sort" not in plan, (wanted, plan)


def kept_plan_of(sql):
    """Return how PostgreSQL would run a statement whatever its values are."""
    numbers = itertools.count(1)
    prepared, given = re.subn("%s", lambda _found: f"${next(numbers)}", sql)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        # A table so small lies on a few pages, one beside the other whatever the order.
        cursor.execute("SET LOCAL random_page_cost = 0.5")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"PREPARE kept AS {prepared}")
        cursor.execute(
            f"EXPLAIN EXECUTE kept({', '.join(['NULL'] * given)})" if given else f"EXPLAIN {sql}"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("DEALLOCATE kept")
        return plan


def many_comments(article):
    """Make 3,000 comments in all states, a seventh on the article: an index is worth its while."""
    other, rows = build.published_article(), []
    live = {one.pk: one.publications.get().pk for one in (article, other)}
    for number in range(1, 3_001):
        state = "approved" if number % 3 else ("pending", "spam", "rejected", "removed")[number % 4]
        of = other if number % 7 else article
        is_removed, is_shown = state == "removed", state == "approved"
        rows.append(
            Comment(
                pk=number,
                article=of,
                publication_id=live[of.pk],
                state=state,
                path=f"{number:010}",
                name="" if is_removed else "Ada",
                body="" if is_removed else "Words",
                has_place=is_shown,
                decided_at=NOON if is_shown else None,
                spam_score=number % 97 / 97,
                open_reports=number % 11 == 0,
                created_at=NOON,
            )
        )
    Comment.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE comments_comment")


def plan_of(sql):
    """Return how the database would run a query, line by line."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Three thousand rows are few enough to be read one by one or sorted, a million are not.
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute(f"EXPLAIN {sql}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


# Keys


def test_the_page_for_moderators_names_the_keys_that_there_are():
    dialog = (settings.BASE_DIR / "templates/admin/_keys_dialog.html").read_text()
    lines = re.findall(r'data-key="(.)" data-key-event="desk:queue-|data-key="Shift\+(.)"', dialog)
    there_are = {plain or f"Shift {shifted.upper()}" for plain, shifted in lines}
    page = (settings.BASE_DIR / "docs/moderating.md").read_text()
    table = [line for line in page.splitlines() if line.startswith("| `")]

    named = {key for line in table for key in re.findall(r"`([^`]+)`", line.split("|")[1])}

    assert named == there_are | {"?"}


# Who may


def test_who_may_not_moderate_is_refused_beside_who_may(client, article):
    build.comment(article, state="pending", body="Words")

    for account in (build.stranger(), build.author()):
        client.force_login(account)
        assert client.get(LIST).status_code == 403

    client.force_login(build.user("seer", "view_comment"))
    page = client.get(LIST).text
    assert "Words" in page
    assert 'name="decide"' not in page

    client.force_login(build.user("moderator", "moderate_comment"))
    page = client.get(LIST).text
    assert "Words" in page
    assert 'name="decide" value="approve"' in page


def test_nobody_reads_the_queue_without_logging_in(client):
    assert client.get(LIST)["Location"].startswith("/admin/login/")


# Elsewhere at the desk


def test_the_list_of_articles_says_how_many_wait(client, editor, article):
    for state in ("pending", "pending", "approved", "rejected"):
        build.comment(article, state=state)

    page = client.get("/admin/articles/article/").text

    assert f'<a href="{LIST}?article={article.pk}">2</a>' in page


def test_the_first_page_shows_what_waits_and_what_was_reported(client, editor, article, clock):
    build.comment(article, state="pending", body="Waits here")
    reported(build.comment(article, body="Reported here"), "a", "b")
    clock.shift(timedelta(hours=1))

    page = client.get("/admin/").text

    assert "Waits here" in page
    assert "Reported here" in page
    assert "2 reports" in client.get("/admin/desk/comments-reported/").text
    client.force_login(build.author())
    assert "Reported here" not in client.get("/admin/").text
