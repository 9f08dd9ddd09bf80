"""What is made up: figures that pass the checks of the form, and courses as returns have them."""

from collections import Counter
from datetime import date

from plenum.figures.rules import Deed, State, due_on, findings, state_after
from plenum.periods import Period
from plenum.site.sample.chance import Chance
from plenum.site.sample.country import Country
from plenum.site.sample.course import Course, course
from plenum.site.sample.figures import FORM, Values, corrected, form, year_of_figures

TODAY = date(2025, 1, 8)
CODES = [slot.code for slot in form().slots]


def by_slot(values: Values) -> dict[str, int | None]:
    return dict(zip(CODES, values, strict=True))


def courses() -> list[Course | None]:
    """The courses of a year of a hundredth of the country."""
    found = []
    for _branch, units in Country(0.01).branches():
        for unit in units:
            if unit.reports:
                chance = Chance(1, unit.code)
                for number, values in enumerate(year_of_figures(unit, chance), start=1):
                    found.append(course(Period.month(2024, number), values, 5, chance, today=TODAY))
    return found


def test_every_return_passes_the_checks_of_its_form_and_goes_on_from_the_month_before() -> None:
    seen = 0
    for _branch, units in Country(0.01).branches():
        for unit in units:
            if not unit.reports:
                continue
            before = None
            for values in year_of_figures(unit, Chance(2024, unit.code)):
                said = by_slot(values)
                assert findings(form(), said, before=before) == ()
                assert findings(form(), by_slot(corrected(values, Chance(1, unit.code))), before=before) == ()
                assert (said["village_heads"] is None) is (unit.kind != "commune_committee")
                before, seen = said, seen + 1
    assert seen > 7000


def test_a_year_has_the_shares_that_are_known() -> None:
    admitted = members = dues = 0
    for _branch, units in Country(0.01).branches():
        for unit in units:
            if unit.reports:
                for values in year_of_figures(unit, Chance(2024, unit.code)):
                    said = by_slot(values)
                    admitted += said["members_admitted"] or 0
                    dues += said["dues_collected"] or 0
                members += unit.members
    assert 0.025 < admitted / members < 0.032
    assert dues > 10**9


def test_returns_come_in_every_state_and_some_are_corrected() -> None:
    every = courses()
    states = Counter(went.state if went else None for went in every)
    assert set(states) == {None, State.ACCEPTED, State.SUBMITTED, State.SENT_BACK}
    again = [went for went in every if went and len([each for each in went.versions if each.accepted]) == 2]
    assert 0.015 < len(again) / len(every) < 0.025
    late = sum(1 for went in every if went and went.versions[0].on > due_on(form(), went.period))
    assert late > len(every) / 50


def test_every_course_is_one_that_the_rules_allow() -> None:
    """Step by step, in the order of days, and never after today; what is accepted adds up to the last version."""
    for went in courses():
        if went is None:
            continue
        state, accepted, version = State.DRAFT, False, 0
        days = [step.on for step in went.steps]
        assert days == sorted(days)
        assert days[-1] <= TODAY
        for step in went.steps:
            after = state_after(step.what, state, submitted=version > 0, accepted=accepted)
            assert after is not None
            state = after
            version += step.what is Deed.SUBMIT
            accepted = accepted or step.what is Deed.ACCEPT
        assert (state, version) == (went.state, len(went.versions))
        added = [each.added for each in went.versions if each.added is not None]
        if added:
            total = [sum(parts) for parts in zip(*(each.delta for each in added), strict=True)]
            assert total == [value or 0 for value in went.versions[-1].values]


def test_the_form_is_one_of_the_pack_with_forty_figures() -> None:
    assert form().code == FORM
    assert form().width == 40
