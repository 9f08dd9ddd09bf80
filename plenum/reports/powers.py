"""What may be done with reports, with what reach, and the acts the journal names."""

from django.utils.translation import gettext_lazy as _

from plenum.access.powers import Power, Reach
from plenum.journal.acts import Act

READ = Power("reports.read", reach=Reach.UNIT_AND_BELOW, label=_("Read boards and review reports"))
WRITE = Power("reports.write", reach=Reach.UNIT, label=_("Write the review report"))

SAVE_REVIEW = Act("reports.save_review", _("Review report written"))
