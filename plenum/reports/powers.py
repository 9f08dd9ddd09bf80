"""What may be done with reports, with what reach, and the acts the journal names."""

from django.utils.translation import gettext_lazy as _

from plenum.access.powers import Power, Reach, language_name
from plenum.journal.acts import Act
from plenum.journal.words import Field, Subject
from plenum.packs import naming

READ = Power("reports.read", reach=Reach.UNIT_AND_BELOW, label=_("Read boards and review reports"))
WRITE = Power("reports.write", reach=Reach.UNIT, label=_("Write the review report"))

SAVE_REVIEW = Act("reports.save_review", _("Review report written"))

Subject("reports.Review", reads=naming.period)

Field("reports.language", _("Language"), reads=language_name)
Field("reports.achievements", _("Achievements"))
Field("reports.shortcomings", _("Shortcomings"))
Field("reports.causes", _("Causes"))
Field("reports.tasks", _("Tasks of the next period"))
Field("reports.number", _("Number"))
Field("reports.place", _("Place"))
Field("reports.dated", _("Date"), reads=naming.day)
Field("reports.signer_post", _("Post of the person who signs"))
Field("reports.signer_name", _("Name of the person who signs"))
Field("reports.recipients", _("Recipients"))
Field("reports.edition", hidden=True)
