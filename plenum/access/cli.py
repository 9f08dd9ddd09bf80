"""Commands on accounts and grants."""

from datetime import date, timedelta
from pathlib import Path

import click
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenum.access import actions
from plenum.access.actions.load_accounts import SHEET
from plenum.access.command_line import FILE, CommandLine, Day, unit_named
from plenum.access.lists import Out, prints_list
from plenum.access.models import Account, Grant
from plenum.access.powers import GRANT
from plenum.access.queries import account_by_login, grants_at, grants_of_all
from plenum.access.reach import reachable
from plenum.access.rows import AccountRow, GrantOfUnit, account_row, grant_of_unit
from plenum.tree.queries import unit_views


@click.group(invoke_without_command=True, help="List the accounts with their grants, or load accounts.")
@prints_list
@click.pass_context
def accounts(ctx: click.Context, out: Out) -> None:
    """Print the accounts kept by units that the actor may grant for."""
    if ctx.invoked_subcommand is not None:
        return
    line: CommandLine = ctx.obj
    found = Account.objects.order_by("login")
    if not line.actor.is_system:
        found = found.filter(unit__in=reachable(line.actor, GRANT, line.today))
    held = grants_of_all(found, line.today)
    views = unit_views({each.unit_id for grants in held.values() for each in grants}, line.today)
    codes = {view.id: view.code for view in views.values()}
    rows = [account_row(account, held.get(account.pk, []), codes) for account in found]
    if out.took(rows, AccountRow):
        return
    for row in rows:
        grants = "; ".join(
            f"{each['role']} @ {each['unit']} {each['from']} … {each['until'] or ''}"
            for each in row["grants"]
        )
        closed = "" if row["active"] else "  [" + _("closed") + "]"
        click.echo(f"{row['login']:<24} {row['name']}{closed}  {grants}".rstrip())


@accounts.command(
    "load", help="Load accounts and grants from a CSV file: login,name,language,unit,role,from,until."
)
@FILE
@click.pass_obj
def load(line: CommandLine, file: Path) -> None:
    """Write all rows or none."""
    made = actions.load_accounts(SHEET.read(file.read_bytes()), on=line.today, by=line.actor)
    text = ngettext("%(count)s account loaded.", "%(count)s accounts loaded.", len(made))
    click.echo(text % {"count": len(made)})


@click.group(help="Create or close an account, set its password, give or end a grant.")
def account() -> None:
    """Group of commands; see its members."""


@account.command("create", help="Create an account; its password is asked for, or made up and printed.")
@click.argument("login")
@click.option("--name", required=True, help="The name of the person.")
@click.option("--language", default="vi", show_default=True, help="vi, en, ru or cs.")
@click.option("--unit", "code", help="The unit that keeps the account and where it gets its role.")
@click.option("--role", help="The set of powers it gets at the unit from today.")
@click.option("--ask/--make-up", "ask", default=False, help="Ask for the password instead of making one up.")
@click.pass_obj
def create(
    line: CommandLine, login: str, name: str, language: str, code: str | None, role: str | None, ask: bool
) -> None:
    """Create the account with its first grant, or nothing of both."""
    if role and not code:
        raise click.UsageError(_("Name the unit with --unit for the role."))
    unit = unit_named(line, code, GRANT) if code else None
    password = _asked() if ask else actions.new_password()
    with transaction.atomic():
        made = actions.create_account(
            login, name=name, language=language, unit=unit, password=password, on=line.today, by=line.actor
        )
        if role and unit is not None:
            actions.grant_powers(made, unit, role, start=line.today, on=line.today, by=line.actor)
    click.echo(_("Account created: %(login)s") % {"login": made.login})
    if not ask:
        click.echo(_("Password: %(password)s") % {"password": password})


@account.command("password", help="Set the password of an account: asked for, or made up and printed.")
@click.argument("login")
@click.option("--ask/--make-up", "ask", default=False, help="Ask for the password instead of making one up.")
@click.pass_obj
def password(line: CommandLine, login: str, ask: bool) -> None:
    """Set it; other sessions of the account end."""
    found = _account_known_to(line, login)
    current = None
    if line.actor.account_id == found.pk:
        current = click.prompt(_("Current password"), hide_input=True)
    new = _asked() if ask else actions.new_password()
    actions.change_password(found, new, current=current, on=line.today, by=line.actor)
    click.echo(_("Password: %(password)s") % {"password": new} if not ask else _("The password is changed."))


@account.command(
    "reset-second-factor", help="Take all second factors from an account whose person has lost them."
)
@click.argument("login")
@click.pass_obj
def reset_second_factor(line: CommandLine, login: str) -> None:
    """Reset them; the person signs in with the password alone until a new one is set up."""
    actions.reset_second_factor(_account_known_to(line, login), on=line.today, by=line.actor)
    click.echo(_("The second factor is reset. The person signs in with the password."))


@account.command("invite", help="Invite a person by a one-time link, which is printed once.")
@click.argument("code", metavar="UNIT")
@click.argument("role")
@click.option("--name", required=True, help="The name of the person.")
@click.option("--login", required=True, help="The login proposed; the person may choose another.")
@click.option("--language", default="vi", show_default=True, help="vi, en, ru or cs.")
@click.option("--from", "start", type=Day(), help="The first day of the grant; else today.")
@click.option("--last-day", type=Day(), help="The last day of the grant; else without end.")
@click.pass_obj
def invite(
    line: CommandLine,
    code: str,
    role: str,
    name: str,
    login: str,
    language: str,
    start: date | None,
    last_day: date | None,
) -> None:
    """Print the address to hand over; it begins with the address of the installation if that is set."""
    made, key = actions.invite(
        actions.Invited(name, login, language),
        unit_named(line, code, GRANT),
        role,
        start=start or line.today,
        until=last_day + timedelta(days=1) if last_day else None,
        on=line.today,
        by=line.actor,
    )
    address = f"{settings.ADDRESS.origin}{reverse('access:accept_invitation')}#{key}"
    click.echo(_("Hand over this link, which works once: %(link)s") % {"link": address})
    click.echo(_("Valid until: %(day)s") % {"day": made.days.last_day})


@account.command("end", help="Close an account for good and end its grants today.")
@click.argument("login")
@click.option("--even-if-last", is_flag=True, help="Even if nobody is left to give grants somewhere.")
@click.pass_obj
def end(line: CommandLine, login: str, even_if_last: bool) -> None:
    """Close the account."""
    found = _account_known_to(line, login)
    actions.deactivate_account(found, even_if_last=even_if_last, on=line.today, by=line.actor)
    click.echo(_("Account closed: %(login)s") % {"login": login})


@account.command("grant", help="Give an account the powers of a role at a unit.")
@click.argument("login")
@click.argument("code", metavar="UNIT")
@click.argument("role")
@click.option("--from", "start", type=Day(), help="The first day; else today.")
@click.option("--last-day", type=Day(), help="The last day; else without end.")
@click.pass_obj
def grant(
    line: CommandLine, login: str, code: str, role: str, start: date | None, last_day: date | None
) -> None:
    """Give the grant."""
    until = last_day + timedelta(days=1) if last_day else None
    given = actions.grant_powers(
        _account(login),
        unit_named(line, code, GRANT),
        role,
        start=start or line.today,
        until=until,
        on=line.today,
        by=line.actor,
    )
    click.echo(_("Grant %(number)s given.") % {"number": given.pk})


@account.command("end-grant", help="End a grant by its number (see grants UNIT), today or after a last day.")
@click.argument("number", type=int)
@click.option("--last-day", type=Day(), help="The last day; else it ends at once.")
@click.option("--even-if-last", is_flag=True, help="Even if nobody is left to give grants there.")
@click.pass_obj
def end_grant(line: CommandLine, number: int, last_day: date | None, even_if_last: bool) -> None:
    """End the grant."""
    found = Grant.objects.filter(pk=number).first()
    if found is None or not _may_grant(line, found.unit_id):
        raise click.ClickException(_("There is no grant with this number that you may end."))
    until = last_day + timedelta(days=1) if last_day else line.today
    actions.end_grant(found, until=until, even_if_last=even_if_last, on=line.today, by=line.actor)
    click.echo(_("The end of the grant is recorded."))


@click.command("grants", help="List who holds, held or will hold what at a unit.")
@click.argument("code", metavar="UNIT")
@prints_list
@click.pass_obj
def grants(line: CommandLine, code: str, out: Out) -> None:
    """Print the grants at the unit."""
    unit = unit_named(line, code, GRANT)
    rows = [grant_of_unit(view, unit.code) for view in grants_at(unit.pk, line.today)]
    if out.took(rows, GrantOfUnit):
        return
    for row in rows:
        days = f"{row['from']} … {row['until'] or ''}"
        click.echo(f"{row['number']:>6}  {row['login']:<24} {row['role']:<12} {days:<23}  {row['name']}")


def _may_grant(line: CommandLine, unit_id: int) -> bool:
    return line.actor.is_system or reachable(line.actor, GRANT, line.today).filter(pk=unit_id).exists()


def _account(login: str) -> Account:
    try:
        return account_by_login(login)
    except Account.DoesNotExist as error:
        raise _unknown() from error


def _account_known_to(line: CommandLine, login: str) -> Account:
    """The account, if it is one's own, or kept or at work where one may give grants; others read like unknown ones."""
    found = _account(login)
    actor = line.actor
    if actor.is_system or actor.account_id == found.pk:
        return found
    places = {*Grant.objects.filter(account=found).values_list("unit_id", flat=True)}
    places |= {found.unit_id} if found.unit_id else set()
    if not reachable(actor, GRANT, line.today).filter(pk__in=places).exists():
        raise _unknown()
    return found


def _unknown() -> ValidationError:
    return ValidationError(_("There is no account with this login. Check it, or create the account."))


def _asked() -> str:
    return str(click.prompt(_("New password"), hide_input=True, confirmation_prompt=True))


commands: list[click.Command] = [accounts, account, grants]
