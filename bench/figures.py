"""Figures at the scale of a country: what boards, league tables, other trees, other days and writing cost.

`./dev bench figures --scale 0.01` makes an installation of its own, loads the national sample and prints a JSON line
per measure. Every answer is compared with an independent recount before its time counts.
"""

import argparse
import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SMALLEST = 0.001


def main() -> int:
    """Measure; 1 if something is slower than its limit, or wrong."""
    wanted = _arguments()
    home = _home(wanted)
    os.environ |= {"PLENUM_HOME": str(home), "DJANGO_SETTINGS_MODULE": "plenum.site.settings"}
    os.environ.pop("DATABASE_URL", None)
    from plenum.site.home import make_secret_key

    make_secret_key()
    import django

    django.setup()
    from bench.national.run import Run

    run = Run(home, wanted.scale, times=1 if wanted.once else 40)
    if wanted.home is None:
        run.load()
    else:
        run.open()
    if wanted.only_boards:
        print(json.dumps(run.boards()))
        return 0
    run.measure(growth=_smaller(wanted.scale), http_seconds=wanted.http_seconds, workers=wanted.workers)
    return int(bool(run.report.failed))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench figures", description=__doc__)
    parser.add_argument("--scale", type=float, default=0.01, help="of the country, up to 1 (0.01)")
    parser.add_argument("--keep", action="store_true", help="keep the installation, and say where it is")
    parser.add_argument(
        "--home", type=Path, help="measure on a sample that is loaded there; it is written to"
    )
    parser.add_argument("--http-seconds", type=float, default=15.0, help="how long pages are read (15)")
    parser.add_argument("--workers", type=int, default=2, help="working processes of the server (2)")
    parser.add_argument("--once", action="store_true", help="ask everything once: are the answers right?")
    parser.add_argument("--only-boards", action="store_true", help=argparse.SUPPRESS)
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


def _smaller(scale: float) -> dict[float, dict[str, Any]]:
    """The same boards at a hundredth and a tenth of the scale, measured by processes of their own."""
    found = {}
    for smaller in (scale / 100, scale / 10):
        if smaller >= SMALLEST:
            command = [sys.executable, "-P", __file__, "--scale", str(smaller), "--only-boards"]
            done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
            if done.returncode:
                raise SystemExit(f"The boards at scale {smaller} failed:\n{done.stderr}")
            found[smaller] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
