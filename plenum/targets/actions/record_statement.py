"""Recording what a report states about a figure, and taking that back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plenum.access.reach import require
from plenum.directives.queries import readable
from plenum.journal.actions import record
from plenum.journal.actor import Actor
from plenum.packs import pack
from plenum.periods import Period
from plenum.targets.models import Statement
from plenum.targets.powers import RECORD_STATEMENT, STATE, WITHDRAW_STATEMENT
from plenum.tree.models import Unit

MOST_DECIMALS = 6


@dataclass(frozen=True)
class StatementFields:
    """What a report states. `stated` keeps the decimals it was written with; `source` says where it
    stands.
    """

    indicator: str
    period: Period
    what: str
    stated: Decimal
    said_unit: str
    source: str
    document_id: int | None = None


def record_statement(unit: Unit, fields: StatementFields, *, on: date, by: Actor) -> Statement:
    """Keep what a report of the day `on` states about a figure, beside what the arithmetic gives.

    ValidationError names the field: an unknown indicator, a unit that does not fit what is stated, no
    source, or a source that has said this already.
    """
    with transaction.atomic():
        require(by, STATE, unit, on)
        _check(fields, by, on)
        exponent = fields.stated.as_tuple().exponent
        try:
            with transaction.atomic():
                statement = Statement.objects.create(
                    unit=unit,
                    indicator=fields.indicator,
                    period_code=fields.period.code,
                    what=fields.what,
                    stated=fields.stated,
                    decimals=max(0, -int(exponent)),
                    said_unit=fields.said_unit,
                    source=fields.source.strip(),
                    document_id=fields.document_id,
                    on_date=on,
                )
        except IntegrityError as error:
            raise ValidationError(
                {"source": [_("What this source states is recorded already. Withdraw that first.")]}
            ) from error
        record(
            RECORD_STATEMENT,
            by=by,
            power=STATE,
            unit_id=unit.pk,
            on=on,
            subject=f"targets.Statement:{statement.pk}",
            subject_label=f"{fields.indicator} {fields.period.code}",
            change={
                "what": fields.what,
                "stated": str(fields.stated),
                "said_unit": fields.said_unit,
                "source": statement.source,
                **_document(statement),
            },
        )
    return statement


def withdraw_statement(statement: Statement, *, reason: str, on: date, by: Actor) -> Statement:
    """Take a statement back with a reason; it stays readable as known before `on`."""
    with transaction.atomic():
        locked = Statement.objects.select_for_update().get(pk=statement.pk)
        require(by, STATE, locked.unit_id, on)
        if not reason.strip():
            raise ValidationError({"reason": [_("Say why the statement is withdrawn.")]})
        if locked.withdrawn_on is not None:
            raise ValidationError(_("The statement has been withdrawn already."))
        if on < locked.on_date:
            raise ValidationError(_("A statement cannot be withdrawn before the day it was made."))
        locked.withdrawn_on = on
        locked.withdrawn_because = reason.strip()
        locked.save(update_fields=["withdrawn_on", "withdrawn_because"])
        record(
            WITHDRAW_STATEMENT,
            by=by,
            power=STATE,
            unit_id=locked.unit_id,
            on=on,
            subject=f"targets.Statement:{locked.pk}",
            subject_label=f"{locked.indicator} {locked.period_code}",
            change={"withdrawn_on": [None, on.isoformat()], "reason": locked.withdrawn_because},
        )
    return locked


def _document(statement: Statement) -> dict[str, str | int]:
    document = statement.document
    return {} if document is None else {"document": document.reference, "document_id": document.pk}


def _check(fields: StatementFields, by: Actor, on: date) -> None:
    errors: dict[str, list[str]] = {}
    indicator = pack().indicators.get(fields.indicator)
    if indicator is None:
        errors["indicator"] = [_("There is no such indicator.")]
    if fields.what not in Statement.What.values:
        choices = ", ".join(Statement.What.values)
        errors["what"] = [_("Use one of: %(choices)s.") % {"choices": choices}]
    if fields.said_unit not in Statement.SaidUnit.values:
        choices = ", ".join(Statement.SaidUnit.values)
        errors["said_unit"] = [_("Use one of: %(choices)s.") % {"choices": choices}]
    elif fields.what == Statement.What.PERCENT_OF_TARGET and fields.said_unit != Statement.SaidUnit.PERCENT:
        errors["said_unit"] = [_("A percentage of the target is stated in percent.")]
    elif (
        indicator is not None
        and fields.what == Statement.What.VALUE
        and fields.said_unit != Statement.SaidUnit.COUNT
        and not (indicator.is_ratio and fields.said_unit == Statement.SaidUnit.PERCENT)
    ):
        errors["said_unit"] = [_("This value is a plain number.")]
    exponent = fields.stated.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > MOST_DECIMALS or abs(fields.stated) >= 10**12:
        errors["stated"] = [_("Write a number with at most six decimals.")]
    if not fields.source.strip():
        errors["source"] = [_("Say where this is stated.")]
    if fields.document_id is not None and not readable(by, on).filter(pk=fields.document_id).exists():
        errors["document"] = [_("There is no such document.")]
    if errors:
        raise ValidationError(errors)
