"""What the API answers with. Days are texts such as 2024-09-30; what is not known is None."""

from typing import TypedDict

Span = TypedDict("Span", {"from": str, "until": str | None})


class Unit(TypedDict):
    """A unit as it was on the day looked at; `until` is the first day without it."""

    code: str
    name: str
    short: str
    kind: str
    parent: str | None
    span: Span
    illustrative: bool


class Kin(TypedDict):
    """A unit by its name; without its code if it is out of reach."""

    code: str | None
    name: str


class FoundUnit(Unit):
    """A unit in a list; `found_as` is the earlier name by which it was found, `became` what goes on with it."""

    found_as: str | None
    became: list[Kin]


class Name(TypedDict):
    """A name and the days on which the unit was called so."""

    name: str
    short: str
    span: Span


class Kind(TypedDict):
    """A kind and the days on which the unit was of it."""

    kind: str
    span: Span


class Relative(TypedDict):
    """A unit that went on in this one, or in which this one went on."""

    code: str | None
    name: str
    on: str
    how: str


class Lineage(TypedDict):
    """Where a unit came from and what became of it."""

    predecessors: list[Relative]
    successors: list[Relative]


class Event(TypedDict):
    """Something that happened to a unit."""

    on: str
    what: str
    before: str | None
    after: str | None
    unit: str | None


class WholeUnit(Unit):
    """A unit with all that is known of it over time; send `edition` back with an act on it."""

    edition: str
    alive: bool
    names: list[Name]
    kinds: list[Kind]
    lineage: Lineage
    history: list[Event]


class Change(TypedDict):
    """One thing that an act changed, in words."""

    field: str
    before: str
    after: str


class JournalEntry(TypedDict):
    """One act in the journal."""

    number: int
    unit: str | None
    act: str
    act_name: str
    power: str | None
    by: str
    on: str
    recorded_at: str
    subject: str
    changes: list[Change]
    hash: str


Due = TypedDict(
    "Due",
    {
        "unit": str,
        "form": str,
        "period": str,
        "due_on": str,
        "state": str,
        "days_late": int,
        "submitted_on": str | None,
        "return": int | None,
    },
)


class Slot(TypedDict):
    """One figure to enter, beside that of the period before and the one that stands as accepted."""

    slot: str
    number: int
    name: str
    value: int | None
    illustrative: bool
    previous: int | None
    accepted: int | None


class Finding(TypedDict):
    """What does not fit in a return, in words."""

    slots: list[str]
    severity: str
    text: str


class Sheet(TypedDict):
    """A return as it is filled in; `edition` goes back with what is saved."""

    id: int | None
    unit: str
    form: str
    period: str
    state: str
    figures: dict[str, int | None]
    illustrative: list[str]
    remark: str
    edition: int
    deeds: list[str]
    due_on: str
    slots: list[Slot]
    findings: list[Finding]
    reason: str
    sent_back_reason: str
    entered_by: str


class Version(TypedDict):
    """A version that was submitted; `changes` are against the one before."""

    number: int
    figures: dict[str, int | None]
    changes: dict[str, list[int | None]]
    reason: str
    remark: str
    entered_by: str
    submitted_by: str
    on: str
    accepted_on: str | None


class Step(TypedDict):
    """A step in the course of a return."""

    what: str
    version: int
    by: str
    on: str
    reason: str


class Return(Sheet):
    """A return with everything about it."""

    accepted_version: int | None
    versions: list[Version]
    steps: list[Step]


class Reason(TypedDict):
    """Why a verdict is what it is."""

    code: str
    text: str


class Rule(TypedDict):
    """A rule that a verdict follows, and where it stands."""

    code: str
    source: str


class Projection(TypedDict):
    """Where the year would end if it went on like this."""

    low: str
    mid: str
    high: str


class Changes(TypedDict):
    """Against the end of last year and the same period of last year."""

    since_start_of_year: str | int | None
    same_period_last_year: str | int | None
    unit: str


class Part(TypedDict):
    """A part of a figure's breakdown."""

    code: str
    name: str
    value: int | None


class Flag(TypedDict):
    """Something that must be known about a figure."""

    code: str
    stated: str | None
    exact: str | None
    text: str


class Estimate(TypedDict):
    """Returns that are counted whole at one place although they could belong to several; `text` says why."""

    reason: str
    unit: str
    on: str
    others: list[str]
    counted: str | None
    returns: int
    text: str


class StandingRow(TypedDict):
    """One indicator of a unit: its figure, its target, the verdict with its reasons, and what must be known."""

    indicator: str
    name: str
    value: str | int | None
    numerator: int | None
    denominator: int | None
    target: int | float | None
    comparison: str | None
    percent: str | None
    verdict: str | None
    reasons: list[Reason]
    rules: list[Rule]
    projection: Projection | None
    illustrative: bool
    value_illustrative: bool
    target_illustrative: bool
    basis: str | None
    given_to: str | None
    change: Changes
    parts: list[Part]
    reported_by: int
    estimated: list[Estimate]
    withheld: bool
    flags: list[Flag]


class Standing(TypedDict):
    """How a unit stands in a period."""

    unit: str
    period: str
    known_on: str | None
    tree: str | None
    withheld: bool
    rows: list[StandingRow]


class Document(TypedDict):
    """What the register says of a document; `date` is a year alone where `precision` is "year"."""

    id: int
    kind: str
    number: str
    symbol: str | None
    issuer_unit: str | None
    issuer: str
    date: str
    precision: str
    title: str
    illustrative: bool


NAMES: dict[str, type] = {
    "FoundUnit": FoundUnit,
    "WholeUnit": WholeUnit,
    "JournalRow": JournalEntry,
    "DueRow": Due,
    "EntrySheet": Sheet,
    "OneReturn": Return,
    "StandingOfUnit": Standing,
    "StandingRow": StandingRow,
    "DocumentRow": Document,
}
"""What these are called in the description of the API."""
