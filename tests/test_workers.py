"""Several server processes on one database: the very next request in each of them is right."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from articles.deeds import publish, schedule, withdraw
from articles.recording import record
from comments.models import Comment
from comments.moderating import approve
from tests import build
from tests.asking import Answer
from tests.racing import at_once, errors
from tests.serving import PROJECT, Server, at_the_moment, database_address
from tests.test_running import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]

HOW_MANY = 3


@pytest.fixture(scope="module")
def start(django_db_setup, tmp_path_factory) -> Iterator[Callable[..., list[Server]]]:
    """Start so many servers on the tests' database, with changed variables; stopped at the end."""
    data = tmp_path_factory.mktemp("data")
    known = {
        "DATA_DIR": str(data),
        "DATABASE_URL": database_address(),
        "TRUSTED_PROXIES": "127.0.0.1",
    }
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        cwd=PROJECT,
        env={**os.environ, **known},
        check=True,
    )
    started: list[Server] = []

    def start(count: int, *, workers: int = 1, **changed: str) -> list[Server]:
        servers = [
            Server({**known, **changed}, data / f"log-{len(started) + number}", workers)
            for number in range(count)
        ]
        started.extend(servers)
        for server in servers:
            server.begin()
        return [server.wait() for server in servers]

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="module")
def servers(start) -> list[Server]:
    """The servers that most tests ask: each a process with a memory of its own."""
    return start(HOW_MANY)


def everywhere(servers: list[Server], address: str, **options: str) -> list[Answer]:
    return [server.ask(address, **options) for server in servers]


def titles(answers: list[Answer]) -> list[str]:
    """What the pages call themselves, or their status if they are not there."""
    return [
        answer.text.partition("<title>")[2].partition(" – ")[0]
        if answer.status == 200
        else str(answer.status)
        for answer in answers
    ]


def changed(article, title: str):
    article.title = title
    article.save()
    return record(article, by=None)


def in_seconds(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


# After a deed


def test_every_server_keeps_the_page_and_gives_it_the_same_name(servers):
    article = build.published_article()
    address = f"/articles/{article.slug}/"

    answers = everywhere(servers, address) + everywhere(servers, address)

    assert len({answer["ETag"] for answer in answers}) == 1
    assert len({answer.content for answer in answers}) == 1
    known = answers[0]["ETag"]
    assert {answer.status for answer in everywhere(servers, address, if_none_match=known)} == {304}


def test_after_an_approval_the_very_next_request_is_right(servers):
    article = build.published_article()
    by = build.editor()
    address = f"/articles/{article.slug}/"
    for number in range(3):
        before = everywhere(servers, address)
        comment = build.comment(article, state="pending", body=f"I was there, {number}.")
        approve([comment], by=by)

        after = everywhere(servers, address, if_none_match=before[0]["ETag"])

        assert [f"I was there, {number}." in answer.text for answer in before] == [False] * HOW_MANY
        assert [f"I was there, {number}." in answer.text for answer in after] == [True] * HOW_MANY
        assert {answer.status for answer in after} == {200}


def test_after_a_publication_the_very_next_request_is_right(servers):
    article = build.article(title="First")
    addresses = [f"/articles/{article.slug}/", "/", "/articles/"]
    assert titles(everywhere(servers, addresses[0])) == ["404"] * HOW_MANY
    for title in ["First", "Second", "Third"]:
        publish(changed(article, title), by=None, change_note="Changed.")
        for address in addresses:
            for answer in everywhere(servers, address):
                assert title in answer.text, address

    withdraw(article, by=None)
    assert titles(everywhere(servers, addresses[0])) == ["404"] * HOW_MANY
    assert not any("Third" in answer.text for answer in everywhere(servers, "/articles/"))


# At a moment


def test_at_the_second_of_a_scheduled_publication_every_server_turns(servers):
    article = build.article(title="Now")
    build.published(article)
    address = f"/articles/{article.slug}/"
    everywhere(servers, address)
    moment = in_seconds(2)
    schedule(changed(article, "Then"), goes_live_at=moment, by=None, change_note="Later.")

    before, after = at_the_moment(moment.timestamp(), lambda: titles(everywhere(servers, address)))

    assert before
    assert all(seen == ["Now"] * HOW_MANY for seen in before)
    assert after == [["Then"] * HOW_MANY]


def test_it_turns_twice_and_ends_without_a_write_between(servers):
    article = build.article(title="Now")
    build.published(article)
    address = f"/articles/{article.slug}/"
    first, second, end = in_seconds(2), in_seconds(3), in_seconds(4)
    schedule(changed(article, "Then"), goes_live_at=first, by=None, change_note="Later.")
    schedule(
        changed(article, "At last"),
        goes_live_at=second,
        expires_at=end,
        by=None,
        change_note="Later still.",
    )

    turns = [(first, "Now", "Then"), (second, "Then", "At last"), (end, "At last", "404")]
    for moment, old, new in turns:
        before, after = at_the_moment(
            moment.timestamp(), lambda: titles(everywhere(servers, address))
        )
        assert all(seen == [old] * HOW_MANY for seen in before)
        assert after == [[new] * HOW_MANY]


# Starting anew


def test_a_start_with_nothing_changed_knows_the_names_of_before(servers, start):
    article = build.published_article()
    address = f"/articles/{article.slug}/"
    known = servers[0].ask(address)["ETag"]

    (server,) = start(1)

    assert server.ask(address, if_none_match=known).status == 304
    server.stop()


def test_a_start_with_one_word_of_a_template_changed_answers_the_old_name_with_the_new_word(
    servers, start, tmp_path
):
    article = build.published_article()
    address = f"/articles/{article.slug}/"
    old = servers[0].ask(address)
    template = (Path(settings.BASE_DIR) / "templates" / "articles" / "article.html").read_text()
    assert template.count("In short") == 1
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "article.html").write_text(template.replace("In short", "In brief"))
    (tmp_path / "one_word_changed.py").write_text(
        f"from config.settings import *\nTEMPLATES[0]['DIRS'].insert(0, {str(tmp_path)!r})\n"
    )

    (server,) = start(
        1, DJANGO_SETTINGS_MODULE="one_word_changed", PYTHONPATH=f"{tmp_path}:{PROJECT}"
    )
    new = server.ask(address, if_none_match=old["ETag"])
    server.stop()

    assert "In short" in old.text
    assert new.status == 200
    assert "In brief" in new.text
    assert "In short" not in new.text


def test_a_start_with_a_changed_setting_answers_the_old_name_with_the_new_page(servers, start):
    article = build.published_article()
    address = f"/articles/{article.slug}/"
    old = servers[0].ask(address)

    (server,) = start(1, SITE_NAME="The Explainer")
    new = server.ask(address, if_none_match=old["ETag"])
    server.stop()

    assert new.status == 200
    assert "The Explainer" in new.text


# Going back


def postgres_tool(name: str, *options: str) -> None:
    """Run one of PostgreSQL's programs on the tests' database."""
    database = connection.settings_dict
    given = {
        "PGDATABASE": database["NAME"],
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
    }
    environment = {**os.environ, **{key: value for key, value in given.items() if value}}
    subprocess.run([name, *options], env=environment, check=True)


def back_up(copy: Path) -> None:
    """Copy the database, as docs/running.md says."""
    if connection.vendor == "sqlite":
        copy_sqlite(Path(connection.settings_dict["NAME"]), copy)
    else:
        postgres_tool("pg_dump", "--format=custom", f"--file={copy}")


def go_back_to(copy: Path) -> None:
    """Put the copy in the place of the database, under the servers' feet."""
    connection.close()
    if connection.vendor == "sqlite":
        copy_sqlite(copy, Path(connection.settings_dict["NAME"]))
    else:
        name = connection.settings_dict["NAME"]
        options = ["--clean", "--if-exists", "--single-transaction", f"--dbname={name}"]
        postgres_tool("pg_restore", *options, str(copy))


def copy_sqlite(source: Path, target: Path) -> None:
    taken, given = sqlite3.connect(source), sqlite3.connect(target)
    try:
        taken.backup(given)
    finally:
        taken.close()
        given.close()


def test_after_going_back_to_a_copy_nothing_from_later_is_answered(servers, tmp_path):
    article = build.article(title="Before")
    build.published(article)
    address = f"/articles/{article.slug}/"
    before = servers[0].ask(address)
    back_up(tmp_path / "copy")
    publish(changed(article, "After"), by=None, change_note="Changed.")
    after = servers[0].ask(address)
    assert titles(everywhere(servers, address)) == ["After"] * HOW_MANY

    go_back_to(tmp_path / "copy")

    for answer in everywhere(servers, address, if_none_match=after["ETag"]):
        assert answer.status == 200
        assert answer.content == before.content
    assert {
        answer.status for answer in everywhere(servers, address, if_none_match=before["ETag"])
    } == {304}

    # The numbers of rows and publications are given out a second time.
    publish(changed(article, "Otherwise"), by=None, change_note="Changed.")
    for answer in everywhere(servers, address, if_none_match=after["ETag"]):
        assert answer.status == 200
        assert "Otherwise" in answer.text
        assert "After" not in answer.text


# Killed


def test_what_was_acknowledged_is_kept_whoever_is_killed(start):
    article = build.published_article()
    address = f"/articles/{article.slug}/comments/"
    (server,) = start(1, workers=2)
    acknowledged: list[str] = []
    finished = threading.Event()

    def write(reader: int) -> None:
        number = 0
        while not finished.is_set():
            words = f"Reader {reader}, comment {number}."
            # A network of its own for each, as there is a limit of comments from one.
            network = f"10.{reader + 3 * (number // 250)}.{number % 250}.1"
            try:
                answer = server.ask(
                    address, form={"name": "Reader", "body": words}, x_forwarded_for=network
                )
            except OSError:
                # Nobody answers: sent again, as a reader would, in a moment.
                finished.wait(0.05)
                continue
            number += 1
            if answer.status == 303:
                acknowledged.append(words)

    def kill() -> None:
        try:
            for _ in range(3):
                heard = len(acknowledged)
                eventually(lambda heard=heard: len(acknowledged) >= heard + 8, 60)
                victim = eventually(server.processes)[0]
                os.kill(victim, signal.SIGKILL)
                eventually(lambda victim=victim: victim not in server.processes(), 60)
            heard = len(acknowledged)
            eventually(lambda: len(acknowledged) >= heard + 8, 60)
        finally:
            finished.set()

    outcomes = at_once(*(lambda reader=reader: write(reader) for reader in range(3)), kill)
    os.killpg(server.process.pid, signal.SIGKILL)

    assert errors(outcomes) == []
    stored = list(Comment.objects.values_list("body", flat=True))
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_server_killed_while_it_has_kept_pages_starts_right(servers, start):
    article = build.article(title="Before")
    build.published(article)
    address = f"/articles/{article.slug}/"
    (server,) = start(1)
    known = server.ask(address)["ETag"]
    (victim,) = server.processes()
    os.kill(victim, signal.SIGKILL)
    publish(changed(article, "After"), by=None, change_note="Changed.")

    deadline = time.monotonic() + 60
    answer = None
    while answer is None:
        try:
            answer = server.ask(address, if_none_match=known)
        except OSError:
            assert time.monotonic() < deadline, "It has not come back."
            time.sleep(0.05)

    assert titles([answer]) == ["After"]
    server.stop()
