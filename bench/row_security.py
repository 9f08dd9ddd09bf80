"""What row-level security costs: the same reads with its rules and without, on 6,000 units and a year of months.

Prints a JSON line for every read: how many times longer it takes with the rules, and whether that is within the limit.
"""

import atexit
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from typing import Any

REPEATS, LIMIT = 5, 2.0
PATIENCE = 5000
"""Milliseconds after which a slow read is measured no more."""

TODAY = date(2024, 12, 20)

TREE = """
WITH made AS (
    SELECT number, CASE WHEN number = 0 THEN NULL WHEN number <= 20 THEN 0 WHEN number <= 220 THEN 1 + number % 20
                        ELSE 21 + number % 200 END AS above,
           CASE WHEN number = 0 THEN 'centre' WHEN number <= 20 THEN 'province' WHEN number <= 220 THEN 'district'
                ELSE 'commune_committee' END AS kind
    FROM generate_series(0, 6000) AS number
),
units AS (
    INSERT INTO tree_unit (code, lifetime) SELECT 'u' || number, '[2020-01-01,)' FROM made RETURNING id, code
),
names AS (
    INSERT INTO tree_unitname (unit_id, name, short, sort_key, search_key, span)
    SELECT id, code, code, code, code, '[2020-01-01,)' FROM units
),
kinds AS (
    INSERT INTO tree_unitkind (unit_id, kind, span)
    SELECT id, kind, '[2020-01-01,)' FROM units JOIN made ON code = 'u' || number
)
INSERT INTO tree_placement (unit_id, parent_id, span)
SELECT units.id, above.id, '[2020-01-01,)'
FROM units JOIN made ON units.code = 'u' || number LEFT JOIN units above ON above.code = 'u' || made.above
"""
OWED = """
INSERT INTO figures_obligation (unit_id, form, schedule, span)
SELECT id, 'grassroots-monthly', 'month', '[2024-01-01,)' FROM tree_unit WHERE substr(code, 2)::int > 220
"""
RETURNS = """
INSERT INTO figures_return (unit_id, form, period_code, first_month, month, state, edition, sitting, version,
    accepted_version, draft_values, draft_illustrative, remark, reason, sent_back_reason, entered_by, changed_by,
    changed_on, first_submitted_on, submitted_on, accepted_on, last_step_on, steps_taken)
SELECT id, 'grassroots-monthly', to_char(month, 'YYYY-MM'), month, month, 'accepted', 3, '', 1, 1,
       array_fill(3::bigint, ARRAY[%(slots)s]), array_fill(false, ARRAY[%(slots)s]), '', '', '', 'x', 'x',
       month, month, month, month, month, 2
FROM tree_unit CROSS JOIN generate_series('2024-01-01'::date, '2024-12-01', '1 month') AS month
WHERE substr(code, 2)::int > 220
"""
VERSIONS = """
INSERT INTO figures_version (return_id, number, values, illustrative, remark, reason, entered_by, submitted_by, on_date)
SELECT id, 1, draft_values, draft_illustrative, '', '', 'x', 'x', month FROM figures_return
"""
STEPS = """
INSERT INTO figures_step (return_id, number, what, version, reason, by, on_date)
SELECT id, number, what, 1, '', 'x', month
FROM figures_return CROSS JOIN (VALUES (1, 'submit'), (2, 'accept')) AS step(number, what)
"""
ENTRIES = """
INSERT INTO figures_entry (return_id, version_id, known_on, delta, delta_counts, delta_illustrative)
SELECT filed.id, version.id, filed.month, version.values, array_fill(1, ARRAY[%(slots)s]),
       array_fill(0, ARRAY[%(slots)s])
FROM figures_return filed JOIN figures_version version ON version.return_id = filed.id WHERE filed.month = %(month)s
"""


def open_installation() -> None:
    """Set up an installation that is thrown away."""
    home = tempfile.mkdtemp(prefix="plenum-bench-")
    os.chmod(home, 0o711)  # noqa: S103 — the server runs as another user
    os.environ |= {"PLENUM_HOME": home, "DJANGO_SETTINGS_MODULE": "plenum.site.settings"}
    os.environ.pop("DATABASE_URL", None)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    import django

    django.setup()
    from plenum.site.database import opening

    opening.set_up(lambda _step: None)


def fill() -> None:
    """Write the tree and the returns."""
    from django.db import connections, transaction

    from plenum.packs import pack

    slots = len(pack().forms["grassroots-monthly"].slots)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for statement in TREE.split(";"):
            cursor.execute(statement)
        cursor.execute(OWED)
        cursor.execute(RETURNS, {"slots": slots})
        cursor.execute(VERSIONS)
        cursor.execute(STEPS)
        for month in range(1, 13):
            cursor.execute(ENTRIES, {"slots": slots, "month": date(2024, month, 1)})
    connections["owner"].cursor().execute("ANALYZE")


def reads() -> dict[str, Callable[[], Any]]:
    """What is measured, for an officer at the top, in a province and in a commune."""
    from plenum.access.actions import create_account, grant_powers
    from plenum.access.guard import speaking
    from plenum.access.queries import actor_of
    from plenum.figures.queries import by_child, figures, missing_returns, returns_behind
    from plenum.journal.actor import Actor
    from plenum.periods import Period
    from plenum.reports.queries.board import board
    from plenum.tree.models import Unit

    system, year = Actor.system("bench"), Period.of_year(2024)
    found: dict[str, Callable[[], Any]] = {}
    for where, code in (("top", "u0"), ("province", "u1"), ("commune", "u5000")):
        unit = Unit.objects.get(code=code)
        account = create_account(f"officer-{code}", name=code, language="en", unit=unit, on=TODAY, by=system)
        grant_powers(account, unit, "officer", start=TODAY, on=TODAY, by=system)
        actor = actor_of(account)

        def as_officer(
            read: Callable[[int], Any], actor: Actor = actor, unit_id: int = unit.pk
        ) -> Callable[[], Any]:
            def measured() -> Any:
                with speaking(actor, TODAY):
                    return read(unit_id)

            return measured

        def whole_board(unit_id: int, actor: Actor = actor) -> Any:
            return board(unit_id, year, known_on=None, as_of=TODAY, today=TODAY, actor=actor)

        found[f"board, {where}"] = as_officer(whole_board)
        found[f"figures, {where}"] = as_officer(lambda unit_id: figures(unit_id, year))
        found[f"figures as known, {where}"] = as_officer(
            lambda unit_id: figures(unit_id, year, known_on=TODAY)
        )
        found[f"by child, {where}"] = as_officer(lambda unit_id: by_child(unit_id, "members.admitted", year))
        found[f"returns behind, {where}"] = as_officer(
            lambda unit_id: returns_behind(unit_id, "members.total", year)
        )
        found[f"who has not reported, {where}"] = as_officer(lambda unit_id: missing_returns(unit_id, year))
    return found


def milliseconds(read: Callable[[], Any]) -> tuple[float, Any]:
    """The shortest time of a read that has been made once before, and what it gives."""
    answer, taken = read(), []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        read()
        taken.append((time.perf_counter() - begun) * 1000)
        if sum(taken) > PATIENCE:
            break
    return min(taken), answer


def switch(how: str) -> None:
    """Let the rules hold, or not."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY")


def main() -> int:
    """Measure every read with the rules and without; 1 if one of them costs too much or tells something else."""
    open_installation()
    fill()
    failed = False
    for name, read in reads().items():
        switch("ENABLE")
        guarded, seen = milliseconds(read)
        switch("DISABLE")
        open_, all_seen = milliseconds(read)
        ratio = guarded / open_
        ok = ratio <= LIMIT and seen == all_seen
        failed |= not ok
        print(
            json.dumps(
                {
                    "bench": f"row security: {name}",
                    "ms": round(guarded, 2),
                    "ms without": round(open_, 2),
                    "ratio": round(ratio, 2),
                    "limit": LIMIT,
                    "ok": ok,
                }
            )
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
