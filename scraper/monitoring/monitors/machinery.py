"""Monitors of our own machinery: runs that do not come, jobs that stand still, a heartbeat that nobody takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Min

from kinokrakow.http import breaker
from kinokrakow.models import Job, JobAttempt
from scraper.models import Alert, SyncRun, WatchState
from scraper.monitoring import supervisor
from scraper.monitoring.monitors.situation import BAD, WARN, Finding, Seen, Situation, always, monitor
from scraper.sync import retention

HEARTBEAT_MAY_FAIL = dt.timedelta(minutes=15)


def _unless_paused(_alert: Alert, now: Situation) -> Seen:
    return Seen.UNSEEN if breaker.paused("kino", now.at) else Seen.WELL


@monitor(no_run=_unless_paused)
def no_run(now: Situation) -> Iterator[Finding]:
    """No run has ended for too long, and nobody paused the site; a database that never saw one is new, not broken."""
    if breaker.paused("kino", now.at):
        return
    since = now.at - dt.timedelta(hours=settings.ALERT_RUN_HOURS)
    ended = (
        now.run.finished_at if now.run else SyncRun.objects.order_by("pk").values_list("started_at", flat=True).first()
    )
    if ended and ended < since:
        yield Finding("no_run", BAD, facts={"since": ended.isoformat()})


@monitor(workers_gone=always)
def no_workers(now: Situation) -> Iterator[Finding]:
    """There were workers, and for some minutes there are none."""
    if since := supervisor.workers_gone(now.at):
        due = Job.objects.filter(state=Job.State.QUEUED, due_at__lt=now.at).count()
        yield Finding("workers_gone", BAD, facts={"since": since.isoformat(), "jobs": due})


def _while_there_are_workers(_alert: Alert, now: Situation) -> Seen:
    return Seen.UNSEEN if supervisor.workers_gone(now.at) else Seen.WELL


@monitor(jobs_stuck=_while_there_are_workers)
def stuck_jobs(now: Situation) -> Iterator[Finding]:
    """Jobs are due and nothing moves, though nobody says that the workers are gone: one that hangs, or never began."""
    if supervisor.workers_gone(now.at):
        return
    since = now.at - dt.timedelta(minutes=settings.ALERT_STUCK_MINUTES)
    due = Job.objects.filter(state=Job.State.QUEUED, due_at__lt=since)
    lost = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=since)
    count = due.count() + lost.count()
    if count and not JobAttempt.objects.filter(finished_at__gte=since, finished_at__lte=now.at).exists():
        oldest = due.aggregate(oldest=Min("due_at"))["oldest"] or lost.aggregate(oldest=Min("started_at"))["oldest"]
        yield Finding("jobs_stuck", BAD, facts={"jobs": count, "since": oldest.isoformat()})


@monitor(archive_overdue=always)
def pruning(now: Situation) -> Iterator[Finding]:
    """Old pages and jobs are not dropped as they should be: the database grows."""
    if rows := retention.overdue(now.at):
        yield Finding("archive_overdue", WARN, facts={"rows": rows})


def _while_it_is_sent(_alert: Alert, _now: Situation) -> Seen:
    return Seen.WELL if settings.HEARTBEAT_URL else Seen.OVER


@monitor(heartbeat_refused=_while_it_is_sent)
def heartbeat(now: Situation) -> Iterator[Finding]:
    """Whoever takes our heartbeat has not taken it for a while: our own silence would go unnoticed."""
    state = WatchState.objects.first()
    since = state.heartbeat_failing_since if state and settings.HEARTBEAT_URL else None
    if state and since and now.at - since >= HEARTBEAT_MAY_FAIL:
        facts = {"since": since.isoformat(), "error": state.heartbeat_error}
        yield Finding("heartbeat_refused", WARN, facts=facts)
