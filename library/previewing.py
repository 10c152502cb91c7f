"""The preview of a text while it is written, with the pictures that it shows."""

from django.utils.safestring import SafeString

from library.models import Image
from library.showing import desk_address, figure
from publishing.markup import bodies
from publishing.markup.words import pictures


def preview(text: str) -> str:
    """Return the HTML of a Markdown text for its writer (``MARKDOWNX_MARKDOWNIFY_FUNCTION``)."""
    images = Image.objects.by_key(pictures(text))

    def picture(key: str, caption: str) -> SafeString | str:
        found = images.get(key)
        return figure(found.embedded(), desk_address, caption=caption) if found else ""

    return bodies.preview(text, picture=picture)
