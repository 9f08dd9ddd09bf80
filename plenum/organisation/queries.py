"""What the pages of units show: the tree from where a person stands, groups of sub-units, journal lines."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import chain, count
from typing import Any

from django.db.models import Exists, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import get_language

from plenum.access.powers import Power
from plenum.access.powers import label_of as power_label
from plenum.access.reach import reachable, running_grants
from plenum.journal.actor import Actor
from plenum.journal.acts import label_of as act_label
from plenum.journal.models import Entry
from plenum.journal.queries import entries
from plenum.journal.words import Change, changes_in_words, subject_in_words
from plenum.organisation.powers import JOURNAL_READ, MOVE, READ
from plenum.organisation.rules import code_from
from plenum.organisation.wording import kind_name, plural_kind_name
from plenum.packs import pack
from plenum.packs.wording import language
from plenum.periods import Span
from plenum.tree.models import Ancestry, Unit, UnitName
from plenum.tree.queries import UnitView, ancestors, below_by_kind, children_of, lives, roots, unit_views
from plenum.tree.rules import LONGEST_CODE, Life
from plenum.tree.sorting import search_key

MOST_PARENTS = 500
"""How many units one list of choices offers."""
LONGEST_MADE_CODE = LONGEST_CODE - len("-99999")


@dataclass(frozen=True)
class KindCount:
    """How many units of one kind there are, with the kind's name in the reader's language."""

    kind: str
    name: str
    count: int


@dataclass(frozen=True)
class Node:
    """A unit in the tree browser; `children` is None while it is closed."""

    view: UnitView
    kind_name: str
    below: tuple[KindCount, ...]
    children: "tuple[Node, ...] | None" = None
    in_reach: bool = True


@dataclass(frozen=True)
class Group:
    """Sub-units of one kind."""

    kind: str
    name: str
    units: tuple[UnitView, ...]


@dataclass(frozen=True)
class JournalLine:
    """One entry of the journal as people read it."""

    entry: Entry
    act: str
    power: str
    subject: str
    unit: UnitView | None
    changes: tuple[Change, ...]


def reachable_units(actor: Actor, today: date) -> "QuerySet[Unit]":
    """The units the actor may see, as one query."""
    return reachable(actor, READ, today)


def in_reach(actor: Actor, today: date, unit_ids: Iterable[int]) -> set[int]:
    """Which of some units the actor may see today. A unit that stood below in the past may have left the reach."""
    return set(reachable_units(actor, today).filter(pk__in=list(unit_ids)).values_list("pk", flat=True))


def tops(actor: Actor, today: date, as_of: date) -> list[UnitView]:
    """The highest units that the actor reaches, as on a day. Two queries."""
    if actor.is_system:
        return roots(as_of)
    held = running_grants(actor, today).filter(powers__contains=[READ.code]).values("unit_id")
    nested = Ancestry.objects.filter(
        ancestor__in=held, descendant__in=held, depth__gt=0, span__contains=as_of
    )
    highest = set(held.values_list("unit_id", flat=True)) - set(
        nested.values_list("descendant_id", flat=True)
    )
    return sorted(unit_views(highest, as_of).values(), key=lambda view: (view.sort_key, view.code))


def tree(actor: Actor, today: date, as_of: date, opened: Unit | None = None) -> list[Node]:
    """The tree from where the actor stands, open down to one unit (without one: the highest units are open).

    A constant number of queries, whatever is shown.
    """
    highest = tops(actor, today, as_of)
    chain = {top.id for top in highest}
    if opened is not None:
        chain = {view.id for view in ancestors(opened.pk, as_of)} | {opened.pk} | chain
    below = children_of(chain, as_of)
    shown = {view.id for views in below.values() for view in views} | {top.id for top in highest}
    counts = below_by_kind(shown, as_of)
    seen = in_reach(actor, today, shown)

    def node(view: UnitView) -> Node:
        inner = tuple(node(child) for child in below.get(view.id, ())) if view.id in chain else None
        return Node(view, kind_name(view.kind), kind_counts(counts.get(view.id, {})), inner, view.id in seen)

    return [node(top) for top in highest]


def is_illustrative(node: Node) -> bool:
    """Whether the name of a unit, or of one shown below it, is not from a source."""
    return node.view.illustrative or any(is_illustrative(child) for child in node.children or ())


def branch(actor: Actor, today: date, view: UnitView, as_of: date) -> Node:
    """One unit of the tree browser with its children open."""
    inner = children_of([view.id], as_of).get(view.id, [])
    shown = [view.id, *(child.id for child in inner)]
    counts = below_by_kind(shown, as_of)
    seen = in_reach(actor, today, shown)
    nodes = tuple(
        Node(
            child,
            kind_name(child.kind),
            kind_counts(counts.get(child.id, {})),
            in_reach=child.id in seen,
        )
        for child in inner
    )
    return Node(view, kind_name(view.kind), kind_counts(counts.get(view.id, {})), nodes)


def kind_counts(counts: Mapping[str, int]) -> tuple[KindCount, ...]:
    """Counts by kind in the order of the pack, with their names."""
    known = list(pack().kinds)
    ordered = sorted(counts, key=lambda kind: known.index(kind) if kind in known else len(known))
    return tuple(KindCount(kind, plural_kind_name(kind), counts[kind]) for kind in ordered)


def names_of_kind(actor: Actor, today: date, as_of: date, kind: str | None) -> "QuerySet[UnitName]":
    """The names, sorted, of the units of one kind, or of any, that the actor reaches and that live on a day."""
    names = UnitName.objects.filter(unit__in=reachable_units(actor, today), span__contains=as_of)
    if kind is not None:
        names = names.filter(unit__kinds__kind=kind, unit__kinds__span__contains=as_of)
    return names.order_by("sort_key", "unit__code").only("unit_id")


def by_kind(units: Iterable[UnitView]) -> list[Group]:
    """Units grouped by their kind, in the order of the pack."""
    groups: dict[str, list[UnitView]] = defaultdict(list)
    for unit in units:
        groups[unit.kind].append(unit)
    order = kind_counts({kind: len(found) for kind, found in groups.items()})
    return [Group(each.kind, each.name, tuple(groups[each.kind])) for each in order]


def journal(
    actor: Actor, today: date, unit: Unit, *, below: bool, act: str = "", text: str = ""
) -> "QuerySet[Entry]":
    """The entries of a unit, newest first; with `below` also of those that ever stood below it and are in reach."""
    ids: Any = [unit.pk]
    if below:
        line = Ancestry.objects.filter(ancestor=unit).values("descendant_id")
        ids = reachable(actor, JOURNAL_READ, today).filter(pk__in=line).values("pk")
    found = entries(ids, act=act or None)
    for word in text.split():
        found = found.annotate(written=Cast("change", TextField())).filter(
            Q(written__icontains=word) | Q(subject_label__icontains=word) | Q(actor_label__icontains=word)
        )
    return found


def journal_lines(found: Sequence[Entry], as_of: date) -> list[JournalLine]:
    """Entries in the words of the reader. One query for the units they are about."""
    lang = language(get_language())
    views = unit_views({entry.unit_id for entry in found if entry.unit_id is not None}, as_of)
    return [
        JournalLine(
            entry=entry,
            act=str(act_label(entry.act)),
            power=str(power_label(entry.power)) if entry.power else "",
            subject=subject_in_words(entry.subject, entry.subject_label, lang),
            unit=views.get(entry.unit_id) if entry.unit_id is not None else None,
            changes=changes_in_words(entry.act, entry.change, lang),
        )
        for entry in found
    ]


def acts_done(actor: Actor, today: date, unit: Unit, *, below: bool) -> list[tuple[str, str]]:
    """Codes and names of the acts that the journal of a unit has, sorted by name."""
    codes = journal(actor, today, unit, below=below).order_by().values_list("act", flat=True).distinct()
    return sorted(((code, str(act_label(code))) for code in codes), key=lambda pair: pair[1])


def free_code(name: str, parent_code: str) -> str:
    """A code made from a name that no unit has: the name alone, with the superior unit's code, or with a number.

    A name in letters that have no Latin form gives the superior unit's code with a number.
    """
    plain = code_from(name)[:LONGEST_MADE_CODE].strip("-")
    long = f"{parent_code}-{plain}"[:LONGEST_MADE_CODE].strip("-")
    taken = set(Unit.objects.filter(Q(code=plain) | Q(code__startswith=long)).values_list("code", flat=True))
    whole = [plain, long] if plain else []
    numbered = (f"{long}-{number}" for number in count(2 if plain else 1))
    return next(code for code in chain(whole, numbered) if code not in taken)


def unit_of(unit_id: int) -> Unit:
    """The unit with a number that a form has offered."""
    return Unit.objects.get(pk=unit_id)


def held_at(actor: Actor, today: date, asked: Mapping[str, tuple[Power, int | None]]) -> dict[str, bool]:
    """Whether the actor has some powers today, each at its unit (None: where there is none). One query."""
    answers = {
        f"may_{what}": Exists(reachable(actor, power, today).filter(pk=place))
        for what, (power, place) in asked.items()
        if place is not None
    }
    row = Unit.objects.annotate(**answers).values(*answers).first() or {}
    return {what: bool(row.get(f"may_{what}", actor.is_system)) for what in asked}


def possible_parents(
    actor: Actor, today: date, view: UnitView, as_of: date, text: str = ""
) -> list[UnitView]:
    """The first units by name where the actor may place this one, without where it stands now. Two queries.

    text: words that are in their names; there may be more units than a page can offer.
    """
    kinds = [code for code in pack().kinds if pack().may_stand_under(view.kind, code, as_of)]
    names = UnitName.objects.filter(
        unit__in=reachable(actor, MOVE, today),
        span__contains=as_of,
        unit__kinds__kind__in=kinds,
        unit__kinds__span__contains=as_of,
    ).exclude(unit__in=[view.id, view.parent_id])
    for word in search_key(text).split():
        names = names.filter(search_key__contains=word)
    ids = list(names.order_by("sort_key", "unit__code").values_list("unit_id", flat=True)[:MOST_PARENTS])
    views = unit_views(ids, as_of)
    return [views[pk] for pk in ids]


def called(units: Sequence[UnitView], text: str, seen: Container[int]) -> list[UnitView]:
    """Those of some units whose names, or codes where these may be known, have all words of a text in them."""
    words = search_key(text).split()
    said = {unit.id: f"{search_key(unit.name)} {unit.code if unit.id in seen else ''}" for unit in units}
    return [unit for unit in units if all(word in said[unit.id] for word in words)]


def taken_back(unit_id: int) -> list[str]:
    """Which of a unit's changes could be taken back, the latest first.

    Names of strands that have changed, and `dissolution` when the unit ends before its superior unit does.
    """
    life = lives([unit_id])[unit_id]
    strands: dict[str, tuple[Any, ...]] = {"name": life.names, "kind": life.kinds, "parent": life.places}
    changed = {name: strand[-1].span.start for name, strand in strands.items() if len(strand) > 1}
    if life.span.end is not None:
        parent_id = life.places[-1].value
        parent = Unit.objects.get(pk=parent_id) if parent_id is not None else None
        if parent is None or life.span.end in parent.lifetime:
            changed["dissolution"] = life.span.end
    return sorted(changed, key=lambda name: changed[name], reverse=True)


def living_below(unit_id: int, since: date) -> list[UnitView]:
    """The units that stand directly below one on a day or later and would outlive it. Two queries."""
    unit = Unit.objects.filter(placements__parent=unit_id, placements__span__overlap=Span(since)).distinct()
    views = unit_views(unit.values_list("pk", flat=True), since)
    return sorted(views.values(), key=lambda view: (view.sort_key, view.code))


def edition_of(life: Life) -> str:
    """All names, kinds and places of a unit in a few letters: another life, other letters."""
    return sha256(repr(life).encode()).hexdigest()[:20]
