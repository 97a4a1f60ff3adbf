"""The coverage pages and commands: who may see and do what, what machines are told, and at which cost."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from events.local_time import week_from
from events.models import Cinema, ListedFilm, Showtime
from kinokrakow.models import Job, ServiceState
from scraper.coverage import readings
from scraper.models import Alert, DayScrape, Page, SyncRun
from scraper.sync import runs
from tests.scraper import year
from tests.scraper.inline import run as command

pytestmark = pytest.mark.django_db

QUERIES = 29  # at most, whatever the history and whatever happens


def staff(*permissions: str) -> Client:
    user = get_user_model().objects.create_user(f"staff-{'-'.join(permissions)}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def alert() -> Alert:
    now = timezone.now()
    facts = {"since": (now - dt.timedelta(days=2)).isoformat()}
    return Alert.objects.create(kind="no_run", level="bad", facts=facts, opened_at=now, updated_at=now)


@pytest.fixture
def history() -> list[year.House]:
    """Five weeks that end today."""
    houses = year.houses(2, 3)
    year.cinemas(houses)
    year.history(houses, timezone.localdate() - dt.timedelta(weeks=5), 36, hours=(0,))
    return houses


# --- who may do what ----------------------------------------------------------------------------------


@pytest.mark.once
def test_nobody_without_the_permission_sees_it() -> None:
    assert Client().get("/admin/coverage/").status_code == 302
    assert staff().get("/admin/coverage/").status_code == 403
    assert staff("view_syncrun").get("/admin/coverage/").status_code == 200


@pytest.mark.once
def test_who_may_only_look_has_no_buttons(alert: Alert, history: list[year.House]) -> None:
    looks = staff("view_syncrun").get("/admin/coverage/").content.decode()
    assert 'method="post"' not in looks.partition('id="coverage"')[2]
    acts = staff("view_syncrun", "start_sync", "change_alert").get("/admin/coverage/").content.decode()
    assert acts.partition('id="coverage"')[2].count('method="post"') == 1 + 1 + 7


@pytest.mark.once
@pytest.mark.parametrize("path", ["sync/", "day/2026-11-27/again/", "alert/1/"])
def test_nothing_is_done_by_get_nor_without_its_own_permission(path: str) -> None:
    assert staff("view_syncrun", "start_sync", "change_alert").get(f"/admin/coverage/{path}").status_code == 405
    assert staff("view_syncrun").post(f"/admin/coverage/{path}").status_code == 403
    assert SyncRun.objects.count() == Job.objects.count() == 0


@pytest.mark.once
def test_sync_now_starts_one_run_however_often_it_is_pressed() -> None:
    client = staff("view_syncrun", "start_sync")
    said = [client.post("/admin/coverage/sync/", follow=True).content.decode() for _ in range(2)]
    assert "has been started" in said[0]
    assert "is already running" in said[1]
    assert SyncRun.objects.count() == 1
    assert "is running</h2>" in said[1]


@pytest.mark.once
def test_a_day_is_read_again_once(history: list[year.House]) -> None:
    client, today = staff("view_syncrun", "start_sync"), timezone.localdate()
    said = [client.post(f"/admin/coverage/day/{today}/again/", follow=True).content.decode() for _ in range(2)]
    assert "will be read again" in said[0]
    assert "is already being read" in said[1]
    assert Job.objects.get().run == SyncRun.objects.latest("pk").pk
    assert client.post("/admin/coverage/day/2001-01-01/again/").status_code == 404


def test_a_day_that_a_sync_is_about_to_read_is_not_asked_for_twice(history: list[year.House]) -> None:
    today = timezone.localdate()
    now = timezone.now()
    Job.objects.create(kind="day", key=f"day:{today}:1", run=1, args={"date": str(today)}, queued_at=now, due_at=now)
    staff("start_sync").post(f"/admin/coverage/day/{today}/again/")
    assert Job.objects.count() == 1


@pytest.mark.once
def test_an_alert_is_answered_once(alert: Alert) -> None:
    client = staff("view_syncrun", "change_alert")
    path = f"/admin/coverage/alert/{alert.pk}/"
    assert "Acknowledged" in client.post(path, {"do": "acknowledge"}, follow=True).content.decode()
    assert "somebody was quicker" in client.post(path, {"do": "acknowledge"}, follow=True).content.decode()
    assert "silenced until" in client.post(path, {"do": "silence"}, follow=True).content.decode()
    alert.refresh_from_db()
    assert alert.acknowledged_by is not None
    assert alert.silenced(timezone.now() + dt.timedelta(hours=23))


def test_an_archived_page_can_do_nothing() -> None:
    body, sha256 = Page.packed(b"<script>alert(1)</script>")
    page = Page.objects.create(
        purpose="calendar", method="GET", url="http://site.example/", sent_at=timezone.now(), seconds=1, status=200,
        body_gzip=body, sha256=sha256,
    )  # fmt: skip
    client = staff("view_page")
    answer = client.get(f"/admin/coverage/page/{page.pk}/")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/admin/coverage/page/{page.pk}/?source=1")["Content-Type"].startswith("text/plain")
    assert staff("view_syncrun").get(f"/admin/coverage/page/{page.pk}/").status_code == 403
    body, _sha256 = Page.packed("Łódź".encode("iso-8859-2"))
    Page.objects.update(body_gzip=body, headers={"content-type": "text/html; charset=iso-8859-2"})
    assert client.get(f"/admin/coverage/page/{page.pk}/").content.decode() == "Łódź"


# --- what it shows ------------------------------------------------------------------------------------


def test_hostile_names_are_text(history: list[year.House]) -> None:
    Cinema.objects.filter(slug=history[0].slug).update(name="<img src=x onerror=alert(1)>")
    page = staff("view_syncrun").get("/admin/coverage/").content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize("weeks", [1, 5])
def test_the_page_costs_the_same_whatever_the_history(
    weeks: int, settings: Settings, alert: Alert, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    houses = year.houses(2, 3 * weeks)
    year.cinemas(houses)
    year.history(houses, timezone.localdate() - dt.timedelta(weeks=weeks), 7 * weeks + 1, hours=(0,))
    settings.ALERT_EMAILS = ["staff@example.org"]
    client = staff("view_syncrun", "start_sync", "change_alert")
    with django_assert_max_num_queries(QUERIES - 8):
        assert client.get("/admin/coverage/").status_code == 200
    SyncRun.objects.create(started_at=timezone.now())
    with django_assert_max_num_queries(QUERIES):
        assert b"is running" in client.get("/admin/coverage/").content


def test_a_day_of_a_cinema_leads_to_showtimes_page_and_job(history: list[year.House]) -> None:
    today, slug = timezone.localdate(), history[0].slug
    film = ListedFilm.objects.bulk_create(year.film_pages(today, 1))[0]
    Showtime.objects.bulk_create(year.showtimes(history, [today], [film]))
    scrape = DayScrape.objects.filter(date=today).latest("pk")
    body, sha256 = Page.packed(b"page")
    scrape.page = Page.objects.create(
        purpose=f"day:{today}:url", method="GET", url="http://site.example/", sent_at=timezone.now(), seconds=1,
        status=200, body_gzip=body, sha256=sha256, run=scrape.run,
    )  # fmt: skip
    scrape.save(update_fields=["page"])
    now = timezone.now()
    job = Job.objects.create(
        kind="day",
        key=f"day:{today}",
        run=scrape.run_id,
        args={"date": str(today)},
        state="done",
        queued_at=now,
        due_at=now,
    )
    page = staff("view_syncrun", "view_page").get(f"/admin/coverage/day/{today}/?cinema={slug}").content.decode()
    there = Showtime.objects.filter(cinema__slug=slug).count()
    assert f"{there} showtimes, {Cinema.objects.get(slug=slug).name}" in page
    assert f"/admin/coverage/page/{scrape.page_id}/" in page
    assert f"/admin/kinokrakow/job/{job.pk}/change/" in page


def test_a_day_that_is_no_date_is_not_found() -> None:
    assert staff("view_syncrun").get("/admin/coverage/day/2026-13-45/").status_code == 404


# --- for machines -------------------------------------------------------------------------------------


def told() -> tuple[int, dict[str, Any]]:
    code, printed = command("coverage", "--json")
    return code, json.loads(printed)


@pytest.mark.once
def test_json_says_what_the_page_says(history: list[year.House]) -> None:
    code, found = told()
    assert (code, found["alerts"]) == (0, [])
    assert (found["days_verified"], found["unique_dates"]) == (7, 7)
    (day, *_) = readings.days(week_from(timezone.localdate()))
    assert day.read is not None
    assert day.expected is not None
    assert found["days"][0] == {
        "date": str(timezone.localdate()), "status": "verified", "showtimes": day.read.counted,
        "films": day.read.films, "cinemas": len(day.read.by_cinema), "expected": round(day.expected.usual),
        "read_at": found["days"][0]["read_at"], "method": "url", "error": None, "unread_rows": 0, "cancelled": 0,
    }  # fmt: skip
    assert found["last_complete_run"] is not None
    assert "No alert is open." in command("coverage")[1]


@pytest.mark.once
def test_the_exit_status_is_1_while_an_alert_is_open(history: list[year.House]) -> None:
    SyncRun.objects.update(finished_at=timezone.now() - dt.timedelta(days=3))
    code, found = told()
    assert code == 1
    assert [(alert["kind"], "getting old" in alert["message"]) for alert in found["alerts"]] == [("no_run", True)]
    assert command("coverage")[0] == 1
    assert "no_run" in command("alerts")[1]


def test_a_failed_day_is_counted_neither_as_verified_nor_as_a_date(history: list[year.House]) -> None:
    lost = timezone.localdate() + dt.timedelta(days=2)
    DayScrape.objects.filter(date=lost, run=SyncRun.objects.latest("pk")).update(status="failed", error="Gone: away")
    SyncRun.objects.filter(pk=SyncRun.objects.latest("pk").pk).update(status="incomplete")
    code, found = told()
    assert (code, found["days_verified"], found["unique_dates"]) == (1, 6, 6)
    assert found["days"][2]["status"] == "failed"


def test_an_empty_database_has_nothing_to_say() -> None:
    code, found = told()
    assert (code, found["unique_dates"], found["tmdb_success_rate"]) == (0, 0, None)
    assert {day["status"] for day in found["days"]} == {"unread"}


# --- what is wrong with the program itself --------------------------------------------------------------


def text_of(client: Client) -> str:
    return client.get("/admin/coverage/").content.decode()


@pytest.mark.once
def test_a_sync_that_no_worker_takes_says_so_and_can_be_cancelled(history: list[year.House]) -> None:
    client = staff("view_syncrun", "start_sync")
    run, _ = runs.start_sync()
    page = text_of(client)
    assert "Asking the site which days it offers" in page
    assert "s left" not in page
    Job.objects.update(due_at=timezone.now() - dt.timedelta(seconds=31))
    page = text_of(client)
    assert "python manage.py work" in page
    assert f"/admin/coverage/sync/{run.pk}/cancel/" in page
    assert f"sync/{run.pk}/cancel/" not in text_of(staff("view_syncrun"))
    client.post(f"/admin/coverage/sync/{run.pk}/cancel/")
    assert "is running" not in text_of(client)


@pytest.mark.once
def test_a_sync_that_failed_as_a_whole_is_said_on_every_card(history: list[year.House]) -> None:
    client = staff("view_syncrun")
    before = text_of(client)
    now = timezone.now()
    SyncRun.objects.create(status="failed", started_at=now, finished_at=now, error="Unavailable: HTTP 502")
    after = text_of(client)
    assert after.count("not read by the last sync") == 7
    assert "HTTP 502" in after
    assert after.count("c-day good") == before.count("c-day good")


def test_services_that_do_not_answer_or_are_paused_are_said(history: list[year.House]) -> None:
    now = timezone.now()
    ServiceState.objects.update_or_create(name="tmdb", defaults={"silent_since": now, "probe_at": now})
    ServiceState.objects.update_or_create(
        name="kino", defaults={"paused_until": now + dt.timedelta(hours=1), "paused_why": "<b>asked</b>"}
    )
    page = text_of(staff("view_syncrun"))
    assert "TMDB has not answered since" in page
    assert "&lt;b&gt;asked&lt;/b&gt;" in page
