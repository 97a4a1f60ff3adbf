"""Storing a week of 6,000 showtimes: against the same rows in one bulk upsert of plain SQL a day, and row by row."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.bench import measuring

if TYPE_CHECKING:
    from events.records import Programme

SHOWTIMES, ROUNDS, CHANGED = 6_000, 5, 20  # of so many showtimes one has another ticket link
BATCH = 500  # rows a statement
FRESH = dt.timedelta(hours=24)
COLUMNS = (
    "external_id", "film_id", "cinema_id", "day", "starts_at", "ticket_url", "version", "withdrawn_at",
    "first_seen_at", "last_seen_at",
)  # fmt: skip


def main() -> None:
    measuring.set_up()
    from django.utils import timezone

    from tests.events import week

    now = timezone.now()
    days = week.programmes(timezone.localdate() + dt.timedelta(days=1), SHOWTIMES)
    changed = [_changed(day) for day in days]
    none = [replace(day, empty=True, showtimes=()) for day in days]
    hour = dt.timedelta(hours=1)
    first, raw, same, raw_same, some, gone, back = [], [], [], [], [], [], []
    for _ in range(ROUNDS):
        _forget()
        first.append(measuring.seconds(lambda: _store(days, now)))
        same.append(measuring.seconds(lambda: _store(days, now + hour)))
        some.append(measuring.seconds(lambda: _store(changed, now + 2 * hour)))
        gone.append(measuring.seconds(lambda: _store(none, now + 3 * hour, doubted=True)))
        _empty()
        raw.append(measuring.seconds(lambda: _upsert(days, now)))
        raw_same.append(measuring.seconds(lambda: _upsert(days, now + hour)))
        _empty()
        _match()
        back.append(measuring.seconds(lambda: _store(days, now)))
    _forget()
    one_by_one = measuring.seconds(lambda: _row_by_row(days, now))
    _forget()
    in_bulk = measuring.seconds(lambda: _store(days, now))
    note = f"{1000 * min(raw):.0f} ms raw, the quickest"
    measuring.tell(measuring.ratio("first / raw", first, raw, goal="≤ 2.5", note=note))
    measuring.tell(measuring.ratio("identical / raw", same, raw_same, goal="≤ 1.0"))
    measuring.tell(measuring.ratio("5 % changed / raw", some, raw_same))
    measuring.tell(measuring.ratio("all withdrawn / raw", gone, raw_same))
    measuring.tell(measuring.ratio("first, of films matched before, and published / raw", back, raw))
    measuring.tell(measuring.ratio("row by row / ours", [one_by_one], [in_bulk], goal="≥ 15", digits=1))


def _changed(day: Programme) -> Programme:
    rows = (
        row._replace(ticket_url=f"{row.ticket_url}?new") if number % CHANGED == 0 else row
        for number, row in enumerate(day.showtimes)
    )
    return replace(day, showtimes=tuple(rows))


def _store(days: Sequence[Programme], at: dt.datetime, *, doubted: bool = False) -> None:
    from django.db import transaction

    from events import processing

    for day in days:
        with transaction.atomic():
            processing.store_programme(day, at=at, fresh=FRESH, doubted=day if doubted else None)


def _upsert(days: Sequence[Programme], at: dt.datetime) -> None:
    """What storing can't do without: the rows, their foreign keys known, in as few statements."""
    from django.db import connection, transaction

    from events.local_time import localise
    from events.models import Cinema, ListedFilm

    films = dict(ListedFilm.objects.values_list("slug", "pk"))
    cinemas = dict(Cinema.objects.values_list("slug", "pk"))
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in COLUMNS if name not in ("external_id", "first_seen_at"))
    row = f"({', '.join(['%s'] * len(COLUMNS))})"
    for day in days:
        rows = [
            (
                s.external_id, films[s.film_slug], cinemas[s.cinema_slug], s.day,
                connection.ops.adapt_datetimefield_value(localise(s.starts_at)), s.ticket_url, s.version, None,
                connection.ops.adapt_datetimefield_value(at), connection.ops.adapt_datetimefield_value(at),
            )
            for s in day.showtimes
        ]  # fmt: skip
        with transaction.atomic(), connection.cursor() as cursor:
            for start in range(0, len(rows), BATCH):
                batch = rows[start : start + BATCH]
                cursor.execute(
                    f"INSERT INTO events_showtime ({', '.join(COLUMNS)}) VALUES {', '.join([row] * len(batch))} "
                    f"ON CONFLICT (external_id) DO UPDATE SET {changes}",
                    list(itertools.chain.from_iterable(batch)),
                )


def _row_by_row(days: Sequence[Programme], at: dt.datetime) -> None:
    """As most programs store: each row looked for, then made or saved."""
    from django.db import transaction

    from events.local_time import localise
    from events.models import Cinema, ListedFilm, Showtime

    for day in days:
        with transaction.atomic():
            for s in day.showtimes:
                seen = {"first_seen_at": at, "last_seen_at": at}
                film, _ = ListedFilm.objects.get_or_create(slug=s.film_slug, defaults={"title": s.film_title, **seen})
                cinema, _ = Cinema.objects.get_or_create(slug=s.cinema_slug, defaults={"name": s.cinema_name})
                claimed = {"film": film, "cinema": cinema, "day": s.day, "starts_at": localise(s.starts_at),
                           "ticket_url": s.ticket_url, "version": s.version, **seen}  # fmt: skip
                Showtime.objects.update_or_create(external_id=s.external_id, defaults=claimed)


def _match() -> None:
    """Every film has a movie and every movie its events, as from the second day on."""
    from events.models import ListedFilm, Movie

    for film in ListedFilm.objects.filter(movie=None):
        film.movie, film.match_status = Movie.objects.create(tmdb_id=film.pk, title=film.title), "matched"
        film.save()


def _empty() -> None:
    """No showtimes: the films, cinemas and events stay."""
    from events.models import Showtime

    Showtime.objects.all().delete()


def _forget() -> None:
    from events.models import Cinema, Event, ListedFilm, Movie

    _empty()
    for model in (Event, ListedFilm, Movie, Cinema):
        model.objects.all().delete()


if __name__ == "__main__":
    main()
