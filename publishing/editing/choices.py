"""What a picker or a citation dialog offers: rows found by their words, as plain data."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib import admin
from django.db import models
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Choice:
    """One row to choose: its key, its name, a line about it, a small picture or none.

    ``value`` is what choosing writes: a primary key, or a source's key in a citation. ``target``
    is what a link or a picture's mark in a text points at, if it can: an address, ``image:KEY``.
    """

    value: str
    title: str
    detail: str = ""
    picture: str = ""
    address: str = ""
    target: str = ""

    def as_data(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Listed:
    """Where the rows of a model are chosen and added, and how one is shown."""

    choice: Callable[[models.Model], Choice]
    choose_url: str
    add_url: str
    list_url: str
    name: str
    # May a file be dropped on the control to add a row?
    takes_files: bool = False


def choices_of(model: type[models.Model]) -> Listed:
    """Return where rows of ``model`` are chosen; its admin must be a ``DeskAdmin``."""
    desk: Any = admin.site.get_model_admin(model)
    return Listed(
        choice=desk.choice_of,
        choose_url=address_in_admin(model, "choose"),
        add_url=address_in_admin(model, "add"),
        list_url=address_in_admin(model, "changelist"),
        name=str(model._meta.verbose_name),
        takes_files=desk.takes_files,
    )


def address_in_admin(model: type[models.Model] | models.Model, deed: str, *args: Any) -> str:
    """Return the address of one of the admin's pages for a model: its form, its list, a deed."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{deed}", args=args)
