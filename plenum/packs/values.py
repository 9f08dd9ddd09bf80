"""What a rule pack gives to the rest of Plenum: frozen values, no Django, no file formats."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from plenum.periods import Period, Span

LANGUAGES = ("vi", "en", "ru", "cs")
"""The languages every text of a pack is written in."""


class Behaviour(StrEnum):
    """How a figure adds over time: a flow is summed, of a stock the last one counts."""

    FLOW = "flow"
    STOCK = "stock"


class IndicatorType(StrEnum):
    """A count is one number; a ratio is computed from the summed parts and never averaged."""

    COUNT = "count"
    RATIO = "ratio"


class Better(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"


class CheckKind(StrEnum):
    SUM = "sum"
    AT_MOST = "at_most"
    BALANCE = "balance"


class PackLookupError(LookupError):
    """The pack has nothing under this code, or nothing that holds on this day."""


@dataclass(frozen=True)
class Words:
    """One text in every language of the pack."""

    vi: str
    en: str
    ru: str
    cs: str

    def in_(self, language: str) -> str:
        """The text in a language given as `vi`, `vi-VN`, …; English for a language the pack does not have."""
        base = language.replace("_", "-").split("-")[0].lower()
        return {"vi": self.vi, "ru": self.ru, "cs": self.cs}.get(base, self.en)

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True)
class Source:
    """The document, and the article in it, that a rule follows."""

    document: str
    article: str = ""

    def __str__(self) -> str:
        return f"{self.document}, {self.article}" if self.article else self.document


class Dated:
    """Something that holds for a span of days."""

    valid: Span

    def holds_on(self, day: date) -> bool:
        return day in self.valid


class Under(NamedTuple):
    """A kind of unit under which another may stand, and when."""

    parent: str
    span: Span


@dataclass(frozen=True)
class Heading:
    """What stands above and below a report that a unit of a kind issues."""

    body: Words
    """The body that issues it, such as the organisation board of the committee."""
    symbol: str
    """The end of the document symbol, after the number and a hyphen: `BC/BTCTU`."""
    signer: Words
    """The post of the person who signs."""
    recipients: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Kind(Dated):
    """A kind of unit. `level` is 1 at the top; `grassroots` marks the grassroots organisations."""

    code: str
    name: Words
    plural: Words
    short: Words
    level: int
    root: bool
    grassroots: bool
    under: tuple[Under, ...]
    valid: Span
    source: Source
    report: Heading


@dataclass(frozen=True)
class Slot:
    """One numbered place in a form. The number is never given to anything else."""

    number: int
    code: str
    name: Words
    behaviour: Behaviour
    help: Words


@dataclass(frozen=True)
class Check:
    """An arithmetic that a return must satisfy; all names are slot codes of its form.

    `sum`: `total` = Σ `parts`. `at_most`: `left` ≤ `right`.
    `balance`: `carried` + Σ `plus` − Σ `minus` = `now`.
    """

    kind: CheckKind
    message: Words
    total: str = ""
    parts: tuple[str, ...] = ()
    left: str = ""
    right: str = ""
    carried: str = ""
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    now: str = ""

    @property
    def slots(self) -> tuple[str, ...]:
        """Every slot code the check reads, in the order of the formula."""
        named = (
            self.total,
            *self.parts,
            self.left,
            self.right,
            self.carried,
            *self.plus,
            *self.minus,
            self.now,
        )
        return tuple(code for code in named if code)


@dataclass(frozen=True)
class Form:
    """A form that units of some kinds owe; due `due_days` days after the last day of the period."""

    code: str
    name: Words
    slots: tuple[Slot, ...]
    checks: tuple[Check, ...]
    kinds: tuple[str, ...]
    due_days: int
    source: Source

    def slot(self, code: str) -> Slot:
        for slot in self.slots:
            if slot.code == code:
                return slot
        raise PackLookupError(f"form {self.code} has no slot {code}")

    def has(self, code: str) -> bool:
        return code in self._codes

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(slot.code for slot in self.slots)

    @cached_property
    def width(self) -> int:
        """The highest slot number: how long the row of figures of a return is."""
        return max(slot.number for slot in self.slots)


@dataclass(frozen=True)
class Indicator:
    """What is watched: one slot, a ratio of two, or a count of units in the register.

    `measure` is a label in the nominative, for headings and lists; it is not made to stand after a number.
    """

    code: str
    name: Words
    short: Words
    measure: Words
    type: IndicatorType
    behaviour: Behaviour
    better: Better
    value: str | None
    numerator: str | None
    denominator: str | None
    register_kinds: tuple[str, ...]
    parts: tuple[str, ...]
    order: int

    @property
    def slots(self) -> tuple[str, ...]:
        """The slot codes it is computed from, without its breakdown; none when counted from the register."""
        return tuple(code for code in (self.value, self.numerator, self.denominator) if code)

    @property
    def is_ratio(self) -> bool:
        return self.type is IndicatorType.RATIO

    @property
    def from_register(self) -> bool:
        return bool(self.register_kinds)


RuleValue = int | str | bool


@dataclass(frozen=True)
class Rule(Dated):
    """A threshold or method with its validity and source, and the sentence that explains it to people."""

    code: str
    values: Mapping[str, RuleValue]
    valid: Span
    source: Source
    explanation: Words

    def __hash__(self) -> int:
        return hash((self.code, self.valid))

    def number(self, name: str) -> int:
        """A value that is a whole number; PackLookupError when the rule has none of this name."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise PackLookupError(f"rule {self.code} has no number “{name}”")
        return value


@dataclass(frozen=True)
class SecondFactor(Dated):
    """The powers that nobody may use with a password alone, and the sentence that explains it to people."""

    powers: tuple[str, ...]
    valid: Span
    source: Source
    explanation: Words


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document; `symbol` is how its full symbol is written from number, type code and issuer."""

    code: str
    name: Words
    type_code: str
    symbol: str


@dataclass(frozen=True)
class PowerSet:
    """A named set of powers that a grant gives. Power codes are checked by access, which knows them."""

    code: str
    name: Words
    explanation: Words
    powers: tuple[str, ...]


@dataclass(frozen=True)
class Schedule:
    """How a year is cut into reporting periods: without overlap and without gap."""

    code: str
    name: Words
    suffixes: tuple[str, ...]

    def periods(self, year: int) -> tuple[Period, ...]:
        return tuple(Period.parse(f"{year}-{suffix}" if suffix else f"{year}") for suffix in self.suffixes)

    def has(self, period: Period) -> bool:
        return period in self.periods(period.year)


@dataclass(frozen=True)
class Pack:
    """Everything one organisation's rules say. Read with `plenum.packs.pack()`."""

    code: str
    name: Words
    organisation: Words
    """The organisation as a whole, as it stands at the head of its documents."""
    subject: Words
    """The work that review reports are about."""
    kinds: Mapping[str, Kind]
    forms: Mapping[str, Form]
    indicators: Mapping[str, Indicator]
    rules: tuple[Rule, ...]
    document_kinds: Mapping[str, DocumentKind]
    power_sets: Mapping[str, PowerSet]
    schedules: Mapping[str, Schedule]
    second_factor: tuple[SecondFactor, ...]

    def __hash__(self) -> int:
        return hash(self.code)

    def may_stand_under(self, kind: str, parent_kind: str | None, on: date) -> bool:
        """Whether a unit of `kind` may stand directly under one of `parent_kind` (None: at the top) on a day.

        False for kinds that the pack does not know or that do not hold on that day.
        """
        child = self.kinds.get(kind)
        if child is None or not child.holds_on(on):
            return False
        if parent_kind is None:
            return child.root
        parent = self.kinds.get(parent_kind)
        if parent is None or not parent.holds_on(on):
            return False
        return any(under.parent == parent_kind and on in under.span for under in child.under)

    def rule(self, code: str, on: date) -> Rule:
        """The rule that holds on a day; PackLookupError when there is none."""
        for rule in self.rules:
            if rule.code == code and rule.holds_on(on):
                return rule
        raise PackLookupError(f"the pack {self.code} has no rule {code} that holds on {on}")

    def second_factor_on(self, on: date) -> SecondFactor | None:
        """Which powers need a second factor on a day; None when none does."""
        return next((each for each in self.second_factor if each.holds_on(on)), None)

    def slots(self) -> Mapping[str, Slot]:
        """Every slot of every form by its code; a code means the same figure in each form that has it."""
        return MappingProxyType({slot.code: slot for form in self.forms.values() for slot in form.slots})

    def forms_with(self, slot_code: str) -> tuple[Form, ...]:
        return tuple(form for form in self.forms.values() if form.has(slot_code))
