"""On SQLite, migrations run once and not in each process and each run: the file is copied.

It is kept in pytest's own folder under a digest of all that migrating writes from, so that a change
of any of it makes a new one. What follows a migration happens every time, as ever.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
# What is written while migrating and right after it.
SOURCES = (
    "*/migrations/*.py", "*/models.py", "*/models/*.py", "*/apps.py", "*/parts.py",
    "publishing/full_text/*", "website/roles.py", "website/pages.py", "website/standing_pages/**/*",
    "config/settings.py", "requirements.txt", "tests/pull_quotes/**/*.py",
)  # fmt: skip


def migrate_once(folder: Path) -> None:
    """Let the tests' database begin as a copy, where one was kept in the folder."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return
    kept = folder / f"{_digest()}.sqlite3"
    creation = connection.creation
    create_file, create = creation._create_test_db, creation.create_test_db

    def begin_with_copy(*arguments: Any, **options: Any) -> str:
        name = create_file(*arguments, **options)
        if kept.exists():
            shutil.copyfile(kept, name)
        return name

    def create_and_keep(*arguments: Any, **options: Any) -> str:
        # Of several processes one migrates, and the others wait for what it keeps.
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            name = create(*arguments, **options)
            if not kept.exists():
                _keep(kept, folder)
            return name

    creation._create_test_db, creation.create_test_db = begin_with_copy, create_and_keep


def _keep(kept: Path, folder: Path) -> None:
    """Write down what the database holds now, instead of what was kept before."""
    for old in folder.glob("*.sqlite3"):
        old.unlink()
    written = kept.with_suffix(f".{os.getpid()}")
    connection.ensure_connection()
    copy = sqlite3.connect(written)
    connection.connection.backup(copy)
    copy.close()
    written.replace(kept)


def _digest() -> str:
    digest = hashlib.sha256(repr((django.VERSION, sqlite3.sqlite_version)).encode())
    for name in ("EXTRA_APPS", "LANGUAGE_CODE", "SITE_NAME"):
        digest.update(f"{name}={os.environ.get(name)}\n".encode())
    for path in _sources():
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def _sources() -> Iterator[Path]:
    found = {path for pattern in SOURCES for path in ROOT.glob(pattern)}
    yield from sorted(path for path in found if path.is_file() and ".venv" not in path.parts)
