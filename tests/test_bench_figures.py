"""The benchmark of figures does not rot: it runs whole on a tiny country, and all its answers are right.

Times and limits are for `./dev bench figures`: here other tests run at the same time.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEASURES = {
    "load",
    "board_centre_vs_cell",
    "board_vs_level_columns",
    "board_vs_duckdb",
    "tree_now_vs_then",
    "known_on_vs_plain",
    "league_vs_level_columns",
    "month_vs_append",
    "writers_vs_append",
    "growth",
    "http",
}


def test_every_measure_is_taken_and_every_answer_is_right() -> None:
    command = [
        sys.executable,
        "-P",
        str(ROOT / "bench" / "figures.py"),
        "--scale",
        "0.001",
        "--once",
        "--http-seconds",
        "3",
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode in (0, 1), done.stderr
    said = {line["bench"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert set(said) == MEASURES, done.stderr
    assert [name for name, line in said.items() if not line["right"]] == []
    assert {"ratio", "limit", "ok", "scale"} <= set.intersection(*(set(line) for line in said.values()))
    assert said["http"]["errors"] == []
