"""The reform of 1 July 2025 on the national sample: how long it takes, and what comes of it.

`./dev bench reform --scale 0.01` makes an installation of its own, loads the national sample, and does on the command
line what an operator would do. Whether every former commune has gone where the official correspondence says is read
from the tables, and the pages of the day after are asked for; whether all sums are right says `plenum doctor`.
"""

import argparse
import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
REHEARSAL, EXECUTION = 60.0, 300.0
"""Seconds that they may take for the whole country."""
CODE = "reform-2025"


def main() -> int:
    """Measure; 1 if something is slower than its limit, or wrong."""
    wanted = _arguments()
    home = _home(wanted)
    os.environ |= {"PLENUM_HOME": str(home), "DJANGO_SETTINGS_MODULE": "plenum.site.settings"}
    os.environ.pop("DATABASE_URL", None)
    if wanted.home is None:
        _plenum("sample", "national", "--scale", str(wanted.scale))
    from bench.national.measuring import Report

    _open()  # the database runs until the end: starting it for each command is not what is measured

    report = Report(wanted.scale)
    plan = home / f"{CODE}.toml"
    _plenum("sample", CODE, "--scale", str(wanted.scale), "-o", str(plan))
    seconds, said = _plenum("reform", "rehearse", str(plan), "--json")
    rehearsed = json.loads(said)
    report.line(
        "rehearse",
        seconds,
        REHEARSAL,
        right=rehearsed["blocking"] == 0,
        unit="s",
        changes=rehearsed["changes"],
        open_objects=rehearsed["open_objects"],
    )
    execute = ("reform", "execute", str(plan), "--accept-proposals", "--json")
    if wanted.undo:
        seconds, said = _plenum(*execute)
        report.line(
            "execute_first", seconds, EXECUTION, right=json.loads(said)["state"] == "executed", unit="s"
        )
        seconds, _said = _plenum("reform", "undo", CODE, "--reason", "bench")
        _seconds, said = _plenum("reform", "rehearse", str(plan), "--json")
        same = json.loads(said)["tree_digest"] == rehearsed["tree_digest"]
        report.line("undo", seconds, EXECUTION, right=same, unit="s")
    seconds, said = _plenum(*execute)
    report.line("execute", seconds, EXECUTION, right=json.loads(said)["state"] == "executed", unit="s")
    _look(report, whole=wanted.scale == 1)
    _pages(report)
    if wanted.doctor:
        seconds, said = _plenum("doctor", "--json", fails=True)
        found = _found(said)
        report.line("doctor", seconds, None, right=not found, unit="s", found=found[:20])
    return int(bool(report.failed))


def _look(report: Any, *, whole: bool) -> None:
    from bench.national.mapping import AFTER, DAY, kinds_on, wrong_ways

    kinds = kinds_on(DAY)
    right = kinds["district"] == 0 and (not whole or {kind: kinds[kind] for kind in AFTER} == AFTER)
    report.line("kinds", None, None, right=right, kinds=dict(kinds))
    wrong = wrong_ways(whole)
    report.line("mapping", None, None, right=not wrong, wrong=wrong[:20])


def _pages(report: Any) -> None:
    from bench.national.pages import pages_after

    for whose, name, times, came in pages_after(CODE):
        report.line("page", round(times.p50 / 1000, 2), None, right=came, unit="s", of=whose, page=name)


def _open() -> None:
    import django

    django.setup()
    from plenum.site.database import opening

    opening.set_up(lambda _step: None)


def _found(said: str) -> list[str]:
    """What the doctor has found in the tree, the figures and the journal."""
    return [
        f"{check['check']}: {finding['what']}"
        for check in json.loads(said)
        if check["check"].partition(".")[0] in ("tree", "figures", "journal")
        for finding in check["findings"]
    ]


def _plenum(*words: str, fails: bool = False) -> tuple[float, str]:
    """Run a command; the seconds it took and what it printed. SystemExit if it fails, unless it may."""
    start = time.perf_counter()
    command = [sys.executable, "-P", "-m", "plenum", *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    if done.returncode and not fails:
        raise SystemExit(f"plenum {' '.join(words)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return time.perf_counter() - start, done.stdout


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench reform", description=__doc__)
    parser.add_argument("--scale", type=float, default=0.01, help="of the country, up to 1 (0.01)")
    parser.add_argument("--keep", action="store_true", help="keep the installation, and say where it is")
    parser.add_argument("--home", type=Path, help="reform a sample that is loaded there; it is written to")
    parser.add_argument("--undo", action="store_true", help="execute, undo and execute again")
    parser.add_argument("--doctor", action="store_true", help="have the doctor examine what has come of it")
    return parser.parse_args()


def _home(wanted: argparse.Namespace) -> Path:
    if wanted.home is not None:
        return Path(wanted.home).absolute()
    home = tempfile.mkdtemp(prefix="plenum-bench-")
    os.chmod(home, 0o711)  # noqa: S103 — the server runs as another user
    if wanted.keep:
        print(f"The installation stays in {home}", file=sys.stderr)
    else:
        atexit.register(shutil.rmtree, home, ignore_errors=True)
    return Path(home)


if __name__ == "__main__":
    sys.exit(main())
