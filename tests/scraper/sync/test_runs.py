"""A run is its days: films, TMDB and the geocoder hold nobody up; what failed is asked for again."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from events import publishing
from events.models import ListedFilm, taken_away
from kinokrakow import jobs
from kinokrakow.http import breaker
from kinokrakow.models import Job, ServiceState
from review.automatic import asking
from scraper.demo.site import DemoSite
from scraper.demo.site_faults import Fault
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.world import World
from scraper.models import Alert, DayScrape, SyncRun
from scraper.monitoring import watch
from scraper.monitoring.messages import sentence
from scraper.sync import days, report, runs
from tests.databases import first_on_both
from tests.scraper.inline import FEW, first_sync, serving, serving_tmdb, small, sync, wrong
from tests.scraper.inline import run as command

pytestmark = pytest.mark.django_db(transaction=True)

MOST_REQUESTS = 12  # to a TMDB that does not answer, whatever the number of films


@pytest.fixture
def site(settings: Settings) -> Iterator[DemoSite]:
    with serving(settings, small(World(timezone.localdate(), FEW))) as demo:
        yield demo


@pytest.fixture
def tmdb(site: DemoSite, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[DemoTmdb]:
    """A TMDB that is given four times the real time, for a busy machine's sake."""
    monkeypatch.setattr(asking, "TIMEOUT", 20)
    with serving_tmdb(settings) as demo:
        yield demo


def work() -> None:
    """What workers would do now: every job that is due, the oldest first."""
    while job := Job.objects.filter(state="queued", due_at__lte=timezone.now()).order_by("due_at", "pk").first():
        jobs.perform(job.pk)


def told() -> list[str]:
    return [f"{alert.kind} {alert.subject}".rstrip() for alert in Alert.objects.open().order_by("pk")]


# --- TMDB is away --------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    "fault", first_on_both(["hang", "503", "html", "garbage", "other shape", "list", "no ids", "sorry"])
)
def test_a_silent_tmdb_holds_nobody_up_and_is_said(
    site: DemoSite, tmdb: DemoTmdb, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmdb.break_down(fault)
    if fault == "hang":
        monkeypatch.setattr(asking, "TIMEOUT", 0.5)
    begun = time.monotonic()
    code, result = sync()
    films = result["films"]
    assert (code, result["status"], films["pending"]) == (0, "complete", films["seen"])
    assert films["seen"] == films["fetched"] > 3
    assert len(tmdb.requests) <= MOST_REQUESTS
    assert time.monotonic() - begun < 300
    assert list(result["pending"]["waiting_for"]) == ["tmdb"]
    assert told() == ["tmdb_silent"]
    assert wrong(site) == []
    tmdb.break_down("none")
    monkeypatch.setattr(asking, "TIMEOUT", 20)
    ServiceState.objects.update(probe_at=timezone.now())
    ListedFilm.objects.update(match_due_at=timezone.now())
    _, result = sync()
    assert (result["pending"]["waiting_for"], result["films"]["pending"]) == ({}, 0)
    assert told() == []


@pytest.mark.once
def test_all_days_of_a_run_together_take_away_no_more_than_a_tenth(site: DemoSite, tmdb: DemoTmdb) -> None:
    """A page that lists a third less is believed, seven of them are not."""
    site.world = World(timezone.localdate())
    first_sync(site)
    before = publishing.published(timezone.now())
    assert before > 10 * taken_away.MANY
    site.world.showtimes = [row for number, row in enumerate(site.world.showtimes) if number % 3]
    _, result = sync()
    lost = before - publishing.published(timezone.now())
    assert 0 < lost <= before / 10
    assert {day["suspicious"] for day in result["days"]} == {False, True}


@pytest.mark.once
def test_a_refused_key_is_no_silence_and_said_at_once(site: DemoSite, tmdb: DemoTmdb, settings: Settings) -> None:
    settings.TMDB_TOKEN = "wrong"
    code, result = sync()
    assert (list(result["pending"]["waiting_for"]), result["pending"]["refused"]) == (["tmdb"], ["tmdb"])
    assert (code, told(), len(tmdb.requests)) == (0, ["tmdb_refused"], 1)
    assert "TMDB_TOKEN" in sentence(Alert.objects.get())
    settings.TMDB_TOKEN = "t"
    ListedFilm.objects.update(match_due_at=timezone.now())
    assert sync()[1]["films"]["pending"] == 0
    assert told() == []


@pytest.mark.once
def test_films_of_a_silent_tmdb_wait_and_are_matched_when_it_answers_again(site: DemoSite, tmdb: DemoTmdb) -> None:
    """With workers: the run has ended, no attempt is spent, and the breaker closes by itself."""
    tmdb.break_down("503")
    run, _ = runs.start_sync()
    work()
    run.refresh_from_db()
    assert (run.status, run.films_done_at) == ("complete", None)
    awaited, put_off = runs.pending(run, timezone.now())
    films = ListedFilm.objects.count()
    assert (awaited.count(), put_off.filter(kind="match").count()) == (0, films)
    assert report.summary(run)["pending"]["jobs_waiting"] == put_off.count()
    assert runs.start_sync()[1], "the next reading of days doesn't wait"
    tmdb.break_down("none")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=15)):
        work()
    run.refresh_from_db()
    assert breaker.open_services(timezone.now()) == []
    assert not ListedFilm.objects.filter(match_status="pending").exists()
    assert run.films_done_at is not None


@pytest.mark.once
def test_a_run_is_counted_again_when_its_films_are_done(site: DemoSite, tmdb: DemoTmdb) -> None:
    run, _ = runs.start_sync()
    while SyncRun.objects.filter(status="running").exists():
        job = Job.objects.filter(state="queued", kind__in=runs.DAY_KINDS).order_by("pk").first()
        assert job is not None
        jobs.perform(job.pk)
    report.count_last_run(timezone.now())
    run.refresh_from_db()
    assert (run.films_matched, run.films_done_at) == (0, None)
    work()
    report.count_last_run(timezone.now())
    run.refresh_from_db()
    assert run.films_matched
    assert run.counted_at is not None
    counted = run.counted_at
    report.count_last_run(timezone.now())
    run.refresh_from_db()
    assert run.counted_at == counted


# --- what failed is asked for again ----------------------------------------------------------------------


def broken(site: DemoSite, day: dt.date) -> None:
    site.fault = lambda _method, path, count: (
        Fault(status=500) if f"{day:%m-%d}" in path or (path == "/cinema_program/by_movie" and count > 1) else None
    )


def at(minutes: float) -> Any:
    return time_machine.travel(timezone.now() + dt.timedelta(minutes=minutes))


def patiently() -> None:
    """Work, retries of a moment's pause included."""
    for _ in range(40):
        work()
        soon = Job.objects.filter(state="queued", due_at__lte=timezone.now() + dt.timedelta(seconds=20))
        if not soon.exists():
            return
        time.sleep(0.05)


@pytest.mark.once
def test_a_failed_day_is_asked_for_three_times_more_before_anybody_is_told(site: DemoSite) -> None:
    day = site.world.days[2]
    broken(site, day)
    run, _ = runs.start_sync()
    patiently()
    run.refresh_from_db()
    assert run.status == "incomplete"
    ended = run.finished_at
    assert ended is not None
    for minutes in (5, 15, 45):
        again = Job.objects.get(state="queued")
        assert abs(again.due_at - ended - dt.timedelta(minutes=minutes)) < dt.timedelta(seconds=5)
        assert report.summary(run)["pending"]["asked_again"][0]["date"] == str(day)
        with time_machine.travel(again.due_at + dt.timedelta(seconds=1)):
            assert watch.look()
            assert told() == [], "it is still being tried"
            patiently()
    with time_machine.travel(ended + dt.timedelta(minutes=46)):
        assert not Job.objects.active().exists()
        assert watch.look()
        assert told() == [f"day_failed {day}"]
        row = DayScrape.objects.get(run=run, date=day)
        assert (row.status, row.attempts) == ("failed", 16)


@pytest.mark.once
def test_an_outage_of_some_minutes_costs_nothing_and_is_not_told(site: DemoSite) -> None:
    site.fault = lambda *_: Fault(status=502)
    run, _ = runs.start_sync()
    patiently()
    run.refresh_from_db()
    assert run.status == "failed"
    assert watch.look()
    assert told() == []
    site.fault = None
    Job.objects.filter(state="queued").update(due_at=timezone.now())  # five minutes later
    patiently()
    run.refresh_from_db()
    assert run.status == "complete"
    assert watch.look()
    assert told() == []
    assert wrong(site) == []


@pytest.mark.once
def test_what_fails_while_a_run_goes_on_is_told_no_earlier(site: DemoSite) -> None:
    """A look may come between any two jobs: of the first run's outage, and of a second that takes it over."""
    complete, _ = runs.start_sync()
    patiently()
    site.fault = lambda *_: Fault(status=502)
    for _ in range(2):
        run, _ = runs.start_sync()
        looks = 0
        while SyncRun.objects.filter(pk=run.pk, status="running").exists():
            Job.objects.filter(state="queued", run=run.pk).update(due_at=timezone.now())
            jobs.perform(Job.objects.filter(state="queued", run=run.pk).earliest("pk").pk)
            assert watch.look()
            assert told() == []
            looks += DayScrape.objects.filter(run=run, status="failed").exists()
        assert looks > 1
        assert SyncRun.objects.get(pk=complete.pk).status == "complete"
    with time_machine.travel(timezone.now() + runs.OVERDUE + dt.timedelta(minutes=50)):
        assert watch.look()
        assert told(), "nobody asks again"


@pytest.mark.once
def test_a_new_sync_takes_over_what_was_to_be_asked_again(site: DemoSite) -> None:
    broken(site, site.world.days[2])
    runs.start_sync()
    patiently()
    assert Job.objects.filter(state="queued", args__again=1).count() == 1
    site.fault = None
    runs.start_sync()
    assert not Job.objects.active().filter(args__again__gte=1).exists()
    patiently()
    assert not Job.objects.active().exists()
    assert wrong(site) == []


def test_read_again_does_not_wait_for_the_later_try(site: DemoSite) -> None:
    day = site.world.days[2]
    broken(site, day)
    runs.start_sync()
    patiently()
    site.fault = None
    asked = days.read_again(day)
    assert asked is not None
    assert asked[0].due_at <= timezone.now()
    work()
    assert SyncRun.objects.get().status == "complete"


@pytest.mark.once
def test_a_try_that_nobody_makes_holds_no_alert_back(site: DemoSite) -> None:
    day = site.world.days[2]
    broken(site, day)
    runs.start_sync()
    patiently()
    with at(16):
        assert watch.look()
        assert f"day_failed {day}" in told()
        assert "jobs_stuck" in told()


@pytest.mark.once
def test_without_workers_nothing_is_asked_again_and_it_is_told_at_once(site: DemoSite) -> None:
    day = site.world.days[2]
    broken(site, day)
    code, result = sync()
    assert (code, result["pending"]["asked_again"]) == (1, [])
    assert not Job.objects.active().exists()
    assert told() == [f"day_failed {day}"]


# --- cancelled, paused -----------------------------------------------------------------------------------


def test_a_sync_is_cancelled_and_says_nothing_about_what_it_did_not_read(site: DemoSite) -> None:
    first_sync(site)
    run, _ = runs.start_sync()
    calendar = Job.objects.get(state="queued", kind="calendar")
    jobs.perform(calendar.pk)
    assert command("sync", "--cancel")[1].startswith(f"Sync {run.pk} is cancelled")
    run.refresh_from_db()
    assert (run.status, Job.objects.active().count()) == ("cancelled", 0)
    assert watch.look()
    assert told() == []
    assert runs.start_sync()[1], "another may begin"
    assert not runs.cancel(run)


@pytest.mark.once
def test_staff_see_that_no_worker_takes_a_sync_s_jobs(site: DemoSite, admin_client: Client) -> None:
    runs.start_sync()
    said = "No worker has taken a job for half a minute"
    assert said not in admin_client.get(reverse("coverage")).content.decode()
    Job.objects.update(due_at=timezone.now() - dt.timedelta(seconds=31))
    page = admin_client.get(reverse("coverage")).content.decode()
    assert said in page
    assert "Cancel this sync" in page


@pytest.mark.once
@pytest.mark.parametrize("permitted", [True, False])
def test_who_may_start_a_sync_may_cancel_it(site: DemoSite, permitted: bool) -> None:
    user = get_user_model().objects.create_user("staff", is_staff=True, is_superuser=permitted)
    run, _ = runs.start_sync()
    client = Client()
    client.force_login(user)
    client.post(reverse("coverage-cancel", args=[run.pk]))
    run.refresh_from_db()
    assert (run.status == "cancelled") is permitted


def test_a_paused_site_is_not_read(site: DemoSite) -> None:
    until = timezone.now() + dt.timedelta(hours=3)
    ServiceState.objects.update_or_create(name="kino", defaults={"paused_until": until, "paused_why": "they asked us"})
    with pytest.raises(CommandError, match="they asked us") as caught:
        call_command("sync", "--inline")
    assert caught.value.returncode == 2
    assert (runs.scheduled_sync(), site.requests, SyncRun.objects.count()) == (None, [], 0)
    with time_machine.travel(until + dt.timedelta(seconds=1)):
        assert runs.scheduled_sync()
