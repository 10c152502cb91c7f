"""The style sheets and the scripts of public pages: written one for each purpose, sent as a few.

So a page asks four times instead of forty, and what is sent has no comments. Nothing has to be
built: whoever asks for a joined file finds it, made anew if one of its parts has changed.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

STYLES = "css/site.css"
PAGES_STYLES = "css/pages.css"
SCRIPTS = "js/site.js"
# What the first view does without: see load-later.js.
LATER_STYLES = "css/later.css"
TIMELINE_STYLES = "css/timeline-drawing.css"
READING = "js/reading.js"
TIMELINE = "js/timeline.js"
PAGES_SCRIPTS = "js/pages.js"

# Forms of readers, and the discussion. What was accepted is told to each in turn.
_COMMENTS = (
    "js/known-reader.js",
    "js/comment-guards.js",
    "js/keep-draft.js",
    "js/answer-in-place.js",
    "js/send-in-place.js",
    "js/new-comments.js",
    "js/vote-in-place.js",
)

JOINED: Mapping[str, tuple[str, ...]] = {
    STYLES: (
        "css/tokens.css",  # first: it declares the order of layers
        "css/base.css",
        "css/layout.css",
        "css/components.css",
        "css/drawings.css",
        "css/bare-print.css",
    ),
    LATER_STYLES: (
        "css/events.css",
        "css/after-text.css",
        "css/suggestions.css",
        "css/reading.css",
        "css/print.css",
    ),
    TIMELINE_STYLES: ("css/timeline.css",),
    # What an explainer does without, which is the page that readers come to first.
    PAGES_STYLES: (
        "css/events.css",
        "css/after-text.css",
        "css/suggestions.css",
        "css/other-pages.css",
        "css/print.css",
    ),
    SCRIPTS: (
        "js/error-focus.js",
        "js/focus-opened.js",
        "js/search-box.js",
        "js/open-target.js",
        "js/follow-contents.js",
        "js/load-later.js",
    ),
    READING: (
        "js/source-in-place.js",
        "js/sources-in-margin.js",
        # Each puts its button before those of the ones above.
        "js/print.js",
        "js/copy-link.js",
        "js/share.js",
        "js/copy-selection.js",
        "js/selection-address.js",
        "js/copy-place.js",
        "js/copy-text.js",
        *_COMMENTS,
    ),
    TIMELINE: (
        # What is drawn.
        "js/timeline-events.js",
        "js/timeline-lanes.js",
        "js/timeline-pages.js",
        "js/timeline-list.js",
        # How it is painted.
        "js/timeline-painting.js",
        "js/timeline-ticks.js",
        "js/timeline-ground.js",
        "js/timeline-marks.js",
        "js/timeline-labels.js",
        "js/timeline-band.js",
        "js/timeline-print.js",
        # What stands around it.
        "js/timeline-tools.js",
        "js/timeline-overview.js",
        "js/timeline-current.js",
        # Where it lies, and how readers move it.
        "js/timeline-rows.js",
        "js/timeline-layout.js",
        "js/timeline-keys.js",
        "js/timeline-scale.js",
        "js/timeline-pointer.js",
        # It begins when all others are there.
        "js/timeline-drawing.js",
    ),
    PAGES_SCRIPTS: (
        "js/filter-in-place.js",
        "js/remember-reader.js",
        "js/copy-text.js",
        *_COMMENTS,
    ),
}
"""The joined files, with their parts in the order in which they count."""

# The parts of these use each other's names: one thing, written in several files.
_ONE_SCRIPT = {TIMELINE}

_STYLE_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Around these signs space says nothing, but in a text it does.
_STYLE_SPACE = re.compile(r"""(?P<text>"[^"]*")|\s*(?P<sign>[{};])\s*|(?<=[:,])\x20""")
# Only what stands on lines of its own: a text may hold such signs too.
_SCRIPT_COMMENT = re.compile(r"^ *(?:/\*\*.*?\*/|//[^\n]*)\n", re.DOTALL | re.MULTILINE)


class JoinedFiles(finders.BaseFinder):
    """Finds the joined files, which it keeps in a folder of the data directory."""

    def __init__(self, *_arguments: Any, **_options: Any) -> None:
        self.storage = FileSystemStorage(location=settings.DATA_DIR / "joined")
        self.storage.prefix = ""

    def check(self, **_options: Any) -> list[Any]:
        """Nothing about it can be set wrongly."""
        return []

    def find(self, path: str, find_all: bool = False) -> str | list[str]:
        """Return where the joined file is, if it is one."""
        if path not in JOINED:
            return []
        place = str(self._made(path))
        return [place] if find_all else place

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """Yield all of them."""
        for path in JOINED:
            self._made(path)
            yield path, self.storage

    def _made(self, path: str) -> Path:
        """Return the joined file, written if it was not there or says something else."""
        place = Path(self.storage.path(path))
        joined = join(path)
        if not place.exists() or place.read_text(encoding="utf-8") != joined:
            place.parent.mkdir(parents=True, exist_ok=True)
            # Several processes may do this at once, and none may find half a file.
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=place.parent, delete=False
            ) as written:
                written.write(joined)
            Path(written.name).chmod(0o644)
            Path(written.name).replace(place)
        return place


def join(name: str) -> str:
    """Return the content of a joined file."""
    prepare = _as_style if name.endswith(".css") else _on_its_own
    parts = [Path(str(finders.find(part))) for part in JOINED[name]]
    texts = [(part.read_text(encoding="utf-8"), part.stem) for part in parts]
    if name in _ONE_SCRIPT:
        texts = [("".join(text for text, _stem in texts), name)]
    return "".join(prepare(text, stem) for text, stem in texts)


def _as_style(sheet: str, name: str) -> str:
    """Return a style sheet without comments; the one for paper counts on paper only."""
    lines = (line.strip() for line in _STYLE_COMMENT.sub("", sheet).splitlines())
    style = _STYLE_SPACE.sub(_without_space, "".join(f"{line}\n" for line in lines if line))
    return f"@media print {{\n{style}}}\n" if name == "print" else style


def _without_space(found: re.Match[str]) -> str:
    return found["sign"] or found["text"] or ""


def _on_its_own(script: str, _name: str) -> str:
    """Return a script whose names are its own, and whose failure keeps no other from running.

    Without indentation: no text of ours reaches over the end of a line.
    """
    lines = (line.strip() for line in _SCRIPT_COMMENT.sub("", script).splitlines())
    bare = "\n".join(line for line in lines if line)
    return f"try {{\n{bare}\n}} catch (e) {{ reportError(e); }}\n"
