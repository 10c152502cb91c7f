"""What is found of the library: people, sources, images, topics."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst

from library.admin import images, reference
from library.models import Image, Person, Source, Topic
from publishing.editing.choices import address_in_admin
from publishing.editing.finding import Finder, Found, add_finder

# Their admins have to be registered before they are asked for.
__all__ = ["images", "reference"]


def _add(model: type[models.Model], order: int, fields: tuple[str, ...]) -> None:
    """Let rows of a model be found, shown as its pickers show them."""
    desk = admin.site.get_model_admin(model)

    def show(row: models.Model) -> Found:
        choice = desk.choice_of(row)
        return Found(choice.title, address_in_admin(row, "change", row.pk), choice.detail)

    def may_see(request: HttpRequest) -> bool:
        return desk.has_view_or_change_permission(request)

    add_finder(
        Finder(
            name=model._meta.model_name,
            title=capfirst(model._meta.verbose_name_plural),
            order=order,
            fields=fields,
            rows=model.objects.all,
            show=show,
            may_see=may_see,
        )
    )


_add(Source, 60, ("title", "key", "publisher", "author", "url"))
_add(Person, 70, ("name", "slug", "credentials"))
_add(Image, 80, ("alt", "caption", "credit"))
_add(Topic, 90, ("name", "slug"))
