"""A condition on units whose SQL is made once: Django takes longer over that of reach than the database to answer."""

import re
from typing import Any

from django.db.models import BooleanField, F, QuerySet
from django.db.models.expressions import BaseExpression, Col

from plenum.tree.models import Unit

ALIAS = re.compile(r"\b([T-Z]\d+)\b")
"""A table of a subquery, as Django names it."""
UNIT = f'"{Unit._meta.db_table}".'
"""The unit that is asked about, as it is called where nothing stands around it."""


class KeptCondition(BaseExpression):
    """That a unit is one of ``units``: what that query asks of each unit, to be asked in any other query of units.

    The tables within are given names that nothing outside has. ``units`` is never asked itself.
    """

    def __init__(self, units: QuerySet[Unit]) -> None:
        super().__init__(output_field=BooleanField())
        self.units = units
        self.unit: Any = F("pk")
        self.kept: dict[bool, tuple[str, tuple[Any, ...]]] = {}

    def get_source_expressions(self) -> list[Any]:
        """The column by which Django tells what the unit is called in the query around it."""
        return [self.unit]

    def set_source_expressions(self, exprs: Any) -> None:
        """What Django has made of it."""
        [self.unit] = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The text as it was made for the first who asked, about the unit of this query, and its values."""
        assert isinstance(self.unit, Col)
        bound_by_server = connection.features.uses_server_side_binding
        if bound_by_server not in self.kept:
            query = self.units.query
            text, values = query.get_compiler(connection=connection).compile(query.where)
            self.kept[bound_by_server] = ALIAS.sub(r"within_\1", text), tuple(values)
        text, values = self.kept[bound_by_server]
        return text.replace(UNIT, f"{compiler.quote_name_unless_alias(self.unit.alias)}."), values
