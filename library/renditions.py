"""Smaller copies of a picture, in formats that browsers load quickly, beside their original.

Which renditions a picture has follows from the name of its file and from its width alone, so that a
publication embeds none of them, and one of an older release has them too. Their names are made of
the original's: ``images/ab/<digest>-800.avif``. They are made once, in the background, and go with
their original; while one is not there, the original is answered in its place.
"""

import io
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

WIDTHS = (400, 800, 1200, 1600)
# The best first: a browser takes the first that it knows.
_NEWER = ("avif", "webp")
_ORIGINALS = ("jpg", "png", "webp")
MEDIA_TYPES = {
    "avif": "image/avif",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "png": "image/png",
}
_WRITTEN_AS = {
    "avif": ("AVIF", {"quality": 62, "speed": 7}),
    "webp": ("WEBP", {"quality": 80, "method": 4}),
    "jpg": ("JPEG", {"quality": 82, "progressive": True}),
    "png": ("PNG", {"optimize": True}),
}
_ORIGINAL = re.compile(r"images/[0-9a-f]{2}/[0-9a-f]{64}\.(?:jpg|png|webp)\Z")
_NAME = re.compile(r"(images/[0-9a-f]{2}/[0-9a-f]{64})-[1-9][0-9]{0,4}\.(?:avif|webp|jpg|png)\Z")


@dataclass(frozen=True, slots=True)
class Rendition:
    """One copy: the name of its file, its width in pixels, and its format by its ending."""

    name: str
    width: int
    ending: str


def renditions(file: str, width: int) -> list[Rendition]:
    """Return the renditions of a picture, by format and width; none is wider than the picture.

    The last format is the picture's own, for browsers that know no other; at its full width that
    is the original itself, unless it is very large.
    """
    stem, ending = _parted(file)
    endings = [*(one for one in _NEWER if one != ending), ending]
    return [
        Rendition(
            file if (one, across) == (ending, width) else f"{stem}-{across}.{one}", across, one
        )
        for one in endings
        for across in _widths(width)
    ]


def originals(name: str) -> list[str]:
    """Return the files of which ``name`` may be a rendition; any other name is its own."""
    found = _NAME.match(name)
    return [f"{found[1]}.{ending}" for ending in _ORIGINALS] if found else [name]


def is_picture(name: str) -> bool:
    """Is this the name of an original? Nothing else that is stored is handed out."""
    return bool(_ORIGINAL.match(name))


def stored_as(name: str, original: str) -> str:
    """Return the file to answer with: the rendition, or its original; "" if that is gone."""
    if not default_storage.exists(original):
        return ""
    return name if default_storage.exists(name) else original


def missing(file: str, width: int) -> list[Rendition]:
    """Return the renditions of a picture that are not made yet."""
    return [one for one in renditions(file, width) if not default_storage.exists(one.name)]


def make(file: str) -> int:
    """Make the renditions of a picture that are missing; return how many those were.

    0 if the picture itself is not there. Doing it twice does no harm, and neither does doing it
    while the picture is being redacted.
    """
    if not default_storage.exists(file):
        return 0
    with default_storage.open(file) as stored, Image.open(stored) as original:
        wanted = missing(file, original.width)
        for rendition in wanted:
            _store(rendition.name, _written(original, rendition))
    if not default_storage.exists(file):
        delete_renditions(file)
    return len(wanted)


def delete_with_renditions(file: str) -> None:
    """Delete a picture and every copy of it, whichever release made them."""
    default_storage.delete(file)
    delete_renditions(file)


def delete_renditions(file: str) -> None:
    """Delete every copy of a picture, but not the picture."""
    folder = str(PurePosixPath(file).parent)
    stem, _ending = _parted(file)
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        if f"{folder}/{name}".startswith(f"{stem}-"):
            default_storage.delete(f"{folder}/{name}")


def _parted(file: str) -> tuple[str, str]:
    stem, _dot, ending = file.rpartition(".")
    return stem, ending


def _widths(width: int) -> list[int]:
    largest = min(width, WIDTHS[-1])
    return [*(one for one in WIDTHS if one < largest), largest]


def _written(original: Image.Image, rendition: Rendition) -> bytes:
    height = max(1, round(original.height * rendition.width / original.width))
    has_few_colours = original.mode == "P"
    if has_few_colours:
        original = original.convert("RGBA" if original.has_transparency_data else "RGB")
    copy = original.resize((rendition.width, height), Image.Resampling.LANCZOS, reducing_gap=3)
    if has_few_colours and rendition.ending == "png":
        # A drawing of few colours would be larger than its original in all colours.
        copy = copy.quantize(256, method=Image.Quantize.FASTOCTREE)
    written = io.BytesIO()
    form, options = _WRITTEN_AS[rendition.ending]
    copy.save(written, form, **options)
    return written.getvalue()


def _store(name: str, content: bytes) -> None:
    stored = default_storage.save(name, ContentFile(content))
    if stored != name:
        # Somebody else made it meanwhile, and the storage found us another name.
        default_storage.delete(stored)
