"""When the schedule starts a sync, and when it must not."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from pytest_django import Settings

from kinokrakow.jobs.cluster import scheduler
from scraper.models import SyncRun
from scraper.sync import runs, schedules

pytestmark = pytest.mark.django_db(transaction=True)

ZONE = ZoneInfo("Europe/Warsaw")
Status = SyncRun.Status


def begun(ago: dt.timedelta, status: str = Status.COMPLETE) -> SyncRun:
    return SyncRun.objects.create(started_at=timezone.now() - ago, status=status)


def test_one_sync_within_the_hour() -> None:
    begun(dt.timedelta(minutes=50))
    assert runs.scheduled_sync() is None
    SyncRun.objects.update(started_at=timezone.now() - dt.timedelta(minutes=61))
    assert runs.scheduled_sync() == SyncRun.objects.latest("pk").pk
    assert SyncRun.objects.count() == 2


def test_one_that_brought_nothing_or_that_a_wrong_clock_began_is_no_reason_to_wait() -> None:
    begun(dt.timedelta(minutes=5), Status.FAILED)
    begun(-dt.timedelta(days=30))
    assert runs.scheduled_sync() is not None


def test_a_task_that_is_handed_out_again_and_again_starts_one_sync() -> None:
    at = timezone.now() - dt.timedelta(hours=3)
    run = begun(dt.timedelta(hours=2, minutes=59), Status.FAILED)
    assert runs.scheduled_sync(at=at.isoformat()) is None
    run.delete()
    assert runs.scheduled_sync(at=at.isoformat()) is not None


def test_a_schedule_of_every_quarter_of_an_hour_is_kept_to(settings: Settings) -> None:
    settings.SYNC_CRON = "*/15 * * * *"
    begun(dt.timedelta(minutes=14, seconds=50))
    assert runs.scheduled_sync() is not None


@pytest.mark.once
@pytest.mark.parametrize(
    ("night", "cron", "times"),
    [
        (dt.date(2026, 3, 29), "30 2 * * *", 1),
        (dt.date(2026, 10, 25), "30 2 * * *", 1),
        (dt.date(2026, 7, 1), "30 2 * * *", 1),
        (dt.date(2026, 10, 25), "30 1,2,3 * * *", 3),
        (dt.date(2026, 3, 29), "30 * * * *", 23),
        (dt.date(2026, 10, 25), "30 * * * *", 25),
    ],
)
def test_nights_in_which_the_clocks_change(settings: Settings, night: dt.date, cron: str, times: int) -> None:
    """django-q2's scheduler for a whole day, and what it asks for done at once."""
    settings.SYNC_CRON = cron
    end = dt.datetime.combine(night + dt.timedelta(days=1), dt.time(0), ZONE)
    with time_machine.travel(dt.datetime.combine(night, dt.time(0), ZONE), tick=False) as clock:
        schedules.set_up()
        sync = Schedule.objects.filter(name="sync")
        Schedule.objects.exclude(name="sync").delete()
        while (turn := sync.get().next_run) < end:
            clock.move_to(turn + dt.timedelta(seconds=20))
            scheduler()
            for row in OrmQ.objects.all():
                runs.scheduled_sync(**row.task["kwargs"])
            SyncRun.objects.update(status=Status.COMPLETE)
            OrmQ.objects.all().delete()
    assert SyncRun.objects.count() == times


def test_a_changed_time_moves_the_next_run(settings: Settings) -> None:
    settings.SYNC_CRON = "0 5 * * *"
    schedules.set_up()
    settings.SYNC_CRON = "30 17 * * *"
    schedules.set_up()
    local = timezone.localtime(Schedule.objects.get(name="sync").next_run)
    assert (local.hour, local.minute) == (17, 30)
    assert local - timezone.now() < dt.timedelta(hours=25)  # a day, the longest


def test_a_next_run_that_a_wrong_clock_wrote_is_mended_and_one_that_is_due_is_kept() -> None:
    schedules.set_up()
    late = timezone.now() - dt.timedelta(minutes=3)
    Schedule.objects.update(next_run=timezone.now() + dt.timedelta(days=30))
    Schedule.objects.filter(name="watch").update(next_run=late)
    schedules.set_up()
    assert Schedule.objects.get(name="watch").next_run == late
    a_day = dt.timedelta(hours=25, minutes=1)  # the longest: the clocks go back
    assert not Schedule.objects.filter(next_run__gt=timezone.now() + a_day).exists()


@pytest.mark.usefixtures("database_clock")
@pytest.mark.parametrize("minutes", [10, -10])
def test_a_machine_whose_clock_is_wrong_takes_a_turn_when_it_is_due(minutes: int) -> None:
    schedules.set_up()
    real = timezone.now()
    Schedule.objects.update(next_run=real + dt.timedelta(minutes=5))
    Schedule.objects.filter(name="sync").update(next_run=real - dt.timedelta(seconds=1))
    with time_machine.travel(real + dt.timedelta(minutes=minutes)):
        scheduler()
    assert [row.task["func"] for row in OrmQ.objects.all()] == [Schedule.objects.get(name="sync").func]
    assert Schedule.objects.get(name="sync").next_run > real


def test_schedules_written_twice_at_once_become_one() -> None:
    schedules.set_up()
    count = Schedule.objects.count()
    for fields in list(Schedule.objects.values()):
        Schedule.objects.create(**{**fields, "id": None})
    schedules.set_up()
    assert Schedule.objects.count() == count
