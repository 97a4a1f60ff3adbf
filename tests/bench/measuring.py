"""A figure as it is measured, and what the parts of the bench share."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of docs/BENCHMARKS.md: a ratio, the least and the greatest of its rounds, and what it should be."""

    name: str
    value: float
    least: float
    most: float
    rounds: int
    goal: str = ""
    note: str = ""


def ratio(
    name: str, above: Sequence[float], below: Sequence[float], *, goal: str = "", note: str = "", digits: int = 2
) -> Figure:
    """The median of the rounds' ratios. The two sides of a round are measured one right after the other, so what else
    the machine does slows both."""
    found = [a / b for a, b in zip(above, below, strict=True)]
    return plain(name, found, goal=goal, note=note, digits=digits)


def plain(name: str, found: Sequence[float], *, goal: str = "", note: str = "", digits: int = 2) -> Figure:
    return Figure(
        name, round(median(found), digits), round(min(found), digits), round(max(found), digits), len(found), goal, note
    )


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def cpu() -> Callable[[], float]:
    """Tells the CPU seconds that this process has used, and the process of its database: whatever else runs."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return time.process_time
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        clock = ~cursor.fetchone()[0] << 3 | 2  # as clock_getcpuclockid(3) makes it of a process's id
    return lambda: time.process_time() + time.clock_gettime(clock)


def tell(figure: Figure) -> None:
    """Hand a figure to whoever started this part."""
    print(json.dumps(asdict(figure)), flush=True)


def set_up() -> None:
    """Django on the (new) database of DATABASE_URL, migrated."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinokrakow.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
