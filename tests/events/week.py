"""A published week of any size, stored as a sync stores it: for what must not grow with it, and for the bench."""

from __future__ import annotations

import datetime as dt
import itertools

from django.db import transaction

from events import processing, publishing
from events.models import Cinema, ListedFilm, Movie
from events.records import ListedShowtime, Programme

DAYS = 7
NOISE = ("", "", "", " 2D dubbing", " - napisy", " IMAX")  # two of these listings are of one film


@transaction.atomic
def publish(first: dt.date, showtimes: int, *, at: dt.datetime, cinemas: int = 15, films: int = 60) -> None:
    """About `showtimes` from 10:00 to 23:50 on seven days from `first`, seen `at`; each tenth film is not on TMDB."""
    on_a_day = -(-showtimes // DAYS)
    for day in (first + dt.timedelta(days=n) for n in range(DAYS)):
        rows = tuple(itertools.islice(_listed(day, cinemas, films), on_a_day))
        processing.store_programme(Programme(day, False, rows), at=at, fresh=dt.timedelta(hours=24))
    Cinema.objects.update(latitude=50.06, longitude=19.94, located_by=Cinema.Located.HAND)
    for number, film in enumerate(ListedFilm.objects.order_by("slug")):
        if number % 10:
            movie, _ = Movie.objects.get_or_create(
                tmdb_id=1 + number // 2,
                defaults={"title": f"Film {number}", "year": 2026, "runtime": 110, "poster_path": f"/p{number}.jpg"},
            )
            ListedFilm.objects.filter(pk=film.pk).update(movie=movie, match_status=ListedFilm.Match.MATCHED)
        else:
            ListedFilm.objects.filter(pk=film.pk).update(match_status=ListedFilm.Match.NOT_ON_TMDB)
    publishing.publish(list(ListedFilm.objects.values_list("pk", flat=True)), at)


def _listed(day: dt.date, cinemas: int, films: int) -> itertools.chain[ListedShowtime]:
    """Every five minutes somewhere, as many a cinema and film as are asked for."""
    starts = [dt.datetime.combine(day, dt.time(hour, minute)) for hour in range(10, 24) for minute in range(0, 60, 10)]
    return itertools.chain.from_iterable(
        (
            _showtime(day, start, cinema, (cinema + 7 * number + 3 * screen) % films)
            for number, start in enumerate(starts)
            for cinema in range(cinemas)
        )
        for screen in range(films)
    )


def _showtime(day: dt.date, start: dt.datetime, cinema: int, film: int) -> ListedShowtime:
    slug, house = f"film-{film:03}", f"house/{cinema}"
    return ListedShowtime(
        external_id=f"{slug}|{house}|{start:%Y-%m-%dT%H:%M}",
        film_slug=slug,
        film_title=f"Tytuł filmu {film}{NOISE[film % len(NOISE)]}",
        cinema_slug=house,
        cinema_name=f"Kino numer {cinema}",
        day=day,
        starts_at=start,
        ticket_url=f"https://bilety.example/{slug}/{start:%H%M}",
    )
