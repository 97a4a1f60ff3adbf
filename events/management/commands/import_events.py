"""`manage.py import_events SOURCE FILE`: another source's screenings, JSON lines of schema.org ScreeningEvent."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from events.models import EventSource
from events.other_sources import duplicates, schema_org

_SLUG = re.compile(r"[A-Za-z0-9_-]{1,50}")


class Command(BaseCommand):
    help = "Import schema.org ScreeningEvents, one JSON object a line; bad lines are named, the rest is imported."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="a slug; the source is created when it is new")
        parser.add_argument("file", help="a file of JSON lines, or - for standard input")
        parser.add_argument("--priority", type=int, help="of doubles the higher is shown; our own programme has 50")
        parser.add_argument("--whole", action="store_true", help="what the file lacks of the time to come is gone")

        parser.add_argument("--json", action="store_true", help="print one JSON object instead of the sentence")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = options["file"]
        if not _SLUG.fullmatch(options["source"]):
            raise CommandError(f"{options['source']!r}: a source is called by letters, digits, - and _.", returncode=2)
        try:
            content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=2) from error
        records, faults = schema_org.read(content.split(b"\n"))
        for fault in faults:
            self.stderr.write(f"{path}, line {fault.line}: {fault.reason}")
        if options["whole"] and faults:
            raise CommandError("--whole needs a file without bad lines: nothing was imported.", returncode=1)
        at = timezone.now()
        with transaction.atomic():
            row, _ = EventSource.objects.get_or_create(slug=options["source"], defaults={"name": options["source"]})
            if options["priority"] is not None:
                EventSource.objects.filter(pk=row.pk).update(priority=options["priority"])
            outcome = schema_org.store(row, records, at=at, whole=options["whole"])
            duplicates.settle(at)
        if options["json"]:
            bad = [asdict(fault) for fault in faults]
            self.stdout.write(json.dumps({"source": row.slug, **asdict(outcome), "bad": bad}, ensure_ascii=False))
        else:
            self.stdout.write(
                f"{row}: {outcome.created} created, {outcome.updated} updated, {outcome.unchanged} unchanged, "
                f"{outcome.gone} gone, {len(faults)} bad lines"
            )
        if faults:
            raise CommandError(f"{len(faults)} of {len(records) + len(faults)} lines were bad.", returncode=1)
