"""A sync in this process against a local site, as `sync --inline` does it.

What a good week's sync leaves behind is the same in many tests: `first_sync` does it once a process and then puts its
rows back (`tests.databases.keep`), a hundred times as quick. Such a site and its TMDB always have the same addresses.
"""

from __future__ import annotations

import datetime as dt
import json
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import Any

import pytest
from django.conf import settings as in_force
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from events import local_time
from scraper.demo.server import Request
from scraper.demo.site import DemoSite
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.tmdb.entries import TMDB_ENTRIES
from scraper.demo.world import World
from tests import databases
from tests.deployment import differences

FEW = 3  # days: today, tomorrow, and one that is neither
CINEMAS = ("cinema-city/bonarka", "kijow")
#: The films that these cinemas show most in any week: what a world shows must not depend on its neighbours' dates.
FILMS = (
    "avatar-ogien-i-popiol", "bugonia", "dom-dobry", "jedna-bitwa-po-drugiej", "wicked-na-dobre", "zwierzogrod-2",
)  # fmt: skip


def small(world: World) -> World:
    """The week of two cinemas and six films: quick to read. Two such weeks agree on the days that they share."""
    world.showtimes = [row for row in world.showtimes if row.cinema_slug in CINEMAS and row.film_slug in FILMS]
    return world


@contextmanager
def serving(settings: Settings, world: World) -> Iterator[DemoSite]:
    """A site that shows this world, with the settings pointing to it, and no TMDB. As many days as the world has are
    a week: a sync of three of them does all that one of seven does, in half the time."""
    with DemoSite(world, port=_port("site")) as site, pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_time, "WEEK", len(world.days))
        settings.KINO_BASE_URL, settings.KINO_REQUEST_INTERVAL, settings.KINO_TIMEOUT = site.url, 0, 30
        settings.RETRY_BASE_DELAY = 0.01
        settings.TMDB_TOKEN = ""
        yield site


@contextmanager
def serving_tmdb(settings: Settings) -> Iterator[DemoTmdb]:
    """The demo's TMDB, with the settings pointing to it."""
    with DemoTmdb(TMDB_ENTRIES, token="t", port=_port("tmdb")) as tmdb:
        settings.TMDB_BASE_URL, settings.TMDB_TOKEN, settings.TMDB_REQUEST_INTERVAL = tmdb.url, "t", 0
        yield tmdb


@cache
def _port(_name: str) -> int:
    """One that is this process's as long as it lives: bound, but nobody listens there until a server does, too."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    _held.append(held)
    return int(held.getsockname()[1])


_held: list[socket.socket] = []


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a first sync left behind: rows, what it said, and what the site remembers of it."""

    at: dt.datetime
    rows: databases.Kept
    said: str
    requests: list[Request]
    asked: Counter[tuple[str, str]]


_kept: dict[str, _Kept] = {}
KEPT_FOR = dt.timedelta(minutes=3)  # before anything in it is late


def first_sync(site: DemoSite) -> tuple[int, dict[str, Any]]:
    """A `sync()` of a site that nobody has asked anything yet, done or put back."""
    assert not site.requests
    assert not User.objects.exists(), "people first come after the first sync: they would be gone"
    now, tmdb = timezone.now(), in_force.TMDB_TOKEN and in_force.TMDB_BASE_URL
    traits = (site.throttle, site.latency, site.day_parameter, site.hour_day_parameter, site.robots)
    world = (site.world.days, site.world.showtimes, site.world.films, site.world.cinemas)
    assert site.fault is None, "a week that isn't good is nobody else's"
    key = repr((databases.counts(), site.url, tmdb, traits, world, in_force.ALERT_EMAILS, in_force.FILM_REFRESH_DAYS))
    kept = _kept.get(key)
    if kept is None or not now - KEPT_FOR < kept.at <= now:
        said = sync()
        number = list(_kept).index(key) if key in _kept else len(_kept)
        kept = _Kept(now, databases.keep(str(number)), json.dumps(said), list(site.requests), Counter(site._asked))
        _kept[key] = kept
    else:
        databases.put_back(kept.rows)
        site.requests.extend(kept.requests)
        site._asked.update(kept.asked)
    code, result = json.loads(kept.said)
    return code, result


def run(*arguments: str) -> tuple[int, str]:
    """A management command's exit status and what it printed."""
    out = StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=StringIO())
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def sync() -> tuple[int, dict[str, Any]]:
    """The exit status and the JSON of `sync --inline`."""
    code, printed = run("sync", "--inline", "--json")
    return code, json.loads(printed.splitlines()[-1])


def export(*arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("export_showtimes", *arguments)[1].splitlines()]


def wrong(site: DemoSite) -> list[str]:
    """What the database lacks or has too much, has twice or has wrong, against the site's truth."""
    return differences([row for row in export() if not row["withdrawn"]], site.truth())
