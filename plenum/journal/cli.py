"""Commands of the journal."""

import json
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenum.journal.actor import Actor
from plenum.journal.models import Entry
from plenum.journal.queries import Seal, broken_links, seals
from plenum.journal.wording import broken_link_sentence


@click.group(help="Check the record of who did what.")
def journal() -> None:
    """Group of commands; see its members."""


@journal.command(help="Check that nobody has changed, removed or slipped in an entry.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--sealed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that journal seal has written: what stood in the journal then must stand there still.",
)
@click.pass_context
def verify(ctx: click.Context, as_json: bool, sealed: Path | None) -> None:
    """Print where chains are broken, and end with status 1 if any is."""
    _only_the_operator(ctx)
    links = broken_links(sealed=_read(sealed) if sealed else ())
    count = Entry.objects.count()
    if as_json:
        rows = [
            {
                "unit": link.unit_id,
                "position": link.position,
                "fault": link.fault,
                "field": link.field or None,
            }
            for link in links
        ]
        _print_json({"entries": count, "broken": rows})
    elif links:
        for link in links:
            click.echo(broken_link_sentence(link))
    else:
        text = ngettext("The journal holds: %(count)s entry.", "The journal holds: %(count)s entries.", count)
        click.echo(text % {"count": count})
    if links:
        raise SystemExit(1)


@journal.command(help="Print the ends of all chains, to be kept elsewhere for journal verify --sealed.")
@click.pass_context
def seal(ctx: click.Context) -> None:
    """Print the seals as JSON."""
    _only_the_operator(ctx)
    _print_json([{"unit": each.unit_id, "position": each.position, "hash": each.hash} for each in seals()])


def _only_the_operator(ctx: click.Context) -> None:
    """Refuse whoever acts as an account: a chain tells of units out of its reach."""
    actor: Actor | None = getattr(ctx.obj, "actor", None)
    if actor is not None and not actor.is_system:
        raise click.ClickException(_("Only the operator of the installation may do this: leave out --as."))


def _read(file: Path) -> list[Seal]:
    try:
        rows = json.loads(file.read_bytes())
        return [Seal(row["unit"], int(row["position"]), str(row["hash"])) for row in rows]
    except (ValueError, TypeError, KeyError) as error:
        raise click.ClickException(_("“%(file)s” is no file of seals.") % {"file": file}) from error


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


commands: list[click.Command] = [journal]
