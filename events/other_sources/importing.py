"""A file of another source's screenings, from its first line to the rows: read as a whole, then stored in batches.

Each batch is one transaction with its duplicates, so that a file of any length takes little memory and keeps nobody
waiting for long. One that is run again, after it was killed too, leaves the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import IO

from django.db import transaction

from events.models import EventSource, OtherEvent, changes
from events.other_sources import duplicates, storing
from events.other_sources.reading import documents
from events.other_sources.reading.claims import Fault, Note, ScreeningEvent
from events.other_sources.reading.schema_org import read
from events.other_sources.reading.spool import Spool

BATCH = 500
KEPT = 1000  # faults and notes that are kept for the answer; all are counted and told
HIGHEST = 1_000_000  # priority


class Refused(Exception):
    """A whole file that says too little; the message says why."""


def believe(source: EventSource) -> int:
    """At a person's word, what the source's last whole file lacked is gone after all; returns how many that are."""
    with transaction.atomic():
        duplicates.hold()
        source.refresh_from_db()
        if source.held_at is None:
            return 0
        gone, _held = storing.leave_out(source, at=source.held_at, believed=True)
        duplicates.settle_events(gone, at=source.held_at)
        changes.tell(source.held_at)
    return len(gone)


class Import:
    """One import. `told` hears of each fault and note as it is met. `offset`: the minutes by which all of the
    source's times lie beside ours, 0 for none."""

    def __init__(self, slug: str, *, at: dt.datetime, told: Callable[[Fault | Note], None]) -> None:
        self.slug, self.at, self.told = slug, at, told
        self.bad: list[Fault] = []
        self.notes: list[Note] = []
        self.bad_count = self.notes_count = self.lines = self.offset = 0
        self._unread = 0  # bad lines that may be of something to come
        self._spool = Spool()

    def close(self) -> None:
        self._spool.close()

    def read(self, file: IO[bytes]) -> None:
        """Read every line, or the whole where it is one document, and keep what it says on disk."""
        for number, line in documents.pieces(file):
            bad = False
            for found in read(number, line, at=self.at):
                if isinstance(found, ScreeningEvent):
                    self._spool.add(found)
                    continue
                self.told(found)
                if isinstance(found, Note):
                    self.notes_count += 1
                    self.notes += [found] if len(self.notes) < KEPT else []
                else:
                    bad = True
                    self._unread += not found.past
                    self.bad += [found] if len(self.bad) < KEPT else []
            self.lines += bool(line.strip())
            self.bad_count += bad

    def store(self, *, whole: bool, force: bool, priority: int | None) -> dict[str, int]:
        """Bring the rows in line with what was read; returns the counts. Raises `Refused` before anything changed."""
        if whole:
            self._check_whole(force=force)
        counts = {"created": 0, "updated": 0, "unchanged": 0, "gone": 0}
        with transaction.atomic():
            source, _ = EventSource.objects.get_or_create(slug=self.slug, defaults={"name": self.slug})
            if priority is not None and priority != source.priority:
                duplicates.rank(source, priority, at=self.at)
        for batch in self._spool.batches(BATCH):
            with transaction.atomic():
                duplicates.hold()
                outcome = storing.store(source, batch, at=self.at)
                duplicates.settle_events(outcome.touched, at=self.at)
                changes.tell(self.at)
            counts["created"] += outcome.created
            counts["updated"] += outcome.updated
            counts["unchanged"] += outcome.unchanged
        if whole:
            with transaction.atomic():
                duplicates.hold()
                source.refresh_from_db()
                gone, held = storing.leave_out(source, at=self.at, believed=force)
                duplicates.settle_events(gone, at=self.at)
                changes.tell(self.at)
            counts["gone"], counts["held"] = len(gone), held
        self.offset = duplicates.offset(source, at=self.at)
        return counts

    def _check_whole(self, *, force: bool) -> None:
        """What is no longer listed is gone only by a file that lists at least half of what was known."""
        if self._unread:
            raise Refused("needs a file without bad lines")
        live = OtherEvent.objects.live().filter(source__slug=self.slug, starts_at__gt=self.at)
        known, listed = live.count(), self._spool.count(self.at)
        if not force and (listed == 0 or 2 * listed < known):
            raise Refused(
                f"of a file with {listed} screenings to come where {known} were known needs --force, if that is right"
            )
