"""The demo's past agrees with its world, says that it is made up, and leaves nothing to be asked."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from events.models import ListedFilm, Showtime
from review.models import Decision
from scraper.coverage import readings
from scraper.demo.world import World
from scraper.management import demo_past
from scraper.models import Alert, DayScrape, SyncRun
from scraper.monitoring import messages

pytestmark = pytest.mark.django_db


def test_the_past_is_made_up_once_marked_and_of_use() -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    assert demo_past.write(now)
    unmarked = (
        SyncRun.objects.exclude(error__contains=demo_past.LABEL),
        Decision.objects.exclude(note=demo_past.LABEL),
    )
    for rows in unmarked:
        assert not rows.exists()
    assert not get_user_model().objects.get().is_active
    for day in DayScrape.objects.all():
        assert day.statements == {"demo": demo_past.LABEL}
    assert {run.status for run in SyncRun.objects.all()} == {"complete", "incomplete", "failed", "cancelled"}
    yesterday = today - dt.timedelta(days=1)
    truth = {(row.cinema_slug, row.starts_at) for row in World(yesterday).on(yesterday)}
    stored = Showtime.objects.filter(day=yesterday).select_related("cinema")
    assert {(row.cinema.slug, timezone.make_naive(row.starts_at)) for row in stored} == truth
    assert {
        day.expected is not None
        for day in readings.days([today + dt.timedelta(days=ahead) for ahead in range(5)])
        if not day.holiday
    } <= {True}
    verbs = set(Decision.objects.values_list("verb", flat=True))
    assert verbs == {"accept", "not_a_film", "not_on_tmdb"}
    assert 40 <= Decision.objects.count() <= 60
    assert Decision.objects.filter(undone_at__isnull=False).count() >= 3
    assert not ListedFilm.objects.open_questions(timezone.now()).exists()
    for alert in Alert.objects.all():
        assert alert.resolved_at
        assert "another version" not in messages.sentence(alert)
    assert not demo_past.write(now)


@pytest.mark.once
@pytest.mark.parametrize("hour", [dt.time(0, 5), dt.time(9), dt.time(13, 10), dt.time(15, 45), dt.time(23, 55)])
def test_no_sync_is_missed_at_whatever_hour_the_demo_is_begun(hour: dt.time) -> None:
    now = timezone.make_aware(dt.datetime.combine(dt.date(2026, 10, 26), hour))  # the clocks went back on the 25th
    assert demo_past.write(now)
    last = SyncRun.objects.latest("pk")
    assert last.finished_at
    assert dt.timedelta() < now - last.finished_at <= dt.timedelta(hours=25)
    for run in SyncRun.objects.all():
        assert timezone.localdate(run.started_at) == run.site_today
