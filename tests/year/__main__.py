"""`python -m tests.year [--days 365] [--syncs 5]`: live through it, print every figure; 1 where anything is wrong."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from typing import Any

import django


def part(begin: int, days: int, syncs: int, seed: int) -> dict[str, Any]:
    """Some days of the year, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        hours = ",".join(str(5 + 16 * n // syncs) for n in range(syncs))
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "kinokrakow.settings", "DATABASE_URL": f"sqlite:///{folder}/year.sqlite3",
            "DEBUG": "1", "LOG_LEVEL": "CRITICAL", "ALLOWED_HOSTS": "testserver", "SYNC_CRON": f"10 {hours} * * *",
        }  # fmt: skip
        django.setup()
        from django.core.management import call_command

        from tests.year.plan import year

        call_command("migrate", verbosity=0)
        start = time.monotonic()
        try:
            found = year(begin, days, seed, say=lambda line: print(line, flush=True))
        except Exception:
            return {"from day": begin, "failed": True, "broke": traceback.format_exc()}
        took = {"minutes": round((time.monotonic() - start) / 60, 1), "of CPU": round(time.process_time() / 60, 1)}
        plain: dict[str, Any] = json.loads(json.dumps(found, default=str))
        return {"from day": begin, **plain, **took}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--begin", type=int, default=0, help="the first day (0)")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--syncs", type=int, default=5, help="a day")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", type=int, default=2, help="that are lived at once, each from an empty database")
    options = parser.parse_args()
    bounds = [options.begin + options.days * n // options.parts for n in range(options.parts + 1)]
    with ProcessPoolExecutor(options.parts, mp_context=get_context("fork")) as processes:
        lived = [
            processes.submit(part, one, other - one, options.syncs, options.seed) for one, other in pairwise(bounds)
        ]
        found = [each.result() for each in lived]
    print(json.dumps(found, indent=1, ensure_ascii=False, default=str))
    return int(any(each["failed"] for each in found))


if __name__ == "__main__":
    sys.exit(main())
