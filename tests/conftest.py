"""What every test starts from: empty memories, plain static files, a folder that goes away."""

import pytest
from django.db import connection

from publishing.pages import fragments, kept

pytest_plugins = ["tests.chromium"]


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
