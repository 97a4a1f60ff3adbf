"""Ordinary history, generated: what runs of past weeks would have left behind, with all that is ordinary about it.

Weekends are full and Mondays sparse, premieres fill the multiplexes for a fortnight, holidays empty most
cinemas, small ones scatter from week to week, and the programme of a Friday-to-Thursday week comes out on the Tuesday
before it, some weeks a day late: until then a day lists little. It depends on nothing but its dates.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction

from events import processing
from events.local_time import ZONE
from events.models import Cinema, Event, ListedFilm, Movie, Showtime
from scraper.coverage.holidays import easter
from scraper.models import DayScrape, SyncRun

BY_WEEKDAY = (0.8, 0.9, 0.95, 0.95, 1.15, 1.25, 1.2)
ONCE_PUBLISHED_ON = 3  # days before a programme week's Friday
PRESALE = 0.25  # of a day's programme that is listed before
BATCH = 2000


@dataclass(frozen=True, slots=True)
class House:
    """A cinema: how many showtimes an ordinary day has, and whether it is closed on Mondays."""

    slug: str
    daily: int
    rests: bool


def houses(multiplexes: int = 5, studios: int = 10, screens: int = 40) -> list[House]:
    dice = random.Random("houses")
    big = [House(f"multiplex-{n:02}", screens + dice.randrange(-8, 9), False) for n in range(multiplexes)]
    return big + [House(f"studio-{n:02}", dice.randrange(3, 13), n % 5 == 0) for n in range(studios)]


@lru_cache(maxsize=2_000)  # of a day, whatever the hour of its syncs
def listed(house: House, date: dt.date, ahead: int) -> int:
    """Showtimes of a cinema on a date, as its page lists them so many days before."""
    dice = random.Random(f"{house.slug} {date}")
    mean = house.daily * BY_WEEKDAY[date.weekday()] * _premieres(house, date) * _holiday(house, date)
    if house.daily < 20:  # a small programme is made by hand, and scatters
        mean *= 0.6 if date.weekday() == 0 else 1
        whole = 0 if house.rests and date.weekday() == 0 else max(0, round(dice.gauss(mean, 0.7 * mean**0.5)))
    else:
        whole = round(mean * dice.uniform(0.93, 1.07))
    if _published(date) > date - dt.timedelta(days=ahead):
        return round(whole * PRESALE)
    return whole


def _published(date: dt.date) -> dt.date:
    """The day on which the programme of `date` comes out."""
    friday = date - dt.timedelta(days=(date.weekday() - 4) % 7)
    late = random.Random(f"published {friday}").random() < 0.12
    return friday - dt.timedelta(days=ONCE_PUBLISHED_ON - late)


def _premieres(house: House, date: dt.date) -> float:
    if house.daily < 20:
        return 1.0
    year, week, _ = (date - dt.timedelta(days=4)).isocalendar()
    return 1.0 + 0.25 * max(random.Random(f"premiere {year} {n}").random() < 0.2 for n in (week, week - 1))


def _holiday(house: House, date: dt.date) -> float:
    from_easter = (date - easter(date.year)).days
    if (date.month, date.day) in {(12, 24), (12, 25)} or from_easter == 0:
        return 0.25 if house.daily >= 20 else 0.0
    if (date.month, date.day) in {(11, 1), (12, 31), (1, 1)} or from_easter in (-2, -1):
        return 0.6
    return 1.15 if (date.month, date.day) in {(11, 11), (1, 6), (5, 1), (5, 3)} or from_easter in (1, 60) else 1.0


def cinemas(houses: Iterable[House]) -> None:
    Cinema.objects.bulk_create(Cinema(slug=house.slug, name=house.slug.replace("-", " ").title()) for house in houses)


def run(houses: Sequence[House], today: dt.date, hour: int = 14) -> tuple[SyncRun, list[DayScrape]]:
    """A complete run of `today` and its seven days, not yet saved (but the run)."""
    at = dt.datetime.combine(today, dt.time(hour), ZONE)
    made = SyncRun.objects.create(
        status=SyncRun.Status.COMPLETE, started_at=at, finished_at=at + dt.timedelta(minutes=3), site_today=today,
        requests=70, films=60, films_matched=57, showtimes=1700, showtimes_published=1650,
    )  # fmt: skip
    return made, [_scrape(made, houses, today, ahead, at) for ahead in range(7)]


def _scrape(run: SyncRun, houses: Sequence[House], today: dt.date, ahead: int, at: dt.datetime) -> DayScrape:
    date = today + dt.timedelta(days=ahead)
    counts = {house.slug: listed(house, date, ahead) for house in houses}
    total = sum(counts.values())
    return DayScrape(
        run=run, date=date, ahead=ahead, date_said=date, way="url", attempts=1, finished_at=at,
        status=DayScrape.Status.VERIFIED if total else DayScrape.Status.EMPTY, showtimes=total, films=min(total, 60),
        cinemas=sum(1 for count in counts.values() if count),
        by_cinema={slug: (count, round(0.75 * count)) for slug, count in counts.items() if count},
    )  # fmt: skip


@transaction.atomic
def history(houses: Sequence[House], first: dt.date, days: int, hours: Sequence[int] = (14,)) -> None:
    """The runs of so many days from `first` on, at each of `hours`."""
    scrapes = [
        scrape
        for number in range(days)
        for hour in hours
        for scrape in run(houses, first + dt.timedelta(days=number), hour)[1]
    ]
    DayScrape.objects.bulk_create(scrapes, batch_size=BATCH)


def film_pages(today: dt.date, count: int) -> list[ListedFilm]:
    """Films whose pages a run of `today` read: most of their fields are filled, and nearly all are on TMDB."""
    dice = random.Random(f"films {today}")
    at = dt.datetime.combine(today, dt.time(14, 1), ZONE)

    def maybe(value: str, share: float) -> str:
        return value if dice.random() < share else ""

    films = [
        ListedFilm(
            slug=f"film-{today}-{n}", title=f"Film {today} {n}", first_seen_at=at, last_seen_at=at, facts_at=at,
            has_page=True, original_title=maybe("Original", 0.8), directors=[d for d in [maybe("Somebody", 0.95)] if d],
            year=2025 if dice.random() < 0.9 else None, countries=[c for c in [maybe("Polska", 0.92)] if c],
            runtime=100 if dice.random() < 0.85 else None, genres=["dramat"],
            cast=[c for c in [maybe("Ktoś", 0.9)] if c], distributor=maybe("Gutek Film", 0.75),
            premiere=today if dice.random() < 0.8 else None, poster_url=maybe("https://example.com/1.jpg", 0.85),
            match_status="matched" if dice.random() < 0.93 else "unmatched",
        )
        for n in range(count)
    ]  # fmt: skip
    for film in films:
        film.facts_given = [name for name in processing.FACTS if getattr(film, name)]
    return films


def showtimes(houses: Sequence[House], dates: Iterable[dt.date], films: Sequence[ListedFilm]) -> Iterator[Showtime]:
    """What is stored of these dates, as their pages listed it on the day itself; matched films' are published."""
    rows = {cinema.slug: cinema for cinema in Cinema.objects.all()}
    events = {(event.movie_id, event.cinema_id): event.pk for event in Event.objects.all()}
    for date in dates:
        morning = dt.datetime.combine(date, dt.time(10), ZONE)
        seen = morning - dt.timedelta(days=7)
        for house in houses:
            cinema = rows[house.slug]
            for n in range(listed(house, date, 0)):
                film = films[(n * 7 + date.toordinal()) % len(films)]
                starts_at = morning + dt.timedelta(minutes=5 * (n % 150))
                yield Showtime(
                    external_id=f"{film.slug}|{house.slug}|{date}|{n}", film=film, cinema=cinema, day=date,
                    starts_at=starts_at, event_id=events.get((film.movie_id or 0, cinema.pk)), first_seen_at=seen,
                    last_seen_at=seen, ticket_url="https://bilety.example/1" if n % 4 else None,
                )  # fmt: skip


def publish(films: Sequence[ListedFilm]) -> None:
    """A movie and an event at every cinema for each matched film."""
    at = films[0].first_seen_at
    for number, film in enumerate(films):
        if film.match_status == "matched":
            film.movie = Movie.objects.create(tmdb_id=number + 1, title=film.title)
            film.save(update_fields=["movie"])
    Event.objects.bulk_create(
        (
            Event(title=film.title, movie=film.movie, cinema=cinema, published_at=at, updated_at=at)
            for film in films
            if film.movie
            for cinema in Cinema.objects.all()
        ),
        batch_size=BATCH,
    )
