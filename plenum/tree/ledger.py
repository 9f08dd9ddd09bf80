"""The only writer of the tree. Every function waits for its turn, checks the rules, and writes, or raises `Refused`.

No power is asked for here: acts of `organisation` do that. `on` is the first day on which the change holds;
a change dated back holds until the next later change of the same sort.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models import Q

from plenum.periods import Span
from plenum.tree import queries, rules
from plenum.tree.fields import as_range
from plenum.tree.kinds import KINDS
from plenum.tree.models import Became, Lineage, Placement, Reshaped, Unit, UnitKind, UnitName
from plenum.tree.rules import Child, Finding, Held, Life, Name, Problem, Refused, Strand
from plenum.tree.sorting import search_key, sort_key
from plenum.tree.turn import take_turn

T = TypeVar("T")


@transaction.atomic
def found(
    *,
    code: str,
    name: str,
    kind: str,
    parent: Unit | None,
    on: date,
    short: str = "",
    until: date | None = None,
    illustrative: bool = False,
) -> Unit:
    """Found a unit that lives from `on` (up to but not including `until`, when that is known) under `parent`."""
    take_turn()
    if until is not None and until <= on:
        raise Refused([Finding(Problem.ENDS_BEFORE_IT_STARTS, "until", {"on": on})])
    life = Span(on, until)
    called = Name(name.strip(), short.strip(), illustrative)
    findings = rules.check_founding(
        KINDS,
        code=code,
        name=called,
        kind=kind,
        parent=queries.life(parent.pk) if parent else None,
        span=life,
        roots=[] if parent else _roots(life),
    )
    if Unit.objects.filter(code=code).exists():
        findings.append(Finding(Problem.CODE_TAKEN, "code", {"code": code}))
    _refuse(findings)
    unit = Unit.objects.create(code=code, lifetime=life)
    _name_row(unit.pk, Held(called, life)).save(force_insert=True)
    UnitKind.objects.create(unit=unit, kind=kind, span=life)
    Placement.objects.create(unit=unit, parent=parent, span=life)
    return unit


@transaction.atomic
def rename(unit: Unit, name: str, *, on: date, short: str = "") -> None:
    """Give a unit another name from `on`."""
    take_turn()
    life = queries.life(unit.pk)
    called = Name(name.strip(), short.strip())
    _refuse([*rules.check_name(called), *rules.check_change(life.names, life, called, on, "name")])
    _write_names(unit.pk, life.names, rules.change_strand(life.names, called, on))


@transaction.atomic
def correct_name(unit: Unit, name: str, *, on: date, short: str = "", illustrative: bool = False) -> None:
    """Correct how the name that holds on `on` is written, for all the days on which it holds."""
    take_turn()
    life = queries.life(unit.pk)
    called = Name(name.strip(), short.strip(), illustrative)
    findings = [*rules.check_name(called), *rules.check_alive(life, on)]
    held = next((held for held in life.names if on in held.span), None)
    if held is not None and held.value == called:
        findings.append(Finding(Problem.UNCHANGED, "name", {"on": held.span.start}))
    _refuse(findings)
    corrected = tuple(Held(called, h.span) if h == held else h for h in life.names)
    _write_names(unit.pk, life.names, corrected)


@transaction.atomic
def move(unit: Unit, parent: Unit, *, on: date) -> None:
    """Place a unit, with all that stands below it, under another parent from `on`."""
    take_turn()
    life = queries.life(unit.pk)
    below = queries.spans_below(unit.pk, parent.pk)
    _refuse(rules.check_move(KINDS, life, parent.pk, queries.life(parent.pk), on, below))
    _write_places(unit.pk, life.places, rules.change_strand(life.places, parent.pk, on))


@transaction.atomic
def change_kind(unit: Unit, kind: str, *, on: date) -> None:
    """Make a unit one of another kind from `on`."""
    take_turn()
    life = queries.life(unit.pk)
    parents = queries.lives({place.value for place in life.places if place.value is not None})
    _refuse(rules.check_kind_change(KINDS, life, kind, on, parents, _children(unit.pk)))
    _write_kinds(unit.pk, life.kinds, rules.change_strand(life.kinds, kind, on))


@transaction.atomic
def dissolve(unit: Unit, *, on: date) -> None:
    """End a unit: `on` is the first day on which it does not exist any more."""
    take_turn()
    life = queries.life(unit.pk)
    _refuse([*rules.check_dissolution(life, on, _children(unit.pk)), *_linked_later(unit.pk, on)])
    _write_life(unit, life, replace(
        life,
        span=Span(life.span.start, on),
        names=rules.end_strand(life.names, on),
        kinds=rules.end_strand(life.kinds, on),
        places=rules.end_strand(life.places, on),
    ))  # fmt: skip


@transaction.atomic
def reopen(unit: Unit) -> None:
    """Take back the dissolution of a unit: it lives on as it was on its last day, as long as its parent does."""
    take_turn()
    life = queries.life(unit.pk)
    parent_id = life.places[-1].value
    parent = queries.life(parent_id) if parent_id is not None else None
    after = None if life.span.end is None else Span(life.span.end)
    if life.span.end is not None and _went_on_by_reform(unit.pk, life.span.end):
        raise Refused([Finding(Problem.ENDED_BY_REFORM, "what", {"on": life.span.end})])
    _refuse(rules.check_reopening(KINDS, life, parent, _roots(after) if after and parent is None else []))
    until = parent.span.end if parent is not None else None
    _write_life(unit, life, replace(
        life,
        span=Span(life.span.start, until),
        names=rules.reopen_strand(life.names, until),
        kinds=rules.reopen_strand(life.kinds, until),
        places=rules.reopen_strand(life.places, until),
    ))  # fmt: skip


@transaction.atomic
def take_back(unit: Unit, what: Strand) -> None:
    """Take back the last change of a unit's name, kind or parent: what held before it holds on."""
    take_turn()
    life = queries.life(unit.pk)
    before = rules.life_without(life, what)
    if before is None:
        raise Refused([Finding(Problem.NOTHING_TO_TAKE_BACK, "what")])
    _refuse(_against_taking_back(unit.pk, life, before, what))
    _write_life(unit, life, before)


@transaction.atomic
def link(predecessor: Unit, successor: Unit, *, on: date, how: str = Became.SUCCEEDED) -> Lineage:
    """Say that one unit went on in another from `on`."""
    take_turn()
    known = Lineage.objects.filter(predecessor=predecessor, successor=successor).exists()
    lives = queries.lives([predecessor.pk, successor.pk])
    _refuse(rules.check_lineage(lives[predecessor.pk], lives[successor.pk], on, known))
    return Lineage.objects.create(predecessor=predecessor, successor=successor, on_date=on, how=how)


def _against_taking_back(unit_id: int, life: Life, before: Life, what: Strand) -> list[Finding]:
    """What speaks against an earlier kind or parent holding on: a parent that is gone, a cycle, other kinds."""
    if what is Strand.NAME:
        return []
    if what is Strand.KIND:
        last = life.kinds[-1].span
        parents = queries.lives({place.value for place in life.places if place.value is not None})
        kind = before.kinds[-1].value
        return rules.check_kinds_around(KINDS, life, kind, last, parents, _children(unit_id))
    last, parent_id = life.places[-1].span, before.places[-1].value
    if parent_id is None:
        return [
            Finding(Problem.ROOT_EXISTS, "what", {"code": root.code, "on": root.span.start})
            for root in _roots(last)
        ]
    parent = queries.life(parent_id)
    if any(span.overlaps(last) for span in queries.spans_below(unit_id, parent_id)):
        return [Finding(Problem.BELOW_ITSELF, "what", {"code": parent.code})]
    return rules.check_place(KINDS, life.kinds, parent, last, field="what")


def _linked_later(unit_id: int, on: date) -> list[Finding]:
    """What goes on in others later, or takes over from others, has to live until then."""
    goes_on, takes_over = Q(predecessor=unit_id, on_date__gt=on), Q(successor=unit_id, on_date__gte=on)
    link = Lineage.objects.filter(goes_on | takes_over).order_by("-on_date").first()
    return [Finding(Problem.CHANGED_LATER, "since", {"on": link.on_date})] if link else []


def _went_on_by_reform(unit_id: int, end: date) -> bool:
    """Whether a reform says in whom a unit that has ended went on; then that one has what was its own."""
    linked = Reshaped.objects.filter(
        unit=unit_id, what="linked", reshaping__on_date=end, reshaping__undone=False
    )
    return linked.exists()


def _refuse(findings: Sequence[Finding]) -> None:
    if findings:
        raise Refused(findings)


def _roots(span: Span) -> list[Life]:
    places = Placement.objects.filter(parent=None, span__overlap=span)
    return list(queries.lives(places.values_list("unit_id", flat=True)).values())


def _children(unit_id: int) -> list[Child]:
    places = list(Placement.objects.filter(parent=unit_id).values_list("unit_id", "span"))
    lives = queries.lives({child_id for child_id, _span in places})
    return [Child(lives[child_id], span) for child_id, span in places]


def _write_life(unit: Unit, old: Life, new: Life) -> None:
    if new.span != old.span:
        Unit.objects.filter(pk=unit.pk).update(lifetime=new.span)
        unit.lifetime = new.span
    _write_names(unit.pk, old.names, new.names)
    _write_kinds(unit.pk, old.kinds, new.kinds)
    _write_places(unit.pk, old.places, new.places)


def _write_names(unit_id: int, old: Sequence[Held[Name]], new: Sequence[Held[Name]]) -> None:
    _write_strand(UnitName, unit_id, old, [(held, _name_row(unit_id, held)) for held in new])


def _write_kinds(unit_id: int, old: Sequence[Held[str]], new: Sequence[Held[str]]) -> None:
    rows = [(held, UnitKind(unit_id=unit_id, kind=held.value, span=held.span)) for held in new]
    _write_strand(UnitKind, unit_id, old, rows)


_WRITE_PLACES = """
    WITH gone AS (
        DELETE FROM tree_placement WHERE unit_id = %(unit)s AND lower(span) = ANY (%(gone)s) RETURNING id
    ), resized AS (
        UPDATE tree_placement SET span = target.span
        FROM unnest(%(resized)s::daterange[]) AS target(span)
        WHERE unit_id = %(unit)s AND lower(tree_placement.span) = lower(target.span)
          AND (SELECT count(*) FROM gone) >= 0
        RETURNING id
    )
    INSERT INTO tree_placement (unit_id, parent_id, span)
    SELECT %(unit)s, fresh.parent_id, fresh.span
    FROM unnest(%(parents)s::bigint[], %(spans)s::daterange[]) AS fresh(parent_id, span)
    WHERE (SELECT count(*) FROM resized) >= 0
"""


def _write_places(unit_id: int, old: Sequence[Held[int | None]], new: Sequence[Held[int | None]]) -> None:
    """Write what differs in one statement, so that ancestry passes from the old tree to the new at once.

    The counts keep the order: away, then resized, then new; otherwise spans would overlap for a moment.
    """
    stored = {held.span.start: held for held in old}
    wanted = {held.span.start: held.value for held in new}
    fresh = [
        held for held in new if held.span.start not in stored or stored[held.span.start].value != held.value
    ]
    gone = [held.span.start for held in old if wanted.get(held.span.start, ...) != held.value]
    resized = [held.span for held in new if held not in fresh and stored[held.span.start].span != held.span]
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE_PLACES,
            {
                "unit": unit_id,
                "gone": gone,
                "resized": [as_range(span) for span in resized],
                "parents": [held.value for held in fresh],
                "spans": [as_range(held.span) for held in fresh],
            },
        )


def _write_strand(
    model: type[models.Model], unit_id: int, old: Sequence[Held[T]], new: Sequence[tuple[Held[T], Any]]
) -> None:
    """Write only what differs: away with what no longer holds, cut before stretch, then in with what is new.

    A value that begins as before is cut or stretched in place, so that unchanged ancestry stays as it is.
    """
    table: Any = model
    rows = table._default_manager
    wanted = {held.span.start: held for held, _row in new}
    stretched: list[Held[T]] = []
    for held in old:
        target = wanted.get(held.span.start)
        at = rows.filter(unit_id=unit_id, span__startswith=held.span.start)
        if target is None or target.value != held.value:
            at.delete()
        elif held.span.covers(target.span):
            if target.span != held.span:
                at.update(span=target.span)
        else:
            stretched.append(target)
    for target in stretched:
        rows.filter(unit_id=unit_id, span__startswith=target.span.start).update(span=target.span)
    stored = {held.span.start: held.value for held in old}
    rows.bulk_create([row for held, row in new if stored.get(held.span.start, ...) != held.value])


def _name_row(unit_id: int, held: Held[Name]) -> UnitName:
    return UnitName(
        unit_id=unit_id,
        name=held.value.full,
        short=held.value.short,
        sort_key=sort_key(held.value.full),
        search_key=search_key(f"{held.value.full} {held.value.short}"),
        illustrative=held.value.illustrative,
        span=held.span,
    )
