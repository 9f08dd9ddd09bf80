"""What of a rehearsal a reader is shown: names of units to everybody who sees the reform, the rest by reach.

A rehearsal looks with the eyes of the installation. Whoever reaches the owner of the plan reaches everything in it; a
unit that is only asked to approve is not shown the figures and the accounts of its neighbours by that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from plenum.access.powers import Power
from plenum.access.reach import reachable
from plenum.figures.powers import READ as READ_FIGURES
from plenum.journal.actor import Actor
from plenum.reorganisations.powers import READ


@dataclass(frozen=True)
class Seen:
    """The parts of a difference that a reader is shown, and how many rows are not; None: nothing was worked out.

    `followers` only go along with what stood above them. `payroll` and `sizes` speak of everything below the owner;
    `withheld` says that the reader does not reach that.
    """

    units: list[dict[str, Any]]
    units_count: int
    followers: int
    figures: dict[str, Any] | None
    figures_hidden: int
    payroll: dict[str, Any] | None
    sizes: dict[str, Any] | None
    withheld: bool
    accounts: list[dict[str, Any]]
    accounts_hidden: int


def seen(difference: Mapping[str, Any], owner: str, actor: Actor, today: date) -> Seen:
    """The difference that a rehearsal has kept, as far as an actor is shown it. Four queries at most."""
    units = difference.get("units", [])
    figures = difference.get("figures")
    accounts = difference.get("accounts", [])
    whole = actor.is_system or bool(_reached(actor, READ_FIGURES, today, {owner}))
    all_accounts = actor.is_system or bool(_reached(actor, READ, today, {owner}))
    shown_accounts, shown_figures, hidden = accounts, figures, 0
    if figures is not None and not whole:
        named = {code for each in figures["units"] for code in (each["code"], *each["from"])}
        reached = _reached(actor, READ_FIGURES, today, named)
        kept = [each for each in figures["units"] if _may_see(each, reached)]
        hidden = figures["count"] - len(kept)
        shown_figures = {**figures, "units": kept, "not_conserved": None, "register": {}}
    if not all_accounts:
        reached = _reached(actor, READ, today, {each["code"] for each in accounts})
        shown_accounts = [each for each in accounts if each["code"] in reached]
    return Seen(
        units=units,
        units_count=difference.get("count", len(units)),
        followers=difference.get("followers", 0),
        figures=shown_figures,
        figures_hidden=hidden,
        payroll=difference.get("payroll") if whole else None,
        sizes=difference.get("sizes") if whole else None,
        withheld=not whole and figures is not None,
        accounts=shown_accounts,
        accounts_hidden=len(accounts) - len(shown_accounts),
    )


def units_reached(report: Mapping[str, Any], owner: str, actor: Actor, today: date) -> set[int] | None:
    """The units of whose objects an actor is told what a rehearsal reports of them; None: of all. Two queries."""
    if actor.is_system or _reached(actor, READ, today, {owner}):
        return None
    named = {each["unit"] for each in report["objects"]}
    return set(reachable(actor, READ, today).filter(pk__in=list(named)).values_list("pk", flat=True))


def _may_see(row: Mapping[str, Any], reached: set[str]) -> bool:
    """Whether the unit itself, if it exists, and everything from which something comes to it is reached."""
    complete = row["sources"] == len(row["from"])
    itself = row["before"] is None or row["code"] in reached
    return complete and itself and reached.issuperset(row["from"])


def _reached(actor: Actor, power: Power, today: date, codes: set[str]) -> set[str]:
    found = reachable(actor, power, today).filter(code__in=list(codes))
    return set(found.values_list("code", flat=True))
