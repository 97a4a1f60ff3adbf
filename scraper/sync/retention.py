"""What is dropped when it has become old: as a job, in small transactions, for a bounded time at once.

Two settings say how old: ARCHIVE_DAYS for pages and jobs, HISTORY_DAYS for what statistics and people look back to.
Kept for good are films, cinemas, events and people's decisions: they grow with what there is, not with time.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone
from django_q.models import Failure

from events.models import OtherEvent, Showtime
from kinokrakow import jobs
from kinokrakow.http import rate_limit
from kinokrakow.jobs import heartbeats
from kinokrakow.models import Job
from scraper.models import Alert, Delivery, Page, SyncRun, WitnessDifference, WitnessLook

CHUNK = 200  # rows of one transaction
AT_ONCE = 30.0  # s after which the rest is left to another job, so that none comes near its time limit


def ask() -> int:
    """Ask for the pruning; what the schedule calls. Returns the job's id."""
    return jobs.enqueue("prune", "prune:1", part=1)[0].pk


@jobs.task("prune")
def prune(job: Job) -> None:
    """Drop what is older than the settings say, and sessions and failed logins that count no more."""
    begun, now = time.monotonic(), timezone.now()
    whole = all(_drop(rows, begun) for rows in (*_old(now), *_ended(now)))
    with jobs.finishing(job):
        heartbeats.forget()
        rate_limit.forget()
        if not whole:
            part = job.args["part"] + 1
            jobs.enqueue("prune", f"prune:{part}", part=part)


def overdue(at: dt.datetime) -> int:
    """Rows that should have been dropped two days ago: 0, unless the pruning fails or can't keep up."""
    return sum(rows.count() for rows in _old(at - dt.timedelta(days=2)))


def _old(at: dt.datetime) -> Iterator[QuerySet[Any]]:
    before = at - dt.timedelta(days=settings.ARCHIVE_DAYS)
    yield Page.objects.filter(sent_at__lt=before)
    yield Job.objects.filter(finished_at__lt=before)
    yield Failure.objects.filter(stopped__lt=before)
    before = at - dt.timedelta(days=settings.HISTORY_DAYS)
    yield Showtime.objects.filter(starts_at__lt=before)
    yield OtherEvent.objects.filter(starts_at__lt=before)
    yield Delivery.objects.filter(created_at__lt=before)
    yield WitnessLook.objects.filter(ended_at__lt=before)
    yield WitnessDifference.objects.filter(starts_at__lt=before)
    yield Alert.objects.filter(resolved_at__lt=before)
    yield SyncRun.objects.filter(started_at__lt=before)
    yield LogEntry.objects.filter(action_time__lt=before)


def _ended(at: dt.datetime) -> Iterator[QuerySet[Any]]:
    yield Session.objects.filter(expire_date__lt=at)
    yield AccessAttempt.objects.filter(attempt_time__lt=at - dt.timedelta(days=1))


def _drop(rows: QuerySet[Any], begun: float) -> bool:
    """Delete them by chunks, without reading what they hold; False when time was up before the last one."""
    while time.monotonic() - begun < AT_ONCE:
        chunk = list(rows.order_by().values_list("pk", flat=True)[:CHUNK])
        if not chunk:
            return True
        rows.model._default_manager.filter(pk__in=chunk).only("pk").delete()
    return False
