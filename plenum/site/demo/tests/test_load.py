"""The reference year loads through the acts that people use, and the record then says what the sources state."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from plenum.access.models import Account, Grant
from plenum.figures.models import Return
from plenum.figures.queries import Shown, late
from plenum.journal.actor import Actor
from plenum.journal.models import Entry
from plenum.journal.queries import broken_links
from plenum.organisation.actions.load_units import SHEET as UNITS
from plenum.organisation.actions.load_units import load_units
from plenum.periods import Period
from plenum.reports.actions.load_reviews import SHEET as REVIEWS
from plenum.site.demo import load
from plenum.targets.queries import Row, standing
from plenum.tree.models import Unit
from plenum.tree.queries import unit_by_code

TODAY = date(2024, 10, 8)


def row(unit: str, period: str, indicator: str) -> Row:
    """How a unit stands in one indicator on the day of the demonstration."""
    found = standing(unit_by_code(unit).pk, Period.parse(period), today=TODAY).row(indicator)
    assert found is not None
    return found


def test_the_record_says_what_the_sources_state(reference_database: str) -> None:
    quang_nam = row("quang-nam", "2023", "members.admitted")
    assert (quang_nam.figure.value, quang_nam.percent, quang_nam.illustrative) == (2041, "113.39", False)
    assert quang_nam.verdict is not None
    assert quang_nam.verdict.code == "exceeded"
    assert [(flag.code, flag.stated, flag.exact) for flag in quang_nam.flags] == [
        ("stated_percent_contradicted", "113.34", "113.39")
    ]

    tasks = row("quang-nam", "2023", "tasks.key_share")
    assert (tasks.figure.numerator, tasks.figure.denominator, tasks.value_illustrative) == (18, 18, False)
    theory = row("quang-nam", "2023", "training.theory_intermediate")
    assert [part.value for part in theory.figure.parts] == [360, 30]

    admitted = row("tam-duong", "2023", "members.admitted")
    assert (admitted.figure.value, admitted.value_illustrative, admitted.target_illustrative) == (
        185,
        False,
        True,
    )
    assert "illustrative_split" in [flag.code for flag in admitted.flags]
    assert row("vinh-phuc", "2023", "members.admitted").figure.value == 185

    heads = row("tam-duong", "2023", "leaders.village_heads_share")
    assert (heads.figure.numerator, heads.figure.denominator, heads.percent) == (121, 130, "93.08")
    assert heads.verdict is not None
    assert heads.verdict.code == "exceeded"
    assert heads.illustrative is False
    change = heads.change.since_start_of_year
    assert change is not None
    assert (change.is_points, round(float(change.amount), 2)) == (True, 8.46)

    grassroots = row("tam-duong", "2023", "organisations.grassroots")
    assert (grassroots.figure.value, [part.value for part in grassroots.figure.parts]) == (48, [13, 3, 32])

    below_dak_nong = standing(unit_by_code("dak-nong").pk, Period.parse("2024-9M"), today=TODAY)
    assert below_dak_nong.row("organisations.grassroots") is None, "a district alone is no count of them"

    dak_nong = row("dak-nong", "2024-9M", "members.admitted")
    assert dak_nong.percent == "52.28"
    assert dak_nong.verdict is not None
    assert dak_nong.verdict.code == "at_risk"


def test_the_day_of_the_demonstration_has_late_and_waiting_returns(reference_database: str) -> None:
    district = row("tam-duong", "2024", "members.admitted")
    assert district.verdict is not None
    assert district.verdict.code == "at_risk"
    below = Unit.objects.filter(code__startswith="tam-duong-").values_list("pk", flat=True)
    assert {due.unit.code for due in late(Shown.of(below), TODAY)} == {
        "tam-duong-duy-phien",
        "tam-duong-huong-dao",
        "tam-duong-thpt-tam-duong",
        "tam-duong-van-hoa-thong-tin",
    }
    assert Return.objects.filter(state="submitted").count() == 4


def test_everybody_of_the_demonstration_can_sign_in_and_the_stranger_holds_nothing(
    reference_database: str,
) -> None:
    shown = load.demo_accounts()
    accounts = {account.login: account for account in Account.objects.all()}
    assert {account.login for account in shown} == set(accounts)
    assert all(accounts[each.login].check_password(each.password) for each in shown)
    assert set(Account.objects.exclude(grants__isnull=False).values_list("login", flat=True)) == {"nguoi-la"}
    assert Grant.objects.count() == len(accounts) - 1


def test_every_act_of_the_loading_is_in_an_unbroken_journal(reference_database: str) -> None:
    assert broken_links() == []
    acts = set(Entry.objects.values_list("act", flat=True))
    assert {"organisation.found_unit", "figures.accept_return", "targets.set_target"} <= acts


@pytest.mark.django_db
def test_a_loading_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_rows: object, *, on: date, by: Actor, progress: object) -> None:
        raise ValidationError("line 7")

    steps = (
        load.Step("units.csv", "units", load_units, UNITS),
        load.Step("reviews.csv", "reviews", fail, REVIEWS),
    )
    monkeypatch.setattr(load, "STEPS", steps)
    told: list[str] = []
    with pytest.raises(ValidationError):
        load.load_reference_year(told.append)
    assert told[0] == "Loading units"
    assert told[-1] == "Loading reviews"
    assert not Unit.objects.exists()
    assert not Entry.objects.exists()
