"""`manage.py witness [NAME]`: look at once whether other listings know of starts that we lack."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kinokrakow import jobs
from kinokrakow.models import Job
from scraper.coverage.witnesses import looking, standing
from scraper.coverage.witnesses.listings.registry import WITNESSES, Witness, switched_on
from scraper.monitoring import watch


class Command(BaseCommand):
    help = "Look at the witnesses that WITNESSES names (or at NAME alone) now. Exit status 1 when one can't be read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", choices=sorted(WITNESSES), help="one of those in WITNESSES")
        parser.add_argument("--json", action="store_true", help="what `coverage --json` says of each, on the last line")

    def handle(self, *_args: Any, name: str | None, **options: Any) -> None:
        witnesses = [witness for witness in switched_on() if name in (None, witness.name)]
        if not witnesses:
            raise CommandError(
                f"{name or 'No witness'} is not switched on. Next: read in docs/WITNESSES.md what its terms ask, then "
                f"put WITNESSES={name or ','.join(WITNESSES)} into .env.",
                returncode=2,
            )
        failed = False
        for witness in witnesses:
            self.stderr.write(
                f"Asking {witness.service.base_url}, a request each {settings.WITNESS_REQUEST_INTERVAL:g} s …"
            )
            if error := _look(witness):
                failed = True
                self.stderr.write(f"{witness.name}: the look itself failed: {error}")
        watch.look()
        found = [one for one in standing.summary(timezone.now()) if one["name"] in {w.name for w in witnesses}]
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            for one in found:
                self.stdout.write(_line(one))
        if failed or any(one["status"] == "failed" for one in found):
            raise SystemExit(1)


def _look(witness: Witness) -> str:
    """Look, or wait for somebody who does so just now; returns why the job failed, if it did."""
    job, _new = looking.ask_by_hand(witness)
    jobs.perform(job.pk)
    while Job.objects.active().filter(pk=job.pk).exists():
        time.sleep(0.2)
    job.refresh_from_db()
    return job.error if job.state != Job.State.DONE else ""


def _line(one: dict[str, Any]) -> str:
    if one["looked_at"] is None and one["status"] == "ok":
        return f"{one['name']}: nothing is known yet."
    if one["status"] == "failed":
        return f"{one['name']}: {one['failure']}: {one['error']}"
    return (
        f"{one['name']} lists {one['theirs']} starts this week: we have {one['same']} of them and lack "
        f"{one['missing']}; {one['extra']} only we have. {one['unread']} rows not understood, "
        f"{one['requests']} requests."
    )
