"""What may be done with targets, with what reach, and the acts the journal names."""

from django.utils.translation import gettext_lazy as _

from plenum.access.powers import Power, Reach
from plenum.journal.acts import Act

READ = Power("targets.read", reach=Reach.UNIT_AND_BELOW, label=_("Read targets"))
SET = Power("targets.set", reach=Reach.UNIT_AND_BELOW, label=_("Set, amend and withdraw targets"))
STATE = Power("targets.state", reach=Reach.UNIT_AND_BELOW, label=_("Record what a report states"))

SET_TARGET = Act("targets.set_target", _("Target set"))
AMEND_TARGET = Act("targets.amend_target", _("Target amended"))
WITHDRAW_TARGET = Act("targets.withdraw_target", _("Target withdrawn"))
RECORD_STATEMENT = Act("targets.record_statement", _("Statement recorded"))
WITHDRAW_STATEMENT = Act("targets.withdraw_statement", _("Statement withdrawn"))
