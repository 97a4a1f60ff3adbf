"""Whatever befalls runs, in any order: no alert is resolved whose subject nobody looked at, and no outage makes a page
greener. The judge here reads nothing but the rows of days."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.local_time import ZONE, week_from
from events.models import Cinema
from scraper.coverage import readings, week
from scraper.models import Alert, DayScrape, SyncRun
from scraper.monitoring import alerts, monitors
from tests.examples import examples

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # test_alerts asks PostgreSQL

FIRST = dt.datetime(2026, 11, 23, 9, tzinfo=ZONE)
CINEMAS = {"multikino": 30, "kijow": 12, "mikro": 4}
LOOKED_AT_ALWAYS = {"no_run", "jobs_stuck", "films_unread", "review_soon", "host_closed"}

#: What a run finds of a day, or of the whole week.
DAY = st.sampled_from(["well", "well", "well", "failed", "gone", "short", "odd", "empty", "no tickets"])
RUN: st.SearchStrategy[list[str] | None] = st.one_of(
    st.lists(DAY, min_size=7, max_size=7),
    st.lists(DAY, min_size=1, max_size=6),  # fewer dates on offer
    st.sampled_from(["well", "failed", "gone", "short", "odd", "no tickets"]).map(lambda what: [what] * 7),
    st.just([]),  # not even the calendar
    st.just(None),  # cancelled before it read anything
)
#: What it finds, after how many hours, and whether somebody looks while it is still reading.
STEPS = st.lists(st.tuples(RUN, st.sampled_from([1, 4, 9, 25, 50]), st.booleans()), min_size=2, max_size=7)

judged = {"resolved": 0, "looks": 0, "kept": 0}


@settings(max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_nothing_unseen_is_resolved_and_no_outage_makes_a_page_greener(
    steps: list[tuple[list[str] | None, int, bool]],
) -> None:
    with transaction.atomic():
        Cinema.objects.bulk_create([Cinema(slug=slug, name=slug.title()) for slug in CINEMAS])
        _run(["well"] * 7, FIRST)
        at = FIRST
        for found, hours, looked_at in steps:
            before = _colours(at)
            at += dt.timedelta(hours=hours)
            if looked_at and found:
                run = _run(found, at)
                SyncRun.objects.filter(pk=run.pk).update(status="running", finished_at=None)
                _look(at)
                run.save()
            else:
                _run(found, at)
            _look(at)
            if not found or set(found) == {"failed"}:
                greener = [date for date, well in _colours(at).items() if well and not before.get(date, True)]
                assert greener == [], "an outage made a day greener"
        transaction.set_rollback(True)


def _run(found: list[str] | None, at: dt.datetime) -> SyncRun:
    run = SyncRun.objects.create(started_at=at, finished_at=at, site_today=at.date(), status="cancelled")
    if found is None:
        return run
    rows = [_row(run, at, ahead, what) for ahead, what in enumerate(found)]
    DayScrape.objects.bulk_create(rows)
    read = sum(row.status != "failed" for row in rows)
    run.status = "complete" if read == 7 else "incomplete" if read else "failed"
    run.error = "" if rows else "Unavailable: the calendar: HTTP 502"
    run.save()
    return run


def _row(run: SyncRun, at: dt.datetime, ahead: int, what: str) -> DayScrape:
    date = at.date() + dt.timedelta(days=ahead)
    if what == "failed":
        return DayScrape(run=run, date=date, status="failed", error="E: no", attempts=4, finished_at=at)
    counts = {slug: (n, 0 if what == "no tickets" else n) for slug, n in CINEMAS.items()}
    if what == "gone":
        counts.pop("multikino")
    elif what == "short":
        counts = {slug: (n // 2, n // 2) for slug, (n, _) in counts.items()}
    elif what == "odd":
        counts = {"mikro": (2, 2)}
    elif what == "empty":
        counts = {}
    return DayScrape(
        run=run, date=date, date_said=date, ahead=ahead, status="verified" if counts else "empty", finished_at=at,
        suspicious=what == "odd", by_cinema=counts, showtimes=sum(n for n, _ in counts.values()),
    )  # fmt: skip


def _look(at: dt.datetime) -> None:
    open_before = {alert.pk: alert for alert in Alert.objects.open()}
    alerts.update(monitors.look(at), at=at)
    judged["looks"] += 1
    for alert in Alert.objects.filter(pk__in=open_before):
        if alert.resolved_at is None:
            judged["kept"] += 1
        elif alert.expired:
            assert _over(alert, at), f"{alert} expired before it was over"
        else:
            judged["resolved"] += 1
            assert _seen(alert, at), f"{alert} was resolved unseen"


def _read_by_the_last_run(date: dt.date) -> bool:
    """Whether the newest attempt at a date succeeded, and is not of a run before the last."""
    last = SyncRun.objects.exclude(status__in=("cancelled", "running")).latest("pk")
    newest = DayScrape.objects.filter(date=date).order_by("pk").last()
    return newest is not None and newest.status in ("verified", "empty") and newest.run_id == last.pk


def _dates(alert: Alert) -> list[dt.date]:
    """The dates that an alert is about; those of the last run's week for one about a week."""
    if alert.kind.startswith("day_"):
        return [dt.date.fromisoformat(alert.subject)]
    if alert.kind == "cinema_gone":
        return [dt.date.fromisoformat(iso) for iso in alert.facts["dates"]]
    last = SyncRun.objects.exclude(status__in=("cancelled", "running")).latest("pk")
    return list(last.days.values_list("date", flat=True))


def _over(alert: Alert, at: dt.datetime) -> bool:
    return alert.kind.startswith(("day_", "cinema_gone")) and max(_dates(alert)) < at.date()


def _seen(alert: Alert, at: dt.datetime) -> bool:
    if alert.kind in LOOKED_AT_ALWAYS:
        return True
    if alert.kind != "dates_missing" and SyncRun.objects.filter(status="running").exists():
        return False  # the week is half read
    ahead = [date for date in _dates(alert) if date >= at.date()]
    if alert.kind == "dates_missing":
        return bool(ahead)
    read = [_read_by_the_last_run(date) for date in ahead]
    return any(read) if alert.kind == "week_failed" else bool(read) and all(read)


def _colours(at: dt.datetime) -> dict[dt.date, bool]:
    """By date, whether the page shows it as well."""
    gone = week.gone_cinemas(Alert.objects.open())
    days = readings.days(week_from(at.date()))
    return {day.date: week.status_of(day, at, gone) in ("verified", "empty") for day in days}


def test_the_judge_had_something_to_judge() -> None:
    """After the test above, in the same process: the steps do open, keep and resolve alerts."""
    if judged["looks"]:
        assert judged["resolved"] > 20, judged
        assert judged["kept"] > 20, judged


def test_dates_that_a_wrong_clock_asked_for_are_nobody_s_and_those_on_offer_are() -> None:
    Cinema.objects.bulk_create([Cinema(slug=slug, name=slug.title()) for slug in CINEMAS])
    month = dt.timedelta(days=30)
    _run(["failed"] * 7, FIRST + month)
    Alert.objects.create(
        kind="day_failed", subject=str((FIRST + month).date()), level="bad", facts={}, opened_at=FIRST, updated_at=FIRST
    )
    _run(["well"] * 13 + ["failed"], FIRST + dt.timedelta(hours=1))
    at = FIRST + dt.timedelta(hours=2)
    alerts.update(monitors.look(at), at=at)
    told = Alert.objects.filter(kind="day_failed").values_list("subject", "expired", "resolved_at")
    assert sorted(told) == [
        (str(at.date() + dt.timedelta(days=13)), False, None),
        (str((FIRST + month).date()), True, at),
    ]
