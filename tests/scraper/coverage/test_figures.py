"""The figures of the coverage: which rows they count, and which reading of a day they come from."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from events.local_time import ZONE
from events.models import Cinema, ListedFilm, Showtime
from review.queue import order
from scraper.coverage import readings, week
from scraper.coverage.week import Funnel, Step
from scraper.dashboard import overview
from scraper.models import DayScrape, SyncRun

DAY = dt.date(2026, 11, 24)
READ_AT = dt.datetime(2026, 11, 24, 14, tzinfo=ZONE)
Match, Status = ListedFilm.Match, DayScrape.Status


def showtime(day: dt.date, hour: int, *, seen: dt.datetime = READ_AT) -> None:
    film, _ = ListedFilm.objects.get_or_create(
        slug="ida", defaults={"title": "Ida", "first_seen_at": READ_AT, "last_seen_at": READ_AT}
    )
    cinema, _ = Cinema.objects.get_or_create(slug="kijow", defaults={"name": "Kijów"})
    starts_at = dt.datetime.combine(day, dt.time(hour), ZONE)
    Showtime.objects.create(
        external_id=str(starts_at), film=film, cinema=cinema, day=day, starts_at=starts_at,
        first_seen_at=seen, last_seen_at=seen, ticket_url="https://tickets.example/" if hour > 18 else None,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_day_s_counts_are_of_its_own_showtimes() -> None:
    """What began before the reading counts although the page no longer lists it; other days' never do."""
    earlier = READ_AT - dt.timedelta(hours=5)
    for day, hour, seen in (
        (DAY, 10, earlier), (DAY, 18, READ_AT), (DAY, 20, READ_AT), (DAY, 22, earlier),
        (DAY - dt.timedelta(days=1), 20, earlier), (DAY + dt.timedelta(days=1), 20, READ_AT),
    ):  # fmt: skip
        showtime(day, hour, seen=seen)
    assert readings.counts(DAY, READ_AT) == {"kijow": (3, 1, 0)}


@pytest.mark.django_db
@pytest.mark.parametrize("later", [Status.FAILED, Status.WAITING])
def test_only_a_reading_says_what_a_day_lists(later: str) -> None:
    run = SyncRun.objects.create(status=SyncRun.Status.COMPLETE, started_at=READ_AT)
    made = {"run": run, "date": DAY, "ahead": 0, "finished_at": READ_AT}
    read = DayScrape.objects.create(status=Status.VERIFIED, showtimes=3, by_cinema={"kijow": (3, 1)}, **made)
    run = SyncRun.objects.create(started_at=READ_AT)
    DayScrape.objects.create(status=later, **(made | {"run": run}))
    assert readings.last_read([DAY]) == {DAY: read}
    (day,) = readings.days([DAY])
    assert (day.read, day.failed, day.earlier) == (read, later == Status.FAILED, ())
    assert readings.counts(DAY, READ_AT) == {}


@pytest.mark.django_db
def test_a_past_week_s_failed_attempt_is_no_count_to_expect() -> None:
    for week_, status, count in [
        *((n, Status.VERIFIED, 40) for n in range(4, -1, -1)), *((n, Status.FAILED, 0) for n in range(4, -1, -1)),
    ]:  # fmt: skip
        date = DAY - dt.timedelta(weeks=week_)
        at = dt.datetime.combine(date, READ_AT.time(), ZONE)
        run = SyncRun.objects.create(status=SyncRun.Status.COMPLETE, started_at=at)
        DayScrape.objects.create(
            run=run, date=date, ahead=0, status=status, finished_at=at, by_cinema={"kijow": (count, 0)} if count else {}
        )
    (day,) = readings.days([DAY])
    assert [past.counted for past in day.past] == [40] * 4
    assert day.expected is not None
    assert day.expected.usual == 40


@pytest.mark.django_db
def test_the_questions_are_counted_alike_everywhere(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the queue's tab counts, every other place counts."""
    settings.METRICS_TOKEN = "sesame"
    seen = {"first_seen_at": READ_AT, "last_seen_at": READ_AT}
    films: dict[str, dict[str, Any]] = {
        "asked": {"match_status": Match.REVIEW},
        "put-off": {"match_status": Match.REVIEW, "deferred_at": READ_AT},
        "put-off-until-then": {"match_status": Match.REVIEW, "deferred_at": READ_AT, "deferred_until": READ_AT},
        "asked-again": {"match_status": Match.MATCHED, "reopened_at": READ_AT},
        "matched": {"match_status": Match.MATCHED},
    }
    for slug, fields in films.items():
        ListedFilm.objects.create(slug=slug, title=slug, **seen, **fields)
    at = READ_AT + dt.timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: at)
    metrics = client.get("/metrics", headers={"Authorization": "Bearer sesame"}).content.decode()
    assert order.tally(at).open == 3
    assert week.summary(at)["review_open"] == overview.board(at).review_open == 3
    assert "kinokrakow_review_open 3.0" in metrics.splitlines()


def test_rates_leave_out_what_tmdb_can_not_know() -> None:
    flow = Funnel(
        90,
        (
            Step(Match.MATCHED, 50, 50, 3), Step(Match.PROVISIONAL, 10, 10, 1), Step(Match.UNMATCHED, 20, 0, 4),
            Step(Match.NOT_A_FILM, 7, 7, 5), Step(Match.SEVERAL_FILMS, 3, 3, 2),
        ),
    )  # fmt: skip
    assert (flow.stored, flow.published) == (90, 70)
    assert (flow.films, flow.films_matched, flow.film_rate) == (8, 4, 50.0)
    assert flow.showtime_rate == 75.0


def test_a_week_without_films_has_no_rate() -> None:
    assert Funnel(0, ()).film_rate is Funnel(0, (Step(Match.NOT_A_FILM, 2, 2, 1),)).showtime_rate is None
