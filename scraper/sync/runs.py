"""A run's life: asked for, the days on offer read off the calendar, and closed when its last job has ended."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from kinokrakow import jobs
from kinokrakow.models import Job
from review import automatic
from scraper.models import DayScrape, SyncRun
from scraper.site import client
from scraper.site.extractors import calendar

WEEK = 7
RUN_HOURS = dt.timedelta(hours=6)  # after which a new sync no longer joins a run

Status = DayScrape.Status


def start_sync() -> tuple[SyncRun, bool]:
    """Ask for a sync; returns the run, and whether it is new. While one runs, a second joins it."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                run = SyncRun.objects.create(started_at=timezone.now())
        except IntegrityError:
            running = SyncRun.objects.filter(status=SyncRun.Status.RUNNING).first()
            if running and not _given_up(running):
                return running, False
            return start_sync()
        jobs.enqueue("calendar", f"calendar:{run.pk}", run=run.pk)
        if automatic.configured():
            jobs.enqueue("now_playing", f"now_playing:{run.pk}", run=run.pk)
    return run, True


def _given_up(run: SyncRun) -> bool:
    """End a run that has gone on for RUN_HOURS (a site that asks for hours of patience, again and again): what waits
    is cancelled, so its days are shown as unread and a new run can begin. False where it may, or must, go on."""
    if timezone.now() - run.started_at < RUN_HOURS:
        return False
    for job_id in Job.objects.filter(run=run.pk, state=Job.State.QUEUED).values_list("pk", flat=True):
        jobs.cancel(job_id)
    finish_run(run.pk)
    return not SyncRun.objects.filter(pk=run.pk, status=SyncRun.Status.RUNNING).exists()


def scheduled_sync() -> int:
    """What the schedule calls."""
    return start_sync()[0].pk


def _calendar_failed(job: Job, error: str) -> None:
    SyncRun.objects.filter(pk=_run(job).pk).update(error=error)


def _run(job: Job) -> SyncRun:
    assert job.run is not None, f"{job.key} belongs to no run"
    return SyncRun.objects.get(pk=job.run)


@jobs.task("calendar", failed=_calendar_failed)
def read_calendar(job: Job) -> None:
    """Read the days on offer off the site's own calendar, and ask for each of them."""
    today = timezone.localdate()
    fetched = client.read_calendar(run=job.run)
    cells = calendar.extract(fetched.text, url=fetched.url, today=today)
    with jobs.finishing(job):
        run = _run(job)
        active = next(cell.date for cell in cells if cell.active)
        for cell in cells:
            DayScrape.objects.create(run=run, date=cell.date, ahead=(cell.date - active).days)
            page = fetched.page_id if cell.active else None
            jobs.enqueue("day", f"day:{cell.date}:{run.pk}", run=run.pk, date=str(cell.date), page=page)
        SyncRun.objects.filter(pk=run.pk).update(site_today=active)


@jobs.when_settled
def finish_run(run_id: int) -> None:
    """Close the run if its last job has ended; runs in that job's transaction, after its own update.

    The lock orders two jobs that end at once: the second sees the first as done. What is read again after
    the end is judged again, and the end stays when it was.
    """
    run = SyncRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or Job.objects.active().filter(run=run_id).exists():
        return
    if run.status != SyncRun.Status.RUNNING:
        SyncRun.objects.filter(pk=run_id).update(status=verdict(run))
        return
    at = timezone.now()
    run.days.filter(status=Status.WAITING).update(status=Status.FAILED, error="its job was cancelled", finished_at=at)
    SyncRun.objects.filter(pk=run_id).update(status=verdict(run), finished_at=at)
    jobs.enqueue("watch", "watch", run=run_id)


def verdict(run: SyncRun) -> str:
    """Complete: seven days or more, every one verified or empty. Failed: not one."""
    days = list(run.days.values_list("status", flat=True))
    read = sum(1 for status in days if status in DayScrape.READ)
    if not read:
        return SyncRun.Status.FAILED
    return SyncRun.Status.COMPLETE if read == len(days) >= WEEK else SyncRun.Status.INCOMPLETE
