"""Writing many rows of a table in one statement, with none of them told back: for acts on thousands of things."""

import json
from collections.abc import Sequence

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Model
from django.db.models.fields import NOT_PROVIDED


def insert_many(rows: Sequence[Model]) -> None:
    """Write new rows of one table, in their order. What the database gives by itself is left to it.

    A row with a number keeps it: see :func:`take_numbers`.
    """
    if not rows:
        return
    table, columns = rows[0]._meta.db_table, _columns(rows[0])
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    told = [{column: getattr(row, name) for column, name in columns.items()} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({quoted}) SELECT {quoted}"  # noqa: S608 — names of the model only
            f" FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)",
            [json.dumps(told, cls=DjangoJSONEncoder)],
        )


def take_numbers(rows: Sequence[Model]) -> None:
    """Give new rows of one table the numbers that they will have, so that others can name them before they are read."""
    if not rows:
        return
    table = rows[0]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, len(rows)]
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number


def _columns(row: Model) -> dict[str, str]:
    """The columns that are written, with the names of their attributes."""
    return {
        str(field.column): field.attname
        for field in row._meta.concrete_fields
        if field.db_default is NOT_PROVIDED and not (field.primary_key and row.pk is None)
    }
