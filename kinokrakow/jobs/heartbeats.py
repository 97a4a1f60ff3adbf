"""Who is alive: clusters of workers and watch loops that beat every few seconds, and the queue, once a minute.

Facts for whoever tells people (`/healthz`, monitors, the dashboard, `sync`):

- `workers_alive()`: how many worker processes stand ready, over all machines; 0 means that nobody will do a job.
- `gone_since()`: since when there are no workers, though there were.
- `last_seen(what)`: when a cluster, a watch loop or the queue last said that it works. The queue's beat is a scheduled
  task, so a fresh one proves the whole way: schedule, queue, worker, database.
- `silent(what, seconds)`: there has been one, but it has said nothing for so long.
- `living(what)`: the rows themselves, with machine, process, number of workers and how many of these are busy.

All by the database's clock, so that machines need not agree about theirs.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet, Sum
from django.db.models.functions import Now

from kinokrakow.jobs import identity
from kinokrakow.models import Heartbeat

EVERY = 5.0  # s between two beats of a cluster; a watch loop beats after every look
#: s after its last beat that one still counts as alive
ALIVE = {"cluster": 30.0, "watch": 180.0, "queue": 300.0}

What = Heartbeat.What
QUEUE = "queue"  # the name of the one row that says that scheduled tasks are done


def beat(what: str, *, name: str = "", workers: int = 0, busy: int = 0) -> None:
    """Say that this process (or `name`) works."""
    values = {"what": what, "workers": workers, "busy": busy, "seen_at": Now()}
    name = name or identity.name()
    if not Heartbeat.objects.filter(name=name).update(**values):
        Heartbeat.objects.update_or_create(name=name, defaults=values, create_defaults={**values, "began_at": Now()})


def end(name: str = "") -> None:
    """Say that this process ends, so that nobody counts on it."""
    Heartbeat.objects.filter(name=name or identity.name()).delete()


def queue() -> None:
    """The scheduled task by which the queue shows that it moves."""
    beat(What.QUEUE, name=QUEUE)


def living(what: str) -> QuerySet[Heartbeat]:
    """Those that said so lately (ALIVE)."""
    since = Now() - dt.timedelta(seconds=ALIVE[what])
    return Heartbeat.objects.filter(what=what, seen_at__gt=since).order_by("name")


def workers_alive() -> int:
    """Worker processes that stand ready or are at work, over all machines that share this database."""
    return int(living(What.CLUSTER).aggregate(count=Sum("workers", default=0))["count"])


def last_seen(what: str) -> dt.datetime | None:
    """The newest beat of its kind, or None when there has never been one (or not for a day)."""
    return Heartbeat.objects.filter(what=what).order_by("-seen_at").values_list("seen_at", flat=True).first()


def gone_since() -> dt.datetime | None:
    """When a worker was last known to be there; None while one is, and where there has never been any."""
    if workers_alive():
        return None
    return max(filter(None, (last_seen(What.CLUSTER), last_seen(What.QUEUE))), default=None)


def heard_from(name: str, seconds: float) -> bool:
    """Whether the process of that name (`identity.name`) has said in the last `seconds` s that it works."""
    return Heartbeat.objects.filter(name=name, seen_at__gt=Now() - dt.timedelta(seconds=seconds)).exists()


def silent(what: str, seconds: float) -> bool:
    """Whether there has been one of its kind, but none has said for `seconds` s that it works."""
    beats = Heartbeat.objects.filter(what=what)
    return beats.exists() and not beats.filter(seen_at__gt=Now() - dt.timedelta(seconds=seconds)).exists()


def forget() -> int:
    """Drop what has not been seen for a day, but the queue's row, which says since when nothing moves, and the
    backup's, which says when the last was made."""
    old = Heartbeat.objects.filter(seen_at__lt=Now() - dt.timedelta(days=1))
    old = old.exclude(what__in=(What.QUEUE, What.BACKUP))
    return old.delete()[0]
