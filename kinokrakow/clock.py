"""The database's clock, for what machines that share a database must agree on: when jobs, probes and looks are due.

Asked for every MINUTE and counted on by the monotonic clock in between, so that neither a machine whose clock is wrong
nor one whose clock is set while we work begins anything early or late.
"""

from __future__ import annotations

import datetime as dt
import time

from django.db import connection

MINUTE = 60.0  # s that one answer is counted on from

_told: tuple[dt.datetime, float] | None = None  # the database's time, and the monotonic clock's then


def now() -> dt.datetime:
    global _told
    if _told is None or not 0 <= time.monotonic() - _told[1] < MINUTE:
        _told = _ask(), time.monotonic()
    at, then = _told
    return at + dt.timedelta(seconds=time.monotonic() - then)


def _ask() -> dt.datetime:
    # SQLite's is the clock of this machine, which holds the file; PostgreSQL's CURRENT_TIMESTAMP would be that of the
    # transaction's begin.
    sql = {"postgresql": "SELECT clock_timestamp()"}.get(
        connection.vendor, "SELECT strftime('%Y-%m-%d %H:%M:%f', 'NOW')"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        (said,) = cursor.fetchone()
    return said if isinstance(said, dt.datetime) else dt.datetime.fromisoformat(said).replace(tzinfo=dt.UTC)
