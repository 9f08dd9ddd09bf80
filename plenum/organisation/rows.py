"""Units and the journal as programs read them: the same on the command line and in the API."""

from collections.abc import Container, Iterable
from datetime import date, datetime

from typing_extensions import TypedDict

from plenum.journal.actor import Actor
from plenum.journal.wording import actor_name
from plenum.organisation.queries import JournalLine, Node, edition_of, in_reach
from plenum.periods import Span
from plenum.tree import queries
from plenum.tree.models import Unit
from plenum.tree.queries import Descent, HistoryEvent, Hit, Relative, UnitView

SpanRow = TypedDict("SpanRow", {"from": date, "until": date | None})


class UnitRow(TypedDict):
    """A unit as it was on the day looked at; `until` is the first day without it.

    `parent` is null above the highest unit that the reader may see.
    """

    code: str
    name: str
    short: str
    kind: str
    parent: str | None
    span: SpanRow
    illustrative: bool


class KinRow(TypedDict):
    """A unit by its name; without its code if it is out of reach."""

    code: str | None
    name: str


class FoundUnit(UnitRow):
    """A unit in a list; `found_as` is the earlier name by which a search has found it.

    `became`: the units that go on with it on the day looked at, if it has ended by then.
    """

    found_as: str | None
    became: list[KinRow]


class NameRow(TypedDict):
    """A name and the days on which the unit was called so."""

    name: str
    short: str
    span: SpanRow


class KindRow(TypedDict):
    """A kind and the days on which the unit was of it."""

    kind: str
    span: SpanRow


class RelativeRow(TypedDict):
    """A unit that went on in this one, or in which this one went on; without its code if it is out of reach."""

    code: str | None
    name: str
    on: date
    how: str


class LineageRow(TypedDict):
    """Where a unit came from and what became of it."""

    predecessors: list[RelativeRow]
    successors: list[RelativeRow]


class DescentUnitRow(KinRow):
    """A unit of a lineage, with the days of its life; `number` is how its bonds name it."""

    number: int
    span: SpanRow


class BondRow(TypedDict):
    """A unit that went on in another from a day; `by` says by what its past was divided, null if it was not."""

    predecessor: int
    successor: int
    on: date
    how: str
    share: str
    by: str | None


class DescentRow(TypedDict):
    """All that a unit came from and went on in, over all reforms; `cut` if there are more than are told."""

    units: list[DescentUnitRow]
    bonds: list[BondRow]
    cut: bool


class EventRow(TypedDict):
    """Something that happened to a unit."""

    on: date
    what: str
    before: str | None
    after: str | None
    unit: str | None


class WholeUnit(UnitRow):
    """A unit with all that is known of it over time; `edition` is another one after each act on it."""

    edition: str
    alive: bool
    names: list[NameRow]
    kinds: list[KindRow]
    lineage: LineageRow
    history: list[EventRow]


class CountRow(TypedDict):
    """How many units of a kind stand below."""

    kind: str
    name: str
    count: int


class ChildRow(TypedDict):
    """A unit below another on the day looked at; its code is null if it has left the reach of the reader since."""

    code: str | None
    name: str
    short: str
    kind: str
    parent: str | None
    span: SpanRow
    illustrative: bool
    in_reach: bool


class NodeRow(ChildRow):
    """A unit of the tree; `children` is null while it is closed."""

    kind_name: str
    below: list[CountRow]
    children: "list[NodeRow] | None"


class ChangeRow(TypedDict):
    """One thing that an act changed, in the words of the reader; `before` is empty when there was nothing."""

    field: str
    before: str
    after: str


class JournalRow(TypedDict):
    """One act in the journal."""

    number: int
    unit: str | None
    act: str
    act_name: str
    power: str | None
    by: str
    on: date
    recorded_at: datetime
    subject: str
    changes: list[ChangeRow]
    hash: str


def span_row(span: Span) -> SpanRow:
    """A span of days; `until` is the first day after it."""
    return {"from": span.start, "until": span.end}


def seen_above(views: Iterable[UnitView], actor: Actor, today: date) -> set[int]:
    """Which of the units directly above some the actor may see. One query."""
    return in_reach(actor, today, {view.parent_id for view in views if view.parent_id is not None})


def unit_row(view: UnitView, seen: Container[int]) -> UnitRow:
    """A unit as on a day; `seen`: the units whose codes the reader may know, at least among those above it."""
    return {
        "code": view.code,
        "name": view.name,
        "short": view.short,
        "kind": view.kind,
        "parent": view.parent_code if view.parent_id in seen else None,
        "span": span_row(view.span),
        "illustrative": view.illustrative,
    }


def listed_unit(view: UnitView, seen: Container[int]) -> FoundUnit:
    """A unit in a list that was not searched."""
    return {**unit_row(view, seen), "found_as": None, "became": []}


def found_unit(hit: Hit, seen: Container[int]) -> FoundUnit:
    """A unit that a search has found, and what became of it; `seen` as `seen_with` says."""
    return {
        **unit_row(hit.unit, seen),
        "found_as": hit.name if hit.is_old else None,
        "became": [{"code": heir.code if heir.id in seen else None, "name": heir.name} for heir in hit.heirs],
    }


def seen_with(hits: Iterable[Hit], actor: Actor, today: date) -> set[int]:
    """Which of the units directly above what was found, and of those that go on with it, the actor may see."""
    asked: set[int] = set()
    for hit in hits:
        asked |= {heir.id for heir in hit.heirs}
        asked |= {hit.unit.parent_id} if hit.unit.parent_id is not None else set()
    return in_reach(actor, today, asked)


def descent_row(kin: Descent, actor: Actor, today: date) -> DescentRow:
    """The lineage of a unit over all reforms, the oldest units first."""
    units = sorted(kin.units, key=lambda unit: (unit.span.start, unit.sort_key, unit.code))
    number = {unit.id: place for place, unit in enumerate(units, start=1)}
    seen = in_reach(actor, today, number)
    return {
        "units": [
            {
                "number": number[unit.id],
                "code": unit.code if unit.id in seen else None,
                "name": unit.name,
                "span": span_row(unit.span),
            }
            for unit in units
        ],
        "bonds": [
            {
                "predecessor": number[bond.predecessor_id],
                "successor": number[bond.successor_id],
                "on": bond.on,
                "how": bond.how,
                "share": str(bond.share),
                "by": bond.by or None,
            }
            for bond in kin.bonds
        ],
        "cut": kin.cut,
    }


def whole_unit(unit: Unit, as_of: date, actor: Actor, today: date) -> WholeUnit:
    """A unit with its names, kinds, lineage and history, as the actor may know it today."""
    view = queries.unit_view(unit, as_of)
    life = queries.life(unit.pk)
    relatives = queries.lineage(unit.pk, as_of)
    events = queries.history(unit.pk)
    near = {each.unit.id for each in (*relatives.predecessors, *relatives.successors)}
    near |= {event.unit.id for event in events if event.unit}
    near |= {view.parent_id} if view.parent_id is not None else set()
    seen = in_reach(actor, today, near)
    return {
        **unit_row(view, seen),
        "edition": edition_of(life),
        "alive": view.alive,
        "names": [
            {
                "name": held.value.full,
                "short": held.value.short or held.value.full,
                "span": span_row(held.span),
            }
            for held in life.names
        ],
        "kinds": [{"kind": held.value, "span": span_row(held.span)} for held in life.kinds],
        "lineage": {
            "predecessors": [_relative(each, seen) for each in relatives.predecessors],
            "successors": [_relative(each, seen) for each in relatives.successors],
        },
        "history": [event_row(event, seen) for event in events],
    }


def event_row(event: HistoryEvent, seen: Container[int]) -> EventRow:
    """One event of a unit's history."""
    return {
        "on": event.on,
        "what": event.what.value,
        "before": event.before or None,
        "after": event.after or None,
        "unit": event.unit.code if event.unit and event.unit.id in seen else None,
    }


def child_row(view: UnitView, seen: Container[int]) -> ChildRow:
    """A unit below another; `seen`: the units whose codes the reader may know, at least of itself and that above it."""
    known = view.id in seen
    return {**unit_row(view, seen), "code": view.code if known else None, "in_reach": known}


def node_row(node: Node, seen: Container[int]) -> NodeRow:
    """A unit of the tree browser with what is open below it; `seen`: the units above the highest of them."""
    known = {node.view.id} if node.in_reach else set()
    above = {each for each in (node.view.parent_id,) if each is not None and each in seen}
    return {
        **child_row(node.view, known | above),
        "kind_name": node.kind_name,
        "below": [{"kind": each.kind, "name": each.name, "count": each.count} for each in node.below],
        "children": None if node.children is None else [node_row(child, known) for child in node.children],
    }


def journal_row(line: JournalLine) -> JournalRow:
    """One line of the journal."""
    entry = line.entry
    return {
        "number": entry.pk,
        "unit": line.unit.code if line.unit else None,
        "act": entry.act,
        "act_name": line.act,
        "power": entry.power or None,
        "by": actor_name(entry.actor_label),
        "on": entry.on_date,
        "recorded_at": entry.recorded_at,
        "subject": line.subject,
        "changes": [
            {"field": each.field, "before": each.before, "after": each.after} for each in line.changes
        ],
        "hash": entry.hash,
    }


def _relative(each: Relative, seen: Container[int]) -> RelativeRow:
    code = each.unit.code if each.unit.id in seen else None
    return {"code": code, "name": each.unit.name, "on": each.on_date, "how": each.how}
