"""The benchmark of the reform of 2025 runs whole on a tiny country, where every commune goes where it should.

Times and limits are for `./dev bench reform`: here other tests run at the same time.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_a_tiny_country_is_reformed_undone_and_reformed_again() -> None:
    command = [
        sys.executable,
        "-P",
        str(ROOT / "bench" / "reform.py"),
        "--scale",
        "0.001",
        "--undo",
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode in (0, 1), done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    said = {line["bench"]: line for line in lines}
    assert set(said) == {"rehearse", "execute_first", "undo", "execute", "kinds", "mapping", "page"}
    assert [line for line in lines if not line["right"]] == []
    assert {line["of"] for line in lines if line["bench"] == "page"} == {"centre", "province"}
    assert said["rehearse"]["changes"]["ended"] > 5
    assert said["kinds"]["kinds"]["commune_committee"] > 0
