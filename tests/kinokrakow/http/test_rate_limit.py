"""The gate, strict across real processes with the CPUs kept busy."""

from __future__ import annotations

import datetime as dt
import itertools
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import F
from django.utils import timezone

from kinokrakow.http import rate_limit, robots
from kinokrakow.models import HostGate, Turn

pytestmark = pytest.mark.django_db(transaction=True)

INTERVAL = 0.4  # s; its pad is 10 ms: with less, a process that is put to sleep before it notes its slot fails the test
HOST = "cinema.example:80"
TICK = 0.005  # s; between a database's clock and ours


def _take_slots(database: str, count: int, results: multiprocessing.Queue[list[tuple[float, float]]]) -> None:
    connection.settings_dict["NAME"] = database
    connection.close()
    taken = []
    for _ in range(count):
        while True:
            slot = rate_limit.take(HOST, INTERVAL, None, _too_long)
            before = time.monotonic()
            if slot.hold():  # as http does at the last moment
                break
        taken.append((before, time.monotonic()))
        slot.sent()
    results.put(taken)


def _too_long(host: str, seconds: float) -> Exception:
    return TimeoutError(f"{host}: {seconds}")


class TooLong(Exception):
    pass


def _burn(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_four_processes_on_busy_cpus_never_come_too_close() -> None:
    fork = multiprocessing.get_context("fork")
    name = str(connection.settings_dict["NAME"])
    connection.close()
    results: multiprocessing.Queue[list[tuple[float, float]]] = fork.Queue()
    takers = [fork.Process(target=_take_slots, args=(name, 3, results)) for _ in range(4)]
    burners = [fork.Process(target=_burn, args=(3,)) for _ in range(os.cpu_count() or 2)]
    for process in takers + burners:
        process.start()
    moments = sorted(moment for _ in takers for moment in results.get(timeout=60))
    for process in takers + burners:
        process.join()
    assert len(moments) == 12
    gaps = [later[1] - earlier[0] for earlier, later in itertools.pairwise(moments)]
    assert min(gaps) >= INTERVAL


def test_a_far_slot_is_told_not_slept_for() -> None:
    rate_limit.push(HOST, 60)
    begun = time.monotonic()
    with pytest.raises(TimeoutError, match=r"cinema.example:80: 5[89]|60"):
        rate_limit.take(HOST, INTERVAL, 5, _too_long)
    assert time.monotonic() - begun < 30


def test_a_push_only_ever_moves_the_gate_away() -> None:
    rate_limit.push(HOST, 60)
    far = HostGate.objects.get(host=HOST).next_at
    rate_limit.push(HOST, 1)
    assert HostGate.objects.get(host=HOST).next_at == far


def test_a_slot_used_late_moves_the_next_one_on() -> None:
    begun = time.monotonic()
    slot = rate_limit.take(HOST, 0.5, None, _too_long)
    before = HostGate.objects.get(host=HOST).next_at
    late = 0.1 + 2 * slot.tolerance  # which is long where the database was slow to grant it
    time.sleep(late)
    slot.sent()
    took = time.monotonic() - begun
    moved = (HostGate.objects.get(host=HOST).next_at - before).total_seconds()
    assert late - TICK <= moved <= took + TICK


def test_a_slot_that_was_pushed_away_is_lost() -> None:
    slot = rate_limit.take(HOST, 0.5, None, _too_long)
    rate_limit.push(HOST, 30)
    assert not slot.renew()


def test_hosts_do_not_wait_for_each_other() -> None:
    rate_limit.push("one.example", 60)
    begun = time.monotonic()
    rate_limit.take("other.example", INTERVAL, 5, _too_long)
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_database_slower_than_the_pad_still_grants(before: bool) -> None:
    """Where every commit waits for a slow disk no grant is ever within the usual pad; the slot is widened instead,
    and all of it counts, however long ago the database granted it when we hear of it."""

    def slowly(execute: Callable[..., Any], *arguments: Any) -> Any:
        time.sleep(0.05 if before else 0)
        result = execute(*arguments)
        time.sleep(0 if before else 0.05)
        return result

    HostGate.objects.create(host=HOST)
    with connection.execute_wrapper(slowly):
        slot = rate_limit.take(HOST, INTERVAL, None, _too_long)
    taken = time.monotonic()
    rate_limit.take(HOST, INTERVAL, None, _too_long)
    assert time.monotonic() - taken >= INTERVAL
    assert slot.tolerance >= 0.05


# --- in the order of asking ---------------------------------------------------------------------------


def test_forty_waiters_come_in_the_order_in_which_they_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """`leave` says the order: nobody is granted a slot while one that asked earlier still stands in line. When a slot
    says that it was granted is a little earlier than that, by as much as the database let it wait."""
    rate_limit.push(HOST, 600)  # until all of them stand in line
    came: dict[str, None] = {}
    leave = rate_limit._Place.leave

    def noted(place: rate_limit._Place) -> None:
        came.setdefault(place.caller.name)
        leave(place)

    def wait(number: int) -> None:
        rate_limit.caller.set(rate_limit.Caller(str(number)))
        try:
            rate_limit.take(HOST, 0.15, None, _too_long)
        finally:
            connections.close_all()

    monkeypatch.setattr(rate_limit._Place, "leave", noted)
    with ThreadPoolExecutor(40) as pool:
        for number in range(40):
            pool.submit(wait, number)
            until = time.monotonic() + 60  # however busy the machine: they are to ask one after the other
            while Turn.objects.count() == number and time.monotonic() < until:
                time.sleep(0.005)
        HostGate.objects.update(next_at=timezone.now())
    assert list(came) == [str(number) for number in range(40)]
    assert not Turn.objects.exists()


@pytest.fixture
def as_caller() -> Iterator[Callable[[str], None]]:
    """Says whose requests the following ones are."""
    token = rate_limit.caller.set(None)
    yield lambda name: rate_limit.caller.set(rate_limit.Caller(name)) and None
    rate_limit.caller.reset(token)


def test_who_went_away_finds_its_place_again(as_caller: Callable[[str], None]) -> None:
    """Five workers' jobs at a host with a Crawl-delay: each is told when to be back, one turn after the other."""
    seconds = []
    for number in range(5):
        as_caller(f"job:{number}")
        try:
            rate_limit.take(HOST, 60, 5, TooLong)
        except TooLong as error:
            seconds.append(error.args[1])
    assert seconds == [pytest.approx(turn * 60, abs=25) for turn in range(1, 5)]
    HostGate.objects.update(next_at=timezone.now() - dt.timedelta(seconds=1))
    as_caller("job:9")
    with pytest.raises(TooLong):
        rate_limit.take(HOST, 60, 5, TooLong)  # others wait
    as_caller("job:1")
    rate_limit.take(HOST, 60, 5, TooLong)


def test_what_was_begun_goes_on_before_others_begin(as_caller: Callable[[str], None]) -> None:
    as_caller("begun")
    begun = rate_limit.caller.get()
    rate_limit.take(HOST, INTERVAL, 5, TooLong)
    rate_limit.push(HOST, 600)
    for name in ("other", "begun"):
        if name == "begun":
            rate_limit.caller.set(begun)
        else:
            as_caller(name)
        with pytest.raises(TooLong):
            rate_limit.take(HOST, INTERVAL, 5, TooLong)
    HostGate.objects.update(next_at=timezone.now() - dt.timedelta(seconds=1))
    as_caller("other")
    with pytest.raises(TooLong):
        rate_limit.take(HOST, INTERVAL, 0, TooLong)
    rate_limit.caller.set(begun)
    rate_limit.take(HOST, INTERVAL, 5, TooLong)


def test_who_does_not_show_up_is_passed_over() -> None:
    Turn.objects.create(host=HOST, holder="killed", here_until=timezone.now() + dt.timedelta(seconds=1))
    begun = time.monotonic()
    rate_limit.take(HOST, INTERVAL, None, _too_long)
    assert 0.5 < time.monotonic() - begun < 60


# --- clocks and closures ------------------------------------------------------------------------------


@pytest.mark.parametrize("interval", [0, INTERVAL])
def test_what_a_wrong_clock_wrote_counts_as_passed(interval: float) -> None:
    month = timezone.now() + dt.timedelta(days=30)
    HostGate.objects.create(host=HOST, next_at=month, robots="", robots_at=month)
    rate_limit.take(HOST, interval, 0, TooLong)
    assert robots.kept(HOST) is None
    HostGate.objects.update(next_at=month)
    rate_limit.push(HOST, 60)
    with pytest.raises(TooLong):
        rate_limit.take(HOST, interval, 0, TooLong)
    assert HostGate.objects.get().next_at < timezone.now() + dt.timedelta(minutes=2)


def test_a_crawl_delay_longer_than_any_retry_after_is_kept() -> None:
    day = 24 * 3600.0
    rate_limit.take(HOST, day, 0, TooLong)
    with pytest.raises(TooLong):
        rate_limit.take(HOST, day, 0, TooLong)


def test_a_host_is_closed_since_it_first_said_so() -> None:
    assert rate_limit.closures() == []
    rate_limit.push(HOST, 300)
    HostGate.objects.update(closed_since=F("closed_since") - dt.timedelta(minutes=15))
    rate_limit.push(HOST, 3600)
    (closed,) = rate_limit.closures()
    assert closed.host == HOST
    assert closed.seconds == pytest.approx(4500, abs=120)
    assert rate_limit.open_again(HOST)
    assert rate_limit.closures() == []
    rate_limit.take(HOST, INTERVAL, 0, TooLong)
    rate_limit.push(HOST, 60)
    assert rate_limit.closures()[0].seconds < 300
    assert not rate_limit.open_again("nobody.example")
