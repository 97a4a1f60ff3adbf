"""`manage.py replay RUN`: read a run's archived pages again, without the network, after an extractor was mended."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scraper.models import SyncRun
from scraper.sync import replay


class Command(BaseCommand):
    help = "Read the archived pages of a run again, in order, and store what they say. Touches no network."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int)

    def handle(self, *_args: Any, run: int, **_options: Any) -> None:
        row = SyncRun.objects.filter(pk=run).first()
        if row is None:
            raise CommandError(f"There is no run {run}. Next: choose one of the runs in the admin, or sync first.")
        if not row.pages.exists():
            raise CommandError(f"Run {run} has no archived pages (any more): they are kept for ARCHIVE_DAYS days.")
        failed = 0
        for what, outcome in replay.replay(row):
            failed += outcome.startswith("failed")
            self.stdout.write(f"{what}: {outcome}")
        if failed:
            raise SystemExit(1)
