"""Writing many changes of one day: first what they are asked for, then what speaks against them, then the rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, connection, transaction
from psycopg import errors

from plenum.periods import Span
from plenum.tree.fields import as_range
from plenum.tree.kinds import KINDS
from plenum.tree.models import Reshaping, Unit
from plenum.tree.reshaping import against
from plenum.tree.reshaping.strands import (
    NO_CYCLE,
    SHARES_ARE_A_WHOLE,
    Progress,
    Writer,
    count_rows_after,
    untold,
)
from plenum.tree.rules import MOST_NAMED, Finding, Founded, Problem, Refused, TreeChanges, check_changes
from plenum.tree.turn import take_turn


@dataclass(frozen=True)
class Written:
    """What was written: the number under which it can be taken back, and the new units by code."""

    reshaping_id: int
    units: Mapping[str, int]


@transaction.atomic
def reshape(changes: TreeChanges, *, on: date, tell: Progress = untold) -> Written:
    """Write all changes, which hold from `on`; `Refused` lists what speaks against them, and nothing is written.

    The findings name the unit that each is about as `unit`, at most `MOST_NAMED` of a sort.
    """
    take_turn()
    _refuse(check_changes(KINDS, changes, on))
    ids = _known(changes)
    reshaping = Reshaping.objects.create(on_date=on)
    founded = _found(changes.founded, on)
    ids |= founded
    writer = Writer(changes, ids, founded, reshaping.pk, on)
    _refuse(against.before(writer))
    try:
        with transaction.atomic():
            writer.write(tell)
            count_rows_after(changes.size)
            if changes.linked:
                _count_shares()
    except IntegrityError as error:
        raise Refused([_broken_by(error)]) from error
    _refuse(against.after(writer, KINDS))
    return Written(reshaping.pk, founded)


def _known(changes: TreeChanges) -> dict[str, int]:
    """The numbers of the units that the changes name, without those that they found. `Refused` for unknown ones."""
    new = {each.code for each in changes.founded}
    named = {each.code for group in (changes.renamed, changes.rekinded, changes.moved) for each in group}
    named |= {each.parent for each in changes.moved}
    named |= {each.parent for each in changes.founded if each.parent is not None}
    named |= {*changes.ended, *(link.predecessor for link in changes.linked)}
    named |= {link.successor for link in changes.linked}
    ids = dict(Unit.objects.filter(code__in=list(named | new)).values_list("code", "pk"))
    taken = [
        Finding(Problem.CODE_TAKEN, "founded", {"code": code, "unit": code})
        for code in sorted(new & ids.keys())
    ]
    unknown = [
        Finding(Problem.UNIT_UNKNOWN, "unit", {"code": code, "unit": code})
        for code in sorted(named - new - ids.keys())
    ]
    _refuse([*taken[:MOST_NAMED], *unknown[:MOST_NAMED]])
    return ids


def _found(founded: Iterable[Founded], on: date) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tree_unit (code, lifetime) SELECT code, %s FROM unnest(%s::text[]) AS new(code)"
            " RETURNING code, id",
            [as_range(Span(on)), [each.code for each in founded]],
        )
        return dict(cursor.fetchall())


def _count_shares() -> None:
    """Let the database add up the shares now: another reform of that day may have given some of them away."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS tree_lineage_is_shared IMMEDIATE")
        cursor.execute("SET CONSTRAINTS tree_lineage_is_shared DEFERRED")


def _broken_by(error: IntegrityError) -> Finding:
    """A unit that would stand below itself, or shares that are too many; any other error is a fault of ours."""
    cause = error.__cause__
    known = (NO_CYCLE, SHARES_ARE_A_WHOLE)
    if not isinstance(cause, errors.IntegrityError) or cause.diag.constraint_name not in known:
        raise error
    number, _space, share = (cause.diag.message_detail or "0").partition(" ")
    code = Unit.objects.values_list("code", flat=True).get(pk=int(number))
    if cause.diag.constraint_name == NO_CYCLE:
        return Finding(Problem.BELOW_ITSELF, "parent", {"code": code, "unit": code})
    return Finding(Problem.SHARES_NOT_WHOLE, "linked", {"code": code, "share": share, "unit": code})


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise Refused(findings)
