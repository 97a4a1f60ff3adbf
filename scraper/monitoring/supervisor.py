"""Web server, workers and watch as children of one process that ends, restarts and watches them.

Each child is a session of its own and ends with its parent (Linux), so no orphan goes on working. Workers that stand
still although work is due are ended as a group and started again; the ledger makes that safe at any moment.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.db.models import Q
from django.db.models.functions import Now
from django_q.models import OrmQ

from kinokrakow import clock, jobs
from kinokrakow.jobs import heartbeats, identity
from kinokrakow.models import Heartbeat, Job, JobAttempt
from kinokrakow.processes import with_parent
from scraper.models import SyncRun, WatchState
from scraper.sync import schedules

logger = logging.getLogger(__name__)

GRACE = 6.0  # s a child has to end by itself
STILL = 30.0  # s that due work may lie untouched before the workers count as wedged
SILENT = 300.0  # s in which at least one scheduled task should have been done
GONE = dt.timedelta(minutes=3)  # without any worker: longer than to start them anew takes
BLIND = dt.timedelta(minutes=25)  # without a look, after which a watch that runs is ended and started again
YOUNG = 4.0  # s in which what can't start at all has died
PAUSE = 20.0  # s, the longest between two starts
LOOK_EVERY = 5.0  # s between two looks at the ledger
WORKERS, WATCH = "workers", "watch"


class Child:
    """One long-running command, started again (after a growing pause) whenever it ends.

    `silence`: seconds without a heartbeat after which it counts as hung; None where it gives none.
    """

    def __init__(self, name: str, argv: list[str], silence: float | None = None) -> None:
        self.name = name
        self.argv = argv
        self.silence = silence
        self.started = 0.0
        self.restarts = 0
        self.process: subprocess.Popen[bytes] | None = None

    def keep_alive(self) -> None:
        """Start it if it does not run; after a pause of 2, 4, 8 … PAUSE s while it dies as soon as it has started."""
        if self.process is not None:
            if self.process.poll() is None:
                return
            self.restarts = 0 if self.age > YOUNG else self.restarts
            if self.age < min(PAUSE, 2**self.restarts):
                return
            self.restarts += 1
            logger.warning("%s ended with %s; starting it again", self.name, self.process.returncode)
            self.signal(signal.SIGKILL)  # whatever of its group is left
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.argv, start_new_session=True, preexec_fn=with_parent())

    @property
    def age(self) -> float:
        return time.monotonic() - self.started

    def is_silent(self) -> bool:
        """It has run for `silence` s, and in all that time has not said that it works."""
        if self.silence is None or self.process is None or self.age < self.silence:
            return False
        return not heartbeats.heard_from(identity.name(self.process.pid), self.silence)

    def ask_to_end(self) -> None:
        """It ends its own children, in its own order; a signal to the whole group would take them from under it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> None:
        """End it: politely, and after GRACE s, or whatever it leaves behind, by force."""
        if self.process is None:
            return
        self.ask_to_end()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE)
        self.signal(signal.SIGKILL)
        self.process.wait()

    def signal(self, number: int) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


def web(port: int) -> Child:
    gunicorn = [sys.executable, "-m", "gunicorn", "kinokrakow.wsgi", "--bind", f"127.0.0.1:{port}"]
    return Child("web", [*gunicorn, "--workers", "2", "--threads", "4", "--log-level", "warning"])


def workers_and_watch() -> list[Child]:
    manage = [sys.executable, "manage.py"]
    return [Child(WORKERS, [*manage, "qcluster"], silence=120), Child(WATCH, [*manage, "watch"], silence=300)]


def supervise(children: list[Child], stopped: Callable[[], bool]) -> None:
    """Keep the children alive until `stopped()`, then end them all."""
    looked = 0.0
    try:
        while not stopped():
            for child in children:
                child.keep_alive()
            if time.monotonic() - looked > LOOK_EVERY:
                looked = time.monotonic()
                _look(children)
            time.sleep(0.2)
    finally:
        for child in children:
            child.ask_to_end()
        for child in reversed(children):
            child.stop()


def _look(children: list[Child]) -> None:
    """Bring back jobs of dead workers; end what stands still, `supervise` starts it again."""
    try:
        close_old_connections()
        jobs.recover()
        schedules.set_up()
        still = stands_still()
        silent = [child for child in children if child.is_silent()]
        blind = not WatchState.objects.filter(looked_at__gt=clock.now() - BLIND).exists()
    except DatabaseError as error:
        logger.warning("the database does not answer: %s", error)
        return
    for child in children:
        if child.name == WORKERS and still and child.age > STILL:
            logger.error("work is due but nothing moves: ending the workers")
            child.stop()
        elif child.name == WATCH and blind and child.age > BLIND.total_seconds():
            logger.error("nobody has looked for %s: ending the watch", BLIND)
            child.stop()
        elif child in silent:
            logger.error("%s has not said for %.0f s that it works: ending it", child.name, child.silence)
            child.stop()


def workers_gone(at: dt.datetime) -> dt.datetime | None:
    """Since when there are no workers, if there were some and that is longer than a restart takes; else None.

    Where syncs end all the same although that is more than a day ago, somebody now syncs without workers.
    """
    since = heartbeats.gone_since()
    if since is None or at - since < GONE:
        return None
    day = dt.timedelta(days=1)
    if at - since > day and SyncRun.objects.filter(finished_at__gt=since + day).exists():
        return None
    return since


def stands_still() -> bool:
    """Work is due that nobody takes: jobs, or tasks of django-q2's queue, for STILL s; or no scheduled task has been
    done for SILENT s, though there are workers. All that only while no job runs, began or ended lately."""
    now = clock.now()
    since = now - dt.timedelta(seconds=STILL)
    if Job.objects.filter(state=Job.State.RUNNING).exists():
        return False
    if JobAttempt.objects.filter(Q(started_at__gte=since) | Q(finished_at__gte=since)).exists():
        return False
    if Job.objects.filter(state=Job.State.QUEUED, due_at__lt=since).exists():
        return True
    if not heartbeats.living(Heartbeat.What.CLUSTER).filter(began_at__lt=Now() - dt.timedelta(seconds=STILL)).exists():
        return False
    return OrmQ.objects.filter(lock__lt=since).exists() or heartbeats.silent(Heartbeat.What.QUEUE, SILENT)
