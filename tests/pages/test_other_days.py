"""Another day's hours beside the page's own: left out where that is certain, else not understood; never this day's."""

from __future__ import annotations

import datetime as dt

import pytest

from scraper.site.extractors import programme_by_movie

from . import variants

OWN = '<span class="hour"><a href="/cinema_program/by_cinema/kijow">10:00</a></span>'
OTHER = '<span class="hour"><a href="/cinema_program/by_cinema/kijow">08:00</a></span>'
DAY_BEFORE = variants.DAY - dt.timedelta(days=1)


def read(cell: str, today: dt.date) -> tuple[list[str], list[str]]:
    """The hours of a cell that are read, and the reasons for which others aren't."""
    html = (
        f'<html><body><h1>{variants.long_date(variants.DAY)}</h1><table class="repert">'
        '<tr><th><a class="film" href="/film/bugonia.html">Bugonia</a></th></tr>'
        f'<tr><td class="cinema"><a href="/kijow">Kijów</a></td><td class="hours">{cell}</td></tr></table></html>'
    )
    found = programme_by_movie.extract(html, url=variants.URL, date=variants.DAY, today=today)
    return [f"{showtime.starts_at:%H:%M}" for showtime in found.showtimes], [row.reason for row in found.unread]


@pytest.mark.parametrize(
    "cell",
    [
        f"{OWN} sobota 28.11: {OTHER}",
        f"{OWN}<br><b>So 28.11:</b> {OTHER}",
        f"{OWN}{OTHER.replace('08:00', 'sob. 08:00')}",
        f"{OWN}{OTHER.replace('<span ', '<span data-date=2026-11-28 ')}",
        "<p>Pt 27.11: 10:00</p><p>So 28.11: 08:00</p>",
    ],
)
def test_the_hours_of_a_stated_day_are_left_out(cell: str) -> None:
    assert read(cell, variants.DAY) == read(cell, DAY_BEFORE) == (["10:00"], [])


@pytest.mark.parametrize(
    "cell",
    [f"{OWN} jutro: {OTHER}", f"{OWN}{OTHER.replace('08:00', 'jutro 08:00')}", "dziś: 10:00<br>jutro: 08:00"],
)
def test_what_is_tomorrow_is_certain_on_today_s_page_only(cell: str) -> None:
    assert read(cell, variants.DAY) == (["10:00"], [])
    hours, reasons = read(cell, DAY_BEFORE)
    assert hours == ["10:00"]
    assert [reason[:15] for reason in reasons] == ["of another day:"]


@pytest.mark.parametrize(
    "cell",
    [
        f"{OWN}{OTHER} (tylko sob.)",
        f"{OWN}<dl><dt>Jutro</dt><dd>{OTHER}</dd></dl>",
        OWN + OTHER.replace('"hour"', '"hour" title="jutro"'),
    ],
)
def test_what_a_note_is_of_isn_t_certain(cell: str) -> None:
    hours, reasons = read(cell, variants.DAY)
    assert hours == ["10:00"]
    assert [reason[:23] for reason in reasons] == ["perhaps of another day:"]
