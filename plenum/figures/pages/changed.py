"""What is said when somebody else has changed a return since its page was opened: both versions, side by side."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plenum.access.answers import Side
from plenum.figures.queries import ReturnView, Sheet
from plenum.figures.rules import Deed, State
from plenum.figures.wording import return_name, said, state_name
from plenum.packs import wording

SEES_A_VERSION = (Deed.ACCEPT, Deed.SEND_BACK, Deed.WITHDRAW, Deed.CORRECT)
"""Deeds on a return that shows a version which has been submitted; the others are done on a draft."""


def name_of(sheet: Sheet) -> str:
    """The return as people name it, with its unit."""
    return f"{sheet.unit.name}: {return_name(sheet.form, sheet.period)}"


def typed_against(sheet: Sheet, values: Mapping[str, int | None], remark: str) -> list[Side]:
    """Where what was typed differs from the draft as it stands now."""
    stands = {row.slot.code: row.value for row in sheet.rows}
    return _figures(sheet, values, stands) + _texts(_("Remark"), remark, sheet.remark)


def seen_against(found: ReturnView, deed: Deed, version: int | None, state: str) -> list[Side]:
    """Where what a person saw before a deed differs from the return as it stands now: state, figures, remark.

    On a draft it is not known what was seen; then who changed it, and when, is the difference.
    """
    sheet = found.sheet
    sides = _texts(_("State"), _state(state), _state(sheet.state))
    seen = next((each for each in found.versions if each.number == version), None)
    if deed not in SEES_A_VERSION or seen is None:
        return [*sides, Side(_("Changed by"), "–", sheet.changed_by), *_moment(sheet.changed_at)]
    stands = {row.slot.code: row.value for row in sheet.rows}
    return [*sides, *_figures(sheet, seen.values, stands), *_texts(_("Remark"), seen.remark, sheet.remark)]


def _figures(sheet: Sheet, mine: Mapping[str, int | None], theirs: Mapping[str, int | None]) -> list[Side]:
    return [
        Side(said(row.slot.name), _number(mine.get(row.slot.code)), _number(theirs.get(row.slot.code)))
        for row in sheet.rows
        if mine.get(row.slot.code) != theirs.get(row.slot.code)
    ]


def _texts(label: str, mine: str, theirs: str) -> list[Side]:
    return [] if mine.split() == theirs.split() else [Side(label, mine or "–", theirs or "–")]


def _number(value: int | None) -> str:
    return "–" if value is None else wording.number(value, _language())


def _moment(moment: datetime | None) -> list[Side]:
    if moment is None:
        return []
    here = timezone.localtime(moment)
    return [Side(_("Changed on"), "–", f"{wording.day(here, _language())}, {here:%H:%M}")]


def _state(state: str) -> str:
    return str(state_name(state)) if state in set(State) else ""


def _language() -> str:
    return wording.language(get_language())
