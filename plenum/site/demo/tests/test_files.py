"""The files of the reference year say what their sources state, and hold together. No database."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cache

import pytest

from plenum.packs import CheckKind, pack
from plenum.packs.wording import two_decimals
from plenum.periods import Period, Span
from plenum.site.demo import REFERENCE

Row = dict[str, str]
Values = dict[str, int]
ReturnKey = tuple[str, str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def returns() -> dict[ReturnKey, Values]:
    """The figures of every return by unit, form and period."""
    found: dict[ReturnKey, Values] = defaultdict(dict)
    for row in rows("returns"):
        key = (row["unit"], row["form"], row["period"])
        assert row["slot"] not in found[key], f"{key} reports {row['slot']} twice"
        found[key][row["slot"]] = int(row["value"])
    return found


@cache
def states() -> dict[ReturnKey, str]:
    return {(row["unit"], row["form"], row["period"]): row["state"] for row in rows("returns")}


def below(parent: str, kind: str | None = None) -> list[str]:
    return [row["code"] for row in rows("units") if row["parent"] == parent and kind in (None, row["kind"])]


def added(slot: str, units: Iterable[str], periods: Iterable[str], *, only: str = "accepted") -> int:
    wanted, in_time = set(units), set(periods)
    return sum(
        values.get(slot, 0)
        for key, values in returns().items()
        if key[0] in wanted and key[2] in in_time and states()[key] == only
    )


def months(year: int, last: int = 12) -> list[str]:
    return [f"{year}-{month:02}" for month in range(1, last + 1)]


GRASSROOTS = tuple(below("tam-duong"))
COMMUNES = tuple(below("tam-duong", "commune_committee"))


def test_tam_duong_has_13_communes_3_agencies_and_32_cells() -> None:
    kinds = Counter(row["kind"] for row in rows("units") if row["parent"] == "tam-duong")
    assert kinds == {"commune_committee": 13, "agency_committee": 3, "grassroots_cell": 32}


def test_the_communes_and_towns_have_their_names_of_2023() -> None:
    names = {row["name"] for row in rows("units") if row["code"] in COMMUNES}
    towns = {"Đảng bộ thị trấn Hợp Hòa", "Đảng bộ thị trấn Kim Long"}
    communes = (
        *("An Hòa", "Duy Phiên", "Đạo Tú", "Đồng Tĩnh", "Hoàng Đan", "Hoàng Hoa", "Hoàng Lâu"),
        *("Hợp Thịnh", "Hướng Đạo", "Thanh Vân", "Vân Hội"),
    )
    assert names == towns | {f"Đảng bộ xã {name}" for name in communes}


def test_the_units_named_in_the_sources_are_there_and_no_other_name_claims_a_source() -> None:
    stated = {row["code"] for row in rows("units") if row["illustrative"] == "0"}
    assert stated == {
        *("trung-uong", "vinh-phuc", "quang-nam", "dak-nong", "quang-ninh"),
        *("tam-duong", "cu-jut", "khoi-cac-co-quan-quang-ninh"),
        *COMMUNES,
    }


def test_every_unit_may_stand_where_it_stands() -> None:
    found = {row["code"]: row for row in rows("units")}
    assert len(found) == len(rows("units"))
    for row in found.values():
        start = date.fromisoformat(row["from"])
        parent = found.get(row["parent"])
        assert bool(parent) == bool(row["parent"])
        assert pack().may_stand_under(row["kind"], parent["kind"] if parent else None, start), row["code"]
        assert parent is None or parent["from"] <= row["from"], row["code"]
        assert row["until"] == ""


def test_185_are_admitted_in_2023() -> None:
    assert added("members_admitted", GRASSROOTS, months(2023)) == 185


def test_110_of_130_heads_are_members_at_the_start_and_121_at_the_end() -> None:
    for period, members in (("2022", 110), ("2023-12", 121)):
        assert added("village_heads", GRASSROOTS, [period]) == 130
        assert added("village_heads_members", GRASSROOTS, [period]) == members
    assert two_decimals(Fraction(121 * 100, 130)) == "93.08"
    assert two_decimals(Fraction((121 - 110) * 100, 130)) == "8.46"


def test_only_communes_and_towns_report_village_heads() -> None:
    reporting = {key[0] for key, values in returns().items() if "village_heads" in values}
    assert reporting == set(COMMUNES)


def test_the_two_organisations_are_founded_in_duy_phien_and_kim_long() -> None:
    founded = {unit: added("organisations_founded_private", [unit], months(2023)) for unit in GRASSROOTS}
    assert {unit: number for unit, number in founded.items() if number} == {
        "tam-duong-duy-phien": 1,
        "tam-duong-kim-long": 1,
    }


def test_there_are_a_little_over_6300_members_at_the_end_of_2023() -> None:
    assert 6300 < added("members_total", GRASSROOTS, ["2023-12"]) < 6350


def test_quang_nam_reports_what_the_conference_was_told() -> None:
    values = returns()["quang-nam", "province-summary", "2023"]
    stated = {
        "members_admitted": 2041,
        "key_tasks_done": 18,
        "key_tasks": 18,
        "training_leaders_course": 118,
        "training_planned_committee_course": 53,
        "training_theory_advanced": 154,
        "training_theory_intermediate": 390,
        "training_theory_intermediate_own": 360,
        "training_theory_intermediate_guests": 30,
        "training_officials": 4178,
    }
    assert stated.items() <= values.items()
    illustrative = {
        row["slot"]: row["illustrative"]
        for row in rows("returns")
        if (row["unit"], row["period"]) == ("quang-nam", "2023")
    }
    assert {slot for slot, flag in illustrative.items() if flag == "0"} == set(stated)


def test_nothing_but_the_stated_year_of_quang_nam_claims_a_source() -> None:
    stated = {(row["unit"], row["period"]) for row in rows("returns") if row["illustrative"] == "0"}
    assert stated == {("quang-nam", "2023")}


@pytest.mark.parametrize(
    ("unit", "period", "exact", "stated"),
    [("quang-nam", "2023", "113.39", "113.34"), ("dak-nong", "2024-9M", "52.28", "52.28")],
)
def test_stated_percentages_stand_beside_the_arithmetic(
    unit: str, period: str, exact: str, stated: str
) -> None:
    target = next(
        row
        for row in rows("targets")
        if (row["unit"], row["indicator"], row["period"]) == (unit, "members.admitted", period[:4])
    )
    value = returns()[unit, "province-summary", period]["members_admitted"]
    assert two_decimals(Fraction(value * 100, int(target["amount"]))) == exact
    said = [
        row["stated"]
        for row in rows("statements")
        if (row["unit"], row["period"], row["what"]) == (unit, period, "percent_of_target")
    ]
    assert said == [stated]


def test_stated_values_are_what_the_returns_add_up_to() -> None:
    indicators = pack().indicators
    for row in rows("statements"):
        indicator = indicators[row["indicator"]]
        if row["what"] != "value" or indicator.from_register:
            continue
        units = GRASSROOTS if row["unit"] == "tam-duong" else [row["unit"]]
        stock = indicator.behaviour.value == "stock"
        periods = ["2023-12"] if stock else [row["period"], *months(2023)]
        slot = indicator.value or indicator.numerator or ""
        assert added(slot, units, periods) == int(row["stated"]), row


def test_targets_of_the_sources_are_the_ones_they_state() -> None:
    stated = {
        (row["unit"], row["indicator"], row["period"], row["comparison"], row["amount"])
        for row in rows("targets")
        if row["illustrative"] == "0"
    }
    assert stated == {
        ("quang-nam", "members.admitted", "2023", "value", "1800"),
        ("tam-duong", "leaders.village_heads_share", "2023", "more_than", "90"),
        ("tam-duong", "leaders.village_heads_share", "2024", "at_least", "100"),
    }


def test_invented_leaders_are_marked_in_their_names_and_only_on_illustrative_targets() -> None:
    for row in rows("targets"):
        assert (row["illustrative"] == "1") == row["given_to"].endswith(" (minh họa)"), row


@pytest.mark.parametrize("year", ["2023", "2024"])
def test_what_the_units_are_given_adds_up_to_what_the_district_is_given(year: str) -> None:
    amounts = {
        row["unit"]: int(row["amount"])
        for row in rows("targets")
        if (row["indicator"], row["period"]) == ("members.admitted", year)
    }
    assert sum(amounts.get(unit, 0) for unit in GRASSROOTS) == amounts["tam-duong"]


def test_every_basis_is_one_document() -> None:
    documents = Counter(
        reference
        for row in rows("documents")
        for reference in (
            f"{row['number']}|{row['date']}",
            f"{row['number']}|{row['date'][:4]}",
            row["symbol"],
        )
    )
    for row in rows("targets"):
        assert documents[row["basis"]] == 1, row["basis"]


def test_every_check_of_every_complete_return_holds() -> None:
    for key, values in returns().items():
        if states()[key] == "draft":
            continue
        for check in pack().forms[key[1]].checks:
            if set(check.slots) <= values.keys():
                assert holds(check.kind, check, values), (key, check.message.en)


def holds(kind: CheckKind, check: object, values: Values) -> bool:
    terms = {name: getattr(check, name) for name in ("total", "left", "right", "carried", "now")}
    one = {name: values.get(slot, 0) for name, slot in terms.items()}
    many = {name: sum(values[slot] for slot in getattr(check, name)) for name in ("parts", "plus", "minus")}
    return {
        CheckKind.SUM: one["total"] == many["parts"],
        CheckKind.AT_MOST: one["left"] <= one["right"],
        CheckKind.BALANCE: one["carried"] + many["plus"] - many["minus"] == one["now"],
    }[kind]


@pytest.mark.parametrize("unit", GRASSROOTS)
def test_each_unit_carries_over_what_it_ended_with(unit: str) -> None:
    periods = ["2022", *months(2023), *months(2024, 9)]
    keys = [(unit, "grassroots-monthly", period) for period in periods]
    reported = [returns()[key] for key in keys if key in returns()]
    assert all("members_carried" in values for values in reported)
    ended = [values["members_total"] for values in reported[:-1]]
    assert [values["members_carried"] for values in reported[1:]] == ended


def test_each_form_is_filled_by_a_unit_that_owes_it_for_that_period() -> None:
    owed: dict[tuple[str, str], list[tuple[Span, str]]] = defaultdict(list)
    for row in rows("obligations"):
        until = date.fromisoformat(row["until"]) if row["until"] else None
        span = Span(date.fromisoformat(row["from"]), until)
        owed[row["unit"], row["form"]].append((span, row["schedule"]))
    kinds = {row["code"]: row["kind"] for row in rows("units")}
    for (unit, form, period), values in returns().items():
        parsed = Period.parse(period)
        assert any(
            parsed.last_day in span and pack().schedules[schedule].has(parsed)
            for span, schedule in owed[unit, form]
        ), (unit, period)
        assert kinds[unit] in pack().forms[form].kinds
        assert all(pack().forms[form].has(slot) for slot in values)


def test_on_the_day_of_the_demonstration_some_returns_are_missing_waiting_or_begun() -> None:
    september = {unit: states().get((unit, "grassroots-monthly", "2024-09")) for unit in GRASSROOTS}
    assert Counter(september.values()) == {"accepted": 40, "submitted": 4, None: 3, "draft": 1}
    assert september["tam-duong-thpt-tam-duong"] is None, (
        "the secretary of the demonstration has one to enter"
    )
    assert september["tam-duong-duy-phien"] == "draft"
    assert set(states().values()) == {"accepted", "submitted", "draft"}


def test_the_district_is_a_little_behind_its_target_of_2024() -> None:
    so_far = added("members_admitted", GRASSROOTS, months(2024, 9))
    assert 0.85 < so_far / 9 * 12 / 190 < 1


def test_returns_are_handed_in_after_their_period_and_accepted_after_that_before_the_day() -> None:
    for row in rows("returns"):
        end = Period.parse(row["period"]).last_day.isoformat()
        assert end < row["on"] <= "2024-10-08", row
        assert (row["state"] == "accepted") == bool(row["accepted_by"]) == bool(row["accepted_on"])
        assert not row["accepted_on"] or row["on"] <= row["accepted_on"] <= "2024-10-08"


def test_documents_whose_day_no_source_states_have_only_a_year() -> None:
    stated = {
        (row["kind"], row["number"]): row["precision"]
        for row in rows("documents")
        if row["illustrative"] == "0"
    }
    assert stated == {
        ("resolution", "18"): "day",
        ("decision", "880"): "year",
        ("decision", "1188"): "year",
        ("plan", "256"): "day",
        ("notice", "581"): "day",
    }
    assert all(row["kind"] in pack().document_kinds for row in rows("documents"))


def test_accounts_have_a_role_of_the_pack_but_the_stranger_has_none() -> None:
    roles = {row["login"]: (row["unit"], row["role"]) for row in rows("accounts")}
    assert roles["nguoi-la"] == ("", "")
    assert roles["bi-thu"] == ("tam-duong-thpt-tam-duong", "secretary")
    assert roles["kiem-toan"] == ("trung-uong", "auditor")
    assert all(role in pack().power_sets for unit, role in roles.values() if unit)


def test_reviews_are_illustrative_and_of_known_sections() -> None:
    for row in rows("reviews"):
        assert row["section"] in ("achievements", "causes", "tasks")
        assert row["illustrative"] == "1"
        assert Period.parse(row["period"]).last_day.isoformat() < row["on"]


@pytest.mark.parametrize("name", ["units", "documents", "returns", "targets", "reviews"])
def test_the_mark_illustrative_is_0_or_1_everywhere(name: str) -> None:
    assert {row["illustrative"] for row in rows(name)} <= {"0", "1"}
