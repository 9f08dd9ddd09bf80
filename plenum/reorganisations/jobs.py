"""Kinds of jobs: rehearsing, executing and undoing a reform that takes longer than a page may wait."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenum.jobs.actions import start
from plenum.jobs.kinds import JobKind, Result, Running
from plenum.jobs.models import Job
from plenum.journal.actor import Actor
from plenum.reorganisations import actions
from plenum.reorganisations.models import Reform
from plenum.reorganisations.powers import EXECUTE, PLAN
from plenum.reorganisations.queries import is_large, plan_of
from plenum.reorganisations.rules import EXECUTING, REHEARSING, UNDOING
from plenum.reorganisations.wording import told_in_words


def _rehearse(job: Running) -> Result:
    rehearsal = actions.rehearse_reform(
        int(job.arguments["reform"]),
        edition=job.arguments["edition"],
        tell=told_in_words(REHEARSING, job.tell),
        on=job.on,
        by=job.actor,
    )
    text = _("Rehearsed. To put right: %(blocking)s. Without an owner: %(open)s.")
    return Result(text % {"blocking": rehearsal.blocking, "open": rehearsal.open_objects})


def _execute(job: Running) -> Result:
    reform = actions.execute_reform(
        int(job.arguments["reform"]),
        edition=job.arguments["edition"],
        tell=told_in_words(EXECUTING, job.tell),
        on=job.on,
        by=job.actor,
    )
    return Result(_("Executed: %(code)s (%(digest)s)") % {"code": reform.code, "digest": reform.digest})


def _undo(job: Running) -> Result:
    reform = actions.undo_reform(
        int(job.arguments["reform"]),
        reason=str(job.arguments["reason"]),
        tell=told_in_words(UNDOING, job.tell),
        on=job.on,
        by=job.actor,
    )
    return Result(_("Undone: %(code)s") % {"code": reform.code})


REHEARSE = JobKind("reorganisations.rehearse", gettext_lazy("Rehearse a reform"), PLAN, _rehearse)
EXECUTE_JOB = JobKind("reorganisations.execute", gettext_lazy("Execute a reform"), EXECUTE, _execute)
UNDO_JOB = JobKind("reorganisations.undo", gettext_lazy("Undo a reform"), EXECUTE, _undo)


def start_if_large(kind: JobKind, reform: Reform, *, on: date, by: Actor, **arguments: object) -> Job | None:
    """Leave a deed on a large reform to a job; None where it takes no longer than a page or a program may wait.

    Pages and the API ask here, so that both do the same. Raises what `plenum.jobs.actions.start` does.
    """
    if not is_large(plan_of(reform), reform.unit_id):
        return None
    return start(
        kind,
        unit=reform.unit_id,
        arguments={"reform": reform.pk, **arguments},
        about=reform.title,
        on=on,
        by=by,
    )
