"""What becomes of reforms, approvals and the work after a reform when their unit leaves: they stay as what was done."""

from django.utils.translation import gettext_lazy as _

from plenum.tree.dispositions import Becomes, Disposition

DISPOSITIONS = (
    Disposition("reorganisations.Reform", "unit", Becomes.STAYS, _("Reforms")),
    Disposition("reorganisations.Approval", "unit", Becomes.STAYS, _("Approvals of reforms")),
    Disposition("reorganisations.Work", "unit", Becomes.STAYS, _("Work after reforms")),
)
