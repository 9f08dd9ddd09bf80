"""Reading the journal and checking that nobody has touched it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db import connections
from django.db.models import QuerySet

from plenum.journal.models import Entry

Fault = Literal["changed", "out of line", "tail removed", "without head"]


def entries(
    unit_ids: QuerySet[Any, Any] | Collection[int],
    *,
    act: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Entry]:
    """The entries of these units, newest first, optionally of one act or with a day in [since, until)."""
    found = Entry.objects.filter(unit_id__in=unit_ids).order_by("-id")
    if act:
        found = found.filter(act=act)
    if since:
        found = found.filter(on_date__gte=since)
    if until:
        found = found.filter(on_date__lt=until)
    return found


def entries_by(account_id: int) -> QuerySet[Entry]:
    """What an account has done, newest first."""
    return Entry.objects.filter(actor_id=account_id).order_by("-id")


@dataclass(frozen=True)
class BrokenLink:
    """A place where a chain does not hold.

    ``changed``: the entry is not what was written. ``out of line``: an entry before it is missing or
    another. ``tail removed``: the chain was longer once. ``without head``: the record of the chain's end
    itself is missing.
    """

    unit_id: int | None
    position: int
    fault: Fault


_BROKEN = """
WITH line AS (
    SELECT coalesce(unit_id, 0) AS chain, position, previous_hash, hash, journal_hash(entry) AS due_hash,
        lag(position, 1, 0::bigint) OVER chain AS before,
        lag(hash, 1, repeat('0', 64)::varchar) OVER chain AS before_hash
    FROM journal_entry AS entry
    WINDOW chain AS (PARTITION BY coalesce(unit_id, 0) ORDER BY position)
), tail AS (
    SELECT DISTINCT ON (chain) chain, position, hash FROM line ORDER BY chain, position DESC
)
SELECT chain, position, 'changed' FROM line WHERE hash <> due_hash
UNION ALL
SELECT chain, position, 'out of line' FROM line WHERE position <> before + 1 OR previous_hash <> before_hash
UNION ALL
SELECT chain, head.position, 'tail removed' FROM journal_head AS head LEFT JOIN tail USING (chain)
WHERE head.position > 0 AND (tail.chain IS NULL OR head.position <> tail.position OR head.hash <> tail.hash)
UNION ALL
SELECT chain, tail.position, 'without head' FROM tail LEFT JOIN journal_head AS head USING (chain)
WHERE head.chain IS NULL
ORDER BY 1, 2, 3
"""


def broken_links(*, using: str = "default") -> list[BrokenLink]:
    """Check every chain of the journal in the database; an empty list means that it holds."""
    with connections[using].cursor() as cursor:
        cursor.execute(_BROKEN)
        return [BrokenLink(chain or None, position, fault) for chain, position, fault in cursor.fetchall()]
