"""Public pages: rendered once, kept as bytes, and never used when they may no longer be right.

Every rule is tried both ways: at the WSGI door and inside Django.
"""

import gzip
from collections import Counter
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import brotli
import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.wsgi import get_wsgi_application
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path

from publishing import pages
from publishing.door import Door
from publishing.pages import (
    SETTLED_AFTER,
    Body,
    Kept,
    KeptPage,
    Packer,
    Page,
    finish,
    kept,
    packer,
    public_page,
)
from publishing.stamps import tokens, touch
from tests.asking import ask

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


# A site of a few pages, each of which counts how often it was rendered

rendered: Counter[str] = Counter()
moments: list[datetime] = []


@public_page
def news(request, page):
    """Depends on one stamp, and changes by itself at the moments given."""
    page.reads("news")
    page.holds_until(*moments)
    rendered["news"] += 1
    return HttpResponse(f"<p>News {rendered['news']}, at {request.build_absolute_uri('/')}</p>")


@public_page
def changed_meanwhile(request, page):
    """Somebody changes what it shows after it has read it."""
    page.reads("meanwhile")
    rendered["meanwhile"] += 1
    if rendered["meanwhile"] == 1:
        touch("meanwhile")
    return HttpResponse(f"Rendered {rendered['meanwhile']} times")


@public_page
def with_cookie(request, page):
    rendered["cookie"] += 1
    response = HttpResponse("Yours alone")
    response.set_cookie("reader", "1")
    return response


@public_page
def with_session(request, page):
    rendered["session"] += 1
    return HttpResponse(f"Hello {request.session.get('name', 'stranger')}")


@public_page
def not_stored(request, page):
    rendered["no-store"] += 1
    response = HttpResponse("For once")
    response["Cache-Control"] = "no-store"
    return response


@public_page
def streamed(request, page):
    rendered["streamed"] += 1
    return StreamingHttpResponse(["in ", "pieces"])


@public_page
def missing(request, page):
    rendered["missing"] += 1
    raise Http404


@public_page
def moved(request, page):
    rendered["moved"] += 1
    return HttpResponseRedirect("/news/")


@public_page
def long(request, page):
    rendered["long"] += 1
    return HttpResponse("".join(f"<p>{number * number} of {number}</p>" for number in range(999)))


def private(request):
    rendered["private"] += 1
    return HttpResponse("Not a public page")


urlpatterns = [
    path("news/", news),
    path("meanwhile/", changed_meanwhile),
    path("cookie/", with_cookie),
    path("session/", with_session),
    path("no-store/", not_stored),
    path("streamed/", streamed),
    path("missing/", missing),
    path("moved/", moved),
    path("long/", long),
    path("private/", private),
]
handler404 = handler400 = lambda request, exception: HttpResponse(
    "Refused", status=404 if isinstance(exception, Http404) else 400
)


@pytest.fixture(autouse=True)
def _start_anew(settings):
    settings.ALLOWED_HOSTS = ["localhost", "other.example"]
    rendered.clear()
    moments.clear()


@pytest.fixture(params=["at the door", "inside Django"])
def site(request, keep_connection):
    """Ask the site for an address, one way or the other."""
    application = get_wsgi_application()
    if request.param == "at the door":
        application = Door(application)
    return lambda address, **options: ask(application, address, **options)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def packing(monkeypatch):
    """Pack at once instead of beside, and return the list of what was packed."""
    packed = []

    def pack_at_once(pack, key, page):
        packed.append(key)
        pack(key, page)

    monkeypatch.setattr(packer._worker, "submit", pack_at_once)
    return packed


# What is kept, and for how long


def test_a_page_is_rendered_once(site):
    first, second = site("/news/"), site("/news/")

    assert rendered["news"] == 1
    assert first == second
    assert first.status == 200
    assert first["Cache-Control"] == "public, no-cache"


def test_a_kept_page_costs_one_statement(site, django_assert_num_queries):
    site("/news/")

    with django_assert_num_queries(1):
        site("/news/")


def test_a_change_of_what_it_read_renders_it_anew(site):
    before = site("/news/")
    touch("news")
    after = site("/news/")

    assert rendered["news"] == 2
    assert before["ETag"] != after["ETag"]


def test_a_change_of_something_else_does_not(site):
    site("/news/")
    touch("sports")
    site("/news/")

    assert rendered["news"] == 1


def test_what_changed_while_it_was_rendered_renders_it_anew(site):
    site("/meanwhile/")

    assert "2 times" in site("/meanwhile/").text
    assert "2 times" in site("/meanwhile/").text


def test_it_is_rendered_anew_at_the_moment_at_which_it_changes_by_itself(site, clock):
    moments.append(NOON + HOUR)
    site("/news/")
    clock.move_to(NOON + HOUR - INSTANT)
    site("/news/")
    assert rendered["news"] == 1

    clock.move_to(NOON + HOUR)
    site("/news/")
    assert rendered["news"] == 2


def test_two_changes_by_itself_need_no_write_between_them(site, clock):
    moments.extend([NOON + 2 * HOUR, NOON + HOUR])
    for moment, times in [(0, 1), (1, 2), (1.5, 2), (2, 3), (9, 3)]:
        clock.move_to(NOON + moment * HOUR)
        site("/news/")
        assert rendered["news"] == times


def test_a_clock_set_back_uses_nothing_from_the_future(site, clock):
    site("/news/")
    clock.move_to(NOON - INSTANT)
    site("/news/")

    assert rendered["news"] == 2


def test_small_page_numbers_are_kept_and_no_other_query(site):
    for query in ["page=2", "page=20"]:
        site(f"/news/?{query}")
        site(f"/news/?{query}")
    assert rendered["news"] == 2

    others = ["page=0", "page=01", "page=21", "page=", "page=-1", "page=%D9%A3", "page=2&a=b",
              "page=2&page=3", "utm_source=x", "PAGE=2", "page"]  # fmt: skip
    for query in others:
        site(f"/news/?{query}")
        site(f"/news/?{query}")
    assert rendered["news"] == 2 + 2 * len(others)


def test_a_page_that_is_not_kept_is_answered_like_one_that_is(site, monkeypatch):
    monkeypatch.setattr(rendered, "__setitem__", lambda *_: None, raising=False)
    site("/news/")
    kept_page, other = site("/news/"), site("/news/?unknown")

    rendered.clear()
    kept.clear()
    assert site("/news/?unknown").text == site("/news/").text.replace("News 2", "News 1")
    assert [name for name, _ in kept_page.headers] == [name for name, _ in other.headers]


NEVER_KEPT = {
    "cookie": 200,
    "session": 200,
    "no-store": 200,
    "streamed": 200,
    "missing": 404,
    "moved": 302,
    "private": 200,
}


@pytest.mark.parametrize("address", NEVER_KEPT)
def test_these_are_never_kept(site, address):
    first, second = site(f"/{address}/"), site(f"/{address}/")

    assert rendered[address] == 2
    assert first.status == second.status == NEVER_KEPT[address]
    assert "ETag" not in first
    assert kept.bytes == 0


def test_a_session_of_one_reader_is_not_shown_to_another(site, client):
    client.force_login(User.objects.create_user("ada"))
    session = client.session
    session["name"] = "Ada"
    session.save()

    assert site("/session/", cookie=f"sessionid={session.session_key}").text == "Hello Ada"
    assert site("/session/").text == "Hello stranger"


def test_other_methods_are_refused_and_never_answered_from_memory(site):
    site("/news/")

    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert site("/news/", method=method).status == 405


# How it is answered


def test_head_answers_with_the_same_headers_and_no_content(site):
    got, asked = site("/news/"), site("/news/", method="HEAD")

    assert asked.status == 200
    assert asked.headers == got.headers
    assert asked["Content-Length"] == str(len(got.content))
    assert asked.content == b""


def test_what_head_rendered_get_may_use(site):
    site("/news/", method="HEAD")

    assert "News 1" in site("/news/").text
    assert rendered["news"] == 1


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [
        ("gzip, deflate", "gzip", gzip.decompress),
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip;q=1, BR;q=0.1", "br", brotli.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
    ],
)
def test_who_takes_packed_pages_gets_one_with_a_name_of_its_own(site, accepted, coding, unpack):
    plain, packed = site("/news/"), site("/news/", accept_encoding=accepted)

    assert rendered["news"] == 1
    assert packed["Content-Encoding"] == coding
    assert unpack(packed.content) == plain.content
    assert packed["Content-Length"] == str(len(packed.content))
    assert packed["ETag"] != plain["ETag"]
    assert packed["Vary"] == plain["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in plain


@pytest.mark.parametrize(
    "accepted", ["gzip", "GZIP", "br", "br, gzip;q=0.5", "identity, gzip ; q=1"]
)
def test_a_packed_page_is_taken(site, accepted):
    assert "Content-Encoding" in site("/news/", accept_encoding=accepted)


@pytest.mark.parametrize("accepted", ["", "br;q=0", "gzip;q=0", "gzip; q=0.000", "x-gzip", "*;q=0"])
def test_a_packed_page_is_not_taken(site, accepted):
    assert "Content-Encoding" not in site("/news/", accept_encoding=accepted)


@pytest.mark.parametrize("accepted", ["", "gzip", "br"])
@pytest.mark.parametrize("known", ["{}", "W/{}", '"other", {}', '"a", W/"b" , W/{}', "*"])
def test_who_has_it_is_told_so_without_content(site, accepted, known):
    whole = site("/news/", accept_encoding=accepted)
    name = whole["ETag"].removeprefix("W/")
    answer = site("/news/", accept_encoding=accepted, if_none_match=known.format(name))

    assert answer.status == 304
    assert answer.content == b""
    left_out = {"Content-Type", "Content-Length", "Content-Encoding"}
    assert answer.headers == tuple(pair for pair in whole.headers if pair[0] not in left_out)
    assert {"ETag", "Vary", "Cache-Control", "Content-Security-Policy"} <= dict(
        answer.headers
    ).keys()


@pytest.mark.parametrize("known", ['"other"', "nonsense", "", '"', "W/", 'W/"', "W/*"])
def test_who_has_something_else_gets_it_whole(site, known):
    site("/news/")

    assert site("/news/", if_none_match=known).status == 200


def test_who_has_it_in_one_encoding_may_not_use_it_as_the_other(site):
    packed = site("/news/", accept_encoding="gzip")

    answer = site("/news/", if_none_match=packed["ETag"])

    assert answer.status == 200
    assert "News 1" in answer.text


def test_a_page_that_settled_and_is_asked_for_again_is_packed_better(site, clock, packing):
    first = site("/long/", accept_encoding="br")
    site("/long/", accept_encoding="br")
    assert packing == []

    clock.shift(SETTLED_AFTER)
    site("/long/", accept_encoding="br")
    better = site("/long/", accept_encoding="br")

    assert len(packing) == 1
    assert len(better.content) < len(first.content)
    assert better["Content-Length"] == str(len(better.content))
    assert brotli.decompress(better.content) == brotli.decompress(first.content)
    assert rendered["long"] == 1


def test_who_has_the_page_as_it_was_packed_first_is_told_so(site, clock, packing):
    first = site("/long/", accept_encoding="br")
    clock.shift(SETTLED_AFTER)
    site("/long/", accept_encoding="br")

    assert packing
    assert first["ETag"].startswith("W/")
    assert site("/long/", accept_encoding="br", if_none_match=first["ETag"]).status == 304


def test_what_is_packed_better_never_takes_the_place_of_a_newer_page():
    memory = Kept(most_bytes=10_000)
    old, new = (finish(HttpResponse(word * 99), Page(at=NOON)) for word in ("old", "new"))
    memory.put(("one",), new)

    Packer(memory).pack(("one",), old)
    assert memory.get(("one",)) is new
    Packer(memory).pack(("one",), new)
    assert memory.get(("one",)).plain is new.plain
    assert memory.bytes == memory.get(("one",)).size


def test_who_has_what_was_before_gets_what_is_now(site):
    before = site("/news/")
    touch("news")

    assert site("/news/", if_none_match=before["ETag"]).status == 200


def test_a_head_for_what_is_known_is_answered_alike(site):
    whole = site("/news/")

    assert site("/news/", method="HEAD", if_none_match=whole["ETag"]).status == 304


def test_a_changed_setting_of_headers_reaches_who_has_the_content(site, settings):
    before = site("/news/")
    kept.clear()
    rendered.clear()
    settings.X_FRAME_OPTIONS = "SAMEORIGIN"

    after = site("/news/", if_none_match=before["ETag"])

    assert after.status == 200
    assert after.content == before.content


def test_no_answer_can_change_what_is_kept(site):
    site("/news/")
    application = Door(get_wsgi_application())
    application({**_environ(), "PATH_INFO": "/news/"}, lambda status, headers: headers.clear())

    assert site("/news/")["ETag"]


def _environ() -> dict:
    seen = {}
    ask(lambda environ, start: start("200 OK", []) or seen.update(environ) or [b""], "/")
    return seen


# Whose page it is


def test_a_host_that_is_not_ours_is_refused_and_nothing_is_kept(site):
    for _ in range(2):
        assert site("/news/", host="evil.example").status == 400

    assert kept.bytes == 0
    site("/news/")
    assert site("/news/", host="evil.example").status == 400


def test_each_host_has_its_own_copy(site):
    assert "http://localhost/" in site("/news/").text
    assert "http://other.example/" in site("/news/", host="other.example").text
    assert "http://localhost/" in site("/news/").text
    assert rendered["news"] == 2


def test_without_a_trusted_proxy_nobody_can_say_that_a_reader_came_by_https(site):
    assert "http://localhost/" in site("/news/", x_forwarded_proto="https").text
    assert "http://localhost/" in site("/news/").text
    assert rendered["news"] == 1


@pytest.fixture
def _proxied(settings):
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.usefixtures("_proxied")
def test_http_and_https_have_their_own_copies(site):
    proxy = {"remote_addr": "10.1.2.3"}

    assert "http://localhost/" in site("/news/", **proxy).text
    assert "https://localhost/" in site("/news/", x_forwarded_proto="https", **proxy).text
    assert "http://localhost/" in site("/news/", x_forwarded_proto="http", **proxy).text
    assert rendered["news"] == 2


@pytest.mark.usefixtures("_proxied")
def test_no_other_word_of_a_proxy_makes_another_copy(site):
    words = ["http", "HTTPS", "ws", "", "http, https", "x" * 2000]
    for word in words:
        answer = site("/news/", x_forwarded_proto=word, remote_addr="10.1.2.3")
        assert "http://localhost/" in answer.text
    assert rendered["news"] == 1

    answer = site("/news/", x_forwarded_proto="https, http", remote_addr="10.1.2.3")
    assert "https://localhost/" in answer.text


# The memory


def page_of(size: int) -> KeptPage:
    body = Body(b"x" * size, '"name"', [], [])
    empty = Body(b"", "", [], [])
    return KeptPage({}, 0, None, body, empty, empty)


def test_the_least_recently_used_pages_leave_when_the_bytes_run_out():
    memory = Kept(most_bytes=100)
    memory.put(("a",), page_of(40))
    memory.put(("b",), page_of(40))
    memory.get(("a",))
    memory.put(("c",), page_of(40))

    assert memory.get(("b",)) is None
    assert memory.get(("a",)) is not None
    assert memory.get(("c",)) is not None
    assert memory.bytes == 80


def test_a_page_larger_than_the_memory_is_not_kept_and_drives_nothing_out():
    memory = Kept(most_bytes=100)
    memory.put(("a",), page_of(40))
    memory.put(("b",), page_of(101))

    assert memory.get(("a",)) is not None
    assert memory.get(("b",)) is None
    assert memory.bytes == 40


def test_a_page_put_again_counts_once():
    memory = Kept(most_bytes=100)
    memory.put(("a",), page_of(60))
    memory.put(("a",), page_of(50))

    assert memory.bytes == 50


def test_what_is_no_longer_right_is_forgotten(clock):
    memory = Kept(most_bytes=100)
    touch("a")
    body, empty = Body(b"x" * 50, "", [], []), Body(b"", "", [], [])
    memory.put(("stamped",), KeptPage(tokens("a"), 0, None, body, empty, empty))
    memory.put(("timed",), KeptPage({}, 0, (NOON + HOUR).timestamp(), body, empty, empty))
    touch("a")
    clock.move_to(NOON + HOUR)

    assert memory.get(("stamped",)) is None
    assert memory.bytes == 50
    assert memory.get(("timed",)) is None
    assert memory.bytes == 0


def test_the_sites_memory_is_bounded_by_the_setting(site, monkeypatch):
    site("/news/")
    size = kept.bytes
    monkeypatch.setattr(kept, "most_bytes", int(size * 2.5))
    for number in range(2, 9):
        site(f"/news/?page={number}")

    assert 0 < kept.bytes <= size * 2.5
    site("/news/?page=8")
    assert rendered["news"] == 8


# Without any memory


def test_switched_off_every_page_is_rendered_each_time(site, settings):
    settings.PAGE_CACHE = False
    site("/news/")
    site("/news/")

    assert rendered["news"] == 2
    assert kept.bytes == 0


def test_switched_off_a_page_is_answered_in_every_way_as_when_kept(site, settings):
    asked = [
        {},
        {"method": "HEAD"},
        {"accept_encoding": "gzip"},
        {"if_none_match": "*"},
        {"if_none_match": '"other"', "accept_encoding": "gzip"},
        {"method": "POST"},
        {"host": "evil.example"},
    ]
    kept_answers = []
    for options in asked:
        rendered.clear()
        site("/news/")
        kept_answers.append(site("/news/", **options))
        kept.clear()
    settings.PAGE_CACHE = False
    for options, expected in zip(asked, kept_answers, strict=True):
        rendered.clear()
        assert site("/news/", **options) == expected


# What a page notes while it renders


def test_a_page_changes_at_the_earliest_moment_that_is_still_to_come():
    page = Page(at=NOON)
    page.holds_until(None, NOON, NOON - HOUR, NOON + 2 * HOUR, NOON + HOUR, NOON + 3 * HOUR)

    assert page.until == NOON + HOUR


def test_a_page_asks_for_each_stamp_once(django_assert_num_queries):
    page = Page(at=NOON)
    with django_assert_num_queries(2):
        page.reads("a", "b")
        page.reads("a")
        page.reads("b", "c")
        page.reads()

    assert set(page.tokens) == {"a", "b", "c"}


def test_only_the_methods_that_change_nothing_reach_a_public_page():
    assert news.is_public_page
    assert not getattr(private, "is_public_page", False)
    assert pages.LARGEST_KEPT_PAGE_NUMBER == 20
