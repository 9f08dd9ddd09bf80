"""What a review report says, as facts: no sentences, no language, no layout.

Amounts are exact (integers, fractions); a percentage is a string with two decimals, rounded half up, as
`plenum figures --json` gives it. Names of indicators, forms and kinds of document are `Words` in four languages;
names of units, people and documents stay as they were entered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from plenum.figures.queries import Estimate
from plenum.packs import Words
from plenum.periods import Period

MET = frozenset({"met", "exceeded"})
LACKING = frozenset({"missed", "at_risk"})


@dataclass(frozen=True)
class Amount:
    """A count, or a share with both its sides. None is "not reported", which is not nought.

    `estimated`: what of it cannot be attributed exactly. `withheld`: on the tree of the report, units count in it that
    its reader does not reach.
    """

    value: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    illustrative: bool = False
    estimated: tuple[Estimate, ...] = ()
    withheld: bool = False

    @property
    def ratio(self) -> Fraction | None:
        if self.numerator is None or not self.denominator:
            return None
        return Fraction(self.numerator, self.denominator)

    @property
    def is_known(self) -> bool:
        return self.value is not None or self.ratio is not None


@dataclass(frozen=True)
class Part:
    """One part of a breakdown: 30 guests of 390."""

    code: str
    name: Words
    value: int | None
    illustrative: bool = False


@dataclass(frozen=True)
class TargetFact:
    """What was asked for. `amount` is per cent when the indicator is a share, a count otherwise.

    `period`: for which it was asked, when that is longer than the period of the report.
    """

    comparison: str
    amount: Decimal
    period: Period | None = None
    given_to: str = ""
    given_to_post: str = ""
    illustrative: bool = False


@dataclass(frozen=True)
class Contradiction:
    """A stated figure that the record's arithmetic does not give.

    `what` is `value`, `percent_of_target` or `change`; the units are `percent`, `points` or `count`.
    """

    what: str
    stated: Decimal
    stated_unit: str
    exact: Decimal | None
    exact_unit: str
    source: str = ""
    value: Decimal | None = None
    """Of a percentage of the target: the amount that was held against it, which need not be that of the period."""


@dataclass(frozen=True)
class Change:
    """The difference from an earlier amount: a count, or percentage points when the indicator is a share.

    `until`: the last day of last year that is compared with, when the period is not over.
    """

    difference: Decimal
    unit: str  # "count" or "points"
    since: str  # "start_of_year" or "last_year"
    until: date | None = None


@dataclass(frozen=True)
class Outlook:
    """Where an amount will stand at the end of the target's period at the slow, middle and fast pace seen so far."""

    low: Decimal
    middle: Decimal
    high: Decimal


@dataclass(frozen=True)
class Result:
    """One indicator: what was reached, what was asked for, what is to be said about it.

    `so_far`: the year so far, where a target of the year is held against that and not against `amount`. `last_year`:
    the same months of last year. `same_units`: what is compared with it, if that is another than `amount`.
    """

    indicator: str
    name: Words
    measure: Words | None
    is_ratio: bool
    better: str
    amount: Amount
    target: TargetFact | None = None
    percent: str | None = None
    verdict: str | None = None
    so_far: Amount | None = None
    outlook: Outlook | None = None
    last_year: Amount = Amount()
    same_units: Amount | None = None
    changes: tuple[Change, ...] = ()
    parts: tuple[Part, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    carried_from: int = 0
    """For how many units a stock of an earlier month is carried forward."""

    @property
    def judged(self) -> Amount:
        """What the target is held against."""
        return self.amount if self.so_far is None else self.so_far

    @property
    def change_on_last_year(self) -> Change | None:
        """The exact difference from the same months of last year, where both are known."""
        return next((change for change in self.changes if change.since == "last_year"), None)


@dataclass(frozen=True)
class SubUnit:
    """A unit directly below, with one amount for each main indicator and the state of its returns.

    `stands`: `below` when the period ends; `left` when it has moved away or ended by then, `itself` for what the unit
    of the report has reported itself. Amounts are what has come through it, so that they add up to the whole.
    """

    code: str
    name: str
    amounts: tuple[Amount, ...]
    stands: str = "below"
    due: int = 0
    received: int = 0
    late: int = 0


@dataclass(frozen=True)
class LateReturn:
    """A return that was due within the period and not accepted or submitted in time."""

    unit_code: str
    unit: str
    form: Words
    period: Period
    due_on: date
    days: int


@dataclass(frozen=True)
class Silent:
    """A unit from which no return of the period arrived at all."""

    unit_code: str
    unit: str


@dataclass(frozen=True)
class Basis:
    """A document on which a target rests. `day` is the first of January when only the year is known."""

    kind: Words
    symbol: str
    issuer: str
    day: date | None
    year_only: bool
    title: str
    illustrative: bool = False


@dataclass(frozen=True)
class CoursePoint:
    """The amount reported for one part of the period alone: a month, or a quarter where reports are quarterly."""

    period: Period
    value: int | None


@dataclass(frozen=True)
class Course:
    """The course of one indicator through the period, for the chart."""

    indicator: str
    name: Words
    points: tuple[CoursePoint, ...]
    illustrative: bool = False


@dataclass(frozen=True)
class FreeText:
    """What the officer wrote for one section, in the language it was written in."""

    section: str
    language: str
    text: str
    illustrative: bool = False


@dataclass(frozen=True)
class Heading:
    """The head and foot of the document form. Names stay as entered; Words come from the rule pack."""

    superior: str
    unit: str
    organisation: Words
    subject: Words
    body: Words
    symbol: str
    place: str
    day: date
    signer_post: str | Words = ""
    signer_name: str = ""
    recipients: tuple[str | Words, ...] = ()


@dataclass(frozen=True)
class Issue:
    """Who has issued the report, where and when, and how anybody can ask whether that is so."""

    by: str
    post: str
    unit: str
    on: date
    edition: int
    code: str
    address: str
    reason: str = ""


@dataclass(frozen=True)
class View:
    """From which view of the record the report was drawn.

    `restated_on`: the day on whose tree its figures were restated; None when they stay on the tree of their time.
    `withheld`: on that tree, figures count here that the reader does not reach; they are not told.
    """

    drawn_on: date
    known_on: date | None
    tree_of: date
    restated_on: date | None = None
    withheld: bool = False


@dataclass(frozen=True)
class ReviewContent:
    """Everything that a review report says, in the order in which it says it."""

    unit_code: str
    period: Period
    next_period: Period
    is_over: bool
    heading: Heading
    view: View
    basis: tuple[Basis, ...] = ()
    results: tuple[Result, ...] = ()
    course: Course | None = None
    main_indicators: tuple[tuple[str, Words], ...] = ()
    sub_units: tuple[SubUnit, ...] = ()
    due: int = 0
    received: int = 0
    late: tuple[LateReturn, ...] = ()
    silent: tuple[Silent, ...] = ()
    texts: Mapping[str, tuple[FreeText, ...]] = field(default_factory=dict)
    edition: int = 0
    last_year_until: date | None = None
    """The last day of last year that is compared with, when the period is not over and some of it is."""
    compared_on: date | None = None
    """The day on whose tree the years are compared, if units came to this one or left it since last year."""
    issue: Issue | None = None
    """None until the report is issued."""

    @property
    def with_target(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.target is not None)

    @property
    def without_target(self) -> tuple[Result, ...]:
        """Indicators without a target of which something is known."""
        return tuple(result for result in self.results if result.target is None and result.amount.is_known)

    @property
    def achievements(self) -> tuple[Result, ...]:
        return tuple(result for result in self.with_target if result.verdict in MET)

    @property
    def lacking(self) -> tuple[Result, ...]:
        """Targets that were missed or are at risk: shortcomings now, tasks of the next period."""
        return tuple(result for result in self.with_target if result.verdict in LACKING)

    @property
    def has_illustrative(self) -> bool:
        """Whether anything shown needs the legend of the illustrative mark."""
        shown = (*self.with_target, *self.without_target)
        return (
            any(r.amount.illustrative or r.judged.illustrative or r.last_year.illustrative for r in shown)
            or any(r.target is not None and r.target.illustrative for r in shown)
            or any(part.illustrative for r in shown for part in r.parts)
            or any(a.illustrative for unit in self.sub_units for a in unit.amounts)
            or any(basis.illustrative for basis in self.basis)
            or any(text.illustrative for texts in self.texts.values() for text in texts)
            or (self.course is not None and self.course.illustrative)
        )

    def text_in(self, section: str, language: str) -> FreeText | None:
        """The officer's text of a section in `language`, else the one written first, else None."""
        texts = self.texts.get(section, ())
        return next((text for text in texts if text.language == language), texts[0] if texts else None)
