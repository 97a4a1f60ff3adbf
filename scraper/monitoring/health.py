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

from kinokrakow.models import Job
from scraper.coverage import readings, week
from scraper.models import Alert, DayScrape, SyncRun
from scraper.monitoring.supervisor import stands_still


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """`status` is `starting` before the first sync has ended, `ok` after a complete one of the last ALERT_RUN_HOURS
    while jobs move, otherwise `degraded` (HTTP 503). Looks for itself: dead workers could not tell anybody."""
    try:
        return _health()
    except DatabaseError:
        return JsonResponse({"status": "degraded", "database": False}, status=503)


def _health() -> JsonResponse:
    last = week.last_finished()
    found: dict[str, object] = {
        "days_verified": 0,
        "last_sync_at": None,
        "sync_running": SyncRun.objects.filter(status=SyncRun.Status.RUNNING).exists(),
        "jobs_moving": not stands_still(),
        "alerts": Alert.objects.open().count(),
    }
    if last is None or last.finished_at is None:
        return JsonResponse({"status": "starting", **found})
    fresh = timezone.now() - last.finished_at < dt.timedelta(hours=settings.ALERT_RUN_HOURS)
    fine = last.status == SyncRun.Status.COMPLETE and fresh and found["jobs_moving"]
    found |= {
        "days_verified": last.days.filter(status__in=DayScrape.READ).count(),
        "last_sync_at": timezone.localtime(last.finished_at).isoformat(timespec="seconds"),
        "last_sync_status": last.status,
    }
    return JsonResponse({"status": "ok" if fine else "degraded", **found}, status=200 if fine else 503)


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
    for name, text, label, values in _gauges(timezone.now()):
        gauge = Gauge(f"kinokrakow_{name}", text, [label] if label else [], registry=registry)
        for key, value in values.items():
            (gauge.labels(key) if label else gauge).set(value)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _gauges(at: dt.datetime) -> Iterator[tuple[str, str, str, dict[str, float]]]:
    """Name, help, label (or none) and values of each gauge; what is not known is left out."""
    days = readings.days(week.week_from(timezone.localdate(at)))
    ahead = {str(number): day for number, day in enumerate(days)}
    flow = week.funnel(days)
    last = week.last_finished()
    yield "unique_dates", "Different dates read, of seven.", "", {"": week.unique_dates(days)}
    yield "day_showtimes", "Showtimes by days ahead.", "ahead", {n: d.read.counted for n, d in ahead.items() if d.read}
    yield "day_expected", "Expected showtimes by days ahead.", "ahead", {
        n: d.expected.usual for n, d in ahead.items() if d.expected
    }  # fmt: skip
    yield "showtimes", "Showtimes of the week by state.", "state", {
        "listed": flow.listed, "stored": flow.stored, "matched": flow.matched, "published": flow.published,
    }  # fmt: skip
    if flow.film_rate is not None:
        yield "tmdb_success_ratio", "Films of the week found on TMDB.", "", {"": flow.film_rate / 100}
    if last and last.finished_at:
        yield "last_sync_timestamp_seconds", "When the last sync ended.", "", {"": last.finished_at.timestamp()}
        yield "last_sync_duration_seconds", "How long it took.", "", {
            "": (last.finished_at - last.started_at).total_seconds()
        }  # fmt: skip
    yield "jobs_active", "Jobs waiting or running.", "state", {
        state: Job.objects.filter(state=state).count() for state in Job.ACTIVE
    }  # fmt: skip
    yield "alerts_open", "Open alerts by level.", "level", {
        level: Alert.objects.open().filter(level=level).count() for level in Alert.Level.values
    }  # fmt: skip
