"""`manage.py import_events SOURCE FILE`: another source's screenings, JSON lines of schema.org ScreeningEvent."""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from events.models import EventSource
from events.other_sources import importing
from events.other_sources.reading.claims import Fault, Note

_SLUG = re.compile(r"[A-Za-z0-9_-]{1,50}")


class Command(BaseCommand):
    help = (
        "Import schema.org ScreeningEvents: one JSON object a line, or a JSON document or page of at most 10 MB. "
        "Bad lines are named and the rest is imported; a value that can't be read is named and left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="a slug; the source is created when it is new")
        parser.add_argument("file", help="a file of JSON lines, or - for standard input")
        parser.add_argument("--priority", type=int, help="of duplicates the higher is shown; our own programme has 50")
        parser.add_argument("--whole", action="store_true", help="what the file lacks of the time to come is gone")
        parser.add_argument(
            "--force", action="store_true", help="with --whole: however much it lacks of what was known"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of the sentence")

    def handle(self, *_args: Any, **options: Any) -> None:
        path, at = options["file"], timezone.now()
        if not _SLUG.fullmatch(options["source"]):
            raise CommandError(f"{options['source']!r}: a source is called by letters, digits, - and _.", returncode=2)
        if options["priority"] is not None and abs(options["priority"]) > importing.HIGHEST:
            raise CommandError(f"--priority: at most {importing.HIGHEST}.", returncode=2)
        paused = EventSource.objects.filter(slug=options["source"], paused_until__gt=at).first()
        if paused is not None:
            until, why = timezone.localtime(paused.paused_until).isoformat(" ", "minutes"), paused.paused_why
            said = f"{paused.slug} is paused by staff until {until}{f': {why}' if why else ''}."
            raise CommandError(f"{said} Nothing was imported.", returncode=1)
        try:
            with closing(importing.Import(options["source"], at=at, told=lambda told: self._told(path, told))) as run:
                with self._opened(path) as lines:
                    run.read(lines)
                outcome = run.store(whole=options["whole"], force=options["force"], priority=options["priority"])
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=2) from error
        except importing.Refused as error:
            raise CommandError(f"--whole {error}: nothing was imported.", returncode=1) from error
        if run.offset:
            self.stderr.write(
                f"{options['source']}: its times all lie {run.offset:+} minutes beside ours. Does it write Kraków's "
                "time with the offset of another?"
            )
        if outcome.get("held"):
            self.stderr.write(
                f"{options['source']}: {outcome['held']} screenings that the file lacks are more than a tenth of all "
                "that is shown, and stay. They go if the next whole file lacks them too; at once with --force, or in "
                "the admin (Event sources: Remove what the last file lacked)."
            )
        if options["json"]:
            answer: dict[str, Any] = {"source": options["source"], **outcome}
            answer |= {"bad": [asdict(each) for each in run.bad], "notes": [asdict(each) for each in run.notes]}
            if run.offset:
                answer["offset_minutes"] = run.offset
            if len(run.bad) < run.bad_count or len(run.notes) < run.notes_count:  # the first of them are named
                answer |= {"bad_count": run.bad_count, "notes_count": run.notes_count}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            counted = ", ".join(f"{number} {name}" for name, number in outcome.items() if number or name != "held")
            noted = f", {run.notes_count} notes" if run.notes_count else ""
            self.stdout.write(f"{options['source']}: {counted}, {run.bad_count} bad lines{noted}")
        if run.bad_count:
            raise CommandError(f"{run.bad_count} of {run.lines} lines were bad.", returncode=1)

    def _told(self, path: str, told: Fault | Note) -> None:
        what = told.reason if isinstance(told, Fault) else f"left out: {told.property}: {told.reason}"
        self.stderr.write(f"{path}, line {told.line}: {what}")

    @staticmethod
    def _opened(path: str) -> AbstractContextManager[IO[bytes]]:
        return nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb")
