"""Whose returns a person is shown at a unit."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet

from plenum.access.powers import Power, Reach
from plenum.access.reach import held_at, reachable
from plenum.journal.actor import Actor
from plenum.tree.models import Ancestry, Unit
from plenum.tree.queries import only_root, stands_on

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class Shown:
    """Some units, without naming them: a condition that stands inside a query, so that a whole country fits.

    ``lines``: rows of ancestry whose descendants they are; None for every unit there is. ``but``: one that is left out.
    """

    lines: "QuerySet[Ancestry] | None"
    but: int | None = None

    @classmethod
    def of(cls, unit_ids: Iterable[int]) -> "Shown":
        """Exactly these units."""
        return cls(Ancestry.objects.filter(depth=0, descendant__in=list(unit_ids)))

    def without(self, unit_id: int) -> "Shown":
        """The same without one unit."""
        return replace(self, but=unit_id)

    def among(self, unit_ids: Collection[int]) -> set[int]:
        """Those of some units that are among them. One query at most."""
        wanted = {each for each in unit_ids if each != self.but}
        if self.lines is None or not wanted:
            return wanted
        rows = self.lines.filter(descendant__in=wanted)
        return set(rows.values_list("descendant_id", flat=True))

    def filtered(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        """The rows whose ``unit`` is among them."""
        if self.lines is not None:
            queryset = queryset.filter(unit__in=self.lines.values("descendant_id"))
        return queryset if self.but is None else queryset.exclude(unit=self.but)

    def sql(self, column: str) -> tuple[str, str, Mapping[str, Any]]:
        """The head of a query, the condition in it that a column names one of them, and its parameters by name.

        The head finds them once, so that whoever plans the query does not ask for each row whether it is one.
        """
        rule = "true" if self.but is None else f"{column} <> %(shown_but)s"
        values: dict[str, Any] = {} if self.but is None else {"shown_but": self.but}
        if self.lines is None:
            return "", rule, values
        try:
            query, parameters = self.lines.values("descendant_id").query.sql_with_params()
        except EmptyResultSet:
            return "", "false", {}
        names = [f"shown_{place}" for place in range(len(parameters))]
        query = query % tuple(f"%({name})s" for name in names)
        head = f"shown (unit_id) AS MATERIALIZED ({query}),"
        return (
            head,
            f"{rule} AND {column} IN (SELECT unit_id FROM shown)",  # noqa: S608
            values | dict(zip(names, parameters, strict=True)),
        )


def below(actor: Actor, power: Power, unit: Unit | int, on: date, *, as_of: date | None = None) -> Shown:
    """The unit and everything below it that the actor reaches with the power on ``on``. Two queries.

    ``as_of``: the day on which the tree is looked at, ``on`` unless another is given. A unit that has ended by then
    stands where it stood on its last day, so that what it has reported is still answered and shown.
    """
    unit_id = unit if isinstance(unit, int) else unit.pk
    root = only_root()
    lines = None if unit_id == root else Ancestry.objects.filter(stands_on(as_of or on), ancestor=unit_id)
    at = set() if actor.is_system else held_at(actor, power, on)
    everything = root is not None and root in at and power.reach is not Reach.UNIT
    if actor.is_system or (everything and power.reach is not Reach.BELOW):
        return Shown(lines)
    if everything:
        return Shown(lines, but=root)
    if unit_id in at and power.reach is not Reach.UNIT and as_of in (None, on):
        # What stands below a unit where the power is held is reached: it need not be asked of each. Whether the unit
        # itself is, a power that only reaches below leaves to those who hold it above.
        if power.reach is not Reach.BELOW:
            return Shown(lines)
        if at == {unit_id}:
            return Shown(lines, but=unit_id)
    reached = reachable(actor, power, on).values("pk")
    return Shown(Ancestry.objects.filter(stands_on(as_of or on), ancestor=unit_id, descendant__in=reached))
