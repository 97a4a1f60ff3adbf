"""The ledger of jobs over django-q2, which carries nothing but their ids.

A room registers a function per kind of job with `@task`. `enqueue` writes the `Job` row and the queue's
row in the caller's transaction; `perform` (run by a worker, or by `run_inline` without one) claims the
job by a conditional update, calls the function, and settles it. The function fetches first and then
writes everything inside `with finishing(job):`, one transaction that also marks the job done, so a job
killed at any line has either done all of it or nothing, and can run again.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.models import OrmQ
from django_q.tasks import async_task

from kinokrakow.http import Blocked, NotYet, Unavailable, backoff, meter
from kinokrakow.models import Job, JobAttempt

logger = logging.getLogger(__name__)

BACKOFF_FACTOR = 4.0  # of RETRY_BASE_DELAY from one attempt to the next: 2 s, 8 s, 32 s
LEASE_MARGIN = 15  # s after Q_TIMEOUT before a running job counts as crashed
LATE = 10  # s that a due job may wait behind a queue row that a (dead?) cluster has taken

State = Job.State
Outcome = JobAttempt.Outcome


class GiveUp(Exception):
    """Raised by a job's function: trying again would bring the same."""


class Superseded(Exception):
    """This attempt lost its lease; another has taken the job over, and this one must leave no trace."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How jobs of one kind are run. `failed(job, error)` runs in the transaction that gives the job up."""

    function: Callable[[Job], None]
    attempts: int
    failed: Callable[[Job, str], None] | None


KINDS: dict[str, Kind] = {}
_settled: list[Callable[[int], None]] = []
_inline: ContextVar[bool] = ContextVar("inline", default=False)


def task(
    kind: str, *, attempts: int = 4, failed: Callable[[Job, str], None] | None = None
) -> Callable[[Callable[[Job], None]], Callable[[Job], None]]:
    """Register the function that does jobs of `kind`, tried at most `attempts` times."""

    def register(function: Callable[[Job], None]) -> Callable[[Job], None]:
        KINDS[kind] = Kind(function, attempts, failed)
        return function

    return register


def when_settled(function: Callable[[int], None]) -> Callable[[int], None]:
    """Register `function(run)`, called in every transaction that ends a job of a run (the fan-in)."""
    _settled.append(function)
    return function


def enqueue(kind: str, key: str, *, run: int | None = None, delay: float = 0, **args: Any) -> tuple[Job, bool]:
    """Ask for a job, due in `delay` s, unless one with this `key` is already waiting or running.

    Returns the active job and whether it is new. Runs in the caller's transaction, so the job exists
    if and only if what asked for it was committed.
    """
    assert kind in KINDS, f"no task is registered for jobs of kind {kind!r}"
    now = timezone.now()
    with transaction.atomic():
        try:
            with transaction.atomic():
                job = Job.objects.create(
                    kind=kind,
                    key=key,
                    args=args,
                    run=run,
                    queued_at=now,
                    due_at=now + dt.timedelta(seconds=delay),
                )
        except IntegrityError:
            active = Job.objects.active().filter(key=key).first()
            # It may have ended between the two statements; then this call is as good as a new one.
            return (active, False) if active else enqueue(kind, key, run=run, delay=delay, **args)
        _send(job)
    return job, True


def not_active(keys: Iterable[str]) -> list[str]:
    """Those of `keys` that no waiting or running job has, in their order: one look instead of many refusals."""
    keys = list(keys)
    active = set(Job.objects.active().filter(key__in=keys).values_list("key", flat=True))
    return [key for key in keys if key not in active]


def perform(job_id: int) -> str:
    """Do a job if it is still to be done. Returns how it ended; raises only what must end the process."""
    job = _claim(job_id)
    if job is None:
        return "nothing to do"
    kind = KINDS.get(job.kind)
    counter: Counter[str] = Counter()
    token = meter.set(counter)
    try:
        if kind is None:
            raise GiveUp(f"this version of the program knows no jobs of kind {job.kind!r}")
        kind.function(job)
        outcome = Job.objects.values_list("state", flat=True).get(pk=job.pk)
        if outcome == State.RUNNING:
            raise GiveUp(f"the function of {job.kind!r} returned without finishing its job")
        return str(outcome)
    except Superseded:
        return "superseded"
    except NotYet as error:
        return _again(job, Outcome.POSTPONED, error, error.seconds, spent=False)
    except (GiveUp, Blocked) as error:
        return _fail(job, error)
    except Exception as error:
        return _retry(job, error)
    except KeyboardInterrupt as error:
        _again(job, Outcome.POSTPONED, error, 0, spent=False)
        raise
    except SystemExit as error:  # django-q's time limit: the worker must die of it, the ledger must know
        _retry(job, error)
        raise
    finally:
        meter.reset(token)
        JobAttempt.objects.filter(job=job, number=job.attempt, requests={}).update(requests=dict(counter))


@contextmanager
def finishing(job: Job) -> Iterator[None]:
    """One transaction around a job's effects that ends with the job done.

    Raises `Superseded`, and undoes everything, when this attempt no longer holds the job.
    """
    with transaction.atomic():
        yield
        now = timezone.now()
        counter = meter.get()
        _leave(job, State.DONE, finished_at=now, error="")
        _close(job, Outcome.DONE, requests=dict(counter) if counter else {})
        _settle(job)


def cancel(job_id: int) -> bool:
    """Cancel a waiting job; False when it is not waiting (any more)."""
    with transaction.atomic():
        job = Job.objects.get(pk=job_id)
        if not Job.objects.filter(pk=job_id, state=State.QUEUED).update(
            state=State.CANCELLED, finished_at=timezone.now()
        ):
            return False
        _settle(job)
    return True


def recover() -> int:
    """Hand out again what lost workers ran, or had taken off the queue; returns how many jobs that were.

    Safe to run at any time and any number of times: whatever is handed out twice is claimed once.
    """
    now = timezone.now()
    count = 0
    here = socket.gethostname() + ":"
    for job in Job.objects.filter(state=State.RUNNING):
        expired = job.lease_until is not None and job.lease_until < now
        dead = job.worker.startswith(here) and not _alive(job.worker.removeprefix(here))
        if expired or dead:
            count += _crashed(job)
    late = Job.objects.filter(state=State.QUEUED, due_at__lt=now - dt.timedelta(seconds=LATE))
    rows = OrmQ.objects.filter(pk__in=late.values("queue_row"))
    count += int(rows.filter(lock__gt=now).update(lock=now))
    for job in late.exclude(queue_row__in=rows.values("pk")):
        _send(job)
        count += 1
    return count


def run_inline(run: int, progress: Callable[[], None] = lambda: None) -> None:
    """Do all of a run's jobs in this process, one after the other, until none is left. Needs no cluster."""
    token = _inline.set(True)
    try:
        while True:
            progress()
            active = Job.objects.active().filter(run=run)
            job = active.filter(state=State.QUEUED, due_at__lte=timezone.now()).order_by("due_at", "id").first()
            if job:
                perform(job.pk)
                continue
            if not active.exists():
                return
            recover()
            time.sleep(0.1)
    finally:
        _inline.reset(token)


def _claim(job_id: int) -> Job | None:
    """Take a waiting job, or a running one whose worker is lost, by one conditional update."""
    now = timezone.now()
    lease = now + dt.timedelta(seconds=settings.Q_TIMEOUT + LEASE_MARGIN)
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        return None
    if job.state == State.RUNNING and job.lease_until is not None and job.lease_until < now:
        _crashed(job)
        job.refresh_from_db()
    with transaction.atomic():
        claimed = Job.objects.filter(pk=job_id, state=State.QUEUED, attempt=job.attempt).update(
            state=State.RUNNING, attempt=F("attempt") + 1, worker=_me(), started_at=now, lease_until=lease
        )
        if not claimed:
            return None
        due_at = job.due_at
        job.refresh_from_db()
        JobAttempt.objects.create(
            job=job,
            number=job.attempt,
            worker=job.worker,
            started_at=now,
            waited=max(0.0, (now - due_at).total_seconds()),
        )
    return job


def _retry(job: Job, error: BaseException) -> str:
    """Back into the queue with exponential backoff, or failed for good when its attempts are spent."""
    if job.spent >= KINDS[job.kind].attempts:
        return _fail(job, error)
    asked = error.retry_after if isinstance(error, Unavailable) and error.retry_after else 0.0
    return _again(job, Outcome.RETRY, error, max(asked, backoff(job.spent, BACKOFF_FACTOR)))


def _again(job: Job, outcome: Outcome, error: BaseException, delay: float, *, spent: bool = True) -> str:
    """Hand the job back, due in `delay` s. `spent=False`: nothing failed, so this was no attempt."""
    now = timezone.now()
    logger.warning("%s: attempt %d %s, again in %.1f s: %s", job.key, job.attempt, outcome.label, delay, error)
    try:
        with transaction.atomic():
            due_at = now + dt.timedelta(seconds=delay)
            _leave(job, State.QUEUED, due_at=due_at, error=_text(error) if spent else job.error)
            _close(job, outcome, error=_text(error), traceback=_trace(error) if spent else "")
            if not spent:
                Job.objects.filter(pk=job.pk).update(postponed=F("postponed") + 1)
            job.due_at = due_at
            _send(job)
    except Superseded:
        return "superseded"
    return str(outcome)


def _fail(job: Job, error: BaseException) -> str:
    logger.error("%s failed for good at attempt %d: %s", job.key, job.attempt, error)
    try:
        with transaction.atomic():
            _give_up(job, _text(error))
            _close(job, Outcome.FAILED, error=_text(error), traceback=_trace(error))
    except Superseded:
        return "superseded"
    return str(State.FAILED)


def _give_up(job: Job, error: str) -> None:
    _leave(job, State.FAILED, finished_at=timezone.now(), error=error)
    kind = KINDS.get(job.kind)
    if kind and kind.failed:
        try:
            with transaction.atomic():
                kind.failed(job, error)
        except Exception:  # what it would have told others is lost; the job must still end, and its run with it
            logger.exception("%s: could not tell that it failed", job.key)
    _settle(job)


def _crashed(job: Job) -> bool:
    """A running job whose worker is gone: queued again, or failed when it has crashed every time."""
    error = f"the worker {job.worker} was lost during attempt {job.attempt}"
    kind = KINDS.get(job.kind)
    now = timezone.now()
    try:
        with transaction.atomic():
            if kind is None or job.spent >= kind.attempts:
                _give_up(job, error)
            else:
                _leave(job, State.QUEUED, due_at=now, error=error)
                job.due_at = now
                _send(job)
            _close(job, Outcome.CRASHED, error=error)
    except Superseded:
        return False
    logger.warning("%s: %s", job.key, error)
    return True


def _leave(job: Job, state: State, **changes: Any) -> None:
    """Out of `running`, only by the attempt that holds it."""
    held = Job.objects.filter(pk=job.pk, state=State.RUNNING, attempt=job.attempt)
    if held.update(state=state, lease_until=None, **changes) != 1:
        raise Superseded(job.key)


def _close(job: Job, outcome: Outcome, **changes: Any) -> None:
    JobAttempt.objects.filter(Q(job=job, number=job.attempt), outcome=Outcome.RUNNING).update(
        outcome=outcome, finished_at=timezone.now(), **changes
    )


def _settle(job: Job) -> None:
    if job.run is not None:
        _announce(job.run)


def _announce(run: int) -> None:
    for function in _settled:
        function(run)


class _DelayedORM(ORM):  # type: ignore[misc]
    """django-q's ORM broker, but a task may be handed out later: the row's lock is when it is due."""

    job: Job

    def enqueue(self, task: str) -> int:
        row = OrmQ.objects.create(key=self.list_key, payload=task, lock=self.job.due_at)
        Job.objects.filter(pk=self.job.pk).update(queue_row=row.pk)
        return int(row.pk)


def _send(job: Job) -> None:
    if _inline.get():
        return
    broker = _DelayedORM(str(settings.Q_CLUSTER["name"]))
    broker.job = job
    async_task("kinokrakow.jobs.perform", job.pk, task_name=job.key[:100], broker=broker)


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".replace("\0", "")


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)).replace("\0", "")


def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _alive(pid: str) -> bool:
    """Whether a process of this machine lives; another may have its number, then the lease decides."""
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True
