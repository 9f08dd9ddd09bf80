"""What may be done with reforms, with what reach, and what the journal calls each act.

A reform belongs to the unit that answers for it and changes only what stands below that unit. Whoever may plan there
drafts, rehearses and decides; the units concerned and their superiors approve, each for itself.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenum.access.powers import Power, Reach
from plenum.journal.acts import Act
from plenum.journal.words import Field
from plenum.packs import naming

READ = Power("reorganisations.read", Reach.UNIT_AND_BELOW, _("See reforms"))
PLAN = Power("reorganisations.plan", Reach.UNIT_AND_BELOW, _("Plan reforms below and rehearse them"))
ANSWER = Power(
    "reorganisations.answer", Reach.UNIT, _("Approve reforms that concern the unit, and do what follows them")
)
EXECUTE = Power("reorganisations.execute", Reach.UNIT_AND_BELOW, _("Execute reforms and undo them"))

DRAFT_REFORM = Act("reorganisations.draft_reform", _("Reform drafted"))
CHANGE_REFORM = Act("reorganisations.change_reform", _("Reform changed"))
SUBMIT_REFORM = Act("reorganisations.submit_reform", _("Reform submitted for approval"))
APPROVE_REFORM = Act("reorganisations.approve_reform", _("Reform approved"))
WITHDRAW_APPROVAL = Act("reorganisations.withdraw_approval", _("Approval of a reform withdrawn"))
REHEARSE_REFORM = Act("reorganisations.rehearse_reform", _("Reform rehearsed"))
DECIDE = Act("reorganisations.decide", _("Decided what becomes of objects in a reform"))
EXECUTE_REFORM = Act("reorganisations.execute_reform", _("Reform executed"))
CHANGED_BY_REFORM = Act("reorganisations.changed_by_reform", _("Changed by a reform"))
UNDO_REFORM = Act("reorganisations.undo_reform", _("Reform undone before it held"))
FINISH_WORK = Act("reorganisations.finish_work", _("Work after a reform finished"))

FATES = {
    "founded": _("founded"),
    "changes": _("changed"),
    "moved": _("moved"),
    "merged": _("merged"),
    "split": _("divided"),
    "dissolved": _("dissolved"),
}

Field("reorganisations.title", pgettext_lazy("reform", "Title"))
Field("reorganisations.reform", _("Reform"))
Field("reorganisations.since", _("From"), reads=naming.day)
Field("reorganisations.fate", _("What becomes of it"), reads=FATES)
Field("reorganisations.heirs", _("Goes on in"))
Field("reorganisations.edition", _("Edition"))
Field("reorganisations.steps", _("Steps"))
Field("reorganisations.findings", _("Findings"))
Field("reorganisations.open", _("Without an owner"))
Field("reorganisations.decisions", _("Decisions"))
Field("reorganisations.founded", _("Units founded"))
Field("reorganisations.ended", _("Units ended"))
Field("reorganisations.moved", _("Units moved"))
Field("reorganisations.reason", _("Reason"))
Field("reorganisations.work", _("Work"))
Field("reorganisations.digest", hidden=True)
