"""Records cut to what the columns can hold."""

from __future__ import annotations

from dataclasses import replace

from events.models import LONGEST_ID, SLUG, URL, VERSION
from events.records import LONGEST_NAME, ListedShowtime, Programme, UnreadRow


def storable(programme: Programme) -> Programme:
    """The programme without what no column can hold: a value that is too long is left out, and a row whose film or
    cinema has too long an address counts as not understood."""
    kept: list[ListedShowtime] = []
    unread = list(programme.unread)
    for row in programme.showtimes:
        if max(len(row.film_slug), len(row.cinema_slug)) > SLUG or len(row.external_id) > LONGEST_ID:
            short = {"place": "showtime", "reason": "an address that is too long", "text": row.external_id[:URL]}
            unread.append(UnreadRow(**short, film_slug=row.film_slug))
            continue
        kept.append(row if _fits(row) else _cut(row))
    return replace(programme, showtimes=tuple(kept), unread=tuple(unread))


def _fits(row: ListedShowtime) -> bool:
    return (
        row.ticket_url != ""
        and len(row.ticket_url or "") <= URL
        and len(row.version) <= VERSION
        and len(row.film_title) <= LONGEST_NAME
        and len(row.cinema_name) <= LONGEST_NAME
    )


def _cut(row: ListedShowtime) -> ListedShowtime:
    return row._replace(
        ticket_url=row.ticket_url if row.ticket_url and len(row.ticket_url) <= URL else None,
        version=row.version[:VERSION],
        film_title=row.film_title[:LONGEST_NAME],
        cinema_name=row.cinema_name[:LONGEST_NAME],
    )
