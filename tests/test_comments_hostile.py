"""What an attacker might type, through the form and onto every page that shows comments."""

import re

import pytest

from comments import moderating, writing
from comments.forms import CommentForm
from comments.models import LONGEST_BODY, Comment
from publishing.markup.comments import render_comment
from tests import build
from tests.hostile import COMMENT_TAGS, INSERTIONS, TEXTS, assert_harmless, drawings, marks

pytestmark = pytest.mark.django_db

ATTACKS = [*TEXTS, *INSERTIONS, *marks(), *drawings()]


@pytest.fixture
def publication():
    return build.published(build.article("open"))


def test_whatever_the_form_takes_becomes_harmless_html(publication):
    for text in ATTACKS:
        form = CommentForm(
            {"name": text[:80], "body": text[:LONGEST_BODY]}, publication=publication
        )
        form.is_valid()
        if "body" in form.cleaned_data:
            assert_harmless(render_comment(form.cleaned_data["body"]), COMMENT_TAGS)


def test_what_is_taken_is_stored_as_it_was_typed(publication):
    for text in TEXTS[:60]:
        form = CommentForm({"name": "Anna", "body": text}, publication=publication)
        if form.is_valid():
            expected = re.sub(r"\r\n?|[\u2028\u2029]", "\n", text).strip()
            expected = re.sub("[\u202a-\u202e\u2066-\u2069]", "", expected)
            assert form.cleaned_data["body"] == expected


def test_no_page_that_shows_comments_holds_anything_an_attacker_typed(client, publication):
    article = publication.article
    typed = [text for text in (*TEXTS, *INSERTIONS) if len(text) < 300]
    for number, text in enumerate(typed):
        client.defaults["REMOTE_ADDR"] = f"203.{number % 250}.{number // 250}.1"
        _post(client, text)
    moderating.approve(Comment.objects.all(), by=None)
    comments = Comment.objects.filter(article=article)
    assert comments.count() > 50

    for address in ("/articles/open/", "/articles/open/comments/"):
        page = client.get(address).text
        threads = re.findall(r'<ol class="thread">.*</ol>', page, re.DOTALL)
        assert_thread_is_harmless(threads[0])
    for comment in comments[:20]:
        page = client.get(f"/comments/{comment.pk}/").text
        threads = re.findall(r'<ol class="thread">.*</ol>', page, re.DOTALL)
        assert_thread_is_harmless(threads[0])
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]
        assert "<" not in title


ATTACK = '"><script>alert(1)</script> [x](javascript:alert(1)) ![x](x"onerror="alert(1))'


def test_stored_xss_through_the_writers_own_edit_does_nothing(publication):
    """Isso escaped what was posted, and not what was edited afterwards."""
    fresh = build.comment(publication.article, "pending")

    writing.mend(fresh, name=ATTACK[:80], email="", body=ATTACK)

    fresh.refresh_from_db()
    assert_harmless(fresh.body_html, COMMENT_TAGS)
    assert "javascript:" not in "".join(re.findall("<[^>]*>", fresh.body_html))


def test_stored_xss_through_an_answer_of_the_newsroom_does_nothing(publication):
    shown = build.comment(publication.article)

    reply = moderating.answer(shown, body=ATTACK, by=build.editor())

    assert_harmless(reply.body_html, COMMENT_TAGS)


def test_a_name_that_closes_the_page_is_escaped_on_every_page_for_one_comment(client, publication):
    shown = build.comment(publication.article, name='</h1><script>alert("x")</script>')

    for page in ("", "vote/", "report/"):
        text = client.get(f"/comments/{shown.pk}/{page}").text
        assert "&lt;/h1&gt;&lt;script&gt;" in text
        assert "<script>alert" not in text


def _post(client, text):
    data = {"name": text[:80].replace("\n", " "), "body": text}
    data = {name: value.encode("utf-8", "replace").decode() for name, value in data.items()}
    return client.post("/articles/open/comments/", data)


def assert_thread_is_harmless(html):
    """Nothing but the tags and attributes that a thread is drawn with."""
    allowed = re.compile(
        r"<ol class=\"thread\">|</ol>|</?li>"
        r"|<li class=\"comment(?: is-chosen| is-repeated)?\" id=\"comment-\d+\">"
        r"|<p(?: class=\"comment-(?:head|actions|about)\")?>|</p>|<br>"
        r"|<b class=\"comment-name\">|</b>|<span class=\"visually-hidden\">|</span>"
        r"|<a class=\"comment-when\" href=\"/comments/\d+/\">|</a>"
        r"|<a class=\"comment-vote\" href=\"/comments/\d+/vote/\" rel=\"nofollow\">"
        r"|<a href=\"/comments/\d+/report/\" rel=\"nofollow\">"
        r"|<a href=\"/articles/open/comments/\?reply_to=\d+#comment-form\" rel=\"nofollow\">"
        r"|</?(?:em|strong|code|pre|blockquote|ul|ol|li)>|<ol start=\"\d+\">"
        r"|<a href=\"https?://[^\"<>]+\" rel=\"ugc nofollow noopener\">"
        r"|<time datetime=\"[0-9T:Z-]+\">|</time>|<div class=\"comment-body\">|</div>"
    )
    left = allowed.sub("", html)
    assert "<" not in left
    assert ">" not in left
