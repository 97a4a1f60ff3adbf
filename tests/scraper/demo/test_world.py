from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter

import pytest

from scraper.demo.tmdb.entries import TMDB_ENTRIES
from scraper.demo.world import CINEMAS, World

TODAY = dt.date(2026, 11, 24)
TOMORROW = TODAY + dt.timedelta(days=1)

# Every kind of question that a review queue can be asked must have a film here that asks it.
LESSONS = {
    "after midnight", "announced", "double bill", "double title", "homonym", "ladies night", "marathon",
    "missing facts", "missing facts, now playing", "no original title", "not on tmdb", "numerals", "opera broadcast",
    "page not found", "premiere year", "programme noise", "remake", "revival", "revival, now playing",
    "sequel beside its first part", "stage play", "stub", "transliterated names",
    "two films of one title", "uuid slug",
}  # fmt: skip


def test_the_week_depends_on_its_date_alone() -> None:
    first = World(TODAY).showtimes
    random.seed(1)
    assert World(TODAY).showtimes == first


def test_tomorrows_week_shares_six_days_with_todays() -> None:
    today, tomorrow = World(TODAY), World(TOMORROW)
    assert all(today.on(day) == tomorrow.on(day) for day in today.days[1:])
    assert tomorrow.on(today.days[0]) == ()


@pytest.mark.parametrize("today", [TODAY, dt.date(2026, 12, 29), dt.date(2027, 3, 25), dt.date(2026, 10, 23)])
def test_a_week_is_as_large_as_the_real_ones(today: dt.date) -> None:
    world = World(today)
    counts = {day: len(world.on(day)) for day in world.days}
    assert len(counts) == 7
    assert all(150 <= count <= 300 for count in counts.values())
    weekend = [count for day, count in counts.items() if day.weekday() in (4, 5, 6)]
    assert min(weekend) > max(count for day, count in counts.items() if day.weekday() < 4)
    assert {showtime.cinema_slug for showtime in world.showtimes} == {cinema.slug for cinema in CINEMAS}
    assert len(CINEMAS) == 15
    assert 45 <= len({showtime.film_slug for showtime in world.showtimes}) <= 65


@pytest.mark.parametrize("today", [TODAY, dt.date(2026, 12, 29)])
def test_a_showtime_is_told_from_every_other_by_film_cinema_and_start(today: dt.date) -> None:
    truth = World(today).truth("http://site")
    keys = Counter((row["film_slug"], row["cinema_slug"], row["starts_at"]) for row in truth)
    assert keys.most_common(1)[0][1] == 1


def test_only_announced_films_have_no_showtime() -> None:
    assert {film.lesson for film in World(TODAY).announced()} == {"announced"}


def test_every_lesson_has_its_film() -> None:
    assert {film.lesson for film in World(TODAY).films.values() if film.lesson} == LESSONS


def test_a_showtime_after_midnight_is_listed_under_the_evening_and_starts_the_next_day() -> None:
    world = World(TODAY)
    friday = next(day for day in world.days if day.weekday() == 4)
    (late,) = [showtime for showtime in world.on(friday) if showtime.starts_at.date() != friday]
    assert late == world.on(friday)[-1]
    assert late.starts_at == dt.datetime.combine(friday + dt.timedelta(days=1), dt.time(0, 15))
    evening = [showtime for showtime in world.on(friday) if showtime.film_slug == late.film_slug]
    assert len({showtime.cinema_slug for showtime in evening}) == 1
    assert len(evening) == 2, "a page shows that 00:15 is late only by what stands before it"


def test_a_revival_is_listed_under_the_year_of_its_revival() -> None:
    assert World(dt.date(2027, 2, 1)).films["siedmiu-samurajow"].year == 2027


def test_ticket_links_are_absolute_in_the_truth_or_missing() -> None:
    links = [row["ticket_url"] for row in World(TODAY).truth("http://127.0.0.1:99")]
    kinds = Counter(link and link.split("/bilety/")[0] for link in links)
    assert set(kinds) == {None, "http://127.0.0.1:99", "https://bilety.example"}
    assert min(kinds.values()) > 200


def test_a_withdrawn_showtime_leaves_the_truth_and_an_added_one_enters_it() -> None:
    world = World(TODAY)
    before = len(world.showtimes)
    gone = world.remove(day=TOMORROW, cinema_slug="multikino")
    assert {(showtime.day, showtime.cinema_slug) for showtime in gone} == {(TOMORROW, "multikino")}
    assert len(gone) == 38 + 1  # a Wednesday's ordinary ones and its ladies' night
    added = world.add("rejs", "agrafka", TOMORROW, dt.time(0, 30), "/bilety/1")
    assert added.starts_at == dt.datetime.combine(dt.date(2026, 11, 26), dt.time(0, 30))
    truth = world.truth("http://site")
    assert len(truth) == before - len(gone) + 1
    assert truth.count(
        {
            "film_slug": "rejs",
            "cinema_slug": "agrafka",
            "day": "2026-11-25",
            "starts_at": "2026-11-26T00:30:00",
            "ticket_url": "http://site/bilety/1",
        }
    ) == 1  # fmt: skip


def test_a_showtime_of_an_unknown_film_is_refused() -> None:
    with pytest.raises(KeyError, match="no-such-film"):
        World(TODAY).add("no-such-film", "kika", TODAY, dt.time(20))


def test_tmdb_knows_every_film_that_is_said_to_be_on_it() -> None:
    ids = [entry["tmdb_id"] for entry in TMDB_ENTRIES]
    assert len(ids) == len(set(ids))
    assert {answer for film in World(TODAY).films.values() for answer in film.tmdb_ids} <= set(ids)


def test_tmdb_has_films_that_mislead() -> None:
    films = World(TODAY).films.values()
    answers = {answer for film in films for answer in film.tmdb_ids}
    distractors = [entry for entry in TMDB_ENTRIES if entry["tmdb_id"] not in answers]
    assert len(distractors) >= 60
    right = {(entry["title"], entry["year"]) for entry in TMDB_ENTRIES if entry["tmdb_id"] in answers}
    stubs = [entry for entry in distractors if entry["runtime"] == 0 and entry["vote_count"] == 0]
    assert sum((stub["title"], stub["year"]) in right for stub in stubs) >= 3
    assert any(entry["runtime"] and entry["runtime"] < 30 for entry in distractors)


def test_tmdb_entries_have_the_shape_of_an_index() -> None:
    allowed = {
        "tmdb_id", "title", "original_title", "original_language", "pl_title", "alternative_titles", "year",
        "release_date", "runtime", "directors", "countries", "popularity", "vote_count", "now_playing", "imdb_id",
        "overview",
    }  # fmt: skip
    for entry in TMDB_ENTRIES:
        assert {"tmdb_id", "title", "vote_count", "popularity"} <= set(entry) <= allowed, entry["title"]
        assert all(re.fullmatch("[A-Z]{2}", code) for code in entry.get("countries", ())), entry["title"]
        dt.date.fromisoformat(entry.get("release_date", "2000-01-01"))
    assert sum(bool(entry.get("now_playing")) for entry in TMDB_ENTRIES) >= 5
