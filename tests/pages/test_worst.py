"""The worst markup: time grows with the length of a page and no faster, and what is too much is told."""

from __future__ import annotations

import pytest

from scraper.site.extractors import programme_by_movie
from scraper.site.extractors.errors import ExtractionError

from . import worst
from .variants import DAY, TODAY, URL

SLOW = {  # each took the square of its length once
    "a, in a cell": "by_movie",
    "links, in a heading": "by_hour",
    "b in p, in a cell": "by_movie",
    "a, behind": "film",
    "hour cells, without rows": "by_movie",
}
SMALL, TIMES = 40_000, 5
GROWTH = 2.2 * TIMES  # what is quadratic grows by 25


@pytest.mark.parametrize("name", SLOW)
def test_time_grows_with_the_page_and_no_faster(name: str) -> None:
    read = worst.READERS[SLOW[name]]
    small, large = (worst.page(name, size) for size in (SMALL, SMALL * TIMES))
    for _ in range(4):  # on a busy machine
        growth = worst.seconds(read, large) / min(worst.seconds(read, small) for _ in range(3))
        if growth < GROWTH:
            break
    assert growth < GROWTH, f"{growth:.0f} times the time for {TIMES} times the page"


def _page(hours: str) -> str:
    row = f'<tr><td class="cinema_film"><a href="/mikro">Mikro</a></td>{hours}</tr>'
    return f"<html><body>{worst.TABLE}{worst.FILM}{worst.ROW}{row}</table></body></html>"


@pytest.mark.parametrize(
    ("hours", "reason"),
    [
        ("<td class=hours>20:15</td>" * 101, "too many cells"),
        (f"<td class=hours>{'<b>20:15</b> ' * 2001}</td>", "too much in a cell"),
        (f"<td class=hours>{'<i><b>20:15</b></i> ' * 1001}</td>", "too much in a cell"),
    ],
)
def test_a_row_with_more_than_is_read_is_told(hours: str, reason: str) -> None:
    """It is the page's last, so that no row under it tells of it."""
    programme = programme_by_movie.extract(_page(hours), url=URL, date=DAY, today=TODAY)
    assert [(showtime.cinema_slug, showtime.starts_at.hour) for showtime in programme.showtimes] == [("kijow", 10)]
    assert [(row.reason, row.film_slug) for row in programme.unread] == [(reason, "")]


def test_a_page_with_more_than_any_programme_has_is_refused() -> None:
    cells = "<td>" + "<b></b>" * 1500
    with pytest.raises(ExtractionError, match="elements in them"):
        programme_by_movie.extract(_page("</tr><tr>".join([cells] * 101)), url=URL, date=DAY, today=TODAY)
