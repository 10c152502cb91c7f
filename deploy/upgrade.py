"""Upgrade a site to the code that is checked out: back up, check, migrate, restart.

Run by `make upgrade`, which has installed the pinned packages before. The site goes on serving with
the old code until everything is ready; if a step fails it goes on, and the backup is named.
"""

import fcntl
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings  # noqa: E402  (these need the path and the variable set above)
from django.core.exceptions import ImproperlyConfigured  # noqa: E402

SECONDS_TO_RESTART = 90
"""How long the restarted site may take until it says that it is running."""


class UpgradeError(Exception):
    """The upgrade stops here; the message is the sentence for the operator."""


def main() -> int:
    """Upgrade; return the code to exit with."""
    try:
        kept = back_up(settings.DATABASES["default"], backups())
        print("Checking the code and the configuration.", flush=True)
        run("manage.py", "check")
        run("deploy/prepare.py")
        restart(Path(settings.DATA_DIR) / "serve.pid")
    except (UpgradeError, ImproperlyConfigured, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"Upgraded. The data as it was before: {kept}" if kept else "Upgraded.")
    return 0


def backups() -> Path:
    """The folder of the copies."""
    return Path(settings.DATA_DIR) / "backups"


def back_up(database: dict, folder: Path) -> Path | None:
    """Copy the database as it is at this moment, readers and writers going on; None if it is new.

    Media files are named by their content and never overwritten, so they need no copy here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y-%m-%d-%H%M%S}"
    if database["ENGINE"].endswith("sqlite3"):
        return back_up_sqlite(Path(database["NAME"]), folder / f"{name}.sqlite3")
    return back_up_postgres(database, folder / f"{name}.dump")


def back_up_sqlite(database: Path, copy: Path) -> Path | None:
    """Copy an SQLite database that may be in use; a copy that is broken is not kept."""
    if not database.exists():
        return None
    print(f"Backing up to {copy}.", flush=True)
    unfinished = copy.with_suffix(".unfinished")
    source, target = sqlite3.connect(database, timeout=20), sqlite3.connect(unfinished)
    try:
        unfinished.chmod(0o600)
        source.backup(target)
        if target.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise UpgradeError(f"The database {database} is damaged; nothing was changed.")
    except sqlite3.Error as error:
        raise UpgradeError(f"The backup failed ({error}); nothing was changed.") from error
    finally:
        source.close()
        target.close()
    return unfinished.rename(copy)


def back_up_postgres(database: dict, copy: Path) -> Path:
    """Dump a PostgreSQL database with its own tool, in a form for pg_restore."""
    if not shutil.which("pg_dump"):
        raise UpgradeError(
            "Backing up PostgreSQL needs pg_dump; install it (apt-get install postgresql-client)."
        )
    print(f"Backing up to {copy}.", flush=True)
    unfinished = copy.with_suffix(".unfinished")
    unfinished.touch(mode=0o600)
    options = database["OPTIONS"]
    given = {
        "PGDATABASE": database["NAME"],
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],  # not on the command line, where others could read it
        "PGSSLMODE": options.get("sslmode", ""),
        "PGSSLROOTCERT": options.get("sslrootcert", ""),
        "PGSSLCERT": options.get("sslcert", ""),
        "PGSSLKEY": options.get("sslkey", ""),
    }
    surroundings = os.environ | {name: value for name, value in given.items() if value}
    command = ["pg_dump", "--format=custom", f"--file={unfinished}"]
    if subprocess.run(command, env=surroundings, check=False).returncode:
        raise UpgradeError("The backup failed, for the reason given above; nothing was changed.")
    return unfinished.rename(copy)


def run(*command: str) -> None:
    """Run one of the project's programs; stop the upgrade if it fails."""
    if subprocess.run([sys.executable, *command], cwd=PROJECT, check=False).returncode:
        raise UpgradeError(
            "The upgrade stopped there; what is running was not restarted. "
            f"Backups are in {backups()}; docs/running.md says how to go back."
        )


def restart(notice: Path) -> None:
    """Let the running site begin anew with the new code, and wait until it has.

    `notice` is the file in which the running site names its process, and says when it answers.
    """
    process = running_site(notice)
    if process is None:
        print("Nothing is running on this data; start it with: make serve")
        return
    print("Restarting.", flush=True)
    before = notice.stat().st_mtime_ns
    os.kill(process, signal.SIGUSR1)
    deadline = time.monotonic() + SECONDS_TO_RESTART
    while notice.stat().st_mtime_ns == before or "answers" not in notice.read_text():
        if time.monotonic() > deadline or not is_alive(process):
            raise UpgradeError("The site has not come back; see what it says where it runs.")
        time.sleep(0.2)


def is_alive(process: int) -> bool:
    """Whether the process still exists; a restart keeps its number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def running_site(notice: Path) -> int | None:
    """The process that serves from this data directory; None if there is none."""
    if not notice.exists():
        return None
    with notice.open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(held.readline() or 0) or None
    return None


if __name__ == "__main__":
    sys.exit(main())
