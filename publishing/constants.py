"""Constants: values that stand in a statement itself.

A database that keeps what it worked out for a statement works it out for any value in it, and an
index of some rows alone, such as those that wait, holds not enough for any state. So the values
that such an index names are no parameters.
"""

import re
from typing import Any

from django.db.models import CharField, Expression, IntegerField

_TEXT = re.compile(r"[a-z_]*", re.ASCII)


class Constant(Expression):
    """A word of the code's own, or a number, written into a query: never what somebody typed.

    Raises ValueError for a text of anything but small letters and underscores.
    """

    def __init__(self, value: str | int) -> None:
        if isinstance(value, str) and not _TEXT.fullmatch(value):
            raise ValueError(f"{value!r} is no word of the code's own.")
        super().__init__(output_field=CharField() if isinstance(value, str) else IntegerField())
        self.value = value

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        # Not str(): of a member of an enumeration that may be its label.
        written = f"'{self.value:s}'" if isinstance(self.value, str) else f"{self.value:d}"
        return written, []
