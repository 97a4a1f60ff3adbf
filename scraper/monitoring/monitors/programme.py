"""Monitors of the programme: days that were not read, suspicious pages, missing showtimes.

Each date is judged by its last reading, whichever run brought it: a sync that fails changes nothing that is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone

from events import local_time
from scraper.coverage.readings import Day
from scraper.coverage.shortfall import shortfall
from scraper.models import SyncRun
from scraper.monitoring.monitors.situation import (
    BAD,
    WARN,
    Finding,
    Seen,
    Situation,
    any_day,
    its_dates,
    its_day,
    monitor,
    whole_week,
)
from scraper.sync import second_reading


def _offered(_alert: object, now: Situation) -> Seen:
    """For an alert about the dates on offer: seen by a run that was told of any."""
    return Seen.WELL if now.run is not None and now.run.days.exists() else Seen.UNSEEN


@monitor(week_failed=any_day, day_failed=its_day, dates_missing=_offered)
def unread_days(now: Situation) -> Iterator[Finding]:
    """Days that could not be read, and dates that were not even on offer. What is about to be asked for again waits."""
    if now.run is None:
        return
    asked = set(now.run.days.values_list("date", flat=True))
    if now.run.status == SyncRun.Status.FAILED and not any(now.current(day.date) for day in now.days):
        if not _all_asked_again(now):
            errors = [day.tried.error for day in now.days if day.failed and day.tried and day.tried.error]
            facts = {"error": now.run.error or next(iter(errors), ""), **_lost(now.days)}
            yield Finding("week_failed", BAD, facts=facts)
        return
    for day in now.days:
        if day.failed and day.tried and day.date not in now.asked_again:
            facts = {"error": day.tried.error, "attempts": day.tried.attempts, **_lost([day])}
            yield Finding("day_failed", BAD, str(day.date), facts)
    offered = len(asked & set(local_time.week_from(timezone.localdate(now.run.started_at))))
    # Around midnight a site may still be in yesterday, or already in tomorrow.
    if asked and (len(asked) < local_time.WEEK or offered < local_time.WEEK - 1):
        yield Finding("dates_missing", BAD, facts={"dates": min(len(asked), offered)})


def _all_asked_again(now: Situation) -> bool:
    """Whether the whole of a failed run is about to be tried once more."""
    failed = {day.date for day in now.days if day.failed}
    return bool(now.asked_again) and failed <= now.asked_again


@monitor(rows_unread=whole_week)
def unread_rows(now: Situation) -> Iterator[Finding]:
    """Rows of programme pages that were not understood: what they say is missing."""
    rows = [(day, day.read) for day in now.days if day.read and day.read.unread_rows and not day.failed]
    if rows:
        samples = [sample for _day, read in rows for sample in read.unread]
        sample = samples[0] if samples else {"place": "", "text": "", "reason": ""}
        facts = {
            "rows": sum(read.unread_rows for _day, read in rows),
            "days": len(rows),
            **{name: sample[name] for name in ("place", "text", "reason")},
        }
        yield Finding("rows_unread", WARN, facts=facts)


@monitor(day_suspicious=its_day, week_suspicious=whole_week)
def suspicious_days(now: Situation) -> Iterator[Finding]:
    """Pages that lack too much of what was known to be believed at once: nothing was withdrawn."""
    if now.half_read:
        return
    read = [day for day in now.days if day.read]
    found = [day for day in read if day.read and day.read.suspicious]
    if len(found) > 3 and len(found) == len(read):
        yield Finding("week_suspicious", BAD)
        return
    last = [day for day in read if not day.failed]
    believed_next = second_reading.few(sum(1 for day in last if day.read and day.read.suspicious), of=len(last))
    for day in found:
        facts = {
            "listed": day.read.counted if day.read else 0,
            "not_withdrawn": day.read.not_withdrawn if day.read else 0,
            "believed_next": believed_next,
        }
        yield Finding("day_suspicious", WARN, str(day.date), facts)


@monitor(cinema_gone=its_dates, week_short=whole_week, day_short=its_day, cinema_short=whole_week)
def shortfalls(now: Situation) -> Iterator[Finding]:
    """Cinemas that list nothing where they always did; weeks, days and cinemas with far too few showtimes."""
    if now.half_read:
        return
    judged = {str(day.date): day for day in now.days if day.read and not day.read.suspicious}
    found = shortfall(list(judged.values()), now.drop)
    for slug, by_date in found.gone.items():
        facts = {
            "name": now.names.get(slug, slug),
            "dates": sorted(by_date),
            "week": len(by_date) == len(judged) > 1,
            "missing": sum(by_date.values()),
        }
        yield Finding("cinema_gone", BAD, slug, facts)
    if found.week:
        yield Finding("week_short", BAD, facts={"missing": found.week})
    for date, missing in found.days.items():
        read = judged[date].read
        yield Finding("day_short", WARN, date, {"listed": read.counted if read else 0, "missing": missing})
    for slug, missing in found.cinemas.items():
        yield Finding("cinema_short", WARN, slug, {"name": now.names.get(slug, slug), "missing": missing})


def _lost(days: Sequence[Day]) -> dict[str, Any]:
    """What unread days cost: the showtimes that were expected, and whether older readings still stand."""
    return {
        "expected": round(sum(day.expected.usual for day in days if day.expected)),
        "known": sum(day.read.counted for day in days if day.read),
    }
