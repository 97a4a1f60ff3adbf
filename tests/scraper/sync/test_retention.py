"""What grows with time is dropped with time; what people decided is not."""

from __future__ import annotations

import datetime as dt

import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django import Settings

from events.models import Cinema, ListedFilm, Showtime
from kinokrakow import jobs
from review.models import Decision
from scraper.models import Alert, DayScrape, Delivery, SyncRun
from scraper.sync import retention

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def a_row_of_each(at: dt.datetime, name: str) -> None:
    film = ListedFilm.objects.create(slug=name, title=name, first_seen_at=at, last_seen_at=at)
    cinema = Cinema.objects.create(slug=name, name=name)
    Showtime.objects.create(
        external_id=name, film=film, cinema=cinema, day=at.date(), starts_at=at, first_seen_at=at, last_seen_at=at
    )
    run = SyncRun.objects.create(started_at=at, finished_at=at, status=SyncRun.Status.COMPLETE)
    DayScrape.objects.create(run=run, date=at.date())
    alert = Alert.objects.create(kind="no_run", subject=name, level="bad", opened_at=at, updated_at=at, resolved_at=at)
    message = Delivery.objects.create(channel="e-mail", title="t", text="t", created_at=at, ended_at=at)
    message.alerts.add(alert)
    user = User.objects.create(username=name)
    Decision.objects.create(film=film, verb=Decision.Verb.DEFER, by=user, at=at, facts={}, before={})
    entry = LogEntry.objects.create(user=user, action_flag=1)
    LogEntry.objects.filter(pk=entry.pk).update(action_time=at)


def counts() -> dict[str, int]:
    models = (Showtime, SyncRun, DayScrape, Alert, Delivery, LogEntry, Decision, ListedFilm, Cinema)
    return {model.__name__: model._default_manager.count() for model in models}


def test_history_is_kept_for_as_long_as_the_setting_says(settings: Settings) -> None:
    settings.HISTORY_DAYS = 100
    a_row_of_each(NOW - dt.timedelta(days=103), "old")
    a_row_of_each(NOW - dt.timedelta(days=99), "young")
    standing = Alert.objects.create(
        kind="no_run", subject="open", level="bad", opened_at=NOW - dt.timedelta(days=200), updated_at=NOW
    )
    assert retention.overdue(NOW) == 5  # a day goes with its run
    assert jobs.perform(retention.ask()) == "done"
    kept_for_good = {"Decision": 2, "ListedFilm": 2, "Cinema": 2}
    assert counts() == dict.fromkeys(counts(), 1) | kept_for_good | {"Alert": 2}
    assert Alert.objects.filter(pk=standing.pk).exists()
    assert retention.overdue(NOW) == 0


def test_sessions_and_failed_logins_go_when_they_count_no_more() -> None:
    for key, expires in (("old", NOW - dt.timedelta(minutes=1)), ("young", NOW + dt.timedelta(days=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
        attempt = AccessAttempt.objects.create(username=key, failures_since_start=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=expires - dt.timedelta(days=1))
    assert jobs.perform(retention.ask()) == "done"
    assert [session.session_key for session in Session.objects.all()] == ["young"]
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["young"]
