"""Pictures as pages show them: from embedded data, never from the library's rows."""

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from library.models import MIDDLE
from library.renditions import MEDIA_TYPES, Rendition, renditions

# Pages may differ in where files are: the desk shows those of drafts, too.
Address = Callable[[str], str]
# Focal points are rounded to this many per cent where a style sheet has to name each.
STEP = 5


def shown_image(image: dict[str, Any], address: Address) -> dict[str, Any]:
    """Return an embedded image as ``library/_image.html`` wants it.

    ``address`` returns where a file is, an original's or a rendition's alike.
    """
    by_format: dict[str, list[Rendition]] = {}
    for rendition in renditions(image["file"], image["width"]):
        by_format.setdefault(rendition.ending, []).append(rendition)
    *newer, (_own, fallback) = by_format.items()
    return {
        **image,
        "url": address(image["file"]),
        "srcset": _srcset(fallback, address),
        "sources": [
            {"type": MEDIA_TYPES[ending], "srcset": _srcset(found, address)}
            for ending, found in newer
        ],
        "focus": focus_classes(image.get("focus_x", MIDDLE), image.get("focus_y", MIDDLE)),
    }


def figure(image: dict[str, Any], address: Address, *, caption: str = "") -> SafeString:
    """Return an embedded image as a figure; ``caption`` stands in the place of its own."""
    shown = shown_image(image, address)
    return render_to_string(
        "library/_image.html", {"image": {**shown, "caption": caption or image["caption"]}}
    )


def focus_classes(across: int, down: int) -> str:
    """Return the classes that tell a style sheet the focal point (static/css/focus.css)."""
    return " ".join(
        f"focus-{axis}-{round(place / STEP) * STEP}" for axis, place in (("x", across), ("y", down))
    )


def desk_address(name: str) -> str:
    """Return where the desk finds a file that readers may not see."""
    return reverse("admin:library_image_file", args=[name])


def _srcset(found: list[Rendition], address: Address) -> str:
    return ", ".join(f"{address(one.name)} {one.width}w" for one in found)
