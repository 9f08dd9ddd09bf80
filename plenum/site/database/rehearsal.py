"""A cluster for one run of the tests: thrown away after, shared by the workers of that run, fast instead of durable."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from plenum.site.database.embedded import OPTIONS_FOR_TESTS, Cluster

READY = "cluster.json"
USERS = "users.lock"


def shared_cluster(place: Path) -> tuple[Cluster, int]:
    """Return the cluster that the processes meeting in the folder `place` share, started if it is not.

    Also returns a descriptor whose shared lock keeps it running; when the last process lets go, or dies, a small
    process that waits for the lock stops the server and removes its folder. Call under a lock on `place`.
    """
    descriptor = os.open(place / USERS, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    ready = place / READY
    if ready.exists():
        return Cluster(Path(json.loads(ready.read_text())["folder"]), OPTIONS_FOR_TESTS), descriptor
    folder = Path(tempfile.mkdtemp(prefix="plenum-tests-"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    cluster = Cluster(folder, OPTIONS_FOR_TESTS)
    subprocess.Popen(
        [sys.executable, "-m", "plenum.site.database.rehearsal", str(place), str(folder)],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    cluster.create()
    cluster.start()
    ready.write_text(json.dumps({"folder": str(folder)}))
    return cluster, descriptor


def wait_and_clear(place: Path, folder: Path) -> None:
    """Wait until nobody uses the cluster in `folder`, stop it and remove it."""
    with (place / USERS).open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (place / READY).unlink(missing_ok=True)
        if (folder / "data" / "postmaster.pid").exists():
            Cluster(folder, OPTIONS_FOR_TESTS).stop(at_once=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    wait_and_clear(Path(sys.argv[1]), Path(sys.argv[2]))
