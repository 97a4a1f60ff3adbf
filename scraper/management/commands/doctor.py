"""`manage.py doctor`: is everything as it must be, and if not, what to do? Exit status 1 when something is bad."""

from __future__ import annotations

import dataclasses
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from scraper.monitoring import doctor
from scraper.monitoring.doctor.finding import BAD, OK


class Command(BaseCommand):
    help = "Check this installation and what it depends on. Exit status 0: nothing is bad; 1: something is."
    requires_system_checks = []  # noqa: RUF012  they are among what it looks at

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--offline", action="store_true", help="ask neither mail server nor TMDB nor the site")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def handle(self, *_args: Any, **options: Any) -> None:
        found = []
        for finding in doctor.examine(offline=options["offline"]):
            found.append(finding)
            if not options["json"]:
                self.stdout.write(f"{finding.state:<8}{finding.name:<15}{finding.said}")
                if finding.state != OK:
                    self.stdout.write(f"{'':<23}Next: {finding.next}")
                self.stdout.flush()
        bad = any(finding.state == BAD for finding in found)
        if options["json"]:
            checks = [dataclasses.asdict(finding) for finding in found]
            self.stdout.write(json.dumps({"ok": not bad, "checks": checks}, ensure_ascii=False))
        if bad:
            raise SystemExit(1)
