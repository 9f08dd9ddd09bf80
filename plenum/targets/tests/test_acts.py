"""Setting, amending and withdrawing targets, recording statements, loading both, with the whole cast."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from plenum.access.reach import OutOfReach
from plenum.directives.models import Document
from plenum.figures.tests.factories import SYSTEM
from plenum.journal.models import Entry
from plenum.periods import Period
from plenum.targets.actions import (
    StatementFields,
    amend_target,
    load_statements,
    load_targets,
    record_statement,
    set_target,
    withdraw_statement,
    withdraw_target,
)
from plenum.targets.models import Statement, Target
from plenum.targets.queries import history, live_target, live_targets, on_document, statements_on
from plenum.targets.tests.factories import document, fields
from tests.cast import DAY, Cast

ADMITTED = fields("members.admitted", "12", "2024")
SAID = StatementFields(
    "members.admitted", Period.parse("2024-9M"), "percent_of_target", Decimal("52.28"), "percent", "Review"
)


def test_setting_is_journalled_and_reaches_down_only(cast: Cast) -> None:
    basis = document(cast.unit("north-hill"))
    said = replace(ADMITTED, basis_id=basis.pk, given_to="Nguyễn Văn A", given_to_post="Bí thư")
    target = set_target(cast.unit("hill-school"), said, on=cast.day, by=cast.superior.actor)
    entry = Entry.objects.get(act="targets.set_target")
    assert (entry.unit_id, entry.power, entry.change["amount"]) == (target.unit_id, "targets.set", "12")
    assert list(on_document(basis.pk)) == [target]
    for login in ("insider", "sibling", "neighbour", "auditor", "stranger"):
        with pytest.raises(OutOfReach):
            set_target(cast.unit("hill-river"), ADMITTED, on=cast.day, by=cast.members[login].actor)
    with pytest.raises(OutOfReach):
        set_target(cast.unit("north"), ADMITTED, on=cast.day, by=cast.superior.actor)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (fields("members.lost", "1", "2024"), "indicator"),
        (fields("members.admitted", "1", "2024", "about"), "comparison"),
        (fields("members.admitted", "1.5", "2024"), "amount"),
        (fields("members.admitted", "-1", "2024"), "amount"),
        (fields("members.admitted", "1E+3", "2024-07"), "period"),
        (fields("members.admitted", "1", "2019"), "period"),
        (fields("leaders.village_heads_share", "101", "2024"), "amount"),
        (fields("leaders.village_heads_share", "90.12345", "2024"), "amount"),
        (fields("leaders.village_heads_share", "100", "2024", "more_than"), "amount"),
        (fields("members.admitted", "1", "2024", basis_id=0), "basis"),
    ],
)
def test_what_is_wrong_is_named(cast: Cast, said: object, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        set_target(cast.unit("hill-school"), said, on=cast.day, by=cast.superior.actor)  # type: ignore[arg-type]
    assert list(refused.value.message_dict) == [field]
    assert not Target.objects.exists()


def test_a_basis_beyond_reach_or_of_a_later_day_is_refused(cast: Cast) -> None:
    hidden = document(cast.unit("south-coast"))
    later = document(cast.unit("north-hill"), "9", date(2023, 1, 10))
    unit, by = cast.unit("hill-school"), cast.superior.actor
    with pytest.raises(ValidationError, match="no such document"):
        set_target(unit, replace(ADMITTED, basis_id=hidden.pk), on=cast.day, by=by)
    with pytest.raises(ValidationError, match="dated later"):
        set_target(unit, replace(ADMITTED, basis_id=later.pk), on=date(2023, 1, 9), by=by)


def test_one_target_stands_at_a_time(cast: Cast) -> None:
    unit, by = cast.unit("hill-school"), cast.superior.actor
    first = set_target(unit, ADMITTED, on=cast.day, by=by)
    with pytest.raises(ValidationError, match="Amend it"):
        set_target(unit, ADMITTED, on=cast.day, by=by)
    set_target(unit, fields("members.admitted", "3", "2024-Q4"), on=cast.day, by=by)
    with pytest.raises(IntegrityError, match="target_has_one_line"), transaction.atomic():
        Target.objects.create(
            unit=unit,
            indicator="members.admitted",
            period_code="2024",
            comparison="value",
            amount=1,
            known_on=cast.day,
        )
    withdraw_target(first, reason="reform", on=cast.day, by=by)
    again = set_target(unit, ADMITTED, on=cast.day, by=by)
    assert [row.deed for row in history(unit.pk, "members.admitted", Period.parse("2024"))] == [
        "set",
        "withdraw",
        "set",
    ]
    assert live_target(first) == again


def test_amending_adds_a_row_with_its_reason(cast: Cast) -> None:
    unit, by = cast.unit("hill-school"), cast.superior.actor
    first = set_target(unit, ADMITTED, on=date(2024, 1, 10), by=by)
    with pytest.raises(ValidationError, match="Say why"):
        amend_target(first, replace(ADMITTED, amount=Decimal(14)), reason="", on=cast.day, by=by)
    with pytest.raises(ValidationError, match="Nothing was changed"):
        amend_target(first, ADMITTED, reason="none", on=cast.day, by=by)
    with pytest.raises(ValidationError, match=r"changed on 10.*Jan.*2024; a change cannot be dated before"):
        amend_target(first, replace(ADMITTED, amount=Decimal(14)), reason="more", on=date(2024, 1, 9), by=by)
    with pytest.raises(OutOfReach):
        amend_target(
            first, replace(ADMITTED, amount=Decimal(14)), reason="more", on=cast.day, by=cast.insider.actor
        )
    second = amend_target(first, replace(ADMITTED, amount=Decimal(14)), reason="more", on=cast.day, by=by)
    assert Entry.objects.get(act="targets.amend_target").change == {"amount": ["12", "14"], "reason": "more"}
    with pytest.raises(ValidationError, match="meanwhile"):
        amend_target(first, replace(ADMITTED, amount=Decimal(15)), reason="late", on=cast.day, by=by)
    held = live_targets([unit.pk], [Period.parse("2024")])
    assert [(view.id, view.amount) for view in held.values()] == [(second.pk, Decimal(14))]
    before = live_targets([unit.pk], [Period.parse("2024")], known_on=date(2024, 10, 7))
    assert [view.amount for view in before.values()] == [12]


def test_withdrawing(cast: Cast) -> None:
    unit, by = cast.unit("hill-school"), cast.superior.actor
    target = set_target(unit, ADMITTED, on=cast.day, by=by)
    with pytest.raises(OutOfReach):
        withdraw_target(target, reason="reform", on=cast.day, by=cast.neighbour.actor)
    gone = withdraw_target(target, reason="reform", on=cast.day, by=by)
    assert live_targets([unit.pk], [Period.parse("2024")]) == {}
    assert live_target(target) is None
    with pytest.raises(ValidationError, match="meanwhile"):
        withdraw_target(gone, reason="twice", on=cast.day, by=by)


@pytest.mark.parametrize("statement", ["UPDATE targets_target SET amount = 1", "DELETE FROM targets_target"])
def test_the_web_role_cannot_change_a_target(cast: Cast, statement: str) -> None:
    from django.db import connection

    set_target(cast.unit("hill-school"), ADMITTED, on=cast.day, by=cast.superior.actor)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


def test_statements_are_recorded_and_withdrawn(cast: Cast) -> None:
    unit, by, period = cast.unit("north-hill"), cast.superior.actor, Period.parse("2024-9M")
    said = record_statement(unit, SAID, on=date(2024, 10, 1), by=by)
    assert (said.decimals, said.as_written) == (2, Decimal("52.28"))
    with pytest.raises(ValidationError, match="recorded already"):
        record_statement(unit, SAID, on=cast.day, by=by)
    for login in ("insider", "neighbour", "auditor", "stranger"):
        with pytest.raises(OutOfReach):
            record_statement(unit, SAID, on=cast.day, by=cast.members[login].actor)
        with pytest.raises(OutOfReach):
            withdraw_statement(said, reason="slip", on=cast.day, by=cast.members[login].actor)
    with pytest.raises(ValidationError, match="Say why"):
        withdraw_statement(said, reason=" ", on=cast.day, by=by)
    withdraw_statement(said, reason="slip", on=cast.day, by=by)
    assert statements_on(unit.pk, period) == []
    assert statements_on(unit.pk, period, known_on=date(2024, 10, 7)) == [said]
    assert statements_on(unit.pk, period, known_on=date(2024, 9, 30)) == []
    assert Entry.objects.filter(act__startswith="targets.").count() == 2
    record_statement(unit, SAID, on=cast.day, by=by)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"indicator": "members.lost"}, "indicator"),
        ({"what": "mood"}, "what"),
        ({"said_unit": "pieces"}, "said_unit"),
        ({"said_unit": "count"}, "said_unit"),
        ({"what": "value"}, "said_unit"),
        ({"source": " "}, "source"),
        ({"stated": Decimal("1.1234567")}, "stated"),
        ({"document_id": 0}, "document"),
    ],
)
def test_what_is_wrong_in_a_statement_is_named(cast: Cast, changes: dict[str, object], field: str) -> None:
    wrong = replace(SAID, **changes)  # type: ignore[arg-type]
    with pytest.raises(ValidationError) as refused:
        record_statement(cast.unit("north-hill"), wrong, on=cast.day, by=cast.superior.actor)
    assert list(refused.value.message_dict) == [field]


TARGET_HEAD = (
    "unit", "indicator", "period", "comparison", "amount", "basis", "given_to", "given_to_post", "on",
    "illustrative",
)  # fmt: skip


def row(*cells: str) -> dict[str, str]:
    return dict(zip(TARGET_HEAD, cells, strict=True))


def test_loading_targets(cast: Cast) -> None:
    document(cast.unit("north-hill"))
    good = row(
        "hill-school",
        "members.admitted",
        "2023",
        "value",
        "12",
        "880|2023-01-05",
        "A",
        "B",
        "2023-01-20",
        "1",
    )
    (target,) = load_targets([good], on=DAY, by=SYSTEM)
    assert (target.known_on, target.illustrative, target.basis) == (
        date(2023, 1, 20),
        True,
        Document.objects.get(),
    )


def test_loading_targets_is_all_or_nothing_and_lists_every_error(cast: Cast) -> None:
    good = row("hill-school", "members.admitted", "2023", "value", "12", "", "", "", "2023-01-20", "0")
    rows = [
        good,
        {**good, "period": "2022", "amount": "twelve"},
        {**good, "period": "soon"},
        {**good, "unit": "nowhere"},
        {**good, "basis": "880"},
        {**good, "on": "yesterday"},
        {**good, "amount": "1.5", "indicator": "members.lost"},
        good,
    ]
    with pytest.raises(ValidationError) as refused:
        load_targets(rows, on=DAY, by=SYSTEM)
    assert [message.split(":")[0] for message in refused.value.messages] == [
        "Line 3, column amount",
        "Line 4, column period",
        "Line 5, column unit",
        "Line 6, column basis",
        "Line 7, column on",
        "Line 8, column indicator",
        "Line 9, column indicator",
    ]
    assert not Target.objects.exists()


def test_loading_statements(cast: Cast) -> None:
    good = {
        "unit": "north-hill", "indicator": "members.admitted", "period": "2023", "what": "percent_of_target",
        "stated": "113.30", "said_unit": "percent", "source": "Report", "on": "2024-01-10",
    }  # fmt: skip
    (said,) = load_statements([good], on=DAY, by=SYSTEM)
    said.refresh_from_db()
    assert (str(said.as_written), said.on_date) == ("113.30", date(2024, 1, 10))
    with pytest.raises(ValidationError) as refused:
        load_statements([{**good, "stated": "113,34"}, {**good, "source": ""}], on=DAY, by=SYSTEM)
    assert [message.split(":")[0] for message in refused.value.messages] == [
        "Line 2, column stated",
        "Line 3, column source",
    ]
    assert Statement.objects.count() == 1


def test_what_a_person_loads_is_done_today_with_the_powers_of_today(cast: Cast) -> None:
    officer = cast.superior.actor
    target = row("hill-school", "members.admitted", "2024", "value", "12", "", "", "", "", "0")
    said = {
        "unit": "north-hill", "indicator": "members.admitted", "period": "2023", "what": "value",
        "stated": "12", "said_unit": "count", "source": "Report",
    }  # fmt: skip
    for rows, load in (([target], load_targets), ([said], load_statements)):
        (loaded,) = load(rows, on=DAY, by=officer)
        assert (loaded.known_on if isinstance(loaded, Target) else loaded.on_date) == DAY
        with pytest.raises(ValidationError, match="Line 2, column on: Only the operator"):
            load([{**rows[0], "on": "2023-01-20"}], on=DAY, by=officer)
        with pytest.raises(ValidationError, match="Line 2, column unit: There is no unit"):
            load(rows, on=DAY, by=cast.neighbour.actor)
        with pytest.raises(ValidationError, match="Line 2, column unit: You do not have this power"):
            load(rows, on=DAY, by=cast.auditor.actor)
