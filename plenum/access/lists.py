"""What every command that prints a list has in common: `--json`, `--csv`, `--xlsx`, `-o FILE`, else lines for people.

A command makes the rows that programs read anyway, and says of which type they are; the columns of a file follow from
that type, so that they are the same for every answer, also for an empty one.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import Any, Final, get_args, get_origin, get_type_hints

import click
from click.core import ParameterSource
from django.core.exceptions import BadRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from typing_extensions import is_typeddict

from plenum.access.command_line import CommandLine, as_json
from plenum.access.csv_cells import MARK
from plenum.access.tables.files import About, write_csv, write_xlsx
from plenum.access.tables.table import Cell, ReadTable
from plenum.packs.wording import day, language

Command = Callable[..., None]
Row = Mapping[str, Any]

KINDS: Final = ("json", "csv", "xlsx")
TWO_DECIMALS: Final = re.compile(r"-?\d+\.\d\d")
"""How rows write percentages, which are numbers for a spreadsheet."""
BETWEEN: Final = "; "


@dataclass(frozen=True)
class Out:
    """Where the rows of a list go: to people, as lines that the command prints itself, or into a file."""

    kind: str = ""
    file: Path | None = None

    def took(self, rows: Iterable[Row], row: type, *, whole: Any = None) -> bool:
        """Write the rows, which are of the type `row`, if they are asked for in a form for programs; else False.

        whole: what is printed as JSON, where that says more than the rows.
        """
        if not self.kind:
            return False
        found = list(rows)
        self._write(
            as_json(found if whole is None else whole) if self.kind == "json" else self._made(found, row)
        )
        return True

    def _made(self, rows: Sequence[Row], row: type) -> bytes:
        out, table = BytesIO(), as_table(rows, row)
        if self.kind == "csv":
            write_csv([table], out)
            return out.getvalue()
        try:
            write_xlsx(iter([table]), _about(), out)
        except BadRequest as error:
            raise click.ClickException(str(error)) from error
        return out.getvalue()

    def _write(self, made: bytes) -> None:
        if self.file is not None:
            write_to(self.file, made)
            return
        screen = sys.stdout.isatty()
        if screen and self.kind == "xlsx":
            raise click.UsageError(_("A file of this format does not belong on the screen: name it with -o."))
        click.echo(made.removeprefix(MARK.encode()) if screen else made, nl=False)


def prints_list(command: Command) -> Command:
    """Give a command the options of a list; it is called with `out`."""
    return prints_list_or({})(command)


def prints_list_or(others: Mapping[str, str]) -> Callable[[Command], Command]:
    """As `prints_list`, for a command that writes other formats itself: each with its help; `out.kind` names it."""

    def decorated(command: Command) -> Command:
        @wraps(command)
        def with_out(*words: Any, output: Path | None, **more: Any) -> None:
            kinds = (*KINDS, *others)
            wanted = [kind for kind in kinds if more.pop(f"as_{kind}")]
            command(*words, out=_out(wanted, output, kinds), **more)

        for option in reversed(OPTIONS):
            with_out = option(with_out)
        for kind, text in reversed([*others.items()]):
            with_out = click.option(f"--{kind}", f"as_{kind}", is_flag=True, help=text)(with_out)
        return with_out

    return decorated


OPTIONS: Final = (
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    click.option("--csv", "as_csv", is_flag=True, help="Print CSV for spreadsheets."),
    click.option("--xlsx", "as_xlsx", is_flag=True, help="Write a workbook; with -o."),
    click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help="File to write; its ending says the format if no option does.",
    ),
)


def write_to(file: Path, made: bytes) -> None:
    """Write a file and say so. Raises ClickException, with the reason, if it cannot be written."""
    try:
        file.write_bytes(made)
    except OSError as error:
        raise click.ClickException(
            _("“%(file)s” cannot be written: %(reason)s") % {"file": file, "reason": error.strerror}
        ) from error
    click.echo(_("Written: %(file)s") % {"file": file}, err=True)


def as_table(rows: Sequence[Row], row: type) -> ReadTable:
    """Rows as a table: what lies inside a row gets columns of its own (`span.from`), lists are one text."""
    paths = list(_columns(row, rows))
    head = [Cell(".".join(path)) for path in paths]
    return ReadTable(head=head, rows=[[_cell(_at(each, path)) for path in paths] for each in rows])


def _out(wanted: list[str], file: Path | None, kinds: Sequence[str]) -> Out:
    if len(wanted) > 1:
        raise click.UsageError(_("Choose one format."))
    if wanted or file is None:
        return Out("".join(wanted), file)
    ending = file.suffix.removeprefix(".").lower()
    if ending not in kinds:
        raise click.UsageError(_("Name the file FILE.csv, FILE.xlsx or FILE.json, or choose a format."))
    return Out(ending, file)


def _columns(row: Any, rows: Sequence[Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The columns of a type of rows; where its keys are data, those that the rows have."""
    for name, hint in get_type_hints(row).items():
        path = (*above, name)
        inner = next(iter(each for each in get_args(hint) if is_typeddict(each)), hint)
        if get_origin(hint) is dict:
            keys = {key: None for each in rows for key in _at(each, path) or {}}
            yield from ((*path, key) for key in keys)
        elif is_typeddict(inner) and get_origin(hint) is not list:
            yield from _columns(inner, rows, path)
        else:
            yield path


def _at(row: Any, path: tuple[str, ...]) -> Any:
    """What stands in a row at a path; None where there is nothing."""
    for name in path:
        row = None if row is None else row.get(name)
    return row


def _cell(value: Any) -> Cell:
    if isinstance(value, bool | int | float | Decimal):
        number = Decimal(str(int(value) if isinstance(value, bool) else value))
        return Cell(format(number, "f"), number)
    if isinstance(value, date) and not isinstance(value, datetime):
        return Cell(value.isoformat(), value)
    text = _text(value)
    return Cell(text, Decimal(text) if TWO_DECIMALS.fullmatch(text) else None)


def _text(value: Any) -> str:
    """What has no number or day of its own in words: of what is described by a text, that; else all that it says."""
    match value:
        case None:
            return ""
        case {"text": str(text)}:
            return text
        case Mapping():
            return " ".join(filter(None, map(_text, value.values())))
        case list() | tuple():
            return BETWEEN.join(filter(None, map(_text, value)))
        case date():
            return value.isoformat()
    return str(value)


def _about() -> About:
    """What a workbook says above its table: the command, what it was asked, the day."""
    context = click.get_current_context()
    line: CommandLine = context.obj
    asked = [
        str(value) if isinstance(parameter, click.Argument) else f"{parameter.opts[0]} {value}"
        for parameter in context.command.params
        for value in [context.params.get(parameter.name or "")]
        if parameter.name not in ("as_json", "as_csv", "as_xlsx", "output")
        and context.get_parameter_source(parameter.name or "") is not ParameterSource.DEFAULT
    ]
    lang = language(get_language())
    return About(context.command_path, " ".join(asked), day(line.today, lang), lang)
