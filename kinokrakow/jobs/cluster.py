"""The cluster of workers: django-q2's, but it ends as a whole where django-q2's would hang, and leaves nothing behind.

django-q2 starts a process anew when it dies. But an idle worker, the monitor and the pusher hold a queue's lock while
they wait: killed, they leave it locked, and their successors wait for ever. So such a death ends the cluster with an
exit status that isn't 0; what started it (`manage.py work`, systemd) starts it again, and the ledger hands out again
what was lost. A worker killed at work holds no lock: it alone is replaced.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
import uuid
from ctypes import c_double, c_int
from multiprocessing.queues import Queue
from multiprocessing.sharedctypes import RawArray
from typing import Any

from django.db import Error as DatabaseError
from django.db import close_old_connections, connections
from django_q import cluster as django_q_cluster
from django_q import scheduler as django_q_scheduler
from django_q.conf import Conf
from django_q.signals import post_spawn

from kinokrakow import clock, processes
from kinokrakow.jobs import heartbeats
from kinokrakow.jobs.registry import Stopped
from kinokrakow.models import Heartbeat

logger = logging.getLogger(__name__)

GRACE = 1.5  # s that a worker has to end the job it is at when the cluster is told to end, and as much to hand it back
UNTAKEN = 10.0  # s that a task may lie between pusher and workers while all of these are idle
UNSAVED = 60.0  # s that results may lie before the monitor
STUCK = 45.0  # s that the sentinel may take for one round
SCHEDULES_EVERY = 30.0  # s

IDLE, TIMED_OUT = -1.0, 0.0  # what a worker's timer says; above: seconds that its task has left

# It compares a schedule's next run with this. Two times of one zone are compared by what clocks show: in October, when
# 2:30 comes twice, it would look for a later 2:30 until three o'clock, in a transaction, and hang the whole cluster.
django_q_scheduler.localtime = lambda: clock.now()
django_q_scheduler.timezone = clock  # what is due, by the database's
scheduler = django_q_scheduler.scheduler


class Shared:
    """What the sentinel and the process that started it tell each other. No locks: either may be killed."""

    def __init__(self) -> None:
        self._times = RawArray(c_double, [time.monotonic()])
        self._flags = RawArray(c_int, [0, 0])

    def went_round(self, busy: int) -> None:
        self._times[0] = time.monotonic()
        self._flags[1] = busy

    def since_last_round(self) -> float:
        return float(time.monotonic() - self._times[0])

    @property
    def busy(self) -> int:
        return int(self._flags[1])

    @property
    def ending(self) -> bool:
        return bool(self._flags[0])

    def end(self) -> None:
        self._flags[0] = 1


def run() -> int:
    """Work until told to end (returns 0), or until the cluster breaks (returns 1: start it again)."""
    processes.end_forks_with_parent()
    told = processes.told_to_end()
    shared = Shared()
    connections.close_all()
    sentinel = multiprocessing.get_context("fork").Process(target=Sentinel, args=(shared,), name="sentinel")
    sentinel.start()
    beaten = 0.0
    while sentinel.is_alive() and not told.is_set() and shared.since_last_round() < STUCK:
        if time.monotonic() - beaten > heartbeats.EVERY and shared.since_last_round() < heartbeats.EVERY:
            beaten = time.monotonic()
            _beat(shared)
        told.wait(0.2)
    shared.end()
    sentinel.join(3 * GRACE)
    broke = not told.is_set()
    if broke:
        logger.error("the cluster broke (its sentinel: %s); all of it ends", sentinel.exitcode or "stuck")
    sentinel.kill()
    sentinel.join()
    try:
        heartbeats.end()
    except DatabaseError as error:
        logger.warning("the database does not answer: %s", error)
    return int(broke)


def _beat(shared: Shared) -> None:
    try:
        close_old_connections()
        heartbeats.beat(Heartbeat.What.CLUSTER, workers=Conf.WORKERS, busy=shared.busy)
    except DatabaseError as error:
        logger.warning("the database does not answer: %s", error)


class Sentinel(django_q_cluster.Sentinel):  # type: ignore[misc]
    """Starts workers, pusher and monitor, replaces those that end in order, and ends all when one was killed that may
    have left a lock behind."""

    pool: list[Any]  # processes with a `timer`
    task_queue: Queue[Any]
    result_queue: Queue[Any]

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self.untaken, self.unsaved = Patience(UNTAKEN), Patience(UNSAVED)
        super().__init__(threading.Event(), threading.Event(), uuid.uuid4())

    def start(self) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a whole group may be told to end; then our parent tells us
        super().start()

    def guard(self) -> None:
        """Look after the processes, and at the schedules, until told to end."""
        self.start_event.set()
        logger.info("%d workers of %s are ready", len(self.pool), self.queue_name())
        looked = 0.0
        while not self.shared.ending:
            timers = [self.look_after(worker) for worker in list(self.pool)]
            for helper in (self.monitor, self.pusher):
                if not helper.is_alive():
                    if helper.exitcode < 0:
                        self.break_off(f"{'the monitor' if helper is self.monitor else 'the pusher'} was killed")
                    self.reincarnate(helper)
            idle = all(timer == IDLE for timer in timers)
            if self.untaken.over(idle and not Queue.empty(self.task_queue)):
                self.break_off("all workers are idle, but none takes a task")
            if self.unsaved.over(not Queue.empty(self.result_queue)):
                self.break_off("nobody saves results")
            if time.monotonic() - looked > SCHEDULES_EVERY:
                looked = time.monotonic()
                scheduler(broker=self.broker)
            self.shared.went_round(sum(timer > 0 for timer in timers))
            time.sleep(Conf.GUARD_CYCLE)
        self.stop()

    def look_after(self, worker: Any) -> float:
        """Count down a worker's time, and replace it if it has ended or has none left. Returns its timer."""
        if not worker.timer.get_lock().acquire(timeout=2):
            self.break_off("a worker was killed, or hangs, while it wrote its timer")
        try:
            left = float(worker.timer.value)
            if worker.is_alive() and left > 0:
                left = worker.timer.value = max(TIMED_OUT, left - Conf.GUARD_CYCLE)
            if worker.is_alive() and left != TIMED_OUT:
                return left
            if left == IDLE and (worker.exitcode or 0) < 0:
                self.break_off("an idle worker was killed")
            self.reincarnate(worker)
        finally:
            worker.timer.get_lock().release()
        if left == TIMED_OUT:
            worker.kill()  # it was told to end already; one that is stuck outside Python would not
        return IDLE

    def break_off(self, why: str) -> None:
        """End at once; Linux ends our children with us. Jobs at work are handed back first, they are not to blame."""
        logger.error("%s: the cluster can't be trusted any more", why)
        self.end_workers()
        os._exit(1)

    def stop(self) -> None:
        """End in order: no new tasks, a moment to end the ones at work, and their results kept."""
        self.pusher.kill()
        _wait(lambda: all(worker.timer.value <= 0 for worker in self.pool), GRACE)
        self.end_workers()
        _wait(lambda: Queue.empty(self.result_queue), 0.5)
        os._exit(0)

    def end_workers(self) -> None:
        for worker in self.pool:
            worker.terminate()
        _wait(lambda: not any(worker.is_alive() for worker in self.pool), GRACE)


class Patience:
    """Whether something has been so for longer than `seconds` without a break."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.since: float | None = None

    def over(self, so: bool) -> bool:
        self.since = (self.since or time.monotonic()) if so else None
        return self.since is not None and time.monotonic() - self.since > self.seconds


def _wait(condition: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)


def _hand_back_when_told(**_: Any) -> None:
    """In a worker: SIGTERM ends it, and the job that it is at goes back to the ledger as if it had not begun."""

    def stop(*_: Any) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Stopped

    signal.signal(signal.SIGTERM, stop)


post_spawn.connect(_hand_back_when_told, dispatch_uid="kinokrakow.jobs.cluster")
