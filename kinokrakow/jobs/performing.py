"""Does jobs: claims one by a conditional update, calls its function, and records how it ended."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from kinokrakow import clock
from kinokrakow.http import Blocked, NotYet, Open, meter, rate_limit
from kinokrakow.jobs import identity
from kinokrakow.jobs.broker import inline, send
from kinokrakow.jobs.registry import KINDS, GiveUp, Stopped, Superseded
from kinokrakow.jobs.transitions import again, close, crashed, fail, leave, retry, settle
from kinokrakow.models import Job, JobAttempt

LEASE_MARGIN = 15  # s after Q_TIMEOUT before a running job counts as crashed
UNKNOWN_AGAIN = dt.timedelta(seconds=60)  # between two tries of a job of an unknown kind
UNKNOWN_FOR = dt.timedelta(days=1)

State = Job.State
Outcome = JobAttempt.Outcome


def perform(job_id: int) -> str:
    """Do a job if it is still to be done. Returns how it ended; raises only what must end the process."""
    asked_for = Job.objects.filter(pk=job_id).first()
    if asked_for is not None and asked_for.kind not in KINDS:
        return _leave_to_others(asked_for)
    job = asked_for and _claim(asked_for)
    if job is None:
        return "nothing to do"
    counter: Counter[str] = Counter()
    token = meter.set(counter)
    asking = rate_limit.caller.set(rate_limit.Caller(f"job:{job.pk}"))
    try:
        KINDS[job.kind].function(job)
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
        rate_limit.caller.reset(asking)
        JobAttempt.objects.filter(job=job, number=job.attempt, requests={}).update(requests=dict(counter))


@contextmanager
def finishing(job: Job) -> Iterator[None]:
    """One transaction around a job's effects that ends with the job done.

    Raises `Superseded`, and undoes everything, when this attempt no longer holds the job.
    """
    with transaction.atomic():
        yield
        now = clock.now()
        counter = meter.get()
        leave(job, State.DONE, finished_at=now, error="")
        close(job, Outcome.DONE, requests=dict(counter) if counter else {})
        settle(job)


def _leave_to_others(job: Job) -> str:
    """A job of a kind that this version doesn't know waits for a machine that runs a newer one; a day at most."""
    now = clock.now()
    waiting = Job.objects.filter(pk=job.pk, state=State.QUEUED, attempt=job.attempt)
    with transaction.atomic():
        if now - job.queued_at > UNKNOWN_FOR:
            error = f"no version of the program that works here knows jobs of kind {job.kind!r}"
            if waiting.update(state=State.FAILED, finished_at=now, error=error):
                settle(job)
                return str(State.FAILED)
        elif waiting.update(due_at=now + UNKNOWN_AGAIN):
            job.due_at = now + UNKNOWN_AGAIN
            send(job)
            return "left to a newer version"
    return "nothing to do"


def _claim(job: Job) -> Job | None:
    """Take a waiting job, or a running one whose worker is lost, by one conditional update.

    The lease is by the database's clock: machines that differ in theirs must not take each other's jobs for lost.
    """
    now = clock.now()
    if job.state == State.RUNNING and Job.objects.lost().filter(pk=job.pk).exists():
        crashed(job)
        job.refresh_from_db()
    with transaction.atomic():
        claimed = Job.objects.filter(pk=job.pk, state=State.QUEUED, attempt=job.attempt).update(
            state=State.RUNNING,
            attempt=F("attempt") + 1,
            worker=identity.name(),
            started_at=now,
            lease_until=Now() + dt.timedelta(seconds=settings.Q_TIMEOUT + LEASE_MARGIN),
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
