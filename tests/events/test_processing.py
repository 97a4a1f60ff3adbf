"""Records meet rows: what a verified page does to showtimes, films and events, and what it must leave alone."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import processing, publishing
from events.local_time import localise
from events.models import Cinema, Event, ListedFilm, Movie, Showtime
from events.processing import Outcome
from events.records import CANCELLED, FilmFacts, ListedShowtime, Programme, UnreadRow

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Europe/Warsaw")
DAY = dt.date(2026, 11, 24)
MORNING = dt.datetime(2026, 11, 24, 6, tzinfo=ZONE)
FRESH = dt.timedelta(hours=24)
HOUR = dt.timedelta(hours=1)


def listed(
    film: str, at: str, cinema: str = "kijow", ticket: str | None = "https://t/1", **changes: Any
) -> ListedShowtime:
    day = changes.pop("day", DAY)
    starts_at = dt.datetime.combine(day, dt.time.fromisoformat(at))
    return ListedShowtime(
        external_id=f"{film}|{cinema}|{starts_at:%Y-%m-%dT%H:%M}",
        film_slug=film,
        film_title=changes.pop("title", film.title()),
        cinema_slug=cinema,
        cinema_name=changes.pop("cinema_name", cinema.title()),
        day=day,
        starts_at=starts_at,
        ticket_url=ticket,
        version=changes.pop("version", ""),
    )


def page(*showtimes: ListedShowtime, day: dt.date = DAY) -> Programme:
    return Programme(date=day, empty=not showtimes, showtimes=showtimes)


def store(*showtimes: ListedShowtime, at: dt.datetime = MORNING, day: dt.date = DAY, **options: Any) -> Outcome:
    return processing.store_programme(page(*showtimes, day=day), at=at, fresh=FRESH, **options)


def link(slug: str, movie: Movie | None, status: str = ListedFilm.Match.MATCHED, at: dt.datetime = MORNING) -> int:
    return publishing.link(ListedFilm.objects.get(slug=slug), movie, status, at=at, score=90.0 if movie else None)


def movie(title: str = "Bugonia", tmdb_id: int = 701387, **fields: Any) -> Movie:
    return Movie.objects.create(title=title, tmdb_id=tmdb_id, **fields)


def hours(day: dt.date = DAY) -> dict[str, dt.datetime | None]:
    """Each showtime of the day by its hour, and when it was withdrawn."""
    rows = Showtime.objects.filter(day=day)
    return {f"{row.starts_at.astimezone(ZONE):%H:%M}": row.withdrawn_at for row in rows}


# --- storing a page ---------------------------------------------------------------------------------


def test_a_new_page_is_stored_as_it_says() -> None:
    outcome = store(listed("bugonia", "10:30"), listed("bugonia", "20:00", "cinema-city/bonarka", ticket=None))
    assert outcome == Outcome(created=2)
    first, second = Showtime.objects.select_related("film", "cinema")
    assert (first.film.slug, first.film.title, first.cinema.slug, first.cinema.name) == (
        "bugonia",
        "Bugonia",
        "kijow",
        "Kijow",
    )
    assert (first.starts_at, first.day, first.ticket_url) == (MORNING.replace(hour=10, minute=30), DAY, "https://t/1")
    assert (first.first_seen_at, first.last_seen_at, first.withdrawn_at, first.event) == (MORNING, MORNING, None, None)
    assert (second.cinema.slug, second.ticket_url) == ("cinema-city/bonarka", None)
    assert ListedFilm.objects.get().match_status == ListedFilm.Match.PENDING


def test_the_same_page_again_only_moves_last_seen() -> None:
    showtimes = [listed("bugonia", "10:30"), listed("dom-dobry", "12:00")]
    store(*showtimes)
    assert store(*showtimes, at=MORNING + HOUR) == Outcome(unchanged=2)
    assert set(Showtime.objects.values_list("first_seen_at", "last_seen_at")) == {(MORNING, MORNING + HOUR)}


def test_what_was_not_seen_for_a_day_counts_as_updated() -> None:
    showtime = listed("bugonia", "20:00", day=DAY + dt.timedelta(days=3))
    for at, outcome in (
        (MORNING, Outcome(created=1)),
        (MORNING + FRESH - dt.timedelta(seconds=1), Outcome(unchanged=1)),
        (MORNING + 2 * FRESH - dt.timedelta(seconds=1), Outcome(updated=1)),
    ):
        assert store(showtime, at=at, day=showtime.day) == outcome
    assert Showtime.objects.get().last_seen_at == at


@pytest.mark.parametrize("ticket", ["https://t/2", None])
def test_another_ticket_link_is_an_update(ticket: str | None) -> None:
    store(listed("bugonia", "10:30"), listed("bugonia", "12:30"))
    outcome = store(listed("bugonia", "10:30", ticket=ticket), listed("bugonia", "12:30"), at=MORNING + HOUR)
    assert outcome == Outcome(updated=1, unchanged=1)
    assert list(Showtime.objects.values_list("ticket_url", flat=True)) == [ticket, "https://t/1"]


def test_a_page_kind_without_tickets_erases_none() -> None:
    store(listed("bugonia", "10:30"))
    silent = listed("bugonia", "10:30", ticket=None)
    assert store(silent, at=MORNING + HOUR, tickets_listed=False) == Outcome(unchanged=1)
    assert store(silent, at=MORNING + 2 * FRESH, tickets_listed=False) == Outcome(updated=1)
    assert Showtime.objects.get().ticket_url == "https://t/1"


def test_a_cinema_s_new_name_is_taken_over_when_no_page_says_the_old_one() -> None:
    store(listed("bugonia", "10:30"))
    for later, name in ((1, "Kijow"), (13, "Kijow"), (36, "Kijów"), (73, "Kijów")):
        store(listed("bugonia", "10:30", cinema_name=name), at=MORNING + later * HOUR)
        assert Cinema.objects.get().name == ("Kijów" if later == 73 else "Kijow")


def test_pages_that_disagree_on_a_name_write_no_row_the_second_time() -> None:
    other = DAY + dt.timedelta(days=1)

    def both(at: dt.datetime) -> list[Any]:
        store(listed("bugonia", "10:30", cinema_name="Kijów"), at=at)
        store(listed("bugonia", "10:30", cinema_name="KIJÓW", day=other), at=at, day=other)
        return list(Cinema.objects.values())

    first = both(MORNING)
    with CaptureQueriesContext(connection) as queries:
        assert both(MORNING + HOUR) == first
    assert not [q for q in queries if q["sql"].startswith("UPDATE") and "events_cinema" in q["sql"]]


def test_a_film_page_s_title_is_not_undone_by_a_listing() -> None:
    store(listed("bugonia", "10:30", title="Bugonia - napisy"))
    facts = FilmFacts("bugonia", "Bugonia")
    processing.store_facts(ListedFilm.objects.get(), facts, at=MORNING, refresh=FRESH)
    store(listed("bugonia", "10:30", title="Bugonia - napisy"), at=MORNING + HOUR)
    film = ListedFilm.objects.get()
    assert (film.title, film.last_seen_at) == ("Bugonia", MORNING + HOUR)


def test_queries_do_not_grow_with_the_page() -> None:
    def queries(rows: int, at: dt.datetime) -> int:
        day = DAY + dt.timedelta(days=rows)
        showtimes = [
            listed(f"film-{n % 40}", f"{10 + n % 12}:{n // 12:02}", f"cinema-{n % 15}", day=day) for n in range(rows)
        ]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            store(*showtimes, at=at, day=day)
        return len(captured)

    batches = 10  # of a few statements: SQLite's limit of parameters splits 400 rows
    assert queries(400, MORNING) <= queries(20, MORNING) + batches
    Movie.objects.bulk_create(Movie(tmdb_id=n, title=f"Film {n}") for n in range(40))
    for film, movie in zip(ListedFilm.objects.all(), Movie.objects.all(), strict=True):
        ListedFilm.objects.filter(pk=film.pk).update(movie=movie, match_status=ListedFilm.Match.MATCHED)
    two = 1  # statements for 40 films on SQLite, not one
    assert queries(400, MORNING + HOUR) <= queries(20, MORNING + HOUR) + two < 12
    assert queries(400, MORNING + 2 * FRESH) <= queries(20, MORNING + 2 * FRESH) + batches


# --- absence ----------------------------------------------------------------------------------------


def test_what_a_page_no_longer_lists_is_withdrawn_and_restored() -> None:
    all_three = [listed("bugonia", at) for at in ("10:30", "12:30", "20:00")]
    store(*all_three)
    assert store(*all_three[:2], at=MORNING + HOUR) == Outcome(unchanged=2, withdrawn=1)
    assert hours() == {"10:30": None, "12:30": None, "20:00": MORNING + HOUR}
    assert store(*all_three[:2], at=MORNING + 2 * HOUR) == Outcome(unchanged=2), "withdrawn once"
    assert store(*all_three, at=MORNING + 3 * HOUR) == Outcome(updated=1, unchanged=2)
    assert set(hours().values()) == {None}
    assert Showtime.objects.get(external_id=all_three[2].external_id).first_seen_at == MORNING


def test_only_showtimes_to_come_are_withdrawn() -> None:
    store(*[listed("bugonia", at) for at in ("10:30", "12:00", "12:30", "20:00", "21:00")])
    noon = MORNING.replace(hour=12)
    assert store(listed("bugonia", "20:00"), listed("bugonia", "21:00"), at=noon) == Outcome(unchanged=2, withdrawn=1)
    assert hours() == {"10:30": None, "12:00": None, "12:30": noon, "20:00": None, "21:00": None}


def test_another_day_s_page_withdraws_nothing_of_this_one() -> None:
    store(listed("bugonia", "20:00"))
    tomorrow = DAY + dt.timedelta(days=1)
    store(listed("bugonia", "20:00", day=tomorrow), day=tomorrow, at=MORNING + HOUR)
    assert hours() == {"20:00": None}


@pytest.mark.parametrize(("kept", "suspicious"), [(0, True), (1, True), (2, False), (4, False)])
def test_less_than_half_of_what_was_known_withdraws_nothing(kept: int, suspicious: bool) -> None:
    known = [listed("bugonia", f"{hour}:00") for hour in (18, 19, 20, 21)]
    store(*known)
    outcome = store(*known[:kept], at=MORNING + HOUR)
    withdrawn = 0 if suspicious else 4 - kept
    left = 4 - kept - withdrawn
    assert outcome == Outcome(unchanged=kept, withdrawn=withdrawn, suspicious=suspicious, not_withdrawn=left)
    assert Showtime.objects.listed().count() == 4 - withdrawn


# --- rows that were not understood ------------------------------------------------------------------


def unread(*films: str, whole: bool = True, rest: tuple[ListedShowtime, ...] = ()) -> Outcome:
    """Store a page that lacks most of what was there, with a row that was not understood for each of `films`."""
    rows = tuple(UnreadRow("row 7", "20:15*", "no time", film) for film in films)
    programme = Programme(DAY, False, rest, unread=rows, whole=whole)
    return processing.store_programme(programme, at=MORNING + HOUR, fresh=FRESH)


ALL = tuple(listed(film, f"{hour}:00") for film in ("bugonia", "rejs") for hour in range(10, 20))
REST = tuple(row for row in ALL if row.starts_at.hour < 18)


@pytest.mark.parametrize(
    ("films", "whole", "withdrawn", "suspicious"),
    [
        ((), True, 4, False),
        (("bugonia",), True, 2, False),
        (("bugonia", "rejs"), True, 0, False),
        (("",), True, 0, False),
        (("persona",), True, 4, False),
        ((), False, 0, True),
        (("persona",) * 4, True, 4, False),
        (("persona",) * 5, True, 0, True),
    ],
)
def test_what_was_not_understood_takes_nothing_away(
    films: tuple[str, ...], whole: bool, withdrawn: int, suspicious: bool
) -> None:
    store(*ALL)
    outcome = unread(*films, whole=whole, rest=REST)
    assert (outcome.withdrawn, outcome.suspicious) == (withdrawn, suspicious)


def test_a_cancelled_showing_is_withdrawn_though_it_is_told() -> None:
    store(*ALL)
    rows = tuple(UnreadRow("row 7", "18:00 odwołany", CANCELLED, film) for film in ("bugonia", "rejs") * 9)
    outcome = processing.store_programme(Programme(DAY, False, REST, unread=rows), at=MORNING + HOUR, fresh=FRESH)
    assert (outcome.withdrawn, outcome.suspicious) == (4, False)


def test_values_too_long_for_their_columns_cost_themselves() -> None:
    long = "x" * 5000
    rows = (
        listed("bugonia", "10:30", ticket=f"https://t/{long}", title=long, cinema_name=long, version=long),
        listed(f"{long}", "11:30"),
        listed("rejs", "12:30", cinema="y" * 256),
        listed("z" * 250, "13:30", cinema="y" * 250),
    )
    store(*rows)
    showtime = Showtime.objects.get(film__slug="bugonia")
    assert (showtime.ticket_url, showtime.version) == (None, "x" * 100)
    assert set(Showtime.objects.values_list("film__slug", flat=True)) == {"bugonia", "z" * 250}
    assert {row.film_slug for row in processing.storable(page(*rows)).unread} == {long, "rejs"}
    facts = FilmFacts("bugonia", long, long, (long,) * 99, poster_url=f"https://p/{long}", countries=(long,))
    processing.store_facts(ListedFilm.objects.get(slug="bugonia"), facts, at=MORNING, refresh=FRESH)
    film = ListedFilm.objects.get(slug="bugonia")
    assert (len(film.title), len(film.directors), len(film.directors[0]), film.poster_url) == (500, 50, 500, "")


def test_what_stands_beside_an_hour_is_kept_where_another_kind_of_page_is_silent() -> None:
    store(listed("bugonia", "10:30", version="2D napisy"))
    assert store(listed("bugonia", "10:30"), tickets_listed=False, at=MORNING + HOUR).unchanged == 1
    assert Showtime.objects.get().version == "2D napisy"
    assert store(listed("bugonia", "10:30"), at=MORNING + HOUR).updated == 1
    assert Showtime.objects.get().version == ""


def test_the_evening_of_a_day_is_not_suspicious_for_what_has_begun() -> None:
    known = [listed("bugonia", f"{hour}:00") for hour in (10, 11, 12, 20)]
    store(*known)
    evening = MORNING.replace(hour=19)
    assert store(known[3], at=evening) == Outcome(unchanged=1)
    assert set(hours().values()) == {None}


def test_what_has_begun_does_not_make_up_for_what_is_missing() -> None:
    begun, to_come = ([listed("bugonia", f"{hour}:00") for hour in hours] for hours in ((10, 11, 12), (19, 20, 21)))
    store(*begun, *to_come)
    assert store(*begun, to_come[0], at=MORNING.replace(hour=18)) == Outcome(
        unchanged=4, suspicious=True, not_withdrawn=2
    )
    assert set(hours().values()) == {None}


@pytest.mark.once
@pytest.mark.parametrize(
    ("replaced", "elsewhere", "believed"),
    [
        (25, 0, False),  # as many as before, but none of those
        (20, 0, False),
        (19, 0, True),
        (25, 24, False),
        (25, 226, True),  # less than a tenth of what is published
    ],
)
def test_much_of_what_is_published_is_not_taken_away_by_one_page(replaced: int, elsewhere: int, believed: bool) -> None:
    def some(count: int, cinema: str, day: dt.date = DAY) -> list[ListedShowtime]:
        return [listed("bugonia", f"{12 + n // 60}:{n % 60:02}", cinema=cinema, day=day) for n in range(count)]

    tomorrow = DAY + dt.timedelta(days=1)
    store(*some(25, "kijow"))
    store(*some(elsewhere, "mikro", tomorrow), day=tomorrow)
    link("bugonia", movie())
    other = [*some(25, "kijow")[replaced:], *some(replaced, "pod-baranami")]
    outcome = store(*other, at=MORNING + HOUR)
    assert (outcome.suspicious, outcome.withdrawn, outcome.not_withdrawn) == (
        (False, replaced, 0) if believed else (True, 0, replaced)
    )
    again = store(*other, at=MORNING + 2 * HOUR, doubted=page(*other))
    assert (again.suspicious, again.withdrawn) == (False, 0 if believed else replaced)


@pytest.mark.once
@pytest.mark.parametrize(
    ("each", "withdrawn"),
    [
        (8, [8, 8, 0, 0, 0]),  # of 200 published no more than 20 go: the third page would make it 24
        (4, [4, 4, 4, 4, 4]),
    ],
)
def test_a_run_takes_no_more_away_than_a_page_may(each: int, withdrawn: list[int]) -> None:
    """Each page lacks less than what is doubted of one; together they would take away more than a tenth."""
    days = [DAY + dt.timedelta(days=n) for n in range(5)]
    known = {day: [listed("bugonia", f"{12 + n // 10}:{5 * (n % 10):02}", day=day) for n in range(40)] for day in days}
    for day in days:
        store(*known[day], day=day)
    link("bugonia", movie())
    outcomes: list[Outcome] = []
    for day in days:
        so_far = sum(outcome.unpublished for outcome in outcomes)
        outcomes.append(store(*known[day][each:], day=day, at=MORNING + HOUR, taken_away=so_far))
    assert [outcome.withdrawn for outcome in outcomes] == withdrawn
    assert [outcome.suspicious for outcome in outcomes] == [not count for count in withdrawn]


def test_what_is_not_published_may_go_at_once() -> None:
    known = [listed("bugonia", f"12:{n:02}") for n in range(50)]
    store(*known)
    assert store(*known[:25], at=MORNING + HOUR).withdrawn == 25


@pytest.mark.once
@pytest.mark.parametrize(
    ("then", "now", "believed"),
    [
        ([10, 20], [10, 20], True),
        ([10, 20], [20], True),  # the site drops what has begun
        ([20], [20, 21], False),
        ([20, 21], [20], False),
        ([20], [], False),
        ([], [], True),
        ([10], [], False),  # neither lists anything to come, but only one says that there is no programme
    ],
)
def test_a_page_that_says_what_was_doubted_before_is_believed(then: list[int], now: list[int], believed: bool) -> None:
    """Read at noon."""
    known = {hour: listed("bugonia", f"{hour}:00") for hour in (10, 18, 19, 20, 21, 22)}
    store(*known.values())
    doubted = page(*[known[hour] for hour in then])
    outcome = store(*[known[hour] for hour in now], at=MORNING.replace(hour=12), doubted=doubted)
    lacks = 5 - len({*now} - {10})
    expected = Outcome(withdrawn=lacks) if believed else Outcome(suspicious=True, not_withdrawn=lacks)
    assert outcome == replace(expected, unchanged=len(now))


def test_an_older_page_read_again_does_not_turn_the_clock_back() -> None:
    showtime = listed("bugonia", "20:00")
    store(showtime, at=MORNING + HOUR)
    store(showtime._replace(ticket_url="https://t/old"), at=MORNING)
    row = Showtime.objects.get()
    assert (row.first_seen_at, row.last_seen_at) == (MORNING + HOUR, MORNING + HOUR)


# --- clocks and years -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-03-28 20:00", "2026-03-28T20:00:00+01:00"),
        ("2026-03-29 01:59", "2026-03-29T01:59:00+01:00"),
        ("2026-03-29 02:30", "2026-03-29T03:30:00+02:00"),  # this time did not exist
        ("2026-03-29 03:00", "2026-03-29T03:00:00+02:00"),
        ("2026-10-25 02:30", "2026-10-25T02:30:00+02:00"),  # this one twice: the first
        ("2026-10-25 03:00", "2026-10-25T03:00:00+01:00"),
    ],
)
def test_a_wall_time_of_krakow(wall: str, expected: str) -> None:
    assert localise(dt.datetime.fromisoformat(wall)).isoformat() == expected


def test_the_night_the_clocks_go_back_keeps_its_showtimes_apart() -> None:
    saturday = dt.date(2026, 10, 24)
    night = [dt.datetime.combine(saturday + FRESH, dt.time(hour, 30)) for hour in (0, 1, 2, 3)]
    rows = [
        listed("bugonia", "00:30", day=saturday)._replace(
            starts_at=at, external_id=f"bugonia|kijow|{at:%Y-%m-%dT%H:%M}"
        )
        for at in night
    ]
    at = dt.datetime(2026, 10, 24, 6, tzinfo=ZONE)
    assert store(*rows, day=saturday, at=at) == Outcome(created=4)
    assert store(*rows, day=saturday, at=at + HOUR) == Outcome(unchanged=4)
    stored = list(Showtime.objects.order_by("external_id").values_list("starts_at", flat=True))
    assert [later - earlier for earlier, later in itertools.pairwise(stored)] == [HOUR, HOUR, 2 * HOUR]


def test_new_year_s_week_is_one_week() -> None:
    days = [dt.date(2026, 12, 30) + dt.timedelta(days=n) for n in range(4)]
    before = dt.datetime(2026, 12, 30, 6, tzinfo=ZONE)
    for day in days:
        store(listed("bugonia", "20:00", day=day), listed("bugonia", "22:00", day=day), day=day, at=before)
    assert store(listed("bugonia", "20:00", day=days[2]), day=days[2], at=before + HOUR).withdrawn == 1
    assert hours(days[2])["22:00"] == before + HOUR
    assert [str(day) for day in Showtime.objects.listed().values_list("day", flat=True)] == [
        *["2026-12-30"] * 2,
        *["2026-12-31"] * 2,
        "2027-01-01",
        *["2027-01-02"] * 2,
    ]


# --- films ------------------------------------------------------------------------------------------

FACTS = FilmFacts(
    "bugonia", "Bugonia", "Bugonia (EN)", ("Yorgos Lanthimos",), 2025, ("USA", "Irlandia"), 118,
    ("Emma Stone",), ("komedia",), dt.date(2025, 11, 7), "UIP",
)  # fmt: skip


def test_a_film_page_s_facts_come_back_as_they_were_stored() -> None:
    store(listed("bugonia", "20:00"))
    film = ListedFilm.objects.get()
    assert not processing.store_facts(film, FACTS, at=MORNING, refresh=7 * FRESH), "the first reading changes nothing"
    film.refresh_from_db()
    assert film.facts() == FACTS
    assert (film.has_page, film.facts_at) == (True, MORNING)
    assert not ListedFilm.objects.facts_due(MORNING + 7 * FRESH - HOUR).exists()
    assert ListedFilm.objects.facts_due(MORNING + 7 * FRESH).exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("change", "identifies"),
    [
        ({}, False),
        ({"directors": ("Y. Lanthimos",)}, True),
        ({"year": 2024}, True),
        ({"directors": ("LANTHIMOS, yorgos",)}, True),
        ({"directors": ("yorgos lánthimos",)}, False),
        ({"original_title": "BUGONIA"}, True),
        ({"original_title": "Bugonia [en]"}, False),
        ({"original_title": None, "directors": (), "year": None}, False),
        ({"cast": ()}, False),
        ({"premiere": None}, False),
        ({"distributor": None}, False),
    ],
)
def test_only_facts_that_identify_a_film_count_as_a_change(change: dict[str, Any], identifies: bool) -> None:
    store(listed("bugonia", "20:00"))
    film = ListedFilm.objects.get()
    processing.store_facts(film, FACTS, at=MORNING, refresh=FRESH)
    film.refresh_from_db()
    changed = processing.store_facts(film, replace(FACTS, **change), at=MORNING + HOUR, refresh=FRESH)
    assert changed == (frozenset(change) if identifies else frozenset())


def test_a_film_without_a_page_keeps_what_was_known() -> None:
    store(listed("bugonia", "20:00"))
    film = ListedFilm.objects.get()
    processing.store_facts(film, FACTS, at=MORNING, refresh=FRESH)
    processing.store_no_page(film, at=MORNING + HOUR, refresh=FRESH)
    film.refresh_from_db()
    assert (film.has_page, film.facts()) == (False, FACTS)
    assert not ListedFilm.objects.facts_due(MORNING + 2 * HOUR).exists(), "it is not asked for again at once"


# --- events -----------------------------------------------------------------------------------------


def test_a_match_publishes_one_event_per_cinema() -> None:
    store(*[listed("bugonia", at, cinema) for cinema in ("kijow", "mikro") for at in ("18:00", "20:00")])
    store(listed("other", "20:00"))
    assert not Event.objects.exists()
    assert link("bugonia", movie("Bugonia!")) == 4
    events = list(Event.objects.order_by("title"))
    assert [event.title for event in events] == ["Bugonia! at Kijow", "Bugonia! at Mikro"]
    assert [event.showtimes.count() for event in events] == [2, 2]
    assert {event.status for event in events} == {Event.Status.SCHEDULED}
    assert Showtime.objects.get(film__slug="other").event is None


def test_a_matched_film_s_new_showtime_is_published_as_it_is_stored() -> None:
    store(listed("bugonia", "18:00"))
    link("bugonia", movie())
    store(listed("bugonia", "18:00"), listed("bugonia", "20:00"), at=MORNING + HOUR)
    assert Event.objects.get().showtimes.count() == 2


def test_two_listings_of_one_movie_share_its_event() -> None:
    store(listed("bugonia", "18:00"), listed("bugonia-imax", "20:00"))
    bugonia = movie()
    link("bugonia", bugonia)
    link("bugonia-imax", bugonia, ListedFilm.Match.PROVISIONAL)
    assert Event.objects.get().showtimes.count() == 2


def test_another_match_moves_the_occurrences_and_cancels_the_empty_event() -> None:
    store(listed("bugonia", "18:00"), listed("bugonia", "20:00"))
    link("bugonia", movie("Wrong", 1))
    wrong = Event.objects.get()
    assert link("bugonia", movie("Right", 2), at=MORNING + HOUR) == 2
    wrong.refresh_from_db()
    right = Event.objects.get(movie__tmdb_id=2)
    assert (wrong.status, wrong.updated_at, wrong.showtimes.count()) == (Event.Status.CANCELLED, MORNING + HOUR, 0)
    assert (right.status, right.showtimes.count()) == (Event.Status.SCHEDULED, 2)


@pytest.mark.once
@pytest.mark.parametrize("status", [ListedFilm.Match.REVIEW, ListedFilm.Match.UNMATCHED, ListedFilm.Match.ERROR])
def test_a_match_taken_back_takes_its_events_back(status: str) -> None:
    store(listed("bugonia", "18:00"), listed("bugonia-imax", "20:00"))
    bugonia = movie()
    link("bugonia", bugonia)
    link("bugonia-imax", bugonia)
    link("bugonia", None, status, at=MORNING + HOUR)
    event = Event.objects.get()
    assert (event.status, event.showtimes.get().film.slug) == (Event.Status.SCHEDULED, "bugonia-imax")
    link("bugonia-imax", None, status, at=MORNING + 2 * HOUR)
    event.refresh_from_db()
    assert (event.status, event.showtimes.count()) == (Event.Status.CANCELLED, 0)
    link("bugonia", bugonia, at=MORNING + 3 * HOUR)
    event.refresh_from_db()
    assert (event.status, event.updated_at) == (Event.Status.SCHEDULED, MORNING + 3 * HOUR)


def test_an_event_follows_its_showtimes_when_the_site_withdraws_them() -> None:
    kijow, mikro = listed("bugonia", "20:00"), listed("bugonia", "20:00", "mikro")
    store(kijow, mikro)
    link("bugonia", movie())
    store(mikro, at=MORNING + HOUR)
    event = Event.objects.get(cinema__slug="kijow")
    assert (event.status, event.showtimes.count()) == (Event.Status.CANCELLED, 0)
    store(kijow, mikro, at=MORNING + 2 * HOUR)
    event.refresh_from_db()
    assert (event.status, event.showtimes.count()) == (Event.Status.SCHEDULED, 1)
    assert Event.objects.count() == 2


def test_a_second_publication_changes_nothing() -> None:
    store(listed("bugonia", "20:00"))
    link("bugonia", movie())
    before = list(Event.objects.values())
    assert publishing.publish(list(ListedFilm.objects.values_list("pk", flat=True)), MORNING + HOUR) == 0
    assert list(Event.objects.values()) == before


def test_events_of_a_film_that_is_asked_about_anew_stand_until_there_is_an_answer() -> None:
    store(listed("bugonia", "20:00"))
    link("bugonia", movie())
    ListedFilm.objects.update(match_status=ListedFilm.Match.PENDING)
    store(listed("bugonia", "20:00"), listed("bugonia", "22:00"), at=MORNING + HOUR)
    event = Event.objects.get()
    assert (event.status, event.showtimes.count()) == (Event.Status.SCHEDULED, 2)


# --- the end of a showtime --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("site", "tmdb", "minutes"), [(118, 120, 118), (None, 119, 119), (None, None, 120), (0, 0, 120)]
)
def test_a_showtime_ends_after_the_runtime_that_is_known(site: int | None, tmdb: int | None, minutes: int) -> None:
    store(listed("bugonia", "20:00"))
    link("bugonia", movie(runtime=tmdb))
    ListedFilm.objects.update(runtime=site)
    showtime = Showtime.objects.get()
    assert showtime.ends_at == showtime.starts_at + dt.timedelta(minutes=minutes)


def test_without_a_movie_a_showtime_ends_after_two_hours() -> None:
    store(listed("bugonia", "20:00"))
    showtime = Showtime.objects.get()
    assert showtime.ends_at == showtime.starts_at + 2 * HOUR


@pytest.mark.once
def test_no_publication_looks_at_the_events_of_all_years() -> None:
    """Each event that a film's publication may touch is found by an index."""
    with CaptureQueriesContext(connection) as captured:
        publishing.publish([1, 2], MORNING)
    (asked,) = [query["sql"] for query in captured if 'FROM "events_event" WHERE' in query["sql"]][:1]
    assert " OR " not in asked, "with so many events as years have, the planner looks at each for an or of lists"
