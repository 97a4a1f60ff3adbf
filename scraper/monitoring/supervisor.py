"""Web server and workers as children of one process that ends, restarts and watches them.

Each child is a session of its own and dies with its parent (Linux), so no orphan goes on working. A
cluster that stands still although jobs are due (django-q2 can wedge when one of its helpers is killed)
is ended as a group and started again; the ledger makes that safe at any moment.
"""

from __future__ import annotations

import contextlib
import ctypes
import datetime as dt
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from django.db import Error as DatabaseError
from django.db.models import Q
from django.utils import timezone

from kinokrakow import jobs
from kinokrakow.models import Job, JobAttempt

logger = logging.getLogger(__name__)

GRACE = 4.0  # s a child has to end by itself
STILL = 30.0  # s that due jobs may lie untouched before the cluster counts as wedged
LOOK_EVERY = 5.0  # s between two looks at the ledger
PR_SET_PDEATHSIG = 1


class Child:
    """One long-running command, started again (after a growing pause) whenever it ends."""

    def __init__(self, name: str, argv: list[str]) -> None:
        self.name = name
        self.argv = argv
        self.started = 0.0
        self.restarts = 0
        self.process: subprocess.Popen[bytes] | None = None

    def keep_alive(self) -> None:
        """Start it if it does not run; at most once in a pause of 1, 2, 4 … 30 s while it keeps dying young."""
        if self.process is not None:
            if self.process.poll() is None:
                return
            age = time.monotonic() - self.started
            self.restarts = 0 if age > 60 else self.restarts
            if age < min(30, 2**self.restarts):
                return
            self.restarts += 1
            logger.warning("%s ended with %s; starting it again", self.name, self.process.returncode)
            self.signal(signal.SIGKILL)  # whatever of its group is left
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.argv, start_new_session=True, preexec_fn=die_with_parent)

    def stop(self) -> None:
        """End the whole group: politely, and after GRACE s by force."""
        if self.process is None:
            return
        self.signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE)
        self.signal(signal.SIGKILL)
        self.process.wait()

    def signal(self, number: int) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


def web_and_workers(port: int) -> list[Child]:
    manage = [sys.executable, "manage.py"]
    gunicorn = [sys.executable, "-m", "gunicorn", "kinokrakow.wsgi", "--bind", f"127.0.0.1:{port}"]
    return [
        Child("web", [*gunicorn, "--workers", "2", "--threads", "4", "--log-level", "warning"]),
        Child("workers", [*manage, "qcluster"]),
    ]


def supervise(children: list[Child], stopped: Callable[[], bool]) -> None:
    """Keep the children alive until `stopped()`, then end them all."""
    looked = 0.0
    try:
        while not stopped():
            for child in children:
                child.keep_alive()
            if time.monotonic() - looked > LOOK_EVERY:
                looked = time.monotonic()
                _watch(children)
            time.sleep(0.2)
    finally:
        for child in children:
            if child.process is not None:
                child.signal(signal.SIGTERM)
        for child in reversed(children):
            child.stop()


def _watch(children: list[Child]) -> None:
    """Bring back jobs of dead workers; end a cluster that stands still, `supervise` starts it again."""
    try:
        jobs.recover()
        wedged = stands_still()
    except DatabaseError as error:
        logger.warning("the database does not answer: %s", error)
        return
    for child in children:
        if child.name == "workers" and wedged and time.monotonic() - child.started > STILL:
            logger.error("jobs are due but nothing moves: ending the workers")
            child.stop()


def stands_still() -> bool:
    """Jobs have been due for STILL s, none is running, and none began or ended in that time."""
    since = timezone.now() - dt.timedelta(seconds=STILL)
    if not Job.objects.filter(state=Job.State.QUEUED, due_at__lt=since).exists():
        return False
    moving = Q(started_at__gte=since) | Q(finished_at__gte=since)
    running = Job.objects.filter(state=Job.State.RUNNING).exists()
    return not running and not JobAttempt.objects.filter(moving).exists()


def end_on_signals() -> None:
    """Ctrl-C and SIGTERM alike end with KeyboardInterrupt, even where a shell started us with SIGINT ignored (`&`)."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


def ignore_further_signals() -> None:
    """From here on only the orderly end counts: a second Ctrl-C can't cut it short."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def die_with_parent() -> None:
    """In the child, before exec: ask Linux for SIGTERM when the parent dies. Elsewhere there is no such thing."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
