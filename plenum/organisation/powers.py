"""What may be done with units, how far each power reaches, and what the journal calls each act.

What happens to a unit is decided above it: a unit is renamed, changed, moved or dissolved by those who hold the
power at a superior unit, not by itself.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenum.access.powers import Power, Reach
from plenum.journal.acts import Act
from plenum.journal.words import Field
from plenum.packs import naming

READ = Power("organisation.read", Reach.UNIT_AND_BELOW, _("See units"))
FOUND = Power("organisation.found", Reach.UNIT_AND_BELOW, _("Found units below"))
RENAME = Power("organisation.rename", Reach.BELOW, _("Rename units below and change their kind"))
MOVE = Power("organisation.move", Reach.UNIT_AND_BELOW, _("Move units from one place below to another"))
DISSOLVE = Power("organisation.dissolve", Reach.BELOW, _("Dissolve units below"))
JOURNAL_READ = Power("journal.read", Reach.UNIT_AND_BELOW, _("Read the journal"))

FOUND_UNIT = Act("organisation.found_unit", _("Unit founded"))
RENAME_UNIT = Act("organisation.rename_unit", _("Unit renamed"))
CORRECT_NAME = Act("organisation.correct_name", _("Name corrected"))
CHANGE_KIND = Act("organisation.change_kind", _("Kind changed"))
MOVE_UNIT = Act("organisation.move_unit", _("Unit moved"))
DISSOLVE_UNIT = Act("organisation.dissolve_unit", _("Unit dissolved"))
TAKE_BACK = Act("organisation.take_back", _("Change taken back"))

Field("organisation.name", pgettext_lazy("unit", "Name"))
Field("organisation.short", _("Short name"))
Field("organisation.kind", _("Kind"), reads=naming.kind)
Field("organisation.parent", _("Superior unit"))
Field("organisation.parent_code", hidden=True)
Field("organisation.since", _("From"), reads=naming.day)
Field("organisation.until", _("Until before"), reads=naming.day)
Field("organisation.predecessors", _("Predecessors"))
Field("organisation.reason", _("Reason"))
