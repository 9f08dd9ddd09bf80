"""Commands of the journal."""

import json

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenum.journal.models import Entry
from plenum.journal.queries import broken_links


@click.group(help="Check the record of who did what.")
def journal() -> None:
    """Group of commands; see its members."""


@journal.command(help="Check that nobody has changed or removed an entry.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(as_json: bool) -> None:
    """Print where chains are broken, and end with status 1 if any is."""
    links = broken_links()
    count = Entry.objects.count()
    if as_json:
        rows = [{"unit": link.unit_id, "position": link.position, "fault": link.fault} for link in links]
        click.echo(json.dumps({"entries": count, "broken": rows}, ensure_ascii=False, indent=2))
    elif links:
        for link in links:
            click.echo(
                _("Unit %(unit)s, entry %(position)s: %(fault)s")
                % {"unit": link.unit_id or "-", "position": link.position, "fault": link.fault}
            )
    else:
        text = ngettext("The journal holds: %(count)s entry.", "The journal holds: %(count)s entries.", count)
        click.echo(text % {"count": count})
    if links:
        raise SystemExit(1)


commands: list[click.Command] = [journal]
