"""A report in words: headings, paragraphs, lists, tables and a chart, all text already in one language.

Every renderer (page, Markdown, DOCX, PDF) reads this and adds nothing but layout.
"""

from dataclasses import dataclass
from typing import Literal

MARK = "†"
"""Follows a figure, a document or a text that no source states; the legend explains it."""

Tone = Literal["", "good", "warn", "bad", "open"]


@dataclass(frozen=True)
class Bar:
    """A bar in a table: how full it is and where the tick of the target stands, both from 0 to 1."""

    value: float
    tick: float
    tone: Tone


@dataclass(frozen=True)
class Cell:
    """A cell: its text, a smaller second line, numbers of notes, and how deep the row is indented."""

    text: str
    under: str = ""
    tone: Tone = ""
    bar: Bar | None = None
    notes: tuple[int, ...] = ()
    level: int = 0


@dataclass(frozen=True)
class Column:
    """A column; `width` in millimetres of a page 165 wide, 0 for what the others leave."""

    title: str
    align: Literal["left", "right", "center"] = "right"
    width: int = 0


@dataclass(frozen=True)
class Table:
    """A table whose header repeats on every page; the last row is the total when `has_total`."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    has_total: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `language` is set when it is not in the language of the report."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Subheading:
    text: str


@dataclass(frozen=True)
class Item:
    """An entry of a list, with a tone where it carries a verdict, and entries below it."""

    text: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Items:
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Chart:
    """Columns over months; a value of None is a month without a report."""

    caption: str
    alternative: str
    labels: tuple[str, ...]
    values: tuple[int | None, ...]
    shown: tuple[str, ...]


Block = Paragraph | Subheading | Items | Table | Chart


@dataclass(frozen=True)
class Section:
    number: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Head:
    """The head of the document form; an empty line is left out."""

    superior: str
    unit: str
    issuer: str
    symbol: str
    party: str
    place_and_day: str
    title: str
    subtitle: str


@dataclass(frozen=True)
class Foot:
    """Recipients on the left, the signature on the right, and the line that says where the report comes from."""

    recipients_label: str
    recipients: tuple[str, ...]
    signer_post: str
    signer_name: str
    closing: str
    issue: tuple[str, ...] = ()
    """By whom and when the report was issued, and how that is verified; nothing while it is not issued."""
    running: str = ""
    """Stands at the foot of every page of what was issued."""


@dataclass(frozen=True)
class Written:
    """A whole report in one language. `name` is its title in one line, as document properties need it."""

    language: str
    name: str
    author: str
    head: Head
    basis_label: str
    basis: tuple[str, ...]
    sections: tuple[Section, ...]
    notes_label: str
    notes: tuple[str, ...]
    legend: str
    foot: Foot
