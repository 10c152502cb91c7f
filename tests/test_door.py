"""The WSGI door: kept pages answered before Django, and what happens to the connection there."""

import logging
import threading
from ipaddress import ip_network

import psycopg
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.urls import path

from config.wsgi import application as served
from publishing import door
from publishing.door import Door
from publishing.pages import kept, public_page
from publishing.stamps import touch
from tests.asking import ask
from tests.racing import SECONDS_TO_MEET, at_once, errors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


class Rendering:
    """What goes on in the view below, so that a test can stop it there."""

    def __init__(self) -> None:
        self.count = 0
        self.begun = threading.Event()
        self.may_go_on = threading.Event()
        self.may_go_on.set()


rendering = Rendering()


@public_page
def news(request, page):
    page.reads("news")
    rendering.count += 1
    rendering.begun.set()
    assert rendering.may_go_on.wait(SECONDS_TO_MEET)
    return HttpResponse(f"News {rendering.count} at {request.scheme}")


urlpatterns = [path("news/", news)]


class Behind:
    """What stands behind the door: Django, and a count of who got there."""

    def __init__(self) -> None:
        self.application = get_wsgi_application()
        self.count = 0

    def __call__(self, environ, start_response):
        self.count += 1
        return self.application(environ, start_response)


@pytest.fixture(autouse=True)
def _start_anew(settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    rendering.__init__()
    connection.close()
    if has_pool():
        connection.close_pool()  # A small one takes less time to find out that it was ended.


@pytest.fixture
def behind():
    return Behind()


@pytest.fixture
def site(behind):
    application = Door(behind)
    return lambda address, **options: ask(application, address, **options)


def has_pool() -> bool:
    return bool(connection.settings_dict["OPTIONS"].get("pool"))


def end_connections() -> None:
    """Let the database, or the file, end every connection behind our back."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.close()
        return
    options = connection.get_connection_params()
    known = {name: options[name] for name in ("dbname", "user", "password", "host", "port")
             if options.get(name)}  # fmt: skip
    with psycopg.connect(**known, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_the_site_is_served_behind_the_door():
    assert isinstance(served, Door)


def test_a_kept_page_is_answered_before_django(site, behind):
    first = site("/news/")
    assert behind.count == 1

    assert site("/news/") == first
    assert site("/news/", method="HEAD").headers == first.headers
    assert site("/news/", if_none_match=first["ETag"]).status == 304
    assert behind.count == 1


def test_everything_else_goes_on_to_django(site, behind):
    site("/news/")
    site("/news/?unknown")
    site("/news/", method="POST")
    site("/nothing/")
    site("/news/", host="evil.example")

    assert behind.count == 5


def test_switched_off_the_door_stands_open(site, behind, settings):
    site("/news/")
    settings.PAGE_CACHE = False
    site("/news/")

    assert behind.count == 2


# The connection


def test_an_answer_leaves_no_pooled_connection_behind(site):
    site("/news/")
    site("/news/")

    assert connection.connection is None or not has_pool()


def test_a_connection_that_was_ended_meanwhile_is_replaced(site, behind):
    first = site("/news/")
    for _ in range(2):
        end_connections()
        assert site("/news/") == first

    assert behind.count == 1
    assert rendering.count == 1


def test_a_thread_that_holds_a_dead_connection_gets_another(site, behind):
    first = site("/news/")
    connection.ensure_connection()
    end_connections()

    assert site("/news/") == first
    assert behind.count == 1


def test_the_database_is_asked_twice_and_then_django_is(site, behind, monkeypatch, caplog):
    site("/news/")
    asked = []

    def fail(environ):
        asked.append(environ["PATH_INFO"])
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(door, "kept_answer", fail)
    with caplog.at_level(logging.INFO, logger="publishing.door"):
        assert site("/news/").status == 200

    assert asked == ["/news/", "/news/"]
    assert behind.count == 2
    assert [record.message for record in caplog.records].count(
        "A connection was unusable at the door."
    ) == 2


def test_a_mistake_of_ours_is_not_taken_for_a_dead_connection(site, monkeypatch):
    site("/news/")
    monkeypatch.setattr(door, "kept_answer", lambda environ: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        site("/news/")


# Who says what about a reader


@pytest.fixture
def _proxied(settings):
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.usefixtures("_proxied")
@pytest.mark.parametrize("trusted", ["10.1.2.3", "2001:db8::7", "::ffff:10.0.0.1"])
def test_a_proxy_of_ours_may_say_that_a_reader_came_by_https(site, trusted):
    assert site("/news/", x_forwarded_proto="https", remote_addr=trusted).text == "News 1 at https"


@pytest.mark.usefixtures("_proxied")
@pytest.mark.parametrize("other", ["192.0.2.1", "::1", "", "unix:", "10.1.2.3.4"])
def test_nobody_else_may(site, other):
    for _ in range(2):
        answer = site("/news/", x_forwarded_proto="https", remote_addr=other)
        assert answer.text == "News 1 at http"


# Many readers at once


def test_one_render_of_an_address_at_a_time(site):
    answers = at_once(*[lambda: site("/news/")] * 6)

    assert rendering.count == 1
    assert {answer.text for answer in answers} == {"News 1 at http"}


def test_after_a_change_one_render_serves_all_who_ask_at_once(site):
    site("/news/")
    touch("news")

    answers = at_once(*[lambda: site("/news/").text] * 6)

    assert rendering.count == 2
    assert set(answers) == {"News 2 at http"}


def test_a_change_during_a_render_is_seen_by_those_who_waited(site):
    rendering.may_go_on.clear()
    results = []
    slow = threading.Thread(target=lambda: results.append(site("/news/").text))
    slow.start()
    assert rendering.begun.wait(SECONDS_TO_MEET)
    touch("news")
    rendering.may_go_on.set()
    slow.join(SECONDS_TO_MEET)

    assert results == ["News 1 at http"]
    assert site("/news/").text == "News 2 at http"


def test_the_memory_stays_whole_when_many_use_it_at_once(site, monkeypatch):
    site("/news/")
    monkeypatch.setattr(kept, "most_bytes", kept.bytes * 3)

    def use():
        for number in [*range(1, 9), 1, 1]:
            site(f"/news/?page={number}")
            touch("news")

    assert errors(at_once(*[use] * 4)) == []

    assert kept.bytes == sum(page.size for page in kept._pages.values())
    assert kept.bytes <= kept.most_bytes
