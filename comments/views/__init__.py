"""The addresses of a discussion: each shows a page to GET, and takes its form by POST."""

from django.http import HttpRequest, HttpResponse

from comments.views.challenge import challenge
from comments.views.feedback import read_feedback, take_feedback
from comments.views.feeds import article_feed, site_feed, thread_feed
from comments.views.reporting import read_report, take_report
from comments.views.stamp import read_stamp
from comments.views.suggestions import (
    TYPED,
    read_ask,
    read_status,
    read_suggest,
    take_own_change,
    take_question,
    take_suggestion,
)
from comments.views.threads import read_comments, read_permalink
from comments.views.voting import read_vote, take_vote
from comments.views.writing import read_own, take_change, take_comment
from publishing.readers import page_with_form

__all__ = ["article_feed", "comment", "comments", "feedback", "site_feed", "thread_feed"]


def read_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """The permalink; with a token the writer's own view, which is kept nowhere."""
    return read_own(request, pk) if "token" in request.GET else read_permalink(request, pk)


read_comment.is_public_page = True

__all__ = ["challenge", "comment", "comments", "feedback"]

comments = page_with_form(read=read_comments, take=take_comment, text="body")
comment = page_with_form(read=read_comment, take=take_change, text="body")
stamp = read_stamp
vote = page_with_form(read=read_vote, take=take_vote, text="text")
report = page_with_form(read=read_report, take=take_report, text="text")
feedback = page_with_form(read=read_feedback, take=take_feedback, text="text")
suggest = page_with_form(read=read_suggest, take=take_suggestion, text=TYPED)
ask = page_with_form(read=read_ask, take=take_question, text=TYPED)
suggestion = page_with_form(read=read_status, take=take_own_change, text="name")
