"""Another source's screenings: JSON lines of schema.org ScreeningEvent → records → rows.

https://schema.org/ScreeningEvent. Read are `name` or `workPresented.name`, `workPresented.alternateName`,
`startDate`, `endDate`, `eventStatus`, `location` (a Place with `name` and `geo`), `url`, `offers.url`,
`image`, and `identifier` or `@id`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from events.local_time import localise
from events.models import BATCH, DEFAULT_RUNTIME, EventSource, OtherEvent

MAX_LINE = 100_000  # bytes
MAX_TEXT = 500
MAX_URL = 2000
_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f\ud800-\udfff]+", re.IGNORECASE)
SCHEDULED = ("EventScheduled", "EventRescheduled", "EventMovedOnline", "EventPostponed")
FIELDS = (
    "title", "original_title", "starts_at", "ends_at", "cinema_name", "latitude", "longitude", "url", "ticket_url",
    "image_url",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScreeningEvent:
    """One valid line. Times are aware; coordinates are degrees or None; addresses are http(s) or empty."""

    external_id: str
    title: str
    original_title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    cinema_name: str
    latitude: float | None
    longitude: float | None
    url: str
    ticket_url: str
    image_url: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A line (from 1) that is no screening, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import came to, in events."""

    created: int
    updated: int
    unchanged: int
    gone: int


class Invalid(ValueError):
    """The message says which property is wrong."""


def read(lines: Iterable[bytes]) -> tuple[list[ScreeningEvent], list[Fault]]:
    """Every good line, and every bad one with its reason; empty lines are nothing. Of one id twice the last counts."""
    records: dict[str, ScreeningEvent] = {}
    faults = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            if len(line) > MAX_LINE:
                raise Invalid(f"longer than {MAX_LINE} bytes")
            record = parse(json.loads(line))
            records[record.external_id] = record
        except (ValueError, OverflowError, RecursionError) as error:
            reason = str(error) if isinstance(error, Invalid) else f"unreadable: {error}"
            faults.append(Fault(number, reason))
    return list(records.values()), faults


def parse(value: Any) -> ScreeningEvent:
    """One JSON object as a record; raises `Invalid`."""
    if not isinstance(value, dict):
        raise Invalid("expected a JSON object")
    kinds = value.get("@type")
    if "ScreeningEvent" not in (kinds if isinstance(kinds, list) else [kinds]):
        raise Invalid(f"@type: expected ScreeningEvent, found {kinds!r:.80}")
    work = _object(value, "workPresented")
    place = _object(value, "location")
    geo = _object(place, "geo")
    starts_at = _moment(value, "startDate")
    ends_at = _moment(value, "endDate") if value.get("endDate") else starts_at + dt.timedelta(minutes=DEFAULT_RUNTIME)
    if ends_at <= starts_at:
        raise Invalid("endDate: not after startDate")
    status = str(value.get("eventStatus") or "EventScheduled").rpartition("/")[2]
    if status not in (*SCHEDULED, "EventCancelled"):
        raise Invalid(f"eventStatus: unknown {status!r:.80}")
    return ScreeningEvent(
        external_id=_identifier(value),
        title=_text(work, "name") or _required(value, "name"),
        original_title=_text(work, "alternateName"),
        starts_at=starts_at,
        ends_at=ends_at,
        cinema_name=_required(place, "name", "location.name"),
        latitude=_degrees(geo, "latitude", 90),
        longitude=_degrees(geo, "longitude", 180),
        url=_address(value, "url"),
        ticket_url=_address(_object(value, "offers"), "url"),
        image_url=_address(value, "image"),
        cancelled=status in ("EventCancelled", "EventPostponed"),
    )


def store(source: EventSource, records: Sequence[ScreeningEvent], *, at: dt.datetime, whole: bool = False) -> Outcome:
    """Upsert by the source's own ids, in the caller's transaction. `whole`: what is to come and not here is gone."""
    known = {row.external_id: row for row in OtherEvent.objects.filter(source=source)}
    write: list[OtherEvent] = []
    touch: list[int] = []
    for record in records:
        row = known.get(record.external_id)
        fields = {name: value for name, value in asdict(record).items() if name in FIELDS}
        gone_at = ((row.gone_at if row else None) or at) if record.cancelled else None
        claimed = OtherEvent(
            source=source, external_id=record.external_id, gone_at=gone_at, first_seen_at=at, last_seen_at=at, **fields
        )
        if row is None or any(getattr(row, name) != getattr(claimed, name) for name in (*FIELDS, "gone_at")):
            write.append(claimed)
        else:
            touch.append(row.pk)
    OtherEvent.objects.bulk_create(
        write,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["source", "external_id"],
        update_fields=[*FIELDS, "gone_at", "last_seen_at"],
    )
    for start in range(0, len(touch), BATCH):
        OtherEvent.objects.filter(pk__in=touch[start : start + BATCH]).update(last_seen_at=at)
    gone = 0
    if whole:
        left = OtherEvent.objects.live().filter(source=source, starts_at__gt=at, last_seen_at__lt=at)
        gone = left.update(gone_at=at)
    created = sum(1 for row in write if row.external_id not in known)
    return Outcome(created, len(write) - created, len(touch), gone)


def _object(value: dict[str, Any], name: str) -> dict[str, Any]:
    """The object of a property: the first of several, {} where there is none."""
    found = value.get(name) or {}
    first = found[0] if isinstance(found, list) else found
    if not isinstance(first, dict):
        raise Invalid(f"{name}: expected an object, found {first!r:.80}")
    return first


def _text(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    first = found[0] if isinstance(found, list) and found else found or ""
    if not isinstance(first, str):
        raise Invalid(f"{name}: expected a text, found {first!r:.80}")
    text = " ".join(first.replace("\0", "").split())
    if not text.isascii() and any("\ud800" <= mark <= "\udfff" for mark in text):
        raise Invalid(f"{name}: half a character (a lone surrogate)")
    if len(text) > MAX_TEXT:
        raise Invalid(f"{name}: longer than {MAX_TEXT} characters")
    return text


def _required(value: dict[str, Any], name: str, label: str = "") -> str:
    text = _text(value, name)
    if not text:
        raise Invalid(f"{label or name}: missing")
    return text


def _identifier(value: dict[str, Any]) -> str:
    for name in ("identifier", "@id", "url"):
        found = value.get(name)
        if isinstance(found, dict):  # a PropertyValue
            found = found.get("value")
        if isinstance(found, str | int) and not isinstance(found, bool) and str(found).strip():
            return _text({name: str(found)}, name)
    raise Invalid("identifier: missing (an @id or a url would do)")


def _moment(value: dict[str, Any], name: str) -> dt.datetime:
    """An ISO 8601 time; one without an offset is a wall time of Kraków."""
    text = _required(value, name)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{name}: no ISO 8601 time: {text!r:.80}") from None
    if "T" not in text and " " not in text:
        raise Invalid(f"{name}: a date without a time: {text!r:.80}")
    return (localise(moment) if moment.tzinfo is None else moment).astimezone(dt.UTC)


def _degrees(value: dict[str, Any], name: str, limit: int) -> float | None:
    if value.get(name) in (None, ""):
        return None
    try:
        degrees = float(value[name])
    except (TypeError, ValueError):
        degrees = float("nan")
    if not -limit <= degrees <= limit:
        raise Invalid(f"{name}: no degrees: {value[name]!r:.80}")
    return degrees


def _address(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    first = found[0] if isinstance(found, list) and found else found or ""
    if isinstance(first, dict):  # an ImageObject
        first = first.get("url") or ""
    if first == "":
        return ""
    if not isinstance(first, str) or not _ADDRESS.fullmatch(first) or len(first) > MAX_URL:
        raise Invalid(f"{name}: no http(s) address: {first!r:.80}")
    return first
