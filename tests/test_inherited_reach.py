"""Who goes on alone with a unit that has ended reaches its past and what stood below it; nobody else does."""

from datetime import date

import pytest
from django.db import connection

from plenum.access.actions import create_account, grant_powers
from plenum.access.guard import speaking
from plenum.access.powers import POWERS, Power, Reach
from plenum.access.queries import actor_of
from plenum.access.reach import OutOfReach, reachable, require
from plenum.figures.models import Return
from plenum.figures.powers import ACCEPT, ENTER
from plenum.figures.powers import READ as READ_FIGURES
from plenum.journal.actor import Actor
from plenum.organisation.actions import found_unit
from plenum.tree import ledger
from plenum.tree.models import Became, Heir, Unit
from tests.cast import DISTRICTS_END as REFORM
from tests.cast import FOUNDED, Cast
from tests.test_guard_rules import as_the_database_knows

BEFORE, AFTER = date(2025, 6, 30), date(2025, 8, 1)
OLD = {"north", "north-hill", "hill-school", "hill-river", "river-mill"}

pytestmark = pytest.mark.django_db


def new(code: str, kind: str, parent: str, on: date = REFORM) -> Unit:
    above = Unit.objects.get(code=parent)
    return ledger.found(code=code, name=code.title(), kind=kind, parent=above, on=on)


def officer_at(unit: Unit, on: date = REFORM) -> Actor:
    account = create_account(
        f"of-{unit.code}", name="N", language="en", unit=unit, on=on, by=Actor.system("t")
    )
    grant_powers(account, unit, "officer", start=on, on=on, by=Actor.system("t"))
    return actor_of(account, acting_for=unit.pk)


def reached(actor: Actor, on: date = AFTER, power: Power = READ_FIGURES) -> set[str]:
    """What is reached, by the pages and, the same, by the database."""
    found = reachable(actor, power, on)
    assert as_the_database_knows(actor, power, on) == set(found.values_list("pk", flat=True))
    return set(found.values_list("code", flat=True))


@pytest.fixture
def merged(cast: Cast) -> Actor:
    """The officer of the province in which the northern one goes on; districts and communes end on the same day."""
    heir = new("highland", "province", "centre")
    ledger.dissolve(cast.unit("north"), on=REFORM)
    ledger.link(cast.unit("north"), heir, on=REFORM, how=Became.MERGED)
    return officer_at(heir)


def test_the_successor_reaches_what_stood_below_an_ended_superior(cast: Cast, merged: Actor) -> None:
    assert reached(merged) == OLD | {"highland"}
    assert reached(merged, BEFORE) == set(), "not before its day"
    assert reached(merged, REFORM) == OLD | {"highland"}
    require(merged, READ_FIGURES, cast.unit("north-hill"), AFTER)


def test_nobody_else_reaches_more(cast: Cast, merged: Actor) -> None:
    assert reached(cast.neighbour.actor) == {"south-coast", "coast-port"}
    assert reached(cast.stranger.actor) == set()
    assert reached(cast.superior.actor) == {"north-hill", "hill-school", "hill-river", "river-mill"}
    assert reached(cast.insider.actor) == {"hill-school"}
    assert reached(officer_at(cast.unit("south"))) == {"south", "south-coast", "coast-port"}
    assert {"south", "highland", *OLD} <= reached(cast.auditor.actor)


def test_what_is_done_for_a_unit_itself_is_not_inherited(cast: Cast, merged: Actor) -> None:
    """Returns of those below are accepted by the successor, but nobody enters figures for who has ended."""
    assert {power.reach for power in (ENTER, ACCEPT)} == {Reach.UNIT, Reach.BELOW}
    heir = Unit.objects.get(code="highland")
    secretary = create_account(
        "heir-secretary", name="S", language="en", unit=heir, on=REFORM, by=Actor.system("t")
    )
    grant_powers(secretary, heir, "secretary", start=REFORM, on=REFORM, by=Actor.system("t"))
    assert reached(actor_of(secretary, acting_for=heir.pk), power=ENTER) == {"highland"}
    assert reached(merged, power=ACCEPT) == OLD
    for power in POWERS.values():
        if power.reach is Reach.UNIT:
            assert not OLD & set(reachable(merged, power, AFTER).values_list("code", flat=True))


def test_the_rows_of_the_past_are_shown_to_the_successor_alone(
    cast: Cast, merged: Actor, returned: Return
) -> None:
    def codes(actor: Actor) -> set[str]:
        with speaking(actor, AFTER), connection.cursor() as cursor:
            cursor.execute(
                "SELECT code FROM figures_return JOIN tree_unit ON tree_unit.id = unit_id"
                " UNION ALL SELECT code FROM figures_standing JOIN tree_unit ON tree_unit.id = unit_id"
            )
            return {code for (code,) in cursor.fetchall()}

    assert codes(merged) == {"hill-school", "hill-river"}
    assert codes(cast.neighbour.actor) == {"coast-port"}
    assert codes(cast.stranger.actor) == set()


def test_a_divided_unit_is_inherited_by_no_part(cast: Cast) -> None:
    """Only what goes on whole in one of the parts is reached there; all of it from where it stood."""
    parts = [new(code, "province", "centre") for code in ("upland", "lowland")]
    ledger.dissolve(cast.unit("north"), on=REFORM)
    for part in parts:
        ledger.link(cast.unit("north"), part, on=REFORM, how=Became.SPLIT)
    commune = new("new-river", "commune_committee", "upland")
    ledger.link(cast.unit("hill-river"), commune, on=REFORM, how=Became.MERGED)
    assert not Heir.objects.filter(unit=cast.unit("north")).exists()
    assert reached(officer_at(parts[0])) == {"upland", "new-river", "hill-river", "river-mill"}
    assert reached(officer_at(parts[1])) == {"lowland"}
    assert reached(cast.auditor.actor) >= OLD


def test_a_chain_of_successors_is_followed_link_by_link_as_their_days_come(cast: Cast, merged: Actor) -> None:
    later = date(2026, 1, 1)
    heir, last = Unit.objects.get(code="highland"), new("great-highland", "province", "centre")
    ledger.dissolve(heir, on=later)
    ledger.link(heir, last, on=later, how=Became.MERGED)
    officer = officer_at(last)
    assert reached(officer, AFTER) == {"great-highland"}
    assert reached(officer, later) == OLD | {"great-highland", "highland"}
    ledger.reopen(heir)
    assert reached(officer, later) == {"great-highland"}


def test_what_was_split_off_before_the_end_inherits_nothing(cast: Cast) -> None:
    part = new("upland", "province", "centre", date(2024, 1, 1))
    ledger.link(cast.unit("north"), part, on=date(2024, 1, 1), how=Became.SPLIT)
    ledger.dissolve(cast.unit("north"), on=REFORM)
    assert reached(officer_at(part)) == {"upland"}


def test_nobody_takes_the_past_of_others_by_naming_them_as_predecessors(cast: Cast) -> None:
    officer = officer_at(cast.unit("north"), FOUNDED)
    with pytest.raises(OutOfReach):
        found_unit(
            code="stolen",
            name="Stolen",
            kind="district",
            parent=cast.unit("north"),
            predecessors=[cast.unit("coast-port")],
            on=cast.day,
            by=officer,
        )
    assert not Unit.objects.filter(code="stolen").exists()
    found_unit(
        code="own",
        name="Own",
        kind="district",
        parent=cast.unit("north"),
        predecessors=[cast.unit("hill-school")],
        on=cast.day,
        by=officer,
    )
