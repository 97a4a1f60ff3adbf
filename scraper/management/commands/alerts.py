"""`manage.py alerts`: look, deliver, and list what is open; `--test` tries every channel."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from scraper.models import Alert
from scraper.monitoring import delivery, watch
from scraper.monitoring.messages import sentence


class Command(BaseCommand):
    help = "Evaluate the monitors, deliver what changed, list the open alerts. Needs no workers: for cron too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--test", action="store_true", help="send a test message over every channel instead")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["test"]:
            self._test()
            return
        if not watch.look():
            self.stderr.write("The look itself failed, so this may be out of date. Next: see the log above.")
        alerts = list(Alert.objects.open())
        for alert in alerts:
            since = timezone.localtime(alert.opened_at).isoformat(" ", "minutes")
            self.stdout.write(f"{alert.level:<5}{alert.kind:<16}{since}  {sentence(alert)}")
        if not alerts:
            self.stdout.write("No alert is open.")

    def _test(self) -> None:
        """Exit status 2 when no channel is configured, 1 when one does not take the message."""
        channels = delivery.channels()
        if not channels:
            raise CommandError(
                "Nobody would hear of an alert. Next: put ALERT_EMAILS=you@example.org (with EMAIL_URL) or "
                "ALERT_URLS=… into .env; github.com/caronc/apprise lists the services it speaks.",
                returncode=2,
            )
        failed = False
        for channel in channels:
            try:
                delivery.send(channel, f"{settings.SITE_NAME}: test", "This is a test: alerts would arrive like this.")
                self.stdout.write(f"{channel}: sent")
            except delivery.Undelivered as error:
                failed = True
                self.stderr.write(f"{channel}: {error}")
        if failed:
            raise SystemExit(1)
