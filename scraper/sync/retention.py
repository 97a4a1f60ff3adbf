"""What is dropped when it has become old: as a job, in small transactions, for a bounded time at once."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django_q.models import Failure

from kinokrakow import jobs
from kinokrakow.http import rate_limit
from kinokrakow.jobs import heartbeats
from kinokrakow.models import Job
from scraper.models import Page

CHUNK = 200  # rows of one transaction
AT_ONCE = 30.0  # s after which the rest is left to another job, so that none comes near its time limit


def ask() -> int:
    """Ask for the pruning; what the schedule calls. Returns the job's id."""
    return jobs.enqueue("prune", "prune:1", part=1)[0].pk


@jobs.task("prune")
def prune(job: Job) -> None:
    """Drop archived pages older than ARCHIVE_DAYS, and jobs and failures that ended before that."""
    begun = time.monotonic()
    before = timezone.now() - dt.timedelta(days=settings.ARCHIVE_DAYS)
    whole = all(_drop(rows, begun) for rows in _old(before))
    with jobs.finishing(job):
        heartbeats.forget()
        rate_limit.forget()
        if not whole:
            part = job.args["part"] + 1
            jobs.enqueue("prune", f"prune:{part}", part=part)


def overdue(at: dt.datetime) -> int:
    """Rows that should have been dropped two days ago: 0, unless the pruning fails or can't keep up."""
    return sum(rows.count() for rows in _old(at - dt.timedelta(days=settings.ARCHIVE_DAYS + 2)))


def _old(before: dt.datetime) -> Iterator[QuerySet[Any]]:
    yield Page.objects.filter(sent_at__lt=before)
    yield Job.objects.filter(finished_at__lt=before)
    yield Failure.objects.filter(stopped__lt=before)


def _drop(rows: QuerySet[Any], begun: float) -> bool:
    """Delete them by chunks, without reading what they hold; False when time was up before the last one."""
    while time.monotonic() - begun < AT_ONCE:
        chunk = list(rows.order_by().values_list("pk", flat=True)[:CHUNK])
        if not chunk:
            return True
        rows.model._default_manager.filter(pk__in=chunk).only("pk").delete()
    return False
