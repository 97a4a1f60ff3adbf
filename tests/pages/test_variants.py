"""Each look of `variants` and its like alone, and three at random: what is read is true, losses are told."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.records import Programme
from scraper.site.extractors import programme_by_hour, programme_by_movie
from scraper.site.extractors.errors import ExtractionError, WrongDay
from tests.examples import examples
from tests.pages import more_variants, other_variants, variants
from tests.pages.variants import Look

READERS = {
    "by_movie": (variants.by_movie, programme_by_movie.extract),
    "by_hour": (variants.by_hour, programme_by_hour.extract),
}
LOOKS = variants.LOOKS + other_variants.LOOKS + more_variants.LOOKS
name_of = attrgetter("name")
PAGES = [pytest.param(look, kind, id=f"{kind}: {look.name}") for look in LOOKS for kind in look.kinds]
ADDED = {"before", "after", "extra_row", "last_row", "head", "body", "rewrite", "version"}  # to what other looks change


def read(looks: Sequence[Look], kind: str) -> Programme:
    make, extract = READERS[kind]
    return extract(make(looks), url=variants.URL, date=variants.DAY, today=variants.TODAY)


def keys(programme: Programme) -> set[variants.Key]:
    return {(showtime.film_slug, showtime.cinema_slug, showtime.starts_at) for showtime in programme.showtimes}


def test_there_are_enough_looks_and_each_has_a_name_of_its_own() -> None:
    assert len({look.name for look in LOOKS}) == len(LOOKS) >= 150


@pytest.mark.parametrize(("look", "kind"), PAGES)
def test_a_look_costs_what_it_touches(look: Look, kind: str) -> None:
    if look.refused:
        with pytest.raises(WrongDay):
            read([look], kind)
        return
    left = variants.truth() - variants.lost([look])
    if not left:
        with pytest.raises(ExtractionError, match="expected a row that is understood"):
            read([look], kind)
        return
    programme = read([look], kind)
    assert keys(programme) == left
    assert {s.film_slug: s.film_title for s in programme.showtimes}.items() <= {
        slug: title for slug, (title, _) in variants.FILMS.items()
    }.items()
    assert programme.whole == look.whole
    assert programme.statements
    assert bool(programme.unread) >= bool(look.lost)
    if kind == "by_movie" and "version" in look.changes:
        assert {showtime.version for showtime in programme.showtimes} == {look.changes["version"]}


def test_headings_that_lost_their_links_are_no_lines_under_the_headings_above() -> None:
    """Films that are only announced, each followed by one whose heading is made alike and has lost its link."""
    linked = variants.Parts().heading
    look = Look(
        "a film without a link under each announced one",
        {"heading": lambda slug, title: linked(f"{slug}-2", title) + f'<tr><th colspan="2">{title}</th></tr>'},
    )
    with pytest.raises(ExtractionError, match="no link to a film"):
        read([look], "by_movie")


HEADINGS = [look for look in LOOKS if "heading" in look.changes and "rewrite" not in look.changes and not look.lost]


@pytest.mark.parametrize("look", HEADINGS, ids=name_of)
def test_a_heading_of_any_look_that_loses_its_links_sends_nothing_to_the_film_above(look: Look) -> None:
    heading = look.changes["heading"]

    def unlinked(slug: str, title: str) -> str:
        html = str(heading(slug, title))
        return re.sub(r"<a\b[^>]*>(.*?)</a>", r"\1", html, flags=re.S | re.I) if slug == "dom-dobry" else html

    damaged = replace(look, changes={**look.changes, "heading": unlinked}, lost=variants.of_one("dom-dobry"))
    programme = read([damaged], "by_movie")
    assert keys(programme) == variants.truth() - variants.lost([damaged])
    assert programme.unread


@pytest.mark.parametrize(
    "offered",
    [
        '<form><select><option value="11-26">{day}</option></select></form>',
        '<option value="11-26">{day}</option>',
        '<a href="/cinema_program/by_movie?day=11-26">{day}</a>',
        '<p class="days"><a href="/cinema_program/by_movie?day=11-26">{day}</a></p>',
        '<span class="prev">{day}</span>',
        '<div class="next-day" data-date="2026-11-26">{day}</div>',
        "<p>← {day}</p>",
        "<p>{day} »</p>",
        '<h2><a href="?day=11-26">« {day}</a></h2>',
        '<h2><a href="?day=11-25">środa</a> <a href="?day=11-26">{day}</a></h2>',
        "<button>{day}</button>",
        "<label>{day}</label>",
        "<details><summary>{day}</summary></details>",
        '<div style="display: none">{day}</div>',
        "<div hidden><h2>{day}</h2></div>",
        '<tr><th class="date"><a href="?day=11-26">« {day}</a></th></tr>',
        '<tr><th><a href="?day=11-26">{day}</a></th><th><a href="?day=11-28">jutro</a></th></tr>',
    ],
)
def test_a_day_that_can_be_chosen_is_not_the_page_s(offered: str) -> None:
    """On a page that says no day itself: not even the one that was asked for."""
    silent = {"header": lambda _day: "", "calendar": lambda *_cell: "<td></td>"}
    for day in (variants.DAY, variants.DAY - dt.timedelta(days=1)):
        above = offered.format(day=variants.long_date(day))
        part: dict[str, Any] = (
            {"header": lambda _day, row=above: row} if above.startswith("<tr>") else {"before": above}
        )
        for changes in ({}, part):
            with pytest.raises(ExtractionError, match=r"date: expected .*found nothing"):
                read([Look("days to choose", {**silent, **changes})], "by_movie")


@pytest.mark.parametrize(
    "heading",
    [
        '<h2><a href="?day=11-26">«</a> {day} <a href="?day=11-28">»</a></h2>',
        '<h2><button class="prev">‹</button> {day} <button class="next">›</button></h2>',
        '<div class="day"><a class="prev" href="?day=11-26">czwartek, 26 listopada</a> <strong>{day}</strong></div>',
        '<h2><a href="?day=11-27">{day}</a></h2>',
        '<h2 class="sr-only">{day}</h2>',
        "<h2>» {day} «</h2>",
        "<h2>Repertuar: {day}, godz. 10:00-23:30</h2>",
        "<details open><summary>{day}</summary></details>",
        '<tr><th class="date"><a href="?day=11-26">‹</a> {day}</th></tr>',
        '<tr><th class="date"><label>Dzień:</label> {day} <select><option>sobota, 28 listopada</select></th></tr>',
    ],
)
def test_a_day_is_said_beside_those_that_can_be_chosen(heading: str) -> None:
    above = heading.format(day=variants.long_date(variants.DAY))
    in_table = above.startswith("<tr>")
    changes: dict[str, Any] = {"header": lambda _day: above if in_table else "", "calendar": lambda *_cell: "<td></td>"}
    look = Look("a day beside others", changes if in_table else changes | {"before": above})
    assert keys(read([look], "by_movie")) == variants.truth()


def test_hours_in_cells_of_their_own_stay_with_their_cinema_where_no_tag_begins_a_row() -> None:
    looks = [look for look in LOOKS if look.name in ("rows without their start tags", "hours in a cell each")]
    assert len(looks) == 2
    assert keys(read(looks, "by_movie")) == variants.truth()


@pytest.mark.parametrize("tab", ["a table of saturday in a tab", "a table of saturday in a dated tab"])
@pytest.mark.parametrize(
    "other", ["a banner's table left open", "a row with a nested table left open", "page: h2 today"]
)
def test_another_day_s_hidden_tab_is_no_programme(tab: str, other: str) -> None:
    """Not in a table that was left open, nor beside one that is headed by the own day's word."""
    looks = [look for look in LOOKS if look.name in (tab, other)]
    assert len(looks) == 2
    assert keys(read(looks, "by_movie")) == variants.truth()


@pytest.mark.parametrize(("day", "lost"), [("27.11", 0), ("28.11", 1)])
def test_a_row_s_own_hour_under_its_hour_counts_only_if_it_is_of_the_page_s_day(day: str, lost: int) -> None:
    html = variants.by_hour([])
    first = html.index('<td class="cinema">')
    (hour,) = re.findall(r"<h3>(\d+:\d\d)</h3>", html[:first])
    html = f'{html[:first]}<td><span class="hour">{day} {hour}</span></td>{html[first:]}'
    programme = programme_by_hour.extract(html, url=variants.URL, date=variants.DAY, today=variants.TODAY)
    assert len(variants.truth() - keys(programme)) == len(programme.unread) == lost
    assert keys(programme) <= variants.truth()


@pytest.mark.parametrize(
    ("other", "kind"), [(look.name, kind) for look in LOOKS if look.refused for kind in look.kinds]
)
def test_another_day_is_refused_though_a_banner_s_link_around_the_page_was_left_open(other: str, kind: str) -> None:
    looks = [look for look in LOOKS if look.name in ("page: banner in anchor", other)]
    assert len(looks) == 2
    with pytest.raises(WrongDay):
        read(looks, kind)


@st.composite
def three_looks(draw: st.DrawFn) -> tuple[str, list[Look]]:
    kind = draw(st.sampled_from(sorted(READERS)))
    chosen: list[Look] = []
    changed: set[str] = set()
    for look in draw(st.permutations([look for look in LOOKS if kind in look.kinds])):
        if changed.isdisjoint(set(look.changes) - ADDED):
            chosen.append(look)
            changed |= set(look.changes) - ADDED
        if len(chosen) == 3:
            break
    return kind, chosen


@settings(max_examples=examples(40), deadline=None)
@given(three_looks())
def test_three_looks_at_once_are_never_read_wrong(drawn: tuple[str, list[Look]]) -> None:
    kind, looks = drawn
    try:
        programme = read(looks, kind)
    except ExtractionError:
        return
    assert not any(look.refused for look in looks)
    assert keys(programme) <= variants.truth() - variants.lost(looks)
