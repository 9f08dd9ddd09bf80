"""Returns as workbooks: written, filled in and taken over whole, refused in words and marked in their cells."""

import io
import re
import shutil
import subprocess
import zipfile
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from plenum.access.command_line import CommandLine
from plenum.access.reach import OutOfReach
from plenum.figures.actions import end_obligation, save_draft
from plenum.figures.cli import returns as command
from plenum.figures.models import Return
from plenum.figures.queries.workbooks import answered_below
from plenum.figures.tests.factories import MONTHLY, SUMMARY, oblige, report, submit
from plenum.figures.tests.spreadsheet import (
    changed,
    comments_of,
    filled,
    names_of,
    packed,
    parts_of,
    rows_of,
    typed,
)
from plenum.figures.workbooks import reading
from plenum.figures.workbooks.entries import WorkbookRefused
from plenum.figures.workbooks.filling import NotTaken, fill, form_of
from plenum.figures.workbooks.writing import cell_of, remark_row
from plenum.journal.models import Entry
from plenum.packs import pack
from plenum.periods import Period
from tests.api.conftest import program_of
from tests.cast import DAY, SYSTEM, Cast

pytestmark = pytest.mark.django_db

AUGUST = Period.parse("2024-08")
FORM = pack().forms[MONTHLY]
REMARK_CELL = f"D{remark_row(FORM) + 1}"
WHOLE = {slot.code: 0 for slot in FORM.slots} | {
    "members_carried": 5,
    "members_admitted": 2,
    "members_total": 7,
    "admitted_women": 1,
    "admitted_men": 1,
}


@pytest.fixture
def school(cast: Cast) -> Any:
    oblige(cast.unit("hill-school"))
    return cast.unit("hill-school")


def blank(unit: Any, language: str = "en", period: Period = AUGUST) -> bytes:
    body = form_of(unit, period, language, DAY, by=SYSTEM)
    assert body is not None
    return body


def take(cast: Cast, body: bytes, **more: Any) -> Any:
    return fill(body, cast.unit("hill-school"), on=DAY, by=cast.insider.actor, **more)


def kept() -> dict[str, int | None]:
    returned = Return.objects.get(form=MONTHLY, period_code="2024-08")
    return returned.draft.by_slot(returned.form_of_pack)


class TestWriting:
    def test_it_holds_the_form_the_period_before_and_what_was_entered(self, cast: Cast, school: Any) -> None:
        report(school, "2024-07", WHOLE)
        save_draft(
            school.pk, MONTHLY, AUGUST, {"members_carried": 7}, edition=0, on=DAY, by=cast.insider.actor
        )
        rows = rows_of(blank(school))
        assert rows[0][0] == FORM.name.in_("en")
        assert rows[1][0] == "Chi bộ Trường Thông Reo (hill-school)"
        assert "Edition: 1" in str(rows[3][0])
        first = rows[6]
        assert (first[0], first[1], first[2], first[3]) == (1, "Members at the start", 5, 7)
        assert [row[0] for row in rows[6 : 6 + len(FORM.slots)]] == [slot.number for slot in FORM.slots]

    @pytest.mark.parametrize("language", ["vi", "en", "ru", "cs"])
    def test_it_speaks_the_language_asked_for(self, school: Any, language: str) -> None:
        rows = rows_of(blank(school, language))
        assert rows[0][0] == FORM.name.in_(language)
        assert rows[6][1] == FORM.slots[0].name.in_(language)

    def test_only_the_cells_to_fill_in_are_open_and_they_take_whole_numbers(self, school: Any) -> None:
        parts = parts_of(blank(school))
        sheet, styles = parts["xl/worksheets/sheet1.xml"].decode(), parts["xl/styles.xml"].decode()
        assert "<sheetProtection sheet=" in sheet
        cells = re.search(r"<cellXfs.*?</cellXfs>", styles, re.DOTALL)
        assert cells
        looks = re.findall(r"<xf [^>]*/>|<xf [^>]*>.*?</xf>", cells[0], re.DOTALL)
        open_looks = {str(number) for number, look in enumerate(looks) if 'locked="0"' in look}
        opened = {
            cell for cell, look in re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', sheet) if look in open_looks
        }
        assert opened == {cell_of(FORM, slot.code) for slot in FORM.slots} | {REMARK_CELL}
        rules = re.findall(r'<dataValidation type="whole"[^>]*sqref="(\w+)">\s*<formula1>0<', sheet)
        assert set(rules) == opened - {REMARK_CELL}

    def test_totals_are_formulas_with_what_they_give(self, school: Any) -> None:
        body = filled(blank(school), MONTHLY, WHOLE)
        sheet = parts_of(body)["xl/worksheets/sheet1.xml"].decode()
        carried, total = cell_of(FORM, "members_carried"), cell_of(FORM, "members_total")
        assert f"<f>{carried}+" in sheet
        assert f'={total},"✓","≠")</f>' in sheet

    def test_units_below_stand_on_a_sheet_of_their_own(self, cast: Cast) -> None:
        """What they have reported and how their returns stand; read only, and only for who reads them."""
        hill = cast.unit("north-hill")
        owed = [oblige(cast.unit(code)) for code in ("hill-school", "hill-river", "coast-port")]
        report(cast.unit("hill-school"), "2024-07", WHOLE)
        report(cast.unit("hill-school"), "2024-08", {**WHOLE, "members_carried": 7, "members_total": 9})
        submit(cast.unit("hill-river"), "2024-07", WHOLE)
        report(cast.unit("coast-port"), "2024-08", WHOLE)
        for each in owed:
            end_obligation(each.pk, date(2024, 8, 15), on=DAY, by=SYSTEM)
        oblige(hill, SUMMARY, since=date(2024, 8, 16))
        quarter = Period.parse("2024-Q3")
        body = form_of(hill, AUGUST, "en", DAY, by=cast.superior.actor)
        assert body is not None
        assert names_of(body)[1:] == ["Units below", "plenum"]
        rows = rows_of(body, 1)
        assert [row[:6] for row in rows[5:]] == [
            ["hill-school", cast.name("hill-school"), 1, 1, 0, 0],
            ["hill-river", cast.name("hill-river"), 1, 0, 0, 1],
        ]
        admitted = rows[4].index(pack().indicators["members.admitted"].name.in_("en"))
        assert (rows[5][admitted], rows[6][admitted]) == (2, "")
        assert "<sheetProtection sheet=" in parts_of(body)["xl/worksheets/sheet2.xml"].decode()
        found = answered_below([each.pk for each in (hill, cast.unit("hill-river"))], quarter, DAY)
        assert [(each.owed, each.accepted, each.waiting, each.outstanding) for each in found.values()] == [
            (6, 2, 1, 3),
            (2, 0, 1, 1),
        ]
        alone = replace(cast.superior.actor, powers=frozenset({"figures.enter"}))
        body = form_of(hill, AUGUST, "en", DAY, by=alone)
        assert body is not None
        assert names_of(body)[1:] == ["plenum"]

    def test_units_below_that_report_nothing_need_no_sheet(self, cast: Cast) -> None:
        river = cast.unit("hill-river")
        oblige(river)
        assert names_of(blank(river))[1:] == ["plenum"]

    def test_nothing_owed_is_no_workbook(self, school: Any) -> None:
        assert form_of(school, Period.parse("2024"), "en", DAY, by=SYSTEM) is None

    def test_libreoffice_opens_it_and_what_it_saves_is_taken(
        self, cast: Cast, school: Any, tmp_path: Path
    ) -> None:
        if shutil.which("soffice") is None or saved_by_libreoffice(plain(), tmp_path / "plain") is None:
            pytest.skip("LibreOffice Calc is not installed")
        saved = saved_by_libreoffice(filled(blank(school, "vi"), MONTHLY, WHOLE), tmp_path / "form")
        assert saved is not None
        take(cast, saved)
        assert kept() == WHOLE


def plain() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet().write_number(0, 0, 1)
    book.close()
    return out.getvalue()


def saved_by_libreoffice(body: bytes, place: Path) -> bytes | None:
    """The workbook after LibreOffice has opened and saved it; None if it cannot."""
    place.mkdir()
    (place / "in.xlsx").write_bytes(body)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{place}/profile",
            *("--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(place / "out")),
            str(place / "in.xlsx"),
        ],
        capture_output=True,
        timeout=240,
        check=False,
    )
    saved = place / "out" / "in.xlsx"
    return saved.read_bytes() if saved.exists() else None


class TestTaking:
    def test_figures_and_remark_become_a_draft_by_the_usual_act(self, cast: Cast, school: Any) -> None:
        body = typed(
            filled(blank(school), MONTHLY, {**WHOLE, "village_heads": None}), {REMARK_CELL: "Có lũ."}
        )
        (taken,) = take(cast, body)
        assert (taken.changed, taken.submitted) == (True, False)
        assert kept() == {**WHOLE, "village_heads": None}
        assert Return.objects.get().remark == "Có lũ."
        entry = Entry.objects.filter(act="figures.save_draft").get()
        assert (entry.actor_id, entry.unit_id) == (cast.insider.account.pk, school.pk)

    def test_and_is_submitted_if_that_is_asked(self, cast: Cast, school: Any) -> None:
        (taken,) = take(cast, filled(blank(school), MONTHLY, WHOLE), submit=True)
        assert taken.submitted
        assert Return.objects.get().state == "submitted"

    @pytest.mark.parametrize("submit", [False, True])
    def test_the_same_file_twice_changes_nothing(self, cast: Cast, school: Any, submit: bool) -> None:
        body = filled(blank(school), MONTHLY, WHOLE)
        take(cast, body, submit=submit)
        before = (Return.objects.values().get(), Entry.objects.count())
        (taken,) = take(cast, body, submit=submit)
        assert (taken.changed, taken.submitted) == (False, False)
        assert (Return.objects.values().get(), Entry.objects.count()) == before

    def test_numbers_are_read_as_on_the_page(self, cast: Cast, school: Any) -> None:
        take(cast, filled(blank(school), MONTHLY, {"members_carried": "1.204", "members_total": 12.0}))
        assert (kept()["members_carried"], kept()["members_total"]) == (1204, 12)

    def test_who_may_not_enter_takes_nothing_over(self, cast: Cast, school: Any) -> None:
        body = filled(blank(school), MONTHLY, WHOLE)
        for member in (*cast.outsiders.values(), cast.superior, cast.auditor):
            with pytest.raises(OutOfReach):
                fill(body, school, on=DAY, by=member.actor)
        assert not Return.objects.exists()


class TestMarking:
    def refused(self, cast: Cast, body: bytes, **more: Any) -> NotTaken:
        before = (list(Return.objects.values()), Entry.objects.count())
        with pytest.raises(NotTaken) as refusal:
            take(cast, body, **more)
        assert (list(Return.objects.values()), Entry.objects.count()) == before, "nothing is half taken"
        return refusal.value

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
    def test_each_bad_cell_is_red_and_explained(
        self, cast: Cast, school: Any, typing: object, said: str
    ) -> None:
        refusal = self.refused(cast, filled(blank(school), MONTHLY, {**WHOLE, "members_admitted": typing}))
        cell = cell_of(FORM, "members_admitted")
        assert [(fault.cell, said in fault.text) for fault in refusal.faults] == [(cell, True)]
        assert said in comments_of(refusal.marked)[cell]
        errors = rows_of(refusal.marked, 0)
        assert (errors[3][1], said in str(errors[3][2])) == (cell, True)
        assert rows_of(refusal.marked, 1)[7][3] in (typing, 5)

    def test_the_marked_workbook_put_right_is_taken(self, cast: Cast, school: Any) -> None:
        refusal = self.refused(cast, filled(blank(school), MONTHLY, {**WHOLE, "members_admitted": "two"}))
        take(cast, filled(refusal.marked, MONTHLY, {"members_admitted": 2}, sheet=2), submit=True)
        assert kept() == WHOLE

    def test_what_cannot_be_true_is_marked_when_it_is_submitted(self, cast: Cast, school: Any) -> None:
        body = filled(blank(school), MONTHLY, {**WHOLE, "members_total": 9})
        refusal = self.refused(cast, body, submit=True)
        assert refusal.faults
        assert all(fault.cell.startswith("D") for fault in refusal.faults)
        take(cast, body)
        assert kept()["members_total"] == 9, "a draft need not be plausible"

    def test_what_somebody_else_has_changed_shows_mine_and_theirs(self, cast: Cast, school: Any) -> None:
        body = filled(blank(school), MONTHLY, WHOLE)
        save_draft(
            school.pk,
            MONTHLY,
            AUGUST,
            {**WHOLE, "members_admitted": 3},
            edition=0,
            on=DAY,
            by=cast.insider.actor,
        )
        refusal = self.refused(cast, body)
        cell = cell_of(FORM, "members_admitted")
        assert "Yours: 2. Theirs: 3." in comments_of(refusal.marked)[cell]
        assert set(comments_of(refusal.marked)) == {"A1", cell}
        take(cast, refusal.marked)
        assert kept() == WHOLE, "who has seen both may save mine over theirs"

    def test_a_return_that_was_accepted_is_not_written_over(self, cast: Cast, school: Any) -> None:
        body = filled(blank(school), MONTHLY, WHOLE)
        report(school, "2024-08", {**WHOLE, "village_heads": 4, "village_heads_members": 1})
        refusal = self.refused(cast, body)
        assert "A1" in {fault.cell for fault in refusal.faults}


class TestRefusing:
    def refusal(self, cast: Cast, body: bytes, **more: Any) -> str:
        with pytest.raises(WorkbookRefused) as refusal:
            take(cast, body, **more)
        assert not Return.objects.exists()
        return " ".join(refusal.value.messages)

    @pytest.mark.parametrize(
        "body", [b"", b"PK\x03\x04", b"unit,form\n", packed({"a.txt": b"x"}), bytes(range(256)) * 40]
    )
    def test_what_is_no_workbook(self, cast: Cast, school: Any, body: bytes) -> None:
        assert "cannot be read as a workbook" in self.refusal(cast, body)

    def test_a_damaged_workbook(self, cast: Cast, school: Any) -> None:
        body = bytearray(blank(school))
        body[len(body) // 3 : len(body) // 3 + 400] = b"\0" * 400
        assert "cannot be read as a workbook" in self.refusal(cast, bytes(body))
        parts = {**parts_of(blank(school)), "xl/worksheets/sheet1.xml": b"<worksheet><"}
        assert self.refusal(cast, packed(parts))

    def test_the_form_of_another_unit_or_period(self, cast: Cast, school: Any) -> None:
        oblige(cast.unit("hill-river"))
        assert "another unit" in self.refusal(cast, blank(cast.unit("hill-river")))
        july = blank(school, period=Period.parse("2024-07"))
        assert "another period: July 2024" in self.refusal(cast, july, period=AUGUST)

    def test_a_changed_or_missing_stamp(self, cast: Cast, school: Any) -> None:
        body = blank(school)
        strings = "xl/sharedStrings.xml"
        stamp = max(re.findall(r"<t[^>]*>([^<]+)</t>", parts_of(body)[strings].decode()), key=len)
        other = changed(body, strings, lambda text: text.replace(stamp.encode(), stamp[::-1].encode()))
        assert "stamp was changed" in self.refusal(cast, other)
        gone = changed(body, "xl/workbook.xml", lambda text: text.replace(b'name="plenum"', b'name="other"'))
        assert "stamp was changed" in self.refusal(cast, gone)

    def test_moved_rows_and_renamed_sheets(self, cast: Cast, school: Any) -> None:
        assert "Rows of this form were moved" in self.refusal(cast, typed(blank(school), {"A7": 9}))
        name = parts_of(blank(school))["xl/workbook.xml"]
        first = re.search(rb'<sheet name="([^"]+)"', name)
        assert first
        renamed = changed(
            blank(school), "xl/workbook.xml", lambda text: text.replace(first[1], b"Something", 1)
        )
        assert "A sheet is missing" in self.refusal(cast, renamed)

    def test_macros_bombs_and_huge_files(
        self, cast: Cast, school: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parts = parts_of(blank(school))
        assert "macros" in self.refusal(cast, packed({**parts, "xl/vbaProject.bin": b"x"}))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
            archive.writestr("xl/media/bomb.bin", b"\0" * (reading.LARGEST_UNPACKED + 1))
        assert len(out.getvalue()) < 2**20
        assert "holds more than any form" in self.refusal(cast, out.getvalue())
        many = {**parts, **{f"x/{number}": b"" for number in range(reading.MOST_PARTS)}}
        assert "holds more than any form" in self.refusal(cast, packed(many))
        monkeypatch.setattr(reading, "LARGEST_FILE", 100)
        assert "too large" in self.refusal(cast, blank(school))


class TestDoors:
    ADDRESS = "/units/hill-school/workbook/2024-08"

    def send(self, cast: Cast, body: bytes, deed: str = "save") -> Any:
        file = SimpleUploadedFile("form.xlsx", body)
        return cast.insider.client.post(f"{self.ADDRESS}/", {"file": file, "deed": deed}, follow=True)

    def test_the_page_takes_away_and_brings_back(self, cast: Cast, school: Any) -> None:
        answer = cast.insider.client.get(f"{self.ADDRESS}.xlsx")
        assert "hill-school_2024-08.xlsx" in answer["Content-Disposition"]
        body = filled(answer.content, MONTHLY, WHOLE)
        assert "Draft saved" in self.send(cast, body).content.decode()
        assert "Nothing has changed" in self.send(cast, body).content.decode()
        assert kept() == WHOLE

    def test_the_page_lists_what_is_wrong_and_gives_the_marked_workbook(
        self, cast: Cast, school: Any
    ) -> None:
        answer = self.send(cast, filled(blank(school), MONTHLY, {"members_admitted": "x"}), "submit")
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Enter a whole number" in page
        marked = re.search(r'href="data:[^;]+;base64,([^"]+)"', page)
        assert marked
        assert comments_of(b64decode(marked[1]))
        assert self.send(cast, b"no workbook").status_code == 422
        assert cast.insider.client.post(f"{self.ADDRESS}/", {}).status_code == 422

    def test_programs_download_fill_and_have_it_marked(self, cast: Cast, school: Any) -> None:
        program = program_of(cast.insider)
        body = program.get("/units/hill-school/workbooks/2024-08").content
        told = {"file": b64encode(filled(body, MONTHLY, WHOLE)).decode(), "submit": True}
        assert program.post("/units/hill-school/workbooks/2024-08/marks", told).status_code == 204
        assert not Return.objects.exists()
        (row,) = program.post("/units/hill-school/workbooks/2024-08", told).json()
        assert (row["changed"], row["submitted"]) == (True, True)
        (row,) = program.post("/units/hill-school/workbooks/2024-08", told).json()
        assert (row["changed"], row["submitted"]) == (False, False)
        bad = {"file": b64encode(filled(body, MONTHLY, {"members_total": "x"})).decode()}
        answer = program.post("/units/hill-school/workbooks/2024-08", bad)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"].endswith(f"!{cell_of(FORM, 'members_total')}")
        marked = program.post("/units/hill-school/workbooks/2024-08/marks", bad)
        assert cell_of(FORM, "members_total") in comments_of(marked.content)

    def test_commands_write_and_fill(self, cast: Cast, school: Any, tmp_path: Path) -> None:
        def run(*words: str) -> Any:
            return CliRunner().invoke(command, words, obj=CommandLine(cast.insider.actor, DAY))

        path = tmp_path / "form.xlsx"
        assert run("form", "hill-school", "2024-08", "-o", str(path), "--lang", "ru").exit_code == 0
        assert FORM.name.in_("ru") in str(rows_of(path.read_bytes()))
        assert run("form", "hill-school", "2024-08", "-o", str(path)).exit_code == 0
        path.write_bytes(filled(path.read_bytes(), MONTHLY, {**WHOLE, "members_total": "x"}))
        refused = run("fill", "hill-school", str(path))
        assert refused.exit_code == 1
        marked = tmp_path / "form-marked.xlsx"
        assert comments_of(marked.read_bytes())
        path.write_bytes(filled(marked.read_bytes(), MONTHLY, WHOLE, sheet=2))
        assert run("fill", "hill-school", str(path), "--submit").exit_code == 0
        assert Return.objects.get().state == "submitted"

    def test_every_language_marks_in_its_own_words(self, cast: Cast, school: Any) -> None:
        said = set()
        for language in ("vi", "ru", "cs", "en"):
            with translation.override(language), pytest.raises(NotTaken) as refusal:
                take(cast, filled(blank(school, language), MONTHLY, {"members_total": -2.5}))
            said.add(refusal.value.faults[0].text)
        assert len(said) == 4
