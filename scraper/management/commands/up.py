"""`manage.py up`: `work` and a web server in one command, for one machine."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kinokrakow import processes
from scraper.monitoring.supervisor import supervise, web, workers_and_watch
from scraper.sync import schedules


class Command(BaseCommand):
    help = "Run web server, workers and watch until Ctrl-C; what dies or stands still is started again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="of the web server, on 127.0.0.1 (8000)")

    def handle(self, *_args: Any, port: int, **_options: Any) -> None:
        told = processes.told_to_end()
        schedules.set_up()
        self.stdout.write(f"Serving http://127.0.0.1:{port}/ and working; Ctrl-C ends both.")
        self.stdout.flush()
        supervise([web(port), *workers_and_watch()], told.is_set)
