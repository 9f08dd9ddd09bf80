"""Executing a reform: the tree, everything that was decided, and the work that follows, in one stroke or not at all."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plenum.access.guard import speaking
from plenum.journal.actions import Noted, hold_chains, record_many
from plenum.journal.actor import Actor
from plenum.organisation.actions.refusals import in_words
from plenum.packs.wording import language
from plenum.reorganisations.actions.turn import listed, take, write_down
from plenum.reorganisations.models import Approval, Reform, Rehearsal, State, Work
from plenum.reorganisations.notes import note_of_findings, note_of_label
from plenum.reorganisations.powers import CHANGED_BY_REFORM, EXECUTE, EXECUTE_REFORM
from plenum.reorganisations.queries import (
    Rehearsed,
    decided_choice,
    decisions_of,
    links_of,
    plan_of,
    snapshot,
    without_approver,
    work_out,
)
from plenum.reorganisations.rules import (
    Fate,
    Finding,
    Problem,
    Stage,
    Standing,
    Succession,
    Tell,
    outcome_digest,
    touched,
    untold,
)
from plenum.reorganisations.rules.snapshot import SEPARATOR
from plenum.reorganisations.wording import nobody_may_approve
from plenum.tree.dispositions import TO, Decided, Disposition, Open, Undo
from plenum.tree.models import Unit
from plenum.tree.reshaping import reshape
from plenum.tree.turn import take_turn

BATCH = 5000
OF_A_CHANGED_UNIT = (
    Work.What.PROGRAMME,
    Work.What.TARGETS,
    Work.What.INSPECTION,
    Work.What.RETURNS,
    Work.What.PEOPLE,
)
"""What a new unit, or one to which something happened by itself, has to look at."""
MOST_HEIRS = 10
"""How many successors of one unit an entry of the journal names."""


class Stale(ValidationError):
    """The tree, or something that would have no owner, has changed since the rehearsal."""


@dataclass(frozen=True)
class Settled:
    """An object that would have no owner, with what was decided about it."""

    of: Disposition
    row: Open
    decided: Decided


@transaction.atomic
def execute_reform(
    reform_id: int, *, edition: int | None = None, tell: Tell = untold, on: date, by: Actor
) -> Reform:
    """Change the tree as planned, and do what was decided, from the days of the plan.

    Everything must be rehearsed, approved and decided. Stale when the rehearsal is not of the tree and the objects of
    now. What has been written is read again and must have the digest of the outcome; otherwise nothing is kept. `tell`
    is told how far it is; what it raises ends it, and nothing is kept.
    """
    take_turn()
    reform = take(reform_id, EXECUTE, states=[State.SUBMITTED], edition=edition, on=on, by=by)
    _refuse_without_approvals(reform, on)
    found = work_out(plan_of(reform), on, tell, ahead=False)
    _refuse_stale(reform, found)
    settled = _settled(reform, found)
    hold_chains([reform.unit_id, *found.ids(touched(found.came)).values()])
    reshapings = []
    units: dict[str, int] = {}
    with in_words():
        for phase in found.came.phases:
            written = reshape(phase.changes, on=phase.on, tell=partial(tell, Stage.TREE))
            reshapings.append(written.reshaping_id)
            units |= written.units
    undo = _carry_out(found, settled, units, on, by, tell)
    tell(Stage.WORK, 0, 0)
    _ask_for_work(reform, found, settled)
    reform.digest = _refuse_other_outcome(found, settled, tell)
    reform.state = State.EXECUTED
    reform.executed_on = on
    reform.reshapings, reform.undo = reshapings, undo
    reform.save()
    tell(Stage.JOURNAL, 0, 0)
    _write_down(reform, found, settled, on, by)
    tell(Stage.KEPT, 0, 0)
    return reform


def _refuse_without_approvals(reform: Reform, on: date) -> None:
    """ValidationError while a unit has not approved; those are named where nobody may."""
    with speaking(Actor.system("approvals"), on):
        found = Approval.objects.filter(reform=reform, approved_on=None)
        missing = dict(found.values_list("unit_id", "unit__code"))
    if not missing:
        return
    text = _("These units have not approved it yet: %(units)s. Ask them, or leave out what concerns them.")
    said = [text % {"units": listed(sorted(missing.values()))}]
    if nobody := without_approver(missing, on):
        codes = listed(sorted(missing[unit] for unit in nobody))
        said.append(f"{codes}: {nobody_may_approve()}")
    raise ValidationError(said)


def _refuse_stale(reform: Reform, found: Rehearsed) -> None:
    rehearsal = Rehearsal.objects.filter(reform=reform, edition=reform.edition).first()
    if rehearsal is None:
        raise ValidationError(_("Rehearse the reform as it is now first."))
    if found.blocking:
        raise Stale(_("The rehearsal has found what cannot be. Put it right and rehearse again."))
    if found.tree_digest != rehearsal.tree_digest or found.came.digest() != rehearsal.digest:
        raise Stale(
            _("The tree has changed since the rehearsal. Rehearse again and look at what is different.")
        )
    if found.objects_digest != rehearsal.objects_digest:
        raise Stale(
            _(
                "Other objects than in the rehearsal would have no owner now. Rehearse again and decide about them."
            )
        )


def _settled(reform: Reform, found: Rehearsed) -> list[Settled]:
    """Every open object with its decision; ValidationError while one has none."""
    decisions = decisions_of(reform)
    settled: list[Settled] = []
    missing: list[str] = []
    for disposition, row in found.objects:
        choice = decided_choice(row, decisions)
        if choice is None:
            missing.append(row.label(language(get_language())))
        else:
            settled.append(Settled(disposition, row, Decided(row.subject, choice)))
    if missing:
        text = _("Nobody has decided what becomes of these (%(count)s): %(labels)s.")
        raise ValidationError(text % {"count": len(missing), "labels": listed(missing)}, code="undecided")
    return settled


def _carry_out(
    found: Rehearsed,
    settled: Collection[Settled],
    founded: Mapping[str, int],
    on: date,
    by: Actor,
    tell: Tell,
) -> dict[str, dict[str, Undo]]:
    """Let each room do what was decided about its own, from the days on which somebody goes on with it."""
    groups = _by_room_and_day(found, settled)
    takers = {each.decided.to for group in groups.values() for each in group if each.decided.to}
    units = {**founded, **found.ids(takers & found.came.before.units.keys())}
    many = sum(map(len, groups.values()))
    undo: dict[str, dict[str, Undo]] = {}
    carried = 0
    for (model, since), group in sorted(groups.items(), key=lambda item: item[0]):
        tell(Stage.OBJECTS, carried, many)
        carried += len(group)
        carry_out = group[0].of.carry_out
        if carry_out is not None:
            done = carry_out([each.decided for each in group], units, since, on, by)
            undo.setdefault(model, {}).update({f"{subject} {since}": each for subject, each in done.items()})
    tell(Stage.OBJECTS, carried, many)
    return undo


def _by_room_and_day(found: Rehearsed, settled: Iterable[Settled]) -> dict[tuple[str, date], list[Settled]]:
    """What is decided, by model and the day from which it holds.

    A successor that ends in a later phase has meanwhile what the unit that was decided takes over then.
    """
    succession = Succession(found.came)
    leaving = {unit.id: unit for unit in found.leaving}
    groups: dict[tuple[str, date], list[Settled]] = {}
    for each in settled:
        unit = leaving[each.row.unit_id]
        if each.decided.to is None:
            groups.setdefault((each.of.model, unit.until), []).append(each)
            continue
        way = succession.stations(unit.code, each.decided.to)
        for station in way if each.of.meanwhile else way[-1:]:
            to_station = Decided(each.decided.subject, f"{TO}{station.code}")
            groups.setdefault((each.of.model, station.since), []).append(replace(each, decided=to_station))
    return groups


def _ask_for_work(reform: Reform, found: Rehearsed, settled: Iterable[Settled]) -> None:
    """A list for every new or changed unit; for one that has only come to stand elsewhere, its programmes alone."""
    after = found.came.after.units
    changed = {code for code in touched(found.came) if code in after} | _founded(found)
    moved = {each.code for phase in found.came.phases for each in phase.changes.moved if each.code in after}
    taken = [each for each in settled if each.decided.to and each.of.carry_out is None]
    codes = changed | moved | {each.decided.to or "" for each in taken}
    ids = dict(Unit.objects.filter(code__in=list(codes)).values_list("code", "pk"))
    owing = _owing_otherwise(found)
    work = [
        Work(
            reform=reform,
            unit_id=ids[code],
            what=what,
            note=owing.get(code, "") if what == Work.What.RETURNS else "",
        )
        for code in sorted(changed)
        for what in OF_A_CHANGED_UNIT
    ]
    work += [
        Work(reform=reform, unit_id=ids[code], what=what)
        for code in sorted(moved - changed)
        for what in (Work.What.PROGRAMME, Work.What.INSPECTION)
    ]
    work += [
        Work(
            reform=reform,
            unit_id=ids[each.decided.to or ""],
            what=Work.What.TAKE_OVER,
            about=each.row.subject,
            note=note_of_label(each.row.label),
        )
        for each in taken
    ]
    Work.objects.bulk_create(work, batch_size=BATCH)


def _owing_otherwise(found: Rehearsed) -> dict[str, str]:
    """What the units are told that owe other returns because of their new kinds, by code."""
    told: dict[str, list[Finding]] = {}
    for finding in found.findings:
        if finding.problem in (Problem.FORMS_END, Problem.FORMS_BEGIN):
            told.setdefault(finding.unit, []).append(finding)
    return {
        code: note_of_findings(findings, {code: found.came.before.units[code].name})
        for code, findings in told.items()
    }


def _founded(found: Rehearsed) -> set[str]:
    after = found.came.after.units
    return {new.code for phase in found.came.phases for new in phase.changes.founded if new.code in after}


def _refuse_other_outcome(found: Rehearsed, settled: Iterable[Settled], tell: Tell) -> str:
    """The digest of what the database holds now; ValidationError unless it is that of the outcome."""
    lines = [SEPARATOR.join((each.decided.subject, each.decided.choice)) for each in settled]
    days = [phase.on for phase in found.came.phases]
    predecessors = {link.predecessor for phase in found.came.phases for link in phase.changes.linked}
    came = outcome_digest(
        list(_read_again(days, tell)),
        [(day, link) for day, link in links_of(days) if link.predecessor in predecessors],
        lines,
    )
    if came != found.came.digest(lines):
        raise Stale(
            _(
                "What was written is not what was rehearsed, so nothing is kept. Others plan changes in the same days."
            )
        )
    return came


def _read_again(days: Sequence[date], tell: Tell) -> Iterator[tuple[date, Collection[Standing]]]:
    for number, day in enumerate(days):
        tell(Stage.CHECKS, number, len(days))
        yield day, snapshot(day).units.values()
    tell(Stage.CHECKS, len(days), len(days))


def _write_down(reform: Reform, found: Rehearsed, settled: list[Settled], on: date, by: Actor) -> None:
    changes = [phase.changes for phase in found.came.phases]
    write_down(
        EXECUTE_REFORM,
        reform,
        EXECUTE,
        {
            "since": reform.on_date,
            "edition": reform.edition,
            "founded": sum(len(each.founded) for each in changes),
            "ended": sum(len(each.ended) for each in changes),
            "moved": sum(len(each.moved) for each in changes),
            "decisions": len(settled),
            "digest": reform.digest,
        },
        on=on,
        by=by,
    )
    lived = found.ids(touched(found.came))
    new = dict(Unit.objects.filter(code__in=list(_founded(found))).values_list("code", "pk"))
    noted = []
    for code, unit_id in sorted({**lived, **new}.items(), key=lambda item: item[1]):
        heirs = [heir.code for heir in found.came.heirs.get(code, ())]
        change: dict[str, object] = {
            "reform": reform.code,
            "since": reform.on_date,
            "fate": _fate(found, code) if code in lived else "founded",
        }
        if heirs:
            change["heirs"] = listed(heirs, MOST_HEIRS)
        noted.append(Noted(unit_id, f"reorganisations.Reform:{reform.pk}", reform.title, change))
    record_many(CHANGED_BY_REFORM, noted, by=by, power=EXECUTE, on=on)


def _fate(found: Rehearsed, code: str) -> str:
    """What becomes of a unit; one that only takes others in changes by that."""
    fate = found.came.fate_of(code)
    return (Fate.CHANGES if fate is Fate.STAYS else fate).value
