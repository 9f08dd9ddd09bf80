"""The rows of the sample as COPY takes them: a line per row, by table, with numbers that follow from the unit's."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from plenum.figures.rules import Deed, State
from plenum.periods import Period
from plenum.site.sample.chance import Chance
from plenum.site.sample.country import Made
from plenum.site.sample.course import Course, course, figures
from plenum.site.sample.figures import FORM, form, year_of_figures
from plenum.tree.sorting import search_key, sort_key

LABEL = "national sample"
"""Who has done it, as the journal and the returns say it."""

FOUNDED = date(2010, 1, 1)
"""The day from which the tree of 30 June 2025 is taken to stand."""

MONTHS, MOST_VERSIONS, MOST_STEPS = 12, 4, 8

COLUMNS = {
    "tree_unit": ("id", "code", "lifetime"),
    "tree_unitname": ("unit_id", "name", "short", "sort_key", "search_key", "illustrative", "span"),
    "tree_unitkind": ("unit_id", "kind", "span"),
    "tree_placement": ("unit_id", "parent_id", "span"),
    "figures_obligation": ("unit_id", "form", "schedule", "span"),
    "figures_return": (
        "id",
        "unit_id",
        "form",
        "period_code",
        "first_month",
        "month",
        "state",
        "edition",
        "sitting",
        "version",
        "accepted_version",
        "draft_values",
        "draft_illustrative",
        "remark",
        "reason",
        "sent_back_reason",
        "entered_by",
        "changed_by",
        "changed_on",
        "first_submitted_on",
        "submitted_on",
        "accepted_on",
        "last_step_on",
        "steps_taken",
    ),
    "figures_version": (
        "id",
        "return_id",
        "number",
        "values",
        "illustrative",
        "remark",
        "reason",
        "entered_by",
        "submitted_by",
        "on_date",
    ),
    "figures_step": ("id", "return_id", "number", "what", "version", "reason", "by", "on_date"),
    "figures_entry": (
        "id",
        "return_id",
        "version_id",
        "known_on",
        "delta",
        "delta_counts",
        "delta_illustrative",
    ),
}
"""What is written of every table, in the order in which one row needs another. The rest is what the database gives."""

NUMBERED = ("tree_unit", "figures_return", "figures_version", "figures_step", "figures_entry")
"""Tables whose numbers follow from the sample; the next number of each must be set afterwards."""


@dataclass
class Lines:
    """Lines for COPY, by table."""

    by_table: dict[str, list[str]] = field(default_factory=dict)

    def add(self, table: str, *values: object) -> None:
        """Add one row; None is NULL, a list an array."""
        self.by_table.setdefault(table, []).append("\t".join(map(_cell, values)))

    def tables(self) -> Iterator[tuple[str, list[str]]]:
        """The tables in the order in which they must be written."""
        for table in COLUMNS:
            if table in self.by_table:
                yield table, self.by_table[table]


def tree_lines(units: Iterable[Made]) -> Lines:
    """The rows of units with their names, kinds and places."""
    lines, span = Lines(), f"[{FOUNDED},)"
    for unit in units:
        lines.add("tree_unit", unit.number, unit.code, span)
        lines.add(
            "tree_unitname",
            unit.number,
            unit.name,
            unit.short,
            sort_key(unit.name),
            search_key(unit.name),
            unit.illustrative,
            span,
        )
        lines.add("tree_unitkind", unit.number, unit.kind, span)
        lines.add("tree_placement", unit.number, unit.parent, span)
    return lines


def return_lines(units: Iterable[Made], year: int, today: date, seed: int) -> Lines:
    """The rows of what the grassroots organisations among the units owe and have reported in a year."""
    lines, due_days = Lines(), form().due_days
    periods = [Period.month(year, number) for number in range(1, MONTHS + 1)]
    for unit in units:
        if not unit.reports:
            continue
        lines.add("figures_obligation", unit.number, FORM, "month", f"[{year}-01-01,{year + 1}-01-01)")
        chance = Chance(seed, f"{unit.code}/{year}")
        for period, values in zip(periods, year_of_figures(unit, chance), strict=True):
            went = course(period, values, due_days, chance, today=today)
            if went is not None:
                number = (unit.number * MONTHS) + period.last_month_number
                _return(lines, number, unit, went)
                _history(lines, number, went)
    return lines


def _return(lines: Lines, number: int, unit: Made, went: Course) -> None:
    last = figures(went.versions[-1].values)
    submitted = [step.on for step in went.steps if step.what is Deed.SUBMIT]
    accepted = [version for version in went.versions if version.accepted is not None]
    lines.add(
        "figures_return",
        number,
        unit.number,
        FORM,
        went.period.code,
        went.period.start,
        went.period.last_month,
        went.state,
        1 + len(went.steps),
        "",
        len(went.versions),
        went.versions.index(accepted[-1]) + 1 if accepted else None,
        last.values,
        last.illustrative,
        "",
        "",
        went.sent_back if went.state is State.SENT_BACK else "",
        LABEL,
        LABEL,
        went.steps[-1].on,
        submitted[0],
        submitted[-1],
        accepted[-1].accepted if accepted else None,
        went.steps[-1].on,
        len(went.steps),
    )


def _history(lines: Lines, number: int, went: Course) -> None:
    for place, version in enumerate(went.versions, start=1):
        said, own = figures(version.values), number * MOST_VERSIONS + place - 1
        lines.add(
            "figures_version",
            own,
            number,
            place,
            said.values,
            said.illustrative,
            "",
            version.reason,
            LABEL,
            LABEL,
            version.on,
        )
        if version.added is not None:
            added = version.added
            lines.add(
                "figures_entry",
                own,
                number,
                own,
                version.accepted,
                added.delta,
                added.counts,
                added.illustrative,
            )
    for place, step in enumerate(went.steps, start=1):
        own = number * MOST_STEPS + place - 1
        lines.add("figures_step", own, number, place, step.what, step.version, step.reason, LABEL, step.on)


def _cell(value: object) -> str:
    match value:
        case None:
            return "\\N"
        case str():
            return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
        case bool():
            return "t" if value else "f"
        case tuple() | list():
            return _array(value)
        case _:
            return str(value)


def _array(values: Sequence[object]) -> str:
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: object) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    return "NULL" if value is None else str(value)
