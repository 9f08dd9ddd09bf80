"""What becomes of review reports when their unit leaves: issued ones stay to the byte, drafts are finished or left."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from plenum.packs import naming
from plenum.reports.models import IssuedReport, Review
from plenum.tree.dispositions import FINISH, LEAVE, Becomes, Disposition, Leaving, Open


def open_reviews(leaving: Sequence[Leaving], on: date) -> list[Open]:
    """The review reports that were begun and have never been issued."""
    units = {unit.id: unit for unit in leaving}
    issued = IssuedReport.objects.filter(unit=OuterRef("unit"), period_code=OuterRef("period_code"))
    drafts = Review.objects.filter(~Exists(issued), unit_id__in=list(units)).order_by("pk")
    return [
        Open(
            subject=f"reports.Review:{draft.pk}",
            unit_id=draft.unit_id,
            label=partial(naming.period, draft.period_code),
            choices=(FINISH, LEAVE),
            proposal=FINISH,
        )
        for draft in drafts
    ]


DISPOSITIONS = (
    Disposition("reports.Review", "unit", Becomes.NEEDS_DECISION, _("Review reports"), open_reviews),
    Disposition("reports.IssuedReport", "unit", Becomes.STAYS, _("Issued reports")),
)
