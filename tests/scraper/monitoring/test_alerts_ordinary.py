"""Thirty ordinary weeks, from autumn past Christmas to Easter, looked at every day: not one alert."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.db import connection
from pytest_django import Settings

from events.models import Cinema, ListedFilm, Showtime
from scraper.models import DayScrape
from scraper.monitoring import monitors
from tests.scraper import year

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor == "postgresql",
        reason="210 days of the same arithmetic; test_alerts_faults asks both databases",
    ),
]

WEEKS_BEFORE, WEEKS = 8, 30
FIRST = dt.date(2025, 9, 22)  # All Saints', Independence Day, Christmas, Epiphany and Easter 2026 lie behind it
FILMS = 12  # pages read a day


def test_thirty_ordinary_weeks_raise_no_alert(settings: Settings) -> None:
    settings.TMDB_TOKEN = "configured"
    houses = year.houses()
    year.cinemas(houses)
    year.history(houses, FIRST - dt.timedelta(weeks=WEEKS_BEFORE), 7 * WEEKS_BEFORE)
    for back in range(7, 0, -1):
        _play(ListedFilm.objects.bulk_create(year.film_pages(FIRST - dt.timedelta(days=back), FILMS)), FIRST)
    false = []
    for number in range(7 * WEEKS):
        today = FIRST + dt.timedelta(days=number)
        run, days = year.run(houses, today)
        DayScrape.objects.bulk_create(days)
        films = ListedFilm.objects.bulk_create(year.film_pages(today, FILMS))
        _play(films, today)
        assert run.finished_at is not None
        false += [(today, finding) for finding in monitors.look(run.finished_at + dt.timedelta(minutes=5)).findings]
    assert false == [], "\n".join(map(str, false))


def _play(films: list[ListedFilm], today: dt.date) -> None:
    """One showtime a film within the week, so that there is something to be matched."""
    dice, cinema = random.Random(f"play {today}"), Cinema.objects.get(slug="studio-01")
    noon = dt.datetime.combine(today, dt.time(18), dt.UTC)
    days = [dt.timedelta(days=dice.randrange(7)) for _ in films]
    Showtime.objects.bulk_create(
        Showtime(
            external_id=film.slug, film=film, cinema=cinema, day=today + ahead, starts_at=noon + ahead,
            first_seen_at=film.first_seen_at, last_seen_at=film.first_seen_at,
        )
        for film, ahead in zip(films, days, strict=True)
    )  # fmt: skip
