"""The pack that comes with Plenum says what the rooms rely on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plenum.packs import LANGUAGES, Behaviour, CheckKind, PackLookupError, Words, pack
from plenum.periods import Period, PeriodKind

REFORM = date(2025, 7, 1)
EVE = REFORM - timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "parent", "before", "after"),
    [
        ("centre", None, True, True),
        ("province", None, False, False),
        ("province", "centre", True, True),
        ("district", "province", True, False),
        ("commune_committee", "district", True, False),
        ("commune_committee", "province", False, True),
        ("commune_committee", "centre", False, False),
        ("agency_committee", "district", True, False),
        ("agency_committee", "bloc", True, True),
        ("grassroots_cell", "province", True, True),
        ("cell", "commune_committee", True, True),
        ("cell", "agency_committee", True, True),
        ("cell", "grassroots_cell", False, False),
        ("centre", "province", False, False),
        ("province", "province", False, False),
        ("nothing", "centre", False, False),
        ("province", "nothing", False, False),
    ],
)
def test_which_kind_stands_under_which_follows_the_end_of_the_district_level(
    kind: str, parent: str | None, before: bool, after: bool
) -> None:
    assert pack().may_stand_under(kind, parent, EVE) is before
    assert pack().may_stand_under(kind, parent, REFORM) is after


def test_three_kinds_are_grassroots_organisations() -> None:
    grassroots = {code for code, kind in pack().kinds.items() if kind.grassroots}
    assert grassroots == {"commune_committee", "agency_committee", "grassroots_cell"}
    assert set(pack().indicators["organisations.grassroots"].register_kinds) == grassroots


def test_slots_keep_their_numbers() -> None:
    numbered = {
        form.code: [(slot.number, slot.code) for slot in form.slots] for form in pack().forms.values()
    }
    assert numbered == {
        "grassroots-monthly": [
            (1, "members_carried"),
            (2, "members_admitted"),
            (3, "members_transferred_in"),
            (4, "members_reinstated"),
            (5, "members_transferred_out"),
            (6, "members_died"),
            (7, "members_expelled"),
            (8, "members_removed"),
            (9, "members_total"),
            (10, "admitted_women"),
            (11, "admitted_men"),
            (12, "admitted_youth"),
            (13, "village_heads"),
            (14, "village_heads_members"),
            (15, "organisations_founded_private"),
        ],
        "province-summary": [
            (1, "members_admitted"),
            (2, "key_tasks_done"),
            (3, "key_tasks"),
            (4, "training_leaders_course"),
            (5, "training_planned_committee_course"),
            (6, "training_theory_advanced"),
            (7, "training_theory_intermediate"),
            (8, "training_theory_intermediate_own"),
            (9, "training_theory_intermediate_guests"),
            (10, "training_officials"),
            (11, "members_total"),
            (12, "organisations_founded_private"),
        ],
        "grassroots-full": [
            (1, "members_carried"),
            (2, "members_admitted"),
            (3, "members_transferred_in"),
            (4, "members_reinstated"),
            (5, "members_transferred_out"),
            (6, "members_died"),
            (7, "members_expelled"),
            (8, "members_removed"),
            (9, "members_total"),
            (10, "admitted_women"),
            (11, "admitted_men"),
            (12, "admitted_youth"),
            (13, "village_heads"),
            (14, "village_heads_members"),
            (15, "organisations_founded_private"),
            (16, "admitted_ethnic"),
            (17, "admitted_religious"),
            (18, "admitted_age_18_30"),
            (19, "admitted_age_31_35"),
            (20, "admitted_age_36_40"),
            (21, "admitted_age_41_45"),
            (22, "admitted_age_46_50"),
            (23, "admitted_age_51_55"),
            (24, "admitted_age_56_60"),
            (25, "admitted_age_over_60"),
            (26, "admitted_state_officials"),
            (27, "admitted_commune_staff"),
            (28, "admitted_public_service"),
            (29, "admitted_enterprise_workers"),
            (30, "admitted_farmers"),
            (31, "admitted_armed_forces"),
            (32, "admitted_students"),
            (33, "admitted_other_occupations"),
            (34, "members_probationary"),
            (35, "members_women"),
            (36, "members_ethnic"),
            (37, "members_exempt"),
            (38, "dues_collected"),
            (39, "dues_kept"),
            (40, "dues_passed_up"),
        ],
    }


def test_stocks_are_the_numbers_of_people_there_are() -> None:
    stocks = {slot.code for slot in pack().slots().values() if slot.behaviour is Behaviour.STOCK}
    assert stocks == {
        "members_carried",
        "members_total",
        "members_probationary",
        "members_women",
        "members_ethnic",
        "members_exempt",
        "village_heads",
        "village_heads_members",
    }


def test_the_full_return_says_what_the_short_one_says_by_the_same_numbers() -> None:
    """So that a unit can change from one to the other without a break."""
    short, full = pack().forms["grassroots-monthly"], pack().forms["grassroots-full"]
    assert full.slots[: len(short.slots)] == short.slots
    assert full.checks[: len(short.checks)] == short.checks


def test_the_balance_reads_carried_plus_in_less_out() -> None:
    balance = next(
        check for check in pack().forms["grassroots-monthly"].checks if check.kind is CheckKind.BALANCE
    )
    assert balance.slots == tuple(slot.code for slot in pack().forms["grassroots-monthly"].slots[:9])


def test_indicators_are_read_in_their_order() -> None:
    assert list(pack().indicators) == [
        "members.admitted",
        "members.total",
        "organisations.grassroots",
        "organisations.founded_private",
        "leaders.village_heads_share",
        "tasks.key_share",
        "training.leaders_course",
        "training.planned_committee_course",
        "training.theory_advanced",
        "training.theory_intermediate",
        "training.officials",
    ]


@given(st.integers(1900, 2999))
def test_every_schedule_makes_up_every_year(year: int) -> None:
    for schedule in pack().schedules.values():
        periods = schedule.periods(year)
        assert [month for period in periods for month in period.months] == [
            Period.month(year, number) for number in range(1, 13)
        ]


def test_nine_months_are_followed_by_the_fourth_quarter() -> None:
    schedule = pack().schedules["nine_months_and_quarter"]
    assert [period.code for period in schedule.periods(2024)] == ["2024-9M", "2024-Q4"]
    assert schedule.has(Period(2024, PeriodKind.NINE_MONTHS))
    assert not schedule.has(Period.parse("2024-Q3"))


def test_a_secretary_can_neither_accept_nor_set_and_an_auditor_only_reads() -> None:
    sets = pack().power_sets
    assert {"figures.enter", "figures.submit"} <= set(sets["secretary"].powers)
    assert not {"figures.accept", "targets.set", "access.grant"} & set(sets["secretary"].powers)
    assert all(power.endswith(".read") for power in sets["auditor"].powers)
    assert set(sets["auditor"].powers) <= set(sets["officer"].powers)


def test_a_rule_holds_from_its_first_day() -> None:
    rule = pack().rule("targets.projection", date(2000, 1, 1))
    assert rule.number("minimum_observations") == 3
    with pytest.raises(PackLookupError):
        pack().rule("targets.projection", date(1999, 12, 31))
    with pytest.raises(PackLookupError):
        rule.number("no_such_value")


def test_words_fall_back_to_english() -> None:
    words = Words(vi="một", en="one", ru="один", cs="jeden")
    assert [words.in_(language) for language in (*LANGUAGES, "vi-VN", "ru_RU", "de")] == [
        *("một", "one", "один", "jeden"),
        *("một", "один", "one"),
    ]


def test_every_kind_has_the_heading_of_its_own_reports() -> None:
    symbols = {code: kind.report.symbol for code, kind in pack().kinds.items()}
    assert symbols["province"] == "BC/BTCTU"
    assert symbols["district"] == "BC/BTCHU"
    assert pack().kinds["province"].report.body.vi == "Ban Tổ chức Tỉnh ủy"
