"""Two transactions that publish into one event at the same moment leave it as if they had come one after the other."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import transaction

from events import publishing
from events.models import Event
from events.processing import programme
from tests.events.test_processing import DAY, HOUR, MORNING, link, listed, movie, store
from tests.threads import begin, overlap, two_writers

pytestmark = [two_writers, pytest.mark.django_db(transaction=True)]

FRIDAY = DAY + dt.timedelta(days=3)
LATER = MORNING + HOUR


@transaction.atomic
def one_event_of_two_days() -> Event:
    """Its two occurrences are of different days and of different listings, so the days' pages share no film."""
    store(listed("bugonia", "18:00"), listed("arco", "20:00"))
    store(listed("bugonia-2d", "18:00", day=FRIDAY), listed("sirat", "20:00", day=FRIDAY), day=FRIDAY)
    bugonia = movie()
    link("bugonia", bugonia)
    link("bugonia-2d", bugonia)
    return Event.objects.get()


def test_two_days_that_each_lose_an_occurrence_cancel_the_event() -> None:
    event = one_event_of_two_days()
    outcome = overlap(
        lambda: store(listed("arco", "20:00"), at=LATER),
        lambda: store(listed("sirat", "20:00", day=FRIDAY), day=FRIDAY, at=LATER),
    )
    event.refresh_from_db()
    assert (outcome.withdrawn, event.showtimes.count(), event.status) == (1, 0, Event.Status.CANCELLED)


def test_an_event_that_loses_its_last_occurrence_as_it_gains_another_stays() -> None:
    event = one_event_of_two_days()
    with transaction.atomic():
        store(listed("sirat", "20:00", day=FRIDAY), day=FRIDAY, at=LATER)
    assert event.showtimes.count() == 1
    gains = [listed("bugonia-2d", "21:00", day=FRIDAY), listed("sirat", "20:00", day=FRIDAY)]
    outcome = overlap(
        lambda: store(*gains, day=FRIDAY, at=LATER),
        lambda: store(listed("arco", "20:00"), at=LATER),
    )
    event.refresh_from_db()
    assert (outcome.withdrawn, event.showtimes.count(), event.status) == (1, 1, Event.Status.SCHEDULED)


def test_a_film_is_matched_while_a_page_withdraws_its_showtimes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page lists the film no more. Once neither came first: each held a row that the other went on to ask for."""
    event = one_event_of_two_days()
    other, publish = movie("Save the Green Planet!", 12180), publishing.publish
    matching: list[Future[int]] = []

    def withdrawn(films: set[int], at: dt.datetime) -> int:
        monkeypatch.undo()
        matching.append(begin(pool, lambda: link("bugonia", other, at=LATER)))
        return publish(films, at)

    monkeypatch.setattr(programme, "publish", withdrawn)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        outcome = store(listed("arco", "20:00"), at=LATER)
    assert (outcome.withdrawn, [it.result() for it in matching]) == (1, [0])
    assert (event.showtimes.count(), Event.objects.filter(movie=other).exists()) == (1, False)
