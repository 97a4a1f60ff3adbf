"""What the workers have to do, do, and did: counts, durations and who is alive, read off the ledger of jobs.

django-q2 knows its clusters only inside their own processes (its statistics live in the cache); the ledger is
written by every worker on every machine.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from kinokrakow.models import Job, JobAttempt
from kinokrakow.staff import names

ATTEMPTS = 3000  # the newest, that durations are taken from
SEEN = dt.timedelta(hours=1)  # a worker that did something in this time is listed
RETRYING = "retrying"  # waiting for another attempt: a view of `queued`, not a state of its own

State = Job.State


def counts() -> list[tuple[str, str, int]]:
    """(state, label, jobs), waiting ones apart by whether an attempt of theirs has failed."""
    found = Job.objects.aggregate(
        **{state: Count("pk", filter=Q(state=state)) for state in State.values},
        **{RETRYING: Count("pk", filter=Q(state=State.QUEUED) & ~Q(error=""))},
    )
    labels = {**dict(State.choices), RETRYING: _("retrying")}
    found[State.QUEUED] -= found[RETRYING]
    order = (State.QUEUED, RETRYING, State.RUNNING, State.FAILED, State.CANCELLED, State.DONE)
    return [(state, str(labels[state]), found[state]) for state in order]


@dataclass(frozen=True, slots=True)
class Durations:
    """Of one kind of job, over its last attempts that ended: seconds it waited when due, and seconds it ran."""

    kind: str
    attempts: int
    waited: float  # median
    median: float
    p95: float
    slowest: float

    @property
    def called(self) -> str:
        return names.of_job_kind(self.kind)


def durations() -> list[Durations]:
    rows = JobAttempt.objects.filter(finished_at__isnull=False).order_by("-pk")
    ran: dict[str, list[float]] = defaultdict(list)
    waited: dict[str, list[float]] = defaultdict(list)
    for kind, begun, ended, wait in rows.values_list("job__kind", "started_at", "finished_at", "waited")[:ATTEMPTS]:
        if ended is not None:
            ran[kind].append((ended - begun).total_seconds())
            waited[kind].append(wait)
    return [
        Durations(kind, len(all_), quantile(waited[kind], 0.5), quantile(all_, 0.5), quantile(all_, 0.95), max(all_))
        for kind, all_ in sorted(ran.items())
    ]


def quantile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that took a job lately: when it last did, and what it does now (None: it waits for work)."""

    name: str
    seen_at: dt.datetime
    attempts: int
    job: Job | None


def workers(at: dt.datetime) -> list[Worker]:
    lately = JobAttempt.objects.filter(started_at__gte=at - SEEN).order_by()
    rows = lately.values_list("worker").annotate(Max("started_at"), Count("pk"))
    busy = {job.worker: job for job in Job.objects.filter(state=State.RUNNING)}
    return [
        Worker(name, seen, count, busy.get(name)) for name, seen, count in sorted(rows, key=lambda row: row[1])[::-1]
    ]
