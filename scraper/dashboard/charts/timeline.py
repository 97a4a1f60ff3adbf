"""The jobs of a run as bars on a line: from when each was asked for, through its attempts, to its end. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kinokrakow.models import Job, JobAttempt
from scraper.models import SyncRun


@dataclass(frozen=True, slots=True)
class Span:
    """An attempt: where it begins and how long it is, both in percent of the run; and how it ended."""

    x: float
    width: float
    outcome: str


@dataclass(frozen=True, slots=True)
class Line:
    """A job: seconds from the run's start until it was asked for, that it waited then and ran, and its attempts."""

    job: Job
    asked: float
    waited: float
    ran: float
    spans: tuple[Span, ...]


def of(run: SyncRun, at: dt.datetime) -> list[Line]:
    """All jobs of a run, in the order they were asked for."""
    jobs = list(Job.objects.filter(run=run.pk).order_by("pk"))
    end = max([run.finished_at or at, *(job.finished_at for job in jobs if job.finished_at)])
    whole = max(0.001, (end - run.started_at).total_seconds())
    attempts: dict[int, list[JobAttempt]] = {}
    for attempt in JobAttempt.objects.filter(job__run=run.pk).defer("traceback", "error"):
        attempts.setdefault(attempt.job_id, []).append(attempt)
    return [_line(job, attempts.get(job.pk, []), run.started_at, end, whole) for job in jobs]


def _line(job: Job, attempts: list[JobAttempt], start: dt.datetime, end: dt.datetime, whole: float) -> Line:
    def seconds(since: dt.datetime, until: dt.datetime) -> float:
        return max(0.0, (until - since).total_seconds())

    spans = tuple(
        Span(
            100 * seconds(start, attempt.started_at) / whole,
            max(0.4, 100 * seconds(attempt.started_at, attempt.finished_at or end) / whole),  # a sliver stays visible
            attempt.outcome,
        )
        for attempt in attempts
    )
    first = attempts[0].started_at if attempts else end
    ran = sum(seconds(attempt.started_at, attempt.finished_at or end) for attempt in attempts)
    return Line(job, seconds(start, job.queued_at), seconds(job.queued_at, first), ran, spans)
