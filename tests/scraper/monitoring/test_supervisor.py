"""The supervisor ends what runs but does no work; `tests/scraper/test_work.py` kills real processes."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator

import pytest
from django.utils import timezone

from scraper.models import WatchState
from scraper.monitoring import supervisor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def watch() -> Iterator[supervisor.Child]:
    """A watch that has run for 26 minutes."""
    child = supervisor.Child(supervisor.WATCH, [sys.executable, "-c", "import time; time.sleep(60)"])
    child.keep_alive()
    child.started -= 26 * 60
    yield child
    child.stop()


def runs(child: supervisor.Child) -> bool:
    return child.process is not None and child.process.poll() is None


@pytest.mark.once
@pytest.mark.parametrize(("minutes", "stays"), [(10, True), (26, False), (None, False)])
def test_a_watch_that_gets_to_the_end_of_no_look_is_ended(
    watch: supervisor.Child, minutes: int | None, stays: bool
) -> None:
    looked = timezone.now() - dt.timedelta(minutes=minutes) if minutes else None
    WatchState.objects.update_or_create(pk=1, defaults={"looked_at": looked})
    supervisor._look([watch])
    assert runs(watch) is stays


def test_a_watch_that_has_just_begun_is_left_alone(watch: supervisor.Child) -> None:
    watch.started += 20 * 60
    supervisor._look([watch])
    assert runs(watch)
