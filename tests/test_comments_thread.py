"""The thread: on the article's page, on pages of its own, around one comment."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.addressing import change_slug
from articles.deeds import publish, withdraw
from articles.recording import record
from comments import moderating
from comments.models import Comment
from comments.threads import ON_A_PAGE, ON_THE_ARTICLE, beginning
from publishing.pages import fragments, kept
from publishing.stamps import comments_stamp, touch
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = "/articles/open/"
THREAD = "/articles/open/comments/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return build.published_article("open")


def ids(text):
    return [
        int(found) for found in re.findall(r'<li class="comment[^"]*" id="comment-(\d+)"', text)
    ]


def many(article, count, **fields):
    """Store many approved roots at once."""
    publication = article.publications.live().get()
    first = (Comment.objects.order_by("pk").values_list("pk", flat=True).last() or 0) + 1
    made = Comment.objects.bulk_create(
        Comment(
            pk=pk,
            path=f"{pk:010}",
            article=article,
            publication=publication,
            state="approved",
            has_place=True,
            decided_at=NOON,
            created_at=NOON,
            name=f"Reader {pk}",
            body="Words",
            body_html="<p>Words</p>",
            **fields,
        )
        for pk in range(first, first + count)
    )
    touch(comments_stamp(article.uid))
    return made


def count_queries(client, address):
    kept.clear()
    fragments.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


# On the article's page


def test_a_comment_is_shown_with_name_time_text_and_links(client, article):
    comment = build.comment(article, name="Anna & Boris", body="One\n\nTwo", created_at=NOON)

    page = client.get(PAGE).text

    assert f'<li class="comment" id="comment-{comment.pk}">' in page
    assert '<b class="comment-name">Anna &amp; Boris</b>' in page
    assert '<time datetime="2026-11-22T12:00Z">22 Nov 2026, 12:00</time>' in page
    assert f'href="/comments/{comment.pk}/"' in page
    assert "<p>One</p>\n<p>Two</p>" in page
    assert f'href="{THREAD}?reply_to={comment.pk}#comment-form" rel="nofollow"' in page
    assert 'Reply<span class="visually-hidden"> to Anna &amp; Boris</span>' in page


def test_times_are_those_of_the_site(client, article, settings):
    settings.TIME_ZONE = "Europe/Riga"
    build.comment(article, created_at=datetime(2026, 7, 14, 22, 30, tzinfo=UTC))

    page = client.get(PAGE).text

    assert '<time datetime="2026-07-14T22:30Z">15 Jul 2026, 01:30</time>' in page


def test_replies_stand_below_what_they_answer(client, article):
    first = build.comment(article)
    second = build.comment(article)
    reply = build.comment(article, parent=first)

    page = client.get(PAGE).text

    assert ids(page) == [first.pk, reply.pk, second.pk]
    nested = (
        rf'id="comment-{first.pk}".*?<ol class="thread"><li class="comment" id="comment-{reply.pk}"'
    )
    assert re.search(nested, page, re.DOTALL)
    thread = page[page.index('<ol class="thread">') : page.index("comment-form-title")]
    assert thread.count("<ol") == thread.count("</ol>")
    assert thread.count("<li") == thread.count("</li>")


def test_a_comment_that_is_not_approved_is_in_no_page(client, article):
    for state in ("pending", "rejected", "spam"):
        hidden = build.comment(article, state=state, name="Hidden", body="Hidden words")
        for address in (PAGE, THREAD):
            assert "Hidden" not in client.get(address).text
        assert client.get(f"/comments/{hidden.pk}/").status_code == 404


def test_answers_to_what_was_taken_down_stay_in_their_place(client, article):
    root = build.comment(article, body="Taken down")
    reply = build.comment(article, parent=root, body="Still here")
    moderating.reject([root], by=None)

    page = client.get(PAGE).text

    assert "Taken down" not in page
    assert "The comment that stood here was taken down." in page
    assert ids(page) == [reply.pk]
    assert '<span class="count">1</span>' in page


def test_a_comment_of_the_newsroom_has_a_badge_and_nobody_else_has(client, article):
    root = build.comment(article)
    build.comment(article, name="Staff", parent=root)
    page = client.get(PAGE).text
    assert '<span class="badge">' not in page

    moderating.answer(root, body="We will say so.", by=build.editor())

    page = client.get(PAGE).text
    assert '<b class="comment-name">editor</b> <span class="badge">Staff</span>' in page


def test_what_a_comment_is_about_is_named_while_it_is_on_the_page(client, clock):
    article = build.article("open")
    fact = build.fact(article, characteristic="Consul <1803>", anchor="consul")
    build.published(article)
    build.comment(article, about="fact-consul")
    page = client.get(PAGE).text
    assert 'About <a href="#fact-consul">Consul &lt;1803&gt;</a>' in page
    thread = client.get(THREAD).text
    assert 'About <a href="/articles/open/#fact-consul">' in thread

    clock.shift(timedelta(minutes=1))
    fact.delete()
    publish(record(article, by=None), by=None, change_note="Without the consul.")

    assert 'class="comment-about"' not in client.get(PAGE).text


def test_the_count_stands_in_the_heading_and_in_the_contents(client, article):
    assert client.get(PAGE).text.count('<span class="count">0</span>') == 2

    many(article, 1_234)

    page = client.get(PAGE).text
    assert page.count('<span class="count">1,234</span>') == 2


def test_the_page_shows_the_first_two_hundred_and_leads_to_the_rest(client, article):
    comments = many(article, ON_THE_ARTICLE)
    assert "thread-more" not in client.get(PAGE).text
    more = many(article, 34)

    page = client.get(PAGE).text

    assert ids(page) == [comment.pk for comment in comments]
    link = re.search(r'thread-more"><a href="([^"]+)">([^<]+)</a>', page)
    assert link[2] == "Read 34 more comments"
    assert ids(client.get(link[1]).text) == [comment.pk for comment in more]


def test_page_and_count_change_at_once_and_the_article_is_not_rendered_again(
    client, article, monkeypatch
):
    waiting = build.comment(article, state="pending", body="Now to be seen")
    before = client.get(PAGE)
    assert client.get(PAGE, headers={"If-None-Match": before["ETag"]}).status_code == 304
    monkeypatch.setattr(
        "articles.page.ArticlePage.render", lambda page: pytest.fail("The body was rendered.")
    )

    moderating.approve([waiting], by=None)

    after = client.get(PAGE, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "Now to be seen" in after.text
    assert '<span class="count">1</span>' in after.text
    moderating.reject([waiting], by=None)
    assert client.get(PAGE).text == before.text


def test_comments_change_no_other_article(client, article):
    build.published_article("other")
    before = client.get("/articles/other/")

    build.comment(article)

    after = client.get("/articles/other/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 304


def test_an_open_article_has_a_form_and_says_who_reads_it_first(client, article):
    page = client.get(PAGE).text

    assert f'<form class="form" id="comment-form" action="{THREAD}" method="post"' in page
    assert "An editor reads each one before it appears." in page
    assert "csrf" not in page


def test_a_closed_article_says_so_and_takes_no_replies(client):
    article = build.published_article("open", comments_open=False)
    build.comment(article)

    for address in (PAGE, THREAD):
        page = client.get(address).text
        assert "Comments are closed." in page
        assert "comment-form" not in page
        assert "reply_to" not in page


def test_the_page_closes_by_itself_at_the_second_that_was_said(client, clock):
    closes_at = NOON + timedelta(hours=1)
    article = build.published_article("open", comments_until=closes_at)
    build.comment(article)
    addresses = (PAGE, THREAD)
    clock.move_to(closes_at - timedelta(seconds=1))
    assert "Open until 22 November 2026, 13:00 UTC." in client.get(PAGE).text
    open_pages = [client.get(address).text for address in addresses]

    clock.move_to(closes_at)

    closed_pages = [client.get(address).text for address in addresses]
    for before, after in zip(open_pages, closed_pages, strict=True):
        assert 'id="comment-form"' in before
        assert "reply_to" in before
        assert 'id="comment-form"' not in after
        assert "reply_to" not in after
    assert "Comments are closed since 22 November 2026." in closed_pages[0]


def test_past_versions_have_no_comments(client, article):
    build.comment(article, body="About the present")

    page = client.get("/articles/open/history/1/").text

    assert "About the present" not in page
    assert "comment-form" not in page


# Pages of the thread


def test_the_thread_has_a_page_of_its_own(client, article):
    root = build.comment(article)
    reply = build.comment(article, parent=root)

    response = client.get(THREAD)

    assert response.status_code == 200
    assert response["Cache-Control"] == "public, no-cache"
    assert ids(response.text) == [root.pk, reply.pk]
    assert 'id="comment-form"' in response.text
    assert "noindex" not in response.text


def test_the_thread_changes_at_once(client, article):
    waiting = build.comment(article, state="pending", body="Now to be seen")
    assert client.get(THREAD).status_code == 200

    moderating.approve([waiting], by=None)
    assert "Now to be seen" in client.get(THREAD).text

    moderating.reject([waiting], by=None)
    assert "Now to be seen" not in client.get(THREAD).text


def test_an_empty_thread_says_so(client, article):
    assert "No comments yet" in client.get(THREAD).text


def test_the_thread_is_read_page_by_page_and_nothing_is_lost(client, article):
    comments = many(article, 2 * ON_A_PAGE + 1)
    found, address = [], THREAD
    for _page in range(3):
        text = client.get(address).text
        found += ids(text)
        link = re.search(r'href="([^"]+)" rel="next"', text)
        address = link[1] if link else None

    assert found == [comment.pk for comment in comments]
    assert address is None


def test_a_page_that_begins_among_replies_shows_what_they_answer(client, article):
    root = build.comment(article, body="The question")
    replies = [build.comment(article, parent=root) for _ in range(ON_A_PAGE)]
    first = client.get(THREAD).text
    after = re.search(r'\?after=(\d+)" rel="next"', first)[1]

    second = client.get(f"{THREAD}?after={after}").text

    assert ids(first) == [root.pk, *(reply.pk for reply in replies[:-1])]
    assert ids(second) == [root.pk, replies[-1].pk]
    assert "noindex, follow" in second


def test_a_page_behind_a_whole_thread_repeats_nothing(client, article):
    root = build.comment(article)
    reply = build.comment(article, parent=root)
    other = build.comment(article)

    assert ids(client.get(f"{THREAD}?after={reply.path}").text) == [other.pk]
    assert "No more comments" in client.get(f"{THREAD}?after={other.path}").text


def test_a_page_after_nonsense_is_unknown(client, article):
    for after in ("x", "1", "-1", "0" * 11, "٣" * 10, "0000000001'--"):
        assert client.get(THREAD, {"after": after}).status_code == 404


def test_only_the_first_page_is_kept_in_memory(client, article):
    comment = build.comment(article)
    client.get(THREAD)
    before = kept.bytes
    assert before

    client.get(f"{THREAD}?after={comment.path}")
    client.get(f"{THREAD}?reply_to={comment.pk}")
    client.get(f"{THREAD}?about=facts")

    assert kept.bytes == before


def test_an_old_address_leads_to_the_present_one(client, article):
    change_slug(article, "moved", by=None)

    response = client.get(f"{THREAD}?reply_to=7")

    assert response.status_code == 301
    assert response["Location"] == "/articles/moved/comments/?reply_to=7"


def test_what_is_not_published_has_no_thread(client):
    build.article("draft")

    assert client.get("/articles/draft/comments/").status_code == 404
    assert client.get("/articles/nowhere/comments/").status_code == 404


def test_a_withdrawal_hides_the_comments_unless_history_is_kept(client, article):
    comment = build.comment(article)
    addresses = (THREAD, f"/comments/{comment.pk}/")
    for address in addresses:
        assert client.get(address).status_code == 200

    withdraw(article, by=None)
    for address in addresses:
        assert client.get(address).status_code == 404

    withdraw(article, by=None, keep_history=True)
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200
        assert 'href="/articles/open/history/1/"' in page.text
        assert "reply_to" not in page.text
        assert 'id="comment-form"' not in page.text


# The form that a link asks for


def test_a_link_to_reply_leads_to_a_form_below_what_is_answered(client, article):
    comment = build.comment(article, name="Anna", body="The question")

    page = client.get(f"{THREAD}?reply_to={comment.pk}").text

    assert "<h1>Reply to Anna</h1>" in page
    assert "The question" in page
    assert f'name="reply_to" value="{comment.pk}"' in page
    assert "noindex" in page


def test_a_reply_may_be_answered_too(client, article):
    root = build.comment(article)
    reply = build.comment(article, parent=root, name="Boris", body="The answer")

    page = client.get(f"{THREAD}?reply_to={reply.pk}").text

    assert "<h1>Reply to Boris</h1>" in page
    assert ids(page) == [reply.pk]
    assert "taken down" not in page


def test_a_link_to_reply_to_what_is_gone_offers_a_comment_of_ones_own(client, article):
    gone = build.comment(article, state="rejected", body="Gone")

    for named in (gone.pk, 999_999, "x", "9" * 40):
        page = client.get(THREAD, {"reply_to": named}).text
        assert "is not here any more" in page
        assert "Gone" not in page
        assert 'name="reply_to" value=' not in page


def test_a_link_about_a_part_leads_to_a_form_that_names_it(client, article):
    page = client.get(f"{THREAD}?about=facts").text

    assert "<h1>Comment on “Key facts”</h1>" in page
    assert 'name="about" value="facts"' in page
    assert (
        "value"
        not in re.search(
            r'<input[^>]*name="about"[^>]*>', client.get(f"{THREAD}?about=nowhere").text
        )[0]
    )


# One comment


def test_a_comment_has_an_address_that_shows_it_in_its_context(client, article):
    build.comment(article, body="Before it")
    root = build.comment(article, body="The question")
    one = build.comment(article, parent=root, body="One answer")
    other = build.comment(article, parent=root, body="Other answer")
    build.comment(article, body="After it")

    question = client.get(f"/comments/{root.pk}/")
    answer = client.get(f"/comments/{other.pk}/")

    assert question["Cache-Control"] == "public, no-cache"
    assert ids(question.text) == [root.pk, one.pk, other.pk]
    assert ids(answer.text) == [root.pk, other.pk]
    assert f'class="comment is-chosen" id="comment-{other.pk}"' in answer.text
    assert 'href="/articles/open/"' in answer.text


def test_an_answer_to_what_was_taken_down_is_found_still(client, article):
    root = build.comment(article, body="Taken down")
    reply = build.comment(article, parent=root)
    moderating.reject([root], by=None)

    assert client.get(f"/comments/{root.pk}/").status_code == 404
    page = client.get(f"/comments/{reply.pk}/").text
    assert "The comment that stood here was taken down." in page
    assert ids(page) == [reply.pk]


def test_a_kept_permalink_is_gone_once_its_comment_is_taken_down(client, article):
    comment = build.comment(article)
    assert client.get(f"/comments/{comment.pk}/").status_code == 200

    moderating.reject([comment], by=None)

    assert client.get(f"/comments/{comment.pk}/").status_code == 404


def test_a_permalink_follows_its_article_to_a_new_address(client, article):
    comment = build.comment(article)
    client.get(f"/comments/{comment.pk}/")

    change_slug(article, "moved", by=None)

    assert 'href="/articles/moved/"' in client.get(f"/comments/{comment.pk}/").text


def test_no_number_is_too_large_to_be_unknown(client):
    for number in ("0", "999999", "9" * 19, "9" * 40):
        assert client.get(f"/comments/{number}/").status_code == 404
        assert client.post(f"/comments/{number}/", {"token": "x"}).status_code == 404


# What it costs


def test_the_number_of_queries_does_not_grow_with_the_comments(client, article):
    comment = build.comment(article)
    build.comment(article, parent=comment, about="facts")
    many(article, 18)
    addresses = (PAGE, THREAD, f"{THREAD}?after={comment.path}", f"/comments/{comment.pk}/")
    few = [count_queries(client, address) for address in addresses]
    many(article, 1_980)

    assert [count_queries(client, address) for address in addresses] == few


def test_an_empty_thread_costs_as_many_queries_as_a_full_one(client, article):
    empty = [count_queries(client, address) for address in (PAGE, THREAD)]
    many(article, 300)

    assert [count_queries(client, address) for address in (PAGE, THREAD)] == empty


def test_a_kept_page_costs_one_query(client, article, django_assert_num_queries):
    comment = build.comment(article)
    for address in (PAGE, THREAD, f"/comments/{comment.pk}/"):
        client.get(address)
        with django_assert_num_queries(1):
            client.get(address)


if connection.vendor == "sqlite":

    def test_counting_and_reading_a_thread_look_at_no_other_comments(article):
        """The indexes carry both; on SQLite the wrong one would be a thousand times slower."""
        many(article, 300)
        with CaptureQueriesContext(connection) as queries:
            beginning(article.pk, 10)
        plan = " ".join(explain(query["sql"]) for query in queries.captured_queries)
        assert "USING INDEX comment_thread" in plan
        assert "USING COVERING INDEX comment_of_article" in plan
        assert "TEMP B-TREE" not in plan

    def explain(statement):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            return " ".join(row[3] for row in cursor.fetchall())
