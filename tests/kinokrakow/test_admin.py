"""The jobs' pages in the admin: what they show, and who may retry and cancel."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from events.models import ListedFilm
from kinokrakow import jobs
from kinokrakow.http import rate_limit
from kinokrakow.jobs import transitions, workload
from kinokrakow.models import HostGate, Job, JobAttempt
from kinokrakow.staff import readable as people
from kinokrakow.templatetags import numbers
from scraper.models import DayScrape, SyncRun

pytestmark = pytest.mark.django_db
LIST, GATES = "/admin/kinokrakow/job/", "/admin/kinokrakow/hostgate/"


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(job: Job) -> None:
        raise jobs.GiveUp("<b>never</b>")

    monkeypatch.setitem(jobs.KINDS, "breaks", jobs.Kind(breaks, 1, None))
    monkeypatch.setattr(transitions, "SETTLED", [])


def staff(*permissions: str) -> Client:
    user = get_user_model().objects.create_user("-".join(permissions), is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def failed() -> Job:
    job, _ = jobs.enqueue("breaks", "one", run=7, date="2026-11-27")
    assert jobs.perform(job.pk) == "failed"
    job.refresh_from_db()
    return job


def test_a_failed_job_shows_every_attempt_and_its_whole_error() -> None:
    job = failed()
    page = staff("view_job", "view_jobattempt").get(f"{LIST}{job.pk}/change/").content.decode()
    assert "GiveUp: &lt;b&gt;never&lt;/b&gt;" in page
    assert "Traceback (most recent call last)" in page
    assert 'name="_save"' not in page


def test_a_failed_job_is_asked_for_again_as_it_was() -> None:
    job = failed()
    client = staff("view_job", "change_job")
    answer = client.post(LIST, {"action": "retry", "_selected_action": [job.pk]}, follow=True)
    assert "1 job asked for again." in answer.content.decode()
    again = Job.objects.get(state="queued")
    assert (again.kind, again.key, again.run, again.args) == ("breaks", "one", 7, {"date": "2026-11-27"})
    answer = client.post(LIST, {"action": "retry", "_selected_action": [job.pk]}, follow=True)
    assert "Nothing to do among the selected jobs." in answer.content.decode()
    answer = client.post(LIST, {"action": "cancel", "_selected_action": [again.pk, job.pk]}, follow=True)
    assert "1 job cancelled." in answer.content.decode()
    assert sorted(Job.objects.values_list("state", flat=True)) == ["cancelled", "failed"]


@pytest.mark.once
def test_who_may_only_look_can_neither_retry_nor_cancel() -> None:
    job = failed()
    client = staff("view_job")
    assert 'value="retry"' not in client.get(LIST).content.decode()
    client.post(LIST, {"action": "retry", "_selected_action": [job.pk]})
    assert Job.objects.count() == 1


def test_the_list_counts_states_and_tells_retrying_from_waiting() -> None:
    now = timezone.now()
    for key, state, error in (
        ("a", "queued", ""),
        ("b", "queued", "it broke"),
        ("c", "done", ""),
        ("d", "failed", "x"),
    ):
        Job.objects.create(kind="breaks", key=key, state=state, error=error, queued_at=now, due_at=now)
    counts = {state: count for state, _label, count in workload.counts()}
    assert counts == {"queued": 1, "retrying": 1, "running": 0, "failed": 1, "cancelled": 0, "done": 1}
    page = staff("view_job").get(LIST + "?retrying=1").content.decode()
    assert "it broke" in page
    assert ">a</a>" not in page


@pytest.mark.parametrize(
    ("value", "en", "pl"), [(5000 / 61, "82.0", "82,0"), (9.96, "10.0", "10,0"), (0.04, "0.0", "0,0")]
)
def test_a_decimal_is_rounded_and_not_cut(value: float, en: str, pl: str) -> None:
    for language, shown in (("en", en), ("pl", pl)):
        with translation.override(language):
            assert people.decimal(value) == shown
            assert str(numbers.number("film_rate", value)).count(f">{shown}<") == 1


def test_durations_and_workers_come_from_the_attempts() -> None:
    now = timezone.now()
    job = Job.objects.create(kind="breaks", key="a", state="running", worker="host:1", queued_at=now, due_at=now)
    for number in range(1, 101):
        JobAttempt.objects.create(
            job=job,
            number=number,
            worker="host:1",
            waited=2,
            started_at=now - dt.timedelta(seconds=number),
            finished_at=now,
        )
    (found,) = workload.durations()
    assert (found.attempts, found.waited, found.median, found.p95, found.slowest) == (100, 2, 50, 95, 100)
    (worker,) = workload.workers(now)
    assert (worker.name, worker.attempts, worker.job) == ("host:1", 100, job)
    assert workload.workers(now + dt.timedelta(hours=2)) == []


def test_a_run_shows_its_days_and_its_jobs_on_a_line() -> None:
    run = SyncRun.objects.create(started_at=timezone.now())
    job, _ = jobs.enqueue("breaks", "one", run=run.pk)
    jobs.perform(job.pk)
    page = staff("view_syncrun", "view_dayscrape").get(f"/admin/scraper/syncrun/{run.pk}/change/").content.decode()
    assert "1 job on a time line" in page
    assert '<rect class="failed"' in page


@pytest.mark.once
def test_a_run_shows_what_came_of_its_films_after_its_end() -> None:
    at = timezone.now()
    run = SyncRun.objects.create(started_at=at, finished_at=at, status="complete")
    DayScrape.objects.create(run=run, date=at.date(), status="verified", film_slugs=["one", "two", "three"])
    for slug, status in (("one", "matched"), ("two", "review"), ("three", "pending")):
        ListedFilm.objects.create(slug=slug, title=slug, match_status=status, first_seen_at=at, last_seen_at=at)
    waiting, _ = jobs.enqueue("breaks", "film:three", run=run.pk)
    address = f"/admin/scraper/syncrun/{run.pk}/change/"
    client = staff("view_syncrun", "view_dayscrape")
    page = " ".join(client.get(address).content.decode().split())
    assert "3 films listed: 1 matched, 0 matched provisionally, 1 waiting for a decision, 0 without a match, 1 " in page
    assert "1 job for them is still to be done." in page
    jobs.perform(waiting.pk)
    ListedFilm.objects.filter(slug="three").update(match_status="matched")
    page = " ".join(client.get(address).content.decode().split())
    assert "3 films listed: 2 matched" in page
    assert "No job for them is left." in page
    assert "1 job failed." in page


def test_no_page_runs_what_is_not_ours() -> None:
    policy = dict(part.split(" ", 1) for part in Client().get("/admin/login/")["Content-Security-Policy"].split("; "))
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")


def test_a_host_is_opened_by_those_who_may() -> None:
    rate_limit.push("www.kino.krakow.pl", 3600)
    gate = HostGate.objects.get()
    action = {"action": "open_again", "_selected_action": [gate.pk]}
    looks = staff("view_hostgate")
    assert "closed since" in looks.get(GATES).content.decode().lower()
    looks.post(GATES, action)
    assert rate_limit.closures()
    job = failed()
    in_hours = timezone.now() + dt.timedelta(hours=5)
    waits = Job.objects.filter(pk=job.pk)
    waits.update(state="queued", attempt=2, due_at=in_hours, finished_at=None)
    staff("view_hostgate", "change_hostgate").post(GATES, action)
    assert not rate_limit.closures()
    assert waits.get().due_at < timezone.now(), "what waited for the host goes on too"
    waits.update(attempt=0, due_at=in_hours)  # not begun: it was asked for at a time
    assert not jobs.hurry()


@pytest.mark.once
def test_a_job_is_retried_and_cancelled_on_its_own_page() -> None:
    job = failed()
    client = staff("view_job", "change_job")
    page = client.get(f"{LIST}{job.pk}/change/").content.decode()
    assert f'action="{LIST}{job.pk}/again/"' in page
    answer = client.post(f"{LIST}{job.pk}/again/", follow=True)
    again = Job.objects.get(state="queued")
    assert answer.redirect_chain == [(f"{LIST}{again.pk}/change/", 302)]
    assert f'action="{LIST}{again.pk}/cancel/"' in answer.content.decode()
    client.post(f"{LIST}{job.pk}/again/")
    assert Job.objects.filter(state="queued").count() == 1
    assert "Cancelled." in client.post(f"{LIST}{again.pk}/cancel/", follow=True).content.decode()
    assert "Nothing to do" in client.post(f"{LIST}{again.pk}/cancel/", follow=True).content.decode()


def test_who_may_only_look_is_offered_nothing_on_a_jobs_page() -> None:
    job = failed()
    page = staff("view_job").get(f"{LIST}{job.pk}/change/").content.decode()
    assert "/again/" not in page


def test_rights_are_said_in_the_readers_language_and_a_deleted_group_counts_its_members() -> None:
    # A database emptied by another test lacks the groups.
    importlib.import_module("scraper.migrations.0005_groups").make_groups(apps, None)
    client, group = Client(), Group.objects.get(name="Reviewers")
    chief = get_user_model().objects.create_superuser("kino")
    chief.groups.add(group)
    client.force_login(chief)
    polish = {"Accept-Language": "pl"}
    for address in (
        reverse("admin:auth_group_change", args=[group.pk]),
        reverse("admin:auth_user_change", args=[chief.pk]),
    ):
        page = client.get(address, headers=polish).content.decode()
        assert "Repertuar i wydarzenia | kino | podgląd" in page
        assert "| Może decydować" in page
        assert "| Can " not in page
        assert "Django Q" not in page  # a right over what has no page
    page = client.get(reverse("admin:auth_group_delete", args=[group.pk]), headers=polish).content.decode()
    assert "Członkowie (ich konta zostają): 1" in page
    assert "_permissions object" not in page
    assert "relationship" not in page
    answer = client.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"})
    assert answer.status_code == 302
    assert not Group.objects.filter(pk=group.pk).exists()


@pytest.mark.once
@pytest.mark.parametrize("year", ["0", "99999", "9" * 50, "9" * 3900])
@pytest.mark.parametrize(("model", "field"), [("events_showtime", "starts_at"), ("scraper_syncrun", "started_at")])
def test_a_year_beyond_all_calendars_is_no_fault(model: str, field: str, year: str) -> None:
    client = staff("view_showtime", "view_syncrun")
    answer = client.get(reverse(f"admin:{model}_changelist"), {f"{field}__year": year})
    assert answer.status_code in (200, 302, 400)


def test_a_login_leads_to_no_other_site_but_to_the_first_page() -> None:
    get_user_model().objects.create_superuser("kino", password="right")
    form = {"username": "kino", "password": "right", "next": "https://evil.example/"}
    assert Client().post(reverse("admin:login"), form)["Location"] == reverse("admin:index")


@pytest.mark.parametrize("field", ["starts_at__year", "starts_at__month", "starts_at__day"])
def test_a_calendar_that_leads_nowhere_is_no_fault(field: str) -> None:
    client = staff("view_showtime")
    for value in ("0", "-1", "99999", "9" * 30, "x"):
        answer = client.get(reverse("admin:events_showtime_changelist"), {"starts_at__year": "2026", field: value})
        assert answer.status_code in (200, 302, 400), (field, value)
