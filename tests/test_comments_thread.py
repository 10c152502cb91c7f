"""The thread: on the article's page, on pages of its own, around one comment."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from articles.addressing import change_slug
from articles.deeds import publish, withdraw
from articles.recording import record
from comments import moderating, writing
from comments.models import DEEPEST, Comment
from comments.panels import VOTES_ARE_SHOWN_WITHIN
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
