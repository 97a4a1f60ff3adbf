"""A trouble of the year is one whatever layout the site has by then: each changes what the site answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from email.message import Message

import pytest

from scraper.demo.server import Asked
from tests.year.plan import CINEMAS, FIRST
from tests.year.simulation import site_fault
from tests.year.town import LivingSite, Town, dated_layout, films, plain_layout

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
