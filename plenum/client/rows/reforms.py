"""Reforms, what their rehearsals find, and the work after them, as the API answers."""

from typing import Any, Literal, TypedDict


class AskedUnit(TypedDict):
    """A unit that has to approve; `on` is None until it has."""

    unit: str
    on: str | None
    by: str


class Reform(TypedDict):
    """A reform; `on` is the first day on which it holds, `edition` another one after each change of the plan."""

    number: int
    code: str
    title: str
    on: str
    owner: str
    basis: str
    state: Literal["draft", "submitted", "approved", "executed", "undone"]
    edition: int
    rehearsed: bool
    asked: list[AskedUnit]
    executed_on: str | None
    digest: str


class WholeReform(Reform):
    """A reform with its plan, as a plan is written."""

    plan: dict[str, Any]


class PlanFinding(TypedDict):
    """What speaks against a plan, or should be seen; `step` counts from 1, and is None for the plan as a whole."""

    problem: str
    step: int | None
    unit: str
    blocks: bool
    text: str


class Choice(TypedDict):
    """What can be decided, as a code and in words."""

    choice: str
    text: str


class OpenObject(TypedDict):
    """Something that nobody would have; `decided` is None until it is."""

    of: str
    becomes: str
    title: str
    subject: str
    label: str
    choices: list[Choice]
    proposal: str
    decided: str | None
    decided_text: str


class Rehearsal(TypedDict):
    """What a rehearsal has found; `digest` is what an execution has to come to.

    `kinds`: units of each kind before and after; `changes`: how many units are founded, ended, moved and so on.
    """

    digest: str
    tree_digest: str
    blocking: int
    open_objects: int
    undecided: int
    changes: dict[str, int]
    kinds: dict[str, list[int]]
    asked: list[str]
    findings: list[PlanFinding]
    objects: list[OpenObject]


class Work(TypedDict):
    """Something that a unit has to look at after a reform; `done_on` is None until it has."""

    number: int
    reform: str
    unit: str
    what: str
    text: str
    about: str
    note: str
    done_on: str | None
