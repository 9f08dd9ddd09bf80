"""Commands of the installation: set up, migrate, demonstrate, serve, translate."""

import signal
import sys

import click
from django.conf import settings

from plenum.site import demonstration, translations
from plenum.site.clock import pinned_day
from plenum.site.database import opening
from plenum.site.database.embedded import port_is_free
from plenum.site.home import home, make_secret_key, setting
from plenum.site.operations.commands import commands as operations
from plenum.site.operations.terminal import Progress
from plenum.site.sample.commands import sample
from plenum.site.serving import serve_pages
from plenum.site.working.beside import end_with
from plenum.site.working.worker import work

HOST = "127.0.0.1"
LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
PORT = 8000
MOST_JOBS_AT_ONCE = 8
MOST_WORKERS = 6
"""Each holds up to eight sessions of the database, and the embedded one allows sixty."""


@click.command()
def setup() -> None:
    """Set up an empty installation: database, tables, rights, translations. Safe to repeat."""
    progress = Progress()
    prepare_installation(progress)
    click.echo(f"Plenum is set up in {home()}.", err=True)


@click.command()
def migrate() -> None:
    """Bring the tables of the installation up to date, without a backup before; see `upgrade`."""
    opening.open_database()
    opening.migrate()
    click.echo("The tables are up to date.", err=True)


def prepare_installation(progress: Progress) -> None:
    """Make whatever this installation lacks."""
    progress("Compiling translations")
    translations.compile_all()
    opening.set_up(progress)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True)
@click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    default=lambda: setting("WORKERS", "1"),
    show_default="PLENUM_WORKERS, else 1",
    help="Working processes.",
)
@click.option(
    "--with-worker/--without-worker",
    default=lambda: setting("WITH_WORKER") in ("1", "true", "True", "yes"),
    show_default="PLENUM_WITH_WORKER, else without",
    help="Do jobs beside the pages, for small installations.",
)
def serve(port: int, host: str, workers: int, with_worker: bool) -> None:
    """Serve the pages until stopped with Ctrl-C or SIGTERM; running requests are finished first."""
    end_in_order_when_told()
    refuse_taken_port(port)
    if settings.DEBUG:
        raise click.ClickException("DEBUG is on: pages would show strangers what only developers may see.")
    opening.open_database()
    refuse_old_tables()
    if demonstration.state() == demonstration.LOADING:
        again = "./dev demo"
        if demonstration.content() == demonstration.NATIONAL_SAMPLE:
            again = "./dev plenum sample national --resume"
        raise click.ClickException(f"The demonstration was not loaded to its end. Run: {again}")
    for warning in unfit_to_serve(host):
        click.echo(f"Warning: {warning}", err=True)
    make_secret_key()
    serve_pages(host, port, workers, with_worker=with_worker)


@click.command("work")
@click.option(
    "--concurrency",
    type=click.IntRange(1, MOST_JOBS_AT_ONCE),
    default=1,
    show_default=True,
    help="So many jobs at a time.",
)
@click.option("--beside", type=int, hidden=True, help="Ends with this process, which has started it.")
def work_command(concurrency: int, beside: int | None) -> None:
    """Do the jobs that wait until stopped with Ctrl-C or SIGTERM; several workers may run, on several machines."""
    if beside is not None:
        end_with(beside)
    opening.open_database()
    refuse_old_tables()
    work(concurrency)


def end_in_order_when_told() -> None:
    """Let SIGTERM end the process the way Ctrl-C does, so that the embedded database is stopped also while starting."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(128 + signal.SIGTERM))


def unfit_to_serve(host: str) -> list[str]:
    """Return what a person should know who serves this to others, one sentence each."""
    found = []
    if pinned_day():
        found.append(f"the clock stands still on {pinned_day()}; what is entered gets that day.")
    if host not in LOCAL and not settings.ADDRESS.secure:
        found.append(
            f"passwords travel unencrypted to {host}. Put a proxy with HTTPS in front and set PLENUM_ADDRESS; "
            "see docs/operations.md."
        )
    return found


def refuse_taken_port(port: int) -> None:
    """Raise ClickException if somebody listens on `port` already."""
    if not port_is_free(port):
        free = next((other for other in range(port + 1, port + 50) if port_is_free(other)), 0)
        raise click.ClickException(f"Port {port} is in use by another program. Try: --port {free}")


def refuse_old_tables() -> None:
    """Raise ClickException if the tables are older than the program."""
    if opening.unapplied_migrations():
        raise click.ClickException("The tables are older than this Plenum. Run: ./dev plenum migrate")


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True)
@click.option("--no-serve", is_flag=True, help="Prepare everything and stop.")
@click.option("--reset", is_flag=True, help="Throw away what was entered and load the reference year again.")
@click.option("--yes", is_flag=True, help="Do not ask before a reset.")
def demo(port: int, no_serve: bool, reset: bool, yes: bool) -> None:
    """Set up a demonstration with the reference year, and serve it. Again: keeps what was entered."""
    if not no_serve:
        end_in_order_when_told()
        refuse_taken_port(port)
    progress = Progress()
    prepare_installation(progress)
    if reset and demonstration.state() is not None:
        confirm_reset(yes)
    demonstration.refuse_other_installation()
    if reset or demonstration.state() != demonstration.LOADED:
        demonstration.start_over(progress)
    progress("Ready")
    click.echo(demonstration.welcome(None if no_serve else f"http://{HOST}:{port}/"))
    if not no_serve:
        serve_pages(HOST, port, with_worker=True)


def confirm_reset(yes: bool) -> None:
    """Ask before everything is thrown away. Raises ClickException if the answer is no or nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.ClickException(
            "A reset throws away everything entered. Nobody is there to ask; add --yes."
        )
    click.confirm(f"Throw away everything entered in {home()} and start over?", abort=True)


@click.group()
def messages() -> None:
    """Translations: extract messages from the code, compile them, check that none is missing."""


@messages.command()
def extract() -> None:
    """Bring every room's lists of messages up to date with its code and templates."""
    for path, found, missing in translations.extract_all():
        click.echo(f"{path}: {found} messages, {missing} without translation")


@messages.command("compile")
def compile_messages() -> None:
    """Compile translations that are newer than what was compiled."""
    click.echo(f"{translations.compile_all()} files compiled")


@messages.command()
def check() -> None:
    """Fail if a message is missing, doubtful, or differs from its source in its placeholders."""
    faults = translations.faults()
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.ClickException(f"{len(faults)} faults in translations")
    click.echo("Translations are complete.")


@click.command()
def migrations() -> None:
    """Fail if a model has changed without a migration."""
    changes = opening.changes_without_migration()
    for change in changes:
        click.echo(change)
    if changes:
        raise click.ClickException("Models have changed without a migration.")
    click.echo("Migrations are complete.")


commands: list[click.Command] = [
    setup,
    migrate,
    serve,
    work_command,
    demo,
    sample,
    messages,
    migrations,
    *operations,
]

OPEN_FOR_THEMSELVES = frozenset(command.name for command in commands)
"""These open the database themselves, or need none."""
