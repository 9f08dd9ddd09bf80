"""Where everything stands in a workbook of many units, and what proves that it is one of ours."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell

from plenum.figures.wording import said
from plenum.figures.workbooks.entries import REASON, REMARK, WHOLE
from plenum.packs import Form
from plenum.periods import Period, PeriodError

SALT = "plenum.figures.workbooks.many"
LAYOUT = 2
"""Counts up when the places of cells change: an older workbook is then told to be fetched anew."""
CODE, NAME, STATE, EDITION, SEAL, FIRST_SLOT = range(6)
"""Columns, counted from 0. From the last on, each slot has two: what was before, and what is to be filled in."""
HEAD_ROW, CODES_ROW, FIRST_ROW = 5, 6, 7
"""Rows, counted from 0: the heads for people, the codes of the columns for us, the first unit."""
SEAL_BYTES = 9


@dataclass(frozen=True)
class Stamp:
    """What a workbook holds: the form and period of so many units below one, in a language, under a key of its own."""

    unit: str
    form: str
    period: Period
    language: str
    sheet: str
    rows: int
    key: str

    @classmethod
    def new(cls, unit: str, form: str, period: Period, language: str, sheet: str, rows: int) -> "Stamp":
        """The stamp of a workbook that is about to be written."""
        return cls(unit, form, period, language, sheet, rows, get_random_string(12))

    def signed(self) -> str:
        """The stamp as text that cannot be changed unnoticed."""
        data = [
            LAYOUT,
            self.unit,
            self.form,
            self.period.code,
            self.language,
            self.sheet,
            self.rows,
            self.key,
        ]
        return signing.dumps(data, salt=SALT, compress=True)

    @classmethod
    def read(cls, text: str) -> "Stamp | None":
        """The stamp in a text; None if it was changed, or made by another installation or an older Plenum."""
        try:
            layout, unit, form, period, language, sheet, rows, key = signing.loads(text, salt=SALT)
            if layout != LAYOUT:
                return None
            return cls(unit, form, Period.parse(period), language, sheet, rows, key)
        except (signing.BadSignature, PeriodError, TypeError, ValueError):
            return None

    def seal(self, row: int, code: str, edition: int) -> str:
        """What proves that the workbook was made with this edition of the return of this unit in this row.

        Whoever sorts only some of the columns would else give the figures of one unit to another.
        """
        digest = salted_hmac(SALT, f"{self.key}\n{row}\n{code}\n{edition}", algorithm="sha256").digest()
        return urlsafe_b64encode(digest[:SEAL_BYTES]).decode()


def column_of(form: Form, place: str) -> int:
    """The column of a slot, of the remark, of the reason, or of what belongs to the return as a whole."""
    if place == WHOLE:
        return NAME
    if place in (REMARK, REASON):
        return FIRST_SLOT + 2 * len(form.slots) + (REMARK, REASON).index(place)
    return FIRST_SLOT + 1 + 2 * next(number for number, each in enumerate(form.slots) if each.code == place)


def place_of(form: Form, row: int, place: str) -> str:
    """Where something is wrong, as F8."""
    return str(xl_rowcol_to_cell(row, column_of(form, place)))


def codes(form: Form) -> list[str]:
    """What stands in the row of codes, by which the columns are known again."""
    slots = [code for slot in form.slots for code in (f"{slot.code}.before", slot.code)]
    return ["unit", "name", "state", "edition", "seal", *slots, REMARK, REASON]


def heads(form: Form) -> list[str]:
    """What people read above the columns, in the language of the moment."""
    own = [_("Code"), _("Unit"), _("State"), _("Edition"), ""]
    for slot in form.slots:
        own += [_("Before"), f"{slot.number}. {said(slot.name)}"]
    return [*own, _("Remark"), _("Reason for the correction")]


def sheet_name(form: Form, taken: Sequence[str]) -> str:
    """A name for the sheet of a form that spreadsheets allow and that is none of those taken."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", said(form.name)).strip()[:31].strip() or form.code[:31]
    return plain if plain.lower() not in {name.lower() for name in taken} else f"{plain[:29]} 2"


Marks = dict[int, dict[str, tuple[str, ...]]]
"""By row, counted from 0, then by place: what is wrong there."""
