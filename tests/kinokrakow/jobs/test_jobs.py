"""The ledger: what was asked for is done once, whole, and at its time, whoever dies over it."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connections, transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ
from pytest_django import Settings

from kinokrakow import http, jobs
from kinokrakow.jobs import identity, registry, transitions
from kinokrakow.models import HostGate, Job, JobAttempt
from tests.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

Function = Callable[[Job], None]
Register = Callable[..., None]

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> None:
    settings.RETRY_BASE_DELAY = 0.01


@pytest.fixture(autouse=True)
def work(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Says what jobs of the one kind there is, "work", do: `work(function, attempts=…, failed=…)`."""
    for kind in list(jobs.KINDS):
        monkeypatch.delitem(jobs.KINDS, kind)
    settled: list[Callable[[int], None]] = []
    monkeypatch.setattr(registry, "SETTLED", settled)
    monkeypatch.setattr(transitions, "SETTLED", settled)

    def register(function: Function, **options: Any) -> None:
        jobs.task("work", **options)(function)

    register(leave_a_trace)
    return register


def leave_a_trace(job: Job) -> None:
    """A job whose effect can be counted."""
    with jobs.finishing(job):
        HostGate.objects.create(host=f"{job.key} at attempt {job.attempt}")


def traces() -> list[str]:
    return list(HostGate.objects.order_by("pk").values_list("host", flat=True))


def raising(*errors: BaseException | None) -> Function:
    """Raises one after the other, attempt by attempt, the last one ever after; None does the work."""

    def function(job: Job) -> None:
        error = errors[min(job.attempt, len(errors)) - 1]
        if error:
            raise error
        leave_a_trace(job)

    return function


def ask(key: str = "one", **options: Any) -> Job:
    job, new = jobs.enqueue("work", key, **options)
    assert new
    return job


def outcomes(job: Job) -> list[str]:
    return list(job.attempts.values_list("outcome", flat=True))


def crash(job: Job) -> None:
    """Do the job in a process that is killed in the middle of it."""

    def killed(_job: Job) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def worker() -> None:
        jobs.KINDS["work"] = jobs.Kind(killed, 1, None)
        jobs.perform(job.pk)

    connections.close_all()  # a forked process must not share them
    process = multiprocessing.get_context("fork").Process(target=worker)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING


# --- asking -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", Job.ACTIVE)
def test_a_key_has_one_active_job(state: str) -> None:
    first = ask(day="2026-11-24")
    Job.objects.update(state=state)
    again, new = jobs.enqueue("work", "one", day="2026-11-25")
    assert (again.pk, new) == (first.pk, False)
    assert again.args == {"day": "2026-11-24"}
    assert OrmQ.objects.count() == 1
    assert ask("another").pk != first.pk


@pytest.mark.parametrize("state", [Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED])
def test_an_ended_job_does_not_hold_its_key(state: str) -> None:
    first = ask()
    Job.objects.update(state=state)
    assert ask().pk != first.pk


def test_two_who_ask_at_once_get_the_same_job() -> None:
    for number in range(10):
        key = f"key {number}"
        answers = together(*[lambda key=key: jobs.enqueue("work", key)] * 2)
        assert sorted(new for _, new in answers) == [False, True]
        assert len({job.pk for job, _ in answers}) == 1
    assert Job.objects.count() == OrmQ.objects.count() == 10


def test_a_job_exists_only_if_what_asked_for_it_was_committed() -> None:
    with transaction.atomic():
        ask()
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert not OrmQ.objects.exists()


def test_not_active_keeps_the_order_of_what_is_left() -> None:
    ask("b")
    ended = ask("c")
    assert jobs.cancel(ended.pk)
    assert jobs.not_active(["d", "c", "b", "a"]) == ["d", "c", "a"]


def test_the_queue_hands_a_job_out_when_it_is_due() -> None:
    job = ask(delay=60)
    row = OrmQ.objects.get()
    assert row.task["args"] == (job.pk,)
    assert row.lock == job.due_at
    assert job.due_at - timezone.now() == pytest.approx(dt.timedelta(seconds=60), abs=dt.timedelta(seconds=5))
    job.refresh_from_db()
    assert job.queue_row == row.pk


# --- doing ------------------------------------------------------------------------------------------


def test_a_job_is_done_once() -> None:
    job = ask()
    assert jobs.perform(job.pk) == "done"
    assert jobs.perform(job.pk) == "nothing to do"
    assert traces() == ["one at attempt 1"]


def test_a_job_handed_to_two_workers_at_once_is_done_once() -> None:
    for number in range(5):
        job = ask(f"key {number}")
        results = together(*[lambda pk=job.pk: jobs.perform(pk)] * 2)
        assert sorted(results) == ["done", "nothing to do"]
    assert len(traces()) == JobAttempt.objects.count() == 5


def test_a_job_that_no_longer_exists_is_nothing_to_do() -> None:
    assert jobs.perform(10**6) == "nothing to do"


def test_finishing_is_all_or_nothing(work: Register) -> None:
    def half(job: Job) -> None:
        with jobs.finishing(job):
            HostGate.objects.create(host=f"half of {job.attempt}")
            if job.attempt == 1:
                raise ZeroDivisionError

    work(half)
    job = ask()
    assert jobs.perform(job.pk) == "retry"
    assert traces() == []
    assert Job.objects.get().state == Job.State.QUEUED
    assert jobs.perform(job.pk) == "done"
    assert traces() == ["half of 2"]
    assert outcomes(job) == ["retry", "done"]


@pytest.mark.parametrize("error", [None, ZeroDivisionError(), jobs.GiveUp(), http.NotYet("host", 5)])
def test_who_lost_the_job_to_another_leaves_no_trace(work: Register, error: Exception | None) -> None:
    def slow(job: Job) -> None:
        if job.attempt == 1:  # so slow that its lease runs out, and the queue hands the job to another
            Job.objects.update(lease_until=LONG_AGO)
            assert jobs.perform(job.pk) == "done"
            if error:
                raise error
        leave_a_trace(job)

    work(slow)
    job = ask()
    assert jobs.perform(job.pk) == "superseded"
    assert traces() == ["one at attempt 2"]
    assert Job.objects.get().state == Job.State.DONE
    assert outcomes(job) == ["crashed", "done"]


def test_who_lost_the_job_leaves_no_trace_while_another_is_still_at_it(work: Register) -> None:
    lost: list[Job] = []

    def slow(job: Job) -> None:
        lost.append(job)
        if job.attempt == 1:
            Job.objects.update(lease_until=LONG_AGO)
            assert jobs.perform(job.pk) == "done"
            raise jobs.Superseded
        with pytest.raises(jobs.Superseded), jobs.finishing(lost[0]):
            HostGate.objects.create(host="too late")
        leave_a_trace(job)

    work(slow)
    assert jobs.perform(ask().pk) == "superseded"
    assert traces() == ["one at attempt 2"]


def test_a_function_that_forgets_to_finish_is_a_failure(work: Register) -> None:
    work(lambda job: None)
    assert jobs.perform(ask().pk) == "failed"
    assert "without finishing" in Job.objects.get().error


def test_a_job_of_a_newer_version_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Machines are upgraded one after the other."""
    job, crashed = ask(), ask("crashed on a newer one")
    with monkeypatch.context() as older:
        older.delitem(jobs.KINDS, "work")
        assert jobs.perform(job.pk) == "left to a newer version"
        Job.objects.filter(pk=crashed.pk).update(state=Job.State.RUNNING, attempt=1, lease_until=LONG_AGO)
        assert jobs.recover() == 1
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("queued", 0)
    assert job.due_at > timezone.now() + dt.timedelta(seconds=30)
    assert OrmQ.objects.get(pk=job.queue_row).lock == job.due_at
    assert [jobs.perform(pk) for pk in (job.pk, crashed.pk)] == ["done", "done"]


def test_a_kind_nobody_knows_any_more_is_a_failure_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    settled: list[int] = []
    jobs.when_settled(settled.append)
    job = ask(run=7)
    Job.objects.update(queued_at=timezone.now() - dt.timedelta(days=2))
    monkeypatch.delitem(jobs.KINDS, "work")
    assert jobs.perform(job.pk) == "failed"
    assert "'work'" in Job.objects.get().error
    assert settled == [7]


def test_every_end_of_a_run_s_job_is_announced_in_its_transaction(work: Register) -> None:
    seen: list[tuple[int, str]] = []

    @jobs.when_settled
    def settled(run: int) -> None:
        assert transaction.get_connection().in_atomic_block
        seen.append((run, Job.objects.get(run=run).state))

    jobs.perform(ask("done", run=1).pk)
    jobs.cancel(ask("cancelled", run=2).pk)
    jobs.perform(ask("of no run").pk)
    work(raising(ZeroDivisionError()), attempts=2)
    failing = ask("failed", run=3)
    jobs.perform(failing.pk)
    assert len(seen) == 2, "a job that will be tried again has not ended"
    jobs.perform(failing.pk)
    assert seen == [(1, "done"), (2, "cancelled"), (3, "failed")]


# --- failing ----------------------------------------------------------------------------------------


def test_pauses_grow_and_the_queue_keeps_to_them(work: Register, settings: Settings) -> None:
    settings.RETRY_BASE_DELAY = 2
    work(raising(ZeroDivisionError()), attempts=4)
    job = ask()
    pauses = []
    for _ in range(3):
        with time_machine.travel(timezone.now(), tick=False):
            begun = timezone.now()
            assert jobs.perform(job.pk) == "retry"
        job.refresh_from_db()
        pauses.append((job.due_at - begun).total_seconds())
        assert OrmQ.objects.get(pk=job.queue_row).lock == job.due_at
    assert pauses == [pytest.approx(mean, rel=0.3) for mean in (2, 8, 32)]


def test_a_host_that_names_a_time_is_left_alone_for_that_long(work: Register) -> None:
    work(raising(http.Unavailable("later", retry_after=500)))
    job = ask()
    begun = timezone.now()
    assert jobs.perform(job.pk) == "retry"
    job.refresh_from_db()
    assert (job.due_at - begun).total_seconds() >= 500


def test_attempts_are_capped(work: Register) -> None:
    given_up = []
    work(raising(ZeroDivisionError("again")), attempts=3, failed=lambda job, error: given_up.append((job.key, error)))
    job = ask()
    assert [jobs.perform(job.pk) for _ in range(4)] == ["retry", "retry", "failed", "nothing to do"]
    assert outcomes(job) == ["retry", "retry", "failed"]
    assert given_up == [("one", "ZeroDivisionError: again")]
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "ZeroDivisionError: again")
    assert job.finished_at is not None


@pytest.mark.parametrize("error", [jobs.GiveUp("the same again"), http.Blocked("robots.txt forbids it")])
def test_what_will_not_change_is_not_tried_again(work: Register, error: Exception) -> None:
    work(raising(error), attempts=3)
    job = ask()
    assert jobs.perform(job.pk) == "failed"
    assert outcomes(job) == ["failed"]


def test_a_job_ends_even_if_its_failure_cannot_be_told(work: Register) -> None:
    def failed(job: Job, error: str) -> None:
        Job.objects.filter(pk=job.pk).update(error="half told")
        raise LookupError("the film is gone")

    work(raising(ZeroDivisionError()), attempts=1, failed=failed)
    job = ask()
    assert jobs.perform(job.pk) == "failed"
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "ZeroDivisionError: ")


def test_not_yet_spends_no_attempt(work: Register) -> None:
    work(raising(*[http.NotYet("host", 60)] * 5, None), attempts=1)
    job = ask()
    for number in range(1, 6):
        begun = timezone.now()
        assert jobs.perform(job.pk) == "postponed"
        job.refresh_from_db()
        assert (job.attempt, job.spent, job.error) == (number, 0, "")
        assert (job.due_at - begun).total_seconds() == pytest.approx(60, abs=30)
    assert set(job.attempts.values_list("error", "traceback")) == {("NotYet: " + str(http.NotYet("host", 60)), "")}
    assert jobs.perform(job.pk) == "done"
    job.refresh_from_db()
    assert job.spent == 1


def test_an_attempt_keeps_its_whole_traceback_and_its_requests(work: Register) -> None:
    def inner() -> None:
        raise LookupError("no such\0thing")  # a page may hold anything, and PostgreSQL takes no NUL

    def function(job: Job) -> None:
        counter = http.meter.get()
        assert counter is not None
        counter["kino"] += job.attempt
        if job.attempt == 1:
            try:
                inner()
            except LookupError as error:
                raise ValueError("outer") from error
        leave_a_trace(job)

    work(function)
    job = ask()
    jobs.perform(job.pk)
    jobs.perform(job.pk)
    first, second = job.attempts.all()
    assert first.error == "ValueError: outer"
    assert first.traceback.startswith("Traceback (most recent call last)")
    assert all(
        part in first.traceback for part in ("in inner", "LookupError: no such", "in function", "ValueError: outer")
    )
    assert (second.error, second.traceback) == ("", "")
    assert (first.requests, second.requests) == ({"kino": 1}, {"kino": 2})
    assert http.meter.get() is None


def test_ctrl_c_hands_the_job_back(work: Register) -> None:
    work(raising(KeyboardInterrupt(), None), attempts=1)
    job = ask()
    with pytest.raises(KeyboardInterrupt):
        jobs.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.spent) == ("queued", 0)
    assert job.due_at <= timezone.now()
    assert jobs.perform(job.pk) == "done"


def test_a_worker_told_to_end_hands_its_job_back(work: Register) -> None:
    work(raising(registry.Stopped(), None), attempts=1)
    job = ask()
    with pytest.raises(registry.Stopped):
        jobs.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.spent, job.error) == ("queued", 0, "")
    assert jobs.perform(job.pk) == "done"


def test_the_time_limit_is_recorded_and_still_ends_the_worker(work: Register) -> None:
    work(raising(SystemExit("took too long"), None))
    job = ask()
    with pytest.raises(SystemExit):
        jobs.perform(job.pk)
    job.refresh_from_db()
    assert (job.state, job.spent) == ("queued", 1)
    attempt = job.attempts.get()
    assert (attempt.outcome, attempt.error) == ("retry", "SystemExit: took too long")
    assert "SystemExit: took too long" in attempt.traceback


# --- dying ------------------------------------------------------------------------------------------


def test_a_killed_worker_s_job_runs_again() -> None:
    job = ask()
    crash(job)
    assert jobs.perform(job.pk) == "nothing to do", "its lease still runs"
    assert jobs.recover() == 1
    assert jobs.recover() == 0
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    assert OrmQ.objects.filter(pk=job.queue_row, lock__lte=timezone.now()).exists()
    assert jobs.perform(job.pk) == "done"
    assert outcomes(job) == ["crashed", "done"]


def test_a_job_that_kills_every_worker_is_given_up(work: Register) -> None:
    given_up = []
    work(leave_a_trace, attempts=2, failed=lambda job, error: given_up.append(error))
    job = ask()
    crash(job)
    jobs.recover()
    crash(job)
    assert given_up == []
    jobs.recover()
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("failed", 2)
    assert len(given_up) == 1
    assert "lost during attempt 2" in given_up[0]


@pytest.mark.parametrize(("minutes", "recovered"), [(-1, 1), (1, 0)])
def test_a_worker_elsewhere_is_lost_when_its_lease_is(minutes: int, recovered: int) -> None:
    ask()
    lease = timezone.now() + dt.timedelta(minutes=minutes)
    Job.objects.update(state=Job.State.RUNNING, attempt=1, worker="elsewhere:1", lease_until=lease)
    assert jobs.recover() == recovered


def test_a_job_of_another_container_with_our_name_is_left_alone() -> None:
    """Its process numbers are its own: that none of ours has that number says nothing."""
    host, _, mark = identity.name().partition("/")
    place, _, started = mark.partition(".")
    other = f"{host.rpartition(':')[0]}:{2**22 - 1}/{int(place, 16) ^ 1:08x}.{started}"
    ask()
    lease = timezone.now() + dt.timedelta(minutes=1)
    Job.objects.update(state=Job.State.RUNNING, attempt=1, worker=other, lease_until=lease)
    assert jobs.recover() == 0


def test_leases_are_by_the_database_s_clock() -> None:
    """A machine whose clock is minutes ahead takes nobody's job, and its own leases are no longer than others'."""
    job, theirs = ask(), ask("theirs")
    lease = timezone.now() + dt.timedelta(minutes=1)
    Job.objects.filter(pk=theirs.pk).update(state=Job.State.RUNNING, attempt=1, worker="elsewhere:1", lease_until=lease)
    leases = []

    def function(job: Job) -> None:
        leases.append(job.lease_until)
        leave_a_trace(job)

    jobs.task("work")(function)
    real = timezone.now()
    with time_machine.travel(real + dt.timedelta(minutes=10)):
        assert jobs.recover() == 0
        assert jobs.perform(theirs.pk) == "nothing to do"
        assert jobs.perform(job.pk) == "done"
    assert leases[0] is not None
    assert leases[0] < real + dt.timedelta(minutes=5)


@pytest.mark.usefixtures("database_clock")
@pytest.mark.parametrize("minutes", [10, -10])
def test_a_machine_whose_clock_is_wrong_begins_nothing_early_or_late(minutes: int, work: Register) -> None:
    """Jobs are asked for, put off, handed out and judged by the database's clock."""
    began: list[dt.datetime] = []

    def function(job: Job) -> None:
        began.append(job.started_at or LONG_AGO)
        raise http.NotYet("site.example", 300)

    work(function)
    due = ask("due")
    jobs.enqueue("work", "later", delay=300)
    due.refresh_from_db()
    real = timezone.now()
    OrmQ.objects.filter(pk=due.queue_row).update(lock=real - dt.timedelta(seconds=1))
    with time_machine.travel(real + dt.timedelta(minutes=minutes)):
        broker = get_broker()
        assert [row for row, _ in broker.dequeue()] == [due.queue_row]
        assert broker.dequeue() is None, "the other one is due in five minutes"
        assert jobs.perform(due.pk) == "postponed"
        asked_there = ask("asked there")
    offs = (
        began[0] - real,
        Job.objects.get(pk=asked_there.pk).due_at - real,
        Job.objects.get(pk=due.pk).due_at - real - dt.timedelta(minutes=5),
    )
    assert all(abs(off) < dt.timedelta(minutes=1) for off in offs)


def test_what_a_wrong_clock_wrote_does_not_hold_a_job_for_ever() -> None:
    late, running = ask("late"), ask("running")
    month = timezone.now() + dt.timedelta(days=30)
    Job.objects.filter(pk=late.pk).update(due_at=month)
    OrmQ.objects.filter(pk=late.queue_row).update(lock=month)
    Job.objects.filter(pk=running.pk).update(state=Job.State.RUNNING, attempt=1, worker="x:1", lease_until=month)
    jobs.recover()
    assert not Job.objects.filter(due_at__gt=timezone.now()).exists()
    assert not OrmQ.objects.filter(lock__gt=timezone.now()).exists()
    assert [jobs.perform(job.pk) for job in (late, running)] == ["done", "done"]


def test_a_job_at_work_is_left_alone(work: Register) -> None:
    recovered = []

    def function(job: Job) -> None:
        recovered.append(jobs.recover())
        leave_a_trace(job)

    work(function)
    assert jobs.perform(ask().pk) == "done"
    assert recovered == [0]


def test_a_lost_queue_row_is_sent_again_once() -> None:
    lost, waiting = ask("lost"), ask("waiting", delay=60)
    OrmQ.objects.all().delete()
    assert jobs.recover() == 0, "a moment late is not lost"
    Job.objects.filter(pk=lost.pk).update(due_at=timezone.now() - dt.timedelta(minutes=5))
    assert jobs.recover() == 1
    assert OrmQ.objects.get().task["args"] == (lost.pk,)
    assert jobs.recover() == 0
    assert OrmQ.objects.count() == 1
    waiting.refresh_from_db()
    assert waiting.state == Job.State.QUEUED


def test_a_row_that_a_dead_cluster_had_taken_is_handed_out_again() -> None:
    job = ask()
    Job.objects.update(due_at=timezone.now() - dt.timedelta(minutes=1))
    OrmQ.objects.update(lock=timezone.now() + dt.timedelta(minutes=5))
    assert jobs.recover() == 1
    assert OrmQ.objects.get().lock <= timezone.now()
    assert jobs.perform(job.pk) == "done"


def test_only_a_waiting_job_can_be_cancelled(work: Register) -> None:
    cancelled = []

    def function(job: Job) -> None:
        cancelled.append(jobs.cancel(job.pk))
        leave_a_trace(job)

    work(function)
    running = ask()
    assert jobs.perform(running.pk) == "done"
    assert (cancelled, jobs.cancel(running.pk)) == ([False], False)
    waiting = ask()
    assert jobs.cancel(waiting.pk)
    assert jobs.perform(waiting.pk) == "nothing to do"
    assert traces() == ["one at attempt 1"]


# --- without workers --------------------------------------------------------------------------------


def test_inline_does_a_run_to_its_end_and_needs_no_queue(work: Register) -> None:
    progress = []

    def function(job: Job) -> None:
        if job.key == "fails once" and job.attempt == 1:
            raise ZeroDivisionError
        with jobs.finishing(job):
            HostGate.objects.create(host=job.key)
            if job.key == "first":
                jobs.enqueue("work", "asked for by the first", run=7)

    work(function)
    for key in ("first", "fails once"):
        ask(key, run=7)
    other = ask("of another run", run=8)
    OrmQ.objects.all().delete()
    jobs.run_inline(7, lambda: progress.append(len(traces())))
    assert sorted(traces()) == ["asked for by the first", "fails once", "first"]
    assert Job.objects.get(pk=other.pk).state == Job.State.QUEUED
    assert not OrmQ.objects.exists()
    assert (progress[0], progress[-1]) == (0, 3)


def test_inline_takes_over_what_a_killed_one_left() -> None:
    crash(ask(run=7))
    jobs.run_inline(7)
    assert traces() == ["one at attempt 2"]


def test_inline_does_not_sit_out_an_hour(work: Register) -> None:
    work(raising(http.NotYet("host", 3600), None))
    job = ask(run=7)
    assert jobs.run_inline(7) is False
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    Job.objects.update(due_at=timezone.now())
    assert jobs.run_inline(7) is True
    assert traces() == ["one at attempt 2"]
