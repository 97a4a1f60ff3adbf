"""`/healthz` and `/metrics`."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kinokrakow import jobs
from kinokrakow.http import rate_limit
from kinokrakow.jobs import heartbeats
from kinokrakow.models import Heartbeat, Job, ServiceState
from scraper.coverage import week
from scraper.models import DayScrape, SyncRun, WatchState
from tests.scraper import year

pytestmark = pytest.mark.django_db


def health() -> tuple[int, str]:
    answer = Client().get("/healthz")
    return answer.status_code, answer.json()["status"]


@pytest.fixture
def complete() -> SyncRun:
    houses = year.houses(1, 1)
    year.cinemas(houses)
    year.history(houses, timezone.localdate(), 1, hours=(0,))
    SyncRun.objects.update(finished_at=timezone.now())
    WatchState.objects.update_or_create(defaults={"looked_at": timezone.now()})
    return SyncRun.objects.get()


def test_it_starts_then_is_well() -> None:
    assert health() == (200, "starting")


def test_a_complete_run_is_well_until_it_is_old(complete: SyncRun) -> None:
    assert health() == (200, "ok")
    assert Client().get("/healthz").json()["days_verified"] == 7
    SyncRun.objects.update(finished_at=timezone.now() - dt.timedelta(hours=27))
    assert health() == (503, "degraded")


def test_an_incomplete_run_is_not_well(complete: SyncRun) -> None:
    SyncRun.objects.update(status=SyncRun.Status.INCOMPLETE)
    assert health() == (503, "degraded")


def test_dead_workers_are_seen_by_looking(complete: SyncRun) -> None:
    job, _ = jobs.enqueue("calendar", "calendar")
    assert health() == (200, "ok")
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - dt.timedelta(minutes=2))
    assert health() == (503, "degraded")
    assert Client().get("/healthz").json()["jobs_moving"] is False


def test_a_watch_that_has_not_looked_is_seen(complete: SyncRun) -> None:
    WatchState.objects.update(looked_at=timezone.now() - dt.timedelta(minutes=31))
    assert health() == (503, "degraded")
    SyncRun.objects.update(started_at=timezone.now() - dt.timedelta(minutes=31))
    WatchState.objects.update(looked_at=None)
    assert health() == (503, "degraded"), "nor one that never has, half an hour after the first sync"


def test_dead_workers_are_seen_before_the_first_sync_has_ended() -> None:
    SyncRun.objects.create(started_at=timezone.now())
    job, _ = jobs.enqueue("calendar", "calendar")
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - dt.timedelta(minutes=2))
    assert health() == (503, "degraded")


def test_workers_that_are_gone_are_seen_though_nothing_is_due() -> None:
    heartbeats.beat("cluster", workers=2)
    assert health() == (200, "starting")
    Heartbeat.objects.update(seen_at=timezone.now() - dt.timedelta(minutes=4))
    assert health() == (503, "degraded"), "nor are they starting"
    answer = Client().get("/healthz").json()
    assert (answer["workers"], answer["workers_gone"]) == (0, True)
    heartbeats.beat("cluster", name="another", workers=2)
    assert health() == (200, "starting")


def test_a_host_that_stays_closed_is_seen(complete: SyncRun) -> None:
    rate_limit.push("site.example", 60)
    assert health() == (200, "ok")
    rate_limit.push("site.example", 3600)
    assert health() == (503, "degraded")
    answer = Client().get("/healthz")
    assert answer.json()["hosts_closed"] == 1
    assert "example" not in answer.content.decode()


def test_a_service_that_does_not_answer_is_seen_unless_it_is_paused(complete: SyncRun) -> None:
    state = ServiceState.objects.update_or_create(name="tmdb", defaults={"silent_since": timezone.now()})[0]
    assert health() == (503, "degraded")
    assert Client().get("/healthz").json()["services_down"] == ["tmdb"]
    state.paused_until = timezone.now() + dt.timedelta(hours=1)
    state.save()
    assert health() == (200, "ok")


def test_a_day_that_failed_since_is_seen(complete: SyncRun) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    running = SyncRun.objects.create(started_at=timezone.now())
    DayScrape.objects.create(run=running, date=tomorrow, status="failed", error="E: x", finished_at=timezone.now())
    assert health() == (503, "degraded")
    assert Client().get("/healthz").json()["days_unread"] == [str(tomorrow)]


def test_from_midnight_to_the_first_sync_the_seventh_day_is_not_missed(complete: SyncRun) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    SyncRun.objects.update(site_today=yesterday)
    DayScrape.objects.filter(date=yesterday + dt.timedelta(days=7)).delete()
    assert health() == (200, "ok")


def test_without_a_database_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError("no such host: db.example")

    monkeypatch.setattr(week, "last_finished", gone)
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "degraded", "database": False})


def test_metrics_are_off_without_a_token_and_closed_without_it(settings: Settings, complete: SyncRun) -> None:
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "sesame"
    assert Client().get("/metrics").status_code == 401
    assert Client().get("/metrics", headers={"Authorization": "Bearer żółw"}).status_code == 401
    answer = Client().get("/metrics", headers={"Authorization": "Bearer sesame"})
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    assert "kinokrakow_unique_dates 7.0" in lines
    assert "kinokrakow_workers 0.0" in lines
    assert 'kinokrakow_alerts_open{level="bad"} 0.0' in lines
    assert any(line.startswith('kinokrakow_day_showtimes{ahead="6"}') for line in lines)
