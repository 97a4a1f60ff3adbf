"""The rounds of chaos: faults, kills or both for some seconds, then everything well, a sync, and the reckoning."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
import time
from collections.abc import Callable, Collection
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from events.models import ListedFilm
from kinokrakow.models import Job
from scraper.demo.site import DemoSite
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.tmdb.entries import TMDB_ENTRIES
from scraper.demo.world import World
from scraper.models import SyncRun
from scraper.sync import runs
from tests.chaos import decided, faults, said
from tests.chaos.machine import KILLS, Machine
from tests.chaos.services import Services
from tests.chaos.tally import ALONE, DOUBLED, LOST, MIXED, OTHERWISE, STUCK, Tally
from tests.deployment import Deployment, differences, wait_for
from tests.scraper import inline
from tests.scraper.test_work import BACK, WORKERS, working

STANDSTILL = 120.0  # s
ROUND = 15.0  # s of kills and faults before a round is checked
ONE = 4.0  # s that a fault which comes alone lasts, at most
LASTS = {"SQLite held": 30.0, "disk full": 7.0, "frozen": 5.0, "refused connections": 2.0}  # s, alone
LASTS_MIXED = 7.0  # s at most
AT_ONCE = 4  # kinds of fault in a mixed round
KILLED_ALONE = 3  # times that one kind of process is killed before a round is checked
SHARE_ALONE = 0.6  # of the time, at most
GRACE = 90.0  # s until a well site must have been read after a round

Wrong = list[tuple[str, str]]


def chaos(seconds: float, clusters: int, dice: random.Random, server: str | None) -> int:
    """Go on for so long; returns how much was wrong."""
    end = time.monotonic() + seconds
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
        works = [running.enter_context(working(ours, "work"))]
        tally = Tally()
        rounds = Rounds(Services(site, tmdb, tally, dice), Machine(works, site, clock, server), tally, dice)
        rounds.begin()
        rounds.alone(time.monotonic() + SHARE_ALONE * seconds)
        works += [running.enter_context(working(ours, "work")) for _ in range(clusters - 1)]
        rounds.mixed(end)
        for work in works:
            work.process.terminate()
        wait_for(lambda: not any("qcluster" in line for line in ours.processes()), 30)
    return rounds.tell()


def _look_into(ours: Deployment) -> None:
    """This process looks into the deployment's database."""
    address = ours.environment["DATABASE_URL"]
    connection.close()
    path = urlsplit(address).path
    connection.settings_dict["NAME"] = path if connection.vendor == "sqlite" else path.lstrip("/")


class Rounds:
    def __init__(self, services: Services, machine: Machine, tally: Tally, dice: random.Random) -> None:
        self.services, self.machine, self.tally, self.dice = services, machine, tally, dice
        self.alerts = said.Alerts()
        self.names = faults.names(connection.vendor)
        self.decisions: list[decided.Decided] = []

    def begin(self) -> None:
        """A first sync in a world without faults, and a person's decisions that nothing may override."""
        if wrong := self._well_again():
            raise RuntimeError(f"the first sync, without any fault: {wrong}")
        wait_for(lambda: not Job.objects.active().filter(kind__in=("film", "match")).exists(), GRACE)
        self.decisions = decided.decide()
        self.alerts.begin()

    def alone(self, end: float) -> None:
        """Each kind of fault alone, with nobody killed, and each kind of process killed without any fault; in any
        order, on one `work`."""
        plan: list[tuple[str, Callable[[], Wrong]]] = [(name, partial(self._one, name)) for name in self.names]
        plan += [(name, partial(self._kills, name)) for name in KILLS]
        self.dice.shuffle(plan)
        for name, do in plan:
            if time.monotonic() > end:
                break
            self._round([name], ALONE, do)

    def mixed(self, end: float) -> None:
        """Four kinds of fault a round while anybody is killed: each kind once, then at random."""
        plan = [self.names[n : n + AT_ONCE] for n in range(0, len(self.names), AT_ONCE)]
        while time.monotonic() < end:
            chosen = plan.pop(0) if plan else self.dice.sample(self.names, AT_ONCE)
            self._round(chosen, MIXED, partial(self._several, chosen))

    def tell(self) -> int:
        """Print what was done; returns how much was wrong."""
        tally, machine = self.tally, self.machine
        every = [*self.names, *KILLS]
        wrong = tally.wrong.total() + (tally.standstill > STANDSTILL)
        print(
            f"{connection.vendor}: {machine.killed.total()} kills ({machine.processes} processes), "
            f"{len(self.names)} kinds of fault and {len(KILLS)} of kill in {tally.rounds} rounds, {wrong} wrong "
            f"{dict(tally.wrong)}, longest standstill {tally.standstill:.0f} s\nkills: {dict(machine.killed)}\n"
            f"alerts raised: {self.alerts.raised}\nnot tried, or had nothing to bite: {tally.not_tried(every)}\n"
            f"{tally.table(every)}",
            flush=True,
        )
        return wrong

    # --- a round

    def _round(self, names: list[str], phase: str, happen: Callable[[], Wrong]) -> None:
        self.phase, before, begun = phase, self.machine.killed.copy(), time.monotonic()
        _everything_is_due()
        _ask_for_a_sync()
        wrong = happen()
        said.look()
        self.services.mend()
        self.tally.standstill = max(self.tally.standstill, self.machine.works[0].do_a_job())
        wrong += self._well_again() + decided.overridden(self.decisions)
        explained = [name for name in names if name in self.names]
        wrong += [(OTHERWISE, what) for what in (*self.alerts.unexplained(explained), *self.alerts.left())]
        took = time.monotonic() - begun
        print(f"{connection.vendor}, {phase}: {', '.join(names)}, {took:.0f} s", flush=True)
        for how, what in wrong:
            print(f"  WRONG: {how}: {what}", flush=True)
        self.tally.ended(names, phase, self.machine.killed - before, wrong)

    def _one(self, name: str) -> Wrong:
        """Every other answer is faulty, until a sync is over or for a few seconds."""
        wrong = self._break([name])
        end = time.monotonic() + ONE
        while time.monotonic() < end and (_running() or not self.services.met(name, ALONE)):
            time.sleep(0.1)
        return wrong

    def _several(self, chosen: list[str]) -> Wrong:
        with self.machine.killing(self.dice):
            end = time.monotonic() + ROUND
            wrong = self._break(chosen)
            while time.monotonic() < end:
                time.sleep(1)
                self.services.other_of_tmdb()
        return wrong

    def _kills(self, name: str) -> Wrong:
        """One kind of process, a few times at random moments of a sync."""
        (work,) = self.machine.works
        for _ in range(KILLED_ALONE):
            wait_for(work.whole, BACK)
            end = time.monotonic() + ONE
            time.sleep(self.dice.uniform(0, 0.5))
            while not self.machine.kill(name, work) and time.monotonic() < end:
                _ask_for_a_sync()  # nobody is at a job
                time.sleep(0.05)
            self.tally.standstill = max(self.tally.standstill, work.do_a_job())
        return []

    def _break(self, chosen: Collection[str]) -> Wrong:
        """Let these faults begin: those of the machine come and go, the others are mended at the round's end."""
        self.services.break_down(chosen, self.phase)
        wrong: Wrong = []
        for name in chosen:
            if name in faults.OF_MACHINE:
                seconds = LASTS.get(name, 0.0)
                why = self.machine.suffer(name, min(seconds, LASTS_MIXED) if self.phase == MIXED else seconds)
                self.tally.kind(name, self.phase).met += not why
                wrong += [(OTHERWISE, f"{name} did not bite: {why}")] if why else []
        return wrong

    def _well_again(self) -> Wrong:
        """Wait until all is read; returns what is still missing."""
        begun, since = time.monotonic(), timezone.now()
        wrong: Wrong = []
        while time.monotonic() - begun < GRACE:
            wrong = self._reckon(since)
            if not wrong:
                break
            time.sleep(0.25)
        return wrong

    def _reckon(self, since: dt.datetime) -> Wrong:
        """What is not as it should be yet. Asks for a sync of its own: the last one had the faults."""
        try:
            last = SyncRun.objects.order_by("-pk").first()
            if last is not None and last.status == "running":
                return [(STUCK, "the sync is running")]
            if last is None or last.started_at < since or last.status != "complete":
                _ask_for_a_sync()
                return [(STUCK, f"the last sync is {last and last.status}")]
            shown = [row for row in inline.export() if not row["withdrawn"]]
            if found := differences(shown, self.services.site.truth()):
                _ask_for_a_sync()
                return [(DOUBLED if what.startswith(("twice", "extra")) else LOST, what) for what in found[:10]]
            stuck = Job.objects.active().filter(due_at__lt=timezone.now() - dt.timedelta(seconds=STANDSTILL)).count()
            return [(STUCK, f"{stuck} jobs")] if stuck else []
        except DatabaseError as error:
            connection.close()
            return [(STUCK, f"the database: {error}")]


def _running() -> bool:
    with suppress(DatabaseError):
        return SyncRun.objects.filter(status="running").exists()
    return True


def _ask_for_a_sync() -> None:
    with suppress(DatabaseError):
        runs.start_sync()


def _everything_is_due() -> None:
    """So that a sync reads the films' pages and asks TMDB again, about the decided ones too."""
    with suppress(DatabaseError):
        ListedFilm.objects.update(facts_due_at=timezone.now(), match_due_at=timezone.now())
