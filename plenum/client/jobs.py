"""Jobs: what takes long."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from plenum.client.asking import Asking
from plenum.client.rows import Job


class Jobs(Asking):
    """What waits, runs and has ended."""

    def jobs(self, *, state: str | None = None, mine: bool | None = None) -> Iterator[Job]:
        """The jobs that one may see, the newest first."""
        return self.every("jobs", state=state, mine=mine)

    def job(self, number: int) -> Job:
        """One job: how far it is, what came of it."""
        return cast(Job, self.get(f"jobs/{number}"))

    def cancel_job(self, number: int) -> Job:
        """Cancel a job that waits or runs."""
        return cast(Job, self._do(f"jobs/{number}/cancel"))

    def start_job_again(self, number: int) -> Job:
        """Start one's own job once more that has not ended well."""
        return cast(Job, self._do(f"jobs/{number}/start-again"))

    def job_result(self, number: int, file: str | Path) -> Path:
        """Write the file that one's own job has left."""
        return self.save(f"jobs/{number}/result", file)
