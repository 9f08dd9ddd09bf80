"""A report in words as data that can be kept, and the same report from that data."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from plenum.reports.wording.written import (
    Bar,
    Block,
    Cell,
    Chart,
    Column,
    Foot,
    Head,
    Item,
    Items,
    Paragraph,
    Section,
    Subheading,
    Table,
    Written,
)

Data = Mapping[str, Any]


def as_data(written: Written) -> dict[str, Any]:
    """The report as JSON knows it; every block says its kind."""
    data = asdict(written)
    for section, original in zip(data["sections"], written.sections, strict=True):
        section["blocks"] = [
            {"kind": type(block).__name__.lower(), **asdict(block)} for block in original.blocks
        ]
    return data


def from_data(data: Data) -> Written:
    """The report that `as_data` was made of."""
    return Written(
        language=data["language"],
        name=data["name"],
        author=data["author"],
        head=Head(**data["head"]),
        basis_label=data["basis_label"],
        basis=tuple(data["basis"]),
        sections=tuple(
            Section(each["number"], each["title"], tuple(_block(block) for block in each["blocks"]))
            for each in data["sections"]
        ),
        notes_label=data["notes_label"],
        notes=tuple(data["notes"]),
        legend=data["legend"],
        foot=_foot(data["foot"]),
    )


def _foot(data: Data) -> Foot:
    return Foot(**{**data, "recipients": tuple(data["recipients"]), "issue": tuple(data["issue"])})


def _block(data: Data) -> Block:
    match data["kind"]:
        case "paragraph":
            return Paragraph(data["text"], data["language"])
        case "subheading":
            return Subheading(data["text"])
        case "items":
            return Items(tuple(Item(each["text"], tuple(each["below"])) for each in data["items"]))
        case "table":
            return Table(
                data["caption"],
                tuple(Column(**each) for each in data["columns"]),
                tuple(tuple(_cell(each) for each in row) for row in data["rows"]),
                data["has_total"],
            )
        case "chart":
            return Chart(
                data["caption"],
                data["alternative"],
                *(tuple(data[part]) for part in ("labels", "values", "shown")),
            )
        case kind:
            raise ValueError(f"a block of an unknown kind: {kind}")


def _cell(data: Data) -> Cell:
    bar = None if data["bar"] is None else Bar(**data["bar"])
    return Cell(**{**data, "bar": bar, "notes": tuple(data["notes"])})
