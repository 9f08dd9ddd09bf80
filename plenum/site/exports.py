"""Which streams there are for analysts, the same for the API and the command line."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from plenum.access.powers import Power
from plenum.access.streams import Stream
from plenum.figures.exported import Chosen, figures_stream, returns_stream
from plenum.figures.powers import READ as READ_FIGURES
from plenum.journal.actor import Actor
from plenum.organisation.exported import journal_stream, units_stream
from plenum.organisation.powers import JOURNAL_READ
from plenum.organisation.powers import READ as READ_UNITS
from plenum.periods import Period
from plenum.targets.exported import targets_stream
from plenum.targets.powers import READ as READ_TARGETS

Name = Literal["figures", "returns", "units", "targets", "journal"]
Kind = Literal["parquet", "csv"]

POWERS: dict[str, Power] = {
    "figures": READ_FIGURES,
    "returns": READ_FIGURES,
    "units": READ_UNITS,
    "targets": READ_TARGETS,
    "journal": JOURNAL_READ,
}
"""By what power a unit is named in each stream."""


@dataclass(frozen=True)
class Asked:
    """What part of a stream is wanted: how one looks at it, which months, which unit with all below it."""

    as_of: date
    known_on: date | None = None
    since: Period | None = None
    until: Period | None = None
    unit_id: int | None = None


def stream_named(name: Name, asked: Asked, *, actor: Actor, on: date) -> Stream:
    """The stream as an actor is shown it on a day."""
    chosen = Chosen(asked.since, asked.until, asked.unit_id)
    if name == "figures":
        return figures_stream(actor, on, as_of=asked.as_of, known_on=asked.known_on, chosen=chosen)
    if name == "returns":
        return returns_stream(actor, on, as_of=asked.as_of, chosen=chosen)
    if name == "journal":
        return journal_stream(
            actor, on, as_of=asked.as_of, since=asked.since, until=asked.until, unit_id=asked.unit_id
        )
    if name == "units":
        return units_stream(actor, on, as_of=asked.as_of, unit_id=asked.unit_id)
    return targets_stream(actor, on, as_of=asked.as_of, known_on=asked.known_on, unit_id=asked.unit_id)
