"""Compiled queries: what is asked with every request is worked out as SQL once for each process.

Django builds its SQL anew each time, which for a small query takes ten times as long as the
database takes to answer it. A compiled query is still written with the model's own methods, so
that no rule has to be said a second time in SQL. For what is asked at every comment; elsewhere
Django's own way is quick enough, and does more.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, Model, QuerySet


class Given(Expression):
    """A value in a query that is known only when it is asked, by its name."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list["Given"]]:
        return "%s", [self]

    def prepared(self, value: Any) -> Any:
        """Return a value as the database's driver takes it for this place."""
        return self.output_field.get_db_prep_value(value, connection, prepared=False)


class CompiledQuery[M: Model]:
    """A query of one model, with ``Given`` where its values go.

    ``build`` returns the query set; it is called when the query is asked for the first time on a
    kind of database. Annotations and ``only`` work; ``select_related`` does not.
    """

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        self._build = build
        self._compiled: dict[str, tuple[type[M], str, tuple[Any, ...]]] = {}

    def first(self, **values: Any) -> M | None:
        """Return the first row for the values by name, or None; one statement.

        Raises KeyError for a value that is missing.
        """
        model, sql, places = self._on(connection.vendor)
        parameters = [
            place.prepared(values[place.name]) if isinstance(place, Given) else place
            for place in places
        ]
        return next(iter(model._default_manager.raw(sql, parameters)), None)

    def _on(self, vendor: str) -> tuple[type[M], str, tuple[Any, ...]]:
        if vendor not in self._compiled:
            found = self._build()[:1]
            sql, places = found.query.sql_with_params()
            self._compiled[vendor] = found.model, sql, tuple(places)
        return self._compiled[vendor]


class CompiledInsert[M: Model]:
    """The statement that stores one new row of a model, all columns said.

    ``computed`` names fields of which the database works out the value, each with a function from
    the kind of database to SQL that takes one parameter. No signal is sent.
    """

    def __init__(
        self, model: type[M], computed: Mapping[str, Callable[[str], str]] | None = None
    ) -> None:
        self.model = model
        self._computed = computed or {}
        self._compiled: dict[str, str] = {}

    @property
    def _fields(self) -> list[Field]:
        return [one for one in self.model._meta.local_concrete_fields if not one.primary_key]

    def insert(self, row: M, **given: Any) -> None:
        """Store a row and set on it its key and what was computed, from the parameters ``given``.

        Raises what the database raises, such as IntegrityError.
        """
        values = [
            given[field.attname]
            if field.attname in self._computed
            else field.get_db_prep_save(getattr(row, field.attname), connection)
            for field in self._fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._on(connection.vendor), values)
            returned = cursor.fetchone()
        for name, value in zip(("pk", *self._computed), returned, strict=True):
            setattr(row, name, value)
        row._state.adding, row._state.db = False, connection.alias

    def _on(self, vendor: str) -> str:
        if vendor not in self._compiled:
            quote = connection.ops.quote_name
            columns = ", ".join(quote(field.column) for field in self._fields)
            values = ", ".join(
                self._computed[field.attname](vendor) if field.attname in self._computed else "%s"
                for field in self._fields
            )
            returned = [self.model._meta.pk.column]
            returned += [self.model._meta.get_field(name).column for name in self._computed]
            self._compiled[vendor] = (
                f"INSERT INTO {quote(self.model._meta.db_table)} ({columns}) "  # noqa: S608
                f"VALUES ({values}) RETURNING {', '.join(map(quote, returned))}"
            )
        return self._compiled[vendor]
