"""What one workbook of all units of a country costs: made, filled in with forty figures a row, taken and submitted.

Prints a JSON line for each step: seconds, rows in a second, and the largest memory of this process until then. The
returns are read back and compared with what was typed before a time counts, and the same file is sent twice.
"""

import argparse
import atexit
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import IO, Any

TODAY = date(2024, 12, 20)
FORM, PERIOD = "grassroots-full", "2024-11"
LIMIT_MB = 600
"""So much memory a worker may take for it, however many rows there are."""

TREE = """
WITH made AS (
    SELECT number, CASE WHEN number = 0 THEN NULL WHEN number <= 63 THEN 0 WHEN number <= 759 THEN 1 + number %% 63
                        ELSE 64 + number %% 696 END AS above,
           CASE WHEN number = 0 THEN 'centre' WHEN number <= 63 THEN 'province' WHEN number <= 759 THEN 'district'
                ELSE 'commune_committee' END AS kind
    FROM generate_series(0, 759 + %(units)s) AS number
),
units AS (
    INSERT INTO tree_unit (code, lifetime) SELECT 'u' || number, '[2020-01-01,)' FROM made RETURNING id, code
),
names AS (
    INSERT INTO tree_unitname (unit_id, name, short, sort_key, search_key, span)
    SELECT id, 'Đảng bộ xã ' || code, code, code, code, '[2020-01-01,)' FROM units
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
SELECT id, 'grassroots-full', 'month', '[2024-01-01,)' FROM tree_unit WHERE substr(code, 2)::int > 759
"""

RETURNS = """
INSERT INTO figures_return (unit_id, form, period_code, first_month, month, state, edition, sitting, version,
    draft_values, draft_illustrative, remark, reason, sent_back_reason, entered_by, changed_by,
    changed_on, first_submitted_on, submitted_on, last_step_on, steps_taken)
SELECT id, 'grassroots-full', '2024-10', '2024-10-01', '2024-10-01', 'submitted', 2, '', 1,
       (SELECT array_agg(CASE WHEN slot = %(total)s THEN 40 + substr(code, 2)::int %% 300 ELSE slot END ORDER BY slot)
        FROM generate_series(1, %(slots)s) AS slot),
       array_fill(false, ARRAY[%(slots)s]), '', '', '', 'x', 'x', '2024-10-31', '2024-10-31',
       '2024-10-31', '2024-10-31', 1
FROM tree_unit WHERE substr(code, 2)::int > 759
"""
VERSIONS = """
INSERT INTO figures_version (return_id, number, values, illustrative, remark, reason, entered_by, submitted_by, on_date)
SELECT id, 1, draft_values, draft_illustrative, '', '', 'x', 'x', '2024-10-31' FROM figures_return
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


def fill(units: int) -> None:
    """Write the tree, who owes what, and the month before, which the next one continues."""
    from django.db import connections, transaction

    from plenum.packs import pack

    form = pack().forms[FORM]
    slots = {"slots": form.width, "total": form.slot("members_total").number}
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(TREE, {"units": units})
        cursor.execute(OWED)
        cursor.execute(RETURNS, slots)
        cursor.execute(VERSIONS)
    connections["owner"].cursor().execute("ANALYZE")


class Measured:
    """Steps with their times."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.failed = False

    def step(self, name: str, work: Callable[[], Any], right: Callable[[Any], bool]) -> Any:
        """Do a step, print what it took, and give its answer."""
        begun = time.perf_counter()
        answer = work()
        seconds = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        ok = right(answer) and peak <= LIMIT_MB
        self.failed |= not ok
        line = {
            "bench": f"workbooks: {name}",
            "rows": self.rows,
            "seconds": round(seconds, 1),
            "rows a second": round(self.rows / seconds),
            "peak MB": peak,
            "limit": LIMIT_MB,
            "ok": ok,
        }
        print(json.dumps(line), flush=True)
        return answer


def main() -> int:
    """Make, fill in, take over, take over again; 1 if anything is wrong or takes too much memory."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--units", type=int, default=2000, help="How many units report; a country has 52,000."
    )
    units = parser.parse_args().units
    open_installation()
    fill(units)
    from plenum.access.actions import create_account, grant_powers
    from plenum.access.guard import speaking
    from plenum.access.queries import actor_of
    from plenum.journal.actor import Actor
    from plenum.tree.models import Unit

    system, top = Actor.system("bench"), Unit.objects.get(code="u0")
    account = create_account("officer", name="Officer", language="en", unit=top, on=TODAY, by=system)
    grant_powers(account, top, "officer", start=TODAY, on=TODAY, by=system)
    actor = actor_of(account)
    with tempfile.TemporaryFile() as file, speaking(actor, TODAY):
        return int(measure(units, top, actor, file))


def measure(units: int, top: Any, actor: Any, file: IO[bytes]) -> bool:
    """Every step as an officer of the centre, under row-level security; whether one has failed."""
    from plenum.figures.workbooks.many.making import make
    from plenum.figures.workbooks.many.taking import NoneTaken, take
    from plenum.periods import Period

    measured, period = Measured(units), Period.parse(PERIOD)
    measured.step(
        "make",
        lambda: make(file, top, FORM, period, "en", on=TODAY, by=actor),
        lambda rows: bool(rows == units),
    )
    typed = [filled_in(units, top, period, actor, wrong=wrong) for wrong in (False, True)]
    body, bad = typed
    print(json.dumps({"bench": "workbooks: the file", "MB": round(len(body) / 2**20, 1)}), flush=True)

    def refused() -> int:
        try:
            take(bad, top, submit=True, on=TODAY, by=actor)
        except NoneTaken as refusal:
            with tempfile.TemporaryFile() as marked:
                refusal.mark(marked)
            return len(refusal.faults)
        return 0

    measured.step("refuse and mark", refused, lambda faults: bool(faults == 1))
    measured.step(
        "take over and submit",
        lambda: take(body, top, submit=True, on=TODAY, by=actor),
        lambda tally: bool((tally.changed, tally.submitted) == (units, units)) and as_typed(units),
    )
    measured.step(
        "take over once more",
        lambda: take(body, top, submit=True, on=TODAY, by=actor),
        lambda tally: bool((tally.changed, tally.submitted, tally.same) == (0, 0, units)),
    )
    return measured.failed


def figures_of(number: int) -> dict[str, int | None]:
    """Forty plausible figures of a unit."""
    from plenum.packs import pack
    from plenum.site.sample.chance import Chance
    from plenum.site.sample.country import Made
    from plenum.site.sample.figures import year_of_figures

    made = Made(number, f"u{number}", "commune_committee", "", "", None, True, 40 + number % 300)
    values = next(iter(year_of_figures(made, Chance(1, made.code))))
    return dict(zip((slot.code for slot in pack().forms[FORM].slots), values, strict=True))


def filled_in(units: int, top: Any, period: Any, actor: Any, *, wrong: bool) -> bytes:
    """The workbook as it comes back; ``wrong``: with a word in a cell of the last row."""
    from django.utils import translation

    from plenum.figures.queries.workbooks import units_collected
    from plenum.figures.workbooks.many.layout import Stamp
    from plenum.figures.workbooks.many.writing import Line, write
    from plenum.packs import pack

    form = pack().forms[FORM]
    listed = units_collected(actor, top, FORM, period, TODAY)

    def lines() -> Iterator[Line]:
        for number, unit in enumerate(listed, start=1):
            cells: dict[str, object] = dict(figures_of(int(unit.code[1:])))
            if wrong and number == units:
                cells["members_total"] = "many"
            yield Line(unit.code, unit.name, "", 0, False, {}, cells, "")

    stamp = Stamp.new(top.code, FORM, period, "en", "Returns", units)
    with tempfile.TemporaryFile() as file, translation.override("en"):
        write(file, stamp, form, "", lines())
        file.seek(0)
        return file.read()


def as_typed(units: int) -> bool:
    """Whether every return says what was typed, is submitted and has its version."""
    from plenum.figures.models import Return, Version
    from plenum.packs import pack

    form, right = pack().forms[FORM], 0
    for each in Return.objects.filter(period_code=PERIOD).select_related("unit").iterator(1000):
        typed = figures_of(int(each.unit.code[1:]))
        right += each.draft.by_slot(form) == typed and each.state == "submitted"
    return right == units == Version.objects.filter(of_return__period_code=PERIOD).count()


if __name__ == "__main__":
    sys.exit(main())
