"""Bad sheets, statements of SQL, tokens and replays: what is tried, and what the refusal must name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from plenum.access.actions import load_accounts as accounts
from plenum.access.sheets import Sheet
from plenum.directives.actions import load_documents as documents
from plenum.figures.actions import load_obligations as obligations
from plenum.figures.actions import load_returns as returns
from plenum.organisation.actions import load_units as units
from plenum.reports.actions import load_reviews as reviews
from plenum.targets.actions import load_statements as statements
from plenum.targets.actions import load_targets as targets


@dataclass(frozen=True)
class Loader:
    """The sheet of one sort of things, who loads it, and a row that is right."""

    load: Callable[..., Any]
    sheet: Sheet
    row: dict[str, str]
    unit: str
    day: str = ""


LOADERS = {
    "units": Loader(
        units,
        Sheet(("code", "kind", "name", "parent", "from"), ("short", "until", "predecessors", "illustrative")),
        {
            "code": "new-cell",
            "kind": "grassroots_cell",
            "name": "Chi bộ Mới",
            "parent": "north-hill",
            "from": "2024-10-01",
            "until": "2025-07-01",
        },
        unit="parent",
        day="from",
    ),
    "accounts": Loader(
        accounts,
        Sheet(("login", "name", "unit", "role", "from"), ("language", "until")),
        {"login": "an-an", "name": "An", "unit": "hill-school", "role": "secretary", "from": "2024-10-08"},
        unit="unit",
        day="from",
    ),
    "documents": Loader(
        documents,
        Sheet(
            ("kind", "number", "issuer_unit", "date", "title"),
            ("symbol", "issuing_body", "precision", "illustrative"),
        ),
        {
            "kind": "decision",
            "number": "5",
            "issuer_unit": "north-hill",
            "date": "2024-01-01",
            "title": "On plans",
        },
        unit="issuer_unit",
        day="date",
    ),
    "obligations": Loader(
        obligations,
        Sheet(("unit", "form", "schedule", "from"), ("until",)),
        {
            "unit": "river-mill",
            "form": "grassroots-monthly",
            "schedule": "month",
            "from": "2024-10-08",
            "until": "2025-07-01",
        },
        unit="unit",
        day="from",
    ),
    "returns": Loader(
        returns,
        Sheet(
            ("unit", "form", "period", "slot", "value", "state"),
            ("on", "entered_by", "accepted_by", "accepted_on", "illustrative", "remark"),
        ),
        {
            "unit": "hill-school",
            "form": "grassroots-monthly",
            "period": "2024-06",
            "slot": "members_admitted",
            "value": "1",
            "state": "draft",
        },
        unit="unit",
    ),
    "targets": Loader(
        targets,
        Sheet(
            ("unit", "indicator", "period", "comparison", "amount"),
            ("basis", "given_to", "given_to_post", "on", "illustrative"),
        ),
        {
            "unit": "hill-school",
            "indicator": "members.admitted",
            "period": "2024-H1",
            "comparison": "at_least",
            "amount": "7",
        },
        unit="unit",
    ),
    "statements": Loader(
        statements,
        Sheet(("unit", "indicator", "period", "what", "stated", "said_unit", "source"), ("on",)),
        {
            "unit": "hill-school",
            "indicator": "members.admitted",
            "period": "2024",
            "what": "value",
            "stated": "1.5",
            "said_unit": "count",
            "source": "A report",
        },
        unit="unit",
    ),
    "reviews": Loader(
        reviews,
        Sheet(("unit", "period", "section", "text"), ("language", "on", "by", "illustrative")),
        {"unit": "hill-school", "period": "2024-9M", "section": "causes", "text": "Rain."},
        unit="unit",
    ),
}


@dataclass(frozen=True)
class BadSheet:
    """A file, and what must be said of it."""

    loader: Loader
    content: bytes
    says: str


def written(rows: list[dict[str, str]]) -> bytes:
    """Rows as a file, every cell quoted."""
    lines = [",".join(rows[0])] + [
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row.values()) for row in rows
    ]
    return "\n".join(lines).encode()


SHEETS: dict[str, BadSheet] = {}
for sort, loader in LOADERS.items():
    good, first = loader.row, next(iter(loader.row))
    whole = written([good])
    cell = f"Line 2, column {first}"

    def changed(cells: dict[str, str], good: dict[str, str] = good) -> bytes:
        return written([{**good, **cells}])

    tried = {
        "broken UTF-8": (whole.replace(good[first].encode(), b"\xff\xfe"), f"{cell}: This is not UTF-8"),
        "UTF-16": (whole.decode().encode("utf-16"), "Line 1"),
        "NUL": (changed({first: "a\0b"}), f"{cell}: There is a control character"),
        "open quote": (whole[:-1], "Line 2: A quotation mark is not closed"),
        "unknown column": (
            written([{**good, "moon": "1"}]),
            "Line 1, column moon: There is no such column",
        ),
        "column twice": (whole.replace(b"\n", f",{first}\n".encode(), 1), f"Line 1, column {first}"),
        "missing column": (
            written([{name: text for name, text in good.items() if name != loader.unit}]),
            f"Line 1, column {loader.unit}: This column is missing",
        ),
        "too many cells": (whole + b',"more"' * 9, "Line 2: There are more cells"),
        "huge cell": (changed({first: "x" * 100_001}), f"{cell}: The text is too long"),
        "unknown unit": (changed({loader.unit: "no-such-unit"}), f"Line 2, column {loader.unit}"),
        "script for a unit": (changed({loader.unit: "<script>"}), f"Line 2, column {loader.unit}"),
        "formula for a unit": (changed({loader.unit: "=1+1"}), f"Line 2, column {loader.unit}"),
        "a zip file": (b"PK\x03\x04" + b"\0\xff" * 50, "Line 1"),
        "a workbook named CSV": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 20, "Line 1"),
    }
    if loader.day:
        for name, day in {
            "no day": "2024-02-30",
            "formula": "=TODAY()",
            "word": "soon",
            "far day": "99999-01-01",
            "first line right": "x",
        }.items():
            tried[f"bad day: {name}"] = (changed({loader.day: day}), f"Line 2, column {loader.day}")
    for name, (content, says) in tried.items():
        SHEETS[f"{sort}: {name}"] = BadSheet(loader, content, says)


def more(sort: str, case: str, says: str, **cells: str) -> None:
    """A case of one sheet alone: a row with other cells."""
    loader = LOADERS[sort]
    SHEETS[f"{sort}: {case}"] = BadSheet(loader, written([{**loader.row, **cells}]), says)


for name, number in {
    "letters": "abc",
    "infinite": "1e309",
    "huge": "9" * 5000,
    "formula": "=1+1",
    "Arabic digits": "\u0661",
}.items():
    more("returns", f"{name} for a count", "Line 2, column value", value=number)
    more("targets", f"{name} for an amount", "Line 2, column amount", amount=number)
    more("statements", f"{name} for what is stated", "Line 2, column stated", stated=number)
more("units", "its own superior", "Line 2, column parent", parent="new-cell")
more("units", "code that is there", "Line 2, column code", code="hill-river")
more("units", "unknown kind", "Line 2, column kind", kind="moon")
more("units", "outlives its superior", "Line 2", until="2030-01-01")
more("units", "ends before it begins", "Line 2, column until", until="2020-01-01")
more("accounts", "unknown role", "Line 2, column role", role="king")
more("accounts", "login of others' letters", "Line 2, column login", login="\u0430n-an")
more("accounts", "overlapping span", "Line 2", login="insider", name="Insider")
more("obligations", "overlapping span", "Line 2", unit="hill-school")
more("obligations", "unknown form", "Line 2, column form", form="moon")
more("returns", "unknown slot", "Line 2, column slot", slot="moons")
more("returns", "month that is submitted", "Line 2", period="2024-08")
more("targets", "set twice", "Line 2", period="2024")
more("reviews", "unknown section", "Line 2, column section", section="moon")
ring = [{**LOADERS["units"].row, "code": one, "parent": other} for one, other in (("r1", "r2"), ("r2", "r1"))]
SHEETS["units: a ring of two"] = BadSheet(LOADERS["units"], written(ring), "column parent")
half = [LOADERS["units"].row, {**LOADERS["units"].row, "code": "other", "kind": "moon"}]
SHEETS["units: the second line only"] = BadSheet(LOADERS["units"], written(half), "Line 3, column kind")

NAME = "INSERT INTO tree_unitname (unit_id, name, short, sort_key, search_key, illustrative, span)"
PLACED = "INSERT INTO tree_placement (unit_id, parent_id, span)"
SQL: dict[str, tuple[str, str]] = {
    "cycle": (
        "UPDATE tree_placement SET parent_id = {hill_school} WHERE unit_id = {north_hill}",
        "below itself",
    ),
    "below itself": (
        "UPDATE tree_placement SET parent_id = unit_id WHERE unit_id = {north_hill}",
        "tree_placement_not_below_itself",
    ),
    "two roots": (
        "UPDATE tree_placement SET parent_id = NULL WHERE unit_id = {north}",
        "tree_placement_one_root_at_a_time",
    ),
    "gap in names": ("DELETE FROM tree_unitname WHERE unit_id = {north}", "tree_unitname of unit"),
    "gap in kinds": ("DELETE FROM tree_unitkind WHERE unit_id = {north}", "tree_unitkind of unit"),
    "gap in superiors": ("DELETE FROM tree_placement WHERE unit_id = {north}", "tree_placement of unit"),
    "half a name": (
        "UPDATE tree_unitname SET span = '[2022-01-01,)' WHERE unit_id = {north}",
        "tree_unitname of unit",
    ),
    "two names on a day": (
        NAME + " VALUES ({north}, 'X', '', 'x', 'x', false, '[2021-01-01,2022-01-01)')",
        "tree_unitname_one_at_a_time",
    ),
    "two superiors on a day": (
        PLACED + " VALUES ({north}, {south}, '[2021-01-01,2022-01-01)')",
        "tree_placement_one_at_a_time",
    ),
    "superior that ends": (
        "UPDATE tree_unit SET lifetime = '[2020-01-01,2021-01-01)' WHERE id = {north_hill}",
        "tree_",
    ),
    "life without a day": ("UPDATE tree_unit SET lifetime = 'empty' WHERE id = {north}", "lives_a_day"),
    "code of a script": ("UPDATE tree_unit SET code = '<script>' WHERE id = {north}", "code_is_plain"),
    "unit of nothing": (
        PLACED + " VALUES (987654, {north}, '[2021-01-01,2022-01-01)')",
        "tree_placement",
    ),
    "ancestry by hand": ("DELETE FROM tree_ancestry", "permission denied"),
    "sums by hand": ("UPDATE figures_rollup SET month = month", "permission denied"),
    "journal changed": ("UPDATE journal_entry SET actor_label = 'x'", "permission denied"),
    "journal shortened": ("DELETE FROM journal_entry", "permission denied"),
    "version changed": ("UPDATE figures_version SET number = 9", "permission denied"),
    "step taken back": ("DELETE FROM figures_step", "permission denied"),
    "issued report changed": ("UPDATE reports_issuedreport SET code = 'x'", "permission denied"),
    "issued file emptied": ("UPDATE reports_issuedfile SET body = ''", "permission denied"),
    "target deleted": ("DELETE FROM targets_target", "permission denied"),
    "return of another unit": ("UPDATE figures_return SET unit_id = {north}", "never changed"),
    "return accepted at once": ("UPDATE figures_return SET state = 'accepted'", "violates check"),
    "return in no state": ("UPDATE figures_return SET state = 'lost'", "violates check"),
    "two statements": ("DELETE FROM access_grant; DROP TABLE access_grant", "must be owner"),
    "tables emptied": ("TRUNCATE access_grant", "permission denied"),
    "guards lifted": ("ALTER TABLE tree_placement DISABLE TRIGGER ALL", "must be owner"),
    "row security lifted": ("ALTER TABLE figures_return DISABLE ROW LEVEL SECURITY", "must be owner"),
    "another role": ("SET ROLE plenum_owner", "permission denied"),
    "a program": ("COPY access_grant TO PROGRAM 'cat'", "permission denied"),
    "a file": ("SELECT pg_read_file('/etc/passwd')", "permission denied"),
    "number beyond all": ("UPDATE tree_unit SET id = 1" + "0" * 40, "out of range"),
}
"""What the web role is refused when it bypasses the acts, and a word of the refusal."""

TOKENS = {
    "expired": "expired",
    "ended": "ended",
    "word": "secret",
    "blank": " ",
    "half": "plenum_0123456789abcdef_",
    "wrong secret": "plenum_0123456789abcdef_" + "x" * 43,
    "too long": "plenum_" + "x" * 8000,
    "SQL": "plenum_' OR 1=1 --_x",
    "a JSON web token without signature": "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
    "Latin letters with accents": "plenum_\u00e9\u00e9",
}
