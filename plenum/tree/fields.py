"""A daterange column whose value is a `Span`. Other rooms may use it for their own spans."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model

from plenum.periods import Span

__all__ = ["RangeOperators", "SpanField", "as_range", "as_span"]


def as_range(span: Span) -> DateRange:
    """The database's value of a span."""
    return DateRange(span.start, span.end)


def as_span(value: DateRange) -> Span:
    """The span that the database's value stands for."""
    start: date = value.lower
    end: date | None = value.upper
    return Span(start, end)


class SpanField(DateRangeField):
    """A daterange that is never empty and always has a first day; read and written as a `Span`."""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "plenum.tree.fields.SpanField", args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(as_range(value) if isinstance(value, Span) else value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return as_span(value) if isinstance(value, DateRange) and not value.isempty else value

    def value_to_string(self, obj: Model) -> str:
        return str(self.value_from_object(obj))
