"""What may be done with targets, with what reach, and the acts the journal names."""

from django.utils.translation import gettext_lazy as _

from plenum.access.powers import Power, Reach
from plenum.journal.acts import Act
from plenum.journal.words import Field, Subject
from plenum.packs import naming

READ = Power("targets.read", reach=Reach.UNIT_AND_BELOW, label=_("Read targets"))
SET = Power("targets.set", reach=Reach.UNIT_AND_BELOW, label=_("Set, amend and withdraw targets"))
STATE = Power("targets.state", reach=Reach.UNIT_AND_BELOW, label=_("Record what a report states"))

SET_TARGET = Act("targets.set_target", _("Target set"))
AMEND_TARGET = Act("targets.amend_target", _("Target amended"))
WITHDRAW_TARGET = Act("targets.withdraw_target", _("Target withdrawn"))
RECORD_STATEMENT = Act("targets.record_statement", _("Statement recorded"))
WITHDRAW_STATEMENT = Act("targets.withdraw_statement", _("Statement withdrawn"))

COMPARISONS = {
    "value": _("a value"),
    "at_least": _("at least"),
    "more_than": _("more than"),
    "at_most": _("at most"),
    "less_than": _("less than"),
}
STATED = {
    "value": _("the value itself"),
    "percent_of_target": _("percent of the target"),
    "change": _("change since the start of the year"),
}
SAID_IN = {"percent": _("percent"), "points": _("percentage points"), "count": _("a plain number")}


def subject_name(codes: str, language: str) -> str:
    """The indicator and the period of a target or statement, which the journal names by their codes."""
    indicator, _space, period = codes.partition(" ")
    return f"{naming.indicator(indicator, language)}, {naming.period(period, language)}"


Subject("targets.Target", reads=subject_name)
Subject("targets.Statement", reads=subject_name)

Field("targets.comparison", _("How the result is compared"), reads=COMPARISONS)
Field("targets.amount", _("Amount"), reads=naming.number)
Field("targets.basis", _("Basis"), reads=naming.document)
Field("targets.basis_id", hidden=True)
Field("targets.given_to", _("Given to (name)"))
Field("targets.given_to_post", _("Given to (post)"))
Field("targets.what", _("What is stated"), reads=STATED)
Field("targets.stated", _("Stated number"), reads=naming.number)
Field("targets.said_unit", _("Said in"), reads=SAID_IN)
Field("targets.source", _("Where it is stated"))
Field("targets.document", _("Registered document"), reads=naming.document)
Field("targets.document_id", hidden=True)
Field("targets.withdrawn_on", _("Withdrawn on"), reads=naming.day)
Field("targets.illustrative", _("Illustrative"))
Field("targets.reason", _("Reason"))
