"""What a witness said meets our rows: its cinemas, the verdicts of a look, and the differences that are followed.

Runs in the caller's transaction. It changes no showtime: what a witness alone claims is never published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils import timezone

from events.local_time import ZONE, week_from
from events.models import Cinema, Showtime
from events.titles import versions
from events.titles.spelling import fold
from scraper.coverage import readings
from scraper.coverage.witnesses import comparison, filling, following
from scraper.coverage.witnesses.comparison import COMPARED, Cell, Compared, Row, Side
from scraper.coverage.witnesses.identity import cinema_meant
from scraper.coverage.witnesses.listening import Heard, Problem
from scraper.coverage.witnesses.listings.records import NIGHT_ENDS, Failure, Start, programme_date
from scraper.coverage.witnesses.listings.registry import Witness
from scraper.models import WitnessCinema, WitnessLook

UNREAD_KEPT = 20  # rows that were not understood
KNOWN_FOR = dt.timedelta(hours=36)  # a cinema that a whole look saw so long ago is known to one that is not


def record(witness: Witness, heard: Heard, *, began_at: dt.datetime, at: dt.datetime, whole: bool) -> WitnessLook:
    """Write down a look: what was compared, and what differs."""
    look = WitnessLook(
        witness=witness.name, whole=whole, began_at=began_at, ended_at=at, status=WitnessLook.Status.OK,
        requests=heard.requests, unread=len(heard.unread), unread_rows=heard.unread[:UNREAD_KEPT],
        problems=[_problem(problem) for problem in heard.problems],
    )  # fmt: skip
    failure = heard.failure
    if failure is None:
        ours = _Ours(timezone.localdate(at), at)
        meant = _who_is_who(witness, heard, ours, at)
        theirs = _their_side(witness, heard, meant, at, whole)
        if hours := comparison.hours_beside(ours.side, theirs.side):
            failure = (Failure.CHANGED, f"its times lie {hours} hours beside ours")
        else:
            cells = _compare(look, heard, ours, theirs, at)
            if settings.WITNESS_FILLS:
                filling.fill(witness, cells, theirs.starts, ours.showtimes, at)
    if failure is not None:
        look.status, look.failure, look.error = WitnessLook.Status.FAILED, failure[0].value, failure[1]
    look.save()
    return look


def _problem(problem: Problem) -> dict[str, Any]:
    dates = [str(date) for date in problem.ask.dates]
    return {"dates": dates, "cinema": problem.ask.cinema, "failure": problem.failure.value, "error": problem.error}


def _compare(look: WitnessLook, heard: Heard, ours: _Ours, theirs: _Theirs, at: dt.datetime) -> list[Compared]:
    dates = sorted({date for ask in (*heard.read, *(p.ask for p in heard.problems)) for date in ask.dates})
    here, there = (_without_unread_nights(side, theirs.nights_read) for side in (ours.side, theirs.side))
    cells = comparison.compare(here, there, dates, wall(at))
    compared = [cell for cell in cells if cell.verdict in COMPARED]
    look.theirs, look.ours = sum(cell.theirs for cell in compared), sum(cell.ours for cell in compared)
    look.same = sum(len(cell.same) for cell in compared)
    look.cells = [_as_json(cell) for cell in cells]
    following.follow(look, cells, theirs.starts, ours.showtimes, theirs.nights_read)
    return cells


def _without_unread_nights(side: Side, nights_read: frozenset[dt.date]) -> Side:
    """Without the starts behind midnight of evenings whose next day was not asked for: they may stand there."""
    rows = {
        cell: [row for row in found if row.starts_at.hour >= NIGHT_ENDS or cell[1] in nights_read]
        for cell, found in side.rows.items()
    }
    return replace(side, rows=rows)


def _as_json(cell: Compared) -> dict[str, Any]:
    return {
        "cinema": cell.cinema, "date": str(cell.date), "verdict": cell.verdict, "theirs": cell.theirs,
        "ours": cell.ours, "same": len(cell.same), "missing": len(cell.missing), "extra": len(cell.extra),
    }  # fmt: skip


def wall(at: dt.datetime) -> dt.datetime:
    """What Kraków's clocks show."""
    return at.astimezone(ZONE).replace(tzinfo=None)


class _Ours:
    """Our week: its showtimes. Cinemas that are one count as one, as do the versions of a film that start together: one
    side may list each, and the other the film."""

    def __init__(self, today: dt.date, at: dt.datetime) -> None:
        dates = week_from(today)
        cinemas = list(Cinema.objects.select_related("same_as"))
        slugs = {cinema.pk: (cinema.same_as or cinema).slug for cinema in cinemas}
        self.names = {cinema.slug: cinema.name for cinema in cinemas if cinema.same_as_id is None}
        self.showtimes: dict[int, Showtime] = {}
        rows: dict[Cell, dict[tuple[str, dt.datetime], Row]] = {}
        span = [dates[0], dates[-1] + dt.timedelta(days=1)]
        listed = Showtime.objects.listed().filter(day__range=[dates[0] - dt.timedelta(days=1), span[1]])
        for showtime in listed.select_related("film__movie").order_by("pk"):
            starts_at = wall(showtime.starts_at).replace(second=0, microsecond=0)
            cell = (slugs[showtime.cinema_id], programme_date(starts_at))
            self.showtimes[showtime.pk] = showtime
            titles = tuple(bare(title) for title in (showtime.film.title, showtime.film.original_title) if title)
            rows.setdefault(cell, {}).setdefault((fold(titles[0]), starts_at), Row(showtime.pk, starts_at, titles))
        listing = {cell: list(row.values()) for cell, row in rows.items()}
        known = frozenset(slug for slug, date in listing if date in dates)
        stale = at - dt.timedelta(hours=settings.ALERT_RUN_HOURS)
        days = readings.days(dates)
        unread = [day.date for day in days if day.failed or day.read is None or readings.read_at(day.read) < stale]
        self.side = Side(listing, frozenset((slug, date) for slug in self.names for date in unread), known)

    def programme(self, slug: str, after: dt.datetime) -> list[dt.datetime]:
        rows = (row for cell, found in self.side.rows.items() if cell[0] == slug for row in found)
        return [row.starts_at for row in rows if row.starts_at > after]


def bare(title: str) -> str:
    """A title without the version that is shown: two listings may name that in other words."""
    return versions.read(title)[0]


def _who_is_who(witness: Witness, heard: Heard, ours: _Ours, at: dt.datetime) -> dict[str, str]:
    """The slug of our cinema for each name of theirs that is one; names never seen before are matched now, for good."""
    now = wall(at)
    to_come: dict[str, list[dt.datetime]] = {}
    for start in heard.starts:
        to_come.setdefault(start.cinema, []).extend([start.starts_at] if start.starts_at > now else [])
    rows = {
        row.name: row for row in WitnessCinema.objects.filter(witness=witness.name).select_related("cinema__same_as")
    }
    pks = dict(Cinema.objects.values_list("slug", "pk"))
    taken = {row.cinema_id for row in rows.values()}
    for name, theirs in sorted(to_come.items()):
        row = rows.setdefault(name, WitnessCinema(witness=witness.name, name=name, first_seen_at=at))
        if row.cinema_id is None and not row.outside:
            free = {slug: other for slug, other in ours.names.items() if pks[slug] not in taken}
            slug = cinema_meant(name, theirs, free, {slug: ours.programme(slug, now) for slug in free})
            if slug:
                row.cinema_id = pks[slug]
                taken.add(row.cinema_id)
        row.last_seen_at, row.starts, row.looks = at, len(theirs), row.looks + 1
        row.save()
    same = {cinema.pk: (cinema.same_as or cinema).slug for cinema in Cinema.objects.select_related("same_as")}
    return {name: same[row.cinema_id] for name, row in rows.items() if row.cinema_id is not None}


class _Theirs:
    """Their side of the comparison. `starts` by the keys of its rows; `nights_read`: the dates whose late starts were
    read, for these may stand on the next day's page."""

    def __init__(self, side: Side, starts: dict[int, Start], nights_read: frozenset[dt.date]) -> None:
        self.side, self.starts, self.nights_read = side, starts, nights_read


def _their_side(witness: Witness, heard: Heard, meant: Mapping[str, str], at: dt.datetime, whole: bool) -> _Theirs:
    read = {date for ask in heard.read for date in ask.dates}
    nights = frozenset(date for date in read if date + dt.timedelta(days=1) in read)
    rows: dict[Cell, dict[tuple[str, dt.datetime], Row]] = {}
    starts: dict[int, Start] = {}
    for number, start in enumerate(heard.starts):
        slug = meant.get(start.cinema)
        if slug is None:
            continue
        starts[number] = start
        title = bare(start.title)
        cell = (slug, start.date)
        row = Row(number, start.starts_at, (title,) if title else ())
        rows.setdefault(cell, {}).setdefault((fold(title), start.starts_at), row)
    cinemas = {slug for slug, _date in rows}
    if not whole:
        since = WitnessCinema.objects.filter(witness=witness.name, last_seen_at__gte=at - KNOWN_FOR)
        cinemas |= {meant[name] for name in since.values_list("name", flat=True) if name in meant}
    cinemas |= {meant[problem.ask.cinema] for problem in heard.problems if problem.ask.cinema in meant}
    failed: set[Cell] = set()
    for problem in heard.problems:
        of = {meant[problem.ask.cinema]} if problem.ask.cinema in meant else cinemas
        failed |= {(slug, date) for slug in of for date in problem.ask.dates}
    listing = {cell: list(found.values()) for cell, found in rows.items()}
    return _Theirs(Side(listing, frozenset(failed), frozenset(cinemas)), starts, nights)
