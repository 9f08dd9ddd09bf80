"""Kinds of jobs: making and taking over the workbook of the units below one, when it is large."""

import tempfile
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenum.figures.powers import COLLECT
from plenum.figures.workbooks.many.making import file_name, make
from plenum.figures.workbooks.many.taking import NoneTaken, said_of, take
from plenum.figures.workbooks.writing import XLSX
from plenum.jobs.kinds import JobKind, Result, ResultFile, Running
from plenum.packs import wording
from plenum.periods import Period
from plenum.tree.models import Unit

PIECE = 1 << 20


def _make(job: Running) -> Result:
    above, form, period = _about(job)
    file = tempfile.TemporaryFile()  # noqa: SIM115 — it is read after this has returned, and closed then
    rows = make(
        file,
        above,
        form,
        period,
        str(job.arguments["language"]),
        progress=job.tell,
        on=job.on,
        by=job.actor,
    )
    if not rows:
        file.close()
        return Result(_("No unit below owes this form for this period."))
    said = _("Rows in the workbook: %(count)s.") % {
        "count": wording.number(rows, str(job.arguments["language"]))
    }
    return Result(said, ResultFile(file_name(above.code, form, period), XLSX, _pieces(file)))


def _take(job: Running) -> Result:
    above, form, period = _about(job)
    try:
        tally = take(
            job.given(),
            above,
            form=form,
            period=period,
            submit=bool(job.arguments["submit"]),
            progress=job.tell,
            on=job.on,
            by=job.actor,
        )
    except NoneTaken as refusal:
        file = tempfile.TemporaryFile()  # noqa: SIM115 — it is read after this has returned, and closed then
        refusal.mark(file)
        marked = ResultFile(file_name(above.code, form, period), XLSX, _pieces(file))
        return Result(str(refusal), marked, failed=True)
    return Result(said_of(tally))


def _about(job: Running) -> tuple[Unit, str, Period]:
    return (
        Unit.objects.get(pk=job.unit_id),
        str(job.arguments["form"]),
        Period.parse(str(job.arguments["period"])),
    )


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


MAKE = JobKind("figures.make_workbook", gettext_lazy("Make a workbook of the units below"), COLLECT, _make)
TAKE = JobKind(
    "figures.take_workbook", gettext_lazy("Take over a workbook of the units below"), COLLECT, _take
)
