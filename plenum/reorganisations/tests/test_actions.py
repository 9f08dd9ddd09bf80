"""The course of a reform: drafted, rehearsed, approved, decided, executed in one stroke, undone before its day."""

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import override

from plenum.access.guard import speaking
from plenum.access.models import Account, Grant
from plenum.access.reach import OutOfReach, SecondFactorMissing
from plenum.figures.models import Obligation
from plenum.figures.tests.factories import SUMMARY, oblige, report, submit
from plenum.journal.models import Entry
from plenum.reorganisations.actions import (
    ReformChanged,
    Stale,
    accept_proposals,
    approve_reform,
    change_reform,
    decide,
    draft_reform,
    execute_reform,
    finish_work,
    rehearse_reform,
    submit_reform,
    undo_reform,
    withdraw_approval,
)
from plenum.reorganisations.models import Approval, State, Work
from plenum.reorganisations.notes import note_in_words
from plenum.reorganisations.queries import reform_view, snapshot, visible_reforms, work_out
from plenum.reorganisations.queries.report import difference_of, report_of
from plenum.reorganisations.rules import Dissolve, Found, Merge, NewUnit, Payroll, Plan, Rename
from plenum.reorganisations.tests.factories import (
    EFFECT,
    SYSTEM,
    Bloc,
    account,
    approve_all,
    bloc_plan,
    executed,
    make_bloc,
    prepared,
)
from plenum.targets.actions import set_target
from plenum.targets.tests.factories import fields
from plenum.tree import ledger
from plenum.tree.models import Unit
from plenum.tree.queries import lineage, unit_view
from tests.cast import DAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def bloc(cast: Cast) -> Bloc:
    return make_bloc(cast)


def tables(names: Iterable[str]) -> dict[str, str]:
    """A hash of all rows of each table."""
    hashes = {}
    with connection.cursor() as cursor:
        for name in names:
            # Ancestry is worked out from places: what it says counts, not under which number.
            row = "(ancestor_id, descendant_id, depth, span)" if name == "tree_ancestry" else "t"
            cursor.execute(f"SELECT {row}::text FROM {name} t ORDER BY 1")
            hashes[name] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return hashes


class TestCourse:
    def test_the_bloc_is_dissolved_into_two_committees(self, bloc: Bloc) -> None:
        oblige(bloc.units["north-bloc"], SUMMARY)
        reform = prepared(bloc_plan(), by=bloc.by)
        reform = execute_reform(reform.pk, on=DAY, by=bloc.by)
        assert reform.state == State.EXECUTED
        assert unit_view("bloc-tax", EFFECT).parent_code == "north-state"
        assert unit_view("bloc-court", EFFECT).parent_code == "north-party"
        assert unit_view("bloc-court", date(2025, 1, 31)).parent_code == "north-bloc"
        assert not unit_view("north-bloc", EFFECT).alive
        relatives = lineage(bloc.units["north-bloc"].pk, EFFECT)
        assert {each.unit.code for each in relatives.successors} == {"north-party", "north-state"}
        party = Unit.objects.get(code="north-party")
        given = Grant.objects.filter(unit=party).order_by("account__login")
        assert [(grant.account.login, grant.role, grant.span.start) for grant in given] == [
            ("bloc-officer", "officer", EFFECT),
            ("bloc-secretary", "secretary", EFFECT),
        ]
        assert Account.objects.get(login="bloc-officer").unit == party
        assert [(owed.form, owed.span.start) for owed in Obligation.objects.filter(unit=party)] == [
            (SUMMARY, EFFECT)
        ]
        work = Work.objects.filter(reform=reform, unit=party).values_list("what", flat=True)
        assert set(work) == {"programme", "inspection", "targets", "returns", "people"}
        below = Work.objects.filter(reform=reform, unit=bloc.units["bloc-tax"])
        assert [each.what for each in below] == ["programme", "inspection"]

    def test_every_act_is_in_the_journal(self, bloc: Bloc) -> None:
        reform = executed(bloc_plan(), by=bloc.by)
        undo_reform(reform.pk, reason="Too early", on=DAY, by=bloc.by)
        acts = Entry.objects.filter(subject=f"reorganisations.Reform:{reform.pk}").order_by("pk")
        assert [
            entry.act.removeprefix("reorganisations.") for entry in acts if entry.unit_id == reform.unit_id
        ] == [
            "draft_reform",
            "rehearse_reform",
            "submit_reform",
            "approve_reform",
            "decide",
            "execute_reform",
            "undo_reform",
        ]
        told = acts.filter(act="reorganisations.changed_by_reform").exclude(unit_id=reform.unit_id)
        assert {(entry.change["fate"]) for entry in told} == {"split", "founded"}

    def test_what_nobody_decided_blocks_the_execution(self, bloc: Bloc) -> None:
        reform = draft_reform(bloc_plan(), on=DAY, by=bloc.by)
        rehearsal = rehearse_reform(reform.pk, on=DAY, by=bloc.by)
        submit_reform(reform.pk, on=DAY, by=bloc.by)
        approve_all(reform)
        with pytest.raises(ValidationError, match="Nobody has decided"):
            execute_reform(reform.pk, on=DAY, by=bloc.by)
        choices = {row["subject"]: row["proposal"] for row in rehearsal.report["objects"]}
        assert len(choices) == 4, "two grants and two accounts"
        last = max(choices)
        decide(reform.pk, {key: value for key, value in choices.items() if key != last}, on=DAY, by=bloc.by)
        with pytest.raises(ValidationError, match="Nobody has decided"):
            execute_reform(reform.pk, on=DAY, by=bloc.by)
        assert accept_proposals(reform.pk, on=DAY, by=bloc.by) == 1
        assert execute_reform(reform.pk, on=DAY, by=bloc.by).state == State.EXECUTED

    def test_a_choice_that_an_object_does_not_have_is_refused(self, bloc: Bloc) -> None:
        reform = draft_reform(bloc_plan(), on=DAY, by=bloc.by)
        rehearsal = rehearse_reform(reform.pk, on=DAY, by=bloc.by)
        subject = rehearsal.report["objects"][0]["subject"]
        with pytest.raises(ValidationError) as refused:
            decide(reform.pk, {subject: "to:south"}, on=DAY, by=bloc.by)
        assert subject in refused.value.message_dict

    def test_every_unit_that_is_asked_has_to_approve(self, bloc: Bloc) -> None:
        reform = draft_reform(bloc_plan(), on=DAY, by=bloc.by)
        with pytest.raises(ValidationError, match="Rehearse"):
            submit_reform(reform.pk, on=DAY, by=bloc.by)
        rehearse_reform(reform.pk, on=DAY, by=bloc.by)
        submit_reform(reform.pk, on=DAY, by=bloc.by)
        accept_proposals(reform.pk, on=DAY, by=bloc.by)
        asked = Approval.objects.filter(reform=reform).values_list("unit__code", flat=True)
        assert set(asked) == {"north", "north-bloc"}
        approve_reform(reform.pk, bloc.units["north"], on=DAY, by=bloc.by)
        with pytest.raises(ValidationError, match="north-bloc"):
            execute_reform(reform.pk, on=DAY, by=bloc.by)
        with pytest.raises(OutOfReach):
            approve_reform(reform.pk, bloc.units["north-bloc"], on=DAY, by=bloc.by)
        approve_reform(reform.pk, bloc.units["north-bloc"], on=DAY, by=bloc.at(1))
        withdraw_approval(reform.pk, bloc.units["north-bloc"], reason="Look again", on=DAY, by=bloc.at(0))
        assert not reform_view(reform, DAY).approved
        approve_reform(reform.pk, bloc.units["north-bloc"], on=DAY, by=bloc.at(0))
        reform.refresh_from_db()
        assert reform_view(reform, DAY).approved
        execute_reform(reform.pk, on=DAY, by=bloc.by)

    def test_a_changed_plan_is_approved_and_rehearsed_anew(self, bloc: Bloc) -> None:
        reform = prepared(bloc_plan(), by=bloc.by)
        other = replace(bloc_plan(), title="Another title")
        with pytest.raises(ReformChanged):
            change_reform(reform.pk, other, edition=7, on=DAY, by=bloc.by)
        change_reform(reform.pk, other, edition=1, on=DAY, by=bloc.by)
        with pytest.raises(ValidationError, match="state"):
            execute_reform(reform.pk, on=DAY, by=bloc.by)
        with pytest.raises(ValidationError, match="Rehearse"):
            submit_reform(reform.pk, on=DAY, by=bloc.by)
        assert not Approval.objects.filter(reform=reform).exists()

    def test_what_cannot_be_is_not_submitted(self, bloc: Bloc) -> None:
        wrong = replace(bloc_plan(), steps=(Dissolve(unit="north-bloc"), Rename(unit="south", name="South")))
        reform = draft_reform(wrong, on=DAY, by=bloc.by)
        rehearsal = rehearse_reform(reform.pk, on=DAY, by=bloc.by)
        found = {(each["problem"], each["unit"]) for each in rehearsal.report["findings"]}
        assert {("outside", "south"), ("left_without_parent", "bloc-tax")} <= found
        with pytest.raises(ValidationError, match="cannot be"):
            submit_reform(reform.pk, on=DAY, by=bloc.by)

    def test_what_a_plan_names_of_others_is_not_looked_into(self, bloc: Bloc) -> None:
        """Whoever may plan at one place learns nothing of another by naming it: no figures, no people, no name."""
        account("south-officer", bloc.units["south"], "officer")
        merge = Merge(from_=("south",), into="north")
        heads = Payroll(indicator="members.total", change=Fraction(-5), year=2026, posts=(("south", 5),))
        own = replace(bloc_plan(), owner="north-bloc", steps=(Rename(unit="bloc-tax", name="Tax"),))
        for plan in (replace(own, owner="north", steps=(merge,)), replace(own, payroll=heads)):
            found = work_out(plan, DAY)
            assert "outside" in {each.problem for each in found.findings if each.unit == "south"}
            report, difference = report_of(found), difference_of(found, DAY)
            assert (report["objects"], difference) == ([], {"units": [], "count": 0, "followers": 0})
            assert "south" not in report["names"]
        assert report["kinds"] == {"bloc": [1, 1], "agency_committee": [3, 3], "cell": [1, 1]}


class TestStale:
    def test_another_tree_than_rehearsed_is_refused(self, bloc: Bloc) -> None:
        reform = prepared(bloc_plan(), by=bloc.by)
        ledger.rename(bloc.units["bloc-tax"], "Đảng bộ Thuế tỉnh", on=DAY)
        with pytest.raises(Stale, match="tree has changed"):
            execute_reform(reform.pk, on=DAY, by=bloc.by)
        rehearse_reform(reform.pk, on=DAY, by=bloc.by)
        execute_reform(reform.pk, on=DAY, by=bloc.by)

    def test_who_is_concerned_only_since_the_tree_has_changed_is_asked(self, bloc: Bloc) -> None:
        rename = Rename(unit="bloc-tax", name="Đảng bộ Thuế tỉnh")
        reform = prepared(replace(bloc_plan(), steps=(rename,)), by=bloc.by)
        other = ledger.found(code="other", name="Other", kind="bloc", parent=bloc.units["north"], on=DAY)
        ledger.move(bloc.units["bloc-tax"], other, on=DAY)
        rehearse_reform(reform.pk, on=DAY, by=bloc.by)
        waiting = {each.unit.code: each.approved_on for each in Approval.objects.select_related("unit")}
        assert waiting == {"bloc-tax": DAY, "other": None}
        with pytest.raises(ValidationError, match="not approved it yet: other"):
            execute_reform(reform.pk, on=DAY, by=bloc.by)

    @pytest.mark.parametrize("most", [2000, -1], ids=["written for a look", "asked as it stands"])
    def test_what_others_plan_for_later_is_found_by_the_rehearsal(
        self, bloc: Bloc, most: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys.modules["plenum.tree.reshaping.foresee"], "MOST_CHANGES", most)
        lone = ledger.found(code="lone", name="Lone", kind="bloc", parent=bloc.units["north"], on=DAY)
        kind, later = "agency_committee", date(2025, 3, 1)
        ledger.found(code="later", name="Later", kind=kind, parent=lone, on=later)
        executed(bloc_plan(), by=bloc.by)
        before = tables(OURS)
        office = NewUnit("office", "Office", "bloc", "north")
        earlier = replace(bloc_plan(), code="earlier", on=date(2025, 1, 1))
        merge, board = Merge(from_=("north-bloc",), into=office), Rename(unit="bloc-board", name="Board")
        ends_too_early = replace(earlier, steps=(merge,))
        has_no_code = replace(earlier, steps=(Found(unit=replace(office, code="Văn phòng")),))
        others_between = replace(earlier, steps=(board, replace(board, name="Ban", on=later)))
        leaves_behind = replace(earlier, steps=(Merge(from_=("lone",), into=office),))
        inner = Found(unit=NewUnit("inner", "Inner", kind, "north-bloc"))
        plans = (ends_too_early, has_no_code, others_between, leaves_behind, replace(earlier, steps=(inner,)))
        assert [each for plan in plans for each in faults_of(plan)] == [
            ("refused", "north-bloc", "changed_later"),
            ("refused", "Văn phòng", "code_not_plain"),
            ("others_between", "", None),
            ("refused", "lone", "children_alive"),
            ("refused", "inner", "parent_not_alive"),
        ]
        assert faults_of(replace(earlier, steps=(board,))) == []
        assert tables(OURS) == before, "looking ahead keeps nothing"

    def test_another_object_without_owner_is_refused(self, bloc: Bloc) -> None:
        reform = prepared(bloc_plan(), by=bloc.by)
        oblige(bloc.units["north-bloc"], SUMMARY)
        with pytest.raises(Stale, match="no owner"):
            execute_reform(reform.pk, on=DAY, by=bloc.by)

    def test_a_failure_in_the_middle_leaves_everything_as_it_was(
        self, bloc: Bloc, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reform = prepared(bloc_plan(), by=bloc.by)
        before = tables(OURS)
        monkeypatch.setattr("plenum.reorganisations.actions.execute.links_of", lambda _days: [], raising=True)
        with pytest.raises(Stale, match="nothing is kept"):
            execute_reform(reform.pk, on=DAY, by=bloc.by)
        assert tables(OURS) == before


OURS = (
    "tree_unit",
    "tree_unitname",
    "tree_unitkind",
    "tree_placement",
    "tree_ancestry",
    "tree_lineage",
    "access_grant",
    "access_account",
    "figures_obligation",
    "reorganisations_work",
    "reorganisations_reform",
)
PAST = (
    "figures_return",
    "figures_version",
    "figures_step",
    "figures_entry",
    "figures_standing",
    "figures_rollup",
    "targets_target",
    "reports_issuedreport",
    "reports_issuedfile",
    "directives_document",
)


def faults_of(plan: Plan) -> list[tuple[str, str, Any]]:
    """What has to be put right in a plan: the problem, the unit, and why the tree refuses it."""
    found = work_out(plan, DAY).findings
    return [(each.problem.value, each.unit, each.values.get("why")) for each in found if each.blocks]


class TestPast:
    def test_journal_acceptances_and_figures_of_the_past_do_not_change(self, bloc: Bloc) -> None:
        for code in ("bloc-tax", "bloc-court"):
            oblige(bloc.units[code])
            report(bloc.units[code], "2024-07", {"members_admitted": 3, "members_total": 40})
        oblige(bloc.units["bloc-board"])
        submit(bloc.units["bloc-board"], "2024-07", {"members_admitted": 1, "members_total": 20})
        set_target(bloc.units["north-bloc"], fields("members.admitted", "30", "2025"), on=DAY, by=SYSTEM)
        reform = prepared(bloc_plan())
        before, last = tables(PAST), Entry.objects.latest("pk").pk
        entries = list(Entry.objects.order_by("pk").values_list("hash", flat=True))
        execute_reform(reform.pk, on=DAY, by=SYSTEM)
        assert tables(PAST) == before
        assert (
            list(Entry.objects.filter(pk__lte=last).order_by("pk").values_list("hash", flat=True)) == entries
        )
        handed = Work.objects.get(reform=reform, what=Work.What.TAKE_OVER)
        assert (handed.unit.code, handed.about.partition(":")[0]) == ("north-party", "targets.Target")
        said = set()
        for language in ("en", "cs"):
            with override(language):
                said.add(note_in_words(handed.note))
        assert len(said) == 2, "each reader is told in their language"
        assert note_in_words("Words of a reform of before") == "Words of a reform of before"


class TestUndo:
    def test_before_its_day_it_restores_exactly_what_was(self, bloc: Bloc) -> None:
        oblige(bloc.units["north-bloc"], SUMMARY)
        reform = prepared(bloc_plan(), by=bloc.by)
        ours = tuple(name for name in OURS if not name.endswith("_reform"))
        before, tree = tables(ours), snapshot(EFFECT).digest()
        execute_reform(reform.pk, on=DAY, by=bloc.by)
        assert snapshot(EFFECT).digest() != tree
        undo_reform(reform.pk, reason="Not yet", on=DAY, by=bloc.by)
        assert snapshot(EFFECT).digest() == tree
        assert tables(ours) == before
        assert not Approval.objects.filter(reform=reform).exists(), "no unit of an earlier reform stays named"
        change_reform(reform.pk, bloc_plan(), on=DAY, by=bloc.by)
        rehearse_reform(reform.pk, on=DAY, by=bloc.by)
        submit_reform(reform.pk, on=DAY, by=bloc.by)
        approve_all(reform)
        accept_proposals(reform.pk, on=DAY, by=bloc.by)
        assert execute_reform(reform.pk, on=DAY, by=bloc.by).state == State.EXECUTED


class TestCast:
    def test_who_plans_is_above_and_who_reads_is_concerned(self, bloc: Bloc, cast: Cast) -> None:
        reform = draft_reform(bloc_plan(), on=DAY, by=bloc.by)
        for login in ("superior", "insider", "neighbour", "stranger", "auditor"):
            by = cast.members[login].actor
            with pytest.raises(OutOfReach):
                draft_reform(replace(bloc_plan(), code="other"), on=DAY, by=by)
            with pytest.raises(OutOfReach):
                rehearse_reform(reform.pk, on=DAY, by=by)
            with pytest.raises(OutOfReach):
                execute_reform(reform.pk, on=DAY, by=by)
        seen = {login: visible_reforms(member.actor, DAY).exists() for login, member in cast.members.items()}
        assert seen == {
            "superior": False,
            "insider": False,
            "sibling": False,
            "neighbour": False,
            "auditor": True,
            "stranger": False,
        }
        rehearse_reform(reform.pk, on=DAY, by=bloc.by)
        assert not visible_reforms(bloc.at(1), DAY).exists(), "a draft is seen from above only"
        submit_reform(reform.pk, on=DAY, by=bloc.by)
        assert visible_reforms(bloc.at(1), DAY).exists()

    def test_the_people_do_it_with_their_own_eyes_at_the_database(self, bloc: Bloc, settings: Any) -> None:
        """Row-level security lets each do their part, and the people of the bloc nothing else."""
        with speaking(bloc.by, DAY):
            reform = draft_reform(bloc_plan(), on=DAY, by=bloc.by)
            rehearse_reform(reform.pk, on=DAY, by=bloc.by)
            submit_reform(reform.pk, on=DAY, by=bloc.by)
            accept_proposals(reform.pk, on=DAY, by=bloc.by)
        with speaking(bloc.at(1), DAY):
            assert visible_reforms(bloc.at(1), DAY).count() == 1
            approve_reform(reform.pk, bloc.units["north-bloc"], on=DAY, by=bloc.at(1))
            view = reform_view(visible_reforms(bloc.at(1), DAY).get(), DAY)
            assert (view.state, len(view.asked), view.waiting) == ("submitted", 1, 1), "others are not shown"
        with speaking(bloc.by, DAY):
            approve_reform(reform.pk, bloc.units["north"], on=DAY, by=bloc.by)
            settings.SECOND_FACTOR_REQUIRED = True
            with pytest.raises(SecondFactorMissing):
                execute_reform(reform.pk, on=DAY, by=bloc.by)
            settings.SECOND_FACTOR_REQUIRED = False
            execute_reform(reform.pk, on=DAY, by=bloc.by)
        work = Work.objects.filter(unit__code="north-party", what="people").get()
        person = replace(bloc.at(0), acting_for=work.unit_id)
        with speaking(person, EFFECT):
            assert finish_work(work.pk, on=EFFECT, by=person).done_on == EFFECT
            with pytest.raises(ValidationError, match="already"):
                finish_work(work.pk, on=EFFECT, by=person)
