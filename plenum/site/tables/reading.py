"""Reading one table out of a page that was made with marks (`plenum.packs.marks`): its head, its rows, what they are.

A table is what the component `<c-table>` shows. What is drawn, a control or for screen readers only is no content; what
stands small beside a value (an explanation, the mark of an illustrative figure) becomes a note of its row.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Final

from plenum.access.tables.table import Cell, ReadTable
from plenum.packs.marks import found_in
from plenum.packs.wording import MISSING

VOID: Final = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
CONTROLS: Final = frozenset({"svg", "form", "button", "script", "style", "select", "label", "textarea"})
SMALL: Final = frozenset({"small", "sup"})
BLOCKS: Final = frozenset({"br", "p", "li", "div", "ul", "ol"})
LONGEST_AFFIX: Final = 40
"""What may stand around a number for the cell to be still that number, as in “at least 1,850”."""


@dataclass
class ReadPage:
    """What a page is called, how it says that it looks at things, and the table that was asked for, if it is there."""

    title: str = ""
    view: str = ""
    table: ReadTable | None = None


class _Piece:
    """The texts of one cell while it is read."""

    def __init__(self, said: dict[str, str]) -> None:
        self.main: list[str] = []
        self.small: list[list[str]] = []
        self.unseen: list[list[str]] = []
        self.code = said.get("data-code", "")
        self.is_number = "num" in said.get("class", "").split()
        self.span = int(said["colspan"]) if said.get("colspan", "").isdigit() else 1
        self.drawn = False


class Reader(HTMLParser):
    """Reads a page for its table of a name; `sign` is that of the marks. The result is `page`."""

    def __init__(self, name: str, sign: str) -> None:
        super().__init__()
        self.name, self.sign = name, sign
        self.page = ReadPage()
        self._open: list[tuple[str, str]] = []
        self._within: defaultdict[str, int] = defaultdict(int)
        """How many open elements there are of each tag, and of each kind of content."""
        self._title: list[str] = []
        self._view: list[str] = []
        self._in_head = False
        self._row: list[Cell] | None = None
        self._piece: _Piece | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        table = self._table
        if tag in BLOCKS:
            self._say(" ")
        if tag == "table" and said.get("data-table") == self.name and self.page.table is None:
            self.page.table = ReadTable(
                pages=int(said.get("data-pages") or 1), period=said.get("data-period", "")
            )
        elif table is not None and tag == "thead":
            self._in_head = True
        elif table is not None and tag == "tr":
            self._row = []
        elif table is not None and tag in ("td", "th") and self._row is not None:
            self._piece = _Piece(said)
        if tag == "svg" and self._piece is not None:
            self._piece.drawn = True
        if tag not in VOID:
            kind = _kind(tag, said, self._open[-1][0] if self._open else "")
            if kind in ("small", "unseen") and self._piece is not None:
                (self._piece.small if kind == "small" else self._piece.unseen).append([])
            if "lens-more" in said.get("class", ""):
                self._view.append(" · ")
            self._open.append((tag, kind))
            self._within[tag] += 1
            self._within[f"is {kind}"] += 1

    def handle_endtag(self, tag: str) -> None:
        if not self._within[tag]:
            return
        closed = ""
        while closed != tag:
            closed, kind = self._open.pop()
            self._within[closed] -= 1
            self._within[f"is {kind}"] -= 1
        if tag in BLOCKS:
            self._say(" ")
        if tag == "title":
            self.page.title = found_in(_tidy(self._title), self.sign).text
        elif tag == "summary":
            self.page.view = self.page.view or found_in(_tidy(self._view), self.sign).text
        elif tag in ("td", "th") and self._piece is not None and self._row is not None:
            self._row += [self._cell(self._piece), *[Cell()] * (self._piece.span - 1)]
            self._piece = None
        elif tag == "tr" and self._row is not None and self._table is not None:
            if self._in_head:
                self._table.head = self._row
            else:
                self._table.rows.append(self._row)
            self._row = None
        elif tag == "thead":
            self._in_head = False
        elif tag == "table" and self._table is not None:
            self.name = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self._say(data)

    @property
    def _table(self) -> ReadTable | None:
        """The table that was asked for, while it is being read."""
        return self.page.table if self.name else None

    def _say(self, data: str) -> None:
        within = self._within
        if within["title"] and not within["svg"]:
            self._title.append(data)
        elif within["is view"] and not within["is out"] and not within["is unseen"]:
            self._view.append(data)
        elif within["caption"] and self._table is not None:
            self._table.caption = _tidy([self._table.caption, data])
        elif self._piece is not None and not within["is out"]:
            if within["is unseen"] and self._piece.unseen:
                self._piece.unseen[-1].append(data)
            elif within["is small"] and self._piece.small:
                self._piece.small[-1].append(data)
            else:
                self._piece.main.append(data)

    def _cell(self, piece: _Piece) -> Cell:
        found = found_in(_tidy(piece.main), self.sign)
        small, unseen = self._texts(piece.small), self._texts(piece.unseen)
        if found.text in ("", MISSING):
            if self._in_head:
                return Cell(unseen[0] if unseen else "", seen=False)
            notes = () if piece.is_number else unseen
            return Cell("; ".join(small), notes=notes, code=piece.code, drawn=piece.drawn)
        value, before, after = found.value, found.before, found.after
        if (isinstance(value, date) and (before or after)) or len(before) + len(after) > LONGEST_AFFIX:
            value, before, after = None, "", ""
        elif value is None and piece.is_number and found.text.isascii() and found.text.isdigit():
            value = Decimal(found.text)
        return Cell(found.text, value, before, after, (*small, *unseen), piece.code)

    def _texts(self, parts: list[list[str]]) -> tuple[str, ...]:
        texts = (found_in(_tidy(part), self.sign).text for part in parts)
        return tuple(text for text in texts if text not in ("", MISSING))


def read_page(html: str, name: str, sign: str) -> ReadPage:
    """What a page says, with its table of this name."""
    reader = Reader(name, sign)
    reader.feed(html)
    reader.close()
    return reader.page


def _kind(tag: str, said: dict[str, str], above: str) -> str:
    """What stands inside an element: left out, small, for screen readers, the view of the page, or nothing special."""
    classes = said.get("class", "").split()
    if tag in CONTROLS or said.get("aria-hidden") == "true" or "data-door" in said or "button" in classes:
        return "out"
    if "hidden" in classes:
        return "unseen"
    if tag in SMALL or "under" in classes or "flag" in classes or (above == "details" and tag != "summary"):
        return "small"
    return "view" if "lens-words" in classes else ""


def _tidy(pieces: list[str]) -> str:
    """With one blank wherever a page breaks its text; no-break spaces stay."""
    text = "".join(pieces).replace("\n", " ").replace("\t", " ")
    return " ".join(part for part in text.split(" ") if part)
