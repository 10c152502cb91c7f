"""Whether a source's address still answers: asked in the background, within strict limits."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from articles.checking import found
from articles.documents import read_document
from articles.recording import record
from library import asking
from library import source_checking as checking
from library.asking import Outcome, Place, ask, is_public
from library.models import Source
from library.source_checking import check, check_sources, due
from library.source_checking import gone as gone_now
from publishing.checks import Level
from tests import build, desk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOURCES = "/admin/library/source/"


def anywhere(_place: Place) -> bool:
    """Let a test ask its own server on this machine."""
    return True


class Handler(BaseHTTPRequestHandler):
    """Answers as its path says: /404, /405/200 (to HEAD, to GET), /to/<where>."""

    asked: list[tuple[str, str, str]]

    def _answer(self) -> None:
        self.asked.append((self.command, self.path, self.headers["User-Agent"]))
        wanted = self.path.strip("/").split("/")
        if wanted[0] == "to":
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
        else:
            is_get = self.command == "GET" and len(wanted) > 1
            self.send_response(int(wanted[1 if is_get else 0]))
        self.end_headers()

    do_HEAD = do_GET = _answer  # noqa: N815

    def log_message(self, *_given) -> None:
        pass


@pytest.fixture
def site() -> Iterator[tuple[str, list]]:
    """A server on this machine: its address, and what it was asked for."""
    asked: list = []
    handler = type("Handler", (Handler,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


# Asking


@pytest.mark.parametrize(
    ("path", "outcome", "methods"),
    [
        ("/200", Outcome.WORKS, ["HEAD"]),
        ("/404", Outcome.GONE, ["HEAD", "GET"]),
        ("/410", Outcome.GONE, ["HEAD", "GET"]),
        ("/405/200", Outcome.WORKS, ["HEAD", "GET"]),
        ("/404/200", Outcome.WORKS, ["HEAD", "GET"]),
        ("/403", Outcome.WORKS, ["HEAD", "GET"]),
        ("/503", Outcome.NO_ANSWER, ["HEAD", "GET"]),
        ("/to//404", Outcome.GONE, ["HEAD", "HEAD", "GET", "GET"]),
        ("/to//200", Outcome.WORKS, ["HEAD", "HEAD"]),
    ],
)
def test_what_a_server_says(site, path, outcome, methods):
    address, asked = site
    assert ask(address + path, may_connect=anywhere) == outcome
    assert [method for method, _path, _agent in asked] == methods


def test_we_say_who_asks_and_what_for(site):
    address, asked = site
    ask(f"{address}/200", may_connect=anywhere)
    assert asked[0][2] == "OnRecord-SourceCheck/1 (looks weekly whether cited sources still answer)"


def test_letters_outside_ascii_are_asked_for_as_browsers_do(site):
    address, asked = site
    ask(f"{address}/200/привет?q=ä b", may_connect=anywhere)
    assert asked[0][1] == "/200/%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82?q=%C3%A4%20b"


def test_redirects_are_few(site):
    address, asked = site
    path = "/to/" * (asking.MOST_REDIRECTS + 1) + "/200"
    assert ask(address + path.replace("//", "/"), may_connect=anywhere) == Outcome.NO_ANSWER
    assert len(asked) == asking.MOST_REDIRECTS + 1


def test_nobody_answers():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    assert ask(f"http://127.0.0.1:{port}/", may_connect=anywhere) == Outcome.NO_ANSWER


@contextmanager
def a_server_that(behaves) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _address = server.accept()
            with connection:
                connection.recv(4096)
                behaves(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join(5)


def test_a_server_that_answers_too_slowly_is_left(monkeypatch):
    monkeypatch.setattr(asking, "SECONDS_IN_ALL", 0.2)
    monkeypatch.setattr(asking, "SECONDS_TO_WAIT", 3)
    was_left = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.")
        # Nothing more is read from us until the other side hangs up.
        if connection.recv(1) == b"":
            was_left.set()

    with a_server_that(drip) as address:
        assert ask(address, may_connect=anywhere) == Outcome.NO_ANSWER
    assert was_left.is_set()


@pytest.mark.parametrize("answer", [b"nonsense\r\n\r\n", b"", b"HTTP/1.1 abc\r\n\r\n"])
def test_a_server_that_talks_nonsense_raises_nothing(answer):
    with a_server_that(lambda connection: connection.sendall(answer)) as address:
        assert ask(address, may_connect=anywhere) == Outcome.NO_ANSWER


# Where we do not ask


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//example.org/",
        "https://name:word@example.org/",
        "http:///path",
    ],
)
def test_only_the_web_is_asked(url, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", None)
    assert ask(url) == Outcome.NOT_ASKED


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0",
     "100.64.0.1", "224.0.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1",
     "::ffff:127.0.0.1"],
)  # fmt: skip
def test_nothing_of_our_own_network_is_asked(address, monkeypatch):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    told = (family, socket.SOCK_STREAM, 6, "", (address, 80))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_options: [told])
    monkeypatch.setattr(socket, "create_connection", None)

    assert not is_public(Place(family, address, 80))
    assert ask("http://inside.example/") == Outcome.NOT_ASKED


def test_a_name_with_one_private_address_is_not_asked(monkeypatch):
    told = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
        for address in ("93.184.215.14", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_options: told)
    monkeypatch.setattr(socket, "create_connection", None)
    assert ask("https://both.example/") == Outcome.NOT_ASKED


def test_this_machine_is_not_asked_for_real(site):
    address, asked = site
    for host in ("127.0.0.1", "localhost"):
        assert ask(f"{address.replace('127.0.0.1', host)}/200") == Outcome.NOT_ASKED
    assert asked == []


def test_a_redirect_into_our_own_network_is_not_followed(site):
    address, asked = site
    steps = iter([True, False])
    answer = ask(f"{address}/to/{address}/200", may_connect=lambda _place: next(steps))
    assert answer == Outcome.NOT_ASKED
    assert len(asked) == 1


def test_only_the_webs_own_ports_are_asked():
    assert is_public(Place(socket.AF_INET, "93.184.215.14", 80))
    assert is_public(Place(socket.AF_INET, "93.184.215.14", 443))
    assert not is_public(Place(socket.AF_INET, "93.184.215.14", 22))
    assert not is_public(Place(socket.AF_INET, "93.184.215.14", 6379))


def test_the_name_is_looked_up_once_and_that_very_address_is_connected_to(monkeypatch):
    looked_up, connected = [], []

    def look_up(host, port, **_options):
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", port))]

    def connect(place, **_options):
        connected.append(place)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert ask("http://source.example/") == Outcome.NO_ANSWER
    assert (looked_up, connected) == (["source.example"], [("93.184.215.14", 80)])


# When


@pytest.fixture
def clock(settings):
    settings.CHECK_SOURCES = True
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def answers(monkeypatch) -> dict[str, Outcome]:
    """What addresses answer; all others work. No network."""
    given: dict[str, Outcome] = {}
    monkeypatch.setattr(checking, "ask", lambda url: given.get(url, Outcome.WORKS))
    return given


def cited(article=None, **fields) -> Source:
    source = build.source(**fields)
    article = article or build.article()
    build.section(article, body=f"Cited.[@{source.key}]")
    record(article, by=None)
    return source


def waiting() -> list[timedelta]:
    """Return when the tasks that wait are to run, counted from noon."""
    rows = DBTaskResult.objects.filter(status="READY", task_path__endswith="check_sources")
    return sorted(row.run_after - NOON for row in rows)


def test_the_outcome_is_kept_with_its_date_and_is_no_edit(clock, answers):
    source = cited()
    answers[source.url] = Outcome.GONE
    clock.shift(timedelta(hours=1))

    check(source)

    kept = Source.objects.get(pk=source.pk)
    assert (kept.address_state, kept.address_asked) == (Outcome.GONE, source.url)
    assert kept.address_checked_at == NOON + timedelta(hours=1)
    # An editor who has it open is not told that somebody saved it, and no digest changes.
    assert kept.changed_at == source.changed_at
    assert kept.embedded() == source.embedded()


def test_an_outcome_for_an_address_that_was_changed_meanwhile_is_dropped(clock, answers):
    source = cited()
    Source.objects.filter(pk=source.pk).update(url="https://elsewhere.example/")
    check(source)
    assert Source.objects.get(pk=source.pk).address_state == ""


def test_each_is_asked_once_when_it_is_new_and_weekly_while_it_is_cited(clock, answers):
    used, unused, none = cited(), build.source(), build.source(url="")
    assert list(due(NOON)) == [used, unused]
    for source in (used, unused):
        check(source)
    assert list(due(NOON + timedelta(days=7))) == []

    assert list(due(NOON + timedelta(days=7, seconds=1))) == [used]
    Source.objects.filter(pk=unused.pk).update(url="https://elsewhere.example/")
    assert list(due(NOON)) == [unused]
    assert none not in due(NOON)


def test_a_source_cited_often_is_asked_once(clock):
    source, article = build.source(), build.article()
    for _ in range(3):
        build.section(article, body=f"Cited.[@{source.key}]")
    record(article, by=None)
    assert list(due(NOON)) == [source]


def test_one_after_the_other_with_pauses_and_then_a_rest(clock, answers):
    keys = [cited().key, cited().key]

    assert check_sources.func() == keys[0]
    assert waiting() == [checking.PAUSE]
    DBTaskResult.objects.all().delete()
    assert check_sources.func() == keys[1]
    DBTaskResult.objects.all().delete()
    assert check_sources.func() == ""
    assert waiting() == [checking.REST]


def test_two_rounds_at_once_become_one(clock, answers):
    cited(), cited()
    check_sources.func()
    check_sources.func()
    assert waiting() == [checking.PAUSE]


def test_a_round_that_begins_while_another_rests_goes_on_to_its_end(clock, answers):
    check_sources.using(run_after=NOON + checking.REST).enqueue()
    cited(), cited()
    check_sources.func()
    assert waiting() == [checking.PAUSE, checking.REST]


def test_without_sources_nothing_runs_on(clock, answers):
    assert check_sources.func() == ""
    assert waiting() == []


def test_saving_a_source_begins_at_once(clock, django_capture_on_commit_callbacks):
    source = build.source()
    client = desk.client_of(build.editor())
    form = desk.open_form(client, f"{SOURCES}{source.pk}/change/")
    form["url"] = "https://elsewhere.example/page"

    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            form.send()

    assert waiting() == [timedelta(0)]


def test_publishing_begins_too(clock, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        build.published_article()
    assert waiting() == [timedelta(0)]


def test_a_site_may_ask_nobody(clock, answers, settings, django_capture_on_commit_callbacks):
    settings.CHECK_SOURCES = False
    cited()
    with django_capture_on_commit_callbacks(execute=True):
        build.published_article()
    assert waiting() == []
    assert check_sources.func() == ""
    assert not Source.objects.exclude(address_state="").exists()


def test_the_form_says_what_came_of_it(clock, answers):
    source = build.source()
    client = desk.client_of(build.editor())
    address = f"{SOURCES}{source.pk}/change/"
    assert "Not asked yet." in client.get(address).content.decode()

    answers[source.url] = Outcome.GONE
    check(source)
    assert "Not found, 22 November 2026, 12:00" in client.get(address).content.decode()
    listed = client.get(f"{SOURCES}?address_state__exact=gone").content.decode()
    assert source.title in listed


def test_the_first_page_lists_what_is_gone_and_cited(clock, answers):
    used, unused = cited(title="The gone note"), build.source(title="Nobody cites it")
    for source in (used, unused):
        answers[source.url] = Outcome.GONE
        check(source)

    page = desk.client_of(build.editor()).get("/admin/").content.decode()

    assert f'href="{SOURCES}{used.pk}/change/#id_url"' in page
    assert "The gone note" in page
    assert "Nobody cites it" not in page
    reader = desk.client_of(build.user("reader", "view_article"))
    assert "The gone note" not in reader.get("/admin/").content.decode()

    Source.objects.filter(pk=used.pk).update(url="https://elsewhere.example/")
    assert list(gone_now()) == []


# The check


def gone(article) -> list:
    return [one for one in found(read_document(article)) if one[1].check == "source-gone"]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_what_is_gone_is_told(clock, answers, outcome):
    article = build.article()
    source = cited(article, title="The note")
    assert gone(article) == []
    answers[source.url] = outcome
    check(source)

    if outcome != Outcome.GONE:
        assert gone(article) == []
        return
    [(level, problem)] = gone(article)
    assert level == Level.RECOMMENDED
    assert (problem.part, problem.uid, problem.field) == (
        "library.source", str(source.uid), "url",
    )  # fmt: skip
    assert problem.message == (
        "Nothing is at the address of “The note” any more, asked on 22 November 2026."
    )
    page = desk.client_of(build.editor()).get(desk.address(article, "checks")).content.decode()
    assert f'href="{SOURCES}{source.pk}/change/#id_url"' in page


def test_a_new_address_is_not_gone(clock, answers):
    article = build.article()
    source = cited(article)
    answers[source.url] = Outcome.GONE
    check(source)
    Source.objects.filter(pk=source.pk).update(url="https://elsewhere.example/")
    assert gone(article) == []


def test_what_other_articles_cite_is_not_told_here(clock, answers):
    article, other = build.article(), build.article()
    source = cited(other)
    answers[source.url] = Outcome.GONE
    check(source)
    assert gone(article) == []


def test_finding_what_is_due_is_one_query(clock):
    for _ in range(5):
        cited()
    with CaptureQueriesContext(connection) as queries:
        due(NOON).first()
    assert len(queries) == 1
