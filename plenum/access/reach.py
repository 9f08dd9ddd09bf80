"""The only code that decides which units a person reaches: lists and checks ask the same one query."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from plenum.access import second_factor
from plenum.access.kept_sql import KeptCondition
from plenum.access.models import Grant
from plenum.access.powers import Power, Reach
from plenum.journal.actor import Actor
from plenum.tree.models import Ancestry, Heir, Unit
from plenum.tree.queries import only_root, stands_on

AnyModel = TypeVar("AnyModel", bound=Model)

MOST_REMEMBERED = 250
"""How many questions about reach are remembered, some 75 KB each: what a dozen people at a time ask."""


class OutOfReach(PermissionDenied):
    """The actor lacks the power at this unit on this day."""

    def __init__(self, power: Power, unit_id: int) -> None:
        self.power = power
        self.unit_id = unit_id
        super().__init__(
            _("You do not have this power here: %(power)s. Ask an officer of a superior unit for it.")
            % {"power": power.label}
        )


class SecondFactorMissing(PermissionDenied):
    """The actor has the power, but by the rule pack nobody uses it with a password alone."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This needs a second factor. Set one up in your account: an authenticator app or a security key."
            )
        )


class NotInPerson(PermissionDenied):
    """What everybody does for their own account only, after signing in: no token will do."""

    def __init__(self) -> None:
        super().__init__(_("Only the person whose account it is may do this, after signing in."))


def running_grants(actor: Actor, on: date) -> QuerySet[Grant]:
    """The grants that count on a day: of an active account, and at the unit acted for when one is chosen."""
    if actor.account_id is None:
        return Grant.objects.none()
    grants = Grant.objects.filter(account_id=actor.account_id, account__is_active=True, span__contains=on)
    return grants if actor.acting_for is None else grants.filter(unit_id=actor.acting_for)


def reachable(actor: Actor, power: Power, on: date) -> QuerySet[Unit]:
    """The units where the actor has the power on a day, as one query that can stand inside another.

    A unit that has ended before the day is reached as on its last day, one that has not begun as on its
    first: a superior still sees the past of what it had, and already sees what it has founded for later.
    What has gone on in one unit alone is reached, with what it had below it, as if it stood below that one.
    """
    if actor.is_system:
        return Unit.objects.all()
    if actor.powers is not None and power.code not in actor.powers:
        return Unit.objects.none()
    return _reached(Actor(actor.account_id, "", actor.acting_for), power.code, power.reach, on).all()


@lru_cache(maxsize=MOST_REMEMBERED)
def _reached(actor: Actor, power: str, reach: Reach, on: date) -> QuerySet[Unit]:
    """Remembered before it is asked: to put it together takes longer than the database takes to answer."""
    holders = running_grants(actor, on).filter(powers__contains=[power]).values("unit_id")
    standing = Ancestry.objects.filter(stands_on(on))
    below = standing.filter(ancestor_id__in=holders)
    # Asked of each unit by itself, the database looks up one, or reads all together, whichever is less.
    line, itself = standing.filter(descendant_id=OuterRef("pk")), below.filter(descendant_id=OuterRef("pk"))
    taken_over = Heir.objects.filter(since__lte=on, heir_id__in=below.values("descendant_id"))
    inherited = Exists(line.filter(ancestor_id__in=taken_over.values("unit_id")))
    past = Q(inherited, lifetime__endswith__lte=on)
    match reach:
        case Reach.UNIT:
            found = Q(pk__in=holders)
        case Reach.UNIT_AND_BELOW:
            found = Q(Exists(itself)) | past
        case Reach.BELOW:
            found = Q(Exists(itself.filter(depth__gt=0))) | past
        case Reach.LINE:
            above = standing.filter(descendant_id__in=holders, ancestor_id=OuterRef("pk"))
            found = Q(Exists(itself)) | past | Q(Exists(above))
    return Unit.objects.filter(KeptCondition(Unit.objects.filter(found)))


def held_at(actor: Actor, power: Power, on: date) -> set[int]:
    """The units where the actor has been given the power on a day; what it reaches from there, `reachable` says."""
    if actor.powers is not None and power.code not in actor.powers:
        return set()
    grants = running_grants(actor, on).filter(powers__contains=[power.code])
    return set(grants.values_list("unit_id", flat=True))


def reaches_all(actor: Actor, power: Power, on: date) -> bool:
    """Whether the actor reaches every unit there is, as one who holds the power at what has always been the root does.

    To ask this of a whole country's rows once is cheaper than to ask `reachable` of each. Two queries.
    """
    if actor.is_system:
        return True
    if power.reach not in (Reach.UNIT_AND_BELOW, Reach.LINE):
        return False
    root = only_root()
    return root is not None and root in held_at(actor, power, on)


def reached_by(actor: Actor, powers: Iterable[Power], on: date) -> RawSQL:
    """The numbers of the units that `reachable` gives for any of these powers, for tables with rows of all units.

    They are found once from where the powers are held, whereas `reachable` is asked of each unit, which is quicker for
    few. One query for each power. ValueError for a power that reaches along a line.
    """
    at: set[int] = set()
    above: set[int] = set()
    for power in powers:
        held = held_at(actor, power, on)
        if power.reach is Reach.LINE:
            raise ValueError(f"{power.code} reaches along a line")
        if power.reach is not Reach.BELOW:
            at |= held
        if power.reach is not Reach.UNIT:
            above |= held
    return RawSQL(
        "SELECT unnest(%s::bigint[]) UNION SELECT access_all_below(%s::bigint[], %s)",
        [sorted(at), sorted(above), on],
    )


def visible(
    queryset: QuerySet[AnyModel], actor: Actor, power: Power, on: date, *, unit_field: str = "unit"
) -> QuerySet[AnyModel]:
    """The rows whose unit the actor reaches with the power on a day, still as one query."""
    if actor.is_system:
        return queryset
    return queryset.filter(**{f"{unit_field}__in": reachable(actor, power, on).values("pk")})


def require(actor: Actor, power: Power, unit: Unit | int, on: date) -> None:
    """Pass if the actor has the power at the unit on the day, otherwise raise :class:`OutOfReach`.

    A power that needs a second factor raises :class:`SecondFactorMissing` where the account has none.
    """
    unit_id = unit if isinstance(unit, int) else unit.pk
    if not actor.is_system and not reachable(actor, power, on).filter(pk=unit_id).exists():
        raise OutOfReach(power, unit_id)
    if not actor.is_system and second_factor.is_missing_for(actor.account_id, power.code, on):
        raise SecondFactorMissing


def powers_held_over(actor: Actor, unit_id: int, on: date) -> set[str]:
    """The codes of the powers that the actor has been given at the unit or at any unit above it.

    This is what one may entrust to others there: a superior does not enter a cell's return, but may name
    who does.
    """
    line = Ancestry.objects.filter(stands_on(on), descendant_id=unit_id).values("ancestor_id")
    sets = running_grants(actor, on).filter(unit_id__in=line).values_list("powers", flat=True)
    held = {code for powers in sets for code in powers}
    return held if actor.powers is None else held & actor.powers


def require_in_person(actor: Actor, account_id: int) -> None:
    """Pass if the actor is this account itself, signed in: no program with a token, nobody else; else raise."""
    if actor.account_id != account_id or actor.token_id is not None:
        raise NotInPerson
