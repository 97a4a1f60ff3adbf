"""Showings that a page says to be cancelled, moved or another cinema's: what is certain is believed, all is told."""

from __future__ import annotations

from collections import Counter

import pytest

from events.records import CANCELLED
from scraper.site.extractors import programme_by_hour, programme_by_movie
from scraper.site.extractors.hours import cancelled
from scraper.site.extractors.programme import hour_links

from . import variants
from .test_variants import READERS, keys
from .variants import Look


@pytest.mark.parametrize(
    ("beside", "reason"),
    [("odwołany", CANCELLED), ("przeniesiony do innej sali", cancelled.NOT_AS_WRITTEN), ("wyprzedane", "")],
)
def test_a_showing_among_an_hour_s_is_what_the_words_beside_it_say(beside: str, reason: str) -> None:
    html = variants.by_hour([])
    first = html.index('<td class="cinema">')
    html = f"{html[:first]}<td>{beside}</td>{html[first:]}"
    programme = programme_by_hour.extract(html, url=variants.URL, date=variants.DAY, today=variants.TODAY)
    assert [row.reason for row in programme.unread] == [reason] * bool(reason)
    assert len(variants.truth() - keys(programme)) == bool(reason)


@pytest.mark.parametrize(
    ("kind", "html"),
    [
        ("by_movie", variants.by_movie([]).replace("Bugonia</a>", "Bugonia</a> – seanse odwołane")),
        ("by_hour", variants.by_hour([]).replace("10:30</h3>", "10:30 – odwołane</h3>")),
    ],
)
def test_nothing_is_read_under_a_heading_that_says_it_is_cancelled(kind: str, html: str) -> None:
    programme = READERS[kind][1](html, url=variants.URL, date=variants.DAY, today=variants.TODAY)
    gone = variants.truth() - keys(programme)
    assert {key[0] for key in gone} == {"bugonia"}
    assert {row.reason for row in programme.unread} >= {cancelled.NOT_AS_WRITTEN}


@pytest.mark.parametrize(
    ("hours", "cancelled_ones"),
    [
        ('<span class="hour">18:00</span> odwołany', ["18:00"]),
        ('<span class="hour">18:00</span> <b>odwołany</b> <span class="hour">20:00</span>', []),
        ("18:00, 20:00 odwołany", []),
        ("18:00 <i>odwołany</i>", ["18:00"]),
        ('<span class="hour">18:00</span></td><td>odwołany', ["18:00 odwołany"]),
        ('<span class="hour">18:00</span><span class="hour">20:00</span></td><td>odwołane', []),
    ],
)
def test_only_what_is_certainly_cancelled_is_believed_to_be_gone(hours: str, cancelled_ones: list[str]) -> None:
    row = f'<tr><td class="cinema"><a href="/mikro">Mikro</a></td><td class="hours">{hours}</td></tr>'
    html = variants.by_movie([Look("a row more", {"last_row": row})])
    programme = programme_by_movie.extract(html, url=variants.URL, date=variants.DAY, today=variants.TODAY)
    assert not {"18:00"} & {f"{s.starts_at:%H:%M}" for s in programme.showtimes if s.cinema_slug == "mikro"}
    assert [row.text for row in programme.unread if row.is_cancelled] == cancelled_ones
    assert programme.unread


@pytest.mark.parametrize(
    ("names", "doubtful"),
    [
        ({"kijow": {"kijow": 3, "mikro": 1}, "bonarka": {"bonarka": 2}}, {("kijow", "mikro")}),
        ({"kijow": {"421": 3}, "bonarka": {"421": 2}}, set()),  # one for all
        ({"kijow": {"1": 3, "2": 1}, "bonarka": {"2": 2}}, {("kijow", "2")}),
        ({"kijow": {"1": 1, "2": 1}}, set()),
        ({"kijow": {"kijow": 1}, "bonarka": {"kijow": 1}, "mikro": {"mikro": 1}}, {("bonarka", "kijow")}),
        ({"kijow": {"kino-kijow": 3}, "bonarka": {"bonarka": 2}}, set()),  # each keeps its own
    ],
)
def test_an_hour_that_links_to_another_cinema_s_is_doubted(
    names: dict[str, dict[str, int]], doubtful: set[tuple[str, str]]
) -> None:
    assert hour_links.contradicting({slug: Counter(said) for slug, said in names.items()}) == doubtful


def test_a_day_whose_showings_are_all_cancelled_is_read() -> None:
    html = variants.by_movie([]).replace("kup bilet</a></span>", "kup bilet</a></span> odwołany</td><td>")
    programme = programme_by_movie.extract(html, url=variants.URL, date=variants.DAY, today=variants.TODAY)
    assert not programme.showtimes
    assert not programme.empty
    assert len(programme.unread) == sum(row.is_cancelled for row in programme.unread) == len(variants.truth())


def test_a_cinema_s_cell_doesn_t_cover_the_rows_of_another_that_lost_its_link() -> None:
    hours = '<td class="hours"><span class="hour">{}</span></td></tr>'
    rows = (
        '<tr><td class="cinema" rowspan="4"><a href="/mikro">Mikro</a></td>' + hours.format("18:00"),
        '<tr><td class="version">2D</td>' + hours.format("18:30"),
        '<tr><td class="cinema">Agrafka</td>' + hours.format("19:00"),
        "<tr>" + hours.format("20:00"),
    )
    html = variants.by_movie([Look("rows more", {"last_row": "".join(rows)})])
    programme = programme_by_movie.extract(html, url=variants.URL, date=variants.DAY, today=variants.TODAY)
    read = [f"{s.starts_at:%H:%M}" for s in programme.showtimes if s.cinema_slug == "mikro"]
    assert read == ["18:00", "18:30"]
    assert len(programme.unread) == 2


def test_an_end_beside_an_hour_s_markup_is_no_start() -> None:
    row = '<tr><td class="cinema"><a href="/mikro">Mikro</a></td><td class="hours">{}</td></tr>'
    hours = '<span class="hour">18:00</span> <small>(koniec 20:15)</small>'
    html = variants.by_movie([Look("a row more", {"last_row": row.format(hours)})])
    programme = programme_by_movie.extract(html, url=variants.URL, date=variants.DAY, today=variants.TODAY)
    assert [f"{s.starts_at:%H:%M}" for s in programme.showtimes if s.cinema_slug == "mikro"] == ["18:00"]
