"""The build: one short name for the code, templates and settings that make pages."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

_MAKES_PAGES = {".py", ".html", ".css", ".js", ".svg", ".txt", ".woff2"}
_APART = {"tests", "var", "docs", "benchmarks", "node_modules", "__pycache__"}
_SETTINGS = (
    "SITE_NAME",
    "LANGUAGE_CODE",
    "TIME_ZONE",
    "STALE_AFTER_DAYS",
    "INSTALLED_APPS",
    "MEDIA_URL",
)


@cache
def build() -> str:
    """Return the name of the running build, 16 hexadecimal figures, computed once a process.

    Work prepared by another build (HTML made from Markdown, for instance) is
    made again rather than trusted.
    """
    fingerprint = hashlib.sha256()
    root = Path(settings.BASE_DIR)
    for path in sorted(_files(root)):
        fingerprint.update(path.relative_to(root).as_posix().encode())
        fingerprint.update(path.read_bytes())
    for name in _SETTINGS:
        fingerprint.update(repr(getattr(settings, name)).encode())
    return fingerprint.hexdigest()[:16]


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name in _APART:
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.suffix in _MAKES_PAGES:
            yield path
