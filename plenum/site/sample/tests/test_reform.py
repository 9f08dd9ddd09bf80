"""The plan of the reform of 2025: what it says of each commune is what the package says, and it leaves a whole tree."""

import json
import sqlite3
from collections import Counter
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from plenum.reorganisations.rules import Outcome, Plan, Snapshot, Split, Standing, outcome, read_toml
from plenum.site.sample import correspondence as of_package
from plenum.site.sample.administrative import NamesMissing, data_folder
from plenum.site.sample.commands import sample
from plenum.site.sample.correspondence import correspondence
from plenum.site.sample.country import Country, Made
from plenum.site.sample.reform import DAY, reform_2025
from plenum.tree.kinds import KINDS

BEFORE = DAY - timedelta(days=1)


def snapshot(units: list[Made]) -> Snapshot:
    """The tree of a sample on the day before the reform."""
    codes = {unit.number: unit.code for unit in units}
    return Snapshot(
        BEFORE,
        {
            unit.code: Standing(
                unit.number,
                unit.code,
                unit.name,
                unit.short,
                unit.kind,
                codes[unit.parent] if unit.parent else None,
            )
            for unit in units
        },
    )


@pytest.fixture(scope="module")
def units() -> list[Made]:
    """The whole country."""
    return [unit for _branch, branch in Country().branches() for unit in branch]


@pytest.fixture(scope="module")
def plan(units: list[Made]) -> Plan:
    return reform_2025(correspondence(), units)


@pytest.fixture(scope="module")
def said() -> dict[str, set[str]]:
    """The codes of the successors of every former place, by its own code, straight from the files of the package."""
    converter = json.loads((data_folder() / "converter_2025.json").read_text(encoding="utf-8"))
    names = sqlite3.connect(data_folder() / "dataset.db")
    later = {
        (province, commune): code
        for province, commune, code in names.execute("SELECT provinceKey, wardKey, wardCode FROM admin_units")
    }
    by_key: dict[str, set[str]] = {}
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new, formers in communes.items():
            for key in formers:
                by_key.setdefault(key, set()).add(later[province, new])
    for province, formers in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in formers.items():
            by_key.setdefault(key, set()).update(later[province, part["newWardKey"]] for part in parts)
    found: dict[str, set[str]] = {}
    query = "SELECT provinceKey, districtKey, wardKey, districtCode, wardCode FROM admin_units_legacy"
    for province, district, commune, district_code, code in names.execute(query):
        found[f"xa-{code}" if code else f"huyen-{district_code}"] = by_key[
            f"{province}_{district}_{commune or ''}"
        ]
    return found


@pytest.fixture(scope="module")
def done(plan: Plan, units: list[Made]) -> Outcome:
    return outcome(plan, snapshot(units), KINDS)


def official(code: str) -> str:
    """The official code of a new commune."""
    assert code.endswith("-2025")
    return code.removeprefix("xa-").removesuffix("-2025")


def test_every_commune_goes_on_in_those_that_the_package_names(
    done: Outcome, said: dict[str, set[str]]
) -> None:
    names = {later.code: later.name for later in correspondence().later.values()}
    assert len(said) == 10_040
    for code, successors in said.items():
        if code in done.heirs:
            assert {official(heir.code) for heir in done.heirs[code]} == successors, code
        else:
            [successor] = successors
            assert (
                done.after.units[code].name == f"Đảng bộ {names[successor][0].lower()}{names[successor][1:]}"
            )
    assert Counter(len(successors) > 1 for successors in said.values()) == {False: 9_569, True: 471}


def test_it_leaves_the_country_of_the_next_day(done: Outcome, units: list[Made]) -> None:
    assert not done.blocks
    assert Counter(unit.kind for unit in done.before.units.values())["district"] == 696
    after = Counter(unit.kind for unit in done.after.units.values())
    assert (after["province"], after["district"], after["commune_committee"]) == (34, 0, 3_321)
    before = Counter(unit.kind for unit in units)
    same = ("centre", "bloc", "agency_committee", "grassroots_cell", "cell")
    assert {kind: after[kind] for kind in same} == {kind: before[kind] for kind in same}
    special = {unit.name for unit in done.after.units.values() if unit.name.startswith("Đảng bộ đặc khu")}
    assert len(special) == 13


def test_what_is_divided_goes_in_equal_shares_and_with_every_cell(plan: Plan, units: list[Made]) -> None:
    cells: dict[int, list[str]] = {}
    for unit in units:
        if unit.kind == "cell" and unit.parent:
            cells.setdefault(unit.parent, []).append(unit.code)
    numbers = {unit.code: unit.number for unit in units}
    splits = [step for step in plan.steps if isinstance(step, Split)]
    assert len(splits) == 471
    for step in splits:
        assert {part.share for part in step.into} == {Fraction(1, len(step.into))}
        assert [child for part in step.into for child in part.children] == cells[numbers[step.from_]]
        sizes = [len(part.children) for part in step.into]
        assert max(sizes) - min(sizes) <= 1


def test_what_stood_below_a_district_stands_below_the_province_that_follows(
    done: Outcome, units: list[Made]
) -> None:
    by_number = {unit.number: unit for unit in units}
    after = done.after.units
    looked_at = 0
    for unit in units:
        above = by_number[unit.parent] if unit.parent else None
        if above is not None and above.kind == "district" and unit.kind != "commune_committee":
            province = by_number[above.parent or 0].code
            [follows] = [heir.code for heir in done.heirs[province]] if province in done.heirs else [province]
            assert after[unit.code].parent == follows
            looked_at += 1
    assert looked_at > 30_000


def test_of_a_smaller_sample_what_is_there_takes_part() -> None:
    small = [unit for _branch, branch in Country(0.01).branches() for unit in branch]
    done = outcome(reform_2025(correspondence(), small), snapshot(small), KINDS)
    assert not done.blocks
    kinds = Counter(unit.kind for unit in done.after.units.values())
    assert kinds["district"] == 0
    assert kinds["commune_committee"] > 0
    assert kinds["cell"] == Counter(unit.kind for unit in small)["cell"]


def test_the_command_writes_a_plan_that_says_its_rules(tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    result = CliRunner().invoke(sample, ["reform-2025", "--scale", "0.01", "-o", str(file)])
    assert result.exit_code == 0, result.output
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# The reform of 1 July 2025")
    assert "equal shares" in text
    small = [unit for _branch, branch in Country(0.01).branches() for unit in branch]
    assert read_toml(text) == reform_2025(correspondence(), small)


def test_a_package_with_another_correspondence_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(of_package, "data_folder", lambda: tmp_path)
    with pytest.raises(NamesMissing, match="version that is locked"):
        correspondence()
    (tmp_path / of_package.FILE).write_text("[]", encoding="utf-8")
    with pytest.raises(NamesMissing, match="do not fit"):
        correspondence()
