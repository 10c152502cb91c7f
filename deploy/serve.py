"""Serve the site: make its data ready, then keep the web server and the background worker running.

Started by `make serve` and by a service manager alike. Ctrl-C, SIGTERM or a closed terminal stop
everything that was started; SIGUSR1 (sent by `make upgrade`) stops it and starts it anew.
Reads DATA_DIR, PORT, BIND, WORKERS and THREADS; docs/running.md describes them.
"""

import contextlib
import ctypes
import fcntl
import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from config import env  # noqa: E402  (found only once the project's folder is on the path)

DEMONSTRATION_PAGE = "/articles/us-russia-relations-severed-diplomacy-explored/"
SECONDS_TO_ANSWER = 60
"""How long the server may take from its start to its first answer."""
SECONDS_TO_STOP = 5
"""How long a program may take to stop when asked, before it is killed."""
LONGEST_PAUSE = 60
"""Seconds: the worker's restarts are this far apart at most, however often it dies."""


@dataclass(frozen=True)
class Choices:
    """What the environment says about serving."""

    data: Path
    address: str
    port: int
    workers: int
    threads: int
    public_name: str
    """The name under which readers reach the site; empty on the machine of somebody trying it."""
    by_https: bool

    @property
    def local(self) -> str:
        """The server's address and port as a program on this machine reaches it."""
        address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.address, self.address)
        return f"{f'[{address}]' if ':' in address else address}:{self.port}"

    @property
    def site(self) -> str:
        """The beginning of the site's addresses, as people should open them."""
        if self.public_name:
            return f"{'https' if self.by_https else 'http'}://{self.public_name}"
        return f"http://{self.local}"


class ServingError(Exception):
    """Serving is impossible; the message is the sentence for the operator."""


def main() -> int:
    """Serve until somebody asks for an end; return the code to exit with."""
    try:
        choices = read_choices()
        wishes = Wishes()
        with only_server_of(choices) as notice:
            code = serve(choices, wishes, notice)
    except (ServingError, env.Misconfigured) as problem:
        say(str(problem))
        return 1
    if wishes.restart and not wishes.stop:
        os.execv(sys.executable, [sys.executable, __file__])
    return code


def read_choices() -> Choices:
    """The environment, read and checked."""
    names = env.words("ALLOWED_HOSTS", ["127.0.0.1"])
    return Choices(
        data=env.path("DATA_DIR", PROJECT / "var"),
        address=env.text("BIND", "127.0.0.1"),
        port=env.integer("PORT", 8000, minimum=1, maximum=65535),
        workers=env.integer("WORKERS", 2, minimum=1, maximum=64),
        threads=env.integer("THREADS", 2 * (os.cpu_count() or 1) + 1, minimum=1, maximum=512),
        public_name="" if {"127.0.0.1", "*"} & set(names) else names[0].removeprefix("."),
        by_https=env.boolean("HTTPS", False),
    )


def serve(choices: Choices, wishes: "Wishes", notice: TextIO) -> int:
    """Make ready, start both programs, tell the operator, and watch until the end."""
    with Programs() as programs:
        ready = make_ready(wishes, programs)
        if ready is None:
            return 0
        say(f"Starting {choices.workers} server processes and the background worker.")
        server = programs.start(server_command(choices))
        worker = programs.start(WORKER)
        if not wait_for_answer(choices, server, wishes, programs):
            return 0
        write(notice, f"{os.getpid()}\nanswers\n")
        introduce(choices, ready["editor"])
        return watch(server, worker, wishes, programs)


# Before serving


@contextlib.contextmanager
def only_server_of(choices: Choices) -> Iterator[TextIO]:
    """Hold the data directory, which two servers would mix up, and make sure that the port is free.

    Gives the notice, a file that names this process as long as it serves.
    """
    try:
        choices.data.mkdir(parents=True, exist_ok=True)
        notice = (choices.data / "serve.pid").open("a+", encoding="utf-8")
    except OSError as error:
        raise ServingError(f"The data directory cannot be used: {error}.") from error
    with notice:
        try:
            fcntl.flock(notice, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            notice.seek(0)
            raise ServingError(
                f"On Record is already running on {choices.data} (process "
                f"{notice.readline().strip()}); stop it first, or choose another DATA_DIR and PORT."
            ) from error
        check_port(choices)
        write(notice, f"{os.getpid()}\n")
        yield notice
        write(notice, "")


def write(notice: TextIO, text: str) -> None:
    """Replace what the notice says."""
    notice.truncate(0)
    notice.write(text)
    notice.flush()


def check_port(choices: Choices) -> None:
    """Refuse a port that another program listens on, or that this user may not have."""
    family = socket.AF_INET6 if ":" in choices.address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((choices.address, choices.port))
        except PermissionError as error:
            raise ServingError(
                f"Port {choices.port} is for administrators only; choose one above 1023, "
                f"for instance: PORT=8000 make serve."
            ) from error
        except OSError as error:
            raise ServingError(
                f"Port {choices.port} on {choices.address} cannot be used "
                f"({(error.strerror or str(error)).lower()}); stop the other program, or choose "
                f"another port, for instance: PORT={min(choices.port + 1, 65535)} make serve."
            ) from error


def make_ready(wishes: "Wishes", programs: "Programs") -> dict[str, str] | None:
    """Bring the data up to this version; what that tells, or None if asked to stop.

    In a process of its own: the watcher need not keep Django in memory for as long as it serves.
    """
    receive, tell = os.pipe()
    with open(receive, encoding="utf-8") as told:
        command = [sys.executable, str(PROJECT / "deploy" / "prepare.py"), "--tell", str(tell)]
        preparing = programs.start(command, pass_fds=(tell,))
        os.close(tell)
        while not programs.has_ended(preparing):
            wishes.wait(1)
            if wishes.any:
                return None
        if preparing.returncode:
            raise ServingError("The site was not started, for the reason given above.")
        return json.loads(told.read())


def wait_for_answer(
    choices: Choices, server: subprocess.Popen, wishes: "Wishes", programs: "Programs"
) -> bool:
    """Wait until the server answers; False if somebody asks for an end before."""
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while not status_of(choices, "/healthz"):
        if wishes.any:
            return False
        if programs.has_ended(server):
            raise ServingError(
                f"The server ended with code {server.returncode} before it answered."
            )
        if time.monotonic() > deadline:
            raise ServingError(f"The server has not answered within {SECONDS_TO_ANSWER} seconds.")
        wishes.wait(0.1)
    return True


def status_of(choices: Choices, path: str) -> int:
    """The status with which the server answers for `path`; 0 while it does not answer."""
    connection = http.client.HTTPConnection(choices.local, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": choices.public_name or choices.local})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def introduce(choices: Choices, editor: str) -> None:
    """Tell the operator where everything is."""
    page = DEMONSTRATION_PAGE if status_of(choices, DEMONSTRATION_PAGE) == 200 else "/"
    say(
        "",
        "On Record is running. Ctrl-C stops it.",
        f"  The page:   {choices.site}{page}",
        f"  The admin:  {choices.site}/admin/",
        f"  Editor:     {editor}",
        "",
    )


# Serving

WORKER = [sys.executable, str(PROJECT / "manage.py"), "db_worker", "--queue-name", "*"]
DAILY = ("remind_of_reviews", "thin_revisions", "tidy_comments", "recount_comments")
HOURLY = ("tell_moderators",)
"""What is done once a day, and once an hour; doing one of them again does no harm."""
HOUR = 60 * 60
DAY = 24 * HOUR


@dataclass
class Regularly:
    """Commands that are run again and again, but never while they still run from before."""

    names: tuple[str, ...]
    seconds: int
    next_at: float = 0
    running: list[subprocess.Popen] = field(default_factory=list)

    def run_if_due(self, programs: "Programs") -> None:
        """Start them if it is time and none of them runs."""
        self.running = [one for one in self.running if not programs.has_ended(one)]
        if time.monotonic() < self.next_at:
            return
        self.next_at = time.monotonic() + self.seconds
        if not self.running:
            command = [sys.executable, str(PROJECT / "manage.py")]
            self.running = [programs.start([*command, name]) for name in self.names]


def server_command(choices: Choices) -> list[str]:
    """The command that starts the web server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", choices.address, "--port", str(choices.port)),
        *("--workers", str(choices.workers), "--blocking-threads", str(choices.threads)),
        # A process that dies is replaced at once, and one that does not stop is not waited for.
        *("--respawn-failed-workers", "--respawn-interval", "1"),
        *("--workers-kill-timeout", str(SECONDS_TO_STOP - 2)),
        *("--http1-header-read-timeout", "10000", "--log-level", "warning"),
        "config.wsgi:application",
    ]


def watch(
    server: subprocess.Popen,
    worker: subprocess.Popen,
    wishes: "Wishes",
    programs: "Programs",
) -> int:
    """Start the worker again whenever it dies, ever more slowly; end when the server does.

    At the start, and then once a day or once an hour, do what is done so.
    """
    pause = 1.0
    started = time.monotonic()
    regular = (Regularly(DAILY, DAY), Regularly(HOURLY, HOUR))
    while not wishes.any:
        for commands in regular:
            commands.run_if_due(programs)
        if programs.has_ended(server):
            say(f"The server ended by itself with code {server.returncode}.")
            return 128 - server.returncode if server.returncode < 0 else server.returncode or 1
        if programs.has_ended(worker):
            pause = 1.0 if time.monotonic() - started > LONGEST_PAUSE else pause
            say(
                f"The background worker ended with code {worker.returncode}; "
                f"starting it again in {pause:.0f} s."
            )
            wishes.wait_whole(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            if wishes.any:
                break
            worker = programs.start(WORKER)
            started = time.monotonic()
        wishes.wait(5)
    say("Stopping.")
    return 0


C_LIBRARY = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
"""From Linux's sys/prctl.h."""


def end_with_us() -> None:
    """Let a program be asked to stop when this process dies, even if that was killed.

    Runs in the new process, before its program. Only Linux offers this; elsewhere what a killed
    watcher leaves behind has to be stopped by hand.
    """
    C_LIBRARY.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Programs:
    """The programs that were started, each in a process group of its own, and their common end.

    Of its own, so that a Ctrl-C reaches them once, through us, and so that what a program started
    itself can be ended with it.
    """

    def __init__(self) -> None:
        self._running: list[subprocess.Popen] = []

    def __enter__(self) -> "Programs":
        return self

    def __exit__(self, *_: object) -> None:
        """Ask all of them to stop, wait for a few seconds, and end what is left."""
        for program in self._running:
            program.terminate()
        deadline = time.monotonic() + SECONDS_TO_STOP
        for program in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(max(0.0, deadline - time.monotonic()))
            self._end_group(program)
            program.wait()

    def start(self, command: list[str], pass_fds: tuple[int, ...] = ()) -> subprocess.Popen:
        """Start a program in the project's folder."""
        program = subprocess.Popen(
            command,
            cwd=PROJECT,
            start_new_session=True,
            pass_fds=pass_fds,
            preexec_fn=end_with_us if sys.platform == "linux" else None,
        )
        self._running.append(program)
        return program

    def has_ended(self, program: subprocess.Popen) -> bool:
        """Whether the program has ended; if so, nothing that it started goes on either."""
        if program.poll() is None:
            return False
        if program in self._running:
            self._running.remove(program)
            self._end_group(program)
        return True

    @staticmethod
    def _end_group(program: subprocess.Popen) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(program.pid, signal.SIGKILL)


class Wishes:
    """What the operator asked for by signal, and a sleep that a signal ends."""

    def __init__(self) -> None:
        self.stop = False
        self.restart = False
        self._woken, waker = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(waker, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGINT, self._on_stop)
        signal.signal(signal.SIGTERM, self._on_stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
            signal.signal(signal.SIGHUP, self._on_stop)
        signal.signal(signal.SIGUSR1, self._on_restart)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    @property
    def any(self) -> bool:
        """Whether there is anything to do but to go on."""
        return self.stop or self.restart

    def wait(self, seconds: float) -> None:
        """Sleep until a signal comes (a child's end among them), at most this long."""
        select.select([self._woken], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            os.read(self._woken, 4096)

    def wait_whole(self, seconds: float) -> None:
        """Sleep this long, unless asked for an end."""
        deadline = time.monotonic() + seconds
        while not self.any and (left := deadline - time.monotonic()) > 0:
            self.wait(left)

    def _on_stop(self, *_: object) -> None:
        self.stop = True

    def _on_restart(self, *_: object) -> None:
        self.restart = True


def say(*lines: str) -> None:
    """Tell the operator, at once."""
    with contextlib.suppress(OSError):  # a terminal that was closed must not keep us from stopping
        print(*lines, sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
