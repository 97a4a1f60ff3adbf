"""A run's life: asked for, its days read off the calendar, and closed when its last day has ended.

A run is its days. The jobs for film pages, matching and places that its days ask for belong to it in the ledger, but
outlive it and hold nobody up; `films_done_at` says when the last of them has ended.

What failed is asked for again by the workers after 5, 15 and 45 minutes, while the run already counts as incomplete,
and nobody is told before the last of these has failed. A sync without workers (`--inline`) has nobody to do that.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from events import local_time
from kinokrakow import clock, jobs
from kinokrakow.http import breaker
from kinokrakow.jobs.broker import inline
from kinokrakow.models import Job, ServiceState
from review import automatic
from scraper.coverage.witnesses import looking
from scraper.models import DayScrape, SyncRun
from scraper.site import client
from scraper.site.offer import Offer, days_on_offer
from scraper.sync import schedules

logger = logging.getLogger(__name__)

RUN_HOURS = dt.timedelta(hours=6)  # after which a new sync no longer joins a run
DAY_KINDS = ("calendar", "day")  # the jobs whose end is the run's
ASKED_AGAIN_AFTER = tuple(dt.timedelta(minutes=n) for n in (5, 15, 45))  # the run's end
OVERDUE = dt.timedelta(minutes=5)  # that another try may lie unbegun; then nobody seems to work, and it counts no more
#: The services that jobs ask besides the site: while one does not answer, nobody waits for these jobs.
ASKS = {"match": "tmdb", "now_playing": "tmdb", "upkeep": "tmdb", "locate": "geocoder"}

Status = DayScrape.Status


class Paused(Exception):
    """Staff paused the site: no sync begins. `state` says until when and why."""

    def __init__(self, state: ServiceState) -> None:
        super().__init__(f"the site is paused until {state.paused_until}: {state.paused_why}")
        self.state = state


def start_sync() -> tuple[SyncRun, bool]:
    """Ask for a sync; returns the run, and whether it is new. While one runs, a second joins it.

    Raises `Paused`.
    """
    if state := breaker.paused(client.service().name, clock.now()):
        raise Paused(state)
    with transaction.atomic():
        try:
            with transaction.atomic():
                run = SyncRun.objects.create(started_at=clock.now())
        except IntegrityError:
            running = SyncRun.objects.filter(status=SyncRun.Status.RUNNING).first()
            if running and not _given_up(running):
                return running, False
            return start_sync()
        _drop_tries_of_before(run)
        jobs.enqueue("calendar", f"calendar:{run.pk}", run=run.pk)
        if automatic.configured():
            jobs.enqueue("now_playing", f"now_playing:{run.pk}", run=run.pk)
    return run, True


def scheduled_sync(at: str | None = None) -> int | None:
    """What the schedule calls, with the time it was meant for; None where no sync is due or the site is paused."""
    try:
        return start_sync()[0].pk if schedules.sync_is_due(at) else None
    except Paused:
        return None


def cancel(run: SyncRun) -> bool:
    """End a running sync at a person's wish: what waits is cancelled, what runs may finish. False when it has ended.

    Its unread days are not failed: nobody tried to read them, so nothing is said about them.
    """
    with transaction.atomic():
        ended = SyncRun.objects.filter(pk=run.pk, status=SyncRun.Status.RUNNING).update(
            status=SyncRun.Status.CANCELLED, finished_at=clock.now()
        )
    if ended:
        _cancel_waiting(Job.objects.filter(run=run.pk))
    return bool(ended)


def _given_up(run: SyncRun) -> bool:
    """End a run that has gone on for RUN_HOURS (a site that asks for hours of patience, again and again): what waits
    is cancelled, so its days are shown as unread and a new run can begin. False where it may, or must, go on."""
    if clock.now() - run.started_at < RUN_HOURS:
        return False
    _cancel_waiting(Job.objects.filter(run=run.pk, kind__in=DAY_KINDS))
    end_run(run.pk)
    return not SyncRun.objects.filter(pk=run.pk, status=SyncRun.Status.RUNNING).exists()


def _drop_tries_of_before(run: SyncRun) -> None:
    """A new run reads all days itself: what an older one was to ask for again is not asked for."""
    _cancel_waiting(Job.objects.filter(kind__in=DAY_KINDS, args__again__gte=1).exclude(run=run.pk))


def _cancel_waiting(rows: QuerySet[Job]) -> None:
    for job_id in list(rows.filter(state=Job.State.QUEUED).order_by("pk").values_list("pk", flat=True)):
        jobs.cancel(job_id)


def _calendar_failed(job: Job, error: str) -> None:
    """The page never came: the days are asked for all the same, by the ways that need none."""
    run = _run(job)
    SyncRun.objects.filter(pk=run.pk).update(error=error)
    _ask_for_days(run, days_on_offer(None, today=timezone.localdate(clock.now())), page=None)


def _run(job: Job) -> SyncRun:
    assert job.run is not None, f"{job.key} belongs to no run"
    return SyncRun.objects.get(pk=job.run)


@jobs.task("calendar", failed=_calendar_failed)
def read_calendar(job: Job) -> None:
    """Read the days on offer off the site's own page, and ask for each of them."""
    fetched = client.read_calendar(run=job.run)
    offer = days_on_offer(fetched, today=timezone.localdate(clock.now()))
    with jobs.finishing(job):
        run = _run(job)
        _ask_for_days(run, offer, page=fetched.page_id)
        SyncRun.objects.filter(pk=run.pk).update(error="")


def _ask_for_days(run: SyncRun, offer: Offer, *, page: int | None) -> None:
    """A row and a job for each day; `page` is the programme of the day that it shows, which is not fetched twice."""
    for date in offer.dates:
        DayScrape.objects.get_or_create(run=run, date=date, defaults={"ahead": (date - offer.today).days})
        in_hand = page if date == offer.shown else None
        by_address = {} if page else {"by_address": True}
        jobs.enqueue("day", f"day:{date}:{run.pk}", run=run.pk, date=str(date), page=in_hand, **by_address)
    SyncRun.objects.filter(pk=run.pk).update(site_today=offer.today)
    logger.info("run %s: %d days to ask for, named by %s", run.pk, len(offer.dates), offer.source or "nobody")


@jobs.when_settled
def end_run(run_id: int) -> None:
    """Close the run if its last day has ended; runs in the transaction of each of its jobs, after its own update.

    The lock orders two jobs that end at once: the second sees the first as done. What is read again after the end is
    judged again, and the end stays when it was.
    """
    run = SyncRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        return
    active = Job.objects.active().filter(run=run_id)
    if active.filter(kind__in=DAY_KINDS).exists():
        return
    now = clock.now()
    row = SyncRun.objects.filter(pk=run_id)
    if run.status == SyncRun.Status.RUNNING:
        waiting = run.days.filter(status=Status.WAITING)
        waiting.update(status=Status.FAILED, error="its job was cancelled", finished_at=now)
        row.update(status=verdict(run), finished_at=now)
        run.refresh_from_db()
        if run.status != SyncRun.Status.FAILED and not inline.get():
            looking.ask(now)
    elif run.status != SyncRun.Status.CANCELLED:
        row.update(status=verdict(run))
    _ask_again(run, now)
    if not active.exclude(kind__in=DAY_KINDS).exists():
        row.filter(films_done_at=None).update(films_done_at=now)


def verdict(run: SyncRun) -> str:
    """Complete: seven days or more, every one verified or empty. Failed: not one."""
    days = list(run.days.values_list("status", flat=True))
    read = sum(1 for status in days if status in DayScrape.READ)
    if not read:
        return SyncRun.Status.FAILED
    return SyncRun.Status.COMPLETE if read == len(days) >= local_time.WEEK else SyncRun.Status.INCOMPLETE


# --- what failed is asked for again -------------------------------------------------------------------


def _ask_again(run: SyncRun, now: dt.datetime) -> None:
    """Ask once more for the days that failed, or for the calendar if that did, unless a newer run does so."""
    if inline.get() or run.status == SyncRun.Status.CANCELLED or run.finished_at is None:
        return
    if SyncRun.objects.filter(pk__gt=run.pk).exists():
        return
    if not run.days.exists():
        _once_more(run, "calendar", {}, now)
        return
    failed = run.days.filter(status=Status.FAILED, date__gte=timezone.localdate(clock.now()))
    for date in failed.values_list("date", flat=True):
        _once_more(run, "day", {"date": str(date)}, now)


def _once_more(run: SyncRun, kind: str, args: dict[str, str], now: dt.datetime) -> None:
    """Enqueue the next of the tries that ASKED_AGAIN_AFTER allows, if one is left."""
    same = {f"args__{name}": value for name, value in args.items()}
    done = Job.objects.filter(run=run.pk, kind=kind, args__again__gte=1, **same).count()
    if done >= len(ASKED_AGAIN_AFTER):
        return
    assert run.finished_at is not None, "only what has ended is asked for again"
    delay = max(0.0, (run.finished_at + ASKED_AGAIN_AFTER[done] - now).total_seconds())
    key = ":".join(("retry", kind, str(run.pk), *args.values()))
    jobs.enqueue(kind, key, run=run.pk, delay=delay, again=done + 1, **args)


def dates_asked_again(run: SyncRun, at: dt.datetime) -> frozenset[dt.date]:
    """The dates that failed in a run and that are being asked for again, or will be; all of them where the calendar is.

    One that nobody has taken when it was due for a while doesn't count: nobody seems to work.
    """
    tries = Job.objects.active().filter(run=run.pk, kind__in=DAY_KINDS)
    tries = tries.exclude(state=Job.State.QUEUED, due_at__lt=at - OVERDUE)
    if tries.filter(kind="calendar").exists():
        return frozenset(local_time.week_from(timezone.localdate(at)))
    return frozenset(dt.date.fromisoformat(job.args["date"]) for job in tries if "date" in job.args)


# --- what nobody need wait for ------------------------------------------------------------------------


def pending(run: SyncRun, at: dt.datetime) -> tuple[QuerySet[Job], QuerySet[Job]]:
    """A run's jobs that are not done: those worth waiting for, and those that wait for a service that doesn't answer,
    or for another try of what failed."""
    active = Job.objects.active().filter(run=run.pk)
    closed = breaker.closed_to_us(at)
    kinds = [kind for kind, service in ASKS.items() if service in closed]
    put_off = active.filter(Q(kind__in=kinds) | Q(args__again__gte=1))
    return active.exclude(pk__in=put_off.values("pk")), put_off
