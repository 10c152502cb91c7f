"""The saved filters above a list of the desk."""

from typing import Any

from django import template
from django.template import Context

from website.saved_filters import list_with_filters

register = template.Library()


@register.inclusion_tag("admin/_saved_filters.html", takes_context=True)
def saved_filters(context: Context) -> dict[str, Any]:
    """Show the filters of the present list, and a way to save the present one."""
    return {
        **list_with_filters(context["request"], context["cl"].model),
        "csrf_token": context.get("csrf_token"),
    }
