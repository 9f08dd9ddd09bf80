"""Reading a workbook of any length row by row: its sheets are never in memory whole, and nothing outside is unpacked.

The file is from outside. What is unpacked of it is counted while it is read, document types are refused, macros are
refused, and a formula comes as a formula, whatever it says that it gives.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.parsers import expat

from django.utils.translation import gettext as _

from plenum.figures.workbooks.entries import WorkbookRefused

PIECE = 1 << 18
MOST_PARTS = 2000
LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
MOST_TEXTS, LONGEST_TEXT, DEEPEST = 1_000_000, 100_000, 64
"""No spreadsheet writes longer texts, nor elements so deep in each other; what would fill the memory is refused."""
LARGEST_FRAME = 20 * 2**20
"""Bytes of a part that says how a workbook is made and holds none of its cells."""
LARGEST_TEXTS = 100 * 2**20
DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""Numbers of the formats for days and times that every spreadsheet knows."""
QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Other:
    """What stands in a cell and is neither a number nor a text: ``what`` is `formula`, `date`, `truth` or `error`."""

    what: str
    text: str = ""


Cell = int | float | str | Other
"""What stands in a cell; an empty one is left out."""


class Book:
    """A workbook, opened. WorkbookRefused if it is none, or holds more than ``largest_unpacked`` bytes."""

    def __init__(self, body: bytes, *, largest_unpacked: int) -> None:
        self._largest = self._left = largest_unpacked
        with _readable():
            self._archive = zipfile.ZipFile(io.BytesIO(body))
            names = set(self._archive.namelist())
            if len(names) > MOST_PARTS:
                refuse_larger()
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                _refuse(_("This file has macros. Save it as a workbook without macros (XLSX)."))
            if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
                refuse_unreadable()
            if sum(part.file_size for part in self._archive.infolist()) > largest_unpacked:
                refuse_larger()
            self._parts = names
            self._sheets = self._sheets_by_name()
            self._texts: list[str] | None = None
            self._dates = self._styles_of_dates()

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets, in their order."""
        return list(self._sheets)

    def begin_again(self) -> None:
        """Let as much be unpacked once more as at the beginning: nothing of what was read is kept."""
        self._left = self._largest

    def rows(self, sheet: str) -> Iterator[tuple[int, dict[int, Cell]]]:
        """The rows of a sheet that hold anything, by number from 0 up: what stands in it, by column from 0 up."""
        with _readable():
            if self._texts is None:
                self._texts = list(self._shared_texts())
            reader = _Rows(self._texts, self._dates)
            yield from self._parsed(self._sheets[sheet], reader, self._left)

    def _parsed(self, part: str, reader: Any, most: int = LARGEST_FRAME) -> Iterator[Any]:
        """What a reader has found in a part of so many bytes at most, piece by piece."""
        if part not in self._parts:
            refuse_unreadable()
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
        parser.CharacterDataHandler = reader.text
        parser.StartDoctypeDeclHandler = lambda *_args: refuse_unreadable()
        with self._archive.open(part) as opened:
            while piece := opened.read(PIECE):
                self._left -= len(piece)
                most -= len(piece)
                if self._left < 0 or most < 0:
                    refuse_larger()
                parser.Parse(piece, False)
                yield from reader.found
                reader.found.clear()
        parser.Parse(b"", True)
        yield from reader.found

    def _sheets_by_name(self) -> dict[str, str]:
        targets = {
            each["Id"]: each["Target"]
            for each in self._parsed("xl/_rels/workbook.xml.rels", _Elements({"Relationship"}))
            if "Id" in each and "Target" in each
        }
        found: dict[str, str] = {}
        for each in self._parsed("xl/workbook.xml", _Elements({"sheet"})):
            target = next((targets.get(text) for name, text in each.items() if name.endswith(":id")), None)
            if target is not None and "name" in each:
                found[each["name"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        return found

    def _shared_texts(self) -> Iterator[str]:
        if "xl/sharedStrings.xml" in self._parts:
            for number, text in enumerate(self._parsed("xl/sharedStrings.xml", _Texts(), LARGEST_TEXTS)):
                if number >= MOST_TEXTS:
                    refuse_larger()
                yield text

    def _styles_of_dates(self) -> frozenset[str]:
        """The numbers of the looks in which a number is shown as a day or a time."""
        if "xl/styles.xml" not in self._parts:
            return frozenset()
        own, looks = {}, []
        for each in self._parsed("xl/styles.xml", _Elements({"numFmt", "xf"}, within={"xf": "cellXfs"})):
            if "formatCode" in each:
                own[each.get("numFmtId", "")] = QUOTED.sub("", each["formatCode"])
            else:
                looks.append(each.get("numFmtId", "0"))
        return frozenset(
            str(number)
            for number, form in enumerate(looks)
            if (form in own and re.search(r"[dmyhs]", own[form], re.IGNORECASE))
            or (form not in own and form.isdigit() and int(form) in DATES)
        )


def refuse_larger() -> NoReturn:
    """WorkbookRefused for a file that holds more than any form."""
    _refuse(_("This file holds more than any form from here. It was not opened."))


def refuse_unreadable() -> NoReturn:
    """WorkbookRefused for what is no workbook."""
    _refuse(_("This file cannot be read as a workbook (XLSX)."))


def _refuse(text: str) -> NoReturn:
    raise WorkbookRefused(text)


@contextmanager
def _readable() -> Iterator[None]:
    """WorkbookRefused for whatever a damaged or hostile file makes of reading it."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        OSError,
        UnicodeError,
        ValueError,
    ) as error:
        raise WorkbookRefused(_("This file cannot be read as a workbook (XLSX).")) from error


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


@dataclass
class _Elements:
    """The attributes of elements of some names; of those in ``within`` only where they stand inside another."""

    names: set[str]
    within: dict[str, str] = field(default_factory=dict)
    found: list[dict[str, str]] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name in self.names and (name not in self.within or self.within[name] in self._open):
            self.found.append(attributes)
        self._open.append(name)
        if len(self._open) > DEEPEST:
            refuse_unreadable()

    def end(self, _tag: str) -> None:
        self._open.pop()

    def text(self, _text: str) -> None:
        return


@dataclass
class _Texts:
    """The texts that cells share, one after the other; how they are pronounced (`rPh`) is left out."""

    found: list[str] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _depth: int = 0
    _reading: bool = False
    _aside: bool = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        match _local(tag):
            case "si":
                self._pieces = []
            case "rPh":
                self._aside = True
            case "t":
                self._reading = not self._aside
        self._depth += 1
        if self._depth > DEEPEST:
            refuse_unreadable()

    def end(self, tag: str) -> None:
        self._depth -= 1
        match _local(tag):
            case "si":
                self.found.append("".join(self._pieces))
            case "rPh":
                self._aside = False
            case "t":
                self._reading = False

    def text(self, text: str) -> None:
        if self._reading:
            self._pieces.append(text)


class _Rows:
    """The rows of a sheet."""

    def __init__(self, texts: list[str], dates: frozenset[str]) -> None:
        self.found: list[tuple[int, dict[int, Cell]]] = []
        self._texts, self._dates = texts, dates
        self._row = self._column = -1
        self._cells: dict[int, Cell] = {}
        self._kind = self._look = ""
        self._value: list[str] = []
        self._formula = self._reading = False
        self._depth = self._length = 0
        self._columns: dict[str, int] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "c":
                self._kind, self._look = attributes.get("t", "n"), attributes.get("s", "")
                self._column = self._column_of(attributes.get("r"))
                self._value.clear()
                self._formula, self._length = False, 0
            case "v" | "t":
                self._reading = True
            case "f":
                self._formula = True
            case "row":
                self._row = int(attributes.get("r", self._row + 2)) - 1
                if not 0 <= self._row < LAST_ROW:
                    refuse_unreadable()
                self._column, self._cells = -1, {}
        self._depth += 1
        if self._depth > DEEPEST:
            refuse_unreadable()

    def end(self, tag: str) -> None:
        self._depth -= 1
        match _local(tag):
            case "c":
                if self._formula:
                    self._cells[self._column] = Other("formula", "".join(self._value))
                elif self._value:
                    self._cells[self._column] = self._read("".join(self._value))
            case "v" | "t":
                self._reading = False
            case "row":
                if self._cells:
                    self.found.append((self._row, self._cells))

    def text(self, text: str) -> None:
        if self._reading:
            self._length += len(text)
            if self._length > LONGEST_TEXT:
                refuse_unreadable()
            self._value.append(text)

    def _column_of(self, place: str | None) -> int:
        """The column of a cell; of one that does not say it, the one after the last."""
        if place is None:
            column = self._column + 1
        else:
            match = PLACE.fullmatch(place)
            if match is None:
                refuse_unreadable()
            column = self._columns.get(match[1], -1)
            if column < 0:
                column = 0
                for letter in match[1]:
                    column = column * 26 + ord(letter) - 64
                column = self._columns[match[1]] = column - 1
        if column >= LAST_COLUMN:
            refuse_unreadable()
        return column

    def _read(self, text: str) -> Cell:
        match self._kind:
            case "n":
                if self._look in self._dates:
                    return Other("date", text)
                number = float(text)
                return int(number) if number.is_integer() else number
            case "s":
                return self._texts[_index(text, len(self._texts))]
            case "b":
                return Other("truth", text)
            case "e":
                return Other("error", text)
            case "d":
                return Other("date", text)
            case _:
                return text


def _index(text: str, length: int) -> int:
    number = int(text)
    if not 0 <= number < length:
        refuse_unreadable()
    return number
