"""`make serve` and `make upgrade`, run for real: what they start, keep, say and leave behind."""

import http.cookiejar
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

pytestmark = pytest.mark.servers

PROJECT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 180
"""Far more than a start takes, even on a busy machine."""


def free_port() -> int:
    """A port on which nobody listens at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(what: Callable[[], object], seconds: float = 30) -> object:
    """The first true answer of `what`, asked again and again for a bounded time."""
    deadline = time.monotonic() + seconds
    while not (answer := what()):
        assert time.monotonic() < deadline, f"{what} has not come true in {seconds} seconds"
        time.sleep(0.05)
    return answer


def surroundings(**changed: object) -> dict[str, str]:
    """The environment of an operator who has set nothing but what is given."""
    ours = ("DATABASE_URL", "EXTRA_APPS", "SECRET_KEY", "SECRET_KEY_FILE", "ADMIN_PASSWORD")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {name: str(value) for name, value in changed.items()}


def run(*command: object, **changed: object) -> subprocess.CompletedProcess[str]:
    """Run one of the project's programs to its end."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=PROJECT,
        env=surroundings(**changed),
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_START,
        check=False,
    )


@dataclass
class Site:
    """The site as its operator sees it, on data of its own."""

    environment: dict[str, str]
    log: Path
    process: subprocess.Popen | None = None
    first_words: str = ""

    @property
    def data(self) -> Path:
        return Path(self.environment["DATA_DIR"])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.environment['PORT']}"

    @property
    def said(self) -> str:
        return self.log.read_text()

    def start(self) -> str:
        """Start serving and wait until it says that it does; all that it said."""
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "deploy/serve.py"],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        eventually(lambda: self.has_introduced_itself or self.has_ended, SECONDS_TO_START)
        assert not self.has_ended, self.said
        return self.said

    @property
    def has_introduced_itself(self) -> bool:
        return "Editor: " in self.said

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def stop(self, by: int = signal.SIGTERM) -> int:
        """Ask it to stop; the code with which it ended."""
        self.process.send_signal(by)
        return self.process.wait(20)

    def programs(self) -> dict[int, str]:
        """Every process that it started, directly or not, with its command."""
        return descendants(self.process.pid)

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            return answer.status, answer.read().decode()

    def run(self, *command: object) -> subprocess.CompletedProcess[str]:
        """Run one of the project's programs on the same data."""
        return run(sys.executable, *command, **self.environment)


def descendants(of: int) -> dict[int, str]:
    """The processes below one, with their commands."""
    # Without -ww a terminal's 80 columns cut the commands, and with them the names.
    listed = subprocess.check_output(["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], text=True)
    children: dict[int, dict[int, str]] = {}
    for line in listed.splitlines():
        process, parent, command = line.split(None, 2)
        children.setdefault(int(parent), {})[int(process)] = command
    found: dict[int, str] = {}
    waiting = [of]
    while waiting:
        below = children.get(waiting.pop(), {})
        found |= below
        waiting += below
    return found


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module")
def database_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A new, empty database of the kind that this run of the tests is about."""
    given = os.environ.get("DATABASE_URL", "sqlite:")
    if given.startswith("sqlite"):
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'site.sqlite3'}"
        return
    name = f"running_{os.getpid()}"
    parts = urllib.parse.urlsplit(given)
    choices = dict(urllib.parse.parse_qsl(parts.query))
    with psycopg.connect(
        host=choices.get("host", parts.hostname),
        port=parts.port,
        user=parts.username,
        password=parts.password,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield parts._replace(path=f"/{name}").geturl()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def served(database_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site on data of its own, started for the first time."""
    place = tmp_path_factory.mktemp("site")
    site = Site(
        surroundings(
            DATA_DIR=place / "var", PORT=free_port(), DATABASE_URL=database_address, WORKERS=2
        ),
        place / "log",
    )
    site.first_words = site.start()
    yield site
    if not site.has_ended:
        site.stop()


@pytest.fixture
def site(served: Site) -> Site:
    """The site, serving."""
    if served.has_ended:
        served.start()
    return served


def password_said(words: str) -> str:
    """The first editor's password, as the first start says it."""
    return re.search(r"Editor: +admin, password (\S+) ", words)[1]


def sign_in(site: Site, password: str) -> str:
    """The page that the admin shows after signing in as its first editor with this password."""
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    form = browser.open(f"{site.address}/admin/login/", timeout=30).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
    fields = {"csrfmiddlewaretoken": token, "username": "admin", "password": password}
    answer = browser.open(
        f"{site.address}/admin/login/?next=/admin/", urllib.parse.urlencode(fields).encode()
    )
    return answer.read().decode()


# Starting


def test_the_first_start_says_what_it_does_and_where_everything_is(site):
    for said in (
        f"Data: {site.data}",
        "Database: applying",
        "Static files: collecting.",
        "Demonstration: loading.",
        "Starting 2 server processes and the background worker.",
        f"{site.address}/articles/us-russia-relations-severed-diplomacy-explored/",
        f"{site.address}/admin/",
        "Ctrl-C stops it.",
    ):
        assert said in site.first_words
    assert "Traceback" not in site.first_words


def test_the_page_that_it_names_is_there(site):
    address = re.search(r"The page: +(\S+)", site.first_words)[1]
    status, page = site.get(urllib.parse.urlsplit(address).path)
    assert status == 200
    assert "<h1" in page


def test_the_first_editor_can_sign_in_with_the_password_it_says(site):
    password = password_said(site.first_words)
    assert "Log out" in sign_in(site, password)
    assert "Log out" not in sign_in(site, password[:-1])


def test_files_that_hold_secrets_are_for_their_owner_alone(site):
    private = [site.data / "secret_key", *site.data.glob("*.sqlite3")]
    assert {stat.S_IMODE(file.stat().st_mode) for file in private} == {0o600}


def test_a_second_server_on_the_same_data_is_refused(site):
    refused = run(
        *(sys.executable, "deploy/serve.py"), **site.environment | {"PORT": str(free_port())}
    )
    assert refused.returncode == 1
    assert f"already running on {site.data} (process {site.process.pid})" in refused.stdout


def test_a_port_that_is_taken_is_refused_before_anything_is_made(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = run(sys.executable, "deploy/serve.py", DATA_DIR=tmp_path / "var", PORT=port)
    assert refused.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in refused.stdout
    assert f"PORT={port + 1} make serve" in refused.stdout
    assert "Traceback" not in refused.stdout + refused.stderr
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["serve.pid"]


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"PORT": "eight"}, "PORT is 'eight', but it must be a whole number."),
        ({"WORKERS": "0"}, "WORKERS is 0, but it must be at least 1."),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL begins with 'mysql'"),
        ({"DEMONSTRATION": "perhaps"}, "DEMONSTRATION is 'perhaps'"),
    ],
)
def test_nonsense_in_the_environment_is_refused_with_a_sentence(tmp_path, choice, sentence):
    given = {"DATA_DIR": tmp_path / "var", "PORT": free_port()} | choice
    refused = run(sys.executable, "deploy/serve.py", **given)
    assert refused.returncode == 1
    assert sentence in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stdout + refused.stderr


# While it serves


def test_a_worker_that_dies_is_started_again(site):
    def worker() -> list[int]:
        return [number for number, command in site.programs().items() if "db_worker" in command]

    # One that ended by itself, on a database that was locked for too long, is back in a moment.
    (before,) = eventually(worker)
    os.kill(before, signal.SIGKILL)
    assert eventually(lambda: [number for number in worker() if number != before])
    assert site.get("/healthz")[0] == 200
    assert "The background worker ended with code -9" in site.said


def test_a_server_process_that_dies_is_replaced(site):
    def servers() -> set[int]:
        """The processes below the web server itself."""
        main = [number for number, command in site.programs().items() if "granian" in command]
        return {number for one in main for number in descendants(one)}

    before = servers()
    os.kill(max(before), signal.SIGKILL)
    assert eventually(lambda: len(servers() - before) == 1)
    assert site.get("/healthz")[0] == 200


def test_an_upgrade_backs_up_and_restarts_what_is_running(site):
    before = site.programs()
    upgraded = site.run("deploy/upgrade.py")
    assert upgraded.returncode == 0, upgraded.stdout + upgraded.stderr
    (backup,) = (site.data / "backups").iterdir()
    assert str(backup) in upgraded.stdout
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert backup.stat().st_size > 50_000
    assert site.get("/healthz")[0] == 200
    assert not set(before) & set(site.programs())
    assert not any(map(is_alive, before))


# Stopping, and starting again


def test_a_second_start_loses_nothing_and_says_no_password(site):
    add = "from django.contrib.auth.models import User; User.objects.create_user('second', '', 'x')"
    assert site.run("manage.py", "shell", "-c", add).returncode == 0
    secret = (site.data / "secret_key").read_text()
    password = password_said(site.first_words)
    assert site.stop(signal.SIGTERM) == 0

    said = site.start()
    assert "Database: up to date." in said
    assert "Static files: up to date." in said
    assert "Demonstration" not in said
    assert "admin, with the password shown on the first start" in said
    assert password not in said
    assert "Log out" in sign_in(site, password)
    assert (site.data / "secret_key").read_text() == secret
    ask = "from django.contrib.auth.models import User; print(User.objects.count(), 'users')"
    assert "2 users" in site.run("manage.py", "shell", "-c", ask).stdout


def test_stopping_leaves_nothing_running(site):
    started = site.programs()
    assert len(started) >= 4  # the web server, its two processes, the worker
    begun = time.monotonic()
    assert site.stop(signal.SIGINT) == 0
    assert time.monotonic() - begun < 10
    assert not any(map(is_alive, started))
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(site.environment["PORT"])))


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_service_manager_and_a_closed_terminal_stop_it_like_ctrl_c(by):
    wait = (
        # As if started in a terminal: whatever started the tests may ignore a hang-up (nohup).
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL);"
        "import sys; sys.path.insert(0, 'deploy'); import serve; wishes = serve.Wishes();"
        "print('waiting', flush=True); wishes.wait_whole(60); print(wishes.stop, wishes.restart)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", wait], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as waiting:
        assert waiting.stdout.readline() == "waiting\n"
        waiting.send_signal(by)
        assert waiting.stdout.read() == "True False\n"


def test_when_the_server_itself_dies_all_of_it_ends_with_an_error(site):
    started = site.programs()
    (main,) = [
        number
        for number, command in started.items()
        if "granian" in command and descendants(number)
    ]
    os.kill(main, signal.SIGKILL)
    assert site.process.wait(20) == 137
    assert "The server ended by itself with code -9." in site.said
    # What has lost its parent is gone a moment after it was killed.
    eventually(lambda: not any(map(is_alive, started)), 5)


if sys.platform == "linux":

    def test_when_the_watcher_is_killed_nothing_of_it_goes_on(site):
        started = site.programs()
        assert site.stop(signal.SIGKILL) == -signal.SIGKILL
        eventually(lambda: not any(map(is_alive, started)), 15)
        assert "Database: up to date." in site.start()


def test_a_program_that_does_not_stop_when_asked_is_ended(monkeypatch):
    serve = load("deploy/serve.py")
    monkeypatch.setattr(serve, "SECONDS_TO_STOP", 0.2)
    deaf = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        "print('deaf', flush=True); time.sleep(600)"
    )
    with serve.Programs() as programs:
        started = programs.start([sys.executable, "-c", deaf])
        below = eventually(lambda: descendants(started.pid))
        begun = time.monotonic()
    assert time.monotonic() - begun < 5
    assert started.returncode == -signal.SIGKILL
    eventually(lambda: not any(map(is_alive, below)))


def load(path: str) -> object:
    """One of the programs in deploy/, as a module."""
    import importlib.util

    specification = importlib.util.spec_from_file_location(Path(path).stem, PROJECT / path)
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


# Backing up


def test_a_backup_holds_what_is_committed_while_others_write(tmp_path):
    upgrade = load("deploy/upgrade.py")
    database = tmp_path / "site.sqlite3"
    with sqlite3.connect(database) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE said (words TEXT)")
        writer.execute("INSERT INTO said VALUES ('committed')")
        writer.commit()
        writer.execute("INSERT INTO said VALUES ('not yet')")
        copy = upgrade.back_up_sqlite(database, tmp_path / "copy.sqlite3")
    rows = sqlite3.connect(copy).execute("SELECT words FROM said").fetchall()
    assert rows == [("committed",)]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("*.unfinished"))


def test_a_damaged_database_stops_the_upgrade(tmp_path):
    upgrade = load("deploy/upgrade.py")
    (tmp_path / "site.sqlite3").write_bytes(b"not a database at all" * 100)
    with pytest.raises(upgrade.UpgradeError, match="nothing was changed"):
        upgrade.back_up_sqlite(tmp_path / "site.sqlite3", tmp_path / "copy.sqlite3")
    assert not (tmp_path / "copy.sqlite3").exists()


def test_a_new_site_has_nothing_to_back_up(tmp_path):
    upgrade = load("deploy/upgrade.py")
    assert upgrade.back_up_sqlite(tmp_path / "none.sqlite3", tmp_path / "copy.sqlite3") is None
