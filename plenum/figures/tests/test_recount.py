"""Random years: after any acts in any order, every figure is what a recount by hand gives."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from plenum.figures.actions import accept_return, correct_return, save_draft, send_back, submit_return
from plenum.figures.models import Obligation, Return
from plenum.figures.queries import (
    Figure,
    Reason,
    by_child,
    figures,
    figures_of,
    returns_behind,
    rollups_recounted,
)
from plenum.figures.queries.sums import Ask, sums
from plenum.figures.rules import State
from plenum.figures.tests.factories import FOUNDED, SUMMARY, SYSTEM, dissolve, move, oblige, plant
from plenum.figures.tests.oracle import Counted, Oracle
from plenum.packs import pack
from plenum.periods import Period
from plenum.tree.models import Became, Lineage, Placement, Unit, UnitName

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2022, 6, 1), date(2024, 6, 30)
SCHEDULES = ("month", "month", "month", "quarter", "half", "year", "nine_months_and_quarter")
SLOTS = ("members_admitted", "members_total", "village_heads", "village_heads_members", "admitted_women")
PERIODS = (
    "2022",
    "2023",
    "2023-Q1",
    "2023-Q3",
    "2023-H2",
    "2023-9M",
    "2023-02",
    "2023-11",
    "2024-Q1",
    "2022-12",
)


class Year:
    """A tree in which anything may happen; whatever is impossible is refused and simply did not happen."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.done = self.founded = 0
        self.doubts: set[Reason] = set()
        self.root = plant("root", "centre", None)
        self.provinces = [plant(f"p{number}", "province", self.root) for number in range(3)]
        self.districts = [
            plant(f"d{number}", "district", random.choice(self.provinces)) for number in range(5)
        ]
        self.leaves: list[Unit] = []
        for _number in range(12):
            self.found()
        self.provinces.append(plant("without-districts", "province", self.root))
        oblige(self.provinces[-1], SUMMARY, "quarter")

    def act(self) -> None:
        acts: list[Callable[[], None]] = [self.report] * 8 + [self.correct] * 4 + [self.answer] * 3
        acts += [self.move] * 2 + [self.dissolve, self.rename, self.found] + [self.link] * 2
        try:
            with transaction.atomic():
                self.random.choice(acts)()
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            self.done += 1
        except (IntegrityError, ValidationError):
            self.leaves = [leaf for leaf in self.leaves if Unit.objects.filter(pk=leaf.pk).exists()]

    def found(self) -> None:
        self.founded += 1
        parent = self.random.choice(self.districts)
        since = self.random.choice([FOUNDED, self.day()])
        leaf = plant(f"leaf{self.founded}", "commune_committee", parent, since)
        oblige(leaf, schedule=self.random.choice(SCHEDULES), since=since)
        self.leaves.append(leaf)

    def day(self) -> date:
        return FIRST + timedelta(days=self.random.randrange((LAST - FIRST).days))

    def move(self) -> None:
        unit = self.random.choice([*self.leaves, *self.leaves, *self.districts, *self.provinces])
        day = self.day()
        unit.refresh_from_db()
        if day in unit.lifetime:
            move(unit, self.random.choice([*self.districts, *self.provinces]), day)

    def dissolve(self) -> None:
        unit = self.random.choice([*self.leaves, *self.leaves, *self.districts])
        day = self.day()
        unit.refresh_from_db()
        if unit.lifetime.end is None and unit.lifetime.start < day:
            dissolve(unit, day)

    def link(self) -> None:
        units = [*self.leaves, *self.districts, *self.provinces]
        ended = [unit for unit in units if unit.lifetime.end is not None]
        predecessor = self.random.choice(ended if ended and self.random.random() < 0.6 else units)
        on = predecessor.lifetime.end or self.day()
        for successor in self.random.sample(units, self.random.randrange(1, 3)):
            Lineage.objects.create(
                predecessor=predecessor,
                successor=successor,
                on_date=on,
                how=self.random.choice(Became.values),
            )

    def rename(self) -> None:
        unit = self.random.choice(self.leaves)
        UnitName.objects.filter(unit=unit).update(name=f"renamed {self.random.random()}")

    def values(self) -> dict[str, int | None]:
        admitted, heads = self.random.randrange(20), self.random.randrange(1, 9)
        chosen: dict[str, int | None] = {
            "members_admitted": admitted,
            "members_total": self.random.randrange(100),
            "organisations_founded_private": self.random.randrange(3),
            "admitted_women": self.random.randrange(admitted + 1),
            "village_heads": heads,
            "village_heads_members": self.random.randrange(heads + 1),
        }
        return {slot: None if self.random.random() < 0.2 else value for slot, value in chosen.items()}

    def fill_in(self, unit_id: int, form: str, period: Period, edition: int, on: date) -> Return:
        of_form = pack().forms[form]
        values = {slot: value for slot, value in self.values().items() if of_form.has(slot)}
        marked = [slot for slot in values if self.random.random() < 0.05]
        draft = save_draft(
            unit_id,
            form,
            period,
            values,
            illustrative=marked,
            remark="random",
            edition=edition,
            on=on,
            by=SYSTEM,
        )
        return submit_return(draft.pk, on=on, by=SYSTEM)

    def report(self) -> None:
        obligation = self.random.choice(list(Obligation.objects.order_by("pk")))
        year = self.random.choice((2022, 2023, 2023, 2023, 2024))
        period = self.random.choice(pack().schedules[obligation.schedule].periods(year))
        on = period.last_day + timedelta(days=self.random.randrange(40))
        returned = self.fill_in(obligation.unit_id, obligation.form, period, 0, on)
        if self.random.random() < 0.8:
            accept_return(returned.pk, on=on, by=SYSTEM)

    def one_that_is(self, state: State) -> Return | None:
        found = list(Return.objects.filter(state=state).order_by("pk"))
        return self.random.choice(found) if found else None

    def correct(self) -> None:
        returned = self.one_that_is(State.ACCEPTED)
        if returned is None or returned.last_step_on is None:
            return
        on = returned.last_step_on + timedelta(days=self.random.randrange(90))
        opened = correct_return(returned.pk, "random", on=on, by=SYSTEM)
        again = self.fill_in(opened.unit_id, opened.form, opened.period, opened.edition, on)
        if self.random.random() < 0.8:
            accept_return(again.pk, on=on + timedelta(days=self.random.randrange(3)), by=SYSTEM)

    def answer(self) -> None:
        returned = self.one_that_is(State.SUBMITTED)
        if returned is None or returned.last_step_on is None:
            return
        on = returned.last_step_on + timedelta(days=self.random.randrange(10))
        if self.random.random() < 0.3:
            send_back(returned.pk, "random", on=on, by=SYSTEM)
        else:
            accept_return(returned.pk, on=on, by=SYSTEM)


def same_as_recounted(
    figure: Figure,
    oracle: Oracle,
    unit: int,
    known_on: date | None,
    through: int | None = None,
    tree: date | None = None,
) -> None:
    def counted(slot: str | None) -> Counted:
        if not slot:
            return Counted(None, 0, False, 0)
        return oracle.count(unit, slot, figure.period, known_on, through, tree)

    indicator = figure.indicator
    value, over, under = (
        counted(indicator.value),
        counted(indicator.numerator),
        counted(indicator.denominator),
    )
    said = (indicator.code, unit, figure.period.code, known_on, through, tree)
    assert (figure.value, figure.numerator, figure.denominator) == (value.value, over.value, under.value), (
        said
    )
    measured = under if indicator.is_ratio else value
    assert (figure.reported_by, figure.carried_from) == (measured.units, measured.carried), said
    assert figure.illustrative == any(each.illustrative for each in (value, over, under)), said
    if through is None:
        codes = {indicator.value, indicator.numerator, indicator.denominator, *indicator.parts} - {None}
        doubtful = any(
            oracle.in_doubt(unit, code, figure.period, known_on, tree) for code in codes if code is not None
        )
        assert bool(figure.estimated) == doubtful, (*said, tree, figure.estimated)
    assert [part.value for part in figure.parts] == [counted(part.code).value for part in figure.parts], said


def total(amounts: Iterable[int | None]) -> int | None:
    """The sum of what is known; None when nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def adds_up(
    figure: Figure, oracle: Oracle, unit: int, known_on: date | None, tree: date | None = None
) -> None:
    """The league below a unit is what a recount gives for each, and adds up to the figure."""
    shares = by_child(unit, figure.indicator, figure.period, known_on=known_on, tree=tree)
    for share in shares:
        same_as_recounted(share.figure, oracle, unit, known_on, through=share.unit.id, tree=tree)
    assert len({share.unit.id for share in shares}) == len(shares)
    if not shares:
        same_as_recounted(figure, oracle, unit, known_on, through=unit, tree=tree)
        return
    assert (figure.value, figure.numerator, figure.denominator) == (
        total(share.figure.value for share in shares),
        total(share.figure.numerator for share in shares),
        total(share.figure.denominator for share in shares),
    ), (figure.indicator.code, unit, figure.period.code, known_on, tree)


def compare(year: Year, how_many: int) -> None:
    oracle = Oracle()
    units = [year.root, *year.provinces, *year.districts, *year.leaves]
    for _time in range(how_many):
        unit = year.random.choice(units)
        period = Period.parse(year.random.choice(PERIODS))
        known_on = year.random.choice([None, None, year.day()])
        tree = year.random.choice([None, None, year.day(), LAST])
        found = figures(unit.pk, period, known_on=known_on, tree=tree)
        for code in ("members.admitted", "members.total", "leaders.village_heads_share"):
            same_as_recounted(found[code], oracle, unit.pk, known_on, tree=tree)
            adds_up(found[code], oracle, unit.pk, known_on, tree)
            year.doubts |= {each.reason for each in found[code].estimated}
        behind = returns_behind(unit.pk, "members.admitted", period, known_on=known_on, tree=tree)
        assert sum(each.values.get("members_admitted", 0) for each in behind) == (
            found["members.admitted"].value or 0
        )
        asks = [
            Ask(key, unit.pk, Period.parse(code)) for key, code in enumerate(year.random.sample(PERIODS, 3))
        ]
        alone = [sums([ask], SLOTS, known_on=known_on, tree=tree) for ask in asks]
        assert sums(asks, SLOTS, known_on=known_on, tree=tree) == {
            k: v for one in alone for k, v in one.items()
        }
        stock = returns_behind(unit.pk, "members.total", period, known_on=known_on, tree=tree)
        assert sum(each.values["members_total"] for each in stock) == (found["members.total"].value or 0)


@pytest.mark.parametrize("seed", range(5))
def test_figures_equal_a_recount_by_hand_after_random_acts(seed: int) -> None:
    year = Year(Random(seed))
    for _round in range(10):
        for _time in range(40):
            year.act()
        compare(year, 6)
        assert rollups_recounted() == []
    assert year.done > 200
    assert len(year.doubts) > 1
    assert Placement.objects.count() > len(year.leaves) + len(year.districts) + len(year.provinces) + 1
    oracle = Oracle()
    units = [unit.pk for unit in (year.root, *year.provinces, *year.districts)]
    for code in PERIODS:
        for unit, found in figures_of(units, Period.parse(code)).items():
            same_as_recounted(found["members.admitted"], oracle, unit, None)
            same_as_recounted(found["members.total"], oracle, unit, None)
            if year.random.random() < 0.2:
                adds_up(found["leaders.village_heads_share"], oracle, unit, None)
