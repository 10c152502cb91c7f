"""Lighthouse on the demonstration's article: a phone, on its simulated slow 4G.

make lighthouse [ARGUMENTS="--times 3 --page /timeline/"]

Serves the demonstration from a folder that goes away, asks Lighthouse as often as told, and shows
the middle of each figure beside what the page may take. Ends with 1 if anything is over. The
machine must be quiet: the time of its scripts is measured, and multiplied by four.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.chromium import find_chromium

ROOT = Path(__file__).resolve().parent.parent
PAGE = "/articles/us-russia-relations-severed-diplomacy-explored/"
PROGRAM = ROOT / "var" / "tools" / "node_modules" / ".bin" / "lighthouse"
SECONDS_TO_START = 180
SECONDS_TO_SETTLE = 11  # publishing.pages.SETTLED_AFTER, and one

# At least this many points.
POINTS = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}
# At most this many milliseconds, shares of the window, or bytes.
FIGURES = {
    "largest-contentful-paint": 1200,
    "cumulative-layout-shift": 0,
    "total-blocking-time": 50,
    "total-byte-weight": 70_000,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--page", default=PAGE)
    told = parser.parse_args()
    with served() as address:
        settle(address + told.page)
        reports = [measured(address + told.page) for _ in range(told.times)]
    rows = [
        *(row(name, [100 * of["categories"][name]["score"] for of in reports], least=points)
          for name, points in POINTS.items()),
        *(row(name, [of["audits"][name]["numericValue"] for of in reports], most=most)
          for name, most in FIGURES.items()),
    ]  # fmt: skip
    return 0 if all(rows) else 1


def row(name: str, found: list[float], *, least: float = 0, most: float = float("inf")) -> bool:
    """Print one line; return whether it is within bounds."""
    middle = statistics.median(found)
    is_good = round(middle) >= least and middle <= most
    bound = f"at least {least:g}" if least else f"at most {most:g}"
    print(f"{'ok  ' if is_good else 'OVER'} {name:28} {middle:10.2f}   {bound}", flush=True)
    return is_good


def settle(address: str) -> None:
    """Ask as the first readers did: what is asked for again after a while is packed better."""
    for seconds in (0, SECONDS_TO_SETTLE, 3):
        time.sleep(seconds)
        asked = urllib.request.Request(address, headers={"Accept-Encoding": "br"})
        urllib.request.urlopen(asked, timeout=60).close()


def measured(address: str) -> dict[str, Any]:
    """Return Lighthouse's report."""
    sandbox = " --no-sandbox" if os.geteuid() == 0 else ""
    told = subprocess.run(
        [str(PROGRAM), address, "--quiet", "--output=json",
         f"--chrome-flags=--headless=new{sandbox}"],
        env={**os.environ, "CHROME_PATH": find_chromium() or ""},
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return json.loads(told.stdout)


@contextmanager
def served() -> Iterator[str]:
    """Serve the demonstration from a folder that goes away; give the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="on-record-lighthouse-") as folder:
        surroundings = {**os.environ, "DATA_DIR": folder, "PORT": str(port), "WORKERS": "1"}
        command = [sys.executable, str(ROOT / "deploy" / "serve.py")]
        server = subprocess.Popen(command, env=surroundings, stdout=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def wait_for(address: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The server did not start.")


if __name__ == "__main__":
    sys.exit(main())
