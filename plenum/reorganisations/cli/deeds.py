"""Commands that draft, rehearse, approve, execute and undo one reform."""

from pathlib import Path

import click
from django.utils.translation import gettext as _

from plenum.access.command_line import AS_JSON, FILE, CommandLine, print_json, progress_line
from plenum.access.reach import require
from plenum.directives.queries import DocumentAmbiguous, DocumentUnknown, find, readable
from plenum.packs import wording
from plenum.reorganisations import actions
from plenum.reorganisations.cli.group import reform, reform_coded
from plenum.reorganisations.difference_rows import difference_row
from plenum.reorganisations.difference_wording import difference_lines
from plenum.reorganisations.models import Approval, Reform, Rehearsal
from plenum.reorganisations.powers import PLAN
from plenum.reorganisations.queries import (
    decisions_of,
    plan_of,
    reform_view,
    visible_reforms,
    work_out,
)
from plenum.reorganisations.queries.report import difference_of, report_of
from plenum.reorganisations.queries.seen import seen, units_reached
from plenum.reorganisations.rows import (
    RehearsalRow,
    reform_row,
    rehearsal_row,
    report_row,
    whole_reform,
)
from plenum.reorganisations.rules import (
    EXECUTING,
    REHEARSING,
    UNDOING,
    Plan,
    Unreadable,
    read_sheets,
    read_toml,
    write_sheets,
    write_toml,
)
from plenum.reorganisations.wording import (
    faults_in_words,
    nobody_may_approve,
    objects_hidden_in_words,
    told_in_words,
)
from plenum.tree.models import Unit

REASON = click.option("--reason", required=True, help="Why.")
PLAN_OR_CODE = click.argument("plan", metavar="PLAN")
MOST_SHOWN = 50
"""How many findings and objects are written out; the others are counted."""


@reform.command()
@click.argument("code")
@AS_JSON
@click.pass_obj
def show(line: CommandLine, code: str, as_json: bool) -> None:
    """Show one reform, how it stands and what its last rehearsal has found."""
    view = reform_view(reform_coded(line, code), line.today)
    rehearsed = None
    if view.rehearsal is not None:
        reached = units_reached(view.rehearsal.report, view.owner.code, line.actor, line.today)
        rehearsed = rehearsal_row(view.rehearsal, decisions_of(view.reform), reached)
    if as_json:
        print_json({**whole_reform(view), "rehearsal": rehearsed})
        return
    click.echo(f"{view.reform.title} ({view.reform.code})")
    click.echo(f"{view.state} · {view.reform.on_date} · {view.owner.name}")
    for each in view.asked:
        click.echo(f"  {each.unit.code:<32}  {each.on or '–'}  {each.by}")
        if each.by_nobody:
            click.echo(f"    {nobody_may_approve()}")
    if rehearsed is not None:
        _tell(rehearsed)


@reform.command()
@PLAN_OR_CODE
@AS_JSON
@click.pass_obj
def rehearse(line: CommandLine, plan: str, as_json: bool) -> None:
    """Work PLAN out without executing it: a TOML or XLSX file, of which nothing is kept, or the code of a reform."""
    path = Path(plan)
    if path.is_file():
        the_plan = _read(path)
        owner = Unit.objects.filter(code=the_plan.owner).first()
        if owner is None:
            raise click.ClickException(_("There is no unit “%(code)s”.") % {"code": the_plan.owner})
        require(line.actor, PLAN, owner, line.today)
        with progress_line() as said:
            tell = told_in_words(REHEARSING, said)
            found = work_out(the_plan, line.today, tell)
            kept, decisions = difference_of(found, line.today, tell), dict[str, str]()
        row = report_row(report_of(found), found.came.digest(), found.tree_digest, {})
        owner_code = the_plan.owner
    else:
        the_reform = reform_coded(line, plan)
        rehearsal = _rehearsed(line, the_reform)
        decisions = decisions_of(the_reform)
        row = rehearsal_row(rehearsal, decisions)
        kept, owner_code = rehearsal.difference, plan_of(the_reform).owner
    difference = difference_row(seen(kept, owner_code, line.actor, line.today), decisions)
    if as_json:
        print_json({**row, "difference": difference})
        return
    _tell(row)
    for text in difference_lines(difference):
        click.echo(text)


@reform.command()
@FILE
@click.option(
    "--document", default="", metavar="REFERENCE", help="The registered document that is its legal basis."
)
@click.pass_obj
def draft(line: CommandLine, file: Path, document: str) -> None:
    """Keep the plan of a file as a new reform, or as the next edition of the reform with its code."""
    kept = _keep(line, _read(file), document)
    click.echo(_("Kept: %(code)s, edition %(edition)s") % {"code": kept.code, "edition": kept.edition})


@reform.command("plan")
@click.argument("code")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.pass_obj
def write_plan(line: CommandLine, code: str, output: Path) -> None:
    """Write the plan of a reform to a file, as XLSX or TOML by its ending."""
    the_plan = plan_of(reform_coded(line, code))
    output.write_bytes(
        write_sheets(the_plan) if output.suffix.lower() == ".xlsx" else write_toml(the_plan).encode()
    )
    click.echo(str(output))


@reform.command("take-back")
@click.argument("code")
@click.pass_obj
def take_back(line: CommandLine, code: str) -> None:
    """Undo the last change of a plan: the one of before comes back as the next edition."""
    kept = actions.take_back_change(reform_coded(line, code).pk, on=line.today, by=line.actor)
    click.echo(_("Kept: %(code)s, edition %(edition)s") % {"code": kept.code, "edition": kept.edition})


@reform.command()
@click.argument("code")
@click.pass_obj
def submit(line: CommandLine, code: str) -> None:
    """Ask the units concerned and their superiors to approve."""
    actions.submit_reform(reform_coded(line, code).pk, on=line.today, by=line.actor)
    click.echo(_("Submitted: %(code)s") % {"code": code})


@reform.command()
@click.argument("code")
@click.argument("unit")
@click.option("--withdraw", is_flag=True, help="Take the approval back.")
@click.option("--reason", default="", help="Why it is taken back.")
@click.pass_obj
def approve(line: CommandLine, code: str, unit: str, withdraw: bool, reason: str) -> None:
    """Approve a reform for a unit, or take that back."""
    the_reform = reform_coded(line, code)
    asked = Unit.objects.filter(code=unit).first()
    if asked is None:
        raise click.ClickException(_("There is no unit “%(code)s”.") % {"code": unit})
    if withdraw:
        actions.withdraw_approval(the_reform.pk, asked, reason=reason, on=line.today, by=line.actor)
        click.echo(_("Withdrawn: %(code)s") % {"code": unit})
    else:
        actions.approve_reform(the_reform.pk, asked, on=line.today, by=line.actor)
        click.echo(_("Approved: %(code)s") % {"code": unit})


@reform.command()
@click.argument("code")
@click.argument("decisions", nargs=-1, metavar="[SUBJECT=CHOICE]...")
@click.option("--accept-proposals", is_flag=True, help="Decide about everything else as proposed.")
@click.option("--of", default="", help="Accept proposals only about objects of this sort, as access.Grant.")
@click.pass_obj
def decide(line: CommandLine, code: str, decisions: tuple[str, ...], accept_proposals: bool, of: str) -> None:
    """Decide what becomes of objects that the last rehearsal has found, as access.Grant:12=to:a-unit."""
    the_reform = reform_coded(line, code)
    choices = dict(each.partition("=")[::2] for each in decisions)
    if choices:
        actions.decide(the_reform.pk, choices, on=line.today, by=line.actor)
    count = len(choices)
    if accept_proposals:
        count += actions.accept_proposals(the_reform.pk, of=of, on=line.today, by=line.actor)
    click.echo(_("Decided: %(count)s") % {"count": count})


@reform.command()
@PLAN_OR_CODE
@click.option("--accept-proposals", is_flag=True, help="Decide as proposed about what nobody has decided.")
@click.option("--approve", is_flag=True, help="Approve for every unit that is asked, as far as one may.")
@AS_JSON
@click.pass_obj
def execute(line: CommandLine, plan: str, accept_proposals: bool, approve: bool, as_json: bool) -> None:
    """Execute PLAN: the code of a prepared reform, or a file, which is kept, rehearsed and submitted first.

    The operator of the installation, who acts without --as, approves for all units that are asked.
    """
    path = Path(plan)
    the_reform = _prepared(line, _read(path)) if path.is_file() else reform_coded(line, plan)
    if approve or (line.actor.is_system and path.is_file()):
        for each in Approval.objects.filter(reform=the_reform, approved_on=None).select_related("unit"):
            actions.approve_reform(the_reform.pk, each.unit, on=line.today, by=line.actor)
    if accept_proposals:
        actions.accept_proposals(the_reform.pk, on=line.today, by=line.actor)
    with progress_line() as said:
        tell = told_in_words(EXECUTING, said)
        done = actions.execute_reform(the_reform.pk, tell=tell, on=line.today, by=line.actor)
    if as_json:
        print_json(reform_row(reform_view(done, line.today)))
    else:
        click.echo(_("Executed: %(code)s (%(digest)s)") % {"code": done.code, "digest": done.digest})


@reform.command()
@click.argument("code")
@REASON
@click.pass_obj
def undo(line: CommandLine, code: str, reason: str) -> None:
    """Undo an executed reform before the first day on which it holds."""
    the_reform = reform_coded(line, code)
    with progress_line() as said:
        tell = told_in_words(UNDOING, said)
        actions.undo_reform(the_reform.pk, reason=reason, tell=tell, on=line.today, by=line.actor)
    click.echo(_("Undone: %(code)s") % {"code": code})


def _read(path: Path) -> Plan:
    body = path.read_bytes()
    try:
        if path.suffix.lower() == ".xlsx":
            return read_sheets(body)
        return read_toml(body.decode())
    except UnicodeDecodeError:
        raise click.ClickException(_("This is no text in UTF-8. Save it so and send it again.")) from None
    except Unreadable as error:
        raise click.ClickException("\n".join(faults_in_words(error))) from None


def _keep(line: CommandLine, plan: Plan, reference: str = "") -> Reform:
    """The reform with this plan: a new one, one that says so already, or its next edition."""
    document_id = _document(line, reference) if reference else None
    known = visible_reforms(line.actor, line.today).filter(code=plan.code).first()
    if known is None:
        return actions.draft_reform(plan, document_id=document_id, on=line.today, by=line.actor)
    document_id = document_id or known.document_id
    same = plan_of(known) == plan and document_id == known.document_id
    if same and known.state in ("draft", "submitted"):
        return known
    return actions.change_reform(known.pk, plan, document_id=document_id, on=line.today, by=line.actor)


def _document(line: CommandLine, reference: str) -> int:
    try:
        return find(reference, readable(line.actor, line.today)).pk
    except (DocumentUnknown, DocumentAmbiguous) as error:
        raise click.ClickException(str(error)) from None


def _rehearsed(line: CommandLine, reform: Reform) -> Rehearsal:
    with progress_line() as said:
        tell = told_in_words(REHEARSING, said)
        return actions.rehearse_reform(reform.pk, tell=tell, on=line.today, by=line.actor)


def _prepared(line: CommandLine, plan: Plan) -> Reform:
    """The reform with this plan, rehearsed now and submitted."""
    kept = _keep(line, plan)
    rehearsal = _rehearsed(line, kept)
    if rehearsal.blocking:
        _tell(rehearsal_row(rehearsal, {}))
        raise click.ClickException(
            _("The rehearsal has found what cannot be. Put it right and rehearse again.")
        )
    if kept.state == "draft":
        return actions.submit_reform(kept.pk, on=line.today, by=line.actor)
    return kept


def _tell(row: RehearsalRow) -> None:
    changes = row["changes"]
    click.echo(
        _("Founded: %(founded)s. Ended: %(ended)s. Moved: %(moved)s.")
        % {name: wording.number(changes[name], "en") for name in ("founded", "ended", "moved")}
    )
    for finding in row["findings"][:MOST_SHOWN]:
        click.echo(f"  {'✗' if finding['blocks'] else '·'} {finding['step'] or ''} {finding['text']}")
    click.echo(
        _("To put right: %(blocking)s. Without an owner: %(open)s. Not decided: %(undecided)s.")
        % {"blocking": row["blocking"], "open": row["open_objects"], "undecided": row["undecided"]}
    )
    for each in row["objects"][:MOST_SHOWN]:
        words = {choice["choice"]: choice["text"] for choice in each["choices"]}
        shown = each["decided"] or each["proposal"]
        click.echo(f"  {each['subject']:<28}  {each['label']}  → {words[shown]}")
    if row["objects_hidden"]:
        click.echo(objects_hidden_in_words(row["objects_hidden"]))
