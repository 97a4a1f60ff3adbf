"""What runs by itself and when: the rows that django-q2's scheduler reads, and whether a scheduled sync is due."""

from __future__ import annotations

import datetime as dt
from typing import Any

from croniter import croniter  # type: ignore[import-untyped]
from django.conf import settings
from django.utils import timezone
from django_q.models import Schedule

from kinokrakow import clock
from scraper.models import SyncRun

ONE_SYNC = dt.timedelta(hours=1)  # in which a schedule starts one sync at most


def wanted() -> dict[str, dict[str, Any]]:
    """The schedules by name."""
    minutes, daily = Schedule.MINUTES, Schedule.DAILY
    return {
        "sync": {
            "func": "scraper.sync.runs.scheduled_sync",
            "schedule_type": Schedule.CRON,
            "cron": settings.SYNC_CRON,
            "intended_date_kwarg": "at",
        },
        "recover": {"func": "kinokrakow.jobs.recover", "schedule_type": minutes, "minutes": 1},
        "heartbeat": {"func": "kinokrakow.jobs.heartbeats.queue", "schedule_type": minutes, "minutes": 1},
        "watch": {"func": "scraper.monitoring.watch.tick", "schedule_type": minutes, "minutes": 1},
        "films": {"func": "scraper.sync.films.ask_again", "schedule_type": minutes, "minutes": 10},
        "prune": {"func": "scraper.sync.retention.ask", "schedule_type": daily},
    }


def set_up() -> dict[str, str]:
    """Write the schedules; returns "created" or "set" for each. Safe at any time, from several machines at once.

    A next run is computed anew when the times have changed, and when it is further away than the schedule's next turn:
    such a one was written by a clock that was wrong.
    """
    return {name: _set_up(name, fields) for name, fields in wanted().items()}


def _set_up(name: str, fields: dict[str, Any]) -> str:
    rows = list(Schedule.objects.filter(name=name).order_by("pk"))
    if not rows:
        Schedule.objects.create(name=name, **fields)
        return "created"
    schedule, *more = rows
    if more:  # two machines set up an empty database at once
        Schedule.objects.filter(pk__in=[row.pk for row in more]).delete()
    changed = {field for field, value in fields.items() if getattr(schedule, field) != value}
    if changed:
        Schedule.objects.filter(pk=schedule.pk).update(**fields)
        for field, value in fields.items():
            setattr(schedule, field, value)
    turn = schedule.calculate_next_run(clock.now())
    if changed & {"schedule_type", "cron", "minutes"} or schedule.next_run is None or schedule.next_run > turn:
        Schedule.objects.filter(pk=schedule.pk, next_run=schedule.next_run).update(next_run=turn)
    return "set"


def sync_is_due(at: str | None) -> bool:
    """Whether a scheduled sync, meant for the moment `at`, should begin one.

    A task can be handed out again and again (a killed monitor acknowledges nothing), so a time that has been served is
    not served again; nor does a schedule start two syncs within the hour, unless the first brought nothing. One that
    runs is joined.
    """
    now = clock.now()
    begun = SyncRun.objects.filter(started_at__lte=now)
    intended = dt.datetime.fromisoformat(at) if at else None
    if intended is not None and (begun.filter(started_at__gte=intended).exists() or _said_twice(intended)):
        return False
    turns = croniter(settings.SYNC_CRON, timezone.localtime(now))
    last, one_before = (turns.get_prev(dt.datetime).astimezone(dt.UTC) for _ in range(2))
    since = now - min(ONE_SYNC, (last - one_before) * 0.75)
    lately = begun.filter(started_at__gt=since)
    return not lately.exclude(status__in=(SyncRun.Status.FAILED, SyncRun.Status.RUNNING)).exists()


def _said_twice(moment: dt.datetime) -> bool:
    """Whether clocks showed this time an hour ago too, in the night in October, and the schedule had its turn then.

    As cron has it, a schedule for every hour runs in both.
    """
    local = timezone.localtime(moment)
    before = croniter(settings.SYNC_CRON, local).get_prev(dt.datetime)
    every_hour = settings.SYNC_CRON.split()[1:2] in ([], ["*"])
    return bool(local.fold) and not every_hour and before.replace(tzinfo=None) == local.replace(tzinfo=None)
