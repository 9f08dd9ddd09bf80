"""Figures that two units on one line of the tree report: acts refuse it, but a move can bring it about."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from plenum.figures.queries.holding import MAY_OWE, may_owe
from plenum.figures.rules import shared_slots
from plenum.packs import Form, Slot, pack
from plenum.periods import Period


@dataclass(frozen=True)
class OwedTwice:
    """Two obligations on one line of the tree with common slots on a day."""

    upper_id: int
    lower_id: int
    form: str
    other_form: str
    slots: tuple[str, ...]


@dataclass(frozen=True)
class CountedTwice:
    """Two accepted returns on one line of the tree that report the same slots for a month: sums above have both."""

    upper: str
    upper_form: Form
    upper_period: Period
    lower: str
    lower_form: Form
    lower_period: Period
    slots: tuple[Slot, ...]


_OWED = f"""
    WITH may AS MATERIALIZED (SELECT form, kind FROM {MAY_OWE})
    SELECT line.ancestor_id, line.descendant_id, upper.form, lower.form
    FROM figures_obligation upper
    JOIN tree_ancestry line ON line.ancestor_id = upper.unit_id AND line.depth > 0 AND line.span @> %(on)s
    JOIN figures_obligation lower ON lower.unit_id = line.descendant_id AND lower.span @> %(on)s
    JOIN tree_unitkind upper_kind ON upper_kind.unit_id = upper.unit_id AND upper_kind.span @> %(on)s
    JOIN tree_unitkind lower_kind ON lower_kind.unit_id = lower.unit_id AND lower_kind.span @> %(on)s
    WHERE upper.span @> %(on)s
      AND (upper.form, upper_kind.kind) IN (SELECT form, kind FROM may)
      AND (lower.form, lower_kind.kind) IN (SELECT form, kind FROM may)
      AND (%(unit)s::bigint IS NULL OR %(unit)s IN (line.ancestor_id, line.descendant_id))
    ORDER BY 1, 2, 3, 4
"""  # noqa: S608
_COUNTED = """
    SELECT upper_unit.code, upper.form, upper_return.period_code, lower_unit.code, lower.form,
           lower_return.period_code, array_agg(shared.code ORDER BY shared.lower_number)
    FROM figures_standing lower
    CROSS JOIN LATERAL unnest(lower.ancestors) AS above(unit_id)
    JOIN figures_standing upper ON upper.unit_id = above.unit_id AND upper.unit_id <> lower.unit_id
        AND upper.first_month <= lower.month AND upper.month >= lower.first_month
    JOIN unnest(%(forms)s::text[], %(others)s::text[], %(numbers)s::int[], %(other_numbers)s::int[], %(codes)s::text[])
        AS shared(upper_form, lower_form, upper_number, lower_number, code)
        ON shared.upper_form = upper.form AND shared.lower_form = lower.form
        AND upper.counts[shared.upper_number] > 0 AND lower.counts[shared.lower_number] > 0
    JOIN tree_unit upper_unit ON upper_unit.id = upper.unit_id
    JOIN tree_unit lower_unit ON lower_unit.id = lower.unit_id
    JOIN figures_return upper_return ON upper_return.id = upper.return_id
    JOIN figures_return lower_return ON lower_return.id = lower.return_id
    GROUP BY 1, 2, 3, 4, 5, 6
    ORDER BY 1, 3, 4, 6
"""


def owed_twice(on: date, *, unit_id: int | None = None) -> list[OwedTwice]:
    """Units that owe the same slots as a unit above them on a day; only those on one unit's line when it is given."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED, {"on": on, "unit": unit_id, **may_owe()})
        rows = cursor.fetchall()
    forms = pack().forms
    return [
        OwedTwice(upper, lower, form, other, slots)
        for upper, lower, form, other in rows
        if (slots := shared_slots(forms[form], forms[other]))
    ]


def counted_twice() -> list[CountedTwice]:
    """Every pair of accepted returns that puts a figure twice into the sums above; nothing when all is well."""
    forms = pack().forms
    shared = [
        (form.code, other.code, form.slot(code).number, other.slot(code).number, code)
        for form in forms.values()
        for other in forms.values()
        for code in shared_slots(form, other)
    ]
    names = ("forms", "others", "numbers", "other_numbers", "codes")
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {name: [row[at] for row in shared] for at, name in enumerate(names)})
        return [
            CountedTwice(
                upper=upper,
                upper_form=forms[upper_form],
                upper_period=Period.parse(upper_period),
                lower=lower,
                lower_form=forms[lower_form],
                lower_period=Period.parse(lower_period),
                slots=tuple(pack().slots()[code] for code in codes),
            )
            for upper, upper_form, upper_period, lower, lower_form, lower_period, codes in cursor.fetchall()
        ]
