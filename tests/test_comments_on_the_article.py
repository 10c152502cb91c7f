"""The thread on the article's page: what it shows of it, and when that changes."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from articles.deeds import publish
from articles.recording import record
from comments import moderating, writing
from comments.models import DEEPEST, Comment
from comments.panels import VOTES_ARE_SHOWN_WITHIN
from comments.reading import FIRST_REPLIES, THREADS_A_PAGE
from tests import build
from tests.threads import ids, links, many

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
    assert f'href="/comments/{comment.pk}/vote/" rel="nofollow">Helpful<' in page
    assert f'href="/comments/{comment.pk}/report/" rel="nofollow">Report<' in page


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

    assert ids(page) == [second.pk, first.pk, reply.pk]
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


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda c: moderating.reject([c], by=None), "was taken down."),
        (lambda c: moderating.mark_as_spam([c], by=None), "was taken down."),
        (lambda c: writing.delete(c, at=NOON), "was removed by its writer."),
        (
            lambda c: writing.mend(c, name="New", email="", body="Hidden", at=NOON),
            "is being read again by an editor.",
        ),
    ],
)
def test_a_place_says_why_it_is_empty_and_nothing_of_what_stood_there(
    client, article, change, sentence
):
    root = build.comment(article, name="Hidden", body="Hidden", about="facts")
    between = build.comment(article, parent=root, name="Hidden", body="Hidden")
    last = build.comment(article, parent=between)
    change(root)
    change(between)

    for address in (PAGE, THREAD, f"{THREAD}?thread={root.pk}", f"/comments/{last.pk}/"):
        page = client.get(address).text
        assert page.count(f"The comment that stood here {sentence}") == 2
        assert ids(page) == [last.pk]
        assert "Hidden" not in page
        assert f"/comments/{root.pk}/" not in page


def test_an_empty_place_goes_with_the_last_answer_below_it(client, article):
    root = build.comment(article)
    reply = build.comment(article, parent=root)
    moderating.reject([root, reply], by=None)

    page = client.get(THREAD).text

    assert "The comment that stood here" not in page
    assert "No comments yet" in page


def test_eight_levels_are_nested_and_what_is_deeper_stands_beside_the_eighth(client, article):
    thread = [build.comment(article, name="Writer 0")]
    for number in range(1, DEEPEST + 2):
        thread.append(build.comment(article, parent=thread[-1], name=f"Writer {number}"))

    page = client.get(f"/comments/{thread[0].pk}/").text

    assert ids(page) == [comment.pk for comment in thread]
    html = page[page.index('<ol class="thread">') : page.index("</section>")]
    opened, deepest = 0, 0
    for tag in re.findall(r"</?ol", html):
        opened += 1 if tag == "<ol" else -1
        deepest = max(deepest, opened)
    assert (opened, deepest) == (0, DEEPEST)
    assert html.count("<li") == html.count("</li>")
    answered = thread[DEEPEST - 1]
    assert f'In reply to <a href="#comment-{answered.pk}">Writer {DEEPEST - 1}</a>' in page
    assert page.count("In reply to") == 2


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


def test_the_page_shows_the_first_threads_and_leads_to_the_rest(client, article):
    comments = many(article, THREADS_A_PAGE)
    newest_first = [comment.pk for comment in reversed(comments)]
    assert "More comments" not in links(client.get(PAGE).text)
    assert ids(client.get(PAGE).text) == newest_first
    more = many(article, 34)

    page = client.get(PAGE).text

    assert ids(page) == [comment.pk for comment in reversed(more)][:THREADS_A_PAGE]
    following = client.get(links(page)["More comments"]).text
    rest = [*(comment.pk for comment in reversed(more[:14])), *newest_first]
    assert ids(following) == rest[:THREADS_A_PAGE]


def test_a_thread_shows_its_first_replies_and_leads_to_the_rest(client, article):
    root = build.comment(article, name="Anna")
    first, *others = [build.comment(article, parent=root) for _ in range(FIRST_REPLIES + 1)]
    below_first = build.comment(article, parent=first)
    in_order = [first, below_first, *others]

    page = client.get(PAGE).text

    assert ids(page) == [root.pk, *(one.pk for one in in_order[:FIRST_REPLIES])]
    assert "2 more replies<span" in page
    rest = client.get(links(page)["2 more replies"]).text
    assert ids(rest, repeated=False) == [one.pk for one in in_order[FIRST_REPLIES:]]
    assert ids(rest) == [root.pk, *(one.pk for one in in_order[FIRST_REPLIES:])]


def test_one_more_reply_is_said_in_the_singular(client, article):
    root = build.comment(article)
    for _ in range(FIRST_REPLIES + 1):
        build.comment(article, parent=root)

    assert "1 more reply" in links(client.get(PAGE).text)


def test_replies_below_a_place_that_is_empty_are_counted_right(client, article):
    root = build.comment(article)
    gone = build.comment(article, parent=root)
    for _ in range(FIRST_REPLIES):
        build.comment(article, parent=gone)
    moderating.reject([gone], by=None)

    assert "1 more reply" in links(client.get(PAGE).text)


def test_the_orders_lead_to_the_page_of_comments_and_no_cookie_keeps_them(client, article):
    many(article, 2)

    response = client.get(PAGE)

    assert f'<a href="{THREAD}" aria-current="true">Best</a>' in response.text
    assert f'<a href="{THREAD}?sort=newest">Newest</a>' in response.text
    assert f'<a href="{THREAD}?sort=oldest">Oldest</a>' in response.text
    assert not response.cookies
    assert not client.get(f"{THREAD}?sort=oldest").cookies


def test_where_there_is_nothing_to_order_no_order_is_offered(client, article):
    build.comment(article)

    assert "thread-orders" not in client.get(PAGE).text


def test_pinned_comments_come_first_and_say_so(client, article):
    first, second, third = (build.comment(article) for _ in range(3))
    for minutes, comment in enumerate((second, first)):
        Comment.objects.filter(pk=comment.pk).update(pinned_at=NOON + timedelta(minutes=minutes))

    page = client.get(PAGE).text

    assert ids(page) == [first.pk, second.pk, third.pk]
    assert page.count("Pinned</span>") == 2
    for order in ("best", "newest", "oldest"):
        text = client.get(f"{THREAD}?sort={order}").text
        assert ids(text) == [first.pk, second.pk, third.pk], order


def test_how_many_found_a_comment_helpful_stands_beside_it(client, article):
    comment = build.comment(article)
    Comment.objects.filter(pk=comment.pk).update(helpful=1_203, unhelpful=7)

    page = client.get(PAGE).text

    assert "Helpful (1,203)" in page
    assert ">7<" not in page


def test_votes_are_seen_after_a_minute_although_they_touch_nothing(client, article, clock):
    comment = build.comment(article)
    addresses = (PAGE, THREAD, f"/comments/{comment.pk}/")
    for address in addresses:
        assert "Helpful (1)" not in client.get(address).text
    Comment.objects.filter(pk=comment.pk).update(helpful=1)

    clock.shift(VOTES_ARE_SHOWN_WITHIN)

    for address in addresses:
        assert "Helpful (1)" in client.get(address).text


def test_a_comment_that_its_writer_changed_says_so(client, article):
    comment = build.comment(article)
    assert "edited" not in client.get(PAGE).text
    writing.mend(comment, name="Anna", email="", body="Better words", at=NOON)
    moderating.approve([comment], by=None)

    assert '<span class="comment-changed">edited</span>' in client.get(PAGE).text


def test_what_a_comment_led_to_is_said_beside_it(client, article, monkeypatch):
    comment = build.comment(article)
    change = "/articles/open/history/4/changes/"
    for module in ("comments.panels", "comments.views.threads"):
        monkeypatch.setattr(
            f"{module}.marks",
            lambda article_id, at, among: {
                comment.pk: f'<p><a href="{change}">Led to a correction in version 4</a></p>'
            },
        )

    for address in (PAGE, THREAD, f"/comments/{comment.pk}/"):
        expected = f'<a href="{change}">Led to a correction in version 4</a>'
        assert expected in client.get(address).text


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
