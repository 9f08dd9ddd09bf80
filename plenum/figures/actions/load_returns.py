"""Loading returns from a file with one line for each figure: everything or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from plenum.access.models import Account
from plenum.figures.actions.answer import accept_return
from plenum.figures.actions.draft import save_draft, submit_return
from plenum.figures.actions.rows import FIRST_LINE, at, cell, read_day, read_period, said_in, units_by_code
from plenum.figures.actions.turn import TREE_LOCK
from plenum.figures.models import Return
from plenum.figures.rules import State
from plenum.journal.actor import Actor
from plenum.packs import pack
from plenum.periods import Period
from plenum.tree.models import Unit

COLUMNS = (
    "unit",
    "form",
    "period",
    "on",
    "entered_by",
    "accepted_by",
    "accepted_on",
    "slot",
    "value",
    "illustrative",
    "state",
)
STATES = (State.DRAFT, State.SUBMITTED, State.ACCEPTED)
OF_ALL_LINES = ("on", "entered_by", "accepted_by", "accepted_on", "state", "remark")
"""Columns that say the same on every line of one return."""
COLUMN_OF = {"": "unit", "edition": "period"}
"""Where a file shows what an act refuses without naming a column: the return exists already, for instance."""


@dataclass
class _Filed:
    """One return as the lines of the file give it; ``lines`` by slot code."""

    line: int
    unit: Unit
    form: str
    period: Period
    on: date
    accepted_on: date | None
    row: Mapping[str, str]
    values: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    illustrative: set[str] = field(default_factory=set)


@transaction.atomic
def load_returns(
    rows: Sequence[Mapping[str, str]], *, by: Actor, progress: Callable[[int, int], None] | None = None
) -> list[Return]:
    """Enter, submit and accept returns as the rows say, up to the ``state`` of each.

    Lines with the same unit, form and period are one return; ``remark`` is an optional column. The acts go through
    the same gates as on the pages. ``entered_by`` and ``accepted_by`` are logins or, where the person has no account,
    names; only the operator may load what others have done. ValidationError lists every fault with its line (the
    heading is line 1) and column, and nothing is written. ``progress`` is told returns done and returns in all.
    """
    filed, faults = _read(rows, by)
    if faults:
        raise ValidationError(faults)
    accounts = {account.login: account for account in Account.objects.all()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])
    loaded: list[Return] = []
    for done, each in enumerate(sorted(filed, key=lambda each: (each.period.last_day, each.on)), start=1):
        try:
            with transaction.atomic():
                loaded.append(_enter(each, by, accounts))
        except ValidationError as error:
            faults += [
                at(
                    each.lines.get(name, each.line),
                    "value" if name in each.lines else COLUMN_OF.get(name, name),
                    text,
                )
                for name, text in said_in(error)
            ]
        if progress:
            progress(done, len(filed))
    if faults:
        raise ValidationError(faults)
    return loaded


def _enter(filed: _Filed, by: Actor, accounts: Mapping[str, Account]) -> Return:
    """Do for one return what was done, as the people who did it."""
    enters = _person(cell(filed.row, "entered_by"), by, accounts)
    state = State(cell(filed.row, "state"))
    returned = save_draft(
        filed.unit.pk,
        filed.form,
        filed.period,
        filed.values,
        illustrative=filed.illustrative,
        remark=cell(filed.row, "remark"),
        edition=0,
        on=filed.on,
        by=enters,
    )
    if state is not State.DRAFT:
        returned = submit_return(returned.pk, on=filed.on, by=enters)
    if state is State.ACCEPTED and filed.accepted_on is not None:
        accepts = _person(cell(filed.row, "accepted_by"), by, accounts)
        returned = accept_return(returned.pk, on=filed.accepted_on, by=accepts)
    return returned


def _person(name: str, by: Actor, accounts: Mapping[str, Account]) -> Actor:
    """Who did it: an account by its login, a person without one by name, or who loads the file."""
    if not name or not by.is_system:
        return by
    account = accounts.get(name.lower())
    if account is None:
        return replace(by, label=name)
    return replace(by, account_id=account.pk, label=account.name)


def _read(rows: Sequence[Mapping[str, str]], by: Actor) -> tuple[list[_Filed], list[str]]:
    units = units_by_code(cell(row, "unit") for row in rows)
    filed: dict[tuple[str, str, str], _Filed] = {}
    faults: list[str] = []
    for line, row in enumerate(rows, start=FIRST_LINE):
        key = (cell(row, "unit"), cell(row, "form"), cell(row, "period").upper())
        found = [*_faults_of_return(row, units, by), *_faults_of_figure(row)]
        if not found and key not in filed:
            filed[key] = _begun(line, row, units)
        if not found:
            found = _faults_beside(row, filed[key])
        if found:
            faults += [at(line, column, text) for column, text in found]
            continue
        slot = cell(row, "slot")
        filed[key].values[slot] = int(cell(row, "value"))
        filed[key].lines[slot] = line
        if cell(row, "illustrative") == "1":
            filed[key].illustrative.add(slot)
    return list(filed.values()), faults


def _begun(line: int, row: Mapping[str, str], units: Mapping[str, Unit]) -> _Filed:
    accepted = read_day(row, "accepted_on") if cell(row, "accepted_on") else None
    return _Filed(
        line=line,
        unit=units[cell(row, "unit")],
        form=cell(row, "form"),
        period=read_period(row, "period"),
        on=read_day(row, "on"),
        accepted_on=accepted,
        row=row,
    )


def _faults_of_return(row: Mapping[str, str], units: Mapping[str, Unit], by: Actor) -> list[tuple[str, str]]:
    faults: list[tuple[str, str]] = []
    if cell(row, "unit") not in units:
        faults.append(("unit", _("There is no unit with this code.")))
    if cell(row, "form") not in pack().forms:
        known = ", ".join(pack().forms)
        faults.append(("form", _("There is no such form. Forms: %(known)s.") % {"known": known}))
    if cell(row, "state") not in STATES:
        known = ", ".join(STATES)
        faults.append(("state", _("There is no such state. States: %(known)s.") % {"known": known}))
    try:
        read_period(row, "period")
    except ValueError as error:
        faults.append(("period", str(error)))
    accepted = cell(row, "state") == State.ACCEPTED
    for column in ("on", "accepted_on") if accepted else ("on",):
        try:
            read_day(row, column)
        except ValueError as error:
            faults.append((column, str(error)))
    if not by.is_system:
        faults += [
            (column, _("Only the operator may load what other people have done. Leave this column empty."))
            for column in ("entered_by", "accepted_by")
            if cell(row, column)
        ]
    return faults


def _faults_of_figure(row: Mapping[str, str]) -> list[tuple[str, str]]:
    faults: list[tuple[str, str]] = []
    form = pack().forms.get(cell(row, "form"))
    if form is not None and not form.has(cell(row, "slot")):
        known = ", ".join(slot.code for slot in form.slots)
        faults.append(("slot", _("The form has no such figure. Figures: %(known)s.") % {"known": known}))
    value = cell(row, "value")
    if not (value.isascii() and value.removeprefix("-").isdigit()):
        faults.append(("value", _("Write a whole number in digits only.")))
    if cell(row, "illustrative") not in ("", "0", "1"):
        faults.append(("illustrative", _("Write 1 for an illustrative figure, 0 for a real one.")))
    return faults


def _faults_beside(row: Mapping[str, str], filed: _Filed) -> list[tuple[str, str]]:
    """What contradicts the lines of the same return above."""
    faults = [
        (
            column,
            _("An earlier line of the same return says something else: line %(line)s.")
            % {"line": filed.line},
        )
        for column in OF_ALL_LINES
        if cell(row, column) != cell(filed.row, column)
    ]
    slot = cell(row, "slot")
    if slot in filed.lines:
        repeated = _("This figure already stands on line %(line)s.") % {"line": filed.lines[slot]}
        faults.append(("slot", repeated))
    return faults
