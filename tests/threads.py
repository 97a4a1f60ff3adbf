"""Things that happen at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def together(*functions: Callable[[], T]) -> list[T]:
    """Run each in a thread, with a database connection, of its own; all start at once. What each returned."""
    start = threading.Barrier(len(functions))

    def run(function: Callable[[], T]) -> T:
        try:
            start.wait(10)
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(functions)) as pool:
        return [future.result(30) for future in [pool.submit(run, function) for function in functions]]
