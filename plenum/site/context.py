"""What the frame of every page shows: the lens, the trail, the doors, the languages, who acts for which unit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from plenum.access.queries import units_to_act_for
from plenum.access.reach import powers_held_over, reachable
from plenum.journal.actor import Actor
from plenum.organisation.powers import READ as READ_ORGANISATION
from plenum.periods import Lens, Period, PeriodKind
from plenum.site import clock
from plenum.tree.queries import UnitView, ancestors, unit_views

LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English", "ru": "Русский", "cs": "Čeština"}
"""Each language in its own words: who looks for a language reads that one."""


@dataclass(frozen=True)
class Door:
    """A way from a unit to one of its rooms."""

    code: str
    label: Any
    route: str
    power: str
    href: str = ""
    current: bool = False


DOORS = (
    Door("board", _("Board"), "reports:board", "reports.read"),
    Door("targets", _("Targets"), "targets:list", "targets.read"),
    Door("returns", _("Returns"), "figures:returns", "figures.read"),
    Door("review", _("Review report"), "reports:review", "reports.read"),
    Door("documents", _("Documents"), "directives:list", "directives.read"),
    Door("unit", _("Organisation"), "organisation:unit", "organisation.read"),
    Door("journal", _("Journal"), "organisation:journal", "journal.read"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. What needs the database is read only when a template asks for it."""
    account = getattr(request, "account", None)
    return {
        "account": account,
        "lens": getattr(request, "lens", None),
        "site_languages": [(code, LANGUAGE_NAMES.get(code, code)) for code, _name in settings.LANGUAGES],
        "acting": SimpleLazyObject(lambda: _acting(request)),
        "pinned_day": clock.pinned_day(),
    }


@dataclass(frozen=True)
class Acting:
    """The unit the reader acts for, and those between which they may switch."""

    unit: UnitView | None
    choices: tuple[UnitView, ...]


def _acting(request: HttpRequest) -> Acting:
    account, today = getattr(request, "account", None), _today(request)
    if account is None or today is None:
        return Acting(None, ())
    views = unit_views([unit.pk for unit in units_to_act_for(account, today)], today)
    chosen = views.get(_actor(request).acting_for or 0)
    return Acting(chosen, tuple(sorted(views.values(), key=lambda view: view.sort_key)))


def trail(request: HttpRequest | None, unit: UnitView | None) -> list[UnitView]:
    """The units above `unit` that the reader may see, from the top."""
    today = _today(request)
    if request is None or unit is None or today is None or not isinstance(unit.id, int):
        return []
    above = ancestors(unit.id, _lens(request, today).as_of)
    if not above:
        return []
    seen = set(
        reachable(_actor(request), READ_ORGANISATION, today)
        .filter(pk__in=[view.id for view in above])
        .values_list("pk", flat=True)
    )
    return [view for view in above if view.id in seen]


def doors(request: HttpRequest | None, unit: UnitView | None, current: str) -> list[Door]:
    """The doors of `unit` that the reader may open; the door of this page is among them in any case."""
    today = _today(request)
    if request is None or unit is None or today is None:
        return []
    held = powers_held_over(_actor(request), unit.id, today)
    query = _lens(request, today).query()
    found = []
    for door in DOORS:
        if door.power not in held and door.code != current:
            continue
        href = reverse(door.route, args=[unit.code])
        found.append(replace(door, href=f"{href}?{query}" if query else href, current=door.code == current))
    return found


@dataclass(frozen=True)
class PeriodChoice:
    """A period one may switch to."""

    period: Period
    href: str
    current: bool


@dataclass(frozen=True)
class PeriodChoices:
    """The year before and after, and the periods of the chosen year without its months."""

    before: PeriodChoice
    after: PeriodChoice
    within: tuple[PeriodChoice, ...]


_WITHIN_A_YEAR = (
    (PeriodKind.YEAR, 1),
    (PeriodKind.HALF, 1),
    (PeriodKind.HALF, 2),
    (PeriodKind.NINE_MONTHS, 1),
    (PeriodKind.QUARTER, 1),
    (PeriodKind.QUARTER, 2),
    (PeriodKind.QUARTER, 3),
    (PeriodKind.QUARTER, 4),
)


def period_choices(request: HttpRequest | None, chosen: Period, base: str = "") -> PeriodChoices:
    """The periods around the chosen one. `base` is an address that contains PERIOD; else `?period=` is used."""
    address = _addresses(request, base)

    def choice(period: Period) -> PeriodChoice:
        return PeriodChoice(period, address(period), period == chosen)

    return PeriodChoices(
        before=choice(replace(chosen, year=chosen.year - 1)),
        after=choice(replace(chosen, year=chosen.year + 1)),
        within=tuple(choice(Period(chosen.year, kind, index)) for kind, index in _WITHIN_A_YEAR),
    )


def _addresses(request: HttpRequest | None, base: str) -> Callable[[Period], str]:
    parameters = request.GET.copy() if request is not None else None

    def in_query(period: Period) -> str:
        if parameters is None:
            return f"?period={period.code}"
        parameters["period"] = period.code
        return f"?{parameters.urlencode()}"

    def in_path(period: Period) -> str:
        query = ""
        if parameters is not None:
            parameters.pop("period", None)
            query = parameters.urlencode()
        path = base.replace("PERIOD", period.code)
        return f"{path}?{query}" if query else path

    return in_path if base else in_query


def _lens(request: HttpRequest, today: date) -> Lens:
    return getattr(request, "lens", None) or Lens.plain(today)


def _today(request: HttpRequest | None) -> date | None:
    lens = getattr(request, "lens", None)
    return lens.today if lens is not None else None


def _actor(request: HttpRequest) -> Actor:
    return getattr(request, "actor", None) or Actor.nobody()
