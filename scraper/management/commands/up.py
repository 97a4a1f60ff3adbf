"""`manage.py up`: web server, workers and watchdog in one command. In production they are two services."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from scraper.monitoring.supervisor import supervise, web_and_workers


class Command(BaseCommand):
    help = "Run web server and workers until Ctrl-C; what dies or stands still is started again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="of the web server, on 127.0.0.1 (8000)")

    def handle(self, *_args: Any, port: int, **_options: Any) -> None:
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write(f"Serving http://127.0.0.1:{port}/ and working; Ctrl-C ends both.")
        supervise(web_and_workers(port), stop.is_set)
