"""What stands in a workbook: its stamp, and for each return what is known of it and what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError

from plenum.figures.actions import check_reportable
from plenum.figures.models import Obligation
from plenum.figures.queries import Sheet, sheet
from plenum.packs import pack
from plenum.periods import Period, PeriodError
from plenum.tree.fields import as_range
from plenum.tree.models import Unit

SALT = "plenum.figures.workbooks"
LAYOUT = 1
"""Counts up when the places of cells change: an older workbook is then told to be fetched anew."""
REMARK = "remark"
REASON = "reason"
WHOLE = ""
"""Where something is wrong: at a slot, at the remark, at the reason for a correction, or with the return as a whole."""

Marks = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By form, then by place: what is wrong there."""


class WorkbookRefused(ValidationError):
    """The file is no workbook that can be read as a form; it cannot be marked either."""


@dataclass(frozen=True)
class Stamped:
    """One return as the stamp names it: the sheet on which it stands, the edition that was seen."""

    form: str
    sheet: str
    edition: int


@dataclass(frozen=True)
class Stamp:
    """Which returns a workbook holds."""

    unit: str
    period: Period
    language: str
    returns: tuple[Stamped, ...]

    def signed(self) -> str:
        """The stamp as text that cannot be changed unnoticed."""
        data = {
            "layout": LAYOUT,
            "unit": self.unit,
            "period": self.period.code,
            "language": self.language,
            "returns": [[each.form, each.sheet, each.edition] for each in self.returns],
        }
        return signing.dumps(data, salt=SALT, compress=True)

    @classmethod
    def read(cls, text: str) -> "Stamp | None":
        """The stamp in a text; None if it was changed, or made by another installation or an older Plenum."""
        try:
            data: dict[str, Any] = signing.loads(text, salt=SALT)
            if data["layout"] != LAYOUT:
                return None
            returns = tuple(Stamped(form, name, edition) for form, name, edition in data["returns"])
            return cls(data["unit"], Period.parse(data["period"]), data["language"], returns)
        except (signing.BadSignature, PeriodError, KeyError, TypeError, ValueError):
            return None


@dataclass(frozen=True)
class Typed:
    """What was typed for one return: raw cells by slot, and the remark."""

    cells: Mapping[str, object]
    remark: object


@dataclass(frozen=True)
class Entry:
    """One return in a workbook: as it stands, which edition the reader saw, and what was typed, if anything was."""

    sheet: Sheet
    edition: int
    typed: Typed | None = None

    def cell(self, slot: str) -> object:
        """What stands in the cell of a slot."""
        if self.typed is not None:
            return self.typed.cells.get(slot)
        return next(row.value for row in self.sheet.rows if row.slot.code == slot)

    @property
    def remark(self) -> object:
        """What stands as the remark."""
        return self.sheet.remark if self.typed is None else self.typed.remark


def sheets_for(unit: Unit, period: Period, on: date) -> list[Sheet]:
    """The returns that a unit owes for a period, as they stand, by form."""
    owed = Obligation.objects.filter(unit=unit, span__overlap=as_range(period.span)).order_by("form")
    found = []
    for form in dict.fromkeys(owed.values_list("form", flat=True)):
        try:
            check_reportable(unit.pk, form, period)
        except ValidationError:
            continue
        if form in pack().forms:
            found.append(sheet(unit.pk, form, period, on))
    return found
