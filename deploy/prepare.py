"""Bring the site's data up to this version of the code, saying what is being done.

Run by `make serve` and `make upgrade` before anything is served. Every step may be repeated at any
time: what was done before is left alone. With `--tell N` the result goes to the file descriptor N
as JSON, for the program that asked.
"""

import argparse
import hashlib
import io
import json
import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402  (these need the path and the variable set above)
from django.core.exceptions import ImproperlyConfigured  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402
from django.db import DatabaseError, connection  # noqa: E402

from config import env  # noqa: E402


def main() -> int:
    """Prepare everything; return the code to exit with."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tell", type=int, metavar="N")
    tell = parser.parse_args().tell
    try:
        django.setup()
        result = prepare()
    except ImproperlyConfigured as problem:
        return refuse(f"The configuration cannot be used: {problem}")
    except DatabaseError as problem:
        return refuse(f"The database cannot be used: {problem}")
    except CommandError as problem:
        return refuse(str(problem))
    except OSError as problem:
        return refuse(f"The data directory cannot be used: {problem}")
    if tell is not None:
        os.write(tell, json.dumps(result).encode())
    return 0


def prepare() -> dict[str, str]:
    """Run every step in order; what the operator should be told in the end."""
    # Read first: what cannot be meant should be refused before anything is done.
    wants_demonstration = env.boolean("DEMONSTRATION", default=True)
    make_folders()
    migrate()
    collect_static_files()
    if wants_demonstration:
        load_demonstration()
    call_command("prepare_publications")
    call_command("rebuild_search", missing=True)
    call_command("make_renditions")
    return {"editor": first_editor()}


def make_folders() -> None:
    """Make the folders of data, media and the database."""
    from django.conf import settings

    say(f"Data: {settings.DATA_DIR}, database: {database_in_words()}")
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        database.parent.mkdir(parents=True, exist_ok=True)
        # For nobody else on the machine: it holds e-mail addresses and what is not published yet.
        database.touch(mode=0o600)


def database_in_words() -> str:
    """Which database is used, without user and password."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"SQLite, {Path(settings['NAME']).name}"
    return f"{connection.display_name}, {settings['NAME']} at {settings['HOST'] or 'its socket'}"


def migrate() -> None:
    """Apply the migrations that have not been applied."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        say(f"Database: applying {len(missing)} migrations.")
    else:
        say("Database: up to date.")
    # Without missing ones too: it also finishes what an interrupted run left out.
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def collect_static_files() -> None:
    """Gather style sheets, scripts, fonts and icons under names that carry their digest.

    Older files stay: a page that a reader opened before an upgrade still finds its own.
    """
    from django.conf import settings

    noted = Path(settings.STATIC_ROOT).with_suffix(".collected")
    now = static_files_fingerprint()
    if noted.exists() and noted.read_text(encoding="utf-8") == now:
        say("Static files: up to date.")
        return
    say("Static files: collecting.")
    call_command("collectstatic", interactive=False, verbosity=0)
    noted.write_text(now, encoding="utf-8")


def static_files_fingerprint() -> str:
    """A digest that changes when any static file or the way of storing them does."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(json.dumps(settings.STORAGES, default=str).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = os.stat(storage.path(path))
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def load_demonstration() -> None:
    """Load the demonstration into a database that nobody has used yet."""
    from django.contrib.auth import get_user_model

    from articles.models import Article

    if not get_user_model().objects.exists() and not Article.objects.exists():
        say("Demonstration: loading.")
        call_command("load_demonstration")


def first_editor() -> str:
    """Make the first editor if there is nobody; who that is, and how to sign in."""
    told = io.StringIO()
    call_command("create_first_editor", stdout=told)
    return told.getvalue().strip()


def refuse(sentence: str) -> int:
    """Say why it does not go on; the code to exit with."""
    print(sentence.strip(), file=sys.stderr, flush=True)
    return 1


def say(sentence: str) -> None:
    """Tell the operator, at once."""
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
