"""The group of the commands of reforms, and how they find one."""

import click
from django.utils.translation import gettext as _

from plenum.access.command_line import CommandLine
from plenum.reorganisations.models import Reform
from plenum.reorganisations.queries import visible_reforms


@click.group()
def reform() -> None:
    """Plan, rehearse, execute and undo reforms."""


def reform_coded(line: CommandLine, code: str) -> Reform:
    """The reform with a code, as far as the actor sees it."""
    found = visible_reforms(line.actor, line.today).filter(code=code).first()
    if found is None:
        raise click.ClickException(_("There is no reform “%(code)s”.") % {"code": code})
    return found
