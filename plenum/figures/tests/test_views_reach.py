"""A view shows nobody more than they reach: a sum is told whole, as everybody would get it, or withheld and said so."""

from datetime import date
from random import Random

import pytest
from django.db import connection

from plenum.access.actions import create_account, grant_powers
from plenum.access.guard import speaking
from plenum.access.queries import actor_of
from plenum.access.reach import reachable
from plenum.figures.powers import READ
from plenum.figures.queries import Figure, Withheld, by_child, figures, returns_behind
from plenum.figures.queries.withheld import POWERS_AT, POWERS_BELOW
from plenum.figures.tests.factories import FOUNDED, SYSTEM
from plenum.figures.tests.oracle import Oracle
from plenum.figures.tests.test_recount import PERIODS, Year
from plenum.journal.actor import Actor
from plenum.periods import Period
from plenum.tree.models import Unit

pytestmark = pytest.mark.django_db

TODAY = date(2024, 7, 15)
CODES = ("members.admitted", "members.total", "leaders.village_heads_share")


def member(unit: Unit, role: str) -> Actor:
    account = create_account(
        f"at-{unit.code}", name=unit.code, language="en", unit=unit, on=FOUNDED, by=SYSTEM
    )
    grant_powers(account, unit, role, start=FOUNDED, on=FOUNDED, by=SYSTEM)
    return actor_of(account, acting_for=unit.pk)


def told(figure: Figure) -> tuple[object, ...]:
    return (
        figure.value,
        figure.numerator,
        figure.denominator,
        figure.reported_by,
        figure.carried_from,
        tuple((part.code, part.value) for part in figure.parts),
    )


@pytest.mark.parametrize("seed", range(2))
def test_a_sum_is_told_whole_or_withheld(seed: int) -> None:
    year = Year(Random(seed))
    for _time in range(200):
        year.act()
    random, oracle = year.random, Oracle()
    units = [*year.provinces, *year.districts]
    readers = [(unit, member(unit, random.choice(("officer", "auditor")))) for unit in units]
    seen = {True: 0, False: 0}
    for _time in range(160):
        holder, actor = random.choice(readers)
        unit = random.choice([holder, *reachable(actor, READ, TODAY).order_by("pk")])
        period = Period.parse(random.choice(PERIODS))
        tree, known_on = (
            random.choice([None, year.day(), year.day(), TODAY]),
            random.choice([None, year.day()]),
        )
        whole = figures(unit.pk, period, known_on=known_on, tree=tree)
        with speaking(actor, TODAY):
            shown = figures(unit.pk, period, known_on=known_on, tree=tree)
            shares = by_child(unit.pk, "members.admitted", period, known_on=known_on, tree=tree)
        for code in CODES:
            if shown[code].withheld:
                assert told(shown[code])[:5] == (None, None, None, 0, 0)
            else:
                assert told(shown[code]) == told(whole[code]), (
                    seed,
                    unit.code,
                    code,
                    period.code,
                    tree,
                    known_on,
                )
            assert not whole[code].withheld
            assert {each.unit.id for each in shown[code].estimated} <= {
                each.unit.id for each in whole[code].estimated
            }
            assert tree is not None or shown[code].estimated == whole[code].estimated
        true = {
            share.unit.id: share
            for share in by_child(unit.pk, "members.admitted", period, known_on=known_on, tree=tree)
        }
        for share in shares:
            if not share.figure.withheld:
                assert share.figure.value == true[share.unit.id].figure.value
        withheld = shown["members.admitted"].withheld
        seen[withheld] += tree is not None
        if withheld:
            assert tree is not None
            reached = set(reachable(actor, READ, TODAY).values_list("pk", flat=True))
            counted = {each for each in oracle.places if unit.pk in oracle.restated(each, tree)}
            assert counted - reached
            with speaking(actor, TODAY), pytest.raises(Withheld):
                returns_behind(unit.pk, "members.admitted", period, known_on=known_on, tree=tree)
    assert min(seen.values()) > 2, seen
    with speaking(member(year.root, "auditor"), TODAY):
        for tree in (year.day(), TODAY):
            assert not figures(year.root.pk, Period.of_year(2023), tree=tree)["members.total"].withheld


def test_what_is_withheld_is_what_the_rules_of_the_database_hide() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT qual FROM pg_policies WHERE tablename = 'figures_rollup' AND policyname = 'seen'"
        )
        [[rule]] = cursor.fetchall()
    assert f"'{{{POWERS_AT}}}'" in rule
    assert f"'{{{POWERS_BELOW}}}'" in rule
