"""What becomes of jobs when their unit leaves: what has been done stays; what waits is done while its powers last."""

from django.utils.translation import gettext_lazy as _

from plenum.tree.dispositions import Becomes, Disposition

DISPOSITIONS = (Disposition("jobs.Job", "unit", Becomes.STAYS, _("Jobs")),)
