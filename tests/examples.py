"""How many examples hypothesis makes up: the same few in each run, or with DEEP=1 many, others each time."""

from __future__ import annotations

import os

from hypothesis import settings

DEEP = bool(os.environ.get("DEEP"))

settings.register_profile("suite", derandomize=not DEEP, database=None)
settings.load_profile("suite")


def examples(few: int) -> int:
    return 10 * few if DEEP else few
