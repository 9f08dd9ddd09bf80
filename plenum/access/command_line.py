"""What the commands of every room share: who acts on which day, what may be typed, how answers are printed."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import click
from django.utils.translation import gettext as _

from plenum.access.cells import read_day, read_number
from plenum.access.powers import Power
from plenum.access.reach import reachable
from plenum.journal.actor import Actor
from plenum.periods import Lens, Period, PeriodError, Tree
from plenum.tree.models import Unit


@dataclass(frozen=True)
class CommandLine:
    """The ``ctx.obj`` of every command: the actor of ``--as`` and the day of ``--as-of``."""

    actor: Actor
    today: date


class Day(click.ParamType[date]):
    """A day as 2024-09-30."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        day = value if isinstance(value, date) else read_day(str(value))
        if day is None:
            self.fail(_("“%(text)s” is no day. Write it as 2023-12-31.") % {"text": value}, param, ctx)
        return day


class TreeType(click.ParamType[Tree]):
    """The word then, the word now, or a day."""

    name = "then|now|date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Tree:
        if isinstance(value, date) or value in ("then", "now"):
            return cast(Tree, value)
        day = read_day(str(value))
        if day is None:
            self.fail(
                _("“%(text)s” names no tree of organisations. Write then, now, or a date like 2024-09-30.")
                % {"text": value},
                param,
                ctx,
            )
        return day


class PeriodType(click.ParamType[Period]):
    """A period as 2023, 2023-Q3, 2023-H1, 2023-9M or 2023-07."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        try:
            return value if isinstance(value, Period) else Period.parse(str(value))
        except PeriodError:
            text = _("Write a period such as 2023, 2023-Q3, 2023-H1, 2023-9M or 2023-07.")
            self.fail(text, param, ctx)


class Number(click.ParamType[Decimal]):
    """A number with a decimal point."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        number = value if isinstance(value, Decimal) else read_number(str(value))
        if number is None:
            self.fail(_("Write a number with a decimal point, as 90 or 113.34."), param, ctx)
        return number


AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
KNOWN_ON = click.option("--known-on", type=Day(), help="Only what was known when this day ended.")
TREE = click.option(
    "--tree",
    type=TreeType(),
    default="then",
    show_default=True,
    help="Figures on the tree of their time (then), of today (now), or of a day.",
)
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


def tree_on(line: CommandLine, tree: Tree) -> date | None:
    """The day on whose tree figures are restated; None when each stays on the tree of its time."""
    return Lens(today=line.today, as_of=line.today, tree=tree).tree_on


def print_json(value: Any) -> None:
    """Print a value for programs; days as ISO text."""
    click.echo(as_json(value), nl=False)


def as_json(value: Any) -> bytes:
    """A value for programs, in UTF-8; days as ISO text."""
    return (json.dumps(value, ensure_ascii=False, indent=2, default=_written) + "\n").encode()


def unit_named(line: CommandLine, code: str, power: Power) -> Unit:
    """The unit with this code if the actor has the power there; an unknown and an unreachable one read the same."""
    found = reachable(line.actor, power, line.today).filter(code=code).first()
    if found is None:
        raise click.ClickException(_("There is no unit “%(code)s”.") % {"code": code})
    return found


def only_the_operator(line: CommandLine) -> None:
    """Refuse a command that looks at the whole installation to whoever acts as an account."""
    if not line.actor.is_system:
        raise click.ClickException(_("Only the operator of the installation may do this: leave out --as."))


SECONDS_UNTIL_SHOWN = 1.0
SECONDS_BETWEEN_LOOKS = 0.2
CLEARED = "\r\x1b[K"
"""Takes the line away on which the cursor stands."""


@contextmanager
def progress_line() -> Iterator[Callable[[int, int, str], None]]:
    """A line that says how far something is: told what is done, of how much (0: not counted), and which words.

    It stands on the error stream of a terminal while that takes long, and goes at the end; elsewhere nothing is said.
    """
    shown = time.monotonic() + SECONDS_UNTIL_SHOWN - SECONDS_BETWEEN_LOOKS
    words, is_there = "", False

    def tell(done: int, of: int, said: str) -> None:
        nonlocal shown, words, is_there
        now = time.monotonic()
        if now - shown < (0.0 if is_there and said != words else SECONDS_BETWEEN_LOOKS):
            return
        shown, words, is_there = now, said, True
        counted = f": {done:,}/{of:,}" if of else ""
        click.echo(f"{CLEARED}{said}{counted}", err=True, nl=False)

    try:
        yield tell if sys.stderr.isatty() else lambda _done, _of, _said: None
    finally:
        if is_there:
            click.echo(CLEARED, err=True, nl=False)


def _written(value: Any) -> str:
    if isinstance(value, date):  # a moment, too: datetime is a date
        return value.isoformat()
    raise TypeError(f"not for JSON: {value!r}")
