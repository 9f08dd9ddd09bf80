"""The tables and the chart of a review report."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenum.figures.wording import estimate_sentences, withheld_sentence
from plenum.packs import wording
from plenum.periods import Period, PeriodKind
from plenum.reports.content import Amount, Result, ReviewContent, SubUnit
from plenum.reports.wording import sentences
from plenum.reports.wording.amounts import (
    against_target,
    amount_text,
    bar,
    change_text,
    marked,
    sides_text,
    target_text,
    verdict_text,
    verdict_tone,
)
from plenum.reports.wording.notes import Notes
from plenum.reports.wording.written import Cell, Chart, Column, Table, Tone

WIDEST = 3
"""The table of units shows at most so many indicators, so that it stays readable on a portrait page."""


def targets(content: ReviewContent, lang: str, notes: Notes) -> Table:
    """Every indicator with a target: result, target, distance, last year, verdict; its breakdown in rows below."""
    rows: list[tuple[Cell, ...]] = []
    for result in content.with_target:
        rows.append(
            (
                Cell(result.name.in_(lang)),
                _amount(result, lang, notes),
                Cell(target_text(result.target, result.is_ratio, lang) if result.target else wording.MISSING),
                Cell(against_target(result, lang), under=_so_far(result, lang), bar=bar(result)),
                _last_year(result, lang, notes),
                Cell(verdict_text(result.verdict), tone=verdict_tone(result.verdict)),
            )
        )
        rows += [(*part, Cell(""), Cell(""), Cell(""), Cell("")) for part in _parts(result, lang)]
    return Table(
        _caption(_("Targets"), notes),
        (
            Column(pgettext("heading of a column", "Indicator"), "left"),
            Column(pgettext("heading of a column", "Result"), width=21),
            Column(pgettext("heading of a column", "Target"), width=18),
            Column(pgettext("heading of a column", "Against the target"), width=24),
            Column(_of_last_year(content, lang), width=24),
            Column(pgettext("heading of a column", "Assessment"), "left", 29),
        ),
        tuple(rows),
    )


def other_figures(content: ReviewContent, lang: str, notes: Notes) -> Table:
    """What was reported without a target being set for it."""
    rows: list[tuple[Cell, ...]] = []
    for result in content.without_target:
        rows.append(
            (Cell(result.name.in_(lang)), _amount(result, lang, notes), _last_year(result, lang, notes))
        )
        rows += [(*part, Cell("")) for part in _parts(result, lang)]
    return Table(
        _caption(_("Other figures"), notes),
        (
            Column(pgettext("heading of a column", "Indicator"), "left"),
            Column(pgettext("heading of a column", "Result"), width=28),
            Column(_of_last_year(content, lang), width=36),
        ),
        tuple(rows),
    )


def sub_units(content: ReviewContent, lang: str, notes: Notes) -> Table:
    """The units directly below, with the main indicators, their returns and, in the last row, the whole unit."""
    shown = content.main_indicators[:WIDEST]
    ratios = [_is_ratio(content, code) for code, _name in shown]
    has_returns = any(unit.due for unit in content.sub_units)
    rows = [
        _unit_row(position, unit, ratios, has_returns, lang, notes)
        for position, unit in enumerate(content.sub_units, start=1)
    ]
    rows.append(_total_row(content, has_returns, lang))
    returns = (
        Column(pgettext("heading of a column", "Returns received"), width=19),
        Column(pgettext("heading of a column", "Of these late"), width=17),
    )
    return Table(
        _caption(_("Units directly below"), notes),
        (
            Column(pgettext("heading of a column", "No."), width=9),
            Column(pgettext("heading of a column", "Unit"), "left"),
            *(Column(name.in_(lang), width=20) for _code, name in shown),
            *(returns if has_returns else ()),
        ),
        tuple(rows),
        has_total=True,
    )


def course(content: ReviewContent, lang: str) -> Chart | None:
    """The course of the main indicator, if at least three parts of the period were reported."""
    found = content.course
    if found is None or sum(1 for point in found.points if point.value is not None) < 3:
        return None
    values = tuple(point.value for point in found.points)
    shown = tuple(wording.MISSING if value is None else wording.number(value, lang) for value in values)
    names = tuple(wording.period_name(point.period, lang) for point in found.points)
    name = marked(found.name.in_(lang), found.illustrative)
    is_monthly = all(point.period.kind is PeriodKind.MONTH for point in found.points)
    caption = (
        _("Chart. %(indicator)s, by month") if is_monthly else _("Chart. %(indicator)s, by reporting period")
    )
    return Chart(
        caption % {"indicator": name},
        "; ".join(f"{part}: {value}" for part, value in zip(names, shown, strict=True)),
        tuple(_axis_label(point.period, lang) for point in found.points),
        values,
        shown,
    )


def _axis_label(period: Period, lang: str) -> str:
    if period.kind is PeriodKind.MONTH:
        return wording.month_short(period.last_month_number, lang)
    return wording.period_short(period, lang)


def _caption(title: str, notes: Notes) -> str:
    return _("Table %(number)s. %(title)s") % {"number": notes.next_table(), "title": title}


def _amount(result: Result, lang: str, notes: Notes) -> Cell:
    said = [sentences.contradiction_note(result, found, lang) for found in result.contradictions]
    if result.carried_from:
        said.append(sentences.carried_note(result.carried_from, lang))
    numbers = tuple(notes.number_of(text) for text in (*said, *view_notes(result.amount)))
    return Cell(
        amount_text(result.amount, result.is_ratio, lang),
        under=sides_text(result.amount, lang) if result.is_ratio else "",
        notes=numbers,
    )


def view_notes(amount: Amount) -> list[str]:
    """Why an amount is withheld or estimated."""
    return [withheld_sentence()] if amount.withheld else estimate_sentences(amount.estimated)


def _last_year(result: Result, lang: str, notes: Notes) -> Cell:
    change = result.change_on_last_year
    said = view_notes(result.last_year)
    if result.same_units is not None and change is not None:
        value = amount_text(result.same_units, result.is_ratio, lang)
        said = [
            _("Compared with what the same units have reported in the period: %(value)s.") % {"value": value},
            *view_notes(result.same_units),
            *said,
        ]
    return Cell(
        amount_text(result.last_year, result.is_ratio, lang),
        under=change_text(change, lang, short=True) if change is not None else "",
        notes=tuple(notes.number_of(text) for text in said),
    )


def _of_last_year(content: ReviewContent, lang: str) -> str:
    """What is compared with: the whole period of last year, or only the months that are behind us this year."""
    if content.last_year_until is None:
        return pgettext("heading of a column", "Same period last year")
    return pgettext("heading of a column", "Last year up to %(day)s") % {
        "day": wording.day(content.last_year_until, lang)
    }


def _so_far(result: Result, lang: str) -> str:
    """The year so far, where that and not the figure of the period is held against the target."""
    if result.so_far is None:
        return ""
    return _("year so far: %(value)s") % {"value": amount_text(result.so_far, result.is_ratio, lang)}


def _parts(result: Result, lang: str) -> list[tuple[Cell, Cell]]:
    return [
        (
            Cell(part.name.in_(lang), level=1),
            Cell(marked(wording.number(part.value, lang), part.illustrative)),
        )
        for part in result.parts
        if part.value is not None
    ]


def _is_ratio(content: ReviewContent, indicator: str) -> bool:
    return any(result.is_ratio for result in content.results if result.indicator == indicator)


def _unit_row(
    position: int, unit: SubUnit, ratios: list[bool], has_returns: bool, lang: str, notes: Notes
) -> tuple[Cell, ...]:
    amounts = (
        Cell(
            amount_text(amount, is_ratio, lang),
            under=sides_text(amount, lang) if is_ratio else "",
            notes=tuple(notes.number_of(text) for text in view_notes(amount)),
        )
        for amount, is_ratio in zip(unit.amounts, ratios, strict=False)
    )
    return (
        Cell(wording.number(position, lang)),
        Cell(unit.name, under=_stands(unit)),
        *amounts,
        *(_returns(unit.received, unit.due, unit.late, lang) if has_returns else ()),
    )


def _stands(unit: SubUnit) -> str:
    """Why a unit is listed that does not stand directly below when the period ends."""
    return {
        "left": _("no longer directly below"),
        "itself": _("reported by the unit itself"),
    }.get(unit.stands, "")


def _returns(received: int, due: int, late: int, lang: str) -> tuple[Cell, Cell]:
    if not due:
        return Cell(wording.MISSING), Cell(wording.MISSING)
    text = f"{wording.number(received, lang)}/{wording.number(due, lang)}"
    tone: Tone = "warn" if received < due else ""
    return Cell(text, tone=tone), Cell(wording.number(late, lang), tone="warn" if late else "")


def _total_row(content: ReviewContent, has_returns: bool, lang: str) -> tuple[Cell, ...]:
    totals = []
    for code, _name in content.main_indicators[:WIDEST]:
        result = next((result for result in content.results if result.indicator == code), None)
        totals.append(Cell(amount_text(result.amount, result.is_ratio, lang) if result else wording.MISSING))
    due = sum(unit.due for unit in content.sub_units)
    received = sum(unit.received for unit in content.sub_units)
    late = sum(unit.late for unit in content.sub_units)
    return (
        Cell(""),
        Cell(_("Total")),
        *totals,
        *(_returns(received, due, late, lang) if has_returns else ()),
    )
