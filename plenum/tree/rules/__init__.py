"""What the tree allows: pure functions on the facts of units and on days. They return findings, they change nothing.

The facts of a unit are a `Life`: its lifetime and three *strands* (names, kinds, places), each a sequence of values
that follow each other without gap or overlap. An act dated back changes a strand only until the next later change.
"""

from plenum.tree.rules.checks import (
    MOST_NAMED,
    check_alive,
    check_change,
    check_dissolution,
    check_founding,
    check_kind_change,
    check_kinds_around,
    check_lineage,
    check_move,
    check_place,
    check_reopening,
)
from plenum.tree.rules.lives import (
    Child,
    Held,
    Life,
    Name,
    Strand,
    change_strand,
    end_strand,
    held_from,
    life_without,
    reopen_strand,
    without_last,
)
from plenum.tree.rules.problems import Finding, Problem, Refused
from plenum.tree.rules.words import (
    CODE_PATTERN,
    LONGEST_CODE,
    LONGEST_NAME,
    Kinds,
    check_code,
    check_kind,
    check_name,
)

__all__ = [
    "CODE_PATTERN",
    "LONGEST_CODE",
    "LONGEST_NAME",
    "MOST_NAMED",
    "Child",
    "Finding",
    "Held",
    "Kinds",
    "Life",
    "Name",
    "Problem",
    "Refused",
    "Strand",
    "change_strand",
    "check_alive",
    "check_change",
    "check_code",
    "check_dissolution",
    "check_founding",
    "check_kind",
    "check_kind_change",
    "check_kinds_around",
    "check_lineage",
    "check_move",
    "check_name",
    "check_place",
    "check_reopening",
    "end_strand",
    "held_from",
    "life_without",
    "reopen_strand",
    "without_last",
]
