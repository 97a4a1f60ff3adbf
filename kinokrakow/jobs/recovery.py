"""Hands out again what lost workers held, and does a run's jobs without any worker."""

from __future__ import annotations

import datetime as dt
import os
import socket
import time
from collections.abc import Callable

from django.utils import timezone
from django_q.models import OrmQ

from kinokrakow.jobs.broker import inline, send
from kinokrakow.jobs.performing import perform
from kinokrakow.jobs.transitions import crashed
from kinokrakow.models import Job

LATE = 10  # s that a due job may wait behind a queue row that a (dead?) cluster has taken

State = Job.State


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
            count += crashed(job)
    late = Job.objects.filter(state=State.QUEUED, due_at__lt=now - dt.timedelta(seconds=LATE))
    rows = OrmQ.objects.filter(pk__in=late.values("queue_row"))
    count += int(rows.filter(lock__gt=now).update(lock=now))
    for job in late.exclude(queue_row__in=rows.values("pk")):
        send(job)
        count += 1
    return count


def run_inline(run: int, progress: Callable[[], None] = lambda: None) -> None:
    """Do all of a run's jobs in this process, one after the other, until none is left. Needs no cluster."""
    token = inline.set(True)
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
        inline.reset(token)


def _alive(pid: str) -> bool:
    """Whether a process of this machine lives; another may have its number, then the lease decides."""
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True
