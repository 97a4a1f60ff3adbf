"""How many examples hypothesis makes up: the same few in each run, or with DEEP=1 many, others each time."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

DEEP = bool(os.environ.get("DEEP"))

# No time limits: a machine that stalls for a second has broken nothing.
settings.register_profile(
    "suite", derandomize=not DEEP, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


def examples(few: int) -> int:
    return 10 * few if DEEP else few
