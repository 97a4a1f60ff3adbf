"""A published week of any size, stored as a sync stores it: for what must not grow with it, and for the bench."""

from __future__ import annotations

import datetime as dt
import itertools

from django.db import connection, transaction

from events import processing, publishing
from events.models import Cinema, ListedFilm, Movie
from events.records import ListedShowtime, Programme

DAYS = 7
NOISE = ("", "", "", " 2D dubbing", " - napisy", " IMAX")  # two of these listings are of one film


def programmes(first: dt.date, showtimes: int, *, cinemas: int = 15, films: int = 60) -> list[Programme]:
    """The pages of seven days from `first`, about `showtimes` in all, from 10:00 to 23:50."""
    days = [first + dt.timedelta(days=n) for n in range(DAYS)]
    on_a_day = -(-showtimes // DAYS)
    return [Programme(day, False, tuple(itertools.islice(_listed(day, cinemas, films), on_a_day))) for day in days]


@transaction.atomic
def publish(first: dt.date, showtimes: int, *, at: dt.datetime, cinemas: int = 15, films: int = 60) -> None:
    """About `showtimes` from 10:00 to 23:50 on seven days from `first`, seen `at`; each tenth film is not on TMDB."""
    for programme in programmes(first, showtimes, cinemas=cinemas, films=films):
        processing.store_programme(programme, at=at, fresh=dt.timedelta(hours=24))
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


def add_history(before: dt.date, *, weeks: int, at: dt.datetime, films: int = 20, first: int = 1) -> None:
    """The weeks before a day, from the `first` to the `weeks`-th, each with as many showtimes as the one that is
    published, of films of its own."""
    movies, listed = [], []
    for number, n in itertools.product(range(first, weeks + 1), range(films)):
        title, seen = f"Dawny {number}/{n}", at - dt.timedelta(weeks=number)
        movie = Movie(tmdb_id=10_000_000 + 100 * number + n, title=title)
        film = ListedFilm(slug=f"dawny-{number}-{n}", title=title, movie=movie, match_status="matched",
                          first_seen_at=seen, last_seen_at=seen)  # fmt: skip
        movies.append(movie)
        listed.append(film)
    Movie.objects.bulk_create(movies)
    ListedFilm.objects.bulk_create(listed)
    day, start = _weeks_before("day", "starts_at")
    with connection.cursor() as cursor:  # a million rows and a half: by the database itself
        cursor.execute(
            "INSERT INTO events_event (title, movie_id, cinema_id, status, published_at, updated_at) "
            "SELECT 'Dawny', film.movie_id, cinema.id, 'scheduled', film.first_seen_at, film.first_seen_at "
            "FROM events_listedfilm AS film CROSS JOIN events_cinema AS cinema WHERE film.slug LIKE %s "
            "AND NOT EXISTS (SELECT 1 FROM events_event AS known WHERE known.movie_id = film.movie_id)",
            ["dawny-%"],
        )
        cursor.execute(
            "INSERT INTO events_showtime (external_id, film_id, cinema_id, day, starts_at, event_id, first_seen_at, "
            "last_seen_at, version) "
            "WITH RECURSIVE weeks(number) AS "
            f"(SELECT {first:d} UNION ALL SELECT number + 1 FROM weeks WHERE number < %s), "
            "kept AS (SELECT ROW_NUMBER() OVER (ORDER BY id) AS n, cinema_id, day, starts_at FROM events_showtime "
            "WHERE day >= %s) "
            f"SELECT number || '|' || n, film.id, kept.cinema_id, {day}, {start}, event.id, film.first_seen_at, "
            "film.first_seen_at, '' FROM weeks CROSS JOIN kept "
            "JOIN events_listedfilm AS film ON film.slug = 'dawny-' || number || '-' || (n %% %s) "
            "JOIN events_event AS event ON event.movie_id = film.movie_id AND event.cinema_id = kept.cinema_id",
            [weeks, before, films],
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _weeks_before(day: str, start: str) -> tuple[str, str]:
    """As SQL: a date and a moment that lie `number` weeks before those of these columns."""
    if connection.vendor == "postgresql":
        return f"{day} - 7 * number", f"{start} - number * interval '7 days'"
    away = "'-' || (7 * number) || ' days'"  # || binds first
    return f"date({day}, {away})", f"datetime({start}, {away})"
