"""Random changes of one day, for tests: one by one through the ledger, and the same as one reshaping."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from plenum.tree import ledger
from plenum.tree.models import Became, Unit
from plenum.tree.rules import (
    DIVIDED_BY,
    Founded,
    Linked,
    Moved,
    Refused,
    Rekinded,
    Renamed,
    Strand,
    TreeChanges,
)
from plenum.tree.tests.factories import FOUNDED

KINDS = ("province", "district", "bloc", "commune_committee", "agency_committee", "grassroots_cell", "cell")
DAYS = 2500


def some_day(chance: Random) -> date:
    return FOUNDED + timedelta(days=chance.randrange(-50, DAYS))


def random_act(chance: Random, number: int) -> None:
    """One act on random units on a random day; most are refused by the rules."""
    units = list(Unit.objects.order_by("pk"))
    unit, other, day = chance.choice(units), chance.choice(units), some_day(chance)
    match chance.choice(
        ("found", "found", "found", "rename", "move", "move", "kind", "dissolve", "reopen", "back")
    ):
        case "found":
            until = day + timedelta(days=chance.randrange(1, 900)) if chance.random() < 0.3 else None
            ledger.found(
                code=f"u-{number}",
                name=f"Unit {number}",
                kind=chance.choice(KINDS),
                parent=other,
                on=day,
                until=until,
            )
        case "rename":
            ledger.rename(unit, chance.choice("ABC"), on=day)
        case "move":
            ledger.move(unit, other, on=day)
        case "kind":
            ledger.change_kind(unit, chance.choice(KINDS), on=day)
        case "dissolve":
            ledger.dissolve(unit, on=day)
        case "reopen":
            ledger.reopen(unit)
        case "back":
            ledger.take_back(unit, chance.choice(list(Strand)))


def one_by_one(chance: Random, on: date, steps: int) -> TreeChanges:
    """Do random changes of one day through the ledger, and say what was done."""
    done = TreeChanges()
    deeds: list[Callable[[Random, date, int, TreeChanges], TreeChanges]] = [
        _found,
        _found,
        _rename,
        _rekind,
        _move,
        _move,
        _end,
        _end,
    ]
    for number in range(steps):
        try:
            done = chance.choice(deeds)(chance, on, number, done)
        except Refused:
            continue
    for _number in range(steps // 4):
        try:
            done = _link(chance, on, done)
        except Refused:
            continue
    return done


def _pick(chance: Random) -> Unit:
    return chance.choice(list(Unit.objects.order_by("pk")))


def _found(chance: Random, on: date, number: int, done: TreeChanges) -> TreeChanges:
    parent = _pick(chance)
    new = Founded(f"new-{number}", f"New {number}", chance.choice(KINDS), parent.code, chance.choice("NM"))
    ledger.found(code=new.code, name=new.name, kind=new.kind, parent=parent, on=on, short=new.short)
    return replace(done, founded=(*done.founded, new))


def _rename(chance: Random, on: date, _number: int, done: TreeChanges) -> TreeChanges:
    unit, name = _pick(chance), chance.choice("ABC")
    ledger.rename(unit, name, on=on)
    return replace(done, renamed=(*done.renamed, Renamed(unit.code, name)))


def _rekind(chance: Random, on: date, _number: int, done: TreeChanges) -> TreeChanges:
    unit, kind = _pick(chance), chance.choice(KINDS)
    ledger.change_kind(unit, kind, on=on)
    return replace(done, rekinded=(*done.rekinded, Rekinded(unit.code, kind)))


def _move(chance: Random, on: date, _number: int, done: TreeChanges) -> TreeChanges:
    unit, parent = _pick(chance), _pick(chance)
    ledger.move(unit, parent, on=on)
    return replace(done, moved=(*done.moved, Moved(unit.code, parent.code)))


def _end(chance: Random, on: date, _number: int, done: TreeChanges) -> TreeChanges:
    unit = _pick(chance)
    ledger.dissolve(unit, on=on)
    return replace(done, ended=(*done.ended, unit.code))


def _link(chance: Random, on: date, done: TreeChanges) -> TreeChanges:
    old, new = _pick(chance), _pick(chance)
    how = chance.choice(Became.values)
    ledger.link(old, new, on=on, how=how)
    return replace(done, linked=(*done.linked, Linked(old.code, new.code, how)))


def any_changes(chance: Random, mark: str) -> TreeChanges:
    """Changes that nobody has thought about: most cannot be."""
    codes = list(Unit.objects.values_list("code", flat=True).order_by("pk"))

    def some(most: int) -> list[str]:
        return chance.sample(codes, min(chance.randrange(most + 1), len(codes)))

    founded = tuple(
        Founded(f"{mark}-{number}", "N", chance.choice(KINDS), chance.choice(codes))
        for number in range(chance.randrange(3))
    )
    all_codes = [*codes, *(new.code for new in founded)]
    ended = some(2)
    left = [code for code in all_codes if code not in ended]
    linked = []
    for code in [*ended, *some(1)]:
        successors = [each for each in chance.sample(left, min(len(left), 2)) if each != code]
        by = chance.choice(("", *DIVIDED_BY))
        if len(successors) == 2 and by:
            first = Fraction(chance.randrange(1, 7), 7)
            linked += [
                Linked(code, successors[0], "split", first, by),
                Linked(code, successors[1], "split", 1 - first, by),
            ]
        else:
            linked += [Linked(code, successor, "merged") for successor in successors[:1]]
    return TreeChanges(
        founded=founded,
        renamed=tuple(Renamed(code, chance.choice("ABC")) for code in some(2)),
        rekinded=tuple(Rekinded(code, chance.choice(KINDS)) for code in some(1)),
        moved=tuple(Moved(code, chance.choice(all_codes)) for code in some(3)),
        ended=tuple(ended),
        linked=tuple(linked),
    )
