"""The shape of a pack's TOML files, as written. `loader` turns these rows into the values of `values`."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from plenum.packs.values import (
    Behaviour,
    Better,
    CheckKind,
    Heading,
    IndicatorType,
    RuleValue,
    Source,
    Words,
)
from plenum.periods import Span

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*([.\-][a-z][a-z0-9_]*)*$")]


class Row(BaseModel):
    """A table of a pack file: unknown fields are refused, so that a slip of the pen is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class WordsRow(Row):
    vi: Text
    en: Text
    ru: Text
    cs: Text

    def value(self) -> Words:
        return Words(vi=self.vi, en=self.en, ru=self.ru, cs=self.cs)


class SourceRow(Row):
    document: Text
    article: str = ""

    def value(self) -> Source:
        return Source(document=self.document, article=self.article)


class DatedRow(Row):
    """A row with its validity: `from` is the first day, `until` the first day no longer (absent: open)."""

    start: date = Field(alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if self.until is not None and self.until <= self.start:
            raise ValueError("the validity is empty: until must be later than from")
        return self

    @property
    def span(self) -> Span:
        return Span(self.start, self.until)


class UnderRow(DatedRow):
    kind: Code


class KindRow(DatedRow):
    level: int = Field(ge=1, le=9)
    root: bool = False
    grassroots: bool = False
    name: WordsRow
    plural: WordsRow
    short: WordsRow
    source: SourceRow
    under: tuple[UnderRow, ...] = ()


class HeadingRow(Row):
    symbol: Text
    body: WordsRow
    signer: WordsRow
    recipients: tuple[WordsRow, ...] = ()

    def value(self) -> Heading:
        return Heading(
            body=self.body.value(),
            symbol=self.symbol,
            signer=self.signer.value(),
            recipients=tuple(words.value() for words in self.recipients),
        )


class SlotRow(Row):
    behaviour: Behaviour
    name: WordsRow
    help: WordsRow


class PlaceRow(Row):
    """Where a slot stands in a form."""

    number: int = Field(ge=1, le=200)
    slot: Code


class CheckRow(Row):
    kind: CheckKind
    message: WordsRow
    total: str = ""
    parts: tuple[str, ...] = ()
    left: str = ""
    right: str = ""
    carried: str = ""
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    now: str = ""

    @model_validator(mode="after")
    def _has_its_terms(self) -> Self:
        needed = {
            CheckKind.SUM: ("total", "parts"),
            CheckKind.AT_MOST: ("left", "right"),
            CheckKind.BALANCE: ("carried", "plus", "minus", "now"),
        }
        every = {name for names in needed.values() for name in names}
        missing = [name for name in needed[self.kind] if not getattr(self, name)]
        foreign = [name for name in every - set(needed[self.kind]) if getattr(self, name)]
        if missing or foreign:
            terms = ", ".join(needed[self.kind])
            raise ValueError(f"a check of kind {self.kind.value} has exactly the terms {terms}")
        return self


class FormRow(Row):
    due_days: int = Field(ge=0, le=366)
    kinds: tuple[Code, ...] = Field(min_length=1)
    name: WordsRow
    source: SourceRow
    slots: tuple[PlaceRow, ...] = Field(min_length=1)
    checks: tuple[CheckRow, ...] = ()


class IndicatorRow(Row):
    order: int = Field(ge=1)
    type: IndicatorType
    behaviour: Behaviour
    better: Better
    name: WordsRow
    short: WordsRow
    measure: WordsRow
    value: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    register_kinds: tuple[Code, ...] = ()
    parts: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        ratio = bool(self.numerator and self.denominator)
        if self.type is IndicatorType.RATIO:
            good = ratio and not self.value and not self.register_kinds
        else:
            good = not (self.numerator or self.denominator) and bool(self.value) != bool(self.register_kinds)
        if not good:
            raise ValueError(
                "a ratio has numerator and denominator; a count has either value or register_kinds"
            )
        return self


class RuleRow(DatedRow):
    code: Code
    values: dict[str, RuleValue]
    source: SourceRow
    explanation: WordsRow


class DocumentKindRow(Row):
    type_code: Text
    symbol: Annotated[
        str, StringConstraints(pattern=r"^[^{}]*\{number\}[^{}]*\{type\}[^{}]*\{issuer\}[^{}]*$")
    ]
    name: WordsRow


class PowerSetRow(Row):
    name: WordsRow
    explanation: WordsRow
    powers: tuple[Code, ...] = Field(min_length=1)


class SecondFactorRow(DatedRow):
    powers: tuple[Code, ...] = Field(min_length=1)
    source: SourceRow
    explanation: WordsRow


class ScheduleRow(Row):
    name: WordsRow
    periods: tuple[str, ...] = Field(min_length=1)


class KindsFile(Row):
    kinds: dict[Code, KindRow] = Field(min_length=1)


class ReportsFile(Row):
    subject: WordsRow
    headings: dict[Code, HeadingRow]


class FormsFile(Row):
    slots: dict[Code, SlotRow]
    forms: dict[Code, FormRow]


class IndicatorsFile(Row):
    indicators: dict[Code, IndicatorRow]


class VerdictsFile(Row):
    rules: tuple[RuleRow, ...]


class DocumentsFile(Row):
    document_kinds: dict[Code, DocumentKindRow]


class GrantsFile(Row):
    power_sets: dict[Code, PowerSetRow]


class SchedulesFile(Row):
    schedules: dict[Code, ScheduleRow]


class SignInFile(Row):
    second_factor: tuple[SecondFactorRow, ...] = ()


class PackFile(Row):
    name: WordsRow
    organisation: WordsRow


class Files(Row):
    """All files of a pack together."""

    pack: PackFile
    kinds: KindsFile
    reports: ReportsFile
    forms: FormsFile
    indicators: IndicatorsFile
    verdicts: VerdictsFile
    documents: DocumentsFile
    grants: GrantsFile
    schedules: SchedulesFile
    sign_in: SignInFile
