"""What may be done with the jobs of others, and what people call the parts of a job. One's own are one's own."""

from django.utils.translation import gettext_lazy as _

from plenum.access.powers import Power, Reach
from plenum.jobs.kinds import kind_name
from plenum.journal.acts import Act
from plenum.journal.words import Field

READ = Power("jobs.read", Reach.UNIT_AND_BELOW, _("See which jobs run for a unit and those below it"))
CANCEL = Power("jobs.cancel", Reach.UNIT_AND_BELOW, _("Cancel jobs of a unit and of those below it"))

START = Act("jobs.start", _("Job started"))
CANCEL_JOB = Act("jobs.cancel_job", _("Job cancelled"))
START_AGAIN = Act("jobs.start_again", _("Job started again"))

Field("jobs.kind", _("Job"), reads=kind_name)
Field("jobs.about", _("About"))
