"""The dates that the site offers are those of this week, or it is told: another week's are none of them."""

from __future__ import annotations

import datetime as dt

import pytest

from events.local_time import ZONE
from scraper.models import DayScrape, SyncRun
from scraper.monitoring import monitors

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("first", "days", "offered"),
    [(0, 7, None), (1, 7, None), (-1, 7, None), (0, 14, None), (7, 7, 0), (-7, 7, 0), (-3, 7, 4), (2, 7, 5), (0, 6, 6)],
)
def test_dates_on_offer(first: int, days: int, offered: int | None) -> None:
    run = SyncRun.objects.create(started_at=NOW, finished_at=NOW, site_today=NOW.date(), status="complete")
    for ahead in range(first, first + days):
        date = NOW.date() + dt.timedelta(days=ahead)
        counts = {"kijow": (9, 9, 0)}
        DayScrape.objects.create(
            run=run, date=date, date_said=date, status="verified", finished_at=NOW, by_cinema=counts
        )
    found = [one.facts for one in monitors.look(NOW).findings if one.kind == "dates_missing"]
    assert found == ([] if offered is None else [{"dates": offered}])
