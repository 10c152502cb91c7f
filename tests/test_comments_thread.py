"""The thread on pages of its own, around one comment, and what it costs."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from articles.addressing import change_slug
from articles.deeds import withdraw
from comments import moderating
from comments.models import DEEPEST
from comments.reading import FIRST_REPLIES, ON_A_PAGE, THREADS_A_PAGE
from publishing.pages import kept
from tests import build
from tests.threads import count_queries, ids, links, many

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
    comments = many(article, 2 * THREADS_A_PAGE + 1)
    found, address = [], THREAD
    for _page in range(3):
        text = client.get(address).text
        found += ids(text)
        address = links(text).get("More comments")

    assert found == [comment.pk for comment in reversed(comments)]
    assert address is None


def test_a_long_thread_is_read_page_by_page_below_what_it_answers(client, article):
    root = build.comment(article, body="The question")
    replies = many(article, ON_A_PAGE + 1, below=root)
    address = f"/comments/{root.pk}/"
    first = client.get(address).text

    second = client.get(links(first)["More replies"]).text

    assert ids(first) == [root.pk, *(reply.pk for reply in replies[:-1])]
    assert ids(second) == [root.pk, replies[-1].pk]
    assert ids(second, repeated=False) == [replies[-1].pk]
    assert "noindex" not in second
    assert links(second) == {"From the beginning": address}


def test_a_page_that_begins_deep_repeats_all_that_it_stands_below(client, article):
    root = build.comment(article)
    path = [root]
    for _ in range(3):
        path.append(build.comment(article, parent=path[-1]))
    replies = many(article, ON_A_PAGE, below=path[-1])
    other = build.comment(article, parent=root)

    second = client.get(links(client.get(f"/comments/{root.pk}/").text)["More replies"]).text

    above = [comment.pk for comment in path]
    assert ids(second) == [*above, *(reply.pk for reply in replies[-3:]), other.pk]


def test_a_place_that_is_empty_still_leads_to_all_that_stands_below_it(client, article):
    root = build.comment(article)
    replies = many(article, ON_A_PAGE + FIRST_REPLIES + 1, below=root)
    moderating.reject([root], by=None)
    page = client.get(PAGE).text
    more = links(page)[f"{ON_A_PAGE + 1} more replies"]

    second = client.get(more).text
    third = client.get(links(second)["More replies"]).text

    found = [pk for text in (page, second, third) for pk in ids(text, repeated=False)]
    assert found == [reply.pk for reply in replies]
    begin = links(second)["From the beginning"]
    assert ids(client.get(begin).text) == [reply.pk for reply in replies[:ON_A_PAGE]]


def test_behind_the_last_one_there_is_no_more(client, article):
    root = build.comment(article)
    reply = build.comment(article, parent=root)

    page = client.get(f"{THREAD}?thread={root.pk}&after={reply.path}").text
    assert "No more replies" in page
    assert ids(page, repeated=False) == []
    assert "No more comments" in client.get(f"{THREAD}?after=0.0_{root.pk}").text


def test_a_page_after_nonsense_is_unknown(client, article):
    root = build.comment(article)
    build.comment(article, parent=root)
    for after in ("x", "1", "-1_1", "0" * 11, "٣_1", "1_٣", "0.1_1'--", "1e999_1", "nan_1", "1_"):
        assert client.get(THREAD, {"after": after}).status_code == 404, after
    for after in ("0.5_1", "9" * 30 + "_1", "1e5_1", "-5_1"):
        address = {"after": after, "sort": "newest"}
        assert client.get(THREAD, address).status_code == 404, after
    for order in ("", "worst", "BEST", "best'"):
        assert client.get(THREAD, {"sort": order}).status_code == 404, order
    for after in ("x", "1", "0" * 11, "٣" * 10, f"{root.path}'--", "9" * 80, f"{root.path}x"):
        address = {"thread": root.pk, "after": after}
        assert client.get(THREAD, address).status_code == 404, after
    for thread in ("", "x", "0", "-1", "9" * 18, "9" * 40, "٣"):
        assert client.get(THREAD, {"thread": thread}).status_code == 404, thread


def test_no_number_in_a_position_is_too_large(client, article):
    comment = build.comment(article)
    for after in (f"0.9_{'9' * 18}", "1e300_1", f"pinned_{'9' * 16}_{'9' * 18}"):
        assert ids(client.get(THREAD, {"after": after}).text) == [comment.pk], after
    largest = {"thread": comment.pk, "after": f"{comment.path}{'9' * 70}"}
    assert client.get(THREAD, largest).status_code == 200


def test_positions_and_paths_of_another_article_show_nothing_of_it(client, article):
    build.comment(article)
    other = build.published_article("other")
    root = build.comment(other, name="Of the other")
    reply = build.comment(other, parent=root, name="Of the other")
    mine = build.comment(article)

    assert client.get(f"{THREAD}?thread={root.pk}").status_code == 404
    for address in (
        f"{THREAD}?after=0.0_{root.pk}",
        f"{THREAD}?sort=oldest&after=1_{root.pk}",
        f"{THREAD}?thread={mine.pk}&after={mine.path}{reply.path[10:]}",
        f"{THREAD}?about=facts&after={root.pk}",
    ):
        assert "Of the other" not in client.get(address).text, address
    stolen = {"thread": mine.pk, "after": reply.path}
    assert client.get(THREAD, stolen).status_code == 404


def test_a_page_of_comments_names_its_one_address(client, article):
    many(article, THREADS_A_PAGE + 1)
    root = build.comment(article)
    reply = build.comment(article, parent=root)
    more = links(client.get(THREAD).text)["More comments"]
    build.comment(article, about="facts")
    site = "http://testserver"

    for address, expected in (
        (THREAD, THREAD),
        (f"{THREAD}?sort=best", THREAD),
        (f"{THREAD}?sort=newest", THREAD),
        (f"{THREAD}?utm_source=x", THREAD),
        (more, more),
        (f"/comments/{reply.pk}/", f"/comments/{reply.pk}/"),
        (f"{THREAD}?thread={root.pk}", f"/comments/{root.pk}/"),
        (f"{THREAD}?about=facts", f"{THREAD}?about=facts"),
    ):
        page = client.get(address).text
        assert f'<link rel="canonical" href="{site}{expected}">' in page, address
        assert "noindex" not in page, address


def test_only_the_first_page_is_kept_in_memory(client, article):
    comment = build.comment(article)
    client.get(THREAD)
    before = kept.bytes
    assert before

    client.get(f"{THREAD}?after=0.0_{comment.pk}")
    client.get(f"{THREAD}?thread={comment.pk}")
    client.get(f"{THREAD}?sort=oldest")
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


def test_a_comment_deep_below_stands_under_all_that_it_answers(client, article):
    path = [build.comment(article)]
    for _ in range(4):
        path.append(build.comment(article, parent=path[-1]))
        build.comment(article, parent=path[-2], body="Beside it")

    page = client.get(f"/comments/{path[-1].pk}/").text

    assert ids(page) == [comment.pk for comment in path]
    assert ids(page, repeated=False) == [path[-1].pk]
    assert "Beside it" not in page


def test_what_answers_the_deepest_level_follows_on_its_page(client, article):
    path = [build.comment(article)]
    for _ in range(DEEPEST):
        path.append(build.comment(article, parent=path[-1]))

    page = client.get(f"/comments/{path[-2].pk}/").text

    assert ids(page) == [comment.pk for comment in path]


# What it costs


def test_the_number_of_queries_does_not_grow_with_the_comments(client, article):
    comment = build.comment(article)
    reply = build.comment(article, parent=comment, about="facts")
    many(article, THREADS_A_PAGE + 2)
    addresses = (
        PAGE,
        THREAD,
        f"{THREAD}?sort=oldest",
        f"{THREAD}?about=facts",
        f"{THREAD}?thread={comment.pk}&after={comment.path}",
        f"/comments/{comment.pk}/",
        f"/comments/{reply.pk}/",
        "/articles/open/comments.atom",
        f"/comments/{comment.pk}.atom",
        "/feeds/comments.atom",
    )
    few = [count_queries(client, address) for address in addresses]
    many(article, 1_980)
    many(article, 300, below=comment)

    assert [count_queries(client, address) for address in addresses] == few


def test_an_empty_thread_costs_no_more_queries_than_a_full_one(client, article):
    empty = [count_queries(client, address) for address in (PAGE, THREAD)]
    many(article, 300)
    full = [count_queries(client, address) for address in (PAGE, THREAD)]

    # One less: nobody is asked which of no comments are suggestions.
    assert empty == [count - 1 for count in full]


def test_a_kept_page_costs_one_query(client, article, django_assert_num_queries):
    comment = build.comment(article)
    for address in (PAGE, THREAD, f"/comments/{comment.pk}/", f"/comments/{comment.pk}.atom"):
        client.get(address)
        with django_assert_num_queries(1):
            client.get(address)
