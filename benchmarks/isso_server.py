"""Isso, to be compared with: installed into an environment of its own, and served by gunicorn.

As its documentation says for more than a handful of readers, with its guard on: it is told of many
networks by a proxy that it trusts, as we are.
"""

import http.client
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path

from benchmarks.load import FailedRequests

VERSION = "isso==0.14.0"
SETTINGS = """\
[general]
dbpath = {folder}/isso.sqlite3
host = http://127.0.0.1:{port}/
log-file = {folder}/isso.log
[moderation]
enabled = false
[guard]
enabled = true
direct-reply = 1000000
[server]
listen = http://127.0.0.1:{port}
trusted-proxies = 127.0.0.1
"""


def install(folder: Path) -> Path:
    """Make the environment, and return its folder of programs."""
    home = folder / "isso-environment"
    venv.create(home, with_pip=True)
    programs = home / "bin"
    subprocess.run(
        [programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         VERSION, "gunicorn", "setuptools<81"],
        check=True, stdout=sys.stderr,
    )  # fmt: skip
    return programs


def start(programs: Path, folder: Path, port: int, workers: int) -> subprocess.Popen:
    """Start it; it answers when this returns."""
    settings = folder / "isso.cfg"
    settings.write_text(SETTINGS.format(folder=folder, port=port))
    process = subprocess.Popen(
        [programs / "gunicorn", "isso.run", "--preload", "--bind", f"127.0.0.1:{port}",
         "--workers", str(workers), "--log-level", "warning"],
        env={"ISSO_SETTINGS": str(settings), "PATH": str(programs)},
        start_new_session=True, stderr=(folder / "gunicorn.log").open("w"),
    )  # fmt: skip
    _wait(lambda: _answers(port), process)
    return process


def _answers(port: int) -> bool:
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        caller.request("GET", "/info")
        return caller.getresponse().status == 200
    except OSError:
        return False


def _wait(is_ready: Callable[[], bool], process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise FailedRequests("Isso did not start.")
        time.sleep(0.2)
