"""Loading returns from a file with one line for each figure: everything or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plenum.access.cells import UnitCells, act_day_cell, author_cell, flag_cell, period_cell, whole_cell
from plenum.access.models import Account
from plenum.access.reach import OutOfReach
from plenum.access.sheets import CellError, Cells, Faults, Progress, Read, Row, Sheet, said_in
from plenum.figures import powers
from plenum.figures.actions.answer import accept_return
from plenum.figures.actions.draft import save_draft, submit_return
from plenum.figures.models import Return
from plenum.figures.rules import State
from plenum.journal.actor import Actor
from plenum.packs import pack
from plenum.periods import Period
from plenum.tree.models import Unit
from plenum.tree.turn import take_turn

SHEET = Sheet(
    ("unit", "form", "period", "slot", "value", "state"),
    ("on", "entered_by", "accepted_by", "accepted_on", "illustrative", "remark"),
)
STATES = (State.DRAFT, State.SUBMITTED, State.ACCEPTED)
OF_ALL_LINES = ("on", "entered_by", "accepted_by", "accepted_on", "state", "remark")
"""Columns that say the same on every line of one return."""
COLUMN_OF = {"": "unit", "edition": "period"}
"""Where a file shows what an act refuses without naming a column: the return exists already, for instance."""


@dataclass
class _Filed:
    """One return as the lines of the file give it; ``lines`` by slot code."""

    row: Row
    unit: Unit
    period: Period
    values: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    illustrative: set[str] = field(default_factory=set)


def load_returns(
    rows: Iterable[Cells], *, on: date, by: Actor, progress: Progress | None = None
) -> list[Return]:
    """Enter, submit and accept returns as the rows say, up to the ``state`` of each.

    Lines with the same unit, form and period are one return. The acts go through the same gates as on the pages. What a
    person loads is done on the day ``on`` and in their own name; the system says in ``on``, ``entered_by``,
    ``accepted_on`` and ``accepted_by`` (logins or, where the person has no account, names) who did what when.
    ValidationError lists every fault with its line and column, and nothing is written. ``progress`` is told returns
    done and returns in all.
    """
    lines = SHEET.numbered(rows)
    units = UnitCells(lines, "unit", powers=[powers.READ, powers.ENTER], by=by, on=on)
    faults = Faults(COLUMN_OF)
    filed = _filed(lines, units, faults, on, by)
    accounts = {account.login: account for account in Account.objects.all()}
    loaded: list[Return] = []
    with transaction.atomic():
        take_turn()
        for done, each in enumerate(sorted(filed, key=lambda each: _turn(each, on, by)), start=1):
            try:
                with transaction.atomic():
                    loaded.append(_enter(each, accounts, on, by))
            except (CellError, OutOfReach, ValidationError) as error:
                _note(faults, each, error)
            if progress is not None:
                progress(done, len(filed))
        faults.refuse()
    return loaded


def _filed(lines: Sequence[Row], units: UnitCells, faults: Faults, on: date, by: Actor) -> list[_Filed]:
    """The returns of the lines; one with a line that cannot be read is left out, after noting what is wrong."""
    act_day, author = partial(act_day_cell, on=on, by=by), partial(author_cell, by=by)
    reads: dict[str, Read] = {
        "unit": units,
        "form": _form,
        "state": _state,
        "period": period_cell,
        "on": act_day,
        "accepted_on": lambda row, column: act_day(row, column) if row["state"] == State.ACCEPTED else None,
        "entered_by": author,
        "accepted_by": author,
        "slot": _slot,
        "value": whole_cell,
        "illustrative": flag_cell,
    }
    found: dict[tuple[str, str, str], _Filed] = {}
    spoiled: set[tuple[str, str, str]] = set()
    for row in lines:
        key = (row["unit"], row["form"], row["period"].upper())
        if not faults.read(row, reads):
            spoiled.add(key)
            continue
        filed = found.setdefault(key, _Filed(row, units(row, "unit"), period_cell(row)))
        if contradictions := _contradictions(row, filed):
            spoiled.add(key)
            for column, text in contradictions:
                faults.add(row.line, column, text)
            continue
        slot = row["slot"]
        filed.values[slot], filed.lines[slot] = whole_cell(row, "value"), row.line
        if flag_cell(row, "illustrative"):
            filed.illustrative.add(slot)
    return [filed for key, filed in found.items() if key not in spoiled]


def _contradictions(row: Row, filed: _Filed) -> list[tuple[str, str]]:
    """What contradicts the lines of the same return above."""
    if row is filed.row:
        return []
    first = {"line": filed.row.line}
    faults = [
        (column, _("An earlier line of the same return says something else: line %(line)s.") % first)
        for column in OF_ALL_LINES
        if row[column] != filed.row[column]
    ]
    if row["slot"] in filed.lines:
        repeated = _("This figure already stands on line %(line)s.")
        faults.append(("slot", repeated % {"line": filed.lines[row["slot"]]}))
    return faults


def _turn(filed: _Filed, on: date, by: Actor) -> tuple[date, date]:
    """Returns are entered in the order of time, because each is compared with the one before."""
    return filed.period.last_day, act_day_cell(filed.row, "on", on=on, by=by)


def _enter(filed: _Filed, accounts: Mapping[str, Account], on: date, by: Actor) -> Return:
    """Do for one return what was done, as the people who did it."""
    row, state = filed.row, State(filed.row["state"])
    enters, day = _person(row["entered_by"], by, accounts), act_day_cell(row, "on", on=on, by=by)
    returned = save_draft(
        filed.unit.pk,
        row["form"],
        filed.period,
        filed.values,
        illustrative=filed.illustrative,
        remark=row["remark"],
        edition=0,
        on=day,
        by=enters,
    )
    if state is not State.DRAFT:
        returned = submit_return(returned.pk, on=day, by=enters)
    if state is State.ACCEPTED:
        accepts = _person(row["accepted_by"], by, accounts)
        accepted_on = act_day_cell(row, "accepted_on", on=on, by=by)
        returned = accept_return(returned.pk, on=accepted_on, by=accepts)
    return returned


def _note(faults: Faults, filed: _Filed, error: CellError | OutOfReach | ValidationError) -> None:
    """Note what an act refuses: at the line of the figure that it names, else at the first line of the return."""
    if not isinstance(error, ValidationError):
        faults.add_error(filed.row.line, error)
        return
    for name, text in said_in(error):
        if name in filed.lines:
            faults.add(filed.lines[name], "value", text)
        else:
            faults.add(filed.row.line, COLUMN_OF.get(name, name), text)


def _person(name: str, by: Actor, accounts: Mapping[str, Account]) -> Actor:
    """Who did it: an account by its login, a person without one by name, or who loads the file."""
    if not name or not by.is_system:
        return by
    account = accounts.get(name.lower())
    if account is None:
        return replace(by, label=name)
    return replace(by, account_id=account.pk, label=account.name)


def _form(row: Cells, column: str) -> None:
    if row[column] not in pack().forms:
        known = ", ".join(pack().forms)
        raise CellError(column, _("There is no such form. Forms: %(known)s.") % {"known": known})


def _state(row: Cells, column: str) -> None:
    if row[column] not in STATES:
        known = ", ".join(STATES)
        raise CellError(column, _("There is no such state. States: %(known)s.") % {"known": known})


def _slot(row: Cells, column: str) -> None:
    form = pack().forms.get(row["form"])
    if form is not None and not form.has(row[column]):
        known = ", ".join(slot.code for slot in form.slots)
        raise CellError(column, _("The form has no such figure. Figures: %(known)s.") % {"known": known})
