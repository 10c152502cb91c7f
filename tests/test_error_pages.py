"""Error pages: the site's own look, what happened, and what can be done."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext, override_settings

PAGES = {
    400: ("400.html", "cannot be read"),
    403: ("403.html", "is not accepted"),
    404: ("404.html", "The record breaks off here"),
    410: ("errors/410.html", "is closed"),
    413: ("errors/413.html", "too long to file"),
    429: ("errors/429.html", "Too many entries"),
}


def page(status: int, **context) -> str:
    request = RequestFactory().get("/nowhere/")
    return render_to_string(PAGES[status][0], context, request)


@pytest.mark.parametrize("status", PAGES)
def test_it_names_the_status_says_what_happened_and_leads_on(status: int):
    html = page(status)
    assert f'<p class="lost-code">{status}</p>' in html
    assert PAGES[status][1] in html
    assert "On Record" in html
    assert 'href="/articles/"' in html
    assert html.count("<h1") == 1
    assert '<meta name="robots" content="noindex">' in html


@pytest.mark.parametrize("status", PAGES)
def test_the_reason_of_a_refusal_stands_in_place_of_the_general_one(status: int):
    general = page(status)
    html = page(status, reason="The discussion closed on 1 May 2026.")
    assert "The discussion closed on 1 May 2026." in html
    assert len(html) != len(general)


@pytest.mark.parametrize("status", PAGES)
def test_what_the_reader_wrote_is_given_back_as_text(status: int):
    html = page(status, typed="Mind <b>this</b> & that")
    assert "Mind &lt;b&gt;this&lt;/b&gt; &amp; that</textarea>" in html
    assert "<textarea" not in page(status)


def test_after_a_refusal_the_heading_is_read_first():
    assert " data-focus>" in page(429, reason="Too fast.")
    assert " data-focus>" not in page(404)


def test_our_own_failure_needs_no_context_no_address_and_no_index_of_static_files():
    with override_settings(
        ROOT_URLCONF="no.such.module",
        STORAGES={"staticfiles": {"BACKEND": "no.such.storage"}},
    ):
        html = render_to_string("500.html")
    assert "The record breaks off here, and it is our fault" in html
    assert 'href="/static/css/site.css"' in html


@pytest.mark.django_db
def test_our_own_failure_asks_the_database_nothing():
    with CaptureQueriesContext(connection) as queries:
        render_to_string("500.html")
    assert len(queries) == 0


def test_an_unknown_address_answers_404_in_the_sites_look(client, db):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "The record breaks off here" in answer.content.decode()
