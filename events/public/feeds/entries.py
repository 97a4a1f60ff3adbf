"""What a calendar says of each showing besides its text: its UID for good, and when the entry last changed.

What was said last is remembered when a calendar is laid out, so that an entry changes with its text, whatever the
cause, and every other one stays as it was, byte for byte. Two readers at the same moment may both remember a change:
then it counts once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from events.models import CalendarDay
from events.public.showings import Showing

MARGIN = dt.timedelta(minutes=15)  # by which what is the same may start earlier or later
Told = Sequence[Any]  # an `Entry` as it is stored


class Entry(NamedTuple):
    """`sequence` counts the changes since the showing was first published as `uid`; `changed` is the moment of the
    last one. `digest` is the text's, empty for what is called as another showing is."""

    uid: str
    digest: str
    sequence: int
    changed: str  # ISO 8601


def remember(texts: Mapping[str, str], found: Sequence[Showing], *, at: dt.datetime) -> dict[str, Told]:
    """The entry of each showing, by its id. `texts`: what a calendar says of each now."""
    if not found:
        return {}
    starts = {showing.starts_at for showing in found}
    span = ((min(starts) - MARGIN).date(), (max(starts) + MARGIN).date())
    days: dict[dt.date, dict[str, Any]] = {row.day: row.entries for row in CalendarDay.objects.filter(day__range=span)}
    known: dict[str, Told] = {key: told for entries in days.values() for key, told in entries.items()}
    entries: dict[str, Told] = {}
    changed_days: set[dt.date] = set()

    def write(key: str, entry: Entry, showing: Showing) -> None:
        day = showing.starts_at.date()
        days.setdefault(day, {})[key] = (entry.uid, entry.digest, entry.sequence, entry.changed)
        changed_days.add(day)

    taken: set[str] = set()
    # Those that are called by their own id come first: another one that was the same once gets its own back.
    called: tuple[list[tuple[str, Showing]], list[tuple[str, Showing]]] = [], []
    for showing in found:
        uid = _uid(showing, known)
        called[uid != showing.id].append((uid, showing))
    for uid, showing in chain(*called):
        uid = showing.id if uid in taken else uid
        taken.add(uid)
        digest = hashlib.sha256(texts[showing.id].encode()).hexdigest()[:32]
        told = known.get(uid)
        if told and told[1] == digest:
            entries[showing.id] = told
        else:
            entries[showing.id] = entry = Entry(uid, digest, told[2] + 1 if told else 0, at.isoformat())
            write(uid, entry, showing)
        if uid == showing.id and not showing.same:  # nearly all
            continue
        for key in (showing.id, *showing.same):
            if key != uid and (key not in known or known[key][0] != uid):
                write(key, Entry(uid, "", 0, at.isoformat()), showing)
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=day, entries=days[day]) for day in sorted(changed_days)],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["entries"],
    )
    return entries


def _uid(showing: Showing, known: Mapping[str, Told]) -> str:
    """What the showing, or one that is the same, was first published under."""
    if not showing.same:  # nearly all
        return str(known[showing.id][0]) if showing.id in known else showing.id
    for key in (showing.id, *showing.same):
        if key in known:
            return str(known[key][0])
    return showing.id
