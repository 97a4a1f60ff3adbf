"""`manage.py work`: workers, their watchdog and the watch in one command, on as many machines as there are."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from kinokrakow import processes
from scraper.monitoring.supervisor import supervise, workers_and_watch
from scraper.sync import schedules


class Command(BaseCommand):
    help = "Run the workers and the watch until Ctrl-C; what dies or stands still is started again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        told = processes.told_to_end()
        schedules.set_up()
        self.stdout.write("Working; Ctrl-C ends it.")
        self.stdout.flush()
        supervise(workers_and_watch(), told.is_set)
