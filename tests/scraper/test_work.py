"""`manage.py work`: whatever of it is killed, it is back at work within a minute, and nothing stays behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from kinokrakow import processes
from tests.deployment import ROOT, Deployment, kill, wait_for

WORKERS = 2
BACK = 60.0  # s
LONGEST = 300.0  # s that a job is waited for

#: Asks for a job for each line that it reads, and says "done" when a worker has done it, though the database may go.
#: A job that was given up, as its worker was killed at every attempt, is asked for again. What takes too long is told.
PROBE = f"""
import sys, time
from django.db import DatabaseError, connection
from kinokrakow import jobs
from kinokrakow.models import Job
print("ready", flush=True)
for line in sys.stdin:
    job = None
    end = time.monotonic() + {LONGEST}
    while (job is None or job.state != "done") and time.monotonic() < end:
        try:
            if job is None or job.state == "failed":
                job = jobs.enqueue("prune", "prune:" + line, part=1)[0]
            job = Job.objects.get(pk=job.pk)
        except DatabaseError:
            connection.close()
        time.sleep(0.05)
    print("done" if job and job.state == "done" else vars(job) if job else "no job", flush=True)
"""


class Work:
    """A running `work` (or `up`), the processes it consists of, and a way to see that it works."""

    def __init__(self, ours: Deployment, process: subprocess.Popen[bytes], probe: subprocess.Popen[str]) -> None:
        self.ours, self.process, self.probe = ours, process, probe

    def main(self) -> int:
        """The process that `work` started as `manage.py qcluster`."""
        return next(pid for pid in children(self.process.pid) if "qcluster" in command(pid))

    def sentinel(self) -> int:
        return children(self.main())[0]

    def helpers(self) -> list[int]:
        """The sentinel's children in the order in which it starts them: the workers, the monitor, the pusher."""
        return sorted(children(self.sentinel()))

    def whole(self) -> bool:
        with suppress(StopIteration, IndexError):
            return len(self.helpers()) == WORKERS + 2
        return False

    def do_a_job(self) -> float:
        """Seconds until a worker has done a job that is asked for now."""
        begun = time.monotonic()
        assert self.probe.stdin is not None
        assert self.probe.stdout is not None
        self.probe.stdin.write("work\n")
        self.probe.stdin.flush()
        assert select.select([self.probe.stdout], [], [], 2 * LONGEST)[0], "the probe stands still"
        assert (told := self.probe.stdout.readline()) == "done\n", f"not done in {LONGEST} s: {told}"
        return time.monotonic() - begun


@contextmanager
def working(ours: Deployment, *arguments: str) -> Iterator[Work]:
    process = ours.start(*arguments)
    probe = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", PROBE],
        cwd=ROOT, env=ours.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        preexec_fn=processes.with_parent(signal.SIGKILL),
    )  # fmt: skip
    try:
        assert probe.stdout is not None
        assert probe.stdout.readline() == "ready\n"
        work = Work(ours, process, probe)
        wait_for(work.whole, BACK)
        yield work
    finally:
        probe.kill()
        probe.communicate()
        kill(process)


Victim = Callable[[Work], list[int]]

VICTIMS: dict[str, Victim] = {
    "an idle worker": lambda work: work.helpers()[:1],
    "every worker": lambda work: work.helpers()[:WORKERS],
    "the monitor": lambda work: [work.helpers()[-2]],
    "the pusher": lambda work: [work.helpers()[-1]],
    "the sentinel": lambda work: [work.sentinel()],
    "the main process": lambda work: [work.main()],
    "the watch": lambda work: [pid for pid in children(work.process.pid) if "watch" in command(pid)],
    "the whole group": lambda work: [work.main(), work.sentinel(), *work.helpers()],
}


@pytest.mark.once  # on PostgreSQL `tests.chaos` kills
def test_whatever_is_killed_is_back_at_work(tmp_path: Path) -> None:
    ours = Deployment(tmp_path, Q_WORKERS=str(WORKERS))
    with working(ours, "work") as work:
        work.do_a_job()
        took = {}
        for name, victims in VICTIMS.items():
            wait_for(work.whole, BACK)
            for pid in victims(work):
                os.kill(pid, signal.SIGKILL)
            time.sleep(1)  # what was left of it could still do a job
            took[name] = work.do_a_job()
        print({name: round(seconds, 1) for name, seconds in took.items()})
        assert max(took.values()) < BACK, took


BROKEN = """
import os, django
django.setup()
from kinokrakow.jobs import cluster
cluster.Sentinel = lambda shared: os._exit(0)
raise SystemExit(cluster.run())
"""


@pytest.mark.once
def test_a_cluster_that_broke_does_not_end_as_if_all_were_well(tmp_path: Path) -> None:
    """So that a unit with `Restart=on-failure` starts it again."""
    ours = Deployment(tmp_path)
    ended = subprocess.run(
        [sys.executable, "-c", BROKEN],
        cwd=ROOT,
        env={**ours.environment, "DJANGO_SETTINGS_MODULE": "kinokrakow.settings"},
        check=False,
    )
    assert ended.returncode == 1


@pytest.mark.once
@pytest.mark.parametrize("whole_group", [False, True], ids=["itself", "its group"])
def test_nothing_stays_behind_however_it_ends(tmp_path: Path, whole_group: bool) -> None:
    """SIGTERM, and before it could end in order SIGKILL."""
    ours = Deployment(tmp_path, Q_WORKERS=str(WORKERS))
    with working(ours, "up", "--port", "0") as work:
        work.process.terminate()
        time.sleep(0.3)
        (os.killpg if whole_group else os.kill)(work.process.pid, signal.SIGKILL)
        work.process.wait()
        work.probe.kill()
        work.probe.wait()
        wait_for(lambda: not ours.processes(), 60)


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]


def command(pid: int) -> str:
    with suppress(OSError):
        return (Path("/proc") / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""
