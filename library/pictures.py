"""Pictures as they come in: what is accepted, how it is stored, what is taken out of it."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

LARGEST_FILE = 20 * 1024 * 1024
MOST_PIXELS = 60_000_000
# What is read, and the ending and the way in which it is written again.
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "png", "AVIF": "webp"}
_WRITTEN_AS = {
    "jpg": ("JPEG", {"quality": 88, "progressive": True}),
    "png": ("PNG", {"optimize": True}),
    "webp": ("WEBP", {"quality": 86, "method": 4}),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture safe to serve: bytes, their digest, size in pixels, and the name of its file."""

    content: bytes
    digest: str
    width: int
    height: int
    ending: str

    @property
    def stored_digest(self) -> str:
        """The digest of what is stored: equal for copies that differ in what a camera adds."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def name(self) -> str:
        """The file's name, made of its content: equal pictures share a file, none is replaced."""
        return str(PurePosixPath("images", self.digest[:2], f"{self.digest}.{self.ending}"))


def read_picture(content: bytes) -> Picture:
    """Return the picture in ``content``, written anew without what a camera adds to it.

    Writing it anew drops GPS positions and other EXIF data, and anything that
    hides behind the end of the picture. Raises ``ValidationError`` with a
    sentence for what is no picture, is too large, or is SVG (a program).
    """
    if len(content) > LARGEST_FILE:
        raise ValidationError(_("The file is larger than 20 MB. Save a smaller copy of it."))
    if _is_svg(content):
        raise ValidationError(
            _("SVG files can carry programs and are not taken. Save the picture as PNG or WebP.")
        )
    image, ending = _opened(content)
    written = io.BytesIO()
    form, options = _WRITTEN_AS[ending]
    image.save(written, form, **options)
    return Picture(
        content=written.getvalue(),
        # The digest of what was uploaded: the encoder's next release must not make a second file.
        digest=hashlib.sha256(content).hexdigest(),
        width=image.width,
        height=image.height,
        ending=ending,
    )


def store(picture: Picture) -> str:
    """Store the picture under its own name, unless it is there; return the name."""
    if not default_storage.exists(picture.name):
        default_storage.save(picture.name, ContentFile(picture.content))
    return picture.name


def digest_of_file(name: str) -> str:
    """Return the digest of a stored file: that of what is in it now."""
    with default_storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _opened(content: bytes) -> tuple[Image.Image, str]:
    try:
        with Image.open(io.BytesIO(content), formats=list(FORMATS)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValidationError(_too_many_pixels())
            ending = FORMATS[opened.format or ""]
            return _in_plain_colours(ImageOps.exif_transpose(opened), ending), ending
    except ValidationError:
        raise
    except Image.DecompressionBombError as error:
        raise ValidationError(_too_many_pixels()) from error
    # Each decoder has errors of its own for a broken picture, RuntimeError and EOFError among them.
    except Exception as error:
        raise ValidationError(
            _("This is not a picture that can be read. JPEG, PNG, WebP, GIF and AVIF are taken.")
        ) from error


def _too_many_pixels() -> str:
    return _("The picture has more than 60 million pixels. Save a smaller copy of it.")


def _in_plain_colours(image: Image.Image, ending: str) -> Image.Image:
    """Return the picture as browsers take it, and nothing beside the picture."""
    image = _with_eight_bits(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
    image = _in_screen_colours(image)
    taken = ("RGB", "L") if ending == "jpg" else ("RGB", "RGBA", "L", "P")
    image = image if image.mode in taken else image.convert("RGB")
    image.load()
    image.info.clear()
    return image


def _with_eight_bits(image: Image.Image) -> Image.Image:
    """Return a grey picture of 16 bits in 8: plain converting would cut off all but the darkest."""
    if not image.mode.startswith("I"):
        return image
    wide = image.convert("I")
    return wide.point(lambda value: value * (1 / 256)).convert("L")


def _in_screen_colours(image: Image.Image) -> Image.Image:
    """Return the picture in sRGB: its own colour space goes with all else that it carries.

    A telephone's photograph would be pale without this, one made for print in false colours.
    """
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        return ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGBA" if image.mode == "RGBA" else "RGB",
        )
    except (ImageCms.PyCMSError, OSError):
        return image


def _is_svg(content: bytes) -> bool:
    start = content[:4096].lower()
    return b"<svg" in start or b"<!doctype svg" in start
