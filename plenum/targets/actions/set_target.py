"""Setting, amending and withdrawing targets. Rows are only added: each replaces the one before it."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plenum.access.reach import require
from plenum.directives.queries import readable
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.journal.acts import Act
from plenum.packs import pack, wording
from plenum.periods import Period
from plenum.targets.models import Target
from plenum.targets.powers import AMEND_TARGET, SET, SET_TARGET, WITHDRAW_TARGET
from plenum.targets.queries.rows import plain
from plenum.targets.rules import TARGET_PERIODS, Comparison, amount_problem
from plenum.tree.models import Unit

LOCK = 72010
"""The class of advisory locks that let one act at a time change the targets of a unit."""

MOST_DECIMALS = 4


class TargetChanged(ValidationError):
    """Somebody else has amended or withdrawn the target since it was read."""


@dataclass(frozen=True)
class TargetFields:
    """What a target says. amount: a count, or percent for ratios; basis_id: the document it rests on."""

    indicator: str
    period: Period
    comparison: str
    amount: Decimal
    basis_id: int | None = None
    given_to: str = ""
    given_to_post: str = ""
    illustrative: bool = False


def set_target(unit: Unit, fields: TargetFields, *, on: date, by: Actor) -> Target:
    """Give a unit a target for a period, known from the day `on`.

    ValidationError names the field: an indicator or comparison that does not exist, a period for which no
    targets are set, an amount that cannot be, a basis that is not there, or a target that stands already
    (amend that one).
    """
    with transaction.atomic():
        require(by, SET, unit, on)
        _hold(unit.pk)
        _check(unit, fields, by, on)
        last = _last(unit.pk, fields.indicator, fields.period.code)
        if last is not None and last.deed != Target.Deeds.WITHDRAW:
            raise ValidationError(
                {"indicator": [_("There is a target for this indicator and period already. Amend it.")]}
            )
        _refuse_earlier(last, on)
        row = _new(unit, fields, Target.Deeds.SET, on, replaces=last)
        _journal(SET_TARGET, row, {name: value for name, value in _written(row).items() if value}, by, on)
    return row


def amend_target(target: Target, fields: TargetFields, *, reason: str, on: date, by: Actor) -> Target:
    """Replace a target by a new amount, basis or leader, with the reason; the old one stays as known before.

    Indicator and period cannot change. TargetChanged if somebody has amended or withdrawn it meanwhile.
    """
    with transaction.atomic():
        require(by, SET, target.unit_id, on)
        _hold(target.unit_id)
        _require_reason(reason)
        _refuse_replaced(target)
        _refuse_earlier(target, on)
        same = replace(fields, indicator=target.indicator, period=Period.parse(target.period_code))
        _check(target.unit, same, by, on)
        row = _new(target.unit, same, Target.Deeds.AMEND, on, replaces=target, reason=reason)
        before, after = _written(target), _written(row)
        changed: dict[str, Any] = {
            name: [before[name], after[name]] for name in before if before[name] != after[name]
        }
        if not changed:
            raise ValidationError(_("Nothing was changed."))
        _journal(AMEND_TARGET, row, {**changed, "reason": row.reason}, by, on)
    return row


def withdraw_target(target: Target, *, reason: str, on: date, by: Actor) -> Target:
    """End a target with a reason; it stays readable as known before `on`, and may be set again."""
    with transaction.atomic():
        require(by, SET, target.unit_id, on)
        _hold(target.unit_id)
        _require_reason(reason)
        _refuse_replaced(target)
        _refuse_earlier(target, on)
        row = _new(target.unit, _fields(target), Target.Deeds.WITHDRAW, on, replaces=target, reason=reason)
        _journal(WITHDRAW_TARGET, row, {"amount": [_amount(row), None], "reason": row.reason}, by, on)
    return row


def _hold(unit_id: int) -> None:
    """Let other acts on this unit's targets wait until this one is done: the web role may not lock the
    rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s::integer)", [LOCK, unit_id % 2**31])


def _check(unit: Unit, fields: TargetFields, by: Actor, on: date) -> None:
    errors: dict[str, list[str]] = {}
    indicator = pack().indicators.get(fields.indicator)
    if indicator is None:
        errors["indicator"] = [_("There is no such indicator.")]
    if fields.comparison not in Target.Comparisons.values:
        choices = ", ".join(Target.Comparisons.values)
        errors["comparison"] = [_("Use one of: %(choices)s.") % {"choices": choices}]
    if fields.period.kind.value not in TARGET_PERIODS:
        errors["period"] = [_("Targets are set for a year, a half-year, a quarter or nine months.")]
    elif not unit.lifetime.overlaps(fields.period.span):
        errors["period"] = [_("The unit does not exist in this period.")]
    if indicator is not None and "comparison" not in errors:
        problem = _amount_problem(indicator.type.value, fields)
        if problem:
            errors["amount"] = [problem]
    if fields.basis_id is not None:
        basis = readable(by, on).filter(pk=fields.basis_id).first()
        if basis is None:
            errors["basis"] = [_("There is no such document.")]
        elif basis.date > on:
            errors["basis"] = [_("The document is dated later than the day on which the target is set.")]
    if errors:
        raise ValidationError(errors)


def _amount_problem(indicator_type: str, fields: TargetFields) -> str | None:
    amount = fields.amount
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > MOST_DECIMALS or abs(amount) >= 10**12:
        return _("Write a number with at most four decimals.")
    match amount_problem(indicator_type, Comparison(fields.comparison), Fraction(amount)):
        case "negative":
            return _("The amount cannot be negative.")
        case "over_hundred":
            return _("This indicator is a share: write percent, from 0 to 100.")
        case "not_whole":
            return _("This indicator is a count: write a whole number.")
        case "unreachable":
            return _("No figure can reach this. Use “at least” or “at most”.")
        case _:
            return None


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why the target changes.")]})


def _refuse_replaced(target: Target) -> None:
    last = _last(target.unit_id, target.indicator, target.period_code)
    if last is None or last.pk != target.pk or target.deed == Target.Deeds.WITHDRAW:
        raise TargetChanged(_("Somebody has changed this target meanwhile. Look at it again."))


def _refuse_earlier(last: Target | None, on: date) -> None:
    if last is not None and on < last.known_on:
        raise ValidationError(
            _("The target was last changed on %(day)s; a change cannot be dated before that.")
            % {"day": wording.day(last.known_on, wording.language(get_language()))}
        )


def _last(unit_id: int, indicator: str, period_code: str) -> Target | None:
    rows = Target.objects.filter(unit=unit_id, indicator=indicator, period_code=period_code)
    return rows.order_by("-id").first()


def _new(
    unit: Unit,
    fields: TargetFields,
    deed: Target.Deeds,
    on: date,
    *,
    replaces: Target | None,
    reason: str = "",
) -> Target:
    return Target.objects.create(
        unit=unit,
        indicator=fields.indicator,
        period_code=fields.period.code,
        comparison=fields.comparison,
        amount=fields.amount,
        basis_id=fields.basis_id,
        given_to=fields.given_to.strip(),
        given_to_post=fields.given_to_post.strip(),
        illustrative=fields.illustrative,
        replaces=replaces,
        deed=deed,
        reason=reason.strip(),
        known_on=on,
    )


def _fields(target: Target) -> TargetFields:
    return TargetFields(
        indicator=target.indicator,
        period=Period.parse(target.period_code),
        comparison=target.comparison,
        amount=target.amount,
        basis_id=target.basis_id,
        given_to=target.given_to,
        given_to_post=target.given_to_post,
        illustrative=target.illustrative,
    )


def _amount(target: Target) -> str:
    """The amount as the journal keeps it: `12`, or `90%` for a share."""
    sign = "%" if pack().indicators[target.indicator].is_ratio else ""
    return f"{plain(Decimal(target.amount))}{sign}"


def _written(target: Target) -> dict[str, Any]:
    return {
        "comparison": str(target.comparison),
        "amount": _amount(target),
        "basis": target.basis.reference if target.basis else None,
        "basis_id": target.basis_id,
        "given_to": target.given_to,
        "given_to_post": target.given_to_post,
        "illustrative": target.illustrative,
    }


def _journal(act: Act, row: Target, change: dict[str, Any], by: Actor, on: date) -> None:
    record(
        act,
        by=by,
        power=SET,
        unit_id=row.unit_id,
        on=on,
        subject=f"targets.Target:{row.pk}",
        subject_label=f"{row.indicator} {row.period_code}",
        change=change,
    )
