"""What a run came to, as `sync --json` prints it and as its progress is shown. Reads only."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from events.models import ListedFilm
from kinokrakow.http import breaker
from kinokrakow.models import Job, JobAttempt
from scraper.coverage import week
from scraper.models import DayScrape, Page, SyncRun
from scraper.sync import runs

SERVICES = ("kino", "tmdb", "geocoder")


def summary(run: SyncRun) -> dict[str, Any]:
    """The whole of a run as plain values; the fields are a contract with scripts (README.md)."""
    days = list(run.days.order_by("date"))
    totals = run.days.aggregate(*(Sum(name, default=0) for name in ("created", "updated", "unchanged", "withdrawn")))
    end = run.finished_at or timezone.now()
    return {
        "run": run.pk,
        "status": run.status,
        "seconds": round((end - run.started_at).total_seconds(), 1),
        "error": run.error,
        "days": [
            {
                "date": str(day.date),
                "status": day.status,
                "suspicious": day.suspicious,
                "method": day.way or None,
                "showtimes": day.showtimes,
                "films": day.films,
                "cinemas": day.cinemas,
                "unread": day.unread_rows,
                "cancelled": day.cancelled,
                "attempts": day.attempts,
                "error": day.error or None,
            }
            for day in days
        ],
        "showtimes": {name.removesuffix("__sum"): total for name, total in totals.items()},
        "films": films(run, days),
        "requests": requests(run),
        "pending": pending(run),
    }


def pending(run: SyncRun) -> dict[str, Any]:
    """What is not done when this is asked: jobs of films and places, and those of them that wait for a service which
    does not answer (by its name, why) or refuses our key (`refused`); days that failed, by when they are asked for
    again."""
    at = timezone.now()
    awaited, put_off = runs.pending(run, at)
    again = put_off.filter(args__again__gte=1).order_by("due_at").values_list("args__date", "due_at")
    waiting_for = [state for state in breaker.open_services(at) if state.name in runs.ASKS.values()]
    return {
        "jobs": awaited.count(),
        "waiting_for": {state.name: state.error for state in waiting_for},
        "refused": [state.name for state in waiting_for if state.refused],
        "jobs_waiting": put_off.exclude(kind__in=runs.DAY_KINDS).count(),
        "asked_again": [{"date": date, "at": timezone.localtime(due).isoformat("T", "seconds")} for date, due in again],
    }


def count_last_run(at: dt.datetime) -> None:
    """Write down what the last run left behind, as it is now; for the last time when its films are done."""
    run = week.last_finished()
    if run is None or (run.counted_at and run.films_done_at and run.counted_at >= run.films_done_at):
        return
    SyncRun.objects.filter(pk=run.pk).update(**week.run_counts(run.pk, at), counted_at=at)


def films(run: SyncRun, days: list[DayScrape]) -> dict[str, int]:
    """Films listed in the run's programme by where their matching stands now, and how many pages were read for them."""
    slugs = {slug for day in days for slug in day.film_slugs}
    status = Counter(ListedFilm.objects.filter(slug__in=slugs).values_list("match_status", flat=True))
    fetched = Page.objects.filter(run=run, purpose__startswith="film:", status=200).values("purpose").distinct()
    names = ("matched", "provisional", "review", "unmatched", "pending")
    return {"seen": len(slugs), "fetched": fetched.count(), **{name: status[name] for name in names}}


def film_jobs(run: SyncRun) -> dict[str, int]:
    """The run's jobs for films, matching and places, which outlive it: how many wait or run, and how many failed."""
    rows = Job.objects.filter(run=run.pk).exclude(kind__in=runs.DAY_KINDS)
    return {"waiting": rows.active().count(), "failed": rows.filter(state=Job.State.FAILED).count()}


def requests(run: SyncRun) -> dict[str, int]:
    """Requests made by the run's jobs, by service, tries that failed included."""
    total: Counter[str] = Counter()
    for counts in JobAttempt.objects.filter(job__run=run.pk).values_list("requests", flat=True):
        total.update(counts)
    return {name: total[name] for name in SERVICES}


def progress(run: SyncRun, interval: float) -> str:
    """One line: days, films, requests, time left (the waiting jobs times the site's interval)."""
    days = Counter(run.days.values_list("status", flat=True))
    jobs = Counter(Job.objects.filter(run=run.pk).values_list("kind", "state"))
    films_all = sum(n for (kind, _), n in jobs.items() if kind == "film")
    films_left = sum(n for (kind, state), n in jobs.items() if kind == "film" and state in Job.ACTIVE)
    left = films_left + days[DayScrape.Status.WAITING]
    read = sum(days[status] for status in DayScrape.READ)
    failed = f" ({days[DayScrape.Status.FAILED]} failed)" if days[DayScrape.Status.FAILED] else ""
    sent = Page.objects.filter(run=run).count()
    return (
        f"days {read}/{sum(days.values()) or '?'}{failed} · films {films_all - films_left}/{films_all} · "
        f"{sent} requests to the site · about {dt.timedelta(seconds=round(left * max(interval, 0.05)))} left"
    )
