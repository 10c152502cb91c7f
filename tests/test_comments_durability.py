"""Nothing acknowledged is lost: several server processes at once, and a server that is killed."""

import os
import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.db import connection

from benchmarks.posting import WORDS, OnRecord, number_of, post
from comments.counting import recount
from comments.models import Comment, Transition
from tests import build
from tests.serving import PROJECT, Server, database_address

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]

POSTS = 80


@pytest.fixture
def article():
    return build.published_article("open")


@pytest.fixture
def server(article, tmp_path):
    """The production server with four processes, behind a proxy that it trusts."""
    known = {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_address(),
        "TRUSTED_PROXIES": "127.0.0.1",
    }
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(command, cwd=PROJECT, env={**os.environ, **known}, check=True)
    started = Server(known, tmp_path / "log", workers=4)
    started.begin()
    try:
        yield started.wait()
    finally:
        started.stop()


def stored():
    """Return how often each comment that was posted is there, by its number."""
    rows = Comment.objects.filter(body__startswith=WORDS).values_list("body", flat=True)
    return Counter(map(number_of, rows))


def test_four_processes_at_once_take_each_comment_once(server, article):
    target = OnRecord(server.port, "/articles/open/")
    posted = post(server.port, target, first=0, connections=8, count=POSTS)
    assert posted.failures == []
    assert stored() == dict.fromkeys(range(POSTS), 1)
    assert Transition.objects.filter(comment__article=article, before="").count() == POSTS
    assert recount(article.pk) == 0


def test_whatever_was_acknowledged_is_there_after_the_server_was_killed(server, article):
    target = OnRecord(server.port, "/articles/open/")

    def kill(posted):
        if len(posted.acknowledged) == POSTS // 2:
            os.killpg(server.process.pid, signal.SIGKILL)

    posted = post(server.port, target, first=0, connections=8, count=POSTS, on_answer=kill)
    server.process.wait()
    assert len(posted.acknowledged) >= POSTS // 2
    assert posted.failures, "It was not killed in the middle."
    found = stored()
    assert set(posted.acknowledged) <= set(found)
    assert set(found.values()) == {1}
    assert recount(article.pk) == 0


def test_a_commit_waits_for_the_disk():
    """What SIGKILL cannot prove, as the system keeps what was written: a power cut."""
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL is set up by whoever runs it; it waits unless told otherwise.")
    with connection.cursor() as cursor:
        full = 2
        assert cursor.execute("PRAGMA synchronous").fetchone()[0] == full
        assert cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
