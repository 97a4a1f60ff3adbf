"""How a running job changes its state: conditional updates that only the attempt which holds the job can make."""

from __future__ import annotations

import datetime as dt
import logging
import traceback
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from kinokrakow import clock
from kinokrakow.http import Unavailable, backoff
from kinokrakow.jobs.broker import send
from kinokrakow.jobs.registry import KINDS, SETTLED, Superseded
from kinokrakow.models import Job, JobAttempt

logger = logging.getLogger(__name__)

BACKOFF_FACTOR = 4.0  # of RETRY_BASE_DELAY from one attempt to the next: 2 s, 8 s, 32 s

State = Job.State
Outcome = JobAttempt.Outcome


def leave(job: Job, state: State, **changes: Any) -> None:
    """Out of `running`, only by the attempt that holds it."""
    held = Job.objects.filter(pk=job.pk, state=State.RUNNING, attempt=job.attempt)
    if held.update(state=state, lease_until=None, **changes) != 1:
        raise Superseded(job.key)


def close(job: Job, outcome: Outcome, **changes: Any) -> None:
    JobAttempt.objects.filter(Q(job=job, number=job.attempt), outcome=Outcome.RUNNING).update(
        outcome=outcome, finished_at=clock.now(), **changes
    )


def settle(job: Job) -> None:
    """Tell what waits for the end of a run's jobs (`when_settled`) that one of them has ended."""
    if job.run is not None:
        for function in SETTLED:
            function(job.run)


def retry(job: Job, error: BaseException) -> str:
    """Back into the queue with exponential backoff, or failed for good when its attempts are spent."""
    if job.spent >= KINDS[job.kind].attempts:
        return fail(job, error)
    asked = error.retry_after if isinstance(error, Unavailable) and error.retry_after else 0.0
    return again(job, Outcome.RETRY, error, max(asked, backoff(job.spent, BACKOFF_FACTOR)))


def again(job: Job, outcome: Outcome, error: BaseException, delay: float, *, spent: bool = True) -> str:
    """Hand the job back, due in `delay` s. `spent=False`: nothing failed, so this was no attempt."""
    now = clock.now()
    logger.warning("%s: attempt %d %s, again in %.1f s: %s", job.key, job.attempt, outcome.label, delay, error)
    try:
        with transaction.atomic():
            due_at = now + dt.timedelta(seconds=delay)
            leave(job, State.QUEUED, due_at=due_at, error=_text(error) if spent else job.error)
            close(job, outcome, error=_text(error), traceback=_trace(error) if spent else "")
            if not spent:
                Job.objects.filter(pk=job.pk).update(postponed=F("postponed") + 1)
            job.due_at = due_at
            send(job)
    except Superseded:
        return "superseded"
    return str(outcome)


def fail(job: Job, error: BaseException) -> str:
    logger.error("%s failed for good at attempt %d: %s", job.key, job.attempt, error)
    try:
        with transaction.atomic():
            give_up(job, _text(error))
            close(job, Outcome.FAILED, error=_text(error), traceback=_trace(error))
    except Superseded:
        return "superseded"
    return str(State.FAILED)


def give_up(job: Job, error: str) -> None:
    leave(job, State.FAILED, finished_at=clock.now(), error=error)
    kind = KINDS.get(job.kind)
    if kind and kind.failed:
        try:
            with transaction.atomic():
                kind.failed(job, error)
        except Exception:  # what it would have told others is lost; the job must still end, and its run with it
            logger.exception("%s: could not tell that it failed", job.key)
    settle(job)


def crashed(job: Job) -> bool:
    """A running job whose worker is gone: queued again, or failed when it has crashed every time."""
    error = f"the worker {job.worker} was lost during attempt {job.attempt}"
    kind = KINDS.get(job.kind)
    now = clock.now()
    try:
        with transaction.atomic():
            if kind is not None and job.spent >= kind.attempts:
                give_up(job, error)
            else:
                leave(job, State.QUEUED, due_at=now, error=error)
                job.due_at = now
                send(job)
            close(job, Outcome.CRASHED, error=error)
    except Superseded:
        return False
    logger.warning("%s: %s", job.key, error)
    return True


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".replace("\0", "")


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)).replace("\0", "")
