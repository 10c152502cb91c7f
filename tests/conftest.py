"""What every test starts from: empty memories, plain static files, a folder that goes away."""

import os

import pytest
from django.db import connection

from publishing.pages import fragments, kept
from tests.emptying import empty_quickly
from tests.listing_once import list_once
from tests.migrating_once import migrate_once

pytest_plugins = ["tests.chromium"]
empty_quickly()
list_once()


@pytest.hookimpl(trylast=True)  # after tests/browser/conftest.py has said which tests these are
def pytest_itemcollected(item: pytest.Item) -> None:
    """Where a shared machine builds, try what waits for other programs twice; a note says so.

    A browser or a server that the machine kept waiting tells nothing about the site. Whoever works
    on the tests, and every test within this process, gets the first answer.
    """
    waits = item.get_closest_marker("browser") or item.get_closest_marker("servers")
    if waits and os.environ.get("CI"):
        item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(autouse=True)
def _start_fresh(settings, tmp_path):
    """Forget kept pages; write files to a folder that goes away; hash passwords quickly."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    kept.clear()
    fragments.clear()
    yield
    kept.clear()
    fragments.clear()


@pytest.fixture
def keep_connection(monkeypatch):
    """Keep the test's connection, which holds its transaction, when a request ends."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, pytestconfig: pytest.Config
) -> None:
    """Before the tests' database is made: it may begin as a copy."""
    migrate_once(pytestconfig.cache.mkdir("migrated"))
