"""Reading the journal and checking that nobody has touched it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db import connections
from django.db.models import QuerySet

from plenum.journal.models import Entry, Head

Fault = Literal["changed", "out of line", "removed", "added", "without head", "not as sealed"]


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
    """A place where a chain does not hold; `field` where it can be told which column was touched.

    ``changed``: the entry is not what was written. ``out of line``: an entry before it is missing or another.
    ``removed``: the chain was longer once. ``added``: the chain goes on after its recorded end. ``without head``: the
    record of the chain's end itself is missing. ``not as sealed``: the entry that was written down elsewhere as the end
    of the chain is not there any more.
    """

    unit_id: int | None
    position: int
    fault: Fault
    field: str = ""


@dataclass(frozen=True)
class Seal:
    """The end of one chain at some moment: whoever keeps it elsewhere can prove later what stood before it."""

    unit_id: int | None
    position: int
    hash: str


_BROKEN = """
WITH line AS (
    SELECT coalesce(unit_id, 0) AS chain, position, previous_hash, hash, entry, journal_hash(entry) AS due_hash,
        lag(position, 1, 0::bigint) OVER chain AS before,
        lag(hash, 1, repeat('0', 64)::varchar) OVER chain AS before_hash,
        lead(previous_hash) OVER chain AS after_hash
    FROM journal_entry AS entry
    WINDOW chain AS (PARTITION BY coalesce(unit_id, 0) ORDER BY position)
), tail AS (
    SELECT DISTINCT ON (chain) chain, position, hash FROM line ORDER BY chain, position DESC
)
SELECT chain, line.position, 'changed', CASE
    WHEN line.due_hash = coalesce(line.after_hash, head.hash) THEN 'hash'
    WHEN line.hash = journal_hash(jsonb_populate_record(entry, jsonb_build_object('previous_hash', before_hash)))
    THEN 'previous_hash'
    ELSE '' END
FROM line LEFT JOIN journal_head AS head USING (chain) WHERE line.hash IS DISTINCT FROM line.due_hash
UNION ALL
SELECT chain, position, 'out of line', '' FROM line
WHERE position <> before + 1 OR previous_hash IS DISTINCT FROM before_hash
UNION ALL
SELECT chain, greatest(head.position, tail.position),
    CASE WHEN tail.position > head.position THEN 'added' ELSE 'removed' END, ''
FROM journal_head AS head LEFT JOIN tail USING (chain)
WHERE head.position > 0 AND (tail.chain IS NULL OR head.position <> tail.position OR head.hash <> tail.hash)
UNION ALL
SELECT chain, tail.position, 'without head', '' FROM tail LEFT JOIN journal_head AS head USING (chain)
WHERE head.chain IS NULL
ORDER BY 1, 2, 3
"""


def broken_links(*, using: str = "default", sealed: Iterable[Seal] = ()) -> list[BrokenLink]:
    """Check every chain of the journal in the database; an empty list means that it holds.

    `sealed`: ends of chains that were kept elsewhere. Without them nobody can tell when the owner of the database has
    cut the end of a chain, or written one anew, together with the record of its end.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(_BROKEN)
        found = [BrokenLink(chain or None, *rest) for chain, *rest in cursor.fetchall()]
    held = Entry.objects.using(using)
    return found + [
        BrokenLink(seal.unit_id, seal.position, "not as sealed")
        for seal in sealed
        if not held.filter(unit_id=seal.unit_id, position=seal.position, hash=seal.hash).exists()
    ]


def seals(*, using: str = "default") -> list[Seal]:
    """The ends of all chains, to be kept elsewhere."""
    heads = Head.objects.using(using).filter(position__gt=0).order_by("chain")
    return [Seal(head.chain or None, head.position, head.hash) for head in heads]
