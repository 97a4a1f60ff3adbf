"""Asks for jobs, in the caller's transaction, and cancels those that still wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from kinokrakow import clock
from kinokrakow.jobs.broker import send
from kinokrakow.jobs.registry import KINDS
from kinokrakow.jobs.transitions import settle
from kinokrakow.models import Job

State = Job.State


def enqueue(kind: str, key: str, *, run: int | None = None, delay: float = 0, **args: Any) -> tuple[Job, bool]:
    """Ask for a job, due in `delay` s, unless one with this `key` is already waiting or running.

    Returns the active job and whether it is new. Runs in the caller's transaction, so the job exists
    if and only if what asked for it was committed.
    """
    assert kind in KINDS, f"no task is registered for jobs of kind {kind!r}"
    now = clock.now()
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
        send(job)
    return job, True


def not_active(keys: Iterable[str]) -> list[str]:
    """Those of `keys` that no waiting or running job has, in their order: one look instead of many refusals."""
    keys = list(keys)
    active = set(Job.objects.active().filter(key__in=keys).values_list("key", flat=True))
    return [key for key in keys if key not in active]


def cancel(job_id: int) -> bool:
    """Cancel a waiting job; False when it is not waiting (any more)."""
    with transaction.atomic():
        job = Job.objects.get(pk=job_id)
        if not Job.objects.filter(pk=job_id, state=State.QUEUED).update(state=State.CANCELLED, finished_at=clock.now()):
            return False
        settle(job)
    return True
