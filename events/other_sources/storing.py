"""Other sources' screenings meet rows. Every verb here runs in its caller's transaction, which holds the sources."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from events.local_time import ZONE
from events.models import BATCH, DEFAULT_RUNTIME, EventSource, OtherCinema, OtherEvent, Showtime
from events.models.taken_away import large_part
from events.other_sources.reading.claims import ScreeningEvent
from events.other_sources.reading.spool import Named

ID = 500  # characters
FIELDS = (
    "given_id", "title", "original_title", "starts_at", "ends_at", "cinema_id", "cinema_name", "latitude", "longitude",
    "url", "ticket_url", "image_url", "language", "subtitles", "format", "gone_at",
)  # fmt: skip


@dataclass(slots=True)
class Outcome:
    """What an import came to, in events, and where and when those are that it changed."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    gone: int = 0
    touched: list[int] = field(default_factory=list)


def store(source: EventSource, batch: Sequence[Named], *, at: dt.datetime) -> Outcome:
    """Upsert some of a file's screenings by what their source calls them."""
    known = _known(source, batch)
    cinemas = _cinemas(source, (named.record for named in batch))
    outcome = Outcome()
    write: list[OtherEvent] = []
    seen: list[int] = []
    for named in batch:
        record = named.record
        own = not known[_given(record)]
        row = _same(named, known[_given(record)], at)
        claimed = _claimed(source, named, row, cinemas[_place(record)], at)
        if row is None:
            claimed.external_id = _external_id(named, own=own)
        if row is None:
            outcome.created += 1
            write.append(claimed)
        elif any(getattr(row, name) != getattr(claimed, name) for name in FIELDS):
            outcome.updated += 1
            write.append(claimed)
        else:
            seen.append(row.pk)
    outcome.unchanged = len(seen)
    _rename_taken(source, write, at)
    OtherEvent.objects.bulk_create(
        write,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["source", "external_id"],
        update_fields=[*("cinema" if name == "cinema_id" else name for name in FIELDS), "last_seen_at"],
    )
    OtherEvent.objects.filter(pk__in=seen).update(last_seen_at=at)
    written = OtherEvent.objects.filter(source=source, external_id__in=[row.external_id for row in write])
    outcome.touched = list(written.values_list("pk", flat=True))
    return outcome


def leave_out(source: EventSource, *, at: dt.datetime, believed: bool) -> tuple[list[int], int]:
    """What is to come and was not in the whole file that was imported at `at` is gone; returns it, and how many stay.

    What is more than a tenth of all that is shown stays, unless it is `believed` or was lacking in the whole file
    before, too.
    """
    left = OtherEvent.objects.live().filter(source=source, starts_at__gt=at, last_seen_at__lt=at)
    lacking = list(left.order_by("pk").values_list("pk", "last_seen_at"))
    gone = [pk for pk, seen in lacking if source.held_at is not None and seen < source.held_at]
    if believed or not large_part(len(lacking) - len(gone), _shown(at)):
        gone = [pk for pk, _seen in lacking]
    for start in range(0, len(gone), BATCH):
        OtherEvent.objects.filter(pk__in=gone[start : start + BATCH]).update(gone_at=at)
    held = len(lacking) - len(gone)
    EventSource.objects.filter(pk=source.pk).update(held_at=at if held else None)
    return gone, held


def _shown(at: dt.datetime) -> int:
    """All that is to come, ours and others', as far as it is published."""
    ours = Showtime.objects.listed().filter(starts_at__gt=at, event__isnull=False)
    return ours.count() + OtherEvent.objects.live().filter(starts_at__gt=at).count()


def _known(source: EventSource, batch: Iterable[Named]) -> defaultdict[str, list[OtherEvent]]:
    """The rows that may be one of these, by what their source calls them. Of a name that many screenings share only
    those that start when one of these does."""
    own = {_given(named.record) for named in batch if not named.timed}
    shared = {_given(named.record) for named in batch if named.timed}
    starts = {named.record.starts_at for named in batch if named.timed}
    may_be = Q(given_id__in=own) | Q(given_id__in=shared, starts_at__in=starts)
    known: defaultdict[str, list[OtherEvent]] = defaultdict(list)
    for row in OtherEvent.objects.filter(may_be, source=source).order_by("pk"):
        known[row.given_id].append(row)
    return known


def _same(named: Named, known: list[OtherEvent], at: dt.datetime) -> OtherEvent | None:
    """Which of the rows of its name a record is, taken from `known`; None for none of them."""
    record = named.record
    there = [row for row in known if (row.starts_at, row.cinema_name) == (record.starts_at, record.cinema_name)]
    if named.detailed and not record.named:
        alike = (record.title, record.ticket_url, record.language, record.subtitles, record.format)
        there = [row for row in there
                 if (row.title, row.ticket_url, row.language, row.subtitles, row.format) == alike]  # fmt: skip
    found = next(iter(there), None)
    if found is None and not named.timed and len(known) == 1 and _moved(record, known[0], at):
        found = known[0]
    if found:
        known.remove(found)
    return found


def _moved(record: ScreeningEvent, row: OtherEvent, at: dt.datetime) -> bool:
    """Whether a row that starts at another time, or elsewhere, is this screening all the same.

    What has begun takes place no other time. An identifier may move anywhere else; the address of a page may be of the
    film, and another day's showing another one.
    """
    if row.starts_at <= at and record.starts_at > row.starts_at:
        return False
    same_day = row.starts_at.astimezone(ZONE).date() == record.starts_at.astimezone(ZONE).date()
    return record.named or (same_day and row.cinema_name == record.cinema_name)


def _claimed(
    source: EventSource, named: Named, row: OtherEvent | None, cinema: OtherCinema, at: dt.datetime
) -> OtherEvent:
    record = named.record
    return OtherEvent(
        source=source,
        external_id=row.external_id if row else "",
        given_id=_given(record),
        title=record.title,
        original_title=record.original_title,
        starts_at=record.starts_at,
        ends_at=record.ends_at or record.starts_at + dt.timedelta(minutes=DEFAULT_RUNTIME),
        cinema=cinema,
        cinema_name=record.cinema_name,
        latitude=record.latitude,
        longitude=record.longitude,
        url=record.url,
        ticket_url=record.ticket_url,
        image_url=record.image_url,
        language=record.language,
        subtitles=record.subtitles,
        format=record.format,
        gone_at=((row.gone_at if row else None) or at) if record.cancelled else None,
        first_seen_at=row.first_seen_at if row else at,
        last_seen_at=at,
    )


def _given(record: ScreeningEvent) -> str:
    """What its publisher calls it, short enough for a column; of one that has no name at all, its title."""
    given = record.given_id or record.title
    return given if len(given) <= ID else f"{given[:400]}#{_digest(given)}"


def _external_id(named: Named, *, own: bool) -> str:
    """A new row's: what its publisher calls it where that is its `own`, else when and where it is besides."""
    record = named.record
    given = _given(record)
    if own and record.given_id and not (named.timed or named.detailed):
        return given
    parts = [f"{record.starts_at:%Y-%m-%dT%H:%MZ}", record.cinema_name, given]
    if named.detailed and not record.named:
        parts.append(_digest(record.detail))
    text = "|".join(parts)
    return text if len(text) <= ID else f"{text[:400]}#{_digest(text)}"


def _rename_taken(source: EventSource, write: Iterable[OtherEvent], at: dt.datetime) -> None:
    """A new row whose id is that of one which has moved since then gets another."""
    new = {row.external_id: row for row in write if row.first_seen_at == at}
    taken = OtherEvent.objects.filter(source=source, external_id__in=list(new), first_seen_at__lt=at)
    for external_id in taken.values_list("external_id", flat=True):
        new[external_id].external_id = f"{external_id[:400]}#{_digest(f'{external_id} {at}')}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _place(record: ScreeningEvent) -> tuple[str, float | None, float | None]:
    return record.cinema_name, record.latitude, record.longitude


def _cinemas(
    source: EventSource, records: Iterable[ScreeningEvent]
) -> dict[tuple[str, float | None, float | None], OtherCinema]:
    """The rows of these screenings' cinemas, made where they are new."""
    places = {_place(record) for record in records}
    there = OtherCinema.objects.filter(source=source, name__in={name for name, *_ in places})
    found = {(row.name, row.latitude, row.longitude): row for row in there}
    new = [place for place in places if place not in found]
    made = OtherCinema.objects.bulk_create(
        [OtherCinema(source=source, name=name, latitude=latitude, longitude=longitude)
         for name, latitude, longitude in sorted(new, key=str)]
    )  # fmt: skip
    return found | {(row.name, row.latitude, row.longitude): row for row in made}
