"""Does jobs: claims one by a conditional update, calls its function, and records how it ended."""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kinokrakow.http import Blocked, NotYet, Open, meter
from kinokrakow.jobs.broker import inline
from kinokrakow.jobs.registry import KINDS, GiveUp, Stopped, Superseded
from kinokrakow.jobs.transitions import again, close, crashed, fail, leave, retry, settle
from kinokrakow.models import Job, JobAttempt

LEASE_MARGIN = 15  # s after Q_TIMEOUT before a running job counts as crashed

State = Job.State
Outcome = JobAttempt.Outcome


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
        if isinstance(error, Open) and inline.get():  # without workers nobody would come back to it
            return fail(job, error)
        return again(job, Outcome.POSTPONED, error, error.seconds, spent=False)
    except (GiveUp, Blocked) as error:
        return fail(job, error)
    except Exception as error:
        return retry(job, error)
    except (KeyboardInterrupt, Stopped) as error:
        again(job, Outcome.POSTPONED, error, 0, spent=False)
        raise
    except SystemExit as error:  # django-q's time limit: the worker must die of it, the ledger must know
        retry(job, error)
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
        leave(job, State.DONE, finished_at=now, error="")
        close(job, Outcome.DONE, requests=dict(counter) if counter else {})
        settle(job)


def _claim(job_id: int) -> Job | None:
    """Take a waiting job, or a running one whose worker is lost, by one conditional update."""
    now = timezone.now()
    lease = now + dt.timedelta(seconds=settings.Q_TIMEOUT + LEASE_MARGIN)
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        return None
    if job.state == State.RUNNING and job.lease_until is not None and job.lease_until < now:
        crashed(job)
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


def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
