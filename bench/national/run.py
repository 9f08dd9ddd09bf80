"""One run on one installation: every measure in its turn, reads first, then what changes the rows."""

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from bench.national.measuring import Report, Times, in_turns, timed
from bench.national.merging import merge_provinces
from bench.national.questions import LEAGUE, Board, league, values
from bench.national.recount import Recount, Totals, parents
from bench.national.rivals import Duck, LevelColumns
from bench.national.serving import read_and_write
from bench.national.writing import month_at_once, writers_at_once
from plenum.access.guard import speaking
from plenum.access.queries import account_by_login, actor_of
from plenum.figures.queries.sums import Sums
from plenum.journal.actor import Actor
from plenum.periods import Period
from plenum.site.database import opening
from plenum.site.garbage import keep_what_is_loaded
from plenum.site.sample.figures import FORM
from plenum.site.sample.load import Wanted, load
from plenum.tree.models import Unit

T = TypeVar("T")

LOGINS = {"centre": "trung-uong", "province": "tinh", "district": "huyen", "cell": "chi-bo"}


class Run:
    """The installation with the sample, and the report of what was measured on it."""

    def __init__(self, home: Path, scale: float, *, times: int = 40) -> None:
        self.times = times
        self.home, self.wanted, self.report = home, Wanted(scale=scale), Report(scale)
        self.year, self.today = self.wanted.year, self.wanted.today
        self.last_day = date(self.year, 12, 31)
        self.period = Period.of_year(self.year)

    def load(self) -> None:
        """Set the installation up, load the sample, and print what that took and takes on the disk."""
        opening.set_up(lambda _step: None)
        before = self._size()
        begun = time.perf_counter()
        load(self.wanted, resume=False, say=_say)
        taken = time.perf_counter() - begun
        megabytes = self._size() - before
        self.open()
        millions = self.recount.figures / 1e6
        if "--only-boards" not in sys.argv:
            self.report.line(
                "load",
                None,
                None,
                seconds=round(taken, 1),
                seconds_per_million_figures=round(taken / millions, 1),
                megabytes=round(megabytes),
                megabytes_per_million_figures=round(megabytes / millions, 1),
                figures=self.recount.figures,
                units=Unit.objects.count(),
            )

    def open(self) -> None:
        """Open the database, and read the facts for the recount."""
        opening.open_database()
        self.accounts = {name: account_by_login(login) for name, login in LOGINS.items()}
        self.ids = {name: int(account.unit_id or 0) for name, account in self.accounts.items()}
        self.refresh()
        gc.collect()
        keep_what_is_loaded()  # as the processes do that serve the pages: see `plenum.site.wsgi`

    def refresh(self) -> None:
        """Read the facts anew, after they have been written to."""
        with self.owner() as owner:
            self.recount = Recount(owner, self.year)
            self.parents = parents(owner, self.last_day)
        self.totals = self.recount.totals(self.parents)

    def owner(self) -> "psycopg.Connection[Any]":
        """A session of the owner of the database."""
        return psycopg.connect(opening.owner_conninfo())

    def board(self, name: str, **lens: Any) -> Board:
        """The board of the centre, of a province, of a district or of a cell."""
        return Board(self.ids[name], self.period, self.last_day, **lens)

    def ask(self, name: str, board: Board, *, times: int = 40) -> tuple[Times, Sums]:
        """A board as its officer sees it: with row-level security, by the role of the pages."""
        with speaking(actor_of(self.accounts[name]), self.today):
            return self.timed(board.ask, times)

    def timed(self, question: Callable[[], T], times: int) -> tuple[Times, T]:
        """Ask so many times, or as often as this run asks at most."""
        return timed(question, times=min(times, self.times))

    def is_right(self, name: str, board: Board, answer: Sums, totals: Totals) -> bool:
        """Whether what an officer was answered is what the recount gives."""
        with speaking(actor_of(self.accounts[name]), self.today):
            return board.is_right(answer, totals)

    def boards(self) -> dict[str, Any]:
        """The time of each board, for the growth from scale to scale; all right, or an error."""
        found: dict[str, Any] = {"figures": self.recount.figures}
        for name in LOGINS:
            board = self.board(name)
            times, answer = self.ask(name, board)
            if not self.is_right(name, board, answer, self.totals):
                raise SystemExit(f"The board of the {name} is not what a recount gives.")
            found[name] = round(times.p50, 2)
        return found

    def measure(self, *, growth: Mapping[float, dict[str, Any]], http_seconds: float, workers: int) -> None:
        """Everything, in an order in which nothing disturbs what comes after it."""
        plain = self._boards()
        self._rivals(plain)
        self._known_on(plain)
        self._growth(growth)
        self._month()
        self._settle()
        self._writers()
        self._tree()
        self._settle()
        self._http(http_seconds, workers)

    def _settle(self) -> None:
        """Do at once what the database would do while something else is measured: clear away, and write to the disk."""
        with self.owner() as owner:
            owner.autocommit = True
            owner.execute("VACUUM (ANALYZE)")
            owner.execute("CHECKPOINT")

    def _boards(self) -> Times:
        asked = {name: self.ask(name, self.board(name)) for name in LOGINS}
        right = all(
            self.is_right(name, self.board(name), answer, self.totals) for name, (_t, answer) in asked.items()
        )
        centre, cell = asked["centre"][0], asked["cell"][0]
        told = {
            key: value for name, (times, _answer) in asked.items() for key, value in times.told(name).items()
        }
        self.report.line("board_centre_vs_cell", centre.p95 / cell.p95, 5, right=right, **told)
        self._own_board = {name: times.p50 for name, (times, _answer) in asked.items()}
        return centre

    def _rivals(self, plain: Times) -> None:
        centre = self.ids["centre"]
        expected = self._expected(centre)
        with self.owner() as owner, tempfile.TemporaryDirectory() as folder:
            rival = LevelColumns(owner)
            begun = time.perf_counter()
            rival.build(self.last_day, FORM)
            built = time.perf_counter() - begun
            times, answer = self.timed(lambda: rival.board(centre, 1), 5)
            self.report.line(
                "board_vs_level_columns",
                plain.p50 / times.p50,
                0.01,
                right=answer == expected,
                **plain.told("plenum"),
                **times.told("level_columns"),
                level_columns_built_s=round(built, 1),
                level_columns_mb=round(rival.megabytes()),
            )
            duck = Duck(Path(folder), self.recount, self.parents)
            times, answer = self.timed(lambda: duck.board(centre, 1), 10)
            wide, wide_answer = self.timed(lambda: duck.wide_board(centre, 1), 10)
            self.report.line(
                "board_vs_duckdb",
                plain.p50 / times.p50,
                0.1,
                right=answer == expected and wide_answer == expected,
                **plain.told("plenum"),
                **times.told("duckdb"),
                **wide.told("duckdb_wide"),
                ratio_wide=round(plain.p50 / wide.p50, 4),
                parquet_mb=[round(size, 1) for size in duck.megabytes()],
            )
            self._league(rival)
            rival.drop()

    def _league(self, rival: LevelColumns) -> None:
        with speaking(Actor.system("bench"), self.today):
            districts = sorted(
                Unit.objects.filter(kinds__kind="district").values_list("id", flat=True).distinct()
            )
        expected: dict[tuple[int, str], int] = {}
        for month in range(1, 13):
            totals = self.recount.totals(self.parents, first=month, last=month)
            for unit_id in districts:
                expected |= {
                    (unit_id * 100 + month, code): value for code, value in totals.of(unit_id, LEAGUE).items()
                }
        with speaking(actor_of(self.accounts["centre"]), self.today):
            (ours, answer), (theirs, other) = in_turns(
                league(districts, self.year),
                lambda: rival.league(districts),
                times=min(7, self.times),
                for_each=5,
            )
        self.report.line(
            "league_vs_level_columns",
            ours.p50 / theirs.p50,
            0.05,
            right=values(answer) == expected == other,
            districts=len(districts),
            **ours.told("plenum"),
            **theirs.told("level_columns"),
        )

    def _expected(self, unit_id: int, totals: Totals | None = None) -> dict[tuple[int, str], int]:
        """The board of a unit as the recount gives it, with the units directly below."""
        ids = [unit_id, *(int(each) for each in (self.parents == unit_id).nonzero()[0])]
        said = totals or self.totals
        return {(each, code): value for each in ids for code, value in said.of(each).items()}

    def _known_on(self, plain: Times) -> None:
        worst, told, right = 0.0, {}, True
        for day in (date(self.year, 7, 15), date(self.year, 11, 20)):
            board = self.board("centre", known_on=day)
            times, answer = self.ask("centre", board, times=15)
            right = right and self.is_right(
                "centre", board, answer, self.recount.totals(self.parents, known_on=day)
            )
            told |= times.told(f"known_on_{day}")
            worst = max(worst, times.p50 / plain.p50)
        self.report.line("known_on_vs_plain", worst, 4, right=right, **plain.told("plain"), **told)

    def _growth(self, smaller: Mapping[float, dict[str, Any]]) -> None:
        """How much more a question costs where there are so many times more figures."""
        own = {"figures": self.recount.figures} | {
            name: round(value, 2) for name, value in self._own_board.items()
        }
        told = {f"scale_{scale:g}": found for scale, found in smaller.items()} | {
            f"scale_{self.wanted.scale:g}": own
        }
        if not smaller:
            self.report.line("growth", None, None, **told)
            return
        first = next(iter(smaller.values()))
        self.report.line(
            "growth",
            own["centre"] / first["centre"],
            round(own["figures"] / first["figures"], 1),
            measured="the board of the centre, against how many times more figures there are",
            **told,
        )

    def _month(self) -> None:
        with self.owner() as owner:
            month = month_at_once(owner, self.year)
        self.report.line(
            "month_vs_append",
            month.ratio,
            5,
            right=month.returns > 0,
            returns=month.returns,
            returns_and_versions_s=round(month.filed, 2),
            entries_bare_s=round(month.bare, 3),
            entries_with_rollups_s=round(month.with_sums, 2),
            entries_ratio=round(month.with_sums / month.bare, 1),
        )

    def _writers(self) -> None:
        each = max(20, min(600, self.recount.figures // 40 // 64))
        bare, with_sums = writers_at_once(self.owner, self.year, self.today, each)
        self.refresh()
        right = all(
            self.is_right(name, board, self.ask(name, board, times=1)[1], self.totals)
            for name in ("centre", "province", "district")
            for board in [self.board(name)]
        )
        self.report.line(
            "writers_vs_append",
            with_sums / bare,
            0.5,
            at_least=True,
            right=right,
            writers=8,
            per_second=round(with_sums, 1),
            bare_per_second=round(bare, 1),
        )

    def _tree(self) -> None:
        begun = time.perf_counter()
        merger = merge_provinces(self.ids["centre"], self.today)
        took = time.perf_counter() - begun
        with self.owner() as owner:
            now = self.recount.totals(parents(owner, self.today))
        worst, told, right = 0.0, {}, True
        for name, unit_id in (("centre", self.ids["centre"]), ("merged", merger.into)):
            then = Board(unit_id, self.period, self.today)
            restated = replace(then, tree=self.today)
            with speaking(actor_of(self.accounts["centre"]), self.today):
                (plain, before), (times, answer) = in_turns(
                    then.ask, restated.ask, times=min(20, self.times), for_each=1
                )
            right = right and self.is_right("centre", then, before, self.totals)
            right = right and self.is_right("centre", restated, answer, now)
            told |= plain.told(f"{name}_then") | times.told(f"{name}_now")
            worst = max(worst, times.p50 / plain.p50)
        self.report.line(
            "tree_now_vs_then",
            worst,
            2,
            right=right,
            moved_units=merger.moved,
            merger_s=round(took, 2),
            **told,
        )

    def _http(self, duration: float, workers: int) -> None:
        found = read_and_write(self.home, self.today, self.year, duration, workers)
        times = Times(found.taken)
        asked = len(found.taken) + found.wrote
        self.report.line(
            "http",
            len(found.errors) / max(asked, 1),
            0,
            right=bool(found.taken) and found.wrote > 0,
            readers=50,
            writers=8,
            workers=workers,
            pages_per_second=round(len(found.taken) / found.elapsed, 1),
            writes_per_second=round(found.wrote / found.elapsed, 1),
            **times.told("page"),
            by_page={path: Times(taken).told("page") for path, taken in found.by_page.items()},
            errors=found.errors[:5],
            memory_mb=found.memory,
        )

    def _size(self) -> float:
        with self.owner() as owner:
            (size,) = owner.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
        return float(size) / 2**20


def _say(step: str) -> None:
    if os.environ.get("PLENUM_BENCH_TELLS"):
        print(step, file=sys.stderr)
