"""A trouble of the year is one whatever layout the site has by then: each changes what the site answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from email.message import Message

import pytest

from scraper.demo.server import Asked
from tests.year.plan import CINEMAS, FIRST
from tests.year.simulation import site_fault
from tests.year.town import LivingSite, Town, after_midnight_only, dated_layout, films, plain_layout

PROGRAMME = Asked("GET", "/cinema_program/by_movie", Message())


@pytest.mark.parametrize("look", [None, dated_layout, plain_layout])
@pytest.mark.parametrize("what", ["500", "503", "login", "cut", "unreadable", "other day", "tickets gone"])
def test_each_trouble_changes_the_page(what: str, look: Callable[[str], str] | None) -> None:
    with LivingSite(Town(FIRST, films(FIRST, 10, 4), CINEMAS, [])) as site:
        site.town.now = dt.datetime.combine(FIRST, dt.time(9))
        site.look = look
        plain = site.answer(PROGRAMME)
        served = dict(site.served)
        assert served
        site.served.clear()
        site.fault = lambda _method, path, _n: site_fault(what, path)
        spoilt = site.answer(PROGRAMME)
    assert (spoilt.status, spoilt.body) != (plain.status, plain.body)
    # Without ticket links the programme is served all the same.
    assert (site.served == served) is (what == "tickets gone")


def test_what_has_to_be_kept_of_a_page_depends_on_which_day_was_asked_for() -> None:
    """Another day's page is neither day's; where no day was asked for, it may be taken for the one that it shows."""
    with LivingSite(Town(FIRST, films(FIRST, 10, 4), CINEMAS, [])) as site:
        site.town.now = dt.datetime.combine(FIRST, dt.time(9))
        asked, shown = FIRST + dt.timedelta(days=1), FIRST + dt.timedelta(days=2)
        named = Asked("GET", f"{PROGRAMME.path}?day={asked:%m-%d}", Message())
        site.answer(named)
        kept = set(site.ever)
        assert [one.due for one in site.served[asked]] == [True]
        site.fault = lambda *_: site_fault("other day", PROGRAMME.path)
        site.answer(named)
        assert (set(site.served), site.spoilt, site.ever) == ({asked}, {asked}, kept)
        site.answer(PROGRAMME)  # today's session, which names no day
        assert [one.due for one in site.served[shown]] == [False]
        assert (site.ever, site.seen > kept) == (kept, True)
        site.fault = None
        site.answer(named)
        assert not site.spoilt


def test_hours_after_midnight_alone_say_no_night() -> None:
    day = dt.datetime.combine(FIRST, dt.time())
    keys = [("a", "kika", day.replace(hour=21)), ("a", "kika", day), ("b", "kika", day), ("a", "kijow", day)]
    assert after_midnight_only(keys) == {("b", "kika"), ("a", "kijow")}
