"""A pack is taken whole or refused, with the file, the entry, the field and the remedy."""

import shutil
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plenum.packs import LANGUAGES, Fault, PackError, load_pack, pack
from plenum.packs.loader import DEFAULT_PACK, PACKS, build_pack, read_files

GOOD = read_files(PACKS / DEFAULT_PACK)
Change = Callable[[dict[str, Any]], object]


def faults_after(change: Change) -> tuple[Fault, ...]:
    """The faults of the pack that comes with Plenum once `change` has been made to its tables."""
    tables = deepcopy(GOOD)
    change(tables)
    with pytest.raises(PackError) as refused:
        build_pack("changed", tables)
    return refused.value.faults


BAD: dict[str, tuple[Change, str, str, str, str]] = {
    "an indicator of a slot that no form has": (
        lambda tables: tables["indicators"]["indicators"]["members.total"].update(value="members_all"),
        *("indicators.toml", "indicator members.total", "value", "members_all"),
    ),
    "a breakdown into a slot that no form has": (
        lambda tables: tables["indicators"]["indicators"]["members.admitted"].update(parts=["admitted_old"]),
        *("indicators.toml", "indicator members.admitted", "parts", "admitted_old"),
    ),
    "a flow counted from a stock": (
        lambda tables: tables["indicators"]["indicators"]["members.admitted"].update(value="members_total"),
        *("indicators.toml", "indicator members.admitted", "value", "stock"),
    ),
    "a ratio without a denominator": (
        lambda tables: tables["indicators"]["indicators"]["tasks.key_share"].pop("denominator"),
        *("indicators.toml", "indicators tasks.key_share", "", "numerator and denominator"),
    ),
    "two indicators in one place": (
        lambda tables: tables["indicators"]["indicators"]["members.total"].update(order=1),
        *("indicators.toml", "indicator members.total", "order", "order 1"),
    ),
    "a kind under an unknown kind": (
        lambda tables: tables["kinds"]["kinds"]["province"]["under"].append(
            {"kind": "empire", "from": date(2000, 1, 1)}
        ),
        *("kinds.toml", "kind province", "under", "empire"),
    ),
    "a kind under another that has ended": (
        lambda tables: tables["kinds"]["kinds"]["commune_committee"]["under"][0].pop("until"),
        *("kinds.toml", "kind commune_committee", "under", "not valid"),
    ),
    "a kind that stands nowhere": (
        lambda tables: tables["kinds"]["kinds"]["cell"].pop("under"),
        *("kinds.toml", "kind cell", "under", "nowhere"),
    ),
    "kinds under each other": (
        lambda tables: tables["kinds"]["kinds"]["province"]["under"].append(
            {"kind": "cell", "from": date(2000, 1, 1)}
        ),
        *("kinds.toml", "kind province", "level", "not below"),
    ),
    "no kind at the top": (
        lambda tables: tables["kinds"]["kinds"]["centre"].update(root=False),
        *("kinds.toml", "", "root", "no kind may stand at the top"),
    ),
    "a kind without a heading": (
        lambda tables: tables["reports"]["headings"].pop("bloc"),
        *("reports.toml", "heading bloc", "", "missing"),
    ),
    "a slot number given twice": (
        lambda tables: tables["forms"]["forms"]["province-summary"]["slots"][1].update(number=1),
        *("forms.toml", "form province-summary", "slots", "number 1"),
    ),
    "a slot that stands twice in a form": (
        lambda tables: tables["forms"]["forms"]["province-summary"]["slots"][1].update(
            slot="members_admitted"
        ),
        *("forms.toml", "form province-summary", "slots", "2 times"),
    ),
    "a slot that is not defined": (
        lambda tables: tables["forms"]["slots"].pop("members_died"),
        *("forms.toml", "form grassroots-monthly", "slots", "members_died"),
    ),
    "a form owed by an unknown kind": (
        lambda tables: tables["forms"]["forms"]["province-summary"].update(kinds=["empire"]),
        *("forms.toml", "form province-summary", "kinds", "empire"),
    ),
    "a check of a slot of another form": (
        lambda tables: tables["forms"]["forms"]["province-summary"]["checks"][0].update(left="members_died"),
        *("forms.toml", "form province-summary", "check 1", "members_died"),
    ),
    "a check with the terms of another": (
        lambda tables: tables["forms"]["forms"]["province-summary"]["checks"][0].update(total="key_tasks"),
        *("forms.toml", "forms province-summary", "checks.0", "exactly the terms left, right"),
    ),
    "an empty validity": (
        lambda tables: tables["verdicts"]["rules"][0].update(until=date(2000, 1, 1)),
        *("verdicts.toml", "rules 0", "", "validity is empty"),
    ),
    "a rule that holds twice": (
        lambda tables: tables["verdicts"]["rules"].append(deepcopy(tables["verdicts"]["rules"][0])),
        *("verdicts.toml", "rule targets.on_course", "from", "at the same time"),
    ),
    "a second factor for a power nobody is given": (
        lambda tables: tables["sign_in"]["second_factor"][0].update(powers=["no.such"]),
        *("sign_in.toml", "second_factor 0", "powers", "no.such"),
    ),
    "a second factor that holds twice": (
        lambda tables: tables["sign_in"]["second_factor"].append(
            deepcopy(tables["sign_in"]["second_factor"][0])
        ),
        *("sign_in.toml", "second_factor 0", "from", "at the same time"),
    ),
    "a schedule with a gap": (
        lambda tables: tables["schedules"]["schedules"]["quarter"].update(periods=["Q1", "Q2", "Q3"]),
        *("schedules.toml", "schedule quarter", "periods", "one year"),
    ),
    "a schedule that counts a month twice": (
        lambda tables: tables["schedules"]["schedules"]["half"].update(periods=["H1", "9M"]),
        *("schedules.toml", "schedule half", "periods", "one year"),
    ),
    "a schedule of no known period": (
        lambda tables: tables["schedules"]["schedules"]["year"].update(periods=["Q7"]),
        *("schedules.toml", "schedule year", "periods", "2023-Q7"),
    ),
    "a symbol that leaves out the issuer": (
        lambda tables: tables["documents"]["document_kinds"]["plan"].update(symbol="{number}-{type}"),
        *("documents.toml", "document_kinds plan", "symbol", "pattern"),
    ),
    "a field that nobody knows": (
        lambda tables: tables["grants"]["power_sets"]["officer"].update(colour="red"),
        *("grants.toml", "power_sets officer", "colour", "not permitted"),
    ),
    "a file that is missing": (
        lambda tables: tables.pop("pack"),
        *("pack.toml", "", "", "required"),
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_pack_is_refused_at_the_right_place(case: str) -> None:
    change, file, entry, field, said = BAD[case]
    found = [
        fault
        for fault in faults_after(change)
        if (fault.file, fault.entry, fault.field) == (file, entry, field)
    ]
    assert any(said in fault.problem for fault in found), faults_after(change)
    assert all(fault.remedy for fault in found)


def words_in(tables: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all texts in several languages."""
    if isinstance(tables, dict):
        if set(tables) == set(LANGUAGES):
            return [path]
        return [found for key, value in tables.items() for found in words_in(value, (*path, key))]
    if isinstance(tables, list):
        return [found for key, value in enumerate(tables) for found in words_in(value, (*path, key))]
    return []


@given(st.sampled_from(words_in(GOOD)), st.sampled_from(LANGUAGES), st.sampled_from(["missing", "empty"]))
def test_no_text_may_lack_a_language(path: tuple[str | int, ...], language: str, how: str) -> None:
    def change(tables: Any) -> None:
        for key in path:
            tables = tables[key]
        if how == "missing":
            del tables[language]
        else:
            tables[language] = "  "

    (fault,) = faults_after(change)
    assert fault.file == f"{path[0]}.toml"
    assert str(fault).find(language) > 0
    assert fault.remedy in ("add it", "write the text")


def test_every_fault_is_told_at_once() -> None:
    def change(tables: dict[str, Any]) -> None:
        tables["kinds"]["kinds"]["cell"].pop("under")
        tables["schedules"]["schedules"]["year"].update(periods=["Q7"])

    assert {fault.file for fault in faults_after(change)} == {"kinds.toml", "schedules.toml"}


def test_a_fault_reads_as_place_problem_and_remedy() -> None:
    (fault,) = faults_after(lambda tables: tables["forms"]["slots"].pop("members_exempt"))
    assert str(fault) == (
        "forms.toml, form grassroots-full, slots: there is no slot “members_exempt”; "
        "define [slots.members_exempt] or correct the name"
    )


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(PACKS / DEFAULT_PACK, folder)
    (folder / "forms.toml").write_text("[slots", encoding="utf-8")
    (folder / "grants.toml").unlink()
    with pytest.raises(PackError) as refused:
        load_pack(folder)
    assert {fault.file for fault in refused.value.faults} == {"forms.toml", "grants.toml"}


def test_another_pack_is_used_when_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(PACKS / DEFAULT_PACK, folder)
    monkeypatch.setenv("PLENUM_PACK", str(folder))
    pack.cache_clear()
    try:
        assert pack().code == "mine"
    finally:
        monkeypatch.undo()
        pack.cache_clear()
    assert pack().code == DEFAULT_PACK


def test_nothing_in_a_pack_can_be_changed() -> None:
    with pytest.raises(TypeError):
        pack().kinds["new"] = pack().kinds["cell"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        pack().kinds["cell"].level = 1  # type: ignore[misc]
