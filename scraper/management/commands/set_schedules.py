"""`manage.py set_schedules`: what django-q2 runs by itself. Idempotent: run it after every upgrade."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django_q.models import Schedule

SCHEDULES: dict[str, dict[str, Any]] = {
    "sync": {"func": "scraper.sync.runs.scheduled_sync", "schedule_type": Schedule.CRON, "cron": settings.SYNC_CRON},
    "recover": {"func": "kinokrakow.jobs.recover", "schedule_type": Schedule.MINUTES, "minutes": 1},
    "watch": {"func": "scraper.monitoring.watch.tick", "schedule_type": Schedule.MINUTES, "minutes": 1},
    "films": {"func": "scraper.sync.films.ask_again", "schedule_type": Schedule.MINUTES, "minutes": 10},
    "prune": {"func": "scraper.sync.retention.prune", "schedule_type": Schedule.DAILY},
}


class Command(BaseCommand):
    help = "Write the schedules: sync (SYNC_CRON), recovery of lost jobs, look for gaps, doubted film pages, pruning."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for name, fields in SCHEDULES.items():
            _, created = Schedule.objects.update_or_create(name=name, defaults=fields)
            self.stdout.write(f"{name}: {'created' if created else 'set'}")
