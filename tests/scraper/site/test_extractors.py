"""Every extractor against its saved pages: `tests/pages/<extractor>/<case>.html` beside what must come of it.

A case's JSON holds what the extractor is `given` and either the `records` it must return or the `error` it must raise.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import json
import pkgutil
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.records import ListedShowtime, Programme
from scraper.demo import pages
from scraper.demo.world import Showtime as Screening
from scraper.demo.world import World
from scraper.site import extractors
from scraper.site.extractors import calendar
from scraper.site.extractors.errors import ExtractionError, WrongDay
from scraper.site.extractors.markup import http_link
from scraper.site.extractors.programme.nights import starts
from tests.examples import examples

PAGES = Path(__file__).parents[2] / "pages"
CASES = sorted(PAGES.glob("*/*.html"))
REQUIRED_CASES = {"ordinary", "empty", "changed_markup", "hostile", "truncated"}

MODULES = {
    m.name: importlib.import_module(f"scraper.site.extractors.{m.name}")
    for m in pkgutil.iter_modules(extractors.__path__)
}
EXTRACTORS: dict[str, Callable[..., Any]] = {
    name: module.extract for name, module in MODULES.items() if hasattr(module, "extract")
}


def case_name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def expectation(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return loaded


def arguments(path: Path) -> dict[str, Any]:
    told = expectation(path)["given"]
    return {key: dt.date.fromisoformat(value) if key in ("date", "today") else value for key, value in told.items()}


def html_of(path: Path) -> str:
    return path.read_bytes().decode()  # not read_text, which would mend line ends


def extract(path: Path, html: str | None = None) -> Any:
    return EXTRACTORS[path.parent.name](html_of(path) if html is None else html, **arguments(path))


def plain(records: Any) -> Any:
    """Records as JSON writes them."""
    rows: Any = [dataclasses.asdict(r) for r in records] if isinstance(records, tuple) else dataclasses.asdict(records)
    if isinstance(records, Programme):
        rows["showtimes"] = [showtime._asdict() for showtime in records.showtimes]
    return said(json.loads(json.dumps(rows, default=lambda value: value.isoformat())))


def said(value: Any) -> Any:
    """A plain value without the fields that say nothing: an expectation names only what its page says."""
    if isinstance(value, list):
        return [said(one) for one in value]
    if isinstance(value, dict):
        return {k: said(v) for k, v in value.items() if v not in (None, "", [], {}) and (k, v) != ("whole", True)}
    return value


@pytest.mark.parametrize("name", sorted(EXTRACTORS))
def test_every_extractor_has_the_pages_it_must_be_tried_on(name: str) -> None:
    assert {path.stem for path in CASES if path.parent.name == name} >= REQUIRED_CASES


def test_every_saved_page_belongs_to_an_extractor_and_has_an_expectation() -> None:
    assert {path.parent.name for path in CASES} == set(EXTRACTORS)
    assert {path.with_suffix("") for path in PAGES.glob("*/*.json")} == {path.with_suffix("") for path in CASES}


@pytest.mark.parametrize("path", CASES, ids=case_name)
def test_a_saved_page_gives_what_is_expected_of_it(path: Path) -> None:
    expected = expectation(path)
    if "records" in expected:
        assert plain(extract(path)) == said(expected["records"])
        return
    with pytest.raises(ExtractionError) as caught:
        extract(path)
    error = caught.value
    assert {"kind": type(error).__name__, "place": error.place, "expected": error.expected} == expected["error"]
    assert error.url == expected["given"]["url"]


@pytest.mark.parametrize("name", ["programme_by_movie", "programme_by_hour"])
def test_a_programme_that_is_cut_is_never_whole_and_never_another(name: str) -> None:
    page = PAGES / name / "ordinary.html"
    html = html_of(page).rstrip()
    whole: Programme = extract(page)
    assert whole.whole
    read = 0
    for end in range(0, len(html) - 1, 53):
        try:
            part: Programme = extract(page, html[:end])
        except ExtractionError:
            continue
        assert not part.whole
        assert {key(showtime) for showtime in part.showtimes} <= {key(showtime) for showtime in whole.showtimes}
        read += len(part.showtimes)
    assert read > 0


def key(showtime: ListedShowtime) -> tuple[str, dt.datetime]:
    return showtime.external_id, showtime.starts_at


FRAGMENTS = st.sampled_from(
    ["</table>", "<table>", "<tr>", "</td>", "<br>", "\x00", "\ud800", "&#0;", "&#1;", "&#xD800;", "<!--",
     "<h1>", "<h3>", "99", "25:99", "<strong>", "</html>", "javascript:", 'href="http://["', "<svg>", "<select>"]
)  # fmt: skip


@st.composite
def damaged_pages(draw: st.DrawFn) -> tuple[Path, str]:
    """A saved page after up to four deletions, transplants, insertions or cuts."""
    path = draw(st.sampled_from(CASES))
    html = html_of(path)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(html)))
        end = start + draw(st.integers(0, 60))
        match draw(st.sampled_from(["delete", "transplant", "insert", "insert", "cut"])):
            case "delete":
                html = html[:start] + html[end:]
            case "transplant":
                target = draw(st.integers(0, len(html)))
                html = html[:target] + html[start:end] + html[target:]
            case "insert":
                html = html[:start] + draw(FRAGMENTS) + html[start:]
            case "cut":
                html = html[:start]
    return path, html


@settings(max_examples=examples(100), deadline=None)
@given(damaged_pages())
def test_a_damaged_page_is_read_or_refused_and_nothing_else(damaged: tuple[Path, str]) -> None:
    path, html = damaged
    try:
        result = extract(path, html)
    except ExtractionError:
        return
    if isinstance(result, Programme):
        assert result.date == arguments(path)["date"]
        assert result.empty == (not result.showtimes)
        assert max(Counter(listed.external_id for listed in result.showtimes).values(), default=1) == 1
    written = json.dumps(plain(result), ensure_ascii=False)
    assert not re.search(r"[\x00-\x1f\ud800-\udfff]|\\u00[01]|\\[nrtbf]", written)


@pytest.mark.parametrize(
    ("case", "days"),
    [
        ("calendar/ordinary", "2025-10-02 2025-10-03 2025-10-04 2025-10-05 2025-10-06 2025-10-07 2025-10-08"),
        ("programme_by_hour/ordinary", "2025-10-02 2025-10-03 2025-10-04 2025-10-05 2025-10-06 2025-10-07 2025-10-08"),
        ("calendar/no_calendar", ""),
    ],
)
def test_the_days_on_offer_are_the_calendars_or_else_the_day_selects(case: str, days: str) -> None:
    page = PAGES / f"{case}.html"
    found = calendar.days_on_offer(html_of(page), url="u", today=arguments(page)["today"])
    assert " ".join(map(str, found)) == days


@pytest.mark.parametrize("html", ["", " ", "<!-- -->", "{}", "\x00", "<html></html>", "\ud83d", "<" * 1000])
@pytest.mark.parametrize("name", sorted(EXTRACTORS))
def test_what_is_no_page_at_all_is_refused(name: str, html: str) -> None:
    with pytest.raises(ExtractionError):
        extract(PAGES / name / "ordinary.html", html)


def test_both_programmes_name_a_showtime_alike() -> None:
    by_movie: Programme = extract(PAGES / "programme_by_movie" / "ordinary.html")
    by_hour: Programme = extract(PAGES / "programme_by_hour" / "ordinary.html")
    common = {s.external_id for s in by_movie.showtimes} & {s.external_id for s in by_hour.showtimes}
    assert common == {
        "bugonia|cinema-city/bonarka|2025-10-03T10:30",
        "bugonia|pod-baranami|2025-10-03T18:15",
        "kicia-kocia-ma-braciszka|cinema-city/kazimierz|2025-10-03T09:15",
    }


@pytest.mark.parametrize("days", [-365, -7, -1, 1, 2, 7, 365])
@pytest.mark.parametrize("case", ["ordinary", "empty"])
@pytest.mark.parametrize("name", ["programme_by_movie", "programme_by_hour"])
def test_a_programme_is_refused_for_every_day_but_its_own(name: str, case: str, days: int) -> None:
    page = PAGES / name / f"{case}.html"
    told = arguments(page)
    told["date"] += dt.timedelta(days=days)
    with pytest.raises(WrongDay):
        EXTRACTORS[name](html_of(page), **told)


def test_the_token_of_the_session() -> None:
    html = html_of(PAGES / "calendar" / "ordinary.html")
    assert calendar.csrf_token(html, url="u") == "kX2Jt0pSgq9Z4vHn+Yw1uA8lEo7RbTcMfD5iLxNs3PQ=="


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<meta name="csrf-token"', '<meta name="token"'),
        ('<meta name="csrf-param"', '<meta name="csrf-token"'),
        ("kX2Jt0pSgq9Z4vHn+Yw1uA8lEo7RbTcMfD5iLxNs3PQ==", " "),
        ("kX2Jt0pSgq9Z4vHn+", "a&#13;&#10;Cookie: b"),
        ("kX2Jt0pSgq9Z4vHn+", "ż"),
    ],
    ids=["none", "two", "empty", "line break", "not ASCII"],
)
def test_a_token_that_can_not_be_sent_is_refused(old: str, new: str) -> None:
    html = html_of(PAGES / "calendar" / "ordinary.html")
    assert old in html
    with pytest.raises(ExtractionError):
        calendar.csrf_token(html.replace(old, new), url="u")


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("/bilety/1?a=b#c", "https://kino.krakow.pl/bilety/1?a=b#c"),
        ("bilety", "https://kino.krakow.pl/cinema_program/bilety"),
        ("?day=10-03", "https://kino.krakow.pl/cinema_program/by_movie?day=10-03"),
        (" http://bilety.example.com/ ", "http://bilety.example.com/"),
        ("HTTPS://bilety.example.com/", "https://bilety.example.com/"),
        ("//bilety.example.com/1", "https://bilety.example.com/1"),
        ("/bilety\n", "https://kino.krakow.pl/bilety"),
        ("", None),
        ("#", None),
        ("#kup", None),
        ("   ", None),
        ("javascript:alert(1)", None),
        (" JavaScript:alert(1)", None),
        ("java\tscript:alert(1)", None),
        ("\x01javascript:alert(1)", None),
        ("/bilety\x00", None),
        ("data:text/html,<script>", None),
        ("mailto:kino@example.com", None),
        ("ftp://example.com/", None),
        ("https://", None),
        ("http://[", None),
        ("http://example.com:port/", None),
        ("https://example.com:0/", None),
    ],
)
def test_only_web_addresses_are_links(href: str, address: str | None) -> None:
    assert http_link("https://kino.krakow.pl/cinema_program/by_movie", href) == address


def test_a_relative_link_of_a_page_without_an_address_is_none() -> None:
    assert http_link("saved.html", "/bilety/1") is None


@pytest.mark.parametrize(
    ("lists", "days"),
    [
        ("00:15", "?"),
        ("11:59 04:59", "3 ?"),
        ("12:00 04:59", "3 4"),
        ("12:00 05:00", "3 3"),
        ("23:59 00:00 13:00", "3 4 3"),
        ("", ""),
        ("20:00 00:15|00:15|11:00 00:30", "3 4|4|3 4"),  # all that is said is: of the night
        ("00:15 20:00|00:15|11:00", "3 3|3|3"),
        ("20:00 00:15|00:15 20:00|00:15", "3 4|3 3|?"),  # the lists don't agree
    ],
)
def test_the_night_belongs_to_the_evening_before_it(lists: str, days: str) -> None:
    times = [[dt.time.fromisoformat(time) for time in row.split()] for row in lists.split("|")]
    found = starts(dt.date(2025, 10, 3), times)
    assert all(
        start is None or start.time() == time
        for row, own in zip(found, times, strict=True)
        for start, time in zip(row, own, strict=True)
    )
    assert [" ".join(str(start.day) if start else "?" for start in row) for row in found] == days.split("|")


NIGHT_WORLD = World(dt.date(2026, 11, 24))
SCREENINGS = st.lists(
    st.tuples(st.sampled_from(sorted(NIGHT_WORLD.films)[:3]), st.sampled_from(["kijow", "mikro"]), st.times()),
    min_size=1,
    max_size=8,
)


@given(SCREENINGS, st.booleans())
@settings(deadline=None, max_examples=examples(30))
def test_both_programmes_have_the_same_night(screenings: list[tuple[str, str, dt.time]], next_date: bool) -> None:
    """Whether the site lists what starts after midnight at the end of a day, meaning the next date, or at its head.

    As long as one row says which: of a day whose only such showtimes stand alone in theirs, `by_movie` says nothing.
    """
    day = NIGHT_WORLD.days[2]
    said = [("bugonia", "sfinks", dt.time(20)), ("bugonia", "sfinks", dt.time(0, 15))]
    NIGHT_WORLD.showtimes = [
        Screening(day, dt.datetime.combine(day + dt.timedelta(days=next_date and at.hour < 5), at), film, cinema)
        for film, cinema, at in {
            (film, cinema, at.replace(second=0, microsecond=0)) for film, cinema, at in said + screenings
        }
    ]
    truth = {(s.film_slug, s.cinema_slug, s.starts_at) for s in NIGHT_WORLD.showtimes}
    for render, read in (
        (pages.programme_by_movie, EXTRACTORS["programme_by_movie"]),
        (pages.programme_by_hour, EXTRACTORS["programme_by_hour"]),
    ):
        programme = read(render(NIGHT_WORLD, day), url="https://kino.krakow.pl/", date=day, today=NIGHT_WORLD.today)
        assert {(s.film_slug, s.cinema_slug, s.starts_at) for s in programme.showtimes} == truth
