"""Rows whose keys are known already, however many: what one query found, asked about by others."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL


class KnownRows:
    """Keys as one value of a statement: SQLite limits how many values it may have.

    They are written out once, as that is much of the work where there are thousands.
    """

    def __init__(self, keys: Iterable[int]) -> None:
        self._keys = ",".join(map(str, keys))

    def among(self, rows: QuerySet) -> QuerySet:
        """Return those of ``rows`` whose key is one of these."""
        if connection.vendor == "postgresql":
            return rows.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [f"{{{self._keys}}}"]))
        listed = RawSQL("SELECT value FROM json_each(%s)", [f"[{self._keys}]"])
        # A sum: else SQLite reads each row by its key, where an index may hold all that is asked.
        return rows.alias(known_key=F("pk") + 0).filter(known_key__in=listed)
