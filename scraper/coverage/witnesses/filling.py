"""Fills fields that the site leaves empty of starts that both have, in the caller's transaction (WITNESS_FILLS).

A start that the witness has twice, in two versions, fills nothing: nobody knows which of them is ours.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

from events.models import VERSION, Fill, Showtime, changes
from events.titles import versions
from events.titles.spelling import fold
from scraper.coverage.witnesses.comparison import COMPARED, Compared, alike
from scraper.coverage.witnesses.listings.records import Start
from scraper.coverage.witnesses.listings.registry import Witness

BATCH = 500


def fill(
    witness: Witness,
    cells: Iterable[Compared],
    starts: Mapping[int, Start],
    showtimes: Mapping[int, Showtime],
    at: dt.datetime,
) -> int:
    """Bring the fills of the compared cells in line with a look; returns how many showtimes have its own."""
    times = Counter((start.cinema, start.starts_at, _film(start.title)) for start in starts.values())
    ours = Counter((one.cinema_id, one.starts_at, _film(one.film.title)) for one in showtimes.values())
    wanted: dict[int, Fill] = {}
    looked_at: set[int] = set()
    for cell in cells:
        if cell.verdict in COMPARED:
            looked_at |= {row.key for _theirs, row in cell.same} | {row.key for row in cell.extra}
        for theirs, row in cell.same:
            start, showtime = starts[theirs.key], showtimes[row.key]
            alone = times[start.cinema, start.starts_at, _film(start.title)] == 1
            alone = alone and ours[showtime.cinema_id, showtime.starts_at, _film(showtime.film.title)] == 1
            if alone and alike(theirs, row) and any((made := _fill(witness, start, showtime, at)).said()):
                wanted[showtime.pk] = made
    known = {one.showtime_id: one for one in Fill.objects.filter(source=witness.title, showtime__in=looked_at)}
    gone = [one.pk for pk, one in known.items() if pk not in wanted]
    others = set(
        Fill.objects.exclude(source=witness.title).filter(showtime__in=wanted).values_list("showtime", flat=True)
    )
    new = [
        made for pk, made in wanted.items() if pk not in others and (pk not in known or known[pk].said() != made.said())
    ]
    Fill.objects.filter(pk__in=gone).delete()
    Fill.objects.bulk_create(
        new,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["showtime"],
        update_fields=["ticket_url", "version", "runtime", "filled_at"],
    )
    if gone or new:
        changes.tell(at)
    return len(wanted) - len(others)


def _fill(witness: Witness, start: Start, showtime: Showtime, at: dt.datetime) -> Fill:
    """Only what we lack."""
    film = showtime.film
    said = versions.read(film.title)[1] != versions.Version() or bool(showtime.version)
    known = film.runtime or (film.movie.runtime if film.movie else None)
    return Fill(
        showtime=showtime,
        source=witness.title,
        ticket_url="" if showtime.ticket_url or not start.is_ticket else start.url,
        version="" if said else start.version[:VERSION],
        runtime=None if known else start.runtime,
        filled_at=at,
    )


def _film(title: str) -> str:
    return fold(versions.read(title)[0])
