"""Reach: one query for lists and checks, and the same answer as counting by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from plenum.access.models import Account, Grant
from plenum.access.powers import GRANT, POWERS, Power, Reach
from plenum.access.reach import (
    OutOfReach,
    powers_held_over,
    reachable,
    reached_by,
    reaches_all,
    require,
    visible,
)
from plenum.journal.actor import Actor
from plenum.periods import Span
from plenum.tree.models import Placement, Unit, UnitKind, UnitName
from tests.cast import DAY, DISTRICTS_END, SYSTEM, Cast


def power(reach: Reach) -> Power:
    code = f"reach.try_{reach}"
    return POWERS.get(code) or Power(code, reach, code)


PROBES = {reach: power(reach) for reach in Reach}


def give(cast: Cast, code: str, *, login: str = "stranger", span: Span | None = None) -> Grant:
    return Grant.objects.create(
        account=cast.members[login].account,
        unit=cast.unit(code),
        role=f"probe-{code}-{Grant.objects.count()}",
        powers=[probe.code for probe in PROBES.values()],
        span=span or Span(date(2024, 1, 1)),
    )


def codes(actor: Actor, reach: Reach, on: date = DAY) -> set[str]:
    return set(reachable(actor, PROBES[reach], on).values_list("code", flat=True))


HILL = {"north-hill", "hill-school", "hill-river", "river-mill"}


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        (Reach.UNIT, {"north-hill"}),
        (Reach.UNIT_AND_BELOW, HILL),
        (Reach.BELOW, HILL - {"north-hill"}),
        (Reach.LINE, HILL | {"north", "centre"}),
    ],
)
def test_a_power_extends_as_far_as_it_says(cast: Cast, reach: Reach, expected: set[str]) -> None:
    give(cast, "north-hill")
    assert codes(cast.stranger.actor, reach) == expected


def test_reach_says_the_same_wherever_it_stands(cast: Cast) -> None:
    """Its SQL is kept: beside another reach, denied, and twice in one query under other names."""
    give(cast, "north-hill")
    actor = cast.stranger.actor
    reached, line = (reachable(actor, PROBES[each], DAY) for each in (Reach.UNIT_AND_BELOW, Reach.LINE))

    def codes_of(units: Any) -> set[str]:
        return set(units.values_list("code", flat=True))

    assert codes_of(reached & line) == HILL
    assert codes_of(reachable(actor, PROBES[Reach.BELOW], DAY) | line.filter(code="centre")) == (
        HILL - {"north-hill"} | {"centre"}
    )
    assert codes_of(Unit.objects.exclude(pk__in=reached.values("pk"))) == set(cast.units) - HILL
    places = Placement.objects.filter(unit__in=reached.values("pk"), parent__in=line.values("pk"))
    assert set(places.values_list("unit__code", "parent__code")) >= {("north-hill", "north")}
    assert not places.exclude(unit__in=Unit.objects.filter(pk__in=reached.values("pk")).values("pk")).exists()
    assert codes_of(reached) == codes_of(reached.all()) == HILL


@pytest.mark.parametrize("reach", list(Reach))
def test_without_a_grant_nothing_is_reached(cast: Cast, reach: Reach) -> None:
    assert codes(cast.stranger.actor, reach) == set()
    assert codes(Actor.nobody(), reach) == set()
    assert codes(SYSTEM, reach) == set(cast.units)


def test_a_grant_counts_only_in_its_span(cast: Cast) -> None:
    give(cast, "hill-school", span=Span(date(2024, 2, 1), date(2024, 3, 1)))
    actor = cast.stranger.actor
    days = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1)]
    assert [codes(actor, Reach.UNIT, day) for day in days] == [set(), {"hill-school"}, {"hill-school"}, set()]


def test_a_closed_account_reaches_nothing(cast: Cast) -> None:
    give(cast, "hill-school")
    Account.objects.filter(pk=cast.stranger.account.pk).update(is_active=False)
    assert codes(cast.stranger.actor, Reach.UNIT_AND_BELOW) == set()


def test_who_acts_for_a_unit_has_only_the_grants_there(cast: Cast) -> None:
    give(cast, "hill-school")
    give(cast, "coast-port")
    actor = cast.stranger.actor
    assert codes(actor, Reach.UNIT) == {"hill-school", "coast-port"}
    assert codes(replace(actor, acting_for=cast.unit("coast-port").pk), Reach.UNIT) == {"coast-port"}
    assert codes(replace(actor, acting_for=cast.unit("centre").pk), Reach.UNIT) == set()


def test_an_ended_unit_is_reached_as_on_its_last_day_and_a_coming_one_as_on_its_first(cast: Cast) -> None:
    give(cast, "north")
    assert codes(cast.stranger.actor, Reach.BELOW, DISTRICTS_END + timedelta(days=400)) == HILL
    give(cast, "north", span=Span(date(2010, 1, 1), date(2011, 1, 1)))
    assert codes(cast.stranger.actor, Reach.BELOW, date(2010, 6, 1)) == HILL


def test_require_names_the_power_and_the_unit(cast: Cast) -> None:
    require(cast.superior.actor, GRANT, cast.unit("hill-school"), DAY)
    require(SYSTEM, GRANT, cast.unit("hill-school").pk, DAY)
    for member in cast.outsiders.values():
        with pytest.raises(OutOfReach) as refusal:
            require(member.actor, GRANT, cast.unit("hill-school"), DAY)
        assert refusal.value.power == GRANT
        assert refusal.value.unit_id == cast.unit("hill-school").pk


def test_lists_and_checks_are_one_query_each(
    cast: Cast, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for reach in Reach:
        with django_assert_num_queries(1):
            codes(cast.superior.actor, reach)
    with django_assert_num_queries(1):
        list(visible(Placement.objects.all(), cast.superior.actor, GRANT, DAY))
    with django_assert_num_queries(1):
        require(cast.superior.actor, GRANT, cast.unit("hill-school"), DAY)


def test_visible_filters_by_the_unit_of_each_row(cast: Cast) -> None:
    seen = visible(Placement.objects.all(), cast.superior.actor, GRANT, DAY).values_list(
        "unit__code", flat=True
    )
    assert set(seen) == HILL
    parents = visible(Placement.objects.all(), cast.superior.actor, GRANT, DAY, unit_field="parent")
    assert set(parents.values_list("unit__code", flat=True)) == HILL - {"north-hill"}
    assert visible(Placement.objects.all(), SYSTEM, GRANT, DAY).count() == len(cast.units)
    assert not visible(Placement.objects.all(), Actor.nobody(), GRANT, DAY).exists()


def test_powers_held_over_a_unit_are_those_given_there_or_above(cast: Cast) -> None:
    over = cast.unit("hill-school").pk
    assert "figures.enter" in powers_held_over(cast.superior.actor, over, DAY)
    assert "figures.enter" in powers_held_over(cast.insider.actor, over, DAY)
    assert "access.grant" not in powers_held_over(cast.insider.actor, over, DAY)
    assert powers_held_over(cast.insider.actor, cast.unit("north-hill").pk, DAY) == set()
    for member in cast.outsiders.values():
        assert powers_held_over(member.actor, over, DAY) == set()


# The same question answered by hand, over random trees, grants and days


@dataclass(frozen=True)
class Place:
    """Where a unit stood for a span, by indices of units."""

    unit: int
    parent: int | None
    span: Span


FIRST = date(2020, 1, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def random_tree(random: Random, size: int) -> tuple[list[Span], list[Place]]:
    """Lives and places of ``size`` units; the first is the root, each moves at most once, under an older one."""
    lives = [Span(FIRST)]
    places = [Place(0, None, lives[0])]
    for unit in range(1, size):
        start = random.randrange(0, 60)
        end = random.choice([None, start + random.randrange(2, 60)])
        life = Span(day(start), day(end) if end else None)
        above = [each for each in range(unit) if lives[each].covers(life)]
        lives.append(life)
        if random.random() < 0.5 and (end is None or end - start > 2):
            turn = day(start + random.randrange(1, (end or start + 40) - start))
            places += [
                Place(unit, random.choice(above), Span(life.start, turn)),
                Place(unit, random.choice(above), Span(turn, life.end)),
            ]
        else:
            places.append(Place(unit, random.choice(above), life))
    return lives, places


def by_hand(
    lives: Sequence[Span], places: Sequence[Place], held: Sequence[tuple[int, Span]], reach: Reach, on: date
) -> set[int]:
    """The units reached, by walking up from each unit on its own nearest day."""

    def line(unit: int) -> list[int]:
        last = lives[unit].last_day
        seen = max(lives[unit].start, min(on, last) if last else on)
        found: list[int] = []
        at: int | None = unit
        while at is not None:
            found.append(at)
            at = next(place.parent for place in places if place.unit == at and seen in place.span)
        return found

    holders = {unit for unit, span in held if on in span}
    reached: set[int] = set()
    for unit in range(len(lives)):
        above = set(line(unit))
        if reach is Reach.UNIT and unit in holders:
            reached.add(unit)
        if reach in (Reach.UNIT_AND_BELOW, Reach.LINE) and above & holders:
            reached.add(unit)
        if reach is Reach.BELOW and (above - {unit}) & holders:
            reached.add(unit)
        if reach is Reach.LINE and unit in holders:
            reached |= above
    return reached


def plant(seed: int, lives: Sequence[Span], places: Sequence[Place]) -> list[Unit]:
    """Write a tree as its tables hold it; what may stand under what is no matter of reach."""
    units = [
        Unit.objects.create(code=f"r{seed}-{number}", lifetime=life) for number, life in enumerate(lives)
    ]
    for unit, life in zip(units, lives, strict=True):
        UnitName.objects.create(
            unit=unit, name=unit.code, sort_key=unit.code, search_key=unit.code, span=life
        )
        UnitKind.objects.create(unit=unit, kind="cell", span=life)
    for place in places:
        Placement.objects.create(
            unit=units[place.unit],
            parent=None if place.parent is None else units[place.parent],
            span=place.span,
        )
    return units


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(25))
def test_reach_is_what_counting_by_hand_gives(seed: int) -> None:
    random = Random(seed)
    lives, places = random_tree(random, size=random.randrange(2, 14))
    units = plant(seed, lives, places)
    number = {unit.pk: index for index, unit in enumerate(units)}
    account = Account.objects.create(login=f"probe{seed}", name="Probe")
    actor = Actor(account.pk, "Probe")
    held: list[tuple[int, Span]] = []
    for index in range(random.randrange(1, 4)):
        unit, start = random.randrange(len(units)), random.randrange(0, 90)
        span = Span(day(start), random.choice([None, day(start + random.randrange(1, 60))]))
        held.append((unit, span))
        Grant.objects.create(
            account=account,
            unit=units[unit],
            role=f"probe-{index}",
            powers=[probe.code for probe in PROBES.values()],
            span=span,
        )
    for on in (day(random.randrange(0, 130)) for _time in range(6)):
        for reach, probe in PROBES.items():
            found = {number[pk] for pk in reachable(actor, probe, on).values_list("pk", flat=True)}
            assert found == by_hand(lives, places, held, reach, on), (reach, on)
            assert reaches_all(actor, probe, on) <= (len(found) == len(units))
            if reach is not Reach.LINE:
                together = Unit.objects.filter(pk__in=reached_by(actor, [probe], on))
                assert {number[pk] for pk in together.values_list("pk", flat=True)} == found, (reach, on)


def test_the_random_trees_have_what_makes_reach_hard() -> None:
    trees = [random_tree(Random(seed), size=Random(seed).randrange(2, 14)) for seed in range(25)]
    assert any(
        sum(place.unit == unit for place in places) > 1
        for lives, places in trees
        for unit in range(len(lives))
    )
    assert any(life.end is not None for lives, _places in trees for life in lives)
