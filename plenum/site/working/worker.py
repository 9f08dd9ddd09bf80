"""The worker: takes up what waits, one job or several at a time, and what a worker that is gone has left."""

import asyncio
import logging
from contextlib import suppress
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job as Queued

from plenum.access.guard import speaking
from plenum.jobs.models import UNDER_WAY, Job, JobFile
from plenum.jobs.queries import DAYS_OF_FILES, DAYS_OF_JOBS, QUEUE, TASK
from plenum.site.clock import today
from plenum.site.working.doing import SYSTEM, Again, do_job

SECONDS_TO_FINISH = 20
"""How long running jobs may take after the worker was told to stop; the others begin anew with the next worker."""
SECONDS_OF_A_HEARTBEAT = 5.0
HEARTBEATS_MISSED = 3
"""After so many a worker is held to be gone, and what it did is taken up by another."""
SECONDS_BETWEEN_SWEEPS = 3600.0

log = logging.getLogger("plenum.jobs")


class WhenAsked(BaseRetryStrategy):
    """A job comes again when it says so, and never otherwise."""

    def get_retry_decision(self, *, exception: BaseException, job: Queued) -> RetryDecision | None:
        """When the job is taken up again; None for never."""
        return (
            RetryDecision(retry_in={"seconds": exception.seconds}) if isinstance(exception, Again) else None
        )


def work(concurrency: int = 1, heartbeat: float = SECONDS_OF_A_HEARTBEAT) -> None:
    """Do jobs until told to stop (SIGTERM, Ctrl-C)."""
    if TASK not in app.tasks:
        app.task(name=TASK, queue=QUEUE, retry=WhenAsked(), pass_context=True)(_take_up)
    asyncio.run(_work(concurrency, heartbeat))


def _take_up(context: JobContext, *, job: int) -> None:
    do_job(job, today(), context.should_abort)


async def _work(concurrency: int, heartbeat: float) -> None:
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as working:
        async with working.open_async():
            others = asyncio.create_task(_look_after(working, heartbeat))
            try:
                await working.run_worker_async(
                    queues=[QUEUE],
                    name="plenum",
                    concurrency=concurrency,
                    delete_jobs="always",
                    shutdown_graceful_timeout=SECONDS_TO_FINISH,
                    fetch_job_polling_interval=min(heartbeat, 5.0),
                    update_heartbeat_interval=heartbeat,
                    stalled_worker_timeout=heartbeat * HEARTBEATS_MISSED,
                )
            finally:
                others.cancel()
                with suppress(asyncio.CancelledError):
                    await others


async def _look_after(working: Any, heartbeat: float) -> None:
    """Give back to the queue what workers that are gone were doing; now and then clear what is kept no longer."""
    manager = working.job_manager
    swept = -SECONDS_BETWEEN_SWEEPS
    while True:
        try:
            for left in await manager.get_stalled_jobs(
                queue=QUEUE, seconds_since_heartbeat=heartbeat * HEARTBEATS_MISSED
            ):
                log.warning(
                    "a worker is gone; its job is taken up again", extra={"job": left.task_kwargs["job"]}
                )
                await manager.retry_job(left)
            now = asyncio.get_running_loop().time()
            if now - swept >= SECONDS_BETWEEN_SWEEPS:
                await sync_to_async(sweep, thread_sensitive=False)()
                swept = now
        except Exception:
            log.exception("could not look after the queue; trying again")
        await asyncio.sleep(heartbeat)


def sweep() -> None:
    """Throw away the files and the jobs whose days are over."""
    close_old_connections()
    try:
        with speaking(SYSTEM, today()), connection.cursor() as cursor:
            cursor.execute(
                "SELECT now() - make_interval(days => %s), now() - make_interval(days => %s)",
                [DAYS_OF_FILES, DAYS_OF_JOBS],
            )
            files_before, jobs_before = cursor.fetchone()
            JobFile.objects.filter(job__ended_at__lt=files_before).delete()
            Job.objects.filter(ended_at__lt=jobs_before).exclude(state__in=UNDER_WAY).delete()
    finally:
        close_old_connections()
