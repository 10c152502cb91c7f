"""Static files are listed once in a process, and not again for every client that a test makes.

Each client loads the middleware anew, and WhiteNoise then looks up every file of every app: in most
tests that takes longer than the answer to what they ask.
"""

from typing import Any

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware

_list_files = WhiteNoiseMiddleware.add_files_from_finders
_listed: dict[tuple[str, ...], dict[str, Any]] = {}


def list_once() -> None:
    """Let WhiteNoise remember the files that it found, for as long as this process runs."""
    WhiteNoiseMiddleware.add_files_from_finders = _add_files


def _add_files(self: WhiteNoiseMiddleware) -> None:
    # What an answer says of a file depends on these; no test changes the files themselves.
    chosen = (self.static_prefix, settings.STORAGES["staticfiles"]["BACKEND"])
    if chosen not in _listed:
        before = self.files
        self.files = {}
        _list_files(self)
        _listed[chosen], self.files = self.files, before
    self.files.update(_listed[chosen])
