"""Things that happen at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

import pytest
from django.db import connection, connections, transaction

T = TypeVar("T")

two_writers = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite has one writer: a transaction begins when the one before it has ended, so these two can't overlap",
)


def together(*functions: Callable[[], T]) -> list[T]:
    """Run each in a thread, with a database connection, of its own; all start at once. What each returned."""
    start = threading.Barrier(len(functions))

    def run(function: Callable[[], T]) -> T:
        try:
            start.wait(60)
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(functions)) as pool:
        return [future.result(90) for future in [pool.submit(run, function) for function in functions]]


def overlap(first: Callable[[], object], second: Callable[[], T]) -> T:
    """What `second` returned, begun in another transaction when `first` had done everything but commit."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            running = begin(pool, second)
        return running.result(90)


def begin(pool: ThreadPoolExecutor, function: Callable[[], T]) -> Future[T]:
    """Start it in a transaction of its own, and go on when it has ended or waits for ours. For `two_writers`."""

    def run() -> T:
        try:
            with transaction.atomic():
                return function()
        finally:
            connections.close_all()

    running = pool.submit(run)
    while not wait([running], timeout=0.005).done and not _somebody_waits_for_us():
        pass
    return running


def _somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return cursor.fetchone() is not None
