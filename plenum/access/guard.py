"""Who speaks to the database: what row-level security goes by, and how a connection is kept telling the truth.

The database shows returns, figures, targets and reports only to those who reach them (see the migrations `reach` and
`rows` of the rooms). Whoever runs a page, a request of the API or a command says once for whom it is done:

    with speaking(actor, on):
        ...

Nothing is sent then. The connection says it before its next statement (`plenum.site.database.guarded`), and again
whenever it may have been forgotten: after a rollback, on a new connection, on one that another request has used.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from plenum.journal.actor import Actor

GUARDED_ROOMS = ("jobs", "figures", "targets", "reorganisations", "reports")
"""The rooms whose every table is guarded by row-level security."""

ALL_POWERS = "*"
"""What `plenum.powers` says of somebody who has all the powers of the grants, as everybody without a token has."""


@dataclass(frozen=True)
class Speaker:
    """What the database is told, by the names of its settings; empty where nothing is to be said."""

    account: str = ""
    acting_for: str = ""
    powers: str = ""
    day: str = ""
    everything: str = ""

    @property
    def statement(self) -> str:
        """The SQL that tells the database all of it. `SET` reads no table, so a transaction may still begin after."""
        return "; ".join(f"SET plenum.{name} = '{_plain(text)}'" for name, text in vars(self).items())


NOBODY = Speaker()
"""Nobody has said for whom: no row is shown."""

_speaker: ContextVar[Speaker | None] = ContextVar("speaker", default=None)
_unless_told = NOBODY


@contextmanager
def speaking_as(who: Speaker) -> Iterator[None]:
    """As `speaking`, for what the database is told itself."""
    token = _speaker.set(who)
    try:
        yield
    finally:
        _speaker.reset(token)


@contextmanager
def speaking(actor: Actor, on: date) -> Iterator[None]:
    """Let the database show what the actor reaches on a day, and afterwards what was shown before.

    Holds for the thread that says it. A visitor is shown nothing.
    """
    with speaking_as(speaker_for(actor, on)):
        yield


def speaker() -> Speaker:
    """Who speaks in this thread now."""
    return _speaker.get() or _unless_told


def speaker_for(actor: Actor, on: date) -> Speaker:
    """What the database is told of an actor on a day."""
    if actor.is_system:
        return Speaker(day=on.isoformat(), everything="on")
    if actor.account_id is None:
        return NOBODY
    return Speaker(
        account=str(int(actor.account_id)),
        acting_for="" if actor.acting_for is None else str(int(actor.acting_for)),
        powers=ALL_POWERS if actor.powers is None else " ".join(sorted(actor.powers)),
        day=on.isoformat(),
    )


@contextmanager
def unless_told(actor: Actor, on: date) -> Iterator[None]:
    """Let every thread of this process that has not said for whom it speaks speak for the actor: for tests only."""
    global _unless_told
    before, _unless_told = _unless_told, speaker_for(actor, on)
    try:
        yield
    finally:
        _unless_told = before


@contextmanager
def reading_from(connection: Any) -> Iterator[None]:
    """Let this thread's `default` be another connection, such as one to a replica; it tells for whom by itself."""
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connection
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = before


def _plain(text: str) -> str:
    """A text that can stand between quotes; ValueError for what no setting of ours contains."""
    if "'" in text or "\\" in text or "\0" in text:
        raise ValueError(text)
    return text
