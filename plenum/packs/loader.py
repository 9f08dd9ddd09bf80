"""Reading a pack: TOML files in, one validated `Pack` out, or a `PackError` that names every fault."""

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from plenum.packs import consistency
from plenum.packs.faults import Fault, PackError
from plenum.packs.schema import CheckRow, Files, FormRow, IndicatorRow, KindRow, SlotRow
from plenum.packs.values import (
    Check,
    DocumentKind,
    Form,
    Heading,
    Indicator,
    Kind,
    Pack,
    PowerSet,
    Rule,
    Schedule,
    SecondFactor,
    Slot,
    Under,
)

PACKS = Path(__file__).parent / "data"
"""Where the packs that come with Plenum are; each is a folder of TOML files."""

DEFAULT_PACK = "vietnam"
VARIABLE = "PLENUM_PACK"
"""The environment variable that names the pack: one that comes with Plenum, or the path of a folder."""

_REMEDIES = {
    "missing": "add it",
    "extra_forbidden": "remove it or correct its spelling",
    "string_too_short": "write the text",
    "string_pattern_mismatch": "write it in the pattern named",
    "enum": "write one of the values named",
    "date_from_datetime_parsing": "write a date such as 2023-01-31",
    "date_type": "write a date such as 2023-01-31, without quotes",
    "value_error": "correct the entry",
}

Read = Mapping[str, Mapping[str, Any]]
T = TypeVar("T")


@cache
def pack() -> Pack:
    """The pack of this installation; PackError when it cannot be used."""
    name = os.environ.get(VARIABLE, DEFAULT_PACK)
    return load_pack(Path(name) if os.sep in name else PACKS / name)


def load_pack(folder: Path) -> Pack:
    """The pack in a folder, validated as a whole; PackError with every fault found."""
    return build_pack(folder.name, read_files(folder))


def read_files(folder: Path) -> dict[str, dict[str, Any]]:
    """The TOML files of a pack folder by name without ending, not yet validated."""
    faults: list[Fault] = []
    read: dict[str, dict[str, Any]] = {}
    for name in Files.model_fields:
        path = folder / f"{name}.toml"
        try:
            read[name] = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            faults.append(Fault(path.name, "", "", f"is missing in {folder}", "add the file"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problem = f"is not TOML in UTF-8: {error}"
            faults.append(Fault(path.name, "", "", problem, "correct the line named"))
    if faults:
        raise PackError(faults)
    return read


def build_pack(code: str, read: Read) -> Pack:
    """The pack that these tables make; PackError with every fault found."""
    try:
        files = Files.model_validate(read)
    except ValidationError as error:
        raise PackError([_fault(dict(detail)) for detail in error.errors()]) from error
    contradictions = list(consistency.faults(files))
    if contradictions:
        raise PackError(contradictions)
    return _pack(code, files)


def _fault(detail: dict[str, Any]) -> Fault:
    file, *rest = [str(part) for part in detail["loc"]]
    section, entry, *field = [*rest, "", ""]
    what = detail["type"]
    problem = detail["msg"].removeprefix("Value error, ")
    return Fault(
        file=f"{file}.toml",
        entry=" ".join(part for part in (section, entry) if part),
        field=".".join(part for part in field if part),
        problem=problem[:1].lower() + problem[1:],
        remedy=_REMEDIES.get(what, "correct the value"),
    )


def _frozen(mapping: dict[str, T]) -> Mapping[str, T]:
    return MappingProxyType(mapping)


def _pack(code: str, files: Files) -> Pack:
    headings = {kind: row.value() for kind, row in files.reports.headings.items()}
    indicators = [_indicator(name, row) for name, row in files.indicators.indicators.items()]
    return Pack(
        code=code,
        name=files.pack.name.value(),
        organisation=files.pack.organisation.value(),
        subject=files.reports.subject.value(),
        kinds=_frozen({name: _kind(name, row, headings[name]) for name, row in files.kinds.kinds.items()}),
        forms=_frozen({name: _form(name, row, files.forms.slots) for name, row in files.forms.forms.items()}),
        indicators=_frozen({each.code: each for each in sorted(indicators, key=lambda each: each.order)}),
        rules=tuple(
            Rule(row.code, _frozen(dict(row.values)), row.span, row.source.value(), row.explanation.value())
            for row in files.verdicts.rules
        ),
        document_kinds=_frozen(
            {
                name: DocumentKind(name, row.name.value(), row.type_code, row.symbol)
                for name, row in files.documents.document_kinds.items()
            }
        ),
        power_sets=_frozen(
            {
                name: PowerSet(name, row.name.value(), row.explanation.value(), row.powers)
                for name, row in files.grants.power_sets.items()
            }
        ),
        schedules=_frozen(
            {
                name: Schedule(name, row.name.value(), row.periods)
                for name, row in files.schedules.schedules.items()
            }
        ),
        second_factor=tuple(
            SecondFactor(row.powers, row.span, row.source.value(), row.explanation.value())
            for row in files.sign_in.second_factor
        ),
    )


def _kind(code: str, row: KindRow, heading: Heading) -> Kind:
    return Kind(
        code=code,
        name=row.name.value(),
        plural=row.plural.value(),
        short=row.short.value(),
        level=row.level,
        root=row.root,
        grassroots=row.grassroots,
        under=tuple(Under(under.kind, under.span) for under in row.under),
        valid=row.span,
        source=row.source.value(),
        report=heading,
    )


def _form(code: str, row: FormRow, slots: Mapping[str, SlotRow]) -> Form:
    return Form(
        code=code,
        name=row.name.value(),
        slots=tuple(
            _slot(place.number, place.slot, slots[place.slot])
            for place in sorted(row.slots, key=lambda place: place.number)
        ),
        checks=tuple(_check(check) for check in row.checks),
        kinds=row.kinds,
        due_days=row.due_days,
        source=row.source.value(),
    )


def _slot(number: int, code: str, row: SlotRow) -> Slot:
    return Slot(number, code, row.name.value(), row.behaviour, row.help.value())


def _check(row: CheckRow) -> Check:
    return Check(
        kind=row.kind,
        message=row.message.value(),
        total=row.total,
        parts=row.parts,
        left=row.left,
        right=row.right,
        carried=row.carried,
        plus=row.plus,
        minus=row.minus,
        now=row.now,
    )


def _indicator(code: str, row: IndicatorRow) -> Indicator:
    return Indicator(
        code=code,
        name=row.name.value(),
        short=row.short.value(),
        measure=row.measure.value(),
        type=row.type,
        behaviour=row.behaviour,
        better=row.better,
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        register_kinds=row.register_kinds,
        parts=row.parts,
        order=row.order,
    )
