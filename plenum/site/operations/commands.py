"""Commands for whoever runs an installation: backup, restore, upgrade, doctor."""

import json
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click
import psycopg
from django.utils.translation import gettext

import plenum
from plenum.access.actions import reseal_factors
from plenum.access.guard import speaking
from plenum.journal.actor import Actor
from plenum.site import translations
from plenum.site.clock import today
from plenum.site.database import opening, resolve
from plenum.site.home import SECRET_KEY, add_secret_key, drop_old_secret_keys, home
from plenum.site.operations import archive, examination
from plenum.site.operations import restore as restoring
from plenum.site.operations.backup import back_up, remember
from plenum.site.operations.terminal import Progress

BACKUPS = "backups"


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything that was entered to FILE, while people go on working."""
    opening.open_database()
    manifest = write_backup(file)
    click.echo(
        f"{manifest.rows} rows in {len(manifest.parts)} tables are in {file} ({size(file)}).", err=True
    )


def write_backup(file: Path) -> archive.Manifest:
    """Make a backup; say what is in the way in one line."""
    try:
        return back_up(file, Progress())
    except OSError as error:
        reason = (
            str(error) if isinstance(error, FileExistsError) and not error.errno else error.strerror or error
        )
        raise click.ClickException(f"The backup was not made: {reason}") from error


def size(file: Path) -> str:
    """Return the size of a file as people say it."""
    return f"{file.stat().st_size / 2**20:.1f} MB"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask before what the database holds is replaced.")
@click.option("--check", "only_check", is_flag=True, help="Examine the file and stop.")
def restore(file: Path, yes: bool, only_check: bool) -> None:
    """Replace everything in the database by what is in FILE, or nothing if that fails."""
    progress = Progress()
    progress(f"Examining {file}")
    with archive.reading(file) as reader:
        found = reader.manifest
        restoring.refuse_newer(found)
        when = datetime.fromtimestamp(found.made, UTC).strftime("%Y-%m-%d %H:%M UTC")
        click.echo(f"A backup by Plenum {found.plenum} of {when}: {found.rows} rows.", err=True)
        if only_check:
            return
        refuse_small_disk(found)
        translations.compile_all()
        opening.make_empty(progress)
        confirm(yes)
        restoring.restore(reader, progress)
    opening.migrate()
    remember(file, found.made)
    click.echo("Restored. Everybody must sign in again.", err=True)
    report()


def refuse_small_disk(found: archive.Manifest) -> None:
    """Raise ClickException if what is unpacked does not fit beside what is there."""
    place = home() if home().exists() else home().parent
    if resolve.is_embedded() and place.exists() and shutil.disk_usage(place).free < 3 * found.bytes:
        raise click.ClickException(
            f"There is too little room on the disk that holds {home()}: the backup needs {3 * found.bytes // 2**20} MB."
        )


def confirm(yes: bool) -> None:
    """Ask before anything is replaced. Raises ClickException if nobody is there to ask."""
    with psycopg.connect(opening.owner_conninfo()) as connection:
        held = restoring.needs_asking(connection)
    if not held or yes:
        return
    if not sys.stdin.isatty():
        raise click.ClickException(
            f"The database holds {held}. Nobody is there to ask; add --yes to replace all that."
        )
    click.confirm(f"The database holds {held}. Replace all that by the backup?", abort=True)


@click.command()
@click.option(
    "--no-backup", is_flag=True, help="Do not make a backup before; for those who have just made one."
)
def upgrade(no_backup: bool) -> None:
    """Make a backup, bring the tables up to date and examine everything. Run it after installing a new version."""
    progress = Progress()
    opening.open_database()
    with psycopg.connect(opening.owner_conninfo()) as connection:
        opening.refuse_company(connection)
    back = "Restore your own backup with the version before"
    if not no_backup:
        moment = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
        folder = home() / BACKUPS
        folder.mkdir(mode=0o700, exist_ok=True)
        file = folder / f"before-{plenum.__version__}-{moment}.zip"
        write_backup(file)
        back = f"To go back, install the version before and run: ./dev plenum restore {file}"
    progress("Compiling translations")
    translations.compile_all()
    progress("Bringing the tables up to date")
    try:
        opening.migrate()
    except Exception:
        click.echo(f"The tables could not be brought up to date. {back}", err=True)
        raise
    click.echo(f"The tables are those of Plenum {plenum.__version__}. {back}", err=True)
    report()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def doctor(as_json: bool) -> None:
    """Examine the installation. Exits with 1 and says what to do if anything is found."""
    opening.open_database()
    report(as_json=as_json)


def report(*, as_json: bool = False) -> None:
    """Run all checks and say what was found; exits with 1 if that is anything."""
    done = []
    with speaking(Actor.system("doctor"), today()):
        for each in examination.examine(opening.as_owner):
            done.append(each)
            if as_json:
                continue
            click.echo(f"{'FOUND' if each.findings else 'ok':<6} {gettext(each.check.title)}")
            for found in each.findings:
                click.echo(f"       - {found.what}\n         {found.remedy}")
    if as_json:
        click.echo(json.dumps([as_data(each) for each in done], ensure_ascii=False, indent=2))
    wrong = sum(len(each.findings) for each in done)
    if wrong:
        click.echo(f"Findings: {wrong}", err=True)
        sys.exit(1)
    click.echo(f"All {len(done)} checks passed.", err=True)


def as_data(each: examination.Examined) -> dict[str, object]:
    """Return what a check has found, for JSON."""
    findings = [{"what": found.what, "remedy": found.remedy} for found in each.findings]
    return {"check": each.check.code, "title": gettext(each.check.title), "findings": findings}


@click.group("key")
def key() -> None:
    """Change the key that signs what browsers keep and seals second factors: renew, restart, finish."""


@key.command()
def renew() -> None:
    """Add a new key; the one before is still believed."""
    add_secret_key()
    click.echo(f"A new key is in {home() / SECRET_KEY}. Restart Plenum, then run: ./dev plenum key finish")


@key.command()
def finish() -> None:
    """Seal every second factor with the new key and forget the keys before."""
    opening.open_database()
    operator = Actor.system("secret key")
    with speaking(operator, today()):
        sealed, closed = reseal_factors(on=today(), by=operator)
    if closed:
        raise click.ClickException(
            f"{closed} second factors were sealed with a key that is not here; no key is forgotten. "
            "Run: ./dev plenum doctor"
        )
    drop_old_secret_keys()
    click.echo(f"{sealed} secrets are sealed anew, and older keys are forgotten. Restart Plenum.")


commands: list[click.Command] = [backup, restore, upgrade, doctor, key]
