"""Reforms, what their rehearsals find, and the work after them, as the API answers."""

from typing import Any, Literal, TypedDict


class AskedUnit(TypedDict):
    """A unit that has to approve; `on` is None until it has.

    `by_nobody`: nobody at the unit may approve now; `said` is then what to do.
    """

    unit: str
    on: str | None
    by: str
    by_nobody: bool
    said: str


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
    """A reform with its plan, as a plan is written; `document` is the registered document that is its legal basis."""

    document: int | None
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
    """What a rehearsal has found; `digest` is what an execution has to come to. `objects_hidden`: not reached.

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
    objects_hidden: int


class Side(TypedDict):
    """A unit as it stands on one side: before the reform or after it."""

    name: str
    kind: str
    parent: str
    parent_code: str


class Heir(TypedDict):
    """Who goes on with a unit that ends, with which share of it, as 1/3."""

    code: str
    name: str
    share: str


class UnitDifference(TypedDict):
    """A unit before and after. `fate` is founded, merged, split, dissolved, moved or changes; a side can be None."""

    code: str
    fate: str
    before: Side | None
    after: Side | None
    heirs: list[Heir]


class FigureDifference(TypedDict):
    """One indicator of a unit: counts, or for a ratio percentages as text; None where nothing is known.

    `difference`: of counts as a number, of ratios in percentage points as text. `estimated`: reckoned by a share.
    """

    unit: str
    name: str
    indicator: str
    before: int | str | None
    after: int | str | None
    difference: int | str | None
    estimated: bool


class AccountDifference(TypedDict):
    """One grant: how many units it reaches before and after. `decided`: false while that is only proposed."""

    subject: str
    account: str
    role: str
    unit: str
    name: str
    reaches: int
    will_reach: int
    decided: bool
    text: str


class Posts(TypedDict):
    """A unit with its heads of now (None: not known) and its posts afterwards."""

    unit: str
    name: str
    heads: int | None
    posts: int
    change_percent: str | None
    estimated: bool


class Payroll(TypedDict):
    """Posts against a target. Percentages are text; `points_from_target` are percentage points, at most 0 when met."""

    indicator: str
    period: str
    year: int
    heads: int
    posts: int
    change_percent: str | None
    target_percent: str
    points_from_target: str | None
    met: bool | None
    rows: list[Posts]
    without_figure: list[str]
    without_posts: list[str]


class Size(TypedDict):
    """A unit that would be too small or too large for its kind."""

    unit: str
    name: str
    kind: str
    size: int
    fewest: int | None
    most: int | None
    estimated: bool
    source: str
    text: str


class ReformDifference(TypedDict):
    """Everything that would be otherwise, with sentences that say what is estimated, bounded or not known."""

    units: list[UnitDifference]
    units_count: int
    period: str | None
    figures: list[FigureDifference]
    not_conserved: list[str]
    accounts: list[AccountDifference]
    payroll: Payroll | None
    sizes: list[Size]
    said: list[str]


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


class WorkProgress(TypedDict):
    """How much of its work after reforms a unit has done; `state` is todo, current or done."""

    unit: str
    unit_name: str
    done: int
    of: int
    state: str
