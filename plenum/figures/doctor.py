"""Whether figures are sound: what triggers keep is counted again, and nothing is counted twice."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plenum.figures.queries import counted_twice, returns_unaccounted, rollups_recounted
from plenum.figures.wording import return_name, said
from plenum.packs import pack
from plenum.periods import Period
from plenum.periods.findings import Check, Finding
from plenum.tree.models import Unit

MOST_NAMED = 50
"""Damage is told by its first instances; what is behind them is found when these are mended."""


def returns_sound() -> Iterator[Finding]:
    """What stands on a return agrees with its versions, its steps and the entries made at acceptance."""
    for each in returns_unaccounted()[:MOST_NAMED]:
        name = return_name(pack().forms[each.form], Period.parse(each.period))
        yield Finding(
            _("A return does not agree with its own history. Unit: %(unit)s. Return: %(return)s.")
            % {"unit": each.unit, "return": name},
            _(
                "Somebody has written to the database past its constraints. Restore the last backup in which this "
                "was well."
            ),
        )


def sums_sound() -> Iterator[Finding]:
    """Every kept sum is what a recount from accepted entries and the tree gives."""
    differing = rollups_recounted()[:MOST_NAMED]
    codes = dict(Unit.objects.filter(pk__in={each.unit_id for each in differing}).values_list("pk", "code"))
    for each in differing:
        yield Finding(
            _(
                "A kept sum is not what a recount gives. Unit: %(unit)s. Form: %(form)s. Month: %(month)s. "
                "Kept: %(kept)s. Recounted: %(recounted)s."
            )
            % {
                "unit": codes.get(each.unit_id, each.unit_id),
                "form": each.form,
                "month": f"{each.month:%Y-%m}",
                "kept": each.kept or "–",
                "recounted": each.recounted or "–",
            },
            _("Have the owner of the database count all sums again: %(sql)s") % {"sql": COUNT_AGAIN},
        )


def figures_once() -> Iterator[Finding]:
    """No figure is reported by a unit and by another above it for the same months."""
    for each in counted_twice()[:MOST_NAMED]:
        yield Finding(
            _(
                "Figures are counted twice: %(upper)s (%(return)s) and, below it, %(lower)s (%(other_return)s). "
                "Figures: %(slots)s."
            )
            % {
                "upper": each.upper,
                "return": return_name(each.upper_form, each.upper_period),
                "lower": each.lower,
                "other_return": return_name(each.lower_form, each.lower_period),
                "slots": "; ".join(said(slot.name) for slot in each.slots),
            },
            _(
                "Let one of the two obligations end, and have one of the two returns corrected so that these "
                "figures are left empty in it."
            ),
        )


COUNT_AGAIN = "SELECT figures_count_again(), figures_hand_in_again();"
"""What writes all kept sums anew from the accepted entries; only the owner of the database may."""

checks = [
    Check(
        "figures.returns",
        gettext_noop("Every return agrees with its own history"),
        returns_sound,
        as_owner=True,
    ),
    Check("figures.sums", gettext_noop("Kept sums are what a recount gives"), sums_sound, as_owner=True),
    Check("figures.once", gettext_noop("No figure is counted twice"), figures_once, as_owner=True),
]
