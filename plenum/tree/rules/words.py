"""What codes, names and kinds must be, whichever unit they are for."""

from datetime import date
from typing import Protocol

from plenum.tree.rules.lives import Name
from plenum.tree.rules.problems import Finding, Problem

CODE_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST_CODE = 80
LONGEST_NAME = 300


class Kinds(Protocol):
    """What the rules need to know of a rule pack."""

    def knows(self, kind: str) -> bool: ...
    def holds(self, kind: str, on: date) -> bool: ...
    def may_stand_under(self, kind: str, parent_kind: str | None, on: date) -> bool: ...


def check_code(code: str) -> list[Finding]:
    if len(code) > LONGEST_CODE or not _plain(code):
        return [Finding(Problem.CODE_NOT_PLAIN, "code", {"code": code, "most": LONGEST_CODE})]
    return []


def check_name(name: Name) -> list[Finding]:
    if not name.full.strip():
        return [Finding(Problem.NAME_MISSING, "name")]
    return [
        Finding(Problem.NAME_TOO_LONG, where, {"most": LONGEST_NAME})
        for where, text in (("name", name.full), ("short", name.short))
        if len(text) > LONGEST_NAME
    ]


def check_kind(kinds: Kinds, kind: str, on: date) -> list[Finding]:
    """Whether the pack has the kind, and whether it holds on the day of the act."""
    if not kinds.knows(kind):
        return [Finding(Problem.KIND_UNKNOWN, "kind", {"kind": kind})]
    if not kinds.holds(kind, on):
        return [Finding(Problem.KIND_NOT_IN_FORCE, "kind", {"kind": kind, "on": on})]
    return []


def _plain(code: str) -> bool:
    parts = code.split("-")
    return all(part and part.isascii() and part.isalnum() and part == part.lower() for part in parts)
