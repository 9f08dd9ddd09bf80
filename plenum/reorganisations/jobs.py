"""Kinds of jobs: rehearsing and executing a reform that takes longer than a page may wait."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenum.jobs.kinds import JobKind, Result, Running
from plenum.reorganisations import actions
from plenum.reorganisations.powers import EXECUTE, PLAN


def _rehearse(job: Running) -> Result:
    job.tell(0, 1, _("The plan is worked out on the tree as it is."))
    rehearsal = actions.rehearse_reform(
        int(job.arguments["reform"]), edition=job.arguments["edition"], on=job.on, by=job.actor
    )
    text = _("Rehearsed. To put right: %(blocking)s. Without an owner: %(open)s.")
    return Result(text % {"blocking": rehearsal.blocking, "open": rehearsal.open_objects})


def _execute(job: Running) -> Result:
    job.tell(0, 1, _("The tree is changed, and everything is done that was decided."))
    reform = actions.execute_reform(
        int(job.arguments["reform"]), edition=job.arguments["edition"], on=job.on, by=job.actor
    )
    return Result(_("Executed: %(code)s (%(digest)s)") % {"code": reform.code, "digest": reform.digest})


REHEARSE = JobKind("reorganisations.rehearse", gettext_lazy("Rehearse a reform"), PLAN, _rehearse)
EXECUTE_JOB = JobKind("reorganisations.execute", gettext_lazy("Execute a reform"), EXECUTE, _execute)
