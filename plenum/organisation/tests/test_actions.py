"""Every act on a unit with the whole cast, and what each writes into the journal."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from plenum.access.reach import OutOfReach
from plenum.journal.actor import Actor
from plenum.journal.models import Entry
from plenum.journal.queries import broken_links
from plenum.organisation.actions import (
    TakeBack,
    change_kind,
    correct_name,
    dissolve_unit,
    found_unit,
    move_unit,
    rename_unit,
    take_back,
)
from plenum.tree.queries import lineage, unit_view
from tests.cast import DISTRICTS_END, SYSTEM, Cast, cast

__all__ = ["cast"]

Act = Callable[[Cast, Actor], object]


def found(cast: Cast, by: Actor) -> object:
    return found_unit(
        code="new", name="Chi bộ Mới", kind="cell", parent=cast.unit("hill-river"), until=DISTRICTS_END,
        on=cast.day, by=by,
    )  # fmt: skip


def rename(cast: Cast, by: Actor) -> object:
    return rename_unit(cast.unit("hill-river"), name="Đảng bộ xã Sông Mới", on=cast.day, by=by)


def correct(cast: Cast, by: Actor) -> object:
    return correct_name(
        cast.unit("hill-river"), name="Đảng bộ xã Sông Trằng", reason="A slip", on=cast.day, by=by
    )


def kind(cast: Cast, by: Actor) -> object:
    return change_kind(cast.unit("hill-river"), kind="agency_committee", on=cast.day, by=by)


def move(cast: Cast, by: Actor) -> object:
    return move_unit(cast.unit("river-mill"), parent=town_of(cast), on=cast.day, by=by)


def dissolve(cast: Cast, by: Actor) -> object:
    return dissolve_unit(cast.unit("river-mill"), on=cast.day, by=by)


def undo(cast: Cast, by: Actor) -> object:
    rename_unit(cast.unit("river-mill"), name="Chi bộ X", on=cast.day, by=SYSTEM)
    return take_back(cast.unit("river-mill"), what=TakeBack.NAME, reason="Too early", on=cast.day, by=by)


ACTS: dict[str, Act] = {
    "organisation.found_unit": found,
    "organisation.rename_unit": rename,
    "organisation.correct_name": correct,
    "organisation.change_kind": kind,
    "organisation.move_unit": move,
    "organisation.dissolve_unit": dissolve,
    "organisation.take_back": undo,
}


def town_of(cast: Cast) -> Any:
    return found_unit(
        code="hill-town", name="Đảng bộ thị trấn", kind="commune_committee", parent=cast.unit("north-hill"),
        on=date(2021, 1, 1), until=DISTRICTS_END, by=SYSTEM,
    )  # fmt: skip


@pytest.mark.parametrize("code", ACTS)
def test_the_superior_may_and_nobody_else(cast: Cast, code: str) -> None:
    for login, member in cast.members.items():
        if login != "superior":
            with pytest.raises(OutOfReach):
                ACTS[code](cast, member.actor)
            return_to_start(cast)
    with pytest.raises(OutOfReach):
        ACTS[code](cast, Actor.nobody())
    return_to_start(cast)
    ACTS[code](cast, cast.superior.actor)
    entry = Entry.objects.filter(act=code).latest("id")
    assert (entry.actor_label, entry.on_date) == ("Superior", cast.day)
    assert entry.power
    assert entry.change
    assert broken_links() == []


def return_to_start(cast: Cast) -> None:
    """Undo what a refused act had prepared as the system."""
    from plenum.tree.models import Unit

    if len(unit_names("river-mill")) > 1:
        take_back(cast.unit("river-mill"), what=TakeBack.NAME, reason="Again", on=cast.day, by=SYSTEM)
    Unit.objects.filter(code="hill-town").delete()


def unit_names(code: str) -> list[str]:
    from plenum.tree.models import UnitName

    return list(UnitName.objects.filter(unit__code=code).values_list("name", flat=True))


def test_a_move_needs_the_power_on_both_sides(cast: Cast) -> None:
    there = found_unit(
        code="coast-town", name="Đảng bộ xã Biển", kind="commune_committee", parent=cast.unit("south-coast"),
        on=cast.day, until=DISTRICTS_END, by=SYSTEM,
    )  # fmt: skip
    for member in (cast.superior, cast.neighbour):
        with pytest.raises(OutOfReach):
            move_unit(cast.unit("river-mill"), parent=there, on=cast.day, by=member.actor)
    move_unit(cast.unit("river-mill"), parent=there, on=cast.day, by=SYSTEM)
    assert unit_view("river-mill", cast.day).parent_code == "coast-town"


def test_a_root_is_founded_by_the_system_only(cast: Cast) -> None:
    with pytest.raises(OutOfReach):
        found_unit(code="r", name="R", kind="centre", parent=None, on=cast.day, by=cast.superior.actor)
    with pytest.raises(ValidationError) as refused:
        found_unit(code="r", name="R", kind="centre", parent=None, on=cast.day, by=SYSTEM)
    assert "parent" in refused.value.message_dict


def test_predecessors_are_linked(cast: Cast) -> None:
    new = found_unit(
        code="new", name="Chi bộ Mới", kind="cell", parent=cast.unit("hill-river"), until=DISTRICTS_END,
        predecessors=[cast.unit("river-mill")], on=cast.day, by=cast.superior.actor,
    )  # fmt: skip
    assert [each.unit.code for each in lineage(new.pk, cast.day).predecessors] == ["river-mill"]
    assert [each.unit.code for each in lineage(cast.unit("river-mill").pk, cast.day).successors] == ["new"]


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda c: rename_unit(c.unit("river-mill"), name=" ", on=c.day, by=SYSTEM), "name"),
        (
            lambda c: rename_unit(
                c.unit("river-mill"), name="X", since=date(2019, 1, 1), on=c.day, by=SYSTEM
            ),
            "since",
        ),
        (lambda c: correct_name(c.unit("river-mill"), name="X", reason=" ", on=c.day, by=SYSTEM), "reason"),
        (lambda c: change_kind(c.unit("river-mill"), kind="district", on=c.day, by=SYSTEM), "kind"),
        (lambda c: change_kind(c.unit("river-mill"), kind="moon", on=c.day, by=SYSTEM), "kind"),
        (
            lambda c: move_unit(c.unit("hill-river"), parent=c.unit("river-mill"), on=c.day, by=SYSTEM),
            "parent",
        ),
        (lambda c: dissolve_unit(c.unit("hill-river"), on=c.day, by=SYSTEM), "since"),
        (
            lambda c: take_back(c.unit("river-mill"), what=TakeBack.KIND, reason="x", on=c.day, by=SYSTEM),
            "what",
        ),
    ],
)
def test_what_is_refused_names_the_field_and_writes_nothing(
    cast: Cast, act: Callable[[Cast], object], field: str
) -> None:
    before = Entry.objects.count()
    with pytest.raises(ValidationError) as refused:
        act(cast)
    assert list(refused.value.message_dict) == [field]
    assert all(str(message).strip() and "%(" not in message for message in refused.value.messages)
    assert Entry.objects.count() == before
