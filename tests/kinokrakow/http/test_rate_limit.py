"""The gate, strict across real processes with the CPUs kept busy."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from kinokrakow.http import rate_limit
from kinokrakow.models import HostGate

pytestmark = pytest.mark.django_db(transaction=True)

INTERVAL = 0.2  # s; its pad is 10 ms: with less, a process that is put to sleep before it notes its slot fails the test
HOST = "cinema.example:80"


def _take_slots(database: str, count: int, results: multiprocessing.Queue[list[float]]) -> None:
    connection.settings_dict["NAME"] = database
    connection.close()
    taken = []
    for _ in range(count):
        slot = rate_limit.take(HOST, INTERVAL, None, _too_long)
        while not slot.hold():  # as http does at the last moment
            slot = rate_limit.take(HOST, INTERVAL, None, _too_long)
        taken.append(time.monotonic())
        slot.sent()
    results.put(taken)


def _too_long(host: str, seconds: float) -> Exception:
    return TimeoutError(f"{host}: {seconds}")


def _burn(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_four_processes_on_busy_cpus_never_come_too_close() -> None:
    fork = multiprocessing.get_context("fork")
    name = str(connection.settings_dict["NAME"])
    connection.close()
    results: multiprocessing.Queue[list[float]] = fork.Queue()
    takers = [fork.Process(target=_take_slots, args=(name, 3, results)) for _ in range(4)]
    burners = [fork.Process(target=_burn, args=(3,)) for _ in range(os.cpu_count() or 2)]
    for process in takers + burners:
        process.start()
    moments = sorted(moment for _ in takers for moment in results.get(timeout=60))
    for process in takers + burners:
        process.join()
    assert len(moments) == 12
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert min(gaps) >= INTERVAL


def test_a_far_slot_is_told_not_slept_for() -> None:
    rate_limit.push(HOST, 60)
    begun = time.monotonic()
    with pytest.raises(TimeoutError, match=r"cinema.example:80: 5[89]|60"):
        rate_limit.take(HOST, INTERVAL, 5, _too_long)
    assert time.monotonic() - begun < 5


def test_a_push_only_ever_moves_the_gate_away() -> None:
    rate_limit.push(HOST, 60)
    far = HostGate.objects.get(host=HOST).next_at
    rate_limit.push(HOST, 1)
    assert HostGate.objects.get(host=HOST).next_at == far


def test_a_slot_used_late_moves_the_next_one_on() -> None:
    slot = rate_limit.take(HOST, 0.5, None, _too_long)
    before = HostGate.objects.get(host=HOST).next_at
    time.sleep(0.1)
    slot.sent()
    moved = (HostGate.objects.get(host=HOST).next_at - before).total_seconds()
    assert moved == pytest.approx(0.1, abs=0.09)


def test_a_slot_that_was_pushed_away_is_lost() -> None:
    slot = rate_limit.take(HOST, 0.5, None, _too_long)
    rate_limit.push(HOST, 30)
    assert not slot.renew()


def test_hosts_do_not_wait_for_each_other() -> None:
    rate_limit.push("one.example", 60)
    begun = time.monotonic()
    rate_limit.take("other.example", INTERVAL, 5, _too_long)
    assert time.monotonic() - begun < 5


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
