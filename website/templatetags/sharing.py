"""How a page is shown where its address is shared or found, for the head of every page."""

from html import unescape

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from articles.views import base_url

register = template.Library()

PICTURE = "icons/icon-512.png"
"""What stands for pages without a picture of their own."""


@register.simple_tag(takes_context=True)
def shared(context: Context, kind: str = "website") -> SafeString:
    """Say the page's one address, its title, description and picture, as Open Graph has them.

    Title and description are those of the template's blocks. A page of a list has an address of
    its own; a filtered list has none and asks not to be listed, since there is no end of them.
    """
    request = context["request"]
    asked = request.GET.dict()
    number = asked.pop("page", "")
    address = f"{base_url(request)}{request.path}"
    if number.isdecimal() and number.isascii() and int(number) > 1:
        address = f"{address}?page={int(number)}"
    said = {
        "kind": kind,
        "address": address,
        "is_filtered": bool(asked),
        "title": _block(context, "title") or settings.SITE_NAME,
        "description": _block(context, "description"),
        "site_name": settings.SITE_NAME,
        "picture": f"{base_url(request)}{static(PICTURE)}",
    }
    return render_to_string("_shared.html", said)


def _block(context: Context, name: str) -> str:
    """Return what the page says in one of its blocks, once more, as plain text."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return " ".join(unescape(strip_tags(block.render(context))).split())
