"""`manage.py set_schedules`: what django-q2 runs by itself. Idempotent; `work` and `up` do it when they start."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from scraper.sync import schedules


class Command(BaseCommand):
    help = "Write the schedules: sync (SYNC_CRON), recovery of lost jobs, look for gaps, doubted film pages, pruning."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for name, what in schedules.set_up().items():
            self.stdout.write(f"{name}: {what}")
