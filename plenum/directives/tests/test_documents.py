"""Registering, correcting, finding and loading documents, with the whole cast."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from plenum.access.reach import OutOfReach
from plenum.directives.actions import DocumentFields, correct_document, load_documents, register_document
from plenum.directives.models import Document
from plenum.directives.queries import (
    DocumentAmbiguous,
    DocumentUnknown,
    find,
    of_line,
    readable,
    view,
)
from plenum.journal.actor import Actor
from plenum.journal.models import Entry
from tests.cast import DAY, Cast

SYSTEM = Actor.system("test")
DECISION = DocumentFields(
    "decision", "Targets of 2024", date(2024, 1, 12), "1412", "1412-QĐ/HU", issuing_body="HU"
)


def register(cast: Cast, unit: str, **changes: object) -> Document:
    """A decision in the register of a unit, entered by the system."""
    fields = replace(DECISION, issuer_id=cast.unit(unit).pk, **changes)  # type: ignore[arg-type]
    return register_document(cast.unit(unit), fields, on=cast.day, by=SYSTEM)


def test_registering_is_journalled_and_needs_the_power_at_the_unit(cast: Cast) -> None:
    unit = cast.unit("north-hill")
    document = register_document(unit, DECISION, on=cast.day, by=cast.superior.actor)
    entry = Entry.objects.get(act="directives.register_document")
    assert (entry.unit_id, entry.actor_id, entry.change["number"]) == (
        unit.pk,
        cast.superior.account.pk,
        "1412",
    )
    assert (document.name, view(document).issuer) == ("1412-QĐ/HU", "HU")
    for login in ("insider", "sibling", "neighbour", "auditor", "stranger"):
        with pytest.raises(OutOfReach):
            register_document(
                unit, replace(DECISION, number="9", symbol=""), on=cast.day, by=cast.members[login].actor
            )
    with pytest.raises(OutOfReach):
        register_document(cast.unit("hill-school"), DECISION, on=cast.day, by=cast.superior.actor)
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "poem"}, "kind"),
        ({"number": "", "symbol": ""}, "number"),
        ({"number": "13"}, "symbol"),
        ({"title": "  "}, "title"),
        ({"day": date(2024, 10, 9)}, "date"),
        ({"precision": "hour"}, "precision"),
        ({"issuing_body": ""}, "issuing_body"),
        ({"issuer_id": 0}, "issuer"),
    ],
)
def test_what_is_wrong_is_named(cast: Cast, changes: dict[str, object], field: str) -> None:
    wrong = replace(DECISION, **changes)  # type: ignore[arg-type]
    with pytest.raises(ValidationError) as refused:
        register_document(cast.unit("north-hill"), wrong, on=cast.day, by=cast.superior.actor)
    assert field in refused.value.message_dict


def test_an_issuer_beyond_reach_is_as_unknown_as_none(cast: Cast) -> None:
    hidden = replace(DECISION, issuer_id=cast.unit("south-coast").pk)
    with pytest.raises(ValidationError) as refused:
        register_document(cast.unit("north-hill"), hidden, on=cast.day, by=cast.superior.actor)
    assert refused.value.message_dict == {"issuer": ["There is no such unit."]}


def test_the_number_may_come_from_the_symbol_and_the_year_is_enough(cast: Cast) -> None:
    document = register(cast, "north", number="", symbol="05-CT/TU", day=date(2023, 7, 9), precision="year")
    assert (document.number, document.date, document.written_date) == ("5", date(2023, 1, 1), "2023")


def test_a_document_is_registered_once_but_numbers_repeat(cast: Cast) -> None:
    register(cast, "north-hill")
    with pytest.raises(ValidationError, match="registered already"):
        register(cast, "north-hill")
    register(cast, "north-hill", day=date(2023, 1, 12))
    register(cast, "south-coast")
    assert Document.objects.count() == 3


def test_the_database_itself_refuses_a_second(cast: Cast) -> None:
    first = register(cast, "north-hill")
    with pytest.raises(IntegrityError, match="document_once_in_a_register"), transaction.atomic():
        Document.objects.create(
            unit=first.unit,
            issuer=first.issuer,
            issuing_body=first.issuing_body,
            kind=first.kind,
            number=first.number,
            date=first.date,
            title="again",
        )


def test_a_correction_keeps_both_and_needs_a_reason(cast: Cast) -> None:
    document = register_document(cast.unit("north-hill"), DECISION, on=cast.day, by=cast.superior.actor)
    better = replace(DECISION, title="Key targets of 2024")
    with pytest.raises(ValidationError, match="Say why"):
        correct_document(document, better, reason=" ", on=cast.day, by=cast.superior.actor)
    with pytest.raises(ValidationError, match="Nothing was changed"):
        correct_document(document, DECISION, reason="none", on=cast.day, by=cast.superior.actor)
    with pytest.raises(OutOfReach):
        correct_document(document, better, reason="title", on=cast.day, by=cast.insider.actor)
    corrected = correct_document(document, better, reason="title", on=cast.day, by=cast.superior.actor)
    assert corrected.title == "Key targets of 2024"
    change = Entry.objects.get(act="directives.correct_document").change
    assert change == {"title": ["Targets of 2024", "Key targets of 2024"], "reason": "title"}


def test_documents_are_seen_up_and_down_the_line_and_nowhere_else(cast: Cast) -> None:
    for code in ("centre", "north", "north-hill", "hill-school", "hill-river", "south", "south-coast"):
        register(cast, code, title=code)
    seen = {
        login: {document.title for document in readable(member.actor, cast.day)}
        for login, member in cast.members.items()
    }
    assert seen["insider"] == {"centre", "north", "north-hill", "hill-school"}
    assert seen["superior"] == {"centre", "north", "north-hill", "hill-school", "hill-river"}
    assert seen["neighbour"] == {"centre", "south", "south-coast"}
    assert seen["stranger"] == set()
    line = of_line(readable(cast.auditor.actor, cast.day), cast.unit("hill-school").pk, cast.day)
    assert {document.title for document in line} == {"centre", "north", "north-hill", "hill-school"}


def test_a_number_alone_is_no_key(cast: Cast) -> None:
    old = register(cast, "north", number="35", symbol="35-CT/TW", day=date(2019, 5, 30))
    new = register(cast, "north", number="35", symbol="", day=date(2024, 6, 14))
    every = Document.objects.all()
    with pytest.raises(DocumentAmbiguous) as refused:
        find("35", every)
    assert "2019-05-30" in str(refused.value)
    assert "2024-06-14" in str(refused.value)
    assert find("35|2024-06-14", every) == new
    assert find("035|2019", every) == old
    assert find("35-ct/tw", every) == old
    for unknown in ("36", "35|2020", "35|2024-02-31", ""):
        with pytest.raises(DocumentUnknown):
            find(unknown, every)


HEAD = (
    "kind",
    "number",
    "symbol",
    "issuer_unit",
    "issuing_body",
    "date",
    "precision",
    "title",
    "illustrative",
)


def row(*cells: str) -> dict[str, str]:
    return dict(zip(HEAD, cells, strict=True))


def test_loading_registers_all_on_their_own_days(cast: Cast) -> None:
    rows = [
        row("decision", "880", "", "north", "Tỉnh ủy", "2023-01-01", "year", "Giao chỉ tiêu", "0"),
        row("notice", "581", "", "", "Ủy ban Kiểm tra", "2023-11-30", "day", "Kết luận", "1"),
    ]
    first, second = load_documents(rows, on=DAY, by=SYSTEM)
    assert (first.unit, first.precision, second.unit, second.illustrative) == (
        cast.unit("north"),
        "year",
        cast.unit("centre"),
        True,
    )
    assert set(
        Entry.objects.filter(act="directives.register_document").values_list("on_date", flat=True)
    ) == {
        date(2023, 1, 1),
        date(2023, 11, 30),
    }


def test_loading_is_all_or_nothing_and_lists_every_error(cast: Cast) -> None:
    rows = [
        row("decision", "880", "", "north", "", "2023-01-05", "day", "Good", "0"),
        row("poem", "1", "", "north", "", "2023-01-05", "day", "", "0"),
        row("decision", "1", "", "nowhere", "", "2023-01-05", "day", "Title", "0"),
        row("decision", "1", "", "north", "", "5.1.2023", "day", "Title", "maybe"),
    ]
    with pytest.raises(ValidationError) as refused:
        load_documents(rows, on=DAY, by=SYSTEM)
    said = refused.value.messages
    assert [message.split(":")[0] for message in said] == [
        "Line 3, column kind",
        "Line 3, column title",
        "Line 4, column issuer_unit",
        "Line 5, column date",
        "Line 5, column illustrative",
    ]
    assert not Document.objects.exists()


def test_people_load_only_into_their_own_register(cast: Cast) -> None:
    own = row("decision", "1", "", "north-hill", "", "2023-01-05", "day", "Title", "0")
    other = row("decision", "1", "", "south-coast", "", "2023-01-05", "day", "Title", "0")
    with pytest.raises(ValidationError, match="no unit “south-coast”"):
        load_documents([own, other], on=cast.day, by=cast.superior.actor)
    assert len(load_documents([own], on=cast.day, by=cast.superior.actor)) == 1
