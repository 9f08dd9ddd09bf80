"""Writing the journal: every act of every domain records itself here, inside its own transaction."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from plenum.journal.actor import Actor
from plenum.journal.acts import Act
from plenum.journal.many import insert_many
from plenum.journal.models import Entry
from plenum.journal.words import undeclared

_only_trying: ContextVar[bool] = ContextVar("only_trying", default=False)


@contextmanager
def only_trying() -> Iterator[None]:
    """Let acts be tried and refused at their end, so that a form is shown as it would be sent, and nothing is done."""
    token = _only_trying.set(True)
    try:
        yield
    finally:
        _only_trying.reset(token)


def refuse_if_only_trying() -> None:
    """ValidationError at the end of an act that is only tried. Every act that records itself is refused by that."""
    if _only_trying.get():
        raise ValidationError(_("Nothing is saved yet. Look it over and send it once more."))


class Coded(Protocol):
    """Whatever has a code: a Power, seen from below the domain that defines it."""

    @property
    def code(self) -> str: ...


def record(
    act: Act,
    *,
    by: Actor,
    power: Coded | str | None,
    unit_id: int | None,
    on: date,
    subject: str,
    subject_label: str = "",
    change: Mapping[str, Any],
) -> Entry:
    """Write one entry at the end of the unit's chain and return it with its position and hash.

    ``change`` is JSON: ``{"field": [before, after]}`` or ``{"field": value}``; dates are written as ISO text.
    A field without words (``plenum.journal.words.Field``) raises ValueError, because nobody could read the entry.
    ``subject`` names the thing done to, such as ``"access.Grant:12"``. The chain stays locked until the
    transaction ends: an act that records for several units calls :func:`hold_chains` first, so that two such
    acts wait for each other instead of deadlocking.
    """
    refuse_if_only_trying()
    entry = _entry(act, by, power, on, Noted(unit_id, subject, subject_label, change))
    entry.save(force_insert=True)
    return entry


@dataclass(frozen=True)
class Noted:
    """What an act that is done to many things records of one of them; see :func:`record`."""

    unit_id: int | None
    subject: str
    subject_label: str
    change: Mapping[str, Any]


def record_many(act: Act, noted: Iterable[Noted], *, by: Actor, power: Coded | str | None, on: date) -> None:
    """Write an entry for each of many things, as :func:`record` does for one, in one statement.

    The chains stay locked until the transaction ends: give the things in the order of their units.
    """
    refuse_if_only_trying()
    insert_many([_entry(act, by, power, on, each) for each in noted])


def _entry(act: Act, by: Actor, power: Coded | str | None, on: date, noted: Noted) -> Entry:
    if missing := undeclared(act.code, noted.change):
        raise ValueError(f"{act.code} records fields without words: {', '.join(missing)}")
    return Entry(
        act=act.code,
        power=_code(power),
        unit_id=noted.unit_id,
        actor_id=by.account_id,
        actor_label=by.label,
        acting_for=by.acting_for,
        on_date=on,
        subject=noted.subject,
        subject_label=noted.subject_label,
        change=_as_json(noted.change),
    )


def hold_chains(unit_ids: Iterable[int | None]) -> None:
    """Lock the chains of several units, always in the same order, until the transaction ends."""
    chains = sorted({unit_id or 0 for unit_id in unit_ids})
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_hold_chain(chain) FROM unnest(%s::bigint[]) AS chain", [chains])


def _code(power: Coded | str | None) -> str:
    if power is None:
        return ""
    return power if isinstance(power, str) else power.code


def _as_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _as_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_as_json(part) for part in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
