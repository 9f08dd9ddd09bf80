"""Statements that come again in a session are prepared: to plan them costs more than to do them.

What the rows of a table may be shown to whom (`plenum.access.guard`) is planned into every statement about it, so a
statement of a tenth of a millisecond takes two to plan. The database keeps a plan in the session, as soon as it finds
that knowing the values makes it no better.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg._preparing import PrepareManager

ASKED_BEFORE = 2
"""How often a statement has been asked in a session before it is prepared there."""
MOST_PREPARED = 300
"""How many are kept in a session; of more, those asked longest ago are forgotten."""
FEW = 50
"""How many of anything a statement may name and still be planned without knowing how many they are."""
MOST_BESIDE = 65_535
"""How many values the protocol takes beside a statement."""


class Cursor(psycopg.Cursor[Any]):
    """Sends values beside the statement, not written into it, so that it is the same statement the next time."""

    def execute(
        self,
        query: Any,
        params: Sequence[Any] | Mapping[str, Any] | None = None,
        *,
        prepare: bool | None = None,
        binary: bool | None = None,
    ) -> Any:
        """Do a statement; one that names many of anything is planned for so many, and not kept.

        Where there are more values than can be sent beside it, they are written into it.
        """
        if prepare is None and names_many(params):
            prepare = False
        if params is not None and len(params) > MOST_BESIDE:
            query, params = psycopg.ClientCursor(self.connection).mogrify(query, params), None
        return super().execute(query, params, prepare=prepare, binary=binary)


def names_many(params: Sequence[Any] | Mapping[str, Any] | None) -> bool:
    """Whether a statement has many values, or among them a list of many."""
    values = params.values() if isinstance(params, Mapping) else params or ()
    return len(values) > FEW or any(isinstance(value, list) and len(value) > FEW for value in values)


class KeptThroughRollbacks(PrepareManager):
    """What a session has prepared. The web role makes and drops nothing, so it holds when something is taken back."""

    def clear(self) -> bool:
        """Whenever a transaction is rolled back psycopg would forget all of it: tables might have been made there."""
        return False


def keep_through_rollbacks(connection: "psycopg.Connection[Any]") -> None:
    """Prepare what comes again in this new session."""
    kept = KeptThroughRollbacks()
    kept.prepare_threshold, kept.prepared_max = ASKED_BEFORE, MOST_PREPARED
    connection._prepared = kept
