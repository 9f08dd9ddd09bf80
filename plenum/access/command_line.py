"""What every command receives: who acts and on which day."""

from dataclasses import dataclass
from datetime import date

from plenum.journal.actor import Actor


@dataclass(frozen=True)
class CommandLine:
    """The ``ctx.obj`` of every command: the actor of ``--as`` and the day of ``--as-of``."""

    actor: Actor
    today: date
