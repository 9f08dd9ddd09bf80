"""Acts on returns: what they allow, refuse and write down."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from plenum.access.models import Account, Grant
from plenum.access.reach import OutOfReach
from plenum.figures import powers
from plenum.figures.actions import (
    accept_return,
    correct_return,
    discard_draft,
    end_obligation,
    oblige_unit,
    save_draft,
    send_back,
    submit_return,
    withdraw_return,
)
from plenum.figures.models import Obligation, Return
from plenum.figures.queries import figures, return_view, sheet
from plenum.figures.rules import Deed
from plenum.figures.tests.factories import MONTHLY, SUMMARY, SYSTEM, oblige, plant, report, submit
from plenum.journal.actor import Actor
from plenum.journal.models import Entry as JournalEntry
from plenum.periods import Period, Span
from plenum.tree.models import Unit

pytestmark = pytest.mark.django_db
JANUARY = Period.parse("2023-01")
DAY = date(2023, 2, 1)
SECRETARY = [powers.READ.code, powers.ENTER.code, powers.SUBMIT.code]
OFFICER = [*SECRETARY, powers.ACCEPT.code, powers.OBLIGE.code]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@dataclass
class Tree:
    district: Unit
    one: Unit
    two: Unit
    secretary: Actor
    officer: Actor
    neighbour: Actor


def person(login: str, unit: Unit, held: list[str]) -> Actor:
    account = Account.objects.create(login=login, name=login.title())
    Grant.objects.create(account=account, unit=unit, role="test", powers=held, span=Span(date(2020, 1, 1)))
    return Actor(account.pk, account.name)


@pytest.fixture
def tree(db: None) -> Tree:
    province = plant("province", "province", plant("root", "centre", None))
    district = plant("district", "district", province)
    one, two = (plant(code, "commune_committee", district) for code in ("one", "two"))
    for unit in (one, two):
        oblige(unit)
    return Tree(
        district,
        one,
        two,
        person("secretary", one, SECRETARY),
        person("officer", district, OFFICER),
        person("neighbour", two, SECRETARY),
    )


def save(unit: Unit, values: Mapping[str, int | None], *, edition: int = 0, by: Actor = SYSTEM) -> Return:
    return save_draft(unit.pk, MONTHLY, JANUARY, values, edition=edition, on=DAY, by=by)


def refusal(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return error.value.message_dict


def test_a_return_goes_its_way_between_two_people(tree: Tree) -> None:
    draft = save(tree.one, {"members_admitted": 3}, by=tree.secretary)
    sent = submit_return(draft.pk, edition=1, on=DAY, by=tree.secretary)
    back = send_back(sent.pk, "  women? ", on=DAY, by=tree.officer)
    assert (back.state, back.sent_back_reason) == ("sent_back", "women?")
    again = save(tree.one, {"admitted_women": 1}, edition=back.edition, by=tree.secretary)
    assert again.state == "sent_back"
    submit_return(again.pk, edition=again.edition, on=DAY, by=tree.secretary)
    done = accept_return(again.pk, on=DAY, by=tree.officer)
    assert (done.state, done.version, done.accepted_version) == ("accepted", 2, 2)
    view = return_view(done.pk, DAY)
    assert [(step.what, step.version, step.by, step.reason) for step in view.steps] == [
        (Deed.SUBMIT, 1, "Secretary", ""),
        (Deed.SEND_BACK, 1, "Officer", "women?"),
        (Deed.SUBMIT, 2, "Secretary", ""),
        (Deed.ACCEPT, 2, "Officer", ""),
    ]
    assert [(each.number, each.accepted_on) for each in view.versions] == [(2, DAY), (1, None)]
    (change,) = view.versions[0].changes
    assert (change.slot.code, change.before, change.after, change.difference) == (
        "admitted_women",
        None,
        1,
        None,
    )
    written = JournalEntry.objects.filter(unit_id=tree.one.pk).order_by("position")
    assert [entry.act for entry in written][1:] == [
        "figures.save_draft",
        "figures.submit_return",
        "figures.send_back",
        "figures.save_draft",
        "figures.submit_return",
        "figures.accept_return",
    ]
    last = written.last()
    assert last is not None
    assert (last.power, last.actor_label) == ("figures.accept", "Officer")
    assert last.change == {
        "version": [None, 2],
        "figures": {"members_admitted": [None, 3], "admitted_women": [None, 1]},
    }


def test_who_may_do_what(tree: Tree) -> None:
    for by in (tree.neighbour, tree.officer, Actor.nobody()):
        with pytest.raises(OutOfReach):
            save(tree.one, {"members_admitted": 3}, by=by)
    draft = save(tree.one, {"members_admitted": 3}, by=tree.secretary)
    with pytest.raises(OutOfReach):
        submit_return(draft.pk, on=DAY, by=tree.neighbour)
    with pytest.raises(OutOfReach):
        discard_draft(draft.pk, on=DAY, by=tree.officer)
    submit_return(draft.pk, on=DAY, by=tree.secretary)
    for by in (tree.secretary, tree.neighbour):
        with pytest.raises(OutOfReach):
            accept_return(draft.pk, on=DAY, by=by)
        with pytest.raises(OutOfReach):
            send_back(draft.pk, "no", on=DAY, by=by)
    with pytest.raises(OutOfReach):
        withdraw_return(draft.pk, on=DAY, by=tree.officer)
    accept_return(draft.pk, on=DAY, by=tree.officer)
    with pytest.raises(OutOfReach):
        correct_return(draft.pk, "no", on=DAY, by=tree.officer)
    with pytest.raises(OutOfReach):
        oblige_unit(tree.one.pk, SUMMARY, "year", Span(DAY), on=DAY, by=tree.secretary)
    with pytest.raises(OutOfReach):
        end_obligation(Obligation.objects.get(unit=tree.one).pk, DAY, on=DAY, by=tree.secretary)


def test_an_officer_does_not_accept_the_return_of_the_own_unit(tree: Tree) -> None:
    west = plant("west", "province", Unit.objects.get(code="root"))
    oblige(west, SUMMARY, "year")
    officer = person("western", west, OFFICER)
    returned = submit(west, "2022", {"key_tasks": 5}, form=SUMMARY)
    with pytest.raises(OutOfReach):
        accept_return(returned.pk, on=DAY, by=officer)


def test_whatever_is_entered_is_kept_until_it_is_submitted(tree: Tree) -> None:
    draft = save(tree.one, {"members_admitted": 3, "admitted_women": 9})
    with pytest.raises(ValidationError) as error:
        submit_return(draft.pk, on=DAY, by=SYSTEM)
    (message,) = refusal(error)["members_admitted"]
    assert "3" in message
    assert "9" in message
    assert "-6" in message or "−6" in message
    draft = save(tree.one, {"admitted_women": None}, edition=1)
    assert submit_return(draft.pk, on=DAY, by=SYSTEM).version == 1


def test_slots_left_out_keep_their_figures(tree: Tree) -> None:
    save_draft(
        tree.one.pk,
        MONTHLY,
        JANUARY,
        {"members_admitted": 3, "members_total": 5},
        illustrative=["members_total"],
        remark=" a ",
        edition=0,
        on=DAY,
        by=SYSTEM,
    )
    save(tree.one, {"members_admitted": None}, edition=1)
    found = sheet(tree.one.pk, MONTHLY, JANUARY, DAY)
    rows = {row.slot.code: row for row in found.rows}
    assert (rows["members_admitted"].value, rows["members_total"].value) == (None, 5)
    assert rows["members_total"].illustrative
    assert (found.remark, found.edition, found.state) == ("a", 2, "draft")


@pytest.mark.parametrize("value", [-1, 10**12 + 1])
def test_figures_out_of_range_are_not_kept(tree: Tree, value: int) -> None:
    with pytest.raises(ValidationError) as error:
        save(tree.one, {"members_total": value})
    assert list(refusal(error)) == ["members_total"]
    assert not Return.objects.exists()


def test_an_empty_return_is_not_submitted(tree: Tree) -> None:
    with pytest.raises(ValidationError):
        submit_return(save(tree.one, {}).pk, on=DAY, by=SYSTEM)


def test_people_notice_each_other(tree: Tree) -> None:
    save(tree.one, {"members_admitted": 3}, by=tree.secretary)
    for edition in (0, 2):
        with pytest.raises(ValidationError) as error:
            save(tree.one, {"members_admitted": 4}, edition=edition)
        (message,) = refusal(error)["edition"]
        assert "Secretary" in message
    draft = Return.objects.get()
    with pytest.raises(ValidationError):
        submit_return(draft.pk, edition=0, on=DAY, by=SYSTEM)
    sent = submit_return(draft.pk, edition=1, on=DAY, by=SYSTEM)
    withdraw_return(sent.pk, edition=2, on=DAY, by=SYSTEM)
    submit_return(sent.pk, edition=3, on=DAY, by=SYSTEM)
    with pytest.raises(ValidationError):
        accept_return(sent.pk, edition=2, on=DAY, by=SYSTEM)


def test_a_submitted_return_is_taken_back_before_it_is_accepted(tree: Tree) -> None:
    returned = submit(tree.one, "2023-01", {"members_admitted": 3}, on=DAY)
    with pytest.raises(ValidationError):
        save(tree.one, {"members_admitted": 4}, edition=returned.edition)
    back = withdraw_return(returned.pk, on=DAY, by=SYSTEM)
    assert back.state == "draft"
    with pytest.raises(ValidationError):
        discard_draft(returned.pk, on=DAY, by=SYSTEM)
    save(tree.one, {"members_admitted": 4}, edition=back.edition)


def test_a_draft_is_discarded_for_good_and_a_correction_back_to_what_stands(tree: Tree) -> None:
    draft = save(tree.one, {"members_admitted": 3})
    assert discard_draft(draft.pk, on=DAY, by=SYSTEM) is None
    assert not Return.objects.exists()
    accepted = report(tree.one, "2023-01", {"members_admitted": 3}, on=DAY)
    for submitted in (False, True):
        opened = correct_return(accepted.pk, "wrong", on=DAY, by=SYSTEM)
        changed = save(tree.one, {"members_admitted": 8}, edition=opened.edition)
        if submitted:
            submit_return(changed.pk, on=DAY, by=SYSTEM)
            withdraw_return(changed.pk, on=DAY, by=SYSTEM)
        restored = discard_draft(changed.pk, on=DAY, by=SYSTEM)
        assert restored is not None
        assert (restored.state, restored.accepted_version, restored.draft_values[1]) == ("accepted", 1, 3)
    assert figures(tree.one.pk, JANUARY)["members.admitted"].value == 3
    opened = correct_return(accepted.pk, "wrong", on=DAY, by=SYSTEM)
    again = save(tree.one, {"members_admitted": 9}, edition=opened.edition)
    submit_return(again.pk, on=DAY, by=SYSTEM)
    assert accept_return(again.pk, on=DAY, by=SYSTEM).accepted_version == 3
    assert figures(tree.one.pk, JANUARY)["members.admitted"].value == 9
    versions = return_view(accepted.pk, DAY).versions
    assert [(each.number, each.reason) for each in versions] == [(3, "wrong"), (2, "wrong"), (1, "")]


@pytest.mark.parametrize("reason", ["", "  "])
def test_reasons_are_asked_for(tree: Tree, reason: str) -> None:
    returned = submit(tree.one, "2023-01", {"members_admitted": 3}, on=DAY)
    with pytest.raises(ValidationError) as error:
        send_back(returned.pk, reason, on=DAY, by=SYSTEM)
    assert list(refusal(error)) == ["reason"]
    accept_return(returned.pk, on=DAY, by=SYSTEM)
    with pytest.raises(ValidationError) as error:
        correct_return(returned.pk, reason, on=DAY, by=SYSTEM)
    assert list(refusal(error)) == ["reason"]


def test_days_go_forward(tree: Tree) -> None:
    draft = save_draft(
        tree.one.pk, MONTHLY, JANUARY, {"members_admitted": 1}, edition=0, on=date(2022, 12, 1), by=SYSTEM
    )
    with pytest.raises(ValidationError) as error:
        submit_return(draft.pk, on=date(2022, 12, 31), by=SYSTEM)
    assert list(refusal(error)) == ["on"]
    submit_return(draft.pk, on=DAY, by=SYSTEM)
    with pytest.raises(ValidationError) as error:
        accept_return(draft.pk, on=date(2023, 1, 31), by=SYSTEM)
    assert list(refusal(error)) == ["on"]


def test_something_unusual_needs_a_remark(tree: Tree) -> None:
    balance = {
        "members_transferred_in": 0,
        "members_reinstated": 0,
        "members_transferred_out": 0,
        "members_died": 0,
        "members_expelled": 0,
        "members_removed": 0,
        "members_admitted": 0,
    }
    report(tree.one, "2023-01", {"members_total": 100, "members_carried": 100} | balance)
    february = Period.parse("2023-02")
    values = {"members_total": 99, "members_carried": 99} | balance
    day = date(2023, 2, 28)
    draft = save_draft(tree.one.pk, MONTHLY, february, values, edition=0, on=day, by=SYSTEM)
    with pytest.raises(ValidationError) as error:
        submit_return(draft.pk, on=day, by=SYSTEM)
    assert list(refusal(error)) == ["remark"]
    found = sheet(tree.one.pk, MONTHLY, february, day)
    assert [finding.code for finding in found.findings] == ["continuity"]
    assert found.previous_period == JANUARY
    assert next(row.previous for row in found.rows if row.slot.code == "members_total") == 100
    draft = save_draft(
        tree.one.pk, MONTHLY, february, {}, remark="one counted twice", edition=1, on=day, by=SYSTEM
    )
    assert submit_return(draft.pk, on=day, by=SYSTEM).versions.get().remark == "one counted twice"


@pytest.mark.parametrize("code", ["2019-12", "2023-Q1", "2023"])
def test_only_what_is_owed_can_be_reported(tree: Tree, code: str) -> None:
    with pytest.raises(ValidationError) as error:
        save_draft(tree.one.pk, MONTHLY, Period.parse(code), {}, edition=0, on=DAY, by=SYSTEM)
    assert list(refusal(error)) == ["period"]


@pytest.mark.parametrize(
    ("unit", "form", "schedule", "since", "field"),
    [
        ("two", MONTHLY, "month", "2023-01-01", "from"),
        ("two", "nothing", "month", "2023-01-01", "form"),
        ("new", MONTHLY, "weekly", "2023-01-01", "schedule"),
        ("new", SUMMARY, "month", "2023-01-01", "form"),
        ("new", MONTHLY, "month", "2019-01-01", "from"),
        ("district", SUMMARY, "month", "2023-01-01", "form"),
        ("province", SUMMARY, "year", "2023-01-01", "form"),
    ],
)
def test_obligations_that_cannot_be(
    tree: Tree, unit: str, form: str, schedule: str, since: str, field: str
) -> None:
    plant("new", "commune_committee", tree.district)
    the_unit = Unit.objects.get(code=unit)
    with pytest.raises(ValidationError) as error:
        oblige_unit(the_unit.pk, form, schedule, Span(date.fromisoformat(since)), on=DAY, by=SYSTEM)
    assert list(refusal(error)) == [field]


def test_figures_are_not_owed_twice_on_a_line_at_the_same_time(tree: Tree) -> None:
    for unit in (tree.one, tree.two):
        end_obligation(Obligation.objects.get(unit=unit).pk, date(2023, 12, 31), on=DAY, by=tree.officer)
    with pytest.raises(ValidationError):
        oblige_unit(tree.district.pk, SUMMARY, "year", Span(date(2023, 12, 31)), on=DAY, by=SYSTEM)
    oblige_unit(tree.district.pk, SUMMARY, "year", Span(date(2024, 1, 1)), on=DAY, by=SYSTEM)


def test_a_schedule_follows_another_at_a_boundary(tree: Tree) -> None:
    obligation = Obligation.objects.get(unit=tree.one)
    end_obligation(obligation.pk, date(2023, 1, 31), on=DAY, by=tree.officer)
    with pytest.raises(ValidationError) as error:
        oblige_unit(tree.one.pk, MONTHLY, "quarter", Span(date(2023, 2, 1)), on=DAY, by=tree.officer)
    assert list(refusal(error)) == ["from"]
    oblige_unit(tree.one.pk, MONTHLY, "quarter", Span(date(2023, 4, 1)), on=DAY, by=tree.officer)


def test_an_obligation_does_not_end_before_its_returns(tree: Tree) -> None:
    report(tree.one, "2023-05", {"members_admitted": 1})
    obligation = Obligation.objects.get(unit=tree.one)
    with pytest.raises(ValidationError):
        end_obligation(obligation.pk, date(2023, 4, 30), on=DAY, by=SYSTEM)
    assert end_obligation(obligation.pk, date(2023, 5, 31), on=DAY, by=SYSTEM).span.end == date(2023, 6, 1)
