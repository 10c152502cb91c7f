"""Places on an article's page that other apps fill, for the templates of parts."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def row_slot(page: Any, anchor: str) -> SafeString:
    """Leave a place beside the row of an article's page with the id ``anchor``."""
    return page.row_slot(anchor)
