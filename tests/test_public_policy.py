"""The content policy of everything public: nothing but what is named, and of this site alone."""

import re

import pytest
from django.urls import resolve

from tests.test_query_counts import LITTLE, filled

pytestmark = pytest.mark.django_db

# What readers may be shown inside other sites has a policy of its own.
EMBEDDED = {"timeline:embed"}
# Everything else is not to be had, from anywhere.
ALLOWED = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "img-src": "'self'",
    "manifest-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
}


def policy(response) -> dict[str, str]:
    rules = (rule.partition(" ") for rule in response["Content-Security-Policy"].split("; "))
    return {name: sources for name, _space, sources in rules}


@pytest.fixture
def answers(client, settings):
    settings.PAGE_CACHE = False
    return {address: client.get(address) for address in filled(LITTLE)}


def test_every_public_answer_has_the_strict_policy(answers):
    wider = {
        address: policy(answer)
        for address, answer in answers.items()
        if resolve(address.partition("?")[0]).view_name not in EMBEDDED
        and policy(answer) != ALLOWED
    }
    assert wider == {}


def test_no_page_says_inline_what_the_policy_would_stop(answers):
    for address, answer in answers.items():
        if "html" not in answer.get("Content-Type", ""):
            continue
        html = answer.content.decode()
        inline = r"<style|\sstyle=|<base\b(?! target=)|<iframe|<object|<embed"
        assert re.findall(inline, html) == [], address
        assert re.findall(r"<script(?![^>]*(?:src=|ld\+json))", html) == [], address
        assert re.findall(r"<[^>]+\son[a-z]+=", html) == [], address
        assert re.findall(r"(?:href|src|action)=[\"']?javascript:", html) == [], address


def test_a_refused_form_has_it_too(client):
    answer = client.post("/articles/nothing/comments/", {"body": "x"})
    assert policy(answer) == ALLOWED
