"""What each kind of job does: the functions that apps register, and the errors by which these end a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kinokrakow.models import Job


class GiveUp(Exception):
    """Raised by a job's function: trying again would bring the same."""


class Superseded(Exception):
    """This attempt lost its lease; another has taken the job over, and this one must leave no trace."""


class Stopped(SystemExit):
    """The worker was told to end: the job goes back as it was, since nothing failed."""

    def __str__(self) -> str:
        return "the worker was told to end"


@dataclass(frozen=True, slots=True)
class Kind:
    """How jobs of one kind are run. `failed(job, error)` runs in the transaction that gives the job up."""

    function: Callable[[Job], None]
    attempts: int
    failed: Callable[[Job, str], None] | None


KINDS: dict[str, Kind] = {}
SETTLED: list[Callable[[int], None]] = []


def task(
    kind: str, *, attempts: int = 4, failed: Callable[[Job, str], None] | None = None
) -> Callable[[Callable[[Job], None]], Callable[[Job], None]]:
    """Register the function that does jobs of `kind`, tried at most `attempts` times."""

    def register(function: Callable[[Job], None]) -> Callable[[Job], None]:
        KINDS[kind] = Kind(function, attempts, failed)
        return function

    return register


def when_settled(function: Callable[[int], None]) -> Callable[[int], None]:
    """Register `function(run)`, called in every transaction that ends a job of a run (the fan-in)."""
    SETTLED.append(function)
    return function
