"""How a page is shown where its address is shared or found, for the head of every page."""

from html import unescape

from django import template
from django.conf import settings
from django.core import paginator
from django.template.context import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from articles.public_addresses import base_url

register = template.Library()

PICTURE = "icons/icon-512.png"
"""What stands for pages without a picture of their own."""


@register.simple_tag(takes_context=True)
def shared(context: Context, kind: str = "website", *, is_filtered: bool = False) -> SafeString:
    """Say the page's one address, its title, description and picture, as Open Graph has them.

    Title and description are those of the template's blocks. A page of a list has an address of
    its own; a filtered list has none and asks not to be listed, since there is no end of them. What
    else a query says, such as whence somebody came, changes nothing on the page and is left out.
    """
    request = context["request"]
    filters, listed = context.get("filter"), context.get("page")
    address = f"{base_url(request)}{request.path}"
    # The page that is shown, which is the last one for whoever asks for one behind it.
    if isinstance(listed, paginator.Page) and listed.number > 1:
        address = f"{address}?page={listed.number}"
    said = {
        "kind": kind,
        "address": address,
        "is_filtered": is_filtered or bool(filters and filters.form.has_changed()),
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
