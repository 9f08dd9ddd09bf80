"""Whether jobs are done: a worker is alive when some wait, none is stuck, none was forgotten."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from plenum.jobs.queries import SECONDS_TO_WAIT, forgotten, queue_standing
from plenum.periods.findings import Check, Finding

SECONDS_OF_SILENCE = 3600


def worker_alive() -> Iterator[Finding]:
    """Somebody does what waits."""
    standing = queue_standing()
    if standing.waiting and not standing.workers and standing.longest_wait > SECONDS_TO_WAIT:
        yield Finding(
            _(
                "Jobs wait and no worker is there to do them. Waiting: %(count)s. The oldest for %(minutes)s minutes."
            )
            % {"count": standing.waiting, "minutes": int(standing.longest_wait // 60)},
            _("Start one: plenum work, or plenum serve --with-worker"),
        )


def none_stuck() -> Iterator[Finding]:
    """What runs says so from time to time, and the queue knows everything that waits."""
    standing = queue_standing()
    if standing.running and standing.longest_silence > SECONDS_OF_SILENCE:
        yield Finding(
            _("A job runs and has said nothing for %(minutes)s minutes.")
            % {"minutes": int(standing.longest_silence // 60)},
            _(
                "Look at it: plenum jobs --state running. Restart the worker if it hangs; the job is begun again."
            ),
        )
    if lost := forgotten():
        yield Finding(
            _("The queue does not know of jobs that wait: %(numbers)s.")
            % {"numbers": ", ".join(map(str, lost[:20]))},
            _("Cancel them, and let those who started them start them again: plenum jobs cancel NUMBER"),
        )


checks = [
    Check("jobs.worker", gettext_noop("A worker does what waits"), worker_alive),
    Check("jobs.stuck", gettext_noop("No job is stuck"), none_stuck),
]
