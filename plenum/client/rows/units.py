"""Units and the journal, as the API answers."""

from typing import TypedDict

Span = TypedDict(
    "Span",
    {
        "from": str,
        "until": str | None,
    },
)
"""A span of days; `until` is the first day after it."""


class Unit(TypedDict):
    """A unit as it was on the day looked at; `until` is the first day without it.

    `parent` is None above the highest unit that the reader may see.
    """

    code: str
    name: str
    short: str
    kind: str
    parent: str | None
    span: Span
    illustrative: bool


class Kin(TypedDict):
    """A unit by its name; without its code if it is out of reach."""

    code: str | None
    name: str


class FoundUnit(Unit):
    """A unit in a list; `found_as` is the earlier name by which it was found, `became` what goes on with it."""

    found_as: str | None
    became: list[Kin]


class Name(TypedDict):
    """A name and the days on which the unit was called so."""

    name: str
    short: str
    span: Span


class Kind(TypedDict):
    """A kind and the days on which the unit was of it."""

    kind: str
    span: Span


class Relative(TypedDict):
    """A unit that went on in this one, or in which this one went on; without its code if it is out of reach."""

    code: str | None
    name: str
    on: str
    how: str


class Lineage(TypedDict):
    """Where a unit came from and what became of it."""

    predecessors: list[Relative]
    successors: list[Relative]


class DescentUnit(Kin):
    """A unit of a lineage, with the days of its life; `number` is how its bonds name it."""

    number: int
    span: Span


class Bond(TypedDict):
    """A unit that went on in another from a day; `by` says by what its past was divided, None if it was not."""

    predecessor: int
    successor: int
    on: str
    how: str
    share: str
    by: str | None


class Descent(TypedDict):
    """All that a unit came from and went on in, over all reforms; `cut` if there are more than are told."""

    units: list[DescentUnit]
    bonds: list[Bond]
    cut: bool


class Event(TypedDict):
    """Something that happened to a unit."""

    on: str
    what: str
    before: str | None
    after: str | None
    unit: str | None


class WholeUnit(Unit):
    """A unit with all that is known of it over time; `edition` is another one after each act on it."""

    edition: str
    alive: bool
    names: list[Name]
    kinds: list[Kind]
    lineage: Lineage
    history: list[Event]


class Count(TypedDict):
    """How many units of a kind stand below."""

    kind: str
    name: str
    count: int


class Child(TypedDict):
    """A unit below another on the day looked at; its code is None if it has left the reach of the reader since."""

    code: str | None
    name: str
    short: str
    kind: str
    parent: str | None
    span: Span
    illustrative: bool
    in_reach: bool


class Node(Child):
    """A unit of the tree; `children` is None while it is closed."""

    kind_name: str
    below: list[Count]
    children: "list[Node] | None"


class Change(TypedDict):
    """One thing that an act changed, in the words of the reader; `before` is empty when there was nothing."""

    field: str
    before: str
    after: str


class JournalEntry(TypedDict):
    """One act in the journal."""

    number: int
    unit: str | None
    act: str
    act_name: str
    power: str | None
    by: str
    on: str
    recorded_at: str
    subject: str
    changes: list[Change]
    hash: str
