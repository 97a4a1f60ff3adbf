"""Kinds of fault by name: of the site, of TMDB, and of the machine that the program runs on.

A fault of the site or of TMDB is what it answers; one of the machine is a context in which it lasts.
"""

from __future__ import annotations

import gzip
import os
import resource
import signal
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from scraper.demo.site_faults import (
    Fault,
    renamed_table,
    truncated,
    with_an_odd_row,
    without_calendar,
    without_date_header,
)
from scraper.demo.tmdb import FAULTS as TMDB

LOGIN = b"<!doctype html><html><body><h1>Logowanie</h1><form></form></body></html>"
CAPTCHA = b"<!doctype html><html><body><h1>Are you a robot?</h1></body></html>"
PAUSE = """<!doctype html><html lang="pl"><head><title>kino.krakow.pl</title></head><body><div id="content">
<h1>Przerwa techniczna</h1>
<p>Trwają prace serwisowe. Zapraszamy o 20:15, w sobotę 28 listopada.</p></div></body></html>"""
SPACES = gzip.compress(b" " * 1_000_000)  # a body may be several of them in a row: packed quickly, unpacked large
PACKED = gzip.compress(gzip.compress(b"<html>") + 10 * SPACES + gzip.compress(b"</html>"))

SITE: Mapping[str, Fault] = {
    "500": Fault(status=500),
    "502 without a body": Fault(status=502),
    "503 with Retry-After": Fault(status=503, headers={"Retry-After": "1"}),
    "503 with a date": Fault(status=503, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
    "429": Fault(status=429),
    "429 with Retry-After": Fault(status=429, headers={"Retry-After": "1"}),
    "403": Fault(status=403),
    "404": Fault(status=404, body=b"<h1>Nie ma takiej strony</h1>"),
    "cut body": Fault(cut=0.5),
    "no body at all": Fault(cut=0.0),
    "a hang": Fault(hang=3.0),
    "a drip": Fault(drip=0.05),
    "stacked gzip": Fault(status=200, headers={"Content-Encoding": "gzip, gzip"}, body=PACKED),
    "a bomb in gzip": Fault(status=200, headers={"Content-Encoding": "gzip"}, body=50 * SPACES),
    "no gzip": Fault(status=200, headers={"Content-Encoding": "gzip"}, body=b"<html>plain</html>"),
    "another encoding": Fault(status=200, body="<h1>Żółć</h1>".encode("utf-16")),
    "windows-1250 called UTF-8": Fault(encoding="cp1250"),
    "UTF-8 called ISO 8859-2": Fault(said="iso-8859-2"),
    "a charset that is none": Fault(said="utf-8859"),
    "a login page": Fault(status=200, body=LOGIN),
    "a captcha": Fault(status=200, body=CAPTCHA),
    "a technical break": Fault(status=200, body=PAUSE.encode()),
    "another host": Fault(status=302, headers={"Location": "http://login.example.com/"}),
    "an endless redirect": Fault(status=301, headers={"Location": "/cinema_program/by_hour"}),
    "a redirect to itself": Fault(status=302, headers={"Location": "/cinema_program/by_movie"}),
    "an empty page": Fault(status=200, body=b""),
    "50 MB": Fault(status=200, body=b"<p>" * 100_000, times=170),
    "another day": Fault(other_day=1),
    "truncated": Fault(rewrite=truncated),
    "without a calendar": Fault(rewrite=without_calendar),
    "without a date": Fault(rewrite=without_date_header),
    "an odd row": Fault(rewrite=with_an_odd_row),
    "another layout": Fault(rewrite=renamed_table),
}


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Another writer holds SQLite."""
    other = sqlite3.connect(database, timeout=60, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


@contextmanager
def full(processes: Callable[[], list[int]]) -> Iterator[None]:
    """The disk is full: none of these processes, nor what they start, can make a file larger."""
    _limit(processes(), 4096)
    try:
        yield
    finally:
        _limit(processes(), resource.RLIM_INFINITY)


def _limit(processes: list[int], most: int) -> None:
    for pid in processes:
        with suppress(ProcessLookupError, PermissionError, ValueError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


@contextmanager
def frozen(processes: Callable[[], list[int]]) -> Iterator[None]:
    """The machine stops for a while (a laptop that is closed): leases run out under living jobs."""
    stopped: set[int] = set()
    while new := set(processes()) - stopped:  # one that is stopped may just have begun another
        _tell(sorted(new), signal.SIGSTOP)
        stopped |= new
    try:
        yield
    finally:
        _tell(sorted(stopped), signal.SIGCONT)


def _tell(processes: list[int], number: int) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


#: Read by every Python of the deployment as it starts. The database's clock stays right.
WRONG_CLOCK = """
import datetime, os, time
from django.utils import timezone
right = time.time
def off():
    with open(os.environ["CHAOS_CLOCK"]) as file:
        seconds = float(file.read() or 0)
    if seconds:
        open(os.environ["CHAOS_CLOCK"] + ".asked", "w").close()
    return seconds
time.time = lambda: right() + off()
timezone.now = lambda: datetime.datetime.fromtimestamp(right() + off(), datetime.timezone.utc)
"""


class Clock:
    """What the program's processes take for the time, and nobody else."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "clock"
        self.asked = folder / "clock.asked"  # is there when somebody was told the wrong time
        self._set(0)
        (folder / "sitecustomize.py").write_text(WRONG_CLOCK)
        self.environment = {"PYTHONPATH": str(folder), "CHAOS_CLOCK": str(self.file)}

    def _set(self, seconds: float) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self.file)

    @contextmanager
    def wrong(self, seconds: float) -> Iterator[None]:
        self.asked.unlink(missing_ok=True)
        self._set(seconds)
        try:
            yield
        finally:
            self._set(0)


JUMPS = {"clock ten minutes ahead": 600.0, "clock 30 days ahead": 30 * 86400.0, "clock an hour behind": -3600.0}


OF_TMDB = "TMDB: "
TMDB_DOWN = "TMDB: refused connections"
OF_DATABASE = {"sqlite": ("SQLite held", "disk full"), "postgresql": ("database restarted",)}
OF_MACHINE = {"SQLite held", "disk full", "database restarted", "frozen", "refused connections", *JUMPS}


def names(vendor: str) -> list[str]:
    """Those that can be tried on such a database; a full disk only where the program itself writes the file."""
    of_tmdb = [TMDB_DOWN, *(OF_TMDB + name for name in TMDB)]
    return [*SITE, "refused connections", *of_tmdb, *OF_DATABASE[vendor], "frozen", *JUMPS]
