"""People and topics as publications show them: from embedded data, never from the library."""

from typing import Any
from urllib.parse import urlsplit

from django.core.files.storage import default_storage

from library.showing import shown_image
from publishing.markup import render_markdown


def is_desk(name: str) -> bool:
    """Is this the name of a desk, an organisation, rather than of a human?"""
    return name.lower().endswith("desk")


def person_shown(shown: dict[str, Any]) -> dict[str, Any]:
    """Return an embedded person as ``library/person.html`` wants it."""
    portrait = shown["portrait"]
    return {
        **shown,
        "bio": render_markdown(shown["bio"]),
        "links": [{"url": url, "label": urlsplit(url).hostname or url} for url in shown["links"]],
        "portrait": shown_image(portrait, default_storage.url) if portrait else None,
    }


def topic_shown(shown: dict[str, Any]) -> dict[str, Any]:
    """Return an embedded topic as ``library/topic.html`` wants it."""
    return {**shown, "description": render_markdown(shown["description"])}
