"""The rounds of chaos: faults and kills for some seconds, then everything well, a sync, and the reckoning."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from kinokrakow.models import Job
from scraper.demo.site import DemoSite
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.world import TMDB_ENTRIES, World
from scraper.models import SyncRun
from scraper.sync import runs
from tests.chaos import faults
from tests.deployment import Deployment, differences, wait_for
from tests.scraper import inline
from tests.scraper.test_work import VICTIMS, WORKERS, Work, children, working

STANDSTILL = 120.0  # s
ROUND = 8.0  # s of kills and faults before a round is checked
HELD, FULL = 30.0, 4.0  # s
GRACE = 90.0  # s until a well site must have been read after a round


def chaos(seconds: float, clusters: int, dice: random.Random) -> int:
    """Go on for so long; returns how much was wrong."""
    wrong = 0
    tally = Tally()
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        site = running.enter_context(DemoSite(inline.small(World(timezone.localdate())), latency=0.02))
        tmdb = running.enter_context(DemoTmdb(TMDB_ENTRIES, token="t"))
        ours = Deployment(
            Path(folder), KINO_BASE_URL=site.url, KINO_REQUEST_INTERVAL="0.05", Q_WORKERS=str(WORKERS), Q_TIMEOUT="30",
            KINO_TIMEOUT="2", TMDB_BASE_URL=tmdb.url, TMDB_TOKEN="t", TMDB_REQUEST_INTERVAL="0", LOG_LEVEL="CRITICAL",
        )  # fmt: skip
        _look_into(ours)
        works = [running.enter_context(working(ours, "work")) for _ in range(clusters)]
        plan = _plan(dice)
        while time.monotonic() < end:
            chosen = plan.pop(0) if plan else dice.sample(faults.names(), 4)
            tally.faults.update(chosen)
            trouble = _round(chosen, site, tmdb, works, dice, tally)
            wrong += bool(trouble)
            if trouble:
                print(f"WRONG after {tally.killed.total()} kills, {chosen}: {trouble}", flush=True)
        for work in works:
            work.process.terminate()
        wait_for(lambda: not any("qcluster" in line for line in ours.processes()), 30)
    wrong += tally.longest > STANDSTILL
    print(
        f"{connection.vendor}: {tally.killed.total()} kills, {len(tally.faults)} kinds of fault in {tally.rounds} "
        f"rounds, {wrong} wrong, longest standstill {tally.longest:.0f} s: {dict(tally.killed)}; "
        f"never tried: {sorted(set(faults.names()) - set(tally.faults))}",
        flush=True,
    )
    return wrong


class Tally:
    def __init__(self) -> None:
        self.killed: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.rounds = 0
        self.longest = 0.0


def _plan(dice: random.Random) -> list[list[str]]:
    """Each kind once, three of them a round, in any order; what follows is mixed at random."""
    names = faults.names()
    dice.shuffle(names)
    return [names[n : n + 3] for n in range(0, len(names), 3)]


def _look_into(ours: Deployment) -> None:
    """This process looks into the deployment's database."""
    address = ours.environment["DATABASE_URL"]
    connection.close()
    path = urlsplit(address).path
    connection.settings_dict["NAME"] = path if connection.vendor == "sqlite" else path.lstrip("/")


def _round(chosen: list[str], site: DemoSite, tmdb: DemoTmdb, works: list[Work], dice: random.Random, t: Tally) -> str:
    """Returns what was wrong at its end, or ""."""
    of_site = [faults.SITE[name] for name in chosen if name in faults.SITE]
    of_tmdb = [name.removeprefix("TMDB: ") for name in chosen if name.startswith("TMDB: ")]
    site.fault = lambda _method, _path, _n: dice.choice(of_site) if of_site and dice.random() < 0.4 else None
    tmdb.break_down(dice.choice(of_tmdb) if of_tmdb else "none")
    _ask_for_a_sync()
    end = time.monotonic() + ROUND
    if "SQLite held" in chosen and connection.vendor == "sqlite":
        with faults.held(Path(connection.settings_dict["NAME"]), HELD):
            pass
    if "disk full" in chosen:
        with faults.full(lambda: [pid for work in works for pid in _all(work)], FULL):
            pass
    if "frozen" in chosen:
        faults.frozen([pid for work in works for pid in _all(work)], 5)
    if "database restarted" in chosen and connection.vendor == "postgresql":
        _end_all_connections()
    while time.monotonic() < end:
        _kill(dice.choice(works), dice, t)
        time.sleep(dice.uniform(0.05, 0.6))
    site.fault = lambda _method, _path, _n: None
    tmdb.break_down("none")
    t.rounds += 1
    begun, well_at = time.monotonic(), timezone.now()
    t.longest = max(t.longest, works[0].do_a_job())
    while time.monotonic() - begun < GRACE:
        said = _reckon(site, well_at)
        if not said:
            return ""
        time.sleep(0.5)
    return said


def _kill(work: Work, dice: random.Random, t: Tally) -> None:
    name = dice.choice(list(VICTIMS))
    with suppress(StopIteration, IndexError, ProcessLookupError):
        victims = VICTIMS[name](work)
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        t.killed[name] += bool(victims)


def _all(work: Work) -> list[int]:
    """The processes of a `work`, itself among them: what it starts inherits its limits."""
    found, todo = [], [work.process.pid]
    while todo:
        found.append(pid := todo.pop())
        todo += children(pid)
    return found


def _end_all_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


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
