"""Whether the figures of a return can be true together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from plenum.packs import Check, CheckKind, Form

LARGEST_VALUE = 10**12
"""The largest figure of one slot; keeps sums over millions of returns inside the database's whole numbers."""

Values = Mapping[str, int | None]
"""Figures by slot code; None or absent means not reported."""


class Severity(StrEnum):
    """An error keeps a return from being submitted; a warning asks for a remark."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """Something about the figures that does not fit.

    ``code``: ``sum``, ``at_most``, ``balance`` (with the ``check`` of the form), ``negative``, ``too_large``,
    ``continuity`` (what is carried over is not what the period before ended with) or ``empty`` (nothing reported).
    ``left`` and ``right`` are the two sides that should agree, as in the formula of the check; ``difference`` is
    left − right.
    """

    code: str
    severity: Severity
    slots: tuple[str, ...]
    left: int = 0
    right: int = 0
    check: Check | None = None

    @property
    def difference(self) -> int:
        return self.left - self.right


def findings(form: Form, values: Values, *, before: Values | None = None) -> tuple[Finding, ...]:
    """Everything that does not fit in the figures of a return; ``before`` are those of the period before, if known.

    A check is made when all its slots are reported. A sum or a limit whose parts are reported only in part is made
    as far as it goes: known parts cannot exceed the total.
    """
    found = [*_out_of_range(form, values)]
    for check in form.checks:
        found.extend(_checked(check, values))
    if before is not None:
        found.extend(_discontinuities(form, values, before))
    if all(values.get(slot.code) is None for slot in form.slots):
        found.append(Finding("empty", Severity.ERROR, ()))
    return tuple(found)


def errors(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in found if finding.severity is Severity.ERROR)


def _out_of_range(form: Form, values: Values) -> Iterable[Finding]:
    for slot in form.slots:
        value = values.get(slot.code)
        if value is not None and value < 0:
            yield Finding("negative", Severity.ERROR, (slot.code,), value, 0)
        if value is not None and value > LARGEST_VALUE:
            yield Finding("too_large", Severity.ERROR, (slot.code,), value, LARGEST_VALUE)


def _checked(check: Check, values: Values) -> Iterable[Finding]:
    match check.kind:
        case CheckKind.SUM:
            total, parts = values.get(check.total), _known(values, check.parts)
            if total is None or not parts:
                return
            complete = len(parts) == len(check.parts)
            if sum(parts) > total or (complete and sum(parts) != total):
                yield _failed(check, total, sum(parts))
        case CheckKind.AT_MOST:
            left, right = values.get(check.left), values.get(check.right)
            if left is not None and right is not None and left > right:
                yield _failed(check, left, right)
        case CheckKind.BALANCE:
            terms = _known(values, check.slots)
            if len(terms) == len(check.slots):
                carried, *changes, now = terms
                into = sum(changes[: len(check.plus)])
                out = sum(changes[len(check.plus) :])
                if carried + into - out != now:
                    yield _failed(check, carried + into - out, now)


def _known(values: Values, slots: Iterable[str]) -> list[int]:
    return [value for slot in slots if (value := values.get(slot)) is not None]


def _failed(check: Check, left: int, right: int) -> Finding:
    severity = Severity(getattr(check, "severity", Severity.ERROR))
    return Finding(check.kind.value, severity, check.slots, left, right, check)


def _discontinuities(form: Form, values: Values, before: Values) -> Iterable[Finding]:
    for check in form.checks:
        if check.kind is CheckKind.BALANCE:
            carried, ended = values.get(check.carried), before.get(check.now)
            if carried is not None and ended is not None and carried != ended:
                yield Finding("continuity", Severity.WARNING, (check.carried,), carried, ended, check)
