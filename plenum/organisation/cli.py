"""Units on the command line: list, show, load, and the acts on them."""

from datetime import date
from pathlib import Path

import click
from django.utils.translation import gettext as _

from plenum.access.command_line import AS_JSON, FILE, CommandLine, Day, print_json, unit_named
from plenum.access.lists import Out, prints_list
from plenum.access.reach import reachable
from plenum.organisation import actions
from plenum.organisation.actions.load_units import SHEET
from plenum.organisation.actions.take_back import TakeBack
from plenum.organisation.powers import JOURNAL_READ, READ
from plenum.organisation.queries import journal, journal_lines, reachable_units
from plenum.organisation.rows import (
    DescentRow,
    FoundUnit,
    JournalRow,
    UnitRow,
    descent_row,
    journal_row,
    seen_above,
    seen_with,
    unit_row,
    whole_unit,
)
from plenum.organisation.rows import found_unit as found_row
from plenum.organisation.wording import kind_name
from plenum.packs import pack
from plenum.tree import queries
from plenum.tree.models import Unit

SINCE = click.option("--since", type=Day(), help="The first day on which it holds; else today.")
REASON = click.option("--reason", default="", help="Why.")


@click.group(invoke_without_command=True)
@click.option("--kind", help="Only units of this kind.")
@click.option("--under", metavar="CODE", help="Only this unit and those below it.")
@click.option(
    "--search", "text", metavar="TEXT", help="Only units that are or were called so, also ended ones."
)
@click.option("--as-of", "as_of", type=Day(), help="The day looked at; else today.")
@prints_list
@click.pass_context
def units(
    context: click.Context,
    kind: str | None,
    under: str | None,
    text: str | None,
    as_of: date | None,
    out: Out,
) -> None:
    """List units, search for them, or load them from a file."""
    if context.invoked_subcommand is not None:
        return
    line: CommandLine = context.obj
    day = as_of or line.today
    if kind is not None and kind not in pack().kinds:
        known = ", ".join(pack().kinds)
        raise click.ClickException(
            _("There is no kind “%(kind)s”. Kinds: %(known)s") % {"kind": kind, "known": known}
        )
    if text:
        _search(line, text, day, out)
        return
    found = queries.units(day, kind=kind, under=_unit(line, under) if under else None)
    if not line.actor.is_system:
        allowed = set(reachable(line.actor, READ, line.today).values_list("pk", flat=True))
        found = [view for view in found if view.id in allowed]
    seen = seen_above(found, line.actor, line.today)
    if out.took([unit_row(view, seen) for view in found], UnitRow):
        return
    for view in found:
        parent = view.parent_code if view.parent_id in seen else None
        click.echo(f"{view.code:<32}  {view.kind:<18}  {parent or '–':<24}  {view.name}")
    if not found:
        click.echo(_("No units."))


def _search(line: CommandLine, text: str, day: date, out: Out) -> None:
    hits = queries.search(text, day, reachable_units(line.actor, line.today))
    seen = seen_with(hits, line.actor, line.today)
    rows = [found_row(hit, seen) for hit in hits]
    if out.took(rows, FoundUnit):
        return
    for row in rows:
        known = f"{row['name']} ({row['found_as']})" if row["found_as"] else row["name"]
        became = ", ".join(heir["code"] or heir["name"] for heir in row["became"])
        ended = f" … {row['span']['until']}" if row["span"]["until"] else ""
        click.echo(f"{row['code']:<32}  {known}{ended}{f' → {became}' if became else ''}")
    if not rows:
        click.echo(_("No units."))


@units.command()
@FILE
@click.pass_obj
def load(line: CommandLine, file: Path) -> None:
    """Found the units of a CSV file, all or none."""
    founded = actions.load_units(SHEET.read(file.read_bytes()), on=line.today, by=line.actor)
    click.echo(_("Units founded: %(count)s") % {"count": len(founded)})


@click.command()
@click.argument("code")
@click.option("--as-of", "as_of", type=Day(), help="The day looked at; else today.")
@click.option("--lineage", is_flag=True, help="Show all that it came from and went on in.")
@AS_JSON
@click.pass_obj
def unit(line: CommandLine, code: str, as_of: date | None, lineage: bool, as_json: bool) -> None:
    """Show one unit with its names, lineage and history."""
    day = as_of or line.today
    found = _unit(line, code)
    if lineage:
        _lineage(descent_row(queries.descent(found.pk, day), line.actor, line.today), as_json=as_json)
        return
    if as_json:
        print_json(whole_unit(found, day, line.actor, line.today))
        return
    view, events = queries.unit_view(found, day), queries.history(found.pk)
    above = unit_row(view, seen_above([view], line.actor, line.today))["parent"]
    click.echo(f"{view.name} ({view.code})")
    click.echo(f"{kind_name(view.kind)} · {view.span} · {above or '–'}")
    for event in events:
        parts = [part for part in (event.before, event.after) if part]
        click.echo(f"  {event.on}  {event.what.value:<14}{' → '.join(parts)}")


def _lineage(row: DescentRow, *, as_json: bool) -> None:
    if as_json:
        print_json(row)
        return
    names = {unit["number"]: f"{unit['name']} ({unit['code'] or '–'})" for unit in row["units"]}
    for bond in row["bonds"]:
        divided = f" {bond['share']} ({bond['by']})" if bond["by"] else ""
        pair = f"{names[bond['predecessor']]} → {names[bond['successor']]}"
        click.echo(f"{bond['on']}  {bond['how']:<10}{pair}{divided}")
    if not row["bonds"]:
        click.echo(_("It came from no other unit and went on in none."))


@click.command(help="List what was done at a unit, the newest first, as its journal has it.")
@click.argument("code", metavar="UNIT")
@click.option("--below", is_flag=True, help="Also at the units below it.")
@click.option("--act", default="", help="Only acts with this code, such as figures.accept_return.")
@click.option("--q", "text", default="", help="Only entries that have these words.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="So many at most.")
@prints_list
@click.pass_obj
def entries(line: CommandLine, code: str, below: bool, act: str, text: str, limit: int, out: Out) -> None:
    """Print entries of the journal."""
    at = unit_named(line, code, JOURNAL_READ)
    found = journal(line.actor, line.today, at, below=below, act=act, text=text)
    rows = [journal_row(each) for each in journal_lines(list(found[:limit]), line.today)]
    if out.took(rows, JournalRow):
        return
    for row in rows:
        changes = "; ".join(
            f"{each['field']}: {' → '.join(filter(None, (each['before'], each['after'])))}"
            for each in row["changes"]
        )
        click.echo(f"{row['on']}  {row['unit'] or '–':<20}  {row['act_name']}  {row['subject']}  {row['by']}")
        if changes:
            click.echo(f"    {changes}")


@click.command("found-unit")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--short", default="")
@click.option("--kind", required=True)
@click.option("--parent", metavar="CODE", help="The superior unit; only the root has none.")
@SINCE
@click.pass_obj
def found_unit(
    line: CommandLine, code: str, name: str, short: str, kind: str, parent: str | None, since: date | None
) -> None:
    """Found a unit."""
    above = _unit(line, parent) if parent else None
    actions.found_unit(
        code=code, name=name, short=short, kind=kind, parent=above, since=since, on=line.today, by=line.actor
    )
    click.echo(_("Founded: %(code)s") % {"code": code})


@click.command("rename-unit")
@click.argument("code")
@click.argument("name")
@click.option("--short", default="")
@SINCE
@REASON
@click.pass_obj
def rename_unit(line: CommandLine, code: str, name: str, short: str, since: date | None, reason: str) -> None:
    """Give a unit another name."""
    actions.rename_unit(
        _unit(line, code), name=name, short=short, since=since, reason=reason, on=line.today, by=line.actor
    )
    click.echo(_("Renamed: %(code)s") % {"code": code})


@click.command("move-unit")
@click.argument("code")
@click.argument("parent")
@SINCE
@REASON
@click.pass_obj
def move_unit(line: CommandLine, code: str, parent: str, since: date | None, reason: str) -> None:
    """Place a unit, with all below it, under another superior unit."""
    above = _unit(line, parent)
    actions.move_unit(
        _unit(line, code), parent=above, since=since, reason=reason, on=line.today, by=line.actor
    )
    click.echo(_("Moved: %(code)s") % {"code": code})


@click.command("change-kind")
@click.argument("code")
@click.argument("kind")
@SINCE
@REASON
@click.pass_obj
def change_kind(line: CommandLine, code: str, kind: str, since: date | None, reason: str) -> None:
    """Make a unit one of another kind."""
    actions.change_kind(
        _unit(line, code), kind=kind, since=since, reason=reason, on=line.today, by=line.actor
    )
    click.echo(_("Changed: %(code)s") % {"code": code})


@click.command("dissolve-unit")
@click.argument("code")
@SINCE
@REASON
@click.pass_obj
def dissolve_unit(line: CommandLine, code: str, since: date | None, reason: str) -> None:
    """End a unit; the day is the first without it."""
    actions.dissolve_unit(_unit(line, code), since=since, reason=reason, on=line.today, by=line.actor)
    click.echo(_("Dissolved: %(code)s") % {"code": code})


@click.command("take-back")
@click.argument("code")
@click.argument("what", type=click.Choice([each.value for each in TakeBack]))
@click.option("--reason", required=True, help="Why.")
@click.pass_obj
def take_back(line: CommandLine, code: str, what: str, reason: str) -> None:
    """Take back the last change of a unit's name, kind or parent, or its dissolution."""
    actions.take_back(_unit(line, code), what=TakeBack(what), reason=reason, on=line.today, by=line.actor)
    click.echo(_("Taken back: %(code)s") % {"code": code})


def _unit(line: CommandLine, code: str) -> Unit:
    return unit_named(line, code, READ)


commands: list[click.Command] = [
    units,
    unit,
    entries,
    found_unit,
    rename_unit,
    move_unit,
    change_kind,
    dissolve_unit,
    take_back,
]
