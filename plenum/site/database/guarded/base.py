"""A connection that says who speaks (`plenum.access.guard`) before a statement, whenever the database may not know.

Sessions of the database outlive a request, and a rollback takes back what was said in its transaction. So the
connection remembers what it has said last, forgets it with every rollback and every new or borrowed session, and
says it again before the next statement. What was said is not counted among Django's queries.
"""

from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from plenum.access.guard import Speaker, speaker
from plenum.site.database.guarded import prepared
from plenum.site.operations.slow import timed


class DatabaseWrapper(base.DatabaseWrapper):
    """The connection of the web role."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._said: Speaker | None = None
        self.execute_wrappers.append(self._execute)

    def connect(self) -> None:
        """Open a session, or borrow one; whatever was said in it before counts for nothing."""
        self._said = None
        super().connect()
        prepared.keep_through_rollbacks(self.connection)

    def get_connection_params(self) -> dict[str, Any]:
        """How a session is opened."""
        return super().get_connection_params() | {"cursor_factory": prepared.Cursor}

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor, also for what goes past `execute`, such as COPY."""
        self._say()
        return super().create_cursor(name)

    def _execute(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self._say()
        with timed(sql):
            return execute(sql, params, many, context)

    def _say(self) -> None:
        wanted = speaker()
        if self._said == wanted or self.connection is None:
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return
        self._said = None
        with self.wrap_database_errors:
            self.connection.execute(wanted.statement, prepare=False)
        self._said = wanted

    def _rollback(self) -> None:
        self._said = None
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self._said = None
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._said = None
