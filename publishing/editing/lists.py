"""What lists at the desk share whose rows are not typed over: their rights, and their filters."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest


class RowsMadeElsewhere:
    """Nobody adds or deletes a row in this admin: a deed does, or nothing does."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class OnlyToRead(RowsMadeElsewhere):
    """Nobody types a row over, either."""

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class FilterAlwaysOn(admin.SimpleListFilter):
    """A filter that always chooses something, so that Django's own "All" is not offered."""

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }
