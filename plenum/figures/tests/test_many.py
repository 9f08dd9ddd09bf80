"""The workbook of all units below one: written row by row, taken over whole or not at all, marked where it is wrong."""

import io
import re
import zipfile
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from plenum.access.command_line import CommandLine
from plenum.access.guard import speaking
from plenum.access.reach import OutOfReach, SecondFactorMissing, require
from plenum.figures.actions import accept_return, end_obligation, save_draft, submit_return
from plenum.figures.cli import returns as command
from plenum.figures.models import Obligation, Return, Step, Version
from plenum.figures.powers import COLLECT
from plenum.figures.tests.factories import MONTHLY, oblige, plant, report, submit
from plenum.figures.tests.spreadsheet import changed, comments_of, packed, parts_of, rows_of, typed
from plenum.figures.workbooks.entries import REASON, REMARK, WorkbookRefused
from plenum.figures.workbooks.many import reading
from plenum.figures.workbooks.many.layout import FIRST_ROW, place_of
from plenum.figures.workbooks.many.making import make
from plenum.figures.workbooks.many.taking import NoneTaken, take
from plenum.journal.models import Entry
from plenum.packs import pack
from plenum.periods import Period
from tests.api.conftest import Program, program_of
from tests.cast import DAY, SYSTEM, Cast

pytestmark = pytest.mark.django_db

AUGUST = Period.parse("2024-08")
FORM = pack().forms[MONTHLY]
WHOLE = {slot.code: 0 for slot in FORM.slots} | {
    "members_carried": 5,
    "members_admitted": 2,
    "members_total": 7,
    "admitted_women": 1,
    "admitted_men": 1,
}
SCHOOL, RIVER = FIRST_ROW, FIRST_ROW + 1
"""The rows of the two units below the district, by the last word of their names."""
ADDRESS = f"/units/north-hill/workbooks/{MONTHLY}/2024-08"


@pytest.fixture
def hill(cast: Cast) -> Cast:
    for code in ("hill-school", "hill-river", "coast-port"):
        oblige(cast.unit(code))
    return cast


def made(cast: Cast, language: str = "en", period: Period = AUGUST, form: str = MONTHLY) -> bytes:
    out = io.BytesIO()
    rows = make(out, cast.unit("north-hill"), form, period, language, on=DAY, by=cast.superior.actor)
    assert rows
    return out.getvalue()


def put(body: bytes, rows: Mapping[int, Mapping[str, object]], sheet: int = 1) -> bytes:
    """What is typed into rows, by slot."""
    cells = {place_of(FORM, row, slot): value for row, said in rows.items() for slot, value in said.items()}
    return typed(body, cells, sheet)


def taken(cast: Cast, body: bytes, **more: Any) -> Any:
    return take(body, cast.unit("north-hill"), on=DAY, by=more.pop("by", cast.superior.actor), **more)


def kept(code: str) -> dict[str, int | None]:
    returned = Return.objects.get(unit__code=code, form=MONTHLY, period_code="2024-08")
    return returned.draft.by_slot(FORM)


def everything() -> Any:
    return (
        list(Return.objects.order_by("pk").values()),
        list(Version.objects.order_by("pk").values()),
        Step.objects.count(),
        Entry.objects.count(),
    )


class TestMaking:
    def test_a_row_for_each_unit_that_owes_the_form_by_name(self, hill: Cast, settings: Any) -> None:
        settings.SECOND_FACTOR_REQUIRED = True
        with pytest.raises(SecondFactorMissing):
            require(hill.superior.actor, COLLECT, hill.unit("north-hill"), DAY)
        settings.SECOND_FACTOR_REQUIRED = False
        report(hill.unit("hill-school"), "2024-07", WHOLE)
        draft = {"members_carried": 7}
        save_draft(
            hill.unit("hill-school").pk, MONTHLY, AUGUST, draft, edition=0, on=DAY, by=hill.insider.actor
        )
        rows = rows_of(made(hill))
        assert rows[0][0] == FORM.name.in_("en")
        assert rows[1][0] == "Đảng bộ huyện Đồi Chè (north-hill)"
        assert [row[:4] for row in rows[FIRST_ROW:]] == [
            ["hill-school", hill.name("hill-school"), "Draft", 1],
            ["hill-river", hill.name("hill-river"), "Nothing entered", 0],
        ]
        assert rows[5][5:7] == ["Before", "1. Members at the start"]
        assert rows[SCHOOL][5:7] == [5, 7]
        assert rows[SCHOOL][7:9] == [2, ""]

    @pytest.mark.parametrize("language", ["vi", "ru", "cs"])
    def test_it_speaks_the_language_asked_for_and_is_taken_by_a_reader_of_another(
        self, hill: Cast, language: str
    ) -> None:
        body = made(hill, language)
        assert rows_of(body)[5][6] == f"1. {FORM.slots[0].name.in_(language)}"
        with translation.override("en"):
            assert taken(hill, put(body, {SCHOOL: WHOLE})).changed == 1

    def test_only_the_cells_to_fill_in_are_open(self, hill: Cast) -> None:
        submit(hill.unit("hill-river"), "2024-08", WHOLE)
        parts = parts_of(made(hill))
        sheet, styles = parts["xl/worksheets/sheet1.xml"].decode(), parts["xl/styles.xml"].decode()
        assert "<sheetProtection sheet=" in sheet
        cells = re.search(r"<cellXfs.*?</cellXfs>", styles, re.DOTALL)
        assert cells
        looks = re.findall(r"<xf [^>]*/>|<xf [^>]*>.*?</xf>", cells[0], re.DOTALL)
        open_looks = {str(number) for number, look in enumerate(looks) if 'locked="0"' in look}
        opened = {
            cell for cell, look in re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', sheet) if look in open_looks
        }
        places = [*(slot.code for slot in FORM.slots), REMARK]
        assert opened == {place_of(FORM, SCHOOL, place) for place in places}, "the river has handed in"
        assert len(re.findall(r'<dataValidation type="whole"', sheet)) == len(FORM.slots)

    def test_units_of_others_and_units_that_owe_nothing_are_not_in_it(self, hill: Cast) -> None:
        assert "coast-port" not in str(rows_of(made(hill)))
        assert "river-mill" not in str(rows_of(made(hill)))
        out = io.BytesIO()
        quarter = Period.parse("2024-Q3")
        assert not make(out, hill.unit("north-hill"), MONTHLY, quarter, "en", on=DAY, by=SYSTEM)
        for member in (hill.auditor, hill.insider, hill.neighbour):
            assert not make(out, hill.unit("north-hill"), MONTHLY, AUGUST, "en", on=DAY, by=member.actor), (
                "who may not enter for others has no rows"
            )

    def test_many_units_need_no_more_queries(self, hill: Cast, django_assert_max_num_queries: Any) -> None:
        for number in range(20):
            oblige(plant(f"cell-{number:02}", "grassroots_cell", hill.unit("north-hill")))
        with django_assert_max_num_queries(8):
            body = made(hill)
        assert len(rows_of(body)) == FIRST_ROW + 22
        with django_assert_max_num_queries(40):
            assert taken(hill, put(body, {RIVER: WHOLE}), submit=True).submitted == 1


class TestTaking:
    def test_each_unit_gets_its_draft_and_its_journal_says_who_did_it(self, hill: Cast) -> None:
        tally = taken(hill, put(made(hill), {SCHOOL: {**WHOLE, REMARK: "Có lũ."}}))
        assert (tally.changed, tally.submitted, tally.same) == (1, 0, 1)
        assert kept("hill-school") == WHOLE
        returned = Return.objects.get()
        assert (returned.remark, returned.state, returned.edition) == ("Có lũ.", "draft", 1)
        assert returned.entered_by == hill.superior.actor.label
        entry = Entry.objects.get(act="figures.save_draft")
        assert (entry.unit_id, entry.actor_id) == (
            hill.unit("hill-school").pk,
            hill.superior.account.pk,
        )
        assert (entry.power, entry.acting_for) == ("figures.collect", hill.unit("north-hill").pk)
        whole = Entry.objects.get(act="figures.collect_returns")
        assert (whole.unit_id, whole.change) == (
            hill.unit("north-hill").pk,
            {"changed": 1, "submitted": 0},
        )

    def test_submitted_they_are_as_if_each_unit_had_done_it(self, hill: Cast) -> None:
        """Beside one that the unit itself has entered and submitted on the page, but for who it was."""
        save = save_draft(
            hill.unit("coast-port").pk, MONTHLY, AUGUST, WHOLE, remark="r", edition=0, on=DAY, by=SYSTEM
        )
        submit_return(save.pk, on=DAY, by=SYSTEM)
        tally = taken(hill, put(made(hill), {SCHOOL: {**WHOLE, REMARK: "r"}}), submit=True)
        assert (tally.changed, tally.submitted, tally.same) == (1, 1, 1)
        own = {"id", "unit_id", "entered_by_id", "entered_by", "changed_by", "changed_at"}
        one, other = map(dict, Return.objects.order_by("pk").values())
        assert {name: one[name] for name in one if name not in own} == {
            name: other[name] for name in other if name not in own
        }
        for model in (Version, Step):
            left, right = map(dict, model._default_manager.order_by("pk").values())
            assert set(left) == set(right)
            who = {"id", "of_return_id", "entered_by", "entered_by_id", "submitted_by", "submitted_by_id"}
            who |= {"by", "by_id", "recorded_at"}
            assert [left[name] for name in left if name not in who] == [
                right[name] for name in right if name not in who
            ]
        acts = ["figures.save_draft", "figures.submit_return"]
        mine, theirs = (
            list(
                Entry.objects.filter(unit_id=hill.unit(code).pk, act__in=acts)
                .order_by("pk")
                .values_list("act", "change")
            )
            for code in ("hill-school", "coast-port")
        )
        assert mine == theirs

    @pytest.mark.parametrize("submit_it", [False, True])
    def test_the_same_file_twice_changes_nothing(self, hill: Cast, submit_it: bool) -> None:
        body = put(made(hill), {SCHOOL: WHOLE, RIVER: WHOLE})
        taken(hill, body, submit=submit_it)
        before = everything()
        tally = taken(hill, body, submit=submit_it)
        assert (tally.changed, tally.submitted, tally.same) == (0, 0, 2)
        assert everything() == before

    def test_a_draft_that_is_there_is_changed_and_submitted(self, hill: Cast) -> None:
        school = hill.unit("hill-school")
        save_draft(school.pk, MONTHLY, AUGUST, WHOLE, edition=0, on=DAY, by=hill.insider.actor)
        body = made(hill)
        assert taken(hill, put(body, {SCHOOL: {"village_heads": 3}})).changed == 1
        assert kept("hill-school") == {**WHOLE, "village_heads": 3}
        assert taken(hill, made(hill), submit=True).submitted == 1
        assert Return.objects.get().state == "submitted"

    def test_an_accepted_return_is_corrected_with_its_reason_and_not_without(self, hill: Cast) -> None:
        school = hill.unit("hill-school")
        report(school, "2024-08", WHOLE)
        body, better = made(hill), {"members_admitted": 3, "admitted_women": 2, "members_total": 8}
        with pytest.raises(NoneTaken) as refusal:
            taken(hill, put(body, {SCHOOL: better}))
        assert [fault.cell for fault in refusal.value.faults] == [place_of(FORM, SCHOOL, REASON)]
        out = io.BytesIO()
        refusal.value.mark(out)
        marked = put(out.getvalue(), {SCHOOL: {REASON: "Đếm lại"}}, sheet=2)
        with speaking(hill.superior.actor, DAY):
            assert taken(hill, marked, submit=True).submitted == 1
            assert taken(hill, marked, submit=True).same == 2
        returned = Return.objects.get()
        assert (returned.state, returned.reason, returned.accepted_version) == ("submitted", "Đếm lại", 1)
        assert list(returned.steps.order_by("number").values_list("what", "reason"))[2:] == [
            ("correct", "Đếm lại"),
            ("submit", "Đếm lại"),
        ]
        begun = Entry.objects.get(act="figures.correct_return")
        assert (begun.unit_id, begun.power) == (school.pk, "figures.collect")
        accept_return(returned.pk, on=DAY, by=SYSTEM)
        assert kept("hill-school") == {**WHOLE, **better}
        assert rows_of(made(hill))[SCHOOL][-1] == "", "the reason was for that correction"

    def test_nobody_accepts_what_they_have_submitted_for_others(self, hill: Cast) -> None:
        taken(hill, put(made(hill), {SCHOOL: WHOLE}), submit=True)
        number = Return.objects.get().pk
        with pytest.raises(Exception, match="submitted this return yourself"):
            accept_return(number, on=DAY, by=hill.superior.actor)
        assert accept_return(number, on=DAY, by=SYSTEM).state == "accepted"

    def test_who_may_not_collect_takes_nothing_over(self, hill: Cast) -> None:
        body = put(made(hill), {SCHOOL: WHOLE})
        limited = replace(hill.superior.actor, powers=frozenset({"figures.read", "figures.enter"}))
        for actor in (*(each.actor for each in hill.members.values() if each != hill.superior), limited):
            with pytest.raises(OutOfReach):
                taken(hill, body, by=actor)
        assert not Return.objects.exists()

    def test_the_database_lets_the_collector_write_and_nobody_else(self, hill: Cast) -> None:
        body = put(made(hill), {SCHOOL: WHOLE, RIVER: WHOLE})
        with speaking(hill.superior.actor, DAY):
            assert taken(hill, body, submit=True).submitted == 2
            assert taken(hill, body, submit=True).same == 2


class TestMarking:
    def refused(self, cast: Cast, body: bytes, **more: Any) -> tuple[NoneTaken, bytes]:
        before = everything()
        with pytest.raises(NoneTaken) as refusal:
            taken(cast, body, **more)
        assert everything() == before, "nothing is half taken"
        out = io.BytesIO()
        refusal.value.mark(out)
        return refusal.value, out.getvalue()

    @pytest.mark.parametrize(
        ("typing", "said"),
        [
            ("twelve", "Enter a whole number"),
            (1.5, "Enter a whole number"),
            (-1, "below zero"),
            (10**13, "too large"),
            ("=1+4", "not a formula"),
            ("#REF!", "Enter a whole number"),
        ],
    )
    def test_a_bad_cell_is_red_and_explained_and_the_other_rows_wait(
        self, hill: Cast, typing: object, said: str
    ) -> None:
        body = put(made(hill), {RIVER: WHOLE, SCHOOL: {**WHOLE, "members_admitted": typing}})
        refusal, marked = self.refused(hill, body)
        cell = place_of(FORM, SCHOOL, "members_admitted")
        assert [(fault.cell, said in fault.text) for fault in refusal.faults] == [(cell, True)]
        assert said in comments_of(marked)[cell]
        listed = rows_of(marked, 0)[4]
        assert (listed[0], listed[1], said in str(listed[2])) == (hill.name("hill-school"), cell, True)
        assert (
            taken(hill, put(marked, {SCHOOL: {"members_admitted": 2}}, sheet=2), submit=True).submitted == 2
        )
        assert kept("hill-school") == kept("hill-river") == WHOLE

    def test_a_day_is_no_figure(self, hill: Cast) -> None:
        """A spreadsheet that takes 1/2 for a day keeps a number and shows it as a day."""
        body = made(hill)
        cell = place_of(FORM, SCHOOL, "members_admitted")
        styles = parts_of(body)["xl/styles.xml"].decode()
        count = int(re.findall(r'<cellXfs count="(\d+)"', styles)[0])
        looks = styles.replace(
            "</cellXfs>", '<xf numFmtId="14" fontId="0" fillId="0" borderId="0"/></cellXfs>'
        )
        body = changed(body, "xl/styles.xml", lambda _text: looks.encode())
        body = changed(
            put(body, {SCHOOL: {"members_admitted": 45000}}),
            "xl/worksheets/sheet1.xml",
            lambda text: re.sub(
                rf'<c r="{cell}" s="\d+"'.encode(), f'<c r="{cell}" s="{count}"'.encode(), text
            ),
        )
        refusal, _marked = self.refused(hill, body)
        assert [fault.cell for fault in refusal.faults] == [cell]

    def test_mistakes_of_all_rows_are_told_at_once(self, hill: Cast) -> None:
        body = put(made(hill), {RIVER: {"members_total": "x"}, SCHOOL: {**WHOLE, "members_total": 9}})
        refusal, marked = self.refused(hill, body, submit=True)
        rows = {re.sub(r"[A-Z]+", "", fault.cell) for fault in refusal.faults}
        assert rows == {str(RIVER + 1), str(SCHOOL + 1)}
        assert set(comments_of(marked)) == {fault.cell for fault in refusal.faults}
        tried, _marked = self.refused(hill, body, submit=True, only_try=True)
        assert tried.faults == refusal.faults

    def test_what_somebody_else_has_changed_shows_mine_and_theirs(self, hill: Cast) -> None:
        body = put(made(hill), {SCHOOL: WHOLE, RIVER: WHOLE})
        theirs = {**WHOLE, "members_admitted": 3}
        save_draft(
            hill.unit("hill-school").pk, MONTHLY, AUGUST, theirs, edition=0, on=DAY, by=hill.insider.actor
        )
        _refusal, marked = self.refused(hill, body)
        cell = place_of(FORM, SCHOOL, "members_admitted")
        assert "Yours: 2. Theirs: 3." in comments_of(marked)[cell]
        assert set(comments_of(marked)) == {f"B{SCHOOL + 1}", cell}
        assert taken(hill, marked).changed == 2
        assert kept("hill-school") == WHOLE, "who has seen both may save theirs over"

    def test_what_is_accepted_is_not_written_over(self, hill: Cast) -> None:
        body = put(made(hill), {SCHOOL: WHOLE, RIVER: WHOLE})
        report(hill.unit("hill-school"), "2024-08", {**WHOLE, "village_heads": 4})
        refusal, _marked = self.refused(hill, body)
        assert f"B{SCHOOL + 1}" in {fault.cell for fault in refusal.faults}
        assert not Return.objects.filter(unit=hill.unit("hill-river")).exists()

    def test_a_unit_that_does_not_owe_it_any_more_is_named(self, hill: Cast) -> None:
        body = put(made(hill), {SCHOOL: WHOLE, RIVER: WHOLE})
        owed = Obligation.objects.get(unit=hill.unit("hill-river"))
        end_obligation(owed.pk, DAY.replace(month=6, day=30), on=DAY, by=SYSTEM)
        refusal, _marked = self.refused(hill, body)
        assert [fault.cell for fault in refusal.faults] == [f"B{RIVER + 1}"]
        assert "cannot be entered here any more" in refusal.faults[0].text
        assert taken(hill, put(body, {RIVER: dict.fromkeys(WHOLE)})).changed == 1, "an empty row is let be"

    def test_only_so_many_are_marked(self, hill: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("plenum.figures.workbooks.many.taking.MOST_FAULTS", 1)
        refusal, marked = self.refused(
            hill, put(made(hill), {RIVER: {"members_total": "x"}, SCHOOL: {"members_total": "y"}})
        )
        assert (len(refusal.faults), refusal.more) == (1, 1)
        assert "not marked: 1" in str(rows_of(marked, 0)[1][0])


class TestRefusing:
    def refusal(self, cast: Cast, body: bytes, **more: Any) -> str:
        with pytest.raises(WorkbookRefused) as refusal:
            taken(cast, body, **more)
        assert not Return.objects.exists()
        return " ".join(refusal.value.messages)

    @pytest.mark.parametrize(
        "body", [b"", b"PK\x03\x04", b"unit,form\n", packed({"a.txt": b"x"}), bytes(range(256)) * 40]
    )
    def test_what_is_no_workbook(self, hill: Cast, body: bytes) -> None:
        assert "cannot be read as a workbook" in self.refusal(hill, body)

    @pytest.mark.parametrize(
        "sheet",
        [
            b"<worksheet><",
            b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>',
            b'<worksheet><row r="99999999"/></worksheet>',
            b'<worksheet><row r="1"><c r="ZZZ1"><v>1</v></c></row></worksheet>',
            b'<worksheet><row r="1"><c r="A1" t="s"><v>77777</v></c></row></worksheet>',
            b'<worksheet><row r="1"><c r="A1"><v>x</v></c></row></worksheet>',
            b"<worksheet>" + b"<a>" * 100,
            b'<worksheet><row r="1"><c r="A1" t="str"><v>' + b"x" * 200_000 + b"</v></c></row></worksheet>",
        ],
    )
    def test_a_damaged_or_hostile_sheet(self, hill: Cast, sheet: bytes) -> None:
        parts = {**parts_of(made(hill)), "xl/worksheets/sheet1.xml": sheet}
        assert "cannot be read as a workbook" in self.refusal(hill, packed(parts))

    def test_the_workbook_of_another_superior_form_or_period(self, hill: Cast) -> None:
        body = made(hill)
        with pytest.raises(WorkbookRefused, match="another unit"):
            take(body, hill.unit("south-coast"), on=DAY, by=hill.neighbour.actor)
        assert "another form" in self.refusal(hill, body, form="province-summary")
        july = made(hill, period=Period.parse("2024-07"))
        assert "another period: July 2024" in self.refusal(hill, july, form=MONTHLY, period=AUGUST)

    def test_a_changed_stamp(self, hill: Cast) -> None:
        body = made(hill)
        sheet = "xl/worksheets/sheet2.xml"
        stamp = max(re.findall(r"<t[^>]*>([^<]+)</t>", parts_of(body)[sheet].decode()), key=len)
        other = changed(body, sheet, lambda text: text.replace(stamp.encode(), stamp[::-1].encode()))
        assert "stamp was changed" in self.refusal(hill, other)

    @pytest.mark.parametrize(
        ("cells", "said"),
        [
            ({"G6": "Something else"}, "column was moved"),
            ({"G7": "members_admitted"}, "column was moved"),
            ({f"A{SCHOOL + 1}": "coast-port"}, f"changed in row {SCHOOL + 1}"),
            ({f"D{SCHOOL + 1}": 3}, f"changed in row {SCHOOL + 1}"),
            ({f"A{SCHOOL + 1}": "hill-river"}, f"changed in row {SCHOOL + 1}"),
        ],
    )
    def test_renamed_columns_and_other_units_or_editions(
        self, hill: Cast, cells: dict[str, object], said: str
    ) -> None:
        assert said in self.refusal(hill, typed(put(made(hill), {SCHOOL: WHOLE}), cells))

    def test_sorting_some_columns_gives_no_figure_to_another_unit(self, hill: Cast) -> None:
        body = put(made(hill), {SCHOOL: WHOLE})
        rows = rows_of(body)
        swapped = {
            f"{letter}{one + 1}": rows[other][column] or None
            for one, other in ((SCHOOL, RIVER), (RIVER, SCHOOL))
            for column, letter in enumerate("ABCDE")
        }
        assert f"changed in row {SCHOOL + 1}" in self.refusal(hill, typed(body, swapped))

    def test_rows_that_were_removed_or_doubled(self, hill: Cast) -> None:
        body, sheet = made(hill), "xl/worksheets/sheet1.xml"
        row = re.compile(rf'<row r="{RIVER + 1}".*?</row>'.encode(), re.DOTALL)
        assert "1 of 2" in self.refusal(hill, changed(body, sheet, lambda text: row.sub(b"", text)))
        first = re.compile(rf'<row r="{SCHOOL + 1}".*?</row>'.encode(), re.DOTALL)

        def doubled(text: bytes) -> bytes:
            found = first.search(text)
            assert found
            return row.sub(found[0].replace(f'r="{SCHOOL + 1}"'.encode(), f'r="{RIVER + 1}"'.encode()), text)

        assert f"changed in row {RIVER + 1}" in self.refusal(hill, changed(body, sheet, doubled))

    def test_macros_bombs_and_huge_files(self, hill: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        parts = parts_of(made(hill))
        assert "macros" in self.refusal(hill, packed({**parts, "xl/vbaProject.bin": b"x"}))
        many = {**parts, **{f"x/{number}": b"" for number in range(2001)}}
        assert "holds more than any form" in self.refusal(hill, packed(many))
        monkeypatch.setattr(reading, "LARGEST_UNPACKED", 2**22)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content + (b" " * 2**23 if name.endswith("sheet1.xml") else b""))
        assert "holds more than any form" in self.refusal(hill, out.getvalue())
        lying = out.getvalue().replace((2**23).to_bytes(4, "little"), (10).to_bytes(4, "little"))
        assert self.refusal(hill, lying)
        monkeypatch.setattr(reading, "LARGEST_FILE", 100)
        assert "too large" in self.refusal(hill, made(hill))


class TestPrograms:
    ADDRESS = f"/units/north-hill/collections/{MONTHLY}/2024-08"

    def sent(self, program: Program, body: bytes, query: str = "", end: str = "") -> Any:
        return Client().generic(
            "POST",
            f"/api{self.ADDRESS}{end}{query}",
            data=body,
            content_type="application/octet-stream",
            headers={"Authorization": f"Bearer {program.token}"},
        )

    def test_programs_download_fill_and_have_it_marked(self, hill: Cast) -> None:
        program = program_of(hill.superior)
        rows = program.get("/units/north-hill/collections?period=2024").json()
        assert {"form": MONTHLY, "period": "2024-08", "units": 2} in rows
        blank = b"".join(program.get(self.ADDRESS).streaming_content)
        body = put(blank, {SCHOOL: WHOLE})
        assert self.sent(program, body, end="/marks").status_code == 204
        assert not Return.objects.exists()
        assert self.sent(program, body, "?submit=true").json() == {"changed": 1, "submitted": 1, "same": 1}
        assert self.sent(program, body).json() == {"changed": 0, "submitted": 0, "same": 2}
        bad = put(body, {RIVER: {"members_total": "x"}})
        cell = place_of(FORM, RIVER, "members_total")
        answer = self.sent(program, bad)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"].endswith(f"!{cell}")
        assert cell in comments_of(self.sent(program, bad, end="/marks").content)
        assert self.sent(program, b"none").status_code == 422

    def test_large_ones_are_done_by_jobs(self, hill: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        body = put(made(hill), {SCHOOL: WHOLE})
        monkeypatch.setattr("plenum.figures.api.collections.LARGE", 1)
        program = program_of(hill.superior)
        assert program.get(self.ADDRESS).status_code == 422
        answer = program.post(f"{self.ADDRESS}/make", {})
        assert (answer.status_code, answer.json()["kind"]) == (202, "figures.make_workbook")
        answer = self.sent(program, body)
        assert (answer.status_code, answer.json()["kind"]) == (202, "figures.take_workbook")
        assert self.sent(program, body, end="/marks").status_code == 422

    def test_commands_write_and_collect(self, hill: Cast, tmp_path: Path) -> None:
        def run(*words: str) -> Any:
            return CliRunner().invoke(command, words, obj=CommandLine(hill.superior.actor, DAY))

        path = tmp_path / "form.xlsx"
        asked = ("collection-form", "north-hill", MONTHLY, "2024-08", "-o", str(path))
        assert run(*asked, "--lang", "cs").exit_code == 0
        assert rows_of(path.read_bytes())[0][0] == FORM.name.in_("cs")
        assert run(*asked).exit_code == 0
        path.write_bytes(put(path.read_bytes(), {SCHOOL: {**WHOLE, "members_total": "x"}}))
        refused = run("collect", "north-hill", str(path))
        assert refused.exit_code == 1
        assert "Enter a whole number" in refused.output
        marked = tmp_path / "form-marked.xlsx"
        assert comments_of(marked.read_bytes())
        path.write_bytes(put(marked.read_bytes(), {SCHOOL: WHOLE}, sheet=2))
        done = run("collect", "north-hill", str(path), "--submit")
        assert (done.exit_code, "submitted: 1." in done.output) == (0, True)
        nothing = run("collection-form", "north-hill", MONTHLY, "2024-Q3")
        assert "No unit below owes" in nothing.output


class TestPages:
    def send(self, cast: Cast, body: bytes, deed: str = "save", follow: bool = True) -> Any:
        file = SimpleUploadedFile("form.xlsx", body)
        return cast.superior.client.post(f"{ADDRESS}/", {"file": file, "deed": deed}, follow=follow)

    def test_the_returns_lead_to_the_forms_and_those_to_the_workbook(self, hill: Cast) -> None:
        client = hill.superior.client
        assert "/units/north-hill/workbooks/" in client.get("/units/north-hill/returns/").content.decode()
        page = client.get("/units/north-hill/workbooks/").content.decode()
        assert f"{ADDRESS}/" in page
        assert "2024-10/" in page
        assert "2024-11/" not in page, "it has not begun"
        assert f"{ADDRESS}.xlsx" in client.get(f"{ADDRESS}/").content.decode()
        assert "/workbooks/" not in hill.auditor.client.get("/units/north-hill/returns/").content.decode()

    def test_it_takes_away_and_brings_back(self, hill: Cast) -> None:
        answer = hill.superior.client.get(f"{ADDRESS}.xlsx")
        body = put(b"".join(answer.streaming_content), {SCHOOL: WHOLE})  # type: ignore[attr-defined]
        assert "Drafts saved: 1." in self.send(hill, body).content.decode()
        assert "There was nothing to take over" in self.send(hill, body).content.decode()
        assert "submitted: 1." in self.send(hill, body, "submit").content.decode()

    def test_it_lists_what_is_wrong_and_gives_the_marked_workbook(self, hill: Cast) -> None:
        answer = self.send(hill, put(made(hill), {SCHOOL: {"members_total": "x"}}))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Enter a whole number" in page
        found = re.search(r'href="data:[^;]+;base64,([^"]+)"', page)
        assert found
        assert comments_of(b64decode(found[1]))
        assert self.send(hill, b"no workbook").status_code == 422

    def test_it_says_how_far_it_is_and_takes_nothing_when_it_is_ended(self, hill: Cast) -> None:
        told: list[tuple[int, int, str]] = []
        body = put(made(hill), {SCHOOL: WHOLE, RIVER: WHOLE})

        def stop_when_writing(done: int, of: int, said: str) -> None:
            told.append((done, of, said))
            if said == "Rows written":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            taken(hill, body, progress=stop_when_writing)
        assert told == [(2, 2, "Rows read"), (2, 2, "Rows checked"), (2, 2, "Rows written")]
        assert not Return.objects.exists()
        assert not Entry.objects.filter(act__startswith="figures.save").exists()
