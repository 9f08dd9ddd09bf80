"""The sheet of a workbook that shows the units directly below: what they have reported, nothing to fill in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from plenum.figures.queries import Figure, figures_of
from plenum.figures.queries.workbooks import Answered, answered_below, children_read
from plenum.figures.wording import said
from plenum.journal.actor import Actor
from plenum.packs import Indicator, pack, wording
from plenum.periods import Period
from plenum.tree.models import Unit
from plenum.tree.queries import UnitView

HEAD_ROW = 4
LONGEST_NAME = 31


@dataclass(frozen=True)
class Below:
    """The units directly below one, how their returns stand and what is accepted of them, by unit."""

    period: Period
    units: Sequence[UnitView]
    answered: Mapping[int, Answered]
    figures: Mapping[int, Mapping[str, Figure]]


def below_for(unit: Unit, period: Period, on: date, by: Actor) -> Below | None:
    """What the sheet shows to an actor; None where nothing is owed or known below, or the actor does not read it."""
    units = children_read(by, unit, period, on)
    if not units:
        return None
    ids = [each.id for each in units]
    counted = [each for each in pack().indicators.values() if not each.is_ratio and not each.from_register]
    answered = answered_below(ids, period, on)
    found = Below(period, units, answered, figures_of(ids, period, indicators=counted))
    return found if _known(found) or any(each.owed for each in answered.values()) else None


def add_sheet(
    book: Any, formats: Mapping[str, Any], below: Below, taken: Sequence[str], language: str
) -> None:
    """Write the sheet: a row for each unit, protected as a whole."""
    name = _("Units below")[:LONGEST_NAME]
    if name.lower() in {each.lower() for each in taken}:
        name = f"{name[: LONGEST_NAME - 2]} 2"
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 44)
    sheet.write_string(0, 0, _("Units directly below"), formats["title"])
    sheet.write_string(1, 0, wording.period_name(below.period, language))
    text = _(
        "Each with everything below it. The figures are those that are accepted; nothing is to be filled in."
    )
    sheet.write_string(2, 0, text, formats["soft"])
    known = _known(below)
    heads = [
        _("Code"),
        _("Unit"),
        _("Returns owed"),
        _("Accepted"),
        _("Waiting for acceptance"),
        _("Outstanding"),
    ]
    heads += [said(each.name) for each in known]
    for column, head in enumerate(heads):
        sheet.write_string(HEAD_ROW, column, head, formats["head"])
    sheet.set_column(2, len(heads), 14)
    for row, unit in enumerate(below.units, HEAD_ROW + 1):
        sheet.write_string(row, 0, unit.code, formats["text"])
        sheet.write_string(row, 1, unit.name, formats["text"])
        stands = below.answered[unit.id]
        numbers = (stands.owed, stands.accepted, stands.waiting, stands.outstanding)
        for column, number in enumerate(numbers, 2):
            sheet.write_number(row, column, number, formats["count"])
        for column, indicator in enumerate(known, 2 + len(numbers)):
            value = below.figures[unit.id][indicator.code].value
            if value is not None:
                sheet.write_number(row, column, value, formats["count"])
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _known(below: Below) -> list[Indicator]:
    """The indicators of which anything is known, in their order."""
    codes = {
        code
        for figures in below.figures.values()
        for code, figure in figures.items()
        if figure.value is not None
    }
    return sorted((pack().indicators[code] for code in codes), key=lambda each: each.order)
