# ruff: noqa: E501 - cases in tables of one line each
"""The cluster's sentinel among workers that are made up: who is counted down, replaced, told to end, and what breaks."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError
from django_q.conf import Conf

from kinokrakow import processes
from kinokrakow.jobs import cluster, heartbeats
from kinokrakow.jobs.cluster import IDLE, TIMED_OUT, Patience, Sentinel, Shared
from kinokrakow.models import Heartbeat

EMPTY, FULL = (
    SimpleNamespace(_poll=lambda: False),
    SimpleNamespace(_poll=lambda: True),
)  # queues, as multiprocessing asks them


class Clock:
    """Seconds that pass when somebody sleeps."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(cluster, "time", clock)
    return clock


class Exited(Exception):
    pass


@pytest.fixture(autouse=True)
def exits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found: list[int] = []

    def leave(code: int) -> None:
        found.append(code)
        raise Exited

    monkeypatch.setattr("kinokrakow.jobs.cluster.os._exit", leave)
    return found


class Worker:
    """A process with a timer."""

    def __init__(
        self, left: float = IDLE, *, alive: bool = True, exitcode: int | None = None, locked: bool = False
    ) -> None:
        self.alive, self.exitcode, self.locked, self.told = alive, exitcode, locked, list[str]()
        self.lock = SimpleNamespace(acquire=self._acquire, release=lambda: self.told.append("released"))
        self.timer = SimpleNamespace(value=left, get_lock=lambda: self.lock)

    def _acquire(self, *, timeout: float) -> bool:
        assert timeout > 0
        return not self.locked

    def is_alive(self) -> bool:
        return self.alive

    def kill(self) -> None:
        self.told.append("killed")

    def terminate(self) -> None:
        self.told.append("terminated")
        self.alive = False


def sentinel(*workers: Any, **more: Any) -> Any:
    made: Any = object.__new__(Sentinel)
    made.shared, made.pool, made.made_anew = Shared(), list(workers), []
    made.untaken, made.unsaved = Patience(cluster.UNTAKEN), Patience(cluster.UNSAVED)
    made.monitor, made.pusher, made.start_event = Worker(), Worker(), threading.Event()
    made.task_queue = made.result_queue = EMPTY
    made.broker, made.queue_name, made.reincarnate = "the broker", lambda: "q", made.made_anew.append
    for name, value in more.items():
        setattr(made, name, value)
    return made


def test_patience_counts_from_when_it_began_to_be_so(clock: Clock) -> None:
    patience = Patience(10.0)
    assert not patience.over(True)
    clock.now += 10.0
    assert not patience.over(True)
    clock.now += 0.5
    assert patience.over(True)
    assert not patience.over(False)
    assert not patience.over(True)
    assert patience.since == clock.now


def test_what_both_processes_tell_each_other(clock: Clock) -> None:
    shared = Shared()
    clock.now += 7.0
    assert (shared.since_last_round(), shared.busy, shared.ending) == (7.0, 0, False)
    shared.went_round(3)
    clock.now += 2.0
    assert (shared.since_last_round(), shared.busy) == (2.0, 3)
    shared.end()
    assert (shared.ending, shared.busy) == (True, 3)


@pytest.mark.parametrize(
    ("worker", "returned", "left", "replaced", "killed"),
    [
        (Worker(), IDLE, IDLE, False, False),
        (Worker(5.0), 5.0 - Conf.GUARD_CYCLE, 5.0 - Conf.GUARD_CYCLE, False, False),
        (Worker(Conf.GUARD_CYCLE / 2), IDLE, TIMED_OUT, True, True),
        (Worker(TIMED_OUT), IDLE, TIMED_OUT, True, True),
        (Worker(5.0, alive=False, exitcode=-9), IDLE, 5.0, True, False),
        (Worker(IDLE, alive=False, exitcode=0), IDLE, IDLE, True, False),
        (Worker(IDLE, alive=False, exitcode=1), IDLE, IDLE, True, False),
    ],
)
def test_a_worker_is_counted_down_and_replaced(
    worker: Worker, returned: float, left: float, replaced: bool, killed: bool
) -> None:
    one = sentinel(worker)
    assert one.look_after(worker) == returned
    assert (worker.timer.value, one.made_anew, "killed" in worker.told) == (left, [worker] * replaced, killed)
    assert worker.told[0] == "released"


@pytest.mark.parametrize(
    "worker",
    [Worker(locked=True), Worker(IDLE, alive=False, exitcode=-9)],
    ids=["its timer is locked", "idle, and killed"],
)
def test_what_may_have_left_a_lock_behind_ends_all(worker: Worker, exits: list[int], clock: Clock) -> None:
    other = Worker()
    with pytest.raises(Exited):
        sentinel(worker, other).look_after(worker)
    assert (exits, other.told) == ([1], ["terminated"])


def guarded(one: Any, monkeypatch: pytest.MonkeyPatch, clock: Clock, *, rounds: int) -> list[Any]:
    """Let it guard for so many rounds; what it asked of the scheduler."""
    asked: list[Any] = []
    monkeypatch.setattr(cluster, "scheduler", lambda *, broker: asked.append((broker, clock.now)))
    went = one.shared.went_round
    seen: list[int] = []

    def went_round(busy: int) -> None:
        seen.append(busy)
        went(busy)
        if len(seen) == rounds:
            one.shared.end()

    one.shared.went_round = went_round
    with pytest.raises(Exited):
        one.guard()
    asked.append(seen)
    return asked


def test_schedules_are_looked_at_now_and_then(clock: Clock, monkeypatch: pytest.MonkeyPatch, exits: list[int]) -> None:
    monkeypatch.setattr(Conf, "GUARD_CYCLE", 15.0)
    one = sentinel(Worker(40.0), Worker(), Worker(100.0))
    began = clock.now
    *asked, busy = guarded(one, monkeypatch, clock, rounds=4)
    assert asked == [("the broker", began), ("the broker", began + 45.0)]
    assert (busy, one.start_event.is_set(), exits) == ([2, 2, 1, 1], True, [0])
    assert one.pusher.told[0] == "killed"


@pytest.mark.parametrize(
    ("helper", "exitcode", "breaks"),
    [("monitor", -9, True), ("pusher", -15, True), ("monitor", 0, False), ("pusher", 1, False)],
)
def test_a_helper_that_was_killed_ends_all_and_one_that_ended_is_replaced(
    helper: str, exitcode: int, breaks: bool, clock: Clock, monkeypatch: pytest.MonkeyPatch, exits: list[int],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    dead = Worker(alive=False, exitcode=exitcode)
    one = sentinel(Worker(), **{helper: dead})
    guarded(one, monkeypatch, clock, rounds=1)
    assert (exits, one.made_anew) == (([1], []) if breaks else ([0], [dead]))
    assert (f"the {helper} was killed" in caplog.text) == breaks


@pytest.mark.parametrize(
    ("queue", "after", "busy"),
    [
        ("task_queue", cluster.UNTAKEN, False),
        ("result_queue", cluster.UNSAVED, False),
        ("result_queue", cluster.UNSAVED, True),
    ],
)
def test_what_nobody_takes_ends_all(
    queue: str, after: float, busy: bool, clock: Clock, monkeypatch: pytest.MonkeyPatch, exits: list[int]
) -> None:
    began = clock.now
    one = sentinel(Worker(1e6 if busy else IDLE), **{queue: FULL})
    guarded(one, monkeypatch, clock, rounds=10_000)
    assert exits == [1]
    assert after < clock.now - began < after + 2 * cluster.GRACE + 1


def test_a_task_may_lie_while_somebody_works(clock: Clock, monkeypatch: pytest.MonkeyPatch, exits: list[int]) -> None:
    one = sentinel(Worker(1e6), Worker(), task_queue=FULL)
    guarded(one, monkeypatch, clock, rounds=int(3 * cluster.UNTAKEN / Conf.GUARD_CYCLE))
    assert exits == [0]


def test_it_ends_in_order_when_the_work_is_done_or_the_time_over(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, exits: list[int]
) -> None:
    for left, least in ((0.0, 0.0), (5.0, cluster.GRACE)):
        worker, began = Worker(left), clock.now
        one = sentinel(worker, Worker())
        with pytest.raises(Exited):
            one.stop()
        assert (worker.told, one.pusher.told) == (["terminated"], ["killed"])
        assert least <= clock.now - began < least + 0.1
    assert exits == [0, 0]


def test_workers_that_do_not_end_are_waited_for_no_longer_than_their_grace(clock: Clock) -> None:
    stuck = Worker()
    stuck.terminate = lambda: stuck.told.append("terminated")  # type: ignore[method-assign]
    began = clock.now
    sentinel(stuck).end_workers()
    assert stuck.told == ["terminated"]
    assert cluster.GRACE <= clock.now - began < cluster.GRACE + 0.1


class Process:
    """The sentinel's process: alive for so many looks."""

    def __init__(self, looks: int) -> None:
        self.looks, self.told, self.exitcode = looks, list[str](), 3

    def __call__(self, **options: Any) -> Process:
        assert options["target"] is Sentinel
        (self.shared,) = options["args"]
        assert options["name"] == "sentinel"
        return self

    def is_alive(self) -> bool:
        self.looks -= 1
        return self.looks >= 0

    def start(self) -> None:
        self.told.append("start")

    def join(self, timeout: float | None = None) -> None:
        self.told.append(f"join {timeout}")

    def kill(self) -> None:
        self.told.append("kill")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Any:
    """Runs a cluster whose sentinel lives for so many looks; what came of it, and the beats."""

    def run(looks: int, *, told_after: int | None = None, rounds: bool = True, trouble: bool = False) -> Any:
        process, beats, told = Process(looks), list[Any](), threading.Event()
        begun = clock.now

        def wait(seconds: float) -> bool:
            clock.now += seconds
            if rounds:
                process.shared.went_round(2)
            if told_after is not None and looks - process.looks >= told_after:
                told.set()
            return told.is_set()

        def beat(what: str, **values: Any) -> None:
            beats.append((round(clock.now - begun, 1), what, values))
            if trouble:
                raise DatabaseError("locked")

        def end() -> None:
            if trouble:
                raise DatabaseError("locked")
            beats.append("end")

        monkeypatch.setattr(
            "kinokrakow.jobs.cluster.multiprocessing.get_context",
            lambda kind: SimpleNamespace(Process=process) if kind == "fork" else None,
        )
        monkeypatch.setattr(processes, "end_forks_with_parent", lambda: None)
        monkeypatch.setattr(processes, "told_to_end", lambda: SimpleNamespace(wait=wait, is_set=told.is_set))
        monkeypatch.setattr("kinokrakow.jobs.cluster.connections.close_all", lambda: None)
        monkeypatch.setattr(cluster, "close_old_connections", lambda: None)
        monkeypatch.setattr(heartbeats, "beat", beat)
        monkeypatch.setattr(heartbeats, "end", end)
        return cluster.run(), process, beats, clock.now - begun

    return run


def test_a_cluster_that_is_told_to_end_ends_well(started: Any) -> None:
    code, process, beats, took = started(10_000, told_after=60)
    assert code == 0
    assert process.told == ["start", f"join {3 * cluster.GRACE}", "kill", "join None"]
    assert process.shared.ending
    *beaten, ended = beats
    assert [beat[0] for beat in beaten] == pytest.approx([0, heartbeats.EVERY, 2 * heartbeats.EVERY], abs=0.5)
    assert [beat[1:] for beat in beaten] == [("cluster", {"workers": Conf.WORKERS, "busy": busy}) for busy in (0, 2, 2)]
    assert ended == "end"
    assert 11.9 < took < 12.3


def test_a_cluster_whose_sentinel_dies_or_goes_round_no_more_has_broken(
    started: Any, caplog: pytest.LogCaptureFixture
) -> None:
    code, process, _, took = started(10)
    assert (code, took < 2.2, "its sentinel: 3" in caplog.text) == (1, True, True)
    code, process, beats, took = started(10_000, rounds=False)
    assert (code, process.shared.ending) == (1, True)
    assert cluster.STUCK <= took < cluster.STUCK + 0.5
    assert [beat[0] for beat in beats[:-1]] == [0.0], "a sentinel that is stuck is not said to be alive"


def test_a_database_that_does_not_answer_ends_no_cluster(started: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert started(10_000, told_after=3, trouble=True)[0] == 0
    assert caplog.text.count("the database does not answer: locked") == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("database_clock")
def test_who_is_silent_and_who_was_heard_from() -> None:
    assert not heartbeats.silent(heartbeats.What.QUEUE, 0), "there has never been one"
    heartbeats.queue()
    heartbeats.beat(heartbeats.What.CLUSTER, name="here", workers=3, busy=1)
    assert (heartbeats.silent(heartbeats.What.QUEUE, 60), heartbeats.silent(heartbeats.What.QUEUE, -60)) == (
        False,
        True,
    )
    assert (
        heartbeats.heard_from("here", 60),
        heartbeats.heard_from("here", -60),
        heartbeats.heard_from("there", 60),
    ) == (True, False, False)
    heartbeats.beat(heartbeats.What.CLUSTER, name="here", workers=2)
    row = Heartbeat.objects.get(name="here")
    assert (row.workers, row.busy, Heartbeat.objects.get(name="queue").what) == (2, 0, "queue")
    assert heartbeats.workers_alive() == 2
