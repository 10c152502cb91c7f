"""Form fields for what models keep as JSON."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminTextareaWidget


class LinesField(forms.CharField):
    """A list of short texts, one a line. Empty lines count for nothing, neither do repetitions."""

    def __init__(
        self,
        *,
        longest: int = 200,
        each: Iterable[Callable[[str], None]] = (),
        rows: int = 3,
        **kwargs: Any,
    ) -> None:
        self.longest = longest
        self.each = list(each)
        super().__init__(**{"widget": UnfoldAdminTextareaWidget({"rows": rows}), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        lines = (line.strip() for line in str(value or "").splitlines())
        return list(dict.fromkeys(filter(None, lines)))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        for line in value:
            if len(line) > self.longest:
                raise ValidationError(
                    _("“%(line)s…” is longer than %(longest)d characters.")
                    % {"line": line[:30], "longest": self.longest}
                )

    def run_validators(self, value: list[str]) -> None:
        for line in value:
            for check in [*self.validators, *self.each]:
                try:
                    check(line)
                except ValidationError as error:
                    raise ValidationError(f"“{line}”: {' '.join(error.messages)}") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(self.prepare_value(initial)) != self.to_python(data)
