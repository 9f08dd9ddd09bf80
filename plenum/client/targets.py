"""Targets of units, how they stand, and what reports state."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, cast

from plenum.client.asking import Asking
from plenum.client.rows import Below, Standing, Statement, TargetHistory, TargetsOfUnit

Comparison = Literal["value", "at_least", "more_than", "at_most", "less_than"]
Amount = int | str | Decimal
"""A whole number, or percent from 0 to 100 for a share; with decimals as a text such as "92.5" or as a Decimal."""


class Targets(Asking):
    """Read, set, amend and withdraw."""

    def standing(
        self,
        code: str,
        *,
        period: str | None = None,
        known_on: str | None = None,
        as_of: str | None = None,
        tree: str | None = None,
    ) -> Standing:
        """Figures of a unit with targets, verdicts and their reasons."""
        view = {"period": period, "known_on": known_on, "as_of": as_of, "tree": tree}
        return cast(Standing, self.get(f"units/{code}/standing", **view))

    def targets(
        self,
        code: str,
        *,
        period: str | None = None,
        known_on: str | None = None,
        as_of: str | None = None,
    ) -> TargetsOfUnit:
        """The targets of a unit for a period."""
        view = {"period": period, "known_on": known_on, "as_of": as_of}
        return cast(TargetsOfUnit, self.get(f"units/{code}/targets", **view))

    def target(self, number: int) -> TargetHistory:
        """Everything that was done to a target."""
        return cast(TargetHistory, self.get(f"targets/{number}"))

    def targets_below(
        self,
        code: str,
        indicator: str,
        *,
        period: str | None = None,
        known_on: str | None = None,
        as_of: str | None = None,
        tree: str | None = None,
    ) -> Iterator[Below]:
        """The units below one with their targets in one indicator, and how they stand."""
        view = {"period": period, "known_on": known_on, "as_of": as_of, "tree": tree}
        return self.every(f"units/{code}/indicators/{indicator}/targets-below", **view)

    def set_target(
        self,
        code: str,
        indicator: str,
        period: str,
        comparison: Comparison,
        amount: Amount,
        *,
        basis: int | None = None,
        given_to: str | None = None,
        given_to_post: str | None = None,
        illustrative: bool | None = None,
    ) -> TargetHistory:
        """Give a unit a target; `basis` is the number of a document."""
        told = {"indicator": indicator, "period": period, "comparison": comparison, "amount": _said(amount)}
        more = {"basis": basis, "given_to": given_to, "given_to_post": given_to_post}
        path = f"units/{code}/targets"
        return cast(TargetHistory, self._do(path, **told, **more, illustrative=illustrative))

    def amend_target(
        self,
        number: int,
        reason: str,
        comparison: Comparison,
        amount: Amount,
        *,
        basis: int | None = None,
        given_to: str | None = None,
        given_to_post: str | None = None,
        illustrative: bool | None = None,
    ) -> TargetHistory:
        """Put a whole target in the place of one; what is left out is empty then."""
        told = {"reason": reason, "comparison": comparison, "amount": _said(amount)}
        more = {"basis": basis, "given_to": given_to, "given_to_post": given_to_post}
        path = f"targets/{number}/amend"
        return cast(TargetHistory, self._do(path, **told, **more, illustrative=illustrative))

    def withdraw_target(self, number: int, reason: str) -> TargetHistory:
        """Withdraw a target."""
        return cast(TargetHistory, self._do(f"targets/{number}/withdraw", reason=reason))

    def statements(
        self,
        code: str,
        *,
        period: str | None = None,
        known_on: str | None = None,
        as_of: str | None = None,
    ) -> Iterator[Statement]:
        """What reports state about the figures of a unit."""
        return self.every(f"units/{code}/statements", period=period, known_on=known_on, as_of=as_of)

    def record_statement(
        self,
        code: str,
        indicator: str,
        period: str,
        stated: Amount,
        *,
        what: Literal["value", "percent_of_target", "change"],
        said_unit: Literal["percent", "points", "count"],
        source: str,
        document: int | None = None,
    ) -> Statement:
        """Record what a report states about a figure, with the decimals it was written with."""
        told = {"indicator": indicator, "period": period, "stated": _said(stated), "what": what}
        more = {"said_unit": said_unit, "source": source, "document": document}
        return cast(Statement, self._do(f"units/{code}/statements", **told, **more))

    def withdraw_statement(self, number: int, reason: str) -> Statement:
        """Withdraw what was recorded."""
        return cast(Statement, self._do(f"statements/{number}/withdraw", reason=reason))


def _said(amount: Amount) -> int | str:
    """An amount as JSON can hold it exactly."""
    return str(amount) if isinstance(amount, Decimal) else amount
