"""A disk that runs full gives an error and loses nothing; with room again, everything goes on."""

import shutil
import subprocess
from pathlib import Path

import httpx

from tests.faults.installation import Served, settles

UNIT = "hill-river"
MONTHS = [f"20{year}-{month:02}" for year in (21, 22, 23) for month in range(1, 13)]


def resize(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


def submitted(served: Served, client: httpx.Client, period: str) -> bool:
    """Whether a submission was confirmed; everything else must be an error that says so."""
    try:
        answer = served.submit(client, UNIT, period)
    except httpx.HTTPStatusError as error:
        answer = error.response
    assert answer.status_code == 302 or answer.status_code >= 500
    return answer.status_code == 302


def test_a_full_disk_gives_an_error_and_loses_nothing(
    served_on_small_disk: Served, small_disk: Path, tiny_disk: Path
) -> None:
    served = served_on_small_disk
    before = served.submitted()
    confirmed: set[tuple[str, str]] = set()
    refused: list[str] = []
    with served.client(UNIT) as client:
        for period in MONTHS[:3]:
            assert submitted(served, client, period)
            confirmed.add((UNIT, period))
        used = shutil.disk_usage(small_disk).used
        resize(small_disk, str(used + 64 * 1024))
        for period in MONTHS[3:]:
            if submitted(served, client, period):
                confirmed.add((UNIT, period))
            else:
                refused.append(period)
            if len(refused) == 2:
                break
        assert refused, "the disk never ran full"

        resize(small_disk, "700m")
        assert settles(served.healthy, 40)
        assert served.submitted() - before == confirmed
        for period in refused:
            assert submitted(served, client, period)
            confirmed.add((UNIT, period))
    assert served.submitted() - before == confirmed
    backup_without_room(served, tiny_disk)
    assert served.stop() == 0
    examined = served.doctor()
    assert examined.returncode == 0, examined.stdout


def backup_without_room(served: Served, disk: Path) -> None:
    """A backup for which there is no room says so and leaves nothing."""
    done = served.installation.run("backup", str(disk / "backup.zip"))
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(disk.iterdir()) == []
