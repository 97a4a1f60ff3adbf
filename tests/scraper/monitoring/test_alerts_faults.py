"""Whatever goes wrong at the site, at TMDB or with us is an alert after the very next look; mended, it is none."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from events import publishing
from events.models import Cinema, ListedFilm, Showtime
from kinokrakow import jobs
from kinokrakow.models import Job
from scraper.coverage import readings
from scraper.demo.site import DemoSite
from scraper.demo.site_faults import Fault, renamed_table
from scraper.demo.world import Showtime as Screening
from scraper.demo.world import World
from scraper.models import Alert, DayScrape, Delivery, SyncRun
from scraper.monitoring import monitors, watch
from scraper.monitoring.messages import sentence
from scraper.monitoring.monitors import programme
from scraper.sync.days import read_again
from tests.scraper.inline import FEW, first_sync, serving, sync
from tests.scraper.past import remember

pytestmark = pytest.mark.django_db(transaction=True)

CINEMAS = ("multikino", "cinema-city/bonarka", "kijow", "mikro", "sfinks")
FILMS = 9
WEEKS = 4


def few_films(world: World) -> World:
    """The same showtimes of five cinemas, of a handful of films: as many to count, and few pages to read."""
    films = sorted(slug for slug, film in world.films.items() if film.page and len(film.tmdb_ids) == 1)[:FILMS]
    there = [showtime for showtime in sorted(world.showtimes) if showtime.cinema_slug in CINEMAS]
    unique = {
        (s.starts_at, s.cinema_slug, film): replace(s, film_slug=film)
        for number, s in enumerate(there)
        for film in [films[number % len(films)]]
    }
    world.showtimes = list(unique.values())
    return world


@cache
def past(date: dt.date) -> tuple[Screening, ...]:
    return few_films(World(date, 1)).on(date)


@pytest.fixture
def site(request: pytest.FixtureRequest, settings: Settings) -> Iterator[DemoSite]:
    """A site with past weeks behind it, nobody to be told but one address, and no TMDB. It shows a few days, or seven
    where a test asks for them."""
    today = timezone.localdate()
    with serving(settings, few_films(World(today, getattr(request, "param", FEW)))) as demo:
        settings.ALERT_EMAILS = ["staff@example.org"]
        remember(today, past, weeks=WEEKS)
        yield demo


SEVEN_DAYS = pytest.mark.parametrize("site", [7], indirect=True, ids=["seven days"])


def found() -> dict[str, str]:
    """Kind and subject of the open alerts, and what they say."""
    return {f"{alert.kind} {alert.subject}".rstrip(): sentence(alert) for alert in Alert.objects.open()}


def days(site: DemoSite) -> tuple[dt.date, ...]:
    return site.world.days


# --- the seven faults ---------------------------------------------------------------------------------


@pytest.mark.once
@SEVEN_DAYS
def test_an_ordinary_week_is_quiet_with_or_without_history(site: DemoSite) -> None:
    first_sync(site)
    assert found() == {}
    assert Delivery.objects.count() == 0
    (day,) = readings.days([days(site)[3]])
    assert day.expected is not None
    assert day.read is not None
    assert abs(day.expected.usual - day.read.counted) < 0.15 * day.read.counted
    DayScrape.objects.filter(run__status="complete", page=None).delete()
    sync()
    assert found() == {}


@pytest.mark.once
def test_a_lost_day(site: DemoSite) -> None:
    lost = days(site)[2]

    def fault(_method: str, path: str, count: int) -> Fault | None:
        asked = f"day={lost:%m-%d}" in path
        return Fault(other_day=1) if asked or (path == "/cinema_program/by_movie" and count > 1) else None

    site.fault = fault
    sync()
    assert list(found()) == [f"day_failed {lost}"]
    said = found()[f"day_failed {lost}"]
    assert re.search(r"could not be read in 4 attempts: .*\d+ showtimes were expected\.$", said)
    site.fault = None
    sync()
    assert found() == {}


@pytest.mark.once
@pytest.mark.parametrize("history", [True, False])
def test_a_cinema_that_vanished(site: DemoSite, history: bool) -> None:
    if not history:
        DayScrape.objects.all().delete()
    sync()
    gone = site.world.remove(cinema_slug="multikino")
    sync()
    assert list(found()) == ["cinema_gone multikino"]
    facts = Alert.objects.get().facts
    first = timezone.make_aware(min(screening.starts_at for screening in gone))
    begun = first <= timezone.now()  # what has begun today is over, not gone
    assert facts["dates"] == [str(day) for day in days(site)[1 if begun else 0 :]]
    assert facts["week"] is not begun
    lost = [screening for screening in gone if str(screening.day) in facts["dates"]]
    assert abs(facts["missing"] - len(lost)) < 0.1 * len(lost)
    site.world.showtimes += gone
    sync()
    assert found() == {}


@pytest.mark.once
def test_a_cinema_that_the_site_gives_another_slug_is_gone_until_somebody_says_that_it_is_one(site: DemoSite) -> None:
    """Its history then counts for the new slug: nothing is missing, neither now nor at the next syncs."""
    first_sync(site)
    world = site.world
    world.cinemas["multikino-krakow"] = replace(world.cinemas["multikino"], slug="multikino-krakow")
    world.showtimes = [
        replace(s, cinema_slug="multikino-krakow") if s.cinema_slug == "multikino" else s for s in world.showtimes
    ]
    sync()
    assert "cinema_gone multikino" in found()
    old, new = Cinema.objects.get(slug="multikino"), Cinema.objects.get(slug="multikino-krakow")
    with transaction.atomic():
        publishing.unite(old, new, at=timezone.now())
    watch.look()
    assert found() == {}
    (day,) = readings.days([days(site)[2]])
    assert "multikino" not in day.slugs
    assert day.cinemas_expected["multikino-krakow"].usual > 0
    sync()
    assert found() == {}


@pytest.mark.once
def test_a_changed_layout(site: DemoSite) -> None:
    site.fault = lambda _method, path, _count: Fault(rewrite=renamed_table) if "/cinema_program/" in path else None
    sync()
    assert list(found()) == ["week_failed"]


@pytest.mark.once
def test_film_pages_that_no_longer_say_what_they_said(site: DemoSite) -> None:
    first_sync(site)
    long_ago = timezone.now() - dt.timedelta(days=9)
    ListedFilm.objects.update(facts_at=long_ago, facts_due_at=long_ago, original_title="Original")
    for copy in range(9):
        ListedFilm.objects.create(
            slug=f"old-{copy}", title="Old", facts_given=["original_title"], has_page=True, facts_at=long_ago,
            first_seen_at=long_ago, last_seen_at=long_ago,
        )  # fmt: skip
    site.fault = lambda _method, path, _count: (
        Fault(rewrite=lambda html: html.replace("Tytuł oryginalny:", "Oryginał:")) if "/film/" in path else None
    )
    sync()
    assert list(found()) == ["field_gone original_title"]
    assert "Far fewer original titles are left: 0 of 9" in found()["field_gone original_title"]


@pytest.mark.once
def test_film_pages_that_cannot_be_read(site: DemoSite) -> None:
    site.fault = lambda _method, path, _count: (
        Fault(rewrite=lambda _html: "<html><body></body></html>") if "/film/" in path else None
    )
    sync()
    assert list(found()) == ["films_unread"]
    said = found()["films_unread"]
    assert said.startswith(f"{FILMS} film pages could not be read, the last: title: expected one h1")
    assert re.search(r"\d{2,} showtimes are held\.$", said)
    site.fault = None
    ListedFilm.objects.update(facts_due_at=None)
    sync()
    assert found() == {}


@pytest.mark.once
def test_tmdb_that_does_not_answer(site: DemoSite, settings: Settings) -> None:
    settings.TMDB_TOKEN, settings.TMDB_BASE_URL = "token", "http://127.0.0.1:9"
    sync()
    assert "TMDB could not be asked" in found()["tmdb_silent"]


@pytest.mark.once
def test_a_dead_worker(site: DemoSite) -> None:
    first_sync(site)
    job, _ = jobs.enqueue("calendar", "calendar")
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - dt.timedelta(minutes=10))
    Job.objects.exclude(pk=job.pk).delete()
    watch.look()
    assert list(found()) == ["jobs_stuck"]
    assert jobs.cancel(job.pk)
    watch.look()
    assert found() == {}


@pytest.mark.once
@SEVEN_DAYS
def test_a_third_of_the_showtimes_gone(site: DemoSite) -> None:
    site.world.showtimes = [s for number, s in enumerate(sorted(site.world.showtimes)) if number % 3]
    sync()
    assert found().keys() == {"week_short"}
    assert re.search(r"\d\d\d showtimes are missing", found()["week_short"])


@pytest.mark.once
def test_a_third_gone_from_one_day_that_was_known_before(site: DemoSite) -> None:
    DayScrape.objects.all().delete()
    sync()
    short = days(site)[2]
    of_day = [s for s in sorted(site.world.showtimes) if s.day == short]
    for showtime in of_day[::5] + of_day[1::5]:
        site.world.showtimes.remove(showtime)
    sync()
    assert list(found()) == [f"day_short {short}"]


@pytest.mark.once
def test_ticket_links_gone(site: DemoSite) -> None:
    site.world.showtimes = [replace(showtime, ticket=None) for showtime in site.world.showtimes]
    sync()
    assert list(found()) == ["field_gone ticket_url"]


# --- and the others -----------------------------------------------------------------------------------


@pytest.mark.once
def test_a_page_with_less_than_half_is_suspicious(site: DemoSite) -> None:
    first_sync(site)
    day = days(site)[2]
    for number, showtime in enumerate(sorted(s for s in site.world.showtimes if s.day == day)):
        if number % 3:
            site.world.showtimes.remove(showtime)
    sync()
    assert list(found()) == [f"day_suspicious {day}"]


@pytest.mark.once
def test_of_few_days_that_were_read_none_is_said_to_be_believed_next() -> None:
    """Two odd days of four, for three failed: `scraper.sync.second_reading` asks the same."""
    read, failed = DayScrape.Status.VERIFIED, DayScrape.Status.FAILED
    rows = [DayScrape(status=read, suspicious=n < 2) for n in range(4)] + [DayScrape(status=failed)] * 3
    week = tuple(
        readings.Day(dt.date(2026, 11, 24 + n), tried=row, read=row if row.status == read else None)
        for n, row in enumerate(rows)
    )
    now = monitors.Situation(timezone.now())
    now.__dict__ |= {"run": None, "days": week, "half_read": False}
    odd = programme.suspicious_days.find(now)
    assert [finding.facts["believed_next"] for finding in odd] == [False, False]


@pytest.mark.once
@pytest.mark.parametrize(
    ("odd", "of", "told"),
    [(3, 3, "day_suspicious"), (4, 4, "week_suspicious"), (4, 5, "day_suspicious"), (7, 7, "week_suspicious")],
)
def test_a_week_is_suspicious_when_all_its_days_are_and_they_are_more_than_three(odd: int, of: int, told: str) -> None:
    week = tuple(
        readings.Day(dt.date(2026, 11, 24 + n), tried=row, read=row)
        for n in range(of)
        for row in [DayScrape(status=DayScrape.Status.VERIFIED, suspicious=n < odd)]
    )
    now = monitors.Situation(timezone.now())
    now.__dict__ |= {"run": None, "days": week, "half_read": False}
    found = [finding.kind for finding in programme.suspicious_days.find(now)]
    assert found == ([told] if told == "week_suspicious" else [told] * odd)


@pytest.mark.once
def test_a_site_that_refuses_us(site: DemoSite) -> None:
    site.fault = lambda _method, path, count: Fault(status=429) if "/film/" in path and count == 1 else None
    sync()
    assert "refused" in found()
    assert "HTTP 429" in found()["refused"]


@pytest.mark.once
def test_no_run_for_more_than_a_day(site: DemoSite) -> None:
    first_sync(site)
    SyncRun.objects.update(finished_at=timezone.now() - dt.timedelta(hours=27))
    watch.look()
    assert list(found()) == ["no_run"]
    sync()
    assert found() == {}


@pytest.mark.once
def test_a_day_read_again_resolves_its_alert(site: DemoSite) -> None:
    lost = days(site)[2]
    site.fault = lambda _method, path, count: (
        Fault(status=500) if f"{lost:%m-%d}" in path or (path == "/cinema_program/by_movie" and count > 1) else None
    )
    result: dict[str, Any] = sync()[1]
    assert result["status"] == "incomplete"
    assert list(found()) == [f"day_failed {lost}"]
    site.fault = None
    asked = read_again(lost)
    assert asked is not None
    assert asked[1]
    assert read_again(lost) == (asked[0], False)
    assert jobs.perform(asked[0].pk) == "done"
    assert SyncRun.objects.order_by("-pk")[0].status == SyncRun.Status.COMPLETE
    assert watch.look()
    assert found() == {}


def test_too_few_films_on_tmdb_once_they_were_asked_about(site: DemoSite, settings: Settings) -> None:
    settings.TMDB_TOKEN = "configured after the sync, so that nobody asks"
    sync_without_tmdb(settings)
    ListedFilm.objects.bulk_create(
        ListedFilm(slug=f"more-{n}", title="More", first_seen_at=timezone.now(), last_seen_at=timezone.now())
        for n in range(12)
    )
    for showtime, film in zip(Showtime.objects.all()[:12], ListedFilm.objects.filter(title="More"), strict=True):
        Showtime.objects.filter(pk=showtime.pk).update(film=film)
    watch.look()
    assert found() == {}
    ListedFilm.objects.update(match_status=ListedFilm.Match.UNMATCHED)
    watch.look()
    assert list(found()) == ["tmdb_rate"]
    assert "only 0.0 % are matched" in found()["tmdb_rate"]


def sync_without_tmdb(settings: Settings) -> None:
    token, settings.TMDB_TOKEN = settings.TMDB_TOKEN, ""
    sync()
    settings.TMDB_TOKEN = token


def test_a_film_that_waits_for_a_decision_and_plays_today(site: DemoSite) -> None:
    first_sync(site)
    film = ListedFilm.objects.order_by("pk")[0]
    soon = timezone.now() + dt.timedelta(hours=3)
    showtime = Showtime.objects.filter(film=film)[0]
    Showtime.objects.filter(film=film).exclude(pk=showtime.pk).delete()
    Showtime.objects.filter(pk=showtime.pk).update(starts_at=soon)
    watch.look()
    assert "review_soon" not in found()
    ListedFilm.objects.filter(pk=film.pk).update(match_status=ListedFilm.Match.REVIEW)
    watch.look()
    assert film.title in found()["review_soon"]


@SEVEN_DAYS
@pytest.mark.once
def test_fewer_dates_on_offer_than_a_week_has(site: DemoSite) -> None:
    last = days(site)[6]

    def six(html: str) -> str:
        return re.sub(r'<td[^>]*><a data-method="post" href="/settings/set_day/6">.*?</td>', "", html, flags=re.S)

    site.fault = lambda _method, path, _count: Fault(rewrite=six) if "/cinema_program/" in path else None
    sync()
    assert "dates_missing" in found()
    assert not DayScrape.objects.filter(date=last, run=SyncRun.objects.latest("pk")).exists()
