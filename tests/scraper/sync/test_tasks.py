"""A sync from its calendar to its verdict, against a local site in all its moods."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.module_loading import import_string
from pytest_django import Settings

from events import conf
from events.models import Cinema, Event, ListedFilm, Showtime
from events.records import plain_slug
from kinokrakow import jobs
from kinokrakow.jobs import transitions
from kinokrakow.models import Job
from scraper.demo.geocoder import DemoGeocoder
from scraper.demo.site import DemoSite
from scraper.demo.site_faults import Fault, renamed_table, truncated
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.tmdb.entries import TMDB_ENTRIES
from scraper.demo.world import World
from scraper.models import Alert, DayScrape, Page, SyncRun
from scraper.monitoring import watch
from scraper.monitoring.messages import sentence
from scraper.site import client
from scraper.sync import days, retention, runs
from scraper.sync.replay import _replay_day, believe, replay
from tests.databases import first_on_both
from tests.scraper.inline import CINEMAS, FEW, first_sync, serving, small, sync, wrong
from tests.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

BY_MOVIE = "/cinema_program/by_movie"
EVENING = dt.time(20)


@pytest.fixture
def site(request: pytest.FixtureRequest, settings: Settings) -> Iterator[DemoSite]:
    """A small week of a few days, or of seven where a test asks for them; the settings point to it."""
    with serving(settings, small(World(timezone.localdate(), getattr(request, "param", FEW)))) as demo:
        yield demo


SEVEN_DAYS = pytest.mark.parametrize("site", [7], indirect=True, ids=["seven days"])


@pytest.fixture
def day(site: DemoSite) -> dt.date:
    """A day that has to be asked for, and has not begun."""
    return site.world.days[2]


def of(day: dt.date, result: dict[str, Any]) -> dict[str, Any]:
    """What a sync's JSON says of the day."""
    return next(entry for entry in result["days"] if entry["date"] == str(day))


def statuses(result: dict[str, Any]) -> list[str]:
    return [entry["status"] for entry in result["days"]]


def asked(site: DemoSite, part: str) -> list[str]:
    return [request.path for request in site.requests if part in request.path]


def by_url(day: dt.date, fault: Fault, *, first: int = 10**6) -> Callable[[str, str, int], Fault | None]:
    """The fault for the day's own address, the first so many times."""
    return lambda _method, path, count: fault if f"by_movie?day={day:%m-%d}" in path and count <= first else None


def by_every_way(day: dt.date, fault: Fault) -> Callable[[str, str, int], Fault | None]:
    """The fault for the day by either address, and by session: as the site honours `?day=`, only that day needs one."""

    def plan(_method: str, path: str, count: int) -> Fault | None:
        return fault if f"day={day:%m-%d}" in path or (path == BY_MOVIE and count > 1) else None

    return plan


# --- the week ---------------------------------------------------------------------------------------


@SEVEN_DAYS
def test_the_whole_week_and_then_hardly_a_request(site: DemoSite) -> None:
    site.world = World(timezone.localdate())
    code, first = sync()
    assert (code, first["status"], statuses(first)) == (0, "complete", ["verified"] * 7)
    assert wrong(site) == []
    assert first["showtimes"] == {"created": len(site.truth()), "updated": 0, "unchanged": 0, "withdrawn": 0}
    assert (
        len(site.requests) == first["requests"]["kino"] <= first["films"]["seen"] + 10
    )  # one film's address redirects
    site.requests.clear()
    code, second = sync()
    assert (code, second["showtimes"]["unchanged"]) == (0, len(site.truth()))
    assert len(site.requests) == second["requests"]["kino"] <= 9
    assert wrong(site) == []


def test_an_identical_second_sync_leaves_every_row_as_it_was(site: DemoSite, settings: Settings) -> None:
    """But for when it was last seen."""

    def rows() -> list[dict[str, Any]]:
        tables: list[Any] = [Event, Showtime, Cinema]
        return [
            {name: value for name, value in row.items() if name != "last_seen_at"}
            for table in tables
            for row in table.objects.order_by("pk").values()
        ]

    with DemoTmdb(TMDB_ENTRIES, token="t") as tmdb:
        settings.TMDB_BASE_URL, settings.TMDB_TOKEN, settings.TMDB_REQUEST_INTERVAL = tmdb.url, "t", 0
        sync()
        before, seen = rows(), Showtime.objects.latest("last_seen_at").last_seen_at
        assert Event.objects.count() > len(CINEMAS)
        sync()
    assert rows() == before
    assert Showtime.objects.filter(last_seen_at__lte=seen).count() == 0


@pytest.mark.parametrize("unknown", [False, True])
def test_a_cinema_s_place_is_asked_for_once(site: DemoSite, monkeypatch: pytest.MonkeyPatch, unknown: bool) -> None:
    if unknown:
        kijow = site.world.cinemas["kijow"]
        site.world.cinemas["kijow"] = replace(kijow, name="Kino Kijów al. Krasińskiego")
    with DemoGeocoder() as geocoder:
        monkeypatch.setattr(conf, "GEOCODER", "nominatim")
        monkeypatch.setattr(conf, "NOMINATIM_BASE_URL", geocoder.url)
        monkeypatch.setattr(conf, "NOMINATIM_REQUEST_INTERVAL", 0)
        for _ in range(2):
            sync()
            assert len(geocoder.requests) == int(unknown)
    by = dict(Cinema.objects.values_list("slug", "located_by"))
    assert by == {"cinema-city/bonarka": "bundled", "kijow": "nominatim" if unknown else "bundled"}


def test_a_day_s_row_says_what_came_of_it(site: DemoSite, day: dt.date) -> None:
    first_sync(site)
    row = DayScrape.objects.get(date=day)
    listed = [entry for entry in site.truth() if entry["day"] == str(day)]
    starts = [dt.datetime.fromisoformat(s["starts_at"]) for s in listed]
    houses = len({s["cinema_slug"] for s in listed})
    assert (row.date_said, row.way, row.attempts, row.error) == (day, "url", 1, "")
    assert row.first_at is not None
    assert row.last_at is not None
    assert timezone.make_naive(row.first_at) == min(starts)
    assert timezone.make_naive(row.last_at) == max(starts)
    assert (row.showtimes, row.created, row.cinemas) == (len(starts), len(starts), houses)
    assert row.page is not None
    assert f"day={day:%m-%d}" in row.page.url


def test_every_page_is_kept_without_its_cookie(site: DemoSite) -> None:
    first_sync(site)
    pages = list(Page.objects.all())
    assert sorted(page.url for page in pages) == sorted(site.url + request.path for request in site.requests)
    assert {page.run_id for page in pages} == {SyncRun.objects.get().pk}
    assert not any(name == "set-cookie" for page in pages for name in page.headers)
    assert all(page.sha256 == hashlib.sha256(page.body).hexdigest() for page in pages)


@pytest.mark.once
def test_a_day_the_site_calls_empty_is_empty(site: DemoSite, day: dt.date) -> None:
    site.world.remove(day=day)
    code, result = sync()
    assert (code, result["status"]) == (0, "complete")
    assert (of(day, result)["status"], of(day, result)["showtimes"], of(day, result)["attempts"]) == ("empty", 0, 1)
    assert wrong(site) == []


def test_showtimes_come_and_go_with_the_site(site: DemoSite, day: dt.date) -> None:
    site.world.add("bugonia", "kijow", day, dt.time(23, 55), "https://bilety.example/1")
    first_sync(site)
    gone = site.world.remove(day=day, film_slug="bugonia", cinema_slug="kijow")
    _, result = sync()
    assert (result["showtimes"]["withdrawn"], of(day, result)["suspicious"]) == (len(gone), False)
    assert wrong(site) == []
    assert Showtime.objects.filter(withdrawn_at__isnull=False).count() == len(gone)
    site.world.showtimes += gone
    _, result = sync()
    assert (result["showtimes"]["created"], result["showtimes"]["updated"]) == (0, len(gone))
    assert wrong(site) == []


# --- a page with less than half of what was known ----------------------------------------------------


def show_only(site: DemoSite, day: dt.date, kept: int, *, skip: int = 0) -> None:
    """Of the day, only so many showtimes, after the first `skip`; and all of them again with `site.world.showtimes`."""
    of_day = site.world.on(day)[skip : skip + kept]
    site.world.remove(day=day)
    site.world.showtimes += of_day


def standing(day: dt.date) -> int:
    return Showtime.objects.listed().filter(day=day).count()


def told() -> list[str]:
    return [f"{alert.kind} {alert.subject}".rstrip() for alert in Alert.objects.open()]


@pytest.mark.parametrize("kept", [0, 3])
def test_less_than_half_is_believed_when_the_next_run_reads_the_same(site: DemoSite, day: dt.date, kept: int) -> None:
    """`kept` 0: the page says that there is no programme."""
    first_sync(site)
    before = standing(day)
    show_only(site, day, kept)
    code, first = sync()
    assert (code, of(day, first)["suspicious"], of(day, first)["showtimes"]) == (0, True, kept)
    assert (standing(day), first["showtimes"]["withdrawn"]) == (before, 0)
    assert told() == [f"day_suspicious {day}"]
    assert f"{kept} listed, {before - kept} known and not listed" in sentence(Alert.objects.get())
    assert "If the next sync reads the same, it is taken for right." in sentence(Alert.objects.get())
    _, second = sync()
    assert (of(day, second)["suspicious"], standing(day)) == (False, kept)
    assert of(day, second)["status"] == ("verified" if kept else "empty")
    assert second["showtimes"]["withdrawn"] == before - kept
    assert wrong(site) == []
    assert told() == [f"day_short {day}"], "what is gone is told as such, for as long as it was known of late"
    assert [f"{alert.kind} {alert.subject}".rstrip() for alert in Alert.objects.exclude(resolved_at=None)] == [
        f"day_suspicious {day}"
    ]


@pytest.mark.parametrize("permitted", [True, False])
def test_who_may_start_a_sync_may_believe_an_odd_page(
    site: DemoSite, day: dt.date, client: Client, permitted: bool
) -> None:
    first_sync(site)
    before = standing(day)
    show_only(site, day, 3)
    sync()
    user = get_user_model().objects.create_user("o", is_staff=True)
    for codename in ("view_syncrun", "start_sync")[: 1 + permitted]:
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    shown = client.get(f"/admin/coverage/day/{day}/").content.decode()
    assert (f"withdraw {before - 3} showtimes" in shown) is permitted
    assert client.post(f"/admin/coverage/day/{day}/believe/").status_code == (302 if permitted else 403)
    watch.look()
    assert standing(day) == (3 if permitted else before)
    assert told() == [f"day_short {day}" if permitted else f"day_suspicious {day}"]
    assert wrong(site) == [] if permitted else wrong(site)
    assert not permitted or not believe(day), "there is nothing left to believe"


@pytest.mark.once
def test_odd_pages_that_differ_or_do_not_follow_one_another_are_not_believed(site: DemoSite, day: dt.date) -> None:
    first_sync(site)
    before, whole = standing(day), list(site.world.showtimes)
    for kept, skip in ((3, 0), (3, 1), (0, 0), (before, 0), (0, 0)):
        site.world.showtimes = list(whole)
        show_only(site, day, kept, skip=skip)
        _, result = sync()
        odd = kept < before
        assert (of(day, result)["suspicious"], result["showtimes"]["withdrawn"], standing(day)) == (odd, 0, before)
        assert told() == [f"day_suspicious {day}"] * odd
    sync()
    assert standing(day) == 0
    site.world.showtimes = whole
    _, result = sync()
    assert (result["showtimes"]["created"], standing(day), wrong(site), told()) == (0, before, [], [])


@pytest.mark.once
def test_an_odd_page_read_twice_by_one_run_is_still_one(site: DemoSite, day: dt.date) -> None:
    first_sync(site)
    before = standing(day)
    show_only(site, day, 3)
    sync()
    again = days.read_again(day)
    assert again is not None
    assert jobs.perform(again[0].pk) == "done"
    for outcome in dict(replay(SyncRun.objects.latest("pk"))).values():
        assert "failed" not in outcome
    assert (DayScrape.objects.filter(date=day).latest("run_id").suspicious, standing(day)) == (True, before)
    Page.objects.all().delete()
    assert of(day, sync()[1])["suspicious"], "nor is one believed that there is nothing left to compare with"


def test_a_day_or_run_that_somebody_else_has_judged_meanwhile_is_left_to_them(
    site: DemoSite, day: dt.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_sync(site)
    run, row = SyncRun.objects.get(), DayScrape.objects.get(date=day)
    assert row.page is not None
    read = client.DayRead(
        client.parse_day(client.fetched_from(row.page), row.way, date=day, today=site.world.today),
        client.Way(row.way),
        row.page.pk,
    )
    before = DayScrape.objects.values().get(pk=row.pk)
    row.status = DayScrape.Status.WAITING  # as it was when they began
    with pytest.raises(jobs.GiveUp, match="no longer waiting"), transaction.atomic():
        days.apply_day(row, read, at=timezone.now(), attempts=9)
    assert DayScrape.objects.values().get(pk=row.pk) == before

    def meanwhile(run: SyncRun) -> str:
        SyncRun.objects.filter(pk=run.pk).update(status=SyncRun.Status.CANCELLED)
        return str(SyncRun.Status.COMPLETE)

    monkeypatch.setattr("scraper.sync.replay.verdict", meanwhile)
    next(replay(run))
    assert SyncRun.objects.get().status == SyncRun.Status.CANCELLED


def test_a_replay_of_a_day_that_a_later_run_stores_meanwhile_changes_nothing(
    site: DemoSite, day: dt.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_sync(site)
    run, row = SyncRun.objects.get(), DayScrape.objects.get(date=day)
    Showtime.objects.filter(day=day).update(withdrawn_at=timezone.now())

    def later(*arguments: Any, **options: Any) -> Any:
        outcome = days.apply_day(*arguments, **options)
        newer = SyncRun.objects.create(started_at=timezone.now(), site_today=run.site_today)
        DayScrape.objects.create(run=newer, date=day, ahead=row.ahead, status=DayScrape.Status.VERIFIED)
        return outcome

    monkeypatch.setattr("scraper.sync.replay.apply_day", later)
    outcome = _replay_day(run, row)
    assert (outcome.startswith("left alone"), standing(day)) == (True, 0)


@pytest.mark.once
@SEVEN_DAYS
def test_a_week_that_is_odd_on_most_days_is_never_believed(site: DemoSite) -> None:
    """A layout that changed shows every run the same. What had begun of today may be all there was: it looks right."""
    first_sync(site)
    before = Showtime.objects.listed().count()
    for day in site.world.days[1:5]:
        show_only(site, day, 3)
    for _ in range(2):
        _, result = sync()
        assert [entry["suspicious"] for entry in result["days"]] == [False, *[True] * 4, False, False]
    assert Showtime.objects.listed().count() == before
    assert not any("believed" in sentence(alert) for alert in Alert.objects.open())


# --- the ways to a day ------------------------------------------------------------------------------


@pytest.mark.once
def test_a_site_that_ignores_the_address_s_day_is_read_by_sessions(site: DemoSite) -> None:
    site.day_parameter = False
    code, first = sync()
    assert (code, {entry["method"] for entry in first["days"]}) == (0, {"session"})
    assert wrong(site) == []
    assert len(asked(site, f"{BY_MOVIE}?day=")) == 1, "tried once, for the first day; the rest of the run remembers"
    site.requests.clear()
    assert sync()[0] == 0
    assert asked(site, "?day=") == [], "the next run remembers too"


@pytest.mark.once
def test_the_hour_programme_is_the_last_way(site: DemoSite) -> None:
    """Its pages have no ticket links, and erase none."""
    first_sync(site)
    tickets = dict(Showtime.objects.values_list("external_id", "ticket_url"))
    site.day_parameter = False
    site.fault = lambda method, *_: Fault(status=500) if method == "POST" else None
    code, result = sync()
    assert (code, {entry["method"] for entry in result["days"][1:]}) == (0, {"hour"})
    assert dict(Showtime.objects.values_list("external_id", "ticket_url")) == tickets
    assert wrong(site) == []


@pytest.mark.once
def test_a_day_later_the_hour_programme_is_left_for_the_better_ways(site: DemoSite) -> None:
    """Or one bad moment at the start would cost every later day its tickets."""
    site.day_parameter = False
    site.fault = lambda method, *_: Fault(status=500) if method == "POST" else None
    sync()
    site.day_parameter, site.fault = True, lambda *_: None
    assert {entry["method"] for entry in sync()[1]["days"][1:]} == {"hour"}
    Page.objects.update(sent_at=timezone.now() - dt.timedelta(days=1, minutes=1))
    assert {entry["method"] for entry in sync()[1]["days"][1:]} == {"url"}
    assert wrong(site) == []


@SEVEN_DAYS
@pytest.mark.once
def test_a_page_of_another_day_sends_to_the_next_way(site: DemoSite, day: dt.date) -> None:
    site.fault = by_url(day, Fault(other_day=1))
    code, result = sync()
    assert (code, of(day, result)["method"], of(day, result)["attempts"]) == (0, "session", 1)
    assert {entry["method"] for entry in result["days"][3:]} == {"url"}, "one lie is no reason to leave the best way"
    assert wrong(site) == []


@pytest.mark.once
@SEVEN_DAYS
def test_a_day_that_every_way_lies_about_is_failed_and_not_stored(site: DemoSite, day: dt.date) -> None:
    first_sync(site)
    before = list(Showtime.objects.filter(day=day).values("external_id", "last_seen_at", "withdrawn_at"))
    site.world.add("bugonia", "kijow", day, dt.time(23, 55))
    for number, showtime in enumerate(site.world.on(site.world.days[3])):
        if number % 3:
            site.world.showtimes.remove(showtime)
    site.fault = by_every_way(day, Fault(other_day=1))
    code, result = sync()
    assert (code, result["status"]) == (1, "incomplete")
    failed = of(day, result)
    assert (failed["status"], failed["attempts"], failed["showtimes"], failed["method"]) == ("failed", 4, 0, None)
    assert statuses(result).count("verified") == 6
    assert list(Showtime.objects.filter(day=day).values("external_id", "last_seen_at", "withdrawn_at")) == before
    for way in ("by URL", "by session", "by the hour programme"):
        assert way in failed["error"]
    assert f"expected {day}, found {day + dt.timedelta(days=1)}" in failed["error"]
    pages = Page.objects.filter(run=result["run"], purpose__startswith=f"day:{day}:", status=200, method="GET")
    assert pages.count() == 4 * 4, "each attempt's four pages are kept"


@pytest.mark.once
def test_a_renamed_table_says_where_and_what_was_expected(site: DemoSite, day: dt.date) -> None:
    site.fault = by_every_way(day, Fault(rewrite=renamed_table))
    code, result = sync()
    assert (code, of(day, result)["status"]) == (1, "failed")
    error = of(day, result)["error"]
    assert f"{site.url}{BY_MOVIE}?day={day:%m-%d}: programme: expected showtimes or 'Brak repertuaru'" in error
    assert not Showtime.objects.filter(day=day).exists()


@pytest.mark.once
def test_a_page_that_ends_in_the_middle_is_taken_only_where_there_is_no_whole_one(site: DemoSite, day: dt.date) -> None:
    site.fault = by_every_way(day, Fault(rewrite=truncated))
    assert of(day, sync()[1])["status"] == "verified"
    assert 0 < Showtime.objects.filter(day=day).count() < len(site.world.on(day))
    site.fault = by_url(day, Fault(rewrite=truncated))
    code, result = sync()
    assert (code, of(day, result)["method"]) == (0, "session")
    assert wrong(site) == []


@pytest.mark.once
@pytest.mark.parametrize(
    "fault",
    [Fault(status=500), Fault(status=503), Fault(cut=0.5), Fault(hang=60)],
    ids=["500", "503", "cut", "hangs"],
)
def test_what_passes_costs_one_more_request(site: DemoSite, day: dt.date, settings: Settings, fault: Fault) -> None:
    settings.KINO_TIMEOUT = 2 if fault.hang else 20
    site.fault = by_url(day, fault, first=1)
    code, result = sync()
    assert (code, of(day, result)["method"], of(day, result)["attempts"]) == (0, "url", 1)
    assert Page.objects.filter(purpose=f"day:{day}:url").count() == 2
    assert wrong(site) == []


@pytest.mark.once
def test_retry_after_is_honoured_before_any_other_request(site: DemoSite, day: dt.date) -> None:
    site.fault = by_url(day, Fault(status=429, headers={"Retry-After": "0.6"}), first=1)
    assert sync()[0] == 0
    throttled = next(number for number, request in enumerate(site.requests) if request.status == 429)
    # Linux says to 4 ms when a request came.
    assert site.requests[throttled + 1].at - site.requests[throttled].at >= 0.6 - 0.01
    assert wrong(site) == []


@SEVEN_DAYS
@pytest.mark.once
def test_a_site_that_throttles_everyone_is_waited_for(site: DemoSite) -> None:
    site.throttle = (12, 1.0)
    code, result = sync()
    assert (code, statuses(result)) == (0, ["verified"] * 7)
    assert wrong(site) == []


# --- midnight ---------------------------------------------------------------------------------------


@pytest.mark.once
def test_past_the_site_s_midnight_its_own_days_are_read(site: DemoSite) -> None:
    site.world = small(World(timezone.localdate() + dt.timedelta(days=1), FEW))
    code, result = sync()
    assert (code, [entry["date"] for entry in result["days"]]) == (0, [str(day) for day in site.world.days])
    assert wrong(site) == []


@pytest.mark.once
@pytest.mark.parametrize("by_address", [True, False])
def test_midnight_between_the_calendar_and_its_days(site: DemoSite, by_address: bool) -> None:
    """The day that is over was in hand already; an offset of yesterday would select the wrong day."""
    site.day_parameter = site.hour_day_parameter = by_address
    today, tomorrow = site.world, small(World(timezone.localdate() + dt.timedelta(days=1), FEW))

    def roll_over(_method: str, path: str, count: int) -> None:
        if path != "/robots.txt" and (path, count) != (BY_MOVIE, 1):
            site.world = tomorrow

    site.fault = roll_over
    code, result = sync()
    assert (code, statuses(result)) == (0, ["verified"] * FEW)
    site.world = today
    assert wrong(site) == []


# --- robots.txt -------------------------------------------------------------------------------------


@pytest.mark.once
def test_film_pages_that_robots_txt_forbids_are_not_asked_for(site: DemoSite) -> None:
    site.robots = "User-agent: *\nDisallow: /film/\n"
    code, result = sync()
    assert (code, result["status"], result["films"]["fetched"]) == (0, "complete", 0)
    assert asked(site, "/film/") == []
    assert wrong(site) == []


@pytest.mark.once
def test_a_site_that_robots_txt_closes_is_not_read(site: DemoSite) -> None:
    site.robots = "User-agent: *\nDisallow: /\n"
    code, result = sync()
    assert (code, result["status"], statuses(result)) == (1, "failed", ["failed"] * len(site.world.days))
    assert "robots.txt" in result["error"]
    assert {request.path for request in site.requests} == {"/robots.txt"}


@pytest.mark.once
def test_a_site_that_is_down_leaves_everything_as_it_was(site: DemoSite) -> None:
    first_sync(site)
    site.requests.clear()
    site.fault = lambda *_: Fault(status=502)
    code, result = sync()
    assert (code, result["status"], statuses(result)) == (1, "failed", ["failed"] * len(site.world.days))
    assert "HTTP 502" in result["error"]
    assert len(asked(site, "day=")) == 2 * len(site.world.days), "a site that is down is not asked more than it takes"
    site.fault = None
    assert wrong(site) == []


# --- films ------------------------------------------------------------------------------------------


@pytest.mark.once
def test_a_film_is_read_once_however_many_days_list_it(site: DemoSite) -> None:
    _, result = first_sync(site)
    films = {site.world.films[showtime.film_slug].listed_slug for showtime in site.world.showtimes}
    for slug in films:
        assert asked(site, f"/film/{slug}.html") == [f"/film/{slug}.html"]
    assert result["films"] | {"pending": 0} == {
        "seen": len(films), "fetched": len(films), "matched": 0, "provisional": 0, "review": 0, "unmatched": 0,
        "pending": 0,
    }  # fmt: skip
    film = site.world.films["bugonia"]
    facts = ListedFilm.objects.get(slug=film.slug).facts()
    assert (facts.title, facts.directors, facts.runtime) == (film.title, film.directors, film.runtime)


@pytest.mark.once
def test_a_film_is_what_its_link_names(site: DemoSite, day: dt.date) -> None:
    """One with a UUID that redirects to the plain address is read from there and stays one film."""
    dom_dobry = site.world.films["dom-dobry"].listed_slug
    site.world.add("dom-dobry", "kijow", day, EVENING)
    first_sync(site)
    assert asked(site, "/film/dom-dobry") == [f"/film/{dom_dobry}.html", "/film/dom-dobry.html"]
    assert Showtime.objects.filter(film__slug=dom_dobry, day=day).exists()
    assert not ListedFilm.objects.filter(slug="dom-dobry").exists()
    assert ListedFilm.objects.get(slug=dom_dobry).directors == ["Wojciech Smarzowski"]
    assert wrong(site) == []


OLDER, NEWER = "pojedynek", "pojedynek-05023ce8-c974-43e5-b6fd-9257e2fc8e9a"


@pytest.mark.once
def test_two_films_of_one_title_are_two(site: DemoSite, day: dt.date) -> None:
    for slug in (OLDER, NEWER):
        site.world.add(slug, "kijow", day, EVENING)
    assert sync()[0] == 0
    assert wrong(site) == []
    years = dict(ListedFilm.objects.filter(title="Pojedynek").values_list("slug", "year"))
    assert years == {OLDER: 1977, NEWER: 2026}


@pytest.mark.once
def test_a_plain_address_is_asked_for_only_where_the_other_answers_404(site: DemoSite, day: dt.date) -> None:
    site.world.add(NEWER, "kijow", day, EVENING)
    site.fault = lambda _method, path, _count: Fault(status=404) if NEWER in path else None
    sync()
    assert asked(site, "/film/pojedynek") == [f"/film/{NEWER}.html", f"/film/{OLDER}.html"]
    assert ListedFilm.objects.get(slug=NEWER).year == 1977, "all that the site says of it"


@pytest.mark.once
def test_a_film_without_a_page_is_asked_for_once(site: DemoSite, day: dt.date) -> None:
    site.world.add("obcy-romulus", "kijow", day, EVENING)
    for _ in range(2):
        assert sync()[0] == 0
    assert asked(site, "/film/obcy-romulus") == ["/film/obcy-romulus.html"]
    assert ListedFilm.objects.get(slug="obcy-romulus").has_page is False
    assert wrong(site) == []


def test_a_film_page_that_never_comes_harms_no_day(site: DemoSite, day: dt.date) -> None:
    site.world.add("bugonia", "kijow", day, EVENING)
    site.fault = lambda _method, path, _count: Fault(status=500) if path == "/film/bugonia.html" else None
    code, result = sync()
    assert (code, result["status"], result["films"]["fetched"]) == (0, "complete", result["films"]["seen"] - 1)
    film = ListedFilm.objects.get(slug="bugonia")
    assert (film.facts_at, film.title) == (None, site.world.films["bugonia"].title)
    assert "HTTP 500" in film.match_error
    assert Job.objects.get(key="film:bugonia").state == Job.State.FAILED
    assert wrong(site) == []
    site.requests.clear()
    sync()
    assert asked(site, "/film/") == [], "it is left alone for an hour"
    ListedFilm.objects.update(facts_due_at=timezone.now())
    site.fault = None
    sync()
    assert ListedFilm.objects.get(slug="bugonia").facts_at is not None


@pytest.mark.once
def test_a_film_whose_page_never_comes_is_asked_about_by_its_title(
    site: DemoSite, day: dt.date, settings: Settings
) -> None:
    for slug in sorted({showtime.film_slug for showtime in site.world.showtimes}):
        site.world.remove(film_slug=slug)
    site.world.add("bugonia", "kijow", day, EVENING)
    site.fault = lambda _method, path, _count: Fault(status=500) if path == "/film/bugonia.html" else None
    listed = site.world.films["bugonia"]
    entry = {"tmdb_id": 7, "title": listed.title, "year": listed.year, "directors": listed.directors, "vote_count": 9}
    settings.TMDB_TOKEN, settings.TMDB_REQUEST_INTERVAL = "token", 0
    with DemoTmdb([entry]) as tmdb:
        settings.TMDB_BASE_URL = tmdb.url
        assert sync()[0] == 0
        film = ListedFilm.objects.get(slug="bugonia")
        assert (film.facts_at, film.match_status) == (None, ListedFilm.Match.REVIEW), "a title alone is a question"
        ListedFilm.objects.update(facts_due_at=timezone.now())
        site.fault = None
        sync()
        film.refresh_from_db()
        assert (film.match_status, film.match_error) == (ListedFilm.Match.MATCHED, ""), "its page says enough"
    assert wrong(site) == []


@pytest.mark.once
def test_an_error_of_a_film_s_page_is_forgotten_when_the_page_comes(site: DemoSite, day: dt.date) -> None:
    site.world.add("bugonia", "kijow", day, EVENING)
    ListedFilm.objects.create(
        slug="bugonia", title="Bugonia", match_status=ListedFilm.Match.MATCHED, decided_at=timezone.now(),
        match_error="HTTP 500", first_seen_at=timezone.now(), last_seen_at=timezone.now(),
    )  # fmt: skip
    sync()
    assert ListedFilm.objects.get(slug="bugonia").match_error == ""


@pytest.mark.once
def test_a_film_s_facts_are_read_again_when_they_are_old(site: DemoSite, settings: Settings) -> None:
    settings.FILM_REFRESH_DAYS = 3
    first_sync(site)
    old, *others = ListedFilm.objects.order_by("slug")
    assert others
    for film in (old, *others):
        assert film.facts_at is not None
        assert film.facts_due_at == film.facts_at + dt.timedelta(days=3)
    ListedFilm.objects.filter(pk=old.pk).update(facts_due_at=timezone.now())
    site.requests.clear()
    _, result = sync()
    assert asked(site, "/film/") == [f"/film/{old.slug}.html"]
    assert result["films"]["fetched"] == 1


def test_tmdb_out_of_reach_is_never_no_match(site: DemoSite, settings: Settings) -> None:
    settings.TMDB_TOKEN = "token"
    settings.TMDB_BASE_URL = "http://127.0.0.1:9"  # nobody answers there
    for slug in sorted({showtime.film_slug for showtime in site.world.showtimes})[2:]:
        site.world.remove(film_slug=slug)
    code, result = sync()
    films = result["films"]
    assert (code, result["status"]) == (0, "complete")
    assert films["seen"] == films["fetched"] == films["pending"] == 2
    assert all(ListedFilm.objects.values_list("match_error", flat=True))
    assert not ListedFilm.objects.filter(match_due_at__lte=timezone.now()).exists(), "asked again, but not at once"
    assert wrong(site) == []


# --- runs -------------------------------------------------------------------------------------------


class Killed(BaseException):
    """What no handler of ours sees, as a kill: whatever was not committed is gone."""


@pytest.mark.parametrize("nth", [1, 3])
@pytest.mark.parametrize(
    "line",
    first_on_both([
        "events.processing.store_programme",
        "events.processing.store_facts",
        "kinokrakow.jobs.performing.close",
        "kinokrakow.jobs.performing.settle",
        "scraper.site.client.Visit.get",
    ]),
)  # fmt: skip
def test_a_run_killed_at_any_line_goes_on(site: DemoSite, monkeypatch: pytest.MonkeyPatch, line: str, nth: int) -> None:
    owner, _, name = line.rpartition(".")
    original, calls = getattr(_named(owner), name), 0

    def killed(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        result = original(*args, **options)
        if calls == nth:
            raise Killed
        return result

    monkeypatch.setattr(_named(owner), name, killed)
    with pytest.raises(Killed):
        sync()
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    code, result = sync()
    assert (code, result["status"], statuses(result)) == (0, "complete", ["verified"] * FEW)
    assert wrong(site) == []
    assert not Job.objects.active().exists(), "what the killed one left behind is done, too"
    if line.endswith("store_facts"):  # killed at a film: the run, which is its days, had ended
        assert SyncRun.objects.count() == 2
        twice = [path for path, times in Counter(asked(site, "/film/")).items() if times > 1]
        assert len({plain_slug(Path(path).stem) for path in twice}) == 1, "no page that was stored is read again"
        return
    assert SyncRun.objects.count() == 1, "the second sync went on with the first one's run"
    days = asked(site, "?day=")
    assert len(days) <= len(set(days)) + 1, "no day that was stored is read again"


def _named(path: str) -> Any:
    """A module, or a class of one."""
    try:
        return import_string(path)
    except ImportError:
        return __import__(path, fromlist=["_"])


def test_a_second_sync_joins_the_running_one() -> None:
    run, new = runs.start_sync()
    assert new
    assert runs.start_sync() == (run, False)
    assert runs.scheduled_sync() == run.pk
    assert Job.objects.count() == 1


def test_two_syncs_at_once_are_one() -> None:
    answers = together(runs.start_sync, runs.start_sync)
    assert len({run.pk for run, _ in answers}) == 1
    assert sorted(new for _, new in answers) == [False, True]


def test_two_last_jobs_that_end_at_once_close_their_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def function(job: Job) -> None:
        with jobs.finishing(job):
            pass

    meeting = threading.Barrier(2)

    def meet(_run: int) -> None:
        # Both have ended their job and neither has committed. On SQLite one waits for the other's transaction.
        with suppress(threading.BrokenBarrierError):
            meeting.wait(5 if connection.vendor == "postgresql" else 0.1)

    closed: list[int] = []

    def verdict(run: SyncRun) -> str:
        closed.append(run.pk)
        return SyncRun.Status.FAILED

    monkeypatch.setitem(jobs.KINDS, "day", jobs.Kind(function, 1, None))
    monkeypatch.setattr(transitions, "SETTLED", [meet, runs.end_run])
    monkeypatch.setattr(runs, "verdict", verdict)
    run = SyncRun.objects.create(started_at=timezone.now())
    last = [jobs.enqueue("day", key, run=run.pk)[0].pk for key in ("one", "two")]
    assert together(*[lambda pk=pk: jobs.perform(pk) for pk in last]) == ["done", "done"]
    assert closed == [run.pk]
    run.refresh_from_db()
    assert run.status == SyncRun.Status.FAILED
    assert run.finished_at is not None


@pytest.mark.once
@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["verified"] * 7, "complete"),
        (["verified"] * 6 + ["empty"], "complete"),
        (["verified"] * 8, "complete"),
        (["verified"] * 6, "incomplete"),
        (["verified"] * 7 + ["failed"], "incomplete"),
        (["empty"] + ["failed"] * 6, "incomplete"),
        (["failed"] * 7, "failed"),
        ([], "failed"),
    ],
)
def test_the_verdict_on_a_run(days: list[str], expected: str) -> None:
    run = SyncRun.objects.create(started_at=timezone.now())
    for number, status in enumerate(days):
        DayScrape.objects.create(run=run, date=timezone.localdate() + dt.timedelta(days=number), status=status)
    assert runs.verdict(run) == expected


def test_the_archive_is_pruned_by_age(site: DemoSite, settings: Settings) -> None:
    settings.ARCHIVE_DAYS = 14
    first_sync(site)
    jobs.perform(retention.ask())
    pages, ended = Page.objects.count(), Job.objects.count()
    assert retention.overdue(timezone.now()) == 0
    old = timezone.now() - dt.timedelta(days=17)
    first = Page.objects.order_by("pk").first()
    assert first is not None
    Page.objects.filter(pk=first.pk).update(sent_at=old)
    Job.objects.filter(kind="calendar").update(finished_at=old)
    assert retention.overdue(timezone.now()) == 2
    assert jobs.perform(retention.ask()) == "done"
    assert (Page.objects.count(), Job.objects.count()) == (pages - 1, ended - 1 + 1)
    assert wrong(site) == []


def test_pruning_goes_on_in_another_job_and_reads_no_body(monkeypatch: pytest.MonkeyPatch) -> None:
    old = timezone.now() - dt.timedelta(days=30)
    Page.objects.bulk_create(Page(purpose="day", url="/", sent_at=old, seconds=0, body_gzip=b"x") for _ in range(5))
    monkeypatch.setattr(retention, "CHUNK", 2)
    monkeypatch.setattr(retention, "AT_ONCE", 0)
    assert jobs.perform(retention.ask()) == "done"
    assert Page.objects.count() == 5
    following = Job.objects.get(state="queued")
    monkeypatch.setattr(retention, "AT_ONCE", 10)
    with CaptureQueriesContext(connection) as queries:
        assert jobs.perform(following.pk) == "done"
    assert not Page.objects.exists()
    assert not [query for query in queries if "SELECT" in query["sql"] and "body_gzip" in query["sql"]]
    assert not Job.objects.active().exists()


# --- runs that are not alone --------------------------------------------------------------------------


def test_a_run_that_cannot_end_makes_room_for_the_next() -> None:
    run, _ = runs.start_sync()
    assert runs.start_sync() == (run, False)
    DayScrape.objects.create(run=run, date=timezone.localdate())
    SyncRun.objects.update(started_at=timezone.now() - runs.RUN_HOURS)
    following, new = runs.start_sync()
    assert new
    run.refresh_from_db()
    assert (run.status, run.days.get().status) == (SyncRun.Status.FAILED, DayScrape.Status.FAILED)
    assert set(Job.objects.active().values_list("run", flat=True)) == {following.pk}


def test_a_run_whose_job_still_works_is_joined_however_old() -> None:
    run, _ = runs.start_sync()
    Job.objects.update(state=Job.State.RUNNING)
    SyncRun.objects.update(started_at=timezone.now() - runs.RUN_HOURS)
    assert runs.start_sync() == (run, False)


def test_an_old_run_s_job_that_is_asked_for_again_is_not_the_new_run_s() -> None:
    old = SyncRun.objects.create(status=SyncRun.Status.FAILED, started_at=timezone.now(), finished_at=timezone.now())
    jobs.enqueue("calendar", f"calendar:{old.pk}", run=old.pk)
    run, _ = runs.start_sync()
    assert Job.objects.active().filter(kind="calendar", run=run.pk).exists()
