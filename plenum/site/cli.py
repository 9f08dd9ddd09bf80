"""The command line: one group that collects the commands of every room and those of the installation."""

import gc
import os
import sys
from datetime import date
from importlib import import_module
from typing import Any

import click
import django
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from plenum.site.database.trouble import DatabaseTrouble
from plenum.site.garbage import keep_what_is_loaded
from plenum.site.home import HomeTrouble
from plenum.site.rooms import declare_jobs, rooms_with


def main() -> None:
    """Run the command line in the language of the terminal."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plenum.site.settings")
    gc.disable()  # nothing of what is imported is ever garbage: not looking for any saves a tenth of the time
    try:
        django.setup()
        translation.activate(language_of_terminal())
        commands = collected()
        keep_what_is_loaded()
    except (DatabaseTrouble, HomeTrouble) as error:
        raise SystemExit(f"Error: {error}") from error
    Plenum(
        name="plenum",
        callback=prepare,
        params=[*GLOBAL_OPTIONS],
        commands={command.name or "": command for command in commands},
        help="One record of the working year: units, directives, targets, figures and reports.",
    ).main(prog_name="plenum")


def language_of_terminal() -> str:
    """Return the language of messages: of `PLENUM_LANGUAGE` or of the terminal, else English."""
    for name in ("PLENUM_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        code = os.environ.get(name, "")[:2].lower()
        if code in ("vi", "en", "ru", "cs"):
            return code
    return "en"


def collected() -> list[click.Command]:
    """Return the commands of every room and of the installation. Django must be set up."""
    from plenum.site import installation
    from plenum.site.operations.exporting import export

    declare_jobs()
    commands: list[click.Command] = [*installation.commands, export]
    for room in rooms_with("cli"):
        commands += import_module(f"plenum.{room}.cli").commands
    return joined(commands)


def joined(commands: list[click.Command]) -> list[click.Command]:
    """Return the commands with groups of one name as one: a higher room adds its commands to those of a lower one."""
    named: dict[str, click.Command] = {}
    for command in commands:
        first = named.get(command.name or "")
        if isinstance(first, click.Group) and isinstance(command, click.Group):
            merged = {**first.commands, **command.commands}
            named[command.name or ""] = click.Group(first.name, commands=merged, help=first.help)
        else:
            named[command.name or ""] = command
    return [*named.values()]


class Day(click.ParamType[date]):
    """A date as 2024-09-30, read as in the rooms; they can be imported only after Django is set up."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        from plenum.access.command_line import Day as DayOfRooms

        return DayOfRooms().convert(value, param, ctx)


GLOBAL_OPTIONS = (
    click.Option(["--as", "login"], metavar="LOGIN", help="Act as this account, with its grants only."),
    click.Option(["--as-of", "as_of"], type=Day(), help="The day for acts and reads; else today."),
)


class Plenum(click.Group):
    """The group of all commands; says in one line what was refused and why."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            message = refusal(error)
            if message is None:
                raise
            raise click.ClickException(message) from error


def refusal(error: Exception) -> str | None:
    """Return what to tell a person about `error`; None if it is a fault of the program.

    A person can mend what acts refuse and what the rooms raise as errors of their own; anything else is a fault.
    """
    if isinstance(error, ValidationError):
        return "\n".join(messages_of(error))
    if isinstance(error, PermissionDenied):
        return str(error) or "This is not permitted."
    ours = type(error).__module__.split(".")[0] == "plenum"
    if ours and isinstance(error, (ValueError, LookupError, DatabaseTrouble, HomeTrouble)):
        return str(error)
    return None


def messages_of(error: ValidationError) -> list[str]:
    """Return the messages in `error`, each with the name of its field if it has one."""
    if not hasattr(error, "error_dict"):
        return [str(message) for message in error.messages]
    return [
        message if field == NON_FIELD_ERRORS else f"{field}: {message}"
        for field, messages in error.message_dict.items()
        for message in messages
    ]


def prepare(login: str | None, as_of: date | None) -> None:
    """Open the database and say who acts on which day, for commands that need to know."""
    from plenum.access.command_line import CommandLine
    from plenum.access.guard import speaking
    from plenum.access.models import Account
    from plenum.access.queries import account_by_login, actor_of
    from plenum.journal.actor import Actor
    from plenum.site import installation
    from plenum.site.clock import today
    from plenum.site.database.opening import open_database

    ctx = click.get_current_context()
    if ctx.invoked_subcommand in installation.OPEN_FOR_THEMSELVES or "--help" in sys.argv:
        return
    open_database()
    actor = Actor.system("command line")
    if login:
        try:
            account = account_by_login(login)
        except Account.DoesNotExist as error:
            raise click.ClickException(
                _("There is no account with this login. Check it, or create the account.")
            ) from error
        if not account.is_active:
            raise click.ClickException(_("This account is closed already."))
        actor = actor_of(account)
    ctx.obj = CommandLine(actor=actor, today=as_of or today())
    ctx.with_resource(speaking(actor, ctx.obj.today))
