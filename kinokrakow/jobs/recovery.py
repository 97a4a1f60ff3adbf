"""Hands out again what lost workers held, and does a run's jobs without any worker."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

from django_q.models import OrmQ

from kinokrakow import clock
from kinokrakow.jobs import identity
from kinokrakow.jobs.broker import inline, send
from kinokrakow.jobs.performing import perform
from kinokrakow.jobs.transitions import crashed
from kinokrakow.models import Job

LATE = dt.timedelta(seconds=10)  # that a due job may wait behind a queue row that a (dead?) cluster has taken
SIT_OUT = dt.timedelta(minutes=5)  # a longer pause than this is not waited for without workers
SOON = dt.timedelta(minutes=1)
FAR = dt.timedelta(days=1)  # no job is put off for longer: a clock that was wrong must have done it

State = Job.State


def recover() -> int:
    """Hand out again what lost workers ran, or had taken off the queue; returns how many jobs that were.

    Safe to run at any time and any number of times: whatever is handed out twice is claimed once.
    """
    now = clock.now()
    lost = set(Job.objects.lost().values_list("pk", flat=True))
    running = Job.objects.filter(state=State.RUNNING)
    count = sum(crashed(job) for job in running if job.pk in lost or identity.is_gone(job.worker))
    Job.objects.filter(state=State.QUEUED, due_at__gt=now + FAR).update(due_at=now - LATE)
    late = Job.objects.filter(state=State.QUEUED, due_at__lte=now - LATE)
    rows = OrmQ.objects.filter(pk__in=late.values("queue_row"))
    count += int(rows.filter(lock__gt=now).update(lock=now))
    for job in late.exclude(queue_row__in=rows.values("pk")):
        send(job)
        count += 1
    return count


def hurry() -> int:
    """Do at once what was put off for longer than SOON after an attempt: the pause it waits for is known to be over.

    Whatever is asked too early all the same is put off again.
    """
    now = clock.now()
    waiting = Job.objects.filter(state=State.QUEUED, attempt__gt=0, due_at__gt=now + SOON)
    count = waiting.update(due_at=now - LATE)
    recover()
    return count


def run_inline(run: int, progress: Callable[[], None] = lambda: None) -> bool:
    """Do all of a run's jobs in this process, one after the other, until none is left. Needs no cluster.

    False, at once, when all that is left is due in more than SIT_OUT: it stays queued.
    """
    token = inline.set(True)
    try:
        while True:
            progress()
            now = clock.now()
            active = Job.objects.active().filter(run=run)
            job = active.filter(state=State.QUEUED, due_at__lte=now).order_by("due_at", "id").first()
            if job:
                perform(job.pk)
                continue
            if not active.exists():
                return True
            recover()
            if not active.exclude(state=State.QUEUED, due_at__gt=now + SIT_OUT).exists():
                return False
            time.sleep(0.1)
    finally:
        inline.reset(token)
