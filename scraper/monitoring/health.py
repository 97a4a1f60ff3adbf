"""`/healthz` for uptime monitors and `/metrics` for Prometheus. Neither names a film, a host or a secret."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from events import local_time
from events.models import ListedFilm
from kinokrakow import clock
from kinokrakow.http import breaker
from kinokrakow.jobs import heartbeats
from kinokrakow.models import Job
from kinokrakow.staff import names
from review.automatic import upkeep
from scraper.coverage import readings, week
from scraper.coverage.witnesses import standing
from scraper.models import Alert, SyncRun
from scraper.monitoring.monitors.services import closed_for_long
from scraper.monitoring.supervisor import stands_still, workers_gone

STALE = dt.timedelta(minutes=30)  # without a look


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """`status` is `ok` or `starting` (HTTP 200), or `degraded` (503).

    `starting` until the first sync has ended. `ok` while the last sync is complete and not older than ALERT_RUN_HOURS,
    no day it offered is unread, jobs move, workers that were there are there, the watch has looked in the last half
    hour, no outside service is down, and no host has wanted to be left alone for long.
    It looks for itself: dead workers, or a dead watch, could not tell anybody.
    """
    try:
        return _health(clock.now())
    except DatabaseError:
        return JsonResponse({"status": "degraded", "database": False}, status=503)


def _health(at: dt.datetime) -> JsonResponse:
    last = week.last_finished()
    looked = week.checked_at()
    down = sorted(state.name for state in breaker.open_services(at) if not state.name.startswith(names.WITNESS))
    closed = len(closed_for_long())
    found: dict[str, object] = {
        "days_verified": week.days_verified(readings.days(local_time.week_from(timezone.localdate(at))), at),
        "last_sync_at": None,
        "sync_running": SyncRun.objects.filter(status=SyncRun.Status.RUNNING).exists(),
        "jobs_moving": not stands_still(),
        "workers": heartbeats.workers_alive(),
        "workers_gone": workers_gone(at) is not None,
        "alerts": Alert.objects.open().count(),
        "looked_at": _iso(looked),
        "look_fresh": not _stale(looked, at),
        "services_down": down,
        "hosts_closed": closed,
        "days_unread": [],
    }
    fine = found["jobs_moving"] and found["look_fresh"] and not (found["workers_gone"] or down or closed)
    if last is None or last.finished_at is None:
        return _answer("starting" if fine else "degraded", found)
    unread = _unread(last, at)
    fresh = at - last.finished_at < dt.timedelta(hours=settings.ALERT_RUN_HOURS)
    found |= {
        "days_unread": [str(date) for date in unread],
        "last_sync_at": _iso(last.finished_at),
        "last_sync_status": last.status,
    }
    fine = fine and last.status == SyncRun.Status.COMPLETE and fresh and not unread
    return _answer("ok" if fine else "degraded", found)


def _answer(status: str, found: dict[str, object]) -> JsonResponse:
    return JsonResponse({"status": status, **found}, status=503 if status == "degraded" else 200)


def _stale(looked: dt.datetime | None, at: dt.datetime) -> bool:
    """Whether the watch has not looked for STALE; on a new installation that counts from its first sync."""
    since = looked or SyncRun.objects.order_by("pk").values_list("started_at", flat=True).first()
    return since is not None and at - since > STALE


def _unread(last: SyncRun, at: dt.datetime) -> list[dt.date]:
    """The dates from today on that the last sync should have read, and whose last attempt failed or never was.

    From midnight until the first sync of the day the seventh date has not been on offer to any: it is not unread.
    """
    dates = [date for date in local_time.week_from(timezone.localdate(at)) if date <= _furthest(last)]
    days = {day.date: day for day in readings.days(dates)}
    return [date for date in dates if days[date].read is None or days[date].failed]


def _furthest(run: SyncRun) -> dt.date:
    first = run.site_today or timezone.localdate(run.started_at)
    return first + dt.timedelta(days=local_time.WEEK - 1)


def _iso(moment: dt.datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Gauges for who brings METRICS_TOKEN as `Authorization: Bearer …`; without that setting there is no such page."""
    if not settings.METRICS_TOKEN:
        return HttpResponse(status=404)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    for name, text, label, values in _gauges(clock.now()):
        gauge = Gauge(f"kinokrakow_{name}", text, [label] if label else [], registry=registry)
        for key, value in values.items():
            (gauge.labels(key) if label else gauge).set(value)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _gauges(at: dt.datetime) -> Iterator[tuple[str, str, str, dict[str, float]]]:
    """Name, help, label (or none) and values of each gauge; what is not known is left out."""
    days = readings.days(local_time.week_from(timezone.localdate(at)))
    ahead = {str(number): day for number, day in enumerate(days)}
    flow = week.funnel(days)
    last = week.last_finished()
    yield "unique_dates", "Different dates read, of seven.", "", {"": week.unique_dates(days)}
    yield "days_verified", "Days of the seven that were verified and read in time.", "", {
        "": week.days_verified(days, at)
    }  # fmt: skip
    yield "day_showtimes", "Showtimes by days ahead.", "ahead", {n: d.read.counted for n, d in ahead.items() if d.read}
    yield "day_expected", "Expected showtimes by days ahead.", "ahead", {
        n: d.expected.usual for n, d in ahead.items() if d.expected
    }  # fmt: skip
    yield "showtimes", "Showtimes of the week by state.", "state", {
        "listed": flow.listed, "stored": flow.stored, "matched": flow.matched, "published": flow.published,
    }  # fmt: skip
    yield "matches_contradicted", "Matches by the program that their facts contradict.", "", {
        "": len(upkeep.contradicted(at))
    }  # fmt: skip
    yield "review_open", "Films that wait for a person's decision.", "", {
        "": ListedFilm.objects.open_questions(at).count()
    }  # fmt: skip
    yield "workers", "Worker processes that live.", "", {"": heartbeats.workers_alive()}
    yield "hosts_closed", "Hosts that want to be left alone for long.", "", {"": len(closed_for_long())}
    if flow.film_rate is not None:
        yield "tmdb_success_ratio", "Films of the week found on TMDB.", "", {"": flow.film_rate / 100}
    if last and last.finished_at:
        yield "last_sync_timestamp_seconds", "When the last sync ended.", "", {"": last.finished_at.timestamp()}
        yield "last_sync_duration_seconds", "How long it took.", "", {
            "": (last.finished_at - last.started_at).total_seconds()
        }  # fmt: skip
    stands = {one["name"]: one for one in standing.summary(at) if one["status"] != "off"}
    if stands:
        yield "witness_ok", "Whether the last look at a witness brought something.", "witness", {
            name: float(one["status"] == "ok") for name, one in stands.items()
        }  # fmt: skip
        for what in ("theirs", "ours", "same", "missing", "extra"):
            yield f"witness_{what}", f"Starts of the week compared with a witness: {what}.", "witness", {
                name: one[what] for name, one in stands.items() if one[what] is not None
            }  # fmt: skip
    yield "jobs_active", "Jobs waiting or running.", "state", {
        state: Job.objects.filter(state=state).count() for state in Job.ACTIVE
    }  # fmt: skip
    yield "alerts_open", "Open alerts by level.", "level", {
        level: Alert.objects.open().filter(level=level).count() for level in Alert.Level.values
    }  # fmt: skip
