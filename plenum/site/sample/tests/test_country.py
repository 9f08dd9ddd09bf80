"""The tree of the sample: as large as the real one, the same every time, and a smaller one a part of a larger one."""

import hashlib
import re
from collections import Counter
from datetime import date

import pytest

from plenum.packs import pack
from plenum.site.sample import administrative
from plenum.site.sample.administrative import NamesMissing, provinces
from plenum.site.sample.country import Country, Made
from plenum.site.sample.rows import return_lines, tree_lines
from plenum.tree.rules import CODE_PATTERN

ROWS_OF_ONE_HUNDREDTH = "e611dd5ce945a2d1"
"""The same on every machine and with every Python; another one only when the sample itself is changed."""


def units(scale: float, seed: int = 2024) -> list[Made]:
    return [unit for _branch, branch in Country(scale, seed).branches() for unit in branch]


@pytest.fixture(scope="module")
def whole() -> list[Made]:
    """The whole country."""
    return units(1)


def test_the_names_are_those_of_the_units_before_the_reform() -> None:
    found = provinces()
    districts = [district for province in found for district in province.parts]
    assert (len(found), len(districts)) == (63, 696)
    assert sum(len(district.parts) for district in districts) == 10_035
    assert [each.short for each in districts if not each.parts] == [
        "Bạch Long Vĩ",
        "Cồn Cỏ",
        "Hoàng Sa",
        "Lý Sơn",
        "Côn Đảo",
    ]


def test_the_whole_country_has_the_size_of_the_real_one(whole: list[Made]) -> None:
    kinds = Counter(unit.kind for unit in whole)
    assert (kinds["centre"], kinds["province"], kinds["district"]) == (1, 63, 696)
    assert kinds["commune_committee"] == 10_035
    assert sum(unit.reports for unit in whole) == pytest.approx(52_000, rel=0.01)
    assert kinds["cell"] == pytest.approx(280_000, rel=0.01)
    assert sum(unit.members for unit in whole) == pytest.approx(5_600_000, rel=0.02)


def test_every_unit_has_its_own_code_and_stands_below_one_that_comes_before(whole: list[Made]) -> None:
    day = date(2024, 12, 31)
    kinds = {unit.number: unit.kind for unit in whole}
    assert len({unit.code for unit in whole}) == len(whole)
    assert [unit.number for unit in whole] == list(range(1, len(whole) + 1))
    assert all(re.fullmatch(CODE_PATTERN, unit.code) for unit in whole)
    assert all(unit.parent is None or unit.parent < unit.number for unit in whole)
    pairs = {(unit.kind, kinds[unit.parent] if unit.parent else None) for unit in whole}
    assert [pair for pair in pairs if not pack().may_stand_under(*pair, day)] == []


def test_only_real_names_are_not_marked(whole: list[Made]) -> None:
    marked = {unit.kind for unit in whole if unit.illustrative}
    assert marked == {"bloc", "agency_committee", "grassroots_cell", "cell"}
    assert not {unit.kind for unit in whole if not unit.illustrative} & marked
    names = {unit.code: unit.name for unit in whole}
    assert names["tinh-26"] == "Đảng bộ tỉnh Vĩnh Phúc"
    assert names["xa-00001"] == "Đảng bộ phường Phúc Xá"


def test_a_smaller_scale_is_a_part_of_a_larger_one(whole: list[Made]) -> None:
    larger = {unit.code: (unit.kind, unit.name, unit.members, unit.cells) for unit in whole}
    sizes = []
    for scale in (0.1, 0.01, 0.001):
        part = {unit.code: (unit.kind, unit.name, unit.members, unit.cells) for unit in units(scale)}
        assert part.items() <= larger.items()
        assert {kind for kind, *_rest in part.values()} == {kind for kind, *_rest in larger.values()}
        sizes.append(len(part))
        larger = part
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[1] == pytest.approx(len(whole) / 100, rel=0.35)


def test_the_same_seed_gives_the_same_rows_and_another_one_others() -> None:
    first = fingerprint(2024)
    assert first.startswith(ROWS_OF_ONE_HUNDREDTH)
    assert first != fingerprint(2025)


def fingerprint(seed: int) -> str:
    """A hash of all rows of a hundredth of the country."""
    digest = hashlib.sha256()
    for _branch, branch in Country(0.01, seed).branches():
        for lines in (tree_lines(branch), return_lines(branch, 2024, date(2025, 1, 8), seed)):
            for table, rows in lines.tables():
                digest.update("\n".join([table, *rows]).encode())
    return digest.hexdigest()


def test_without_the_package_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(administrative, "PACKAGE", "no_such_package")
    with pytest.raises(NamesMissing, match=r"pip install .*requirements/sample\.txt"):
        provinces()


def test_a_package_with_other_data_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(administrative, "PACKAGE", "plenum")
    with pytest.raises(NamesMissing, match="version that is locked"):
        provinces()


@pytest.mark.parametrize("scale", [0, -1, 1.5])
def test_a_scale_is_a_share(scale: float) -> None:
    with pytest.raises(ValueError, match="at most 1"):
        Country(scale)
