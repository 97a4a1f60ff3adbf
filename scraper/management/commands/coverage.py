"""`manage.py coverage`: is anything missing? Exit status 1 while an alert is open."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from events import local_time
from scraper.coverage import week
from scraper.models import Alert
from scraper.monitoring import messages, watch


class Command(BaseCommand):
    help = "Look whether anything is missing and print the week. Exit status 1 while an alert is open."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object, for machines")

    def handle(self, *_args: Any, **options: Any) -> None:
        looked = watch.look()  # by itself: if the workers are dead, nobody else looks
        if not looked:
            self.stderr.write("The look itself failed, so this may be out of date. Next: see the log above.")
        found = week.summary(timezone.now())
        found["alerts"] = [messages.as_json(alert) for alert in Alert.objects.open()]
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self._print(found)
        if found["alerts"] or not looked:
            raise SystemExit(1)

    def _print(self, found: dict[str, Any]) -> None:
        for day in found["days"]:
            listed = "-" if day["showtimes"] is None else day["showtimes"]
            expected = f" of {day['expected']} expected" if day["expected"] is not None else ""
            unread = f", {day['unread_rows']} rows not understood" if day["unread_rows"] else ""
            cancelled = f", {day['cancelled']} cancelled" if day["cancelled"] else ""
            self.stdout.write(f" {day['date']}  {day['status']:<11}{listed:>5} showtimes{expected}{unread}{cancelled}")
        rate = found["tmdb_success_rate"]
        self.stdout.write(
            f" {found['days_verified']} of {local_time.WEEK} days verified, {found['showtimes']} showtimes, "
            f"{found['showtimes_held']} held, {found['review_open']} questions, "
            + ("no film to match" if rate is None else f"{rate} % of films on TMDB")
        )
        for alert in found["alerts"]:
            self.stdout.write(f" ! since {alert['since']}: {alert['message']}")
        if not found["alerts"]:
            self.stdout.write(" No alert is open.")
