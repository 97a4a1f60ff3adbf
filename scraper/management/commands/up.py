"""`manage.py up`: `work` and a web server in one command, for one machine."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kinokrakow import processes
from scraper.monitoring.supervisor import supervise, web, workers_and_watch
from scraper.sync import schedules


class Command(BaseCommand):
    help = "Run web server, workers and watch until Ctrl-C; what dies or stands still is started again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="of the web server, on 127.0.0.1 (8000)")

    def handle(self, *_args: Any, port: int, **_options: Any) -> None:
        if not settings.SITE_URL_IS_SET:
            os.environ["SITE_URL"] = f"http://127.0.0.1:{port}"  # the children's: just what is true of this command
            self.stderr.write(f"SITE_URL is not set: links in messages will lead to {os.environ['SITE_URL']}.")
        told = processes.told_to_end()
        schedules.set_up()
        self.stdout.write(f"Serving http://127.0.0.1:{port}/ and working; Ctrl-C ends both.")
        self.stdout.flush()
        supervise([web(port), *workers_and_watch()], told.is_set)
