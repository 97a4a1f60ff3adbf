"""The demo's switches: each fault is one that a sync meets, and mending mends."""

from __future__ import annotations

import datetime as dt
import html
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from scraper.demo import posters
from scraper.demo.faults import BROKEN_DAY, FAULTS, Switches
from scraper.demo.site import DemoSite
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.tmdb.entries import TMDB_ENTRIES
from scraper.demo.world import World

TODAY = dt.date(2026, 11, 27)


@pytest.fixture
def switches() -> Iterator[Switches]:
    with DemoSite(World(TODAY)) as site, DemoTmdb(TMDB_ENTRIES, token="t") as tmdb, Switches(site, tmdb) as switches:
        yield switches


def ask(url: str, data: bytes | None = None) -> tuple[int, str]:
    request = urllib.request.Request(url, data=data, headers={"Authorization": "Bearer t"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def seen(switches: Switches) -> dict[str, object]:
    """What of the world outside is broken, as it looks from outside."""
    day = TODAY + dt.timedelta(days=BROKEN_DAY)
    programme = f"{switches.site.url}/cinema_program/by_movie"
    status, page = ask(programme)
    return {
        "day": ask(f"{programme}?day={day:%m-%d}")[0] == 500 and status == 200,
        "down": status == 503,
        "layout": status == 200 and 'class="showtimes repert"' not in page,
        "tmdb": ask(f"{switches.tmdb.url}/search/movie?query=bugonia")[0] == 503,
        "cinema": len({row.cinema_slug for row in switches.site.world.showtimes}) < len(
            {row.cinema_slug for row in World(TODAY).showtimes}
        ),
    }  # fmt: skip


def test_each_switch_breaks_what_it_says_and_the_next_mends_it(switches: Switches) -> None:
    for name in (*FAULTS, "none"):
        status, page = ask(f"{switches.url}/fault/{name}", b"")
        assert status == 200  # sent back to the page of switches
        assert (f"{html.escape(FAULTS[name])} – <b>on</b>" in page) if name in FAULTS else "<b>on</b>" not in page
        assert [broken for broken, is_so in seen(switches).items() if is_so] == [name] * (name in FAULTS)


def test_a_poster_is_drawn_for_each_film(switches: Switches) -> None:
    entry = TMDB_ENTRIES[0]
    root = switches.tmdb.url.removesuffix("/3")
    with urllib.request.urlopen(f"{root}/t/p/w154{posters.path_of(entry['tmdb_id'])}", timeout=10) as answer:
        assert answer.headers["Content-Type"] == "image/svg+xml"
        drawn = answer.read().decode()
    assert html.escape((entry.get("pl_title") or entry["title"]).split()[0]) in drawn
