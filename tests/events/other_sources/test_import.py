"""Other sources come in line by line, and their doubles with ours are found whoever comes first."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from events import publishing
from events.local_time import KRAKOW
from events.models import Cinema, Double, Event, EventSource, ListedFilm, Movie, OtherEvent, Showtime
from events.other_sources import models
from events.public import by_event, screenings

pytestmark = pytest.mark.django_db

TOMORROW = timezone.localdate() + dt.timedelta(days=1)
KIJOW = {"latitude": 50.0588, "longitude": 19.9249}


def at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(TOMORROW, dt.time(hour, minute), tzinfo=KRAKOW)


def line(**changes: Any) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "ScreeningEvent",
        "identifier": "k-1",
        "startDate": at(18, 5).isoformat(),
        "workPresented": {"@type": "Movie", "name": "ANORA (napisy)"},
        "location": {"@type": "MovieTheater", "name": "Kino Kijów", "geo": KIJOW},
        "url": "https://kijow.example/anora",
        "offers": {"url": "https://kijow.example/bilety/1"},
    } | changes


def run(path: Path, *lines: Any, **options: Any) -> str:
    path = path / "events.jsonl"
    path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines), "utf-8")
    out = io.StringIO()
    call_command("import_events", "kijow", str(path), stdout=out, **options)
    return out.getvalue().strip()


def ours(hour: int = 18, minute: int = 0, title: str = "Anora") -> Showtime:
    """A showtime of ours, stored and published as a sync does it."""
    now = timezone.now()
    cinema, _ = Cinema.objects.get_or_create(slug="kijow", name="Kijów", defaults=KIJOW | {"located_by": "bundled"})
    movie, _ = Movie.objects.get_or_create(title=title, defaults={"tmdb_id": Movie.objects.count() + 1})
    film, _ = ListedFilm.objects.get_or_create(
        slug=title.lower(),
        defaults={"title": title, "movie": movie, "match_status": "matched", "first_seen_at": now, "last_seen_at": now},
    )
    row = Showtime.objects.create(
        external_id=f"{film.slug}|kijow|{hour}:{minute}",
        film=film,
        cinema=cinema,
        day=TOMORROW,
        starts_at=at(hour, minute),
        first_seen_at=now,
        last_seen_at=now,
    )
    publishing.publish([film.pk], now)
    row.refresh_from_db()
    return row


def shown() -> list[tuple[str, str]]:
    return [(f"{s.starts_at:%H:%M}", s.source) for s in screenings.between(TOMORROW)]


# --- reading lines ----------------------------------------------------------------------------------


def test_a_line_is_kept_as_it_says(tmp_path: Path) -> None:
    assert run(tmp_path, line()) == "kijow: 1 created, 0 updated, 0 unchanged, 0 gone, 0 bad lines"
    row = OtherEvent.objects.select_related("source").get()
    assert (row.source.slug, row.external_id, row.title, row.cinema_name) == (
        "kijow",
        "k-1",
        "ANORA (napisy)",
        "Kino Kijów",
    )
    assert (row.starts_at, row.ends_at) == (at(18, 5), at(20, 5))
    assert (row.latitude, row.longitude) == (50.0588, 19.9249)
    assert (row.url, row.ticket_url) == ("https://kijow.example/anora", "https://kijow.example/bilety/1")


def test_the_same_file_again_changes_nothing_and_another_updates(tmp_path: Path) -> None:
    run(tmp_path, line())
    assert run(tmp_path, line()) == "kijow: 0 created, 0 updated, 1 unchanged, 0 gone, 0 bad lines"
    moved = line(startDate=at(19).isoformat())
    assert run(tmp_path, moved) == "kijow: 0 created, 1 updated, 0 unchanged, 0 gone, 0 bad lines"
    assert OtherEvent.objects.get().starts_at == at(19)


BAD: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "unreadable:"),
    "no object": ("[1]", "expected a JSON object"),
    "another type": (line() | {"@type": "MusicEvent"}, "@type: expected ScreeningEvent"),
    "no title": (line(workPresented={}), "name: missing"),
    "no start": (line(startDate=None), "startDate: missing"),
    "a start that is no time": (line(startDate="jutro"), "startDate: no ISO 8601 time"),
    "a date alone": (line(startDate="2026-11-25"), "startDate: a date without a time"),
    "a time that no clock shows": (line(startDate="0001-01-01T00:00:00+05:00"), "unreadable:"),
    "an end before the start": (line(endDate=at(17).isoformat()), "endDate: not after startDate"),
    "no cinema": (line(location={}), "location.name: missing"),
    "a cinema that is a text": (line(location="Kijów"), "location: expected an object"),
    "coordinates off the globe": (line(location={"name": "K", "geo": {"latitude": 91}}), "latitude: no degrees"),
    "a script for an address": (line(url="javascript:alert(1)"), "url: no http(s) address"),
    "a line's end in an address": (line(url="https://x.example/\r\nATTACH:evil"), "url: no http(s) address"),
    "half a character": (line(workPresented={"name": "\ud800"}), "name: half a character"),
    "no id": (line(identifier=None, url=None), "identifier: missing"),
    "an unknown status": (line(eventStatus="Maybe"), "eventStatus: unknown 'Maybe'"),
    "a title without end": (line(workPresented={"name": "x" * 501}), "name: longer than 500"),
    "nested without end": ("[" * 99_000, "unreadable:"),
}


@pytest.mark.parametrize(("bad", "reason"), BAD.values(), ids=BAD)
def test_a_bad_line_is_named_and_the_rest_imported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: Any, reason: str
) -> None:
    with pytest.raises(CommandError, match=r"1 of 3 lines were bad\."):
        run(tmp_path, line(), bad, "", line(identifier="k-2"))
    assert f"line 2: {reason}" in capsys.readouterr().err
    assert OtherEvent.objects.count() == 2


def test_the_outcome_as_json(tmp_path: Path) -> None:
    printed = json.loads(run(tmp_path, line(), json=True))
    assert printed == {"source": "kijow", "created": 1, "updated": 0, "unchanged": 0, "gone": 0, "bad": []}


@pytest.mark.parametrize("slug", ["", "two words", "x" * 51])
def test_a_source_needs_a_name_for_addresses(slug: str) -> None:
    with pytest.raises(CommandError) as raised:
        call_command("import_events", slug, "-")
    assert raised.value.returncode == 2


def test_times_without_an_offset_are_krakows(tmp_path: Path) -> None:
    run(tmp_path, line(startDate=f"{TOMORROW}T18:05:00"))
    assert OtherEvent.objects.get().starts_at == at(18, 5)


def test_a_whole_file_says_what_is_gone_and_a_cancelled_one_is(tmp_path: Path) -> None:
    run(tmp_path, line(), line(identifier="k-2"), line(identifier="k-3"))
    cancelled = line(identifier="k-2", eventStatus="https://schema.org/EventCancelled")
    assert run(tmp_path, line(), cancelled, whole=True).startswith("kijow: 0 created, 1 updated, 1 unchanged, 1 gone")
    assert [row.external_id for row in OtherEvent.objects.live()] == ["k-1"]
    with pytest.raises(CommandError, match="nothing was imported"):
        run(tmp_path, "{", whole=True)
    assert OtherEvent.objects.live().count() == 1


def test_a_file_that_is_not_there_is_a_usage_error() -> None:
    with pytest.raises(CommandError, match="No such file") as raised:
        call_command("import_events", "kijow", "no-such-file")
    assert raised.value.returncode == 2


# --- doubles ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["ours", "theirs"])
@pytest.mark.parametrize(("priority", "left"), [(60, ("18:05", "kijow")), (10, ("18:00", screenings.OWN_SOURCE))])
def test_the_higher_priority_is_shown_whoever_came_first(
    tmp_path: Path, first: str, priority: int, left: tuple[str, str]
) -> None:
    if first == "ours":
        ours()
    run(tmp_path, line(), priority=priority)
    if first == "theirs":
        ours()
    assert shown() == [left]
    assert Double.objects.get().reasons == {"title": 100.0, "minutes": 5.0, "metres": 0, "same_name": True}


def test_a_source_that_rises_turns_its_doubles_round(tmp_path: Path) -> None:
    ours()
    run(tmp_path, line(), priority=10)
    run(tmp_path, line(), priority=60)
    assert shown() == [("18:05", "kijow")]
    assert Double.objects.count() == 1


def test_ours_comes_back_when_the_other_goes(tmp_path: Path) -> None:
    ours()
    run(tmp_path, line(), priority=60)
    (event,) = [e for e in by_event.events(TOMORROW) if e.event_id]
    assert (event.status, event.showings) == ("double", ())
    run(tmp_path, line(eventStatus="EventCancelled"))
    assert shown() == [("18:00", screenings.OWN_SOURCE)]
    (event,) = by_event.events(TOMORROW)
    assert event.status == Event.Status.SCHEDULED
    run(tmp_path, line())
    assert shown() == [("18:05", "kijow")]


def test_theirs_comes_back_when_ours_goes(tmp_path: Path) -> None:
    row = ours()
    run(tmp_path, line(), priority=10)
    Showtime.objects.withdraw([row.external_id], timezone.now())
    publishing.publish([row.film_id], timezone.now())
    assert shown() == [("18:05", "kijow")]


def test_one_that_stands_for_ours_takes_over_its_film(tmp_path: Path) -> None:
    row = ours()
    run(tmp_path, line(), priority=60)
    (showing,) = screenings.between(TOMORROW)
    assert row.film.movie
    assert (showing.film.tmdb_id, showing.film.title) == (row.film.movie.tmdb_id, "Anora")
    assert (showing.venue.slug, showing.version.label) == ("kijow", "napisy")


def test_what_is_no_double_stands_beside(tmp_path: Path) -> None:
    ours()
    ours(18, 5, title="Konklawe")
    run(tmp_path, line(startDate=at(18, 16).isoformat()), line(identifier="k-2", workPresented={"name": "Ida"}))
    assert len(shown()) == 4
    assert not Double.objects.exists()


def test_a_persons_verdict_is_final(tmp_path: Path) -> None:
    user = get_user_model().objects.create(username="kinga")
    ours()
    run(tmp_path, line(), priority=60)
    models.decide(Double.objects.get(), Double.Verdict.DIFFERENT, by=user.pk, at=timezone.now())
    assert shown() == [("18:00", screenings.OWN_SOURCE), ("18:05", "kijow")]
    for priority in (70, 5):
        run(tmp_path, line(), priority=priority)
        assert len(shown()) == 2
    double = Double.objects.get()
    assert (double.verdict, double.decided_by) == (Double.Verdict.DIFFERENT, user)


def test_a_pair_said_to_be_one_stays_one(tmp_path: Path) -> None:
    user = get_user_model().objects.create(username="kinga")
    ours()
    run(tmp_path, line(), priority=60)
    models.decide(Double.objects.get(), Double.Verdict.SAME, by=user.pk, at=timezone.now())
    run(tmp_path, line(workPresented={"name": "Something else"}))
    assert shown() == [("18:05", "kijow")]


def test_two_other_sources_double_each_other(tmp_path: Path) -> None:
    run(tmp_path, line(), priority=20)
    other = EventSource.objects.create(slug="filmweb", name="Filmweb", priority=30)
    path = tmp_path / "events.jsonl"
    call_command("import_events", other.slug, str(path), stdout=io.StringIO())
    assert shown() == [("18:05", "Filmweb")]
