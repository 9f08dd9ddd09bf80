"""On which days obligations hold: while the unit lives and is of a kind that may owe the form.

What was decided is kept as it was decided. A unit that becomes one of a kind that may not owe a form owes none from
that day on; what it owed before stays. Once it is of a kind that may owe it again, it does. No kind *must* owe a form:
that is always decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from plenum.figures.models import Obligation
from plenum.packs import pack
from plenum.periods import Span
from plenum.tree.models import UnitKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

MAY_OWE = "unnest(%(owing_forms)s::text[], %(owing_kinds)s::text[]) AS may(form, kind)"
"""Which form a unit of which kind may owe, inside a query; see `may_owe`."""
BARRED = f"""
    -- The months for which a unit does not owe a form because of its kind. Few ever change it: a kind that ends before
    -- its unit is looked for first, and each such unit by itself (OFFSET 0).
    barred AS MATERIALIZED (
        SELECT changed.unit_id, span.form, span.year, bit_or(figures_months(kind.span, span.year)) AS months
        FROM (
            SELECT DISTINCT former.unit_id
            FROM tree_unitkind former LEFT JOIN bounded ON bounded.id = former.unit_id
            WHERE NOT upper_inf(former.span)
              AND (bounded.id IS NULL OR upper_inf(bounded.lifetime) OR upper(former.span) < upper(bounded.lifetime))
        ) changed
        CROSS JOIN LATERAL (
            SELECT held.kind, held.span FROM tree_unitkind held WHERE held.unit_id = changed.unit_id OFFSET 0
        ) kind
        JOIN (SELECT DISTINCT form, year, span FROM part) span ON span.span && kind.span
        WHERE NOT EXISTS (SELECT FROM {MAY_OWE} WHERE may.form = span.form AND may.kind = kind.kind)
        GROUP BY 1, 2, 3
    ),
    apart AS MATERIALIZED (
        SELECT id AS unit_id FROM bounded UNION SELECT unit_id FROM barred
    )
"""  # noqa: S608
"""Follows the parts ``part`` and ``bounded`` of a query (see `handed` and `missing`).

``apart``: units that do not simply owe what was decided. There are few, and only of them are lives and kinds asked.
"""


def owing_apart(units: str = "apart") -> str:
    """What was decided of ``units`` apart, for the parts of a query; ``units`` is what they are called `apart` in.

    They are looked up one by one (OFFSET 0), because whoever plans the query takes what was decided of them for more
    than it is, and with the parts for next to nothing: what else limits the units has to be said of ``units``.
    """
    return f"""
    {units} CROSS JOIN LATERAL (
        SELECT * FROM figures_obligation each WHERE each.unit_id = apart.unit_id OFFSET 0
    ) owing
    JOIN part ON owing.form = part.form AND owing.schedule = part.schedule AND owing.span && part.span
    LEFT JOIN bounded ON bounded.id = owing.unit_id
    LEFT JOIN barred ON barred.unit_id = owing.unit_id AND barred.form = owing.form AND barred.year = part.year"""  # noqa: S608


WHO_OWES: Mapping[str, str] = {
    "barred": BARRED,
    # The months for which it was decided that a unit owes a form; for units apart, while it lives and may owe it.
    "decided": "CASE WHEN owing.span @> part.span THEN 4095 ELSE figures_months(owing.span, part.year) END",
    "held_apart": """
    CASE WHEN bounded.id IS NULL THEN figures_months(owing.span, part.year)
         ELSE figures_months(owing.span * bounded.lifetime, part.year) END & ~coalesce(barred.months, 0)""",
    # What was decided, for the parts of a query.
    "owing": """
    part JOIN figures_obligation owing ON owing.form = part.form AND owing.schedule = part.schedule
        AND owing.span && part.span""",
    "owing_apart": owing_apart(),
    # It names the part, so that it is asked of what is found otherwise, not of all that was ever decided.
    "not_apart": "(part.months = 0 OR owing.unit_id NOT IN (SELECT unit_id FROM apart))",
}
"""What queries about what is owed are made of, by the names under which they put it in."""


@dataclass(frozen=True)
class Held:
    """An obligation, and the stretches of days on which it holds, in order; none if there is no such day."""

    obligation: Obligation
    spans: tuple[Span, ...]


def held(obligations: "QuerySet[Obligation]") -> list[Held]:
    """Some obligations with their units, in their order, and when they hold. One query."""
    forms = pack().forms
    found: dict[int, Obligation] = {}
    spans: dict[int, list[Span]] = {}
    rows = obligations.select_related("unit").annotate(
        kind=F("unit__kinds__kind"), while_kind=F("unit__kinds__span")
    )
    for each in rows.order_by(*obligations.query.order_by, "while_kind"):
        found.setdefault(each.pk, each)
        stretches = spans.setdefault(each.pk, [])
        alive = each.span.intersection(each.unit.lifetime)
        stretch = alive.intersection(each.while_kind) if alive else None
        if stretch is None or each.form not in forms or each.kind not in forms[each.form].kinds:
            continue
        if stretches and stretches[-1].end == stretch.start:
            stretch = Span(stretches.pop().start, stretch.end)
        stretches.append(stretch)
    return [Held(each, tuple(spans[each.pk])) for each in found.values()]


def of_a_kind_that_may(on: date) -> Q:
    """Obligations whose unit is of a kind that may owe the form on a day."""
    condition = Q(pk__in=[])
    for form in pack().forms.values():
        kinds = UnitKind.objects.filter(unit=OuterRef("unit"), span__contains=on, kind__in=form.kinds)
        condition |= Q(Exists(kinds), form=form.code)
    return condition


def while_may(form: str, kind: str) -> Q:
    """Rows in which the kind in the column ``kind`` may owe the form in the column ``form``."""
    condition = Q(pk__in=[])
    for each in pack().forms.values():
        condition |= Q(**{form: each.code, f"{kind}__in": each.kinds})
    return condition


def may_owe() -> Mapping[str, list[str]]:
    """The parameters of `MAY_OWE`."""
    pairs = [(form.code, kind) for form in pack().forms.values() for kind in form.kinds]
    return {"owing_forms": [form for form, _kind in pairs], "owing_kinds": [kind for _form, kind in pairs]}
