"""Bad input for the pages and the API: what is sent, and which field the answer must name."""

from dataclasses import dataclass
from typing import Any

from tests.api.samples import SAMPLES

UNIT = "/units/hill-school"
RETURN = f"{UNIT}/returns/grassroots-monthly/2024-09/"


@dataclass(frozen=True)
class Typed:
    """What a person types into a page, and the field at which the page must say what is wrong."""

    who: str
    page: str
    fields: dict[str, str]
    field: str


NO_COUNTS = {
    "letters": "abc",
    "infinite": "1e309",
    "forty digits": "1" + "0" * 40,
    "too large by one": "1000000000000000",
    "five thousand digits": "9" * 5000,
    "below zero": "-1",
    "fraction": "1.5",
    "formula": "=1+1",
    "command of a sheet": "@SUM(A1)",
    "NUL": "1\0",
    "Arabic digits": "\u0661\u0662",
    "full-width digits": "\uff11\uff12",
    "superscript": "\u00b2",
    "not a number": "NaN",
    "script": "<script>alert(1)</script>",
    "SQL": "1; DROP TABLE figures_return",
    "hexadecimal": "0x10",
    "underscore": "1_000",
    "right to left": "\u202e12",
}
COUNTED = ("members_admitted", "members_total", "admitted_women", "organisations_founded_private")

NO_DAYS = {
    "word": "yesterday",
    "no such day": "2024-02-30",
    "month thirteen": "2024-13-01",
    "year zero": "0000-01-01",
    "year ten thousand": "10000-01-01",
    "NUL": "2024-01-01\0",
    "formula": "=TODAY()",
    "before the unit": "1800-01-01",
}
NO_NAMES = {"empty": "", "blank": " \u00a0 ", "NUL": "Chi\0bộ", "too long": "x" * 1000}
NO_CHOICES = {"unknown": "moon", "NUL": "cell\0", "script": "<script>", "SQL": "' OR 1=1 --", "number": "7"}

TARGET = {
    "indicator": "members.admitted",
    "period": "2024-H1",
    "comparison": "at_least",
    "amount": "7",
    "basis": "",
}
STATEMENT = {
    "indicator": "members.admitted",
    "period": "2024",
    "what": "value",
    "stated": "12.5",
    "said_unit": "count",
    "source": "A report",
}
GRANT = {"login": "sibling", "role": "secretary", "start": "2024-10-08"}
DOCUMENT = {"kind": "decision", "number": "77", "date": "2024-02-01", "title": "T", "issuing_body": "X"}

PAGES: dict[str, Typed] = {}


def typed(who: str, page: str, good: dict[str, str], field: str, values: dict[str, str]) -> None:
    """One case for every bad value of a field, the rest being right."""
    for name, value in values.items():
        PAGES[f"{page[7:24]} {field}: {name}"] = Typed(who, page, {**good, field: value}, field)


for counted in COUNTED:
    typed("insider", RETURN, {"edition": "0", "remark": ""}, counted, NO_COUNTS)
typed("insider", RETURN, {"remark": ""}, "edition", {"word": "x", "below zero": "-1", "missing": ""})
typed("insider", RETURN, {"edition": "0"}, "remark", {"NUL": "a\0", "too long": "x" * 2001})
for field in ("amount",):
    typed(
        "superior",
        f"{UNIT}/targets/set/",
        TARGET,
        field,
        {
            name: NO_COUNTS[name]
            for name in ("letters", "infinite", "forty digits", "NUL", "not a number", "formula")
        },
    )
typed("superior", f"{UNIT}/targets/set/", TARGET, "comparison", NO_CHOICES)
typed("superior", f"{UNIT}/targets/set/", TARGET, "indicator", NO_CHOICES)
typed(
    "superior",
    f"{UNIT}/targets/set/",
    TARGET,
    "period",
    {**NO_CHOICES, "month": "2024-13", "half": "2024-H3"},
)
typed(
    "superior",
    f"{UNIT}/statements/record/",
    STATEMENT,
    "stated",
    {
        name: NO_COUNTS[name]
        for name in ("letters", "infinite", "forty digits", "not a number", "formula", "script")
    },
)
typed("superior", f"{UNIT}/statements/record/", STATEMENT, "said_unit", NO_CHOICES)
typed("superior", f"{UNIT}/rename/", {"since": "2024-10-08"}, "name", NO_NAMES)
typed("superior", f"{UNIT}/rename/", {"name": "Chi bộ Khác"}, "since", NO_DAYS)
typed("superior", f"{UNIT}/change-kind/", {"since": "2024-10-08"}, "kind", NO_CHOICES)
typed("superior", f"{UNIT}/dissolve/", {}, "since", NO_DAYS)
typed("superior", f"{UNIT}/grants/", GRANT, "role", NO_CHOICES)
typed(
    "superior",
    f"{UNIT}/grants/",
    GRANT,
    "login",
    {"unknown": "nobody-here", "NUL": "sib\0ling", "SQL": "' OR 1=1 --"},
)
typed("superior", f"{UNIT}/grants/", GRANT, "start", NO_DAYS)


@dataclass(frozen=True)
class Sent:
    """What a program sends: an operation with one part of its body changed, and what the problem must name."""

    operation: str
    body: Any
    field: str
    status: int = 422


NO_TEXTS: dict[str, Any] = {
    "number": 5,
    "null": None,
    "list": ["x"],
    "object": {"a": 1},
    "true": True,
    "NUL": "a\0b",
    "half a character": "\ud800",
    "huge": "x" * 200_000,
}
NO_NUMBERS: dict[str, Any] = {
    "word": "seven",
    "null": None,
    "list": [7],
    "object": {},
    "huge": 10**40,
    "infinite": 1e308,
    "formula": "=1+1",
    "true": True,
}
NO_WHOLES = {**NO_NUMBERS, "fraction": 1.5, "below zero": -1}
NO_DATES: dict[str, Any] = {
    "number": 20240101,
    "word": "yesterday",
    "no such day": "2024-02-30",
    "with time": "2024-01-01T00:00:00Z",
    "null in a list": [None],
}
REQUESTS: dict[str, Sent] = {}


def sent(operation: str, field: str, values: dict[str, Any]) -> None:
    """One case for every bad value of a field of the body."""
    for name, value in values.items():
        body = {**SAMPLES[operation].body, field: value}
        REQUESTS[f"{operation} {field}: {name}"] = Sent(operation, body, field)


sent("rename_unit", "name", NO_TEXTS)
sent("rename_unit", "since", NO_DATES)
sent("dissolve_unit", "since", NO_DATES)
sent("found_unit", "kind", {**NO_TEXTS, "unknown": "moon"})
sent("change_kind", "kind", {"unknown": "moon", "number": 5})
sent(
    "move_unit",
    "parent",
    {"unknown": "no-such-unit", "unreachable": "south-coast", "number": 5, "itself": "hill-school"},
)
sent("set_target", "amount", NO_NUMBERS)
sent("set_target", "period", {"word": "never", "number": 2024, "half": "2024-H3"})
sent("set_target", "comparison", {"unknown": "about", "null": None})
sent("set_target", "indicator", {"unknown": "none", "object": {}})
sent("record_statement", "stated", NO_NUMBERS)
sent("record_statement", "said_unit", {"unknown": "litres", "number": 1})
sent("grant_powers", "start", NO_DATES)
sent("grant_powers", "role", {"unknown": "king", "number": 1})
sent("grant_powers", "login", {"unknown": "nobody-here", "list": []})
sent("end_grant", "even_if_last", {"word": "perhaps", "object": {}})
sent("oblige_unit", "schedule", {"unknown": "fortnight", "number": 1})
sent("withdraw_target", "reason", NO_TEXTS)
for operation in ("rename_unit", "set_target", "grant_powers", "save_draft"):
    sent(operation, "not_a_field", {"unknown": 1})
sent("save_draft", "edition", NO_WHOLES)
sent("save_draft", "figures", {"list": [], "word": "x", "null": None})
for name, value in NO_WHOLES.items():
    if value is not None:
        REQUESTS[f"save_draft figures.members_admitted: {name}"] = Sent(
            "save_draft", {"figures": {"members_admitted": value}, "edition": 0}, "members_admitted"
        )
REQUESTS["save_draft figures: unknown slot"] = Sent("save_draft", {"figures": {"moons": 1}, "edition": 0}, "")

NO_BODIES: dict[str, tuple[Any, int]] = {
    "open bracket": (b"{", 400),
    "broken UTF-8": (b'{"name": "\xff\xfe"}', 400),
    "deep": (b"[" * 100_000, 400),
    "not a number": (b'{"name": NaN}', 422),
    "a list": ([], 422),
    "a word": ("name", 422),
    "a number": (7, 422),
    "null": (b"null", 422),
    "empty": (b"", 422),
    "a form": (b"name=x", 400),
    "five megabytes": (b'{"name": "' + b"x" * 5_000_000 + b'"}', 413),
    "a bomb": (b"PK\x03\x04" + b"\0" * 1000, 400),
}
"""Whole bodies that are none, with the status."""

NO_QUERIES: dict[str, int] = {
    "as_of=monday": 400,
    "as_of=2024-02-30": 400,
    "as_of=%00": 400,
    "known_on=1-1-1": 400,
    "as_of=99999-01-01": 400,
    "limit=0": 422,
    "limit=1e9": 422,
    "limit=-1": 422,
    "offset=x": 422,
    "offset=-1": 422,
    "period=%ff%fe": 400,
    "q=%00": 422,
    "kind=" + "x" * 5000: 422,
}
"""What may not stand behind the question mark, with the status."""
