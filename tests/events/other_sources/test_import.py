"""Other sources come in line by line, and their duplicates with ours are found whoever comes first."""

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
from events.local_time import ZONE
from events.models import Cinema, Duplicate, Event, EventSource, ListedFilm, Movie, OtherEvent, Showtime, others
from events.other_sources import duplicates, importing, settling, similarity
from events.public import by_event, screenings, showings

pytestmark = pytest.mark.django_db

TOMORROW = timezone.localdate() + dt.timedelta(days=1)
KIJOW = {"latitude": 50.0588, "longitude": 19.9249}


def at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(TOMORROW, dt.time(hour, minute), tzinfo=ZONE)


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
    "no title": (line(workPresented={}), "name: missing"),
    "a year too far": (line(startDate="9999-12-31T20:00:00"), "startDate: more than two years ahead"),
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
    assert printed == {"source": "kijow", "created": 1, "updated": 0, "unchanged": 0, "gone": 0, "bad": [], "notes": []}


@pytest.mark.parametrize("slug", ["", "two words", "x" * 51])
def test_a_source_needs_a_name_for_addresses(slug: str) -> None:
    with pytest.raises(CommandError) as raised:
        call_command("import_events", slug, "-")
    assert raised.value.returncode == 2


def test_times_without_an_offset_are_krakows(tmp_path: Path) -> None:
    run(tmp_path, line(startDate=f"{TOMORROW}T18:05:00"))
    assert OtherEvent.objects.get().starts_at == at(18, 5)


def test_what_is_optional_is_left_out_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printed = json.loads(run(tmp_path, line(image="javascript:x", offers={"url": "/bilety"}), json=True))
    assert printed["bad"] == []
    assert printed["notes"] == [{"line": 1, "property": "image", "reason": "no http(s) address: 'javascript:x'"}]
    assert "line 1: left out: image: no http(s) address" in capsys.readouterr().err
    row = OtherEvent.objects.get()
    assert (row.image_url, row.ticket_url) == ("", "https://kijow.example/bilety")


# --- what a screening is called ---------------------------------------------------------------------


def shown_by(address: str, *starts: dt.datetime, **changes: Any) -> list[dict[str, Any]]:
    """A line for each of these, in the form of a publisher that knows the film's page and no id."""
    return [line(identifier=None, url=address, startDate=start.isoformat(), **changes) for start in starts]


def starts() -> list[dt.datetime]:
    return sorted(OtherEvent.objects.live().values_list("starts_at", flat=True))


FILM = "https://kijow.example/anora"


def test_the_address_of_a_film_is_no_id(tmp_path: Path) -> None:
    five = [at(hour) for hour in (12, 14, 16, 18, 20)]
    assert run(tmp_path, *shown_by(FILM, *five)).startswith("kijow: 5 created")
    assert starts() == five
    assert run(tmp_path, *shown_by(FILM, *five)).startswith("kijow: 0 created, 0 updated, 5 unchanged")
    assert run(tmp_path, *shown_by(FILM, *five[1:]), whole=True).endswith("4 unchanged, 1 gone, 0 bad lines")
    assert starts() == five[1:]


def test_an_address_of_one_screening_is_its_id(tmp_path: Path) -> None:
    run(tmp_path, *shown_by(FILM, at(18)))
    assert OtherEvent.objects.get().external_id == FILM
    assert run(tmp_path, *shown_by(FILM, at(19))).startswith("kijow: 0 created, 1 updated")
    assert starts() == [at(19)]


def test_what_was_called_by_its_address_alone_keeps_its_id_among_more(tmp_path: Path) -> None:
    run(tmp_path, *shown_by(FILM, at(18)))
    run(tmp_path, *shown_by(FILM, at(18), at(20)))
    assert starts() == [at(18), at(20)]
    assert OtherEvent.objects.get(starts_at=at(18)).external_id == FILM
    assert run(tmp_path, *shown_by(FILM, at(20))).startswith("kijow: 0 created, 0 updated, 1 unchanged")
    assert starts() == [at(18), at(20)]


def test_a_files_days_come_one_by_one(tmp_path: Path) -> None:
    """Each day's file has the film once."""
    days = [at(18) + dt.timedelta(days=ahead) for ahead in range(4)]
    for day in days:
        run(tmp_path, *shown_by(FILM, day))
    assert starts() == days
    assert run(tmp_path, *shown_by(FILM, *days)).startswith("kijow: 0 created, 0 updated, 4 unchanged")


def test_two_halls_at_one_time_are_two_screenings(tmp_path: Path) -> None:
    dubbed, subtitled = (shown_by(FILM, at(18), inLanguage=code)[0] for code in ("pl", "en"))
    assert run(tmp_path, dubbed, subtitled).startswith("kijow: 2 created")
    assert run(tmp_path, subtitled, dubbed).startswith("kijow: 0 created, 0 updated, 2 unchanged")


def test_an_identifier_that_many_share_is_the_films(tmp_path: Path) -> None:
    lines = [line(identifier="film-12", startDate=at(hour).isoformat()) for hour in (14, 16, 18)]
    assert run(tmp_path, *lines).startswith("kijow: 3 created")
    assert run(tmp_path, *lines).startswith("kijow: 0 created, 0 updated, 3 unchanged")


def test_of_one_screening_twice_the_last_line_counts(tmp_path: Path) -> None:
    assert run(tmp_path, line(), line(workPresented={"name": "Ida"})).startswith("kijow: 1 created, 0 updated")
    assert OtherEvent.objects.get().title == "Ida"


def test_a_screening_that_nothing_names_is_known_by_what_it_is(tmp_path: Path) -> None:
    lines = [line(identifier=None, url=None, offers=None, startDate=at(hour).isoformat()) for hour in (14, 16)]
    assert run(tmp_path, *lines).startswith("kijow: 2 created")
    assert run(tmp_path, lines[0]).startswith("kijow: 0 created, 0 updated, 1 unchanged")


def test_a_new_screening_takes_no_id_of_one_that_has_moved(tmp_path: Path) -> None:
    run(tmp_path, *shown_by(FILM, at(14), at(18)))
    run(tmp_path, *shown_by(FILM, at(14)), whole=True)
    OtherEvent.objects.filter(starts_at=at(14)).update(starts_at=at(15))  # as if it had moved
    run(tmp_path, *shown_by(FILM, at(14), at(15)))
    assert starts() == [at(14), at(15)]


def test_a_file_of_any_length_is_stored_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 3)
    lines = [
        *shown_by(FILM, *(at(10, minute) for minute in range(10))),
        *(line(identifier=f"k-{n}", startDate=at(12, n).isoformat()) for n in range(10)),
    ]
    assert run(tmp_path, *lines).startswith("kijow: 20 created")
    assert run(tmp_path, *lines, whole=True).startswith("kijow: 0 created, 0 updated, 20 unchanged, 0 gone")


# --- whole files ------------------------------------------------------------------------------------


def known(tmp_path: Path, count: int) -> list[dict[str, Any]]:
    lines = [line(identifier=f"k-{n}", startDate=at(12, n).isoformat()) for n in range(count)]
    run(tmp_path, *lines)
    return lines


@pytest.mark.parametrize("left", [0, 1, 4])
def test_a_whole_file_with_less_than_half_of_what_was_known_is_refused(tmp_path: Path, left: int) -> None:
    lines = known(tmp_path, 10)
    with pytest.raises(CommandError, match="nothing was imported") as refused:
        run(tmp_path, *lines[:left], whole=True)
    assert refused.value.returncode == 1
    assert OtherEvent.objects.live().count() == 10
    run(tmp_path, *lines[:left], whole=True, force=True)
    assert OtherEvent.objects.live().count() == left


def test_a_source_that_staff_paused_imports_nothing_until_then(tmp_path: Path) -> None:
    first, second = known(tmp_path, 1)[0], line(identifier="k-2", startDate=at(15).isoformat())
    source = EventSource.objects.filter(slug="kijow")
    source.update(paused_until=timezone.now() + dt.timedelta(hours=1), paused_why="doubled prices")
    with pytest.raises(CommandError, match=r"paused by staff until .*: doubled prices") as refused:
        run(tmp_path, second, whole=True, force=True)
    assert refused.value.returncode == 1
    assert [event.external_id for event in OtherEvent.objects.live()] == [first["identifier"]]
    source.update(paused_until=timezone.now() - dt.timedelta(seconds=1))
    run(tmp_path, first, second)
    assert OtherEvent.objects.live().count() == 2


def test_a_whole_file_with_half_of_what_was_known_is_believed(tmp_path: Path) -> None:
    lines = known(tmp_path, 10)
    assert run(tmp_path, *lines[:5], whole=True).endswith("5 unchanged, 5 gone, 0 bad lines")


def test_what_is_much_of_what_is_shown_goes_when_a_second_whole_file_lacks_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = known(tmp_path, 50)
    assert run(tmp_path, *lines[:30], whole=True).endswith("30 unchanged, 0 gone, 20 held, 0 bad lines")
    assert "stay" in capsys.readouterr().err
    assert run(tmp_path, *lines[:29], whole=True).endswith("29 unchanged, 21 gone, 0 bad lines")
    assert EventSource.objects.get().held_at is None


def test_what_was_held_is_listed_again_or_taken_away_by_staff(tmp_path: Path) -> None:
    lines = known(tmp_path, 50)
    run(tmp_path, *lines[:30], whole=True)
    run(tmp_path, *lines, whole=True)
    assert importing.believe(EventSource.objects.get()) == 0
    assert run(tmp_path, *lines[:30], whole=True).endswith("20 held, 0 bad lines"), "lacked anew"
    assert importing.believe(EventSource.objects.get()) == 20
    assert OtherEvent.objects.live().count() == 30


def test_an_empty_whole_file_is_refused_where_nothing_was_known(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing was imported"):
        run(tmp_path, whole=True)


def test_what_is_over_keeps_no_whole_file_out(tmp_path: Path) -> None:
    lines = known(tmp_path, 3)
    over = line(identifier="old", startDate=(timezone.now() - dt.timedelta(days=3)).isoformat())
    with pytest.raises(CommandError, match=r"1 of 3 lines were bad\."):
        run(tmp_path, over, *lines[:2], whole=True)
    assert OtherEvent.objects.live().count() == 2


@pytest.mark.parametrize(("minutes", "told"), [(60, True), (-120, True), (5, False)])
def test_a_source_whose_times_lie_beside_ours_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], minutes: int, told: bool
) -> None:
    for hour in (10, 13, 16, 19):
        ours(hour)
    shifted = [at(hour) + dt.timedelta(minutes=minutes) for hour in (10, 13, 16, 19)]
    printed = json.loads(run(tmp_path, *shown_by(FILM, *shifted), json=True))
    assert printed.get("offset_minutes") == (minutes if told else None)
    assert (f"{minutes:+} minutes beside ours" in capsys.readouterr().err) is told


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


# --- duplicates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["ours", "theirs"])
@pytest.mark.parametrize(("priority", "left"), [(60, ("18:05", "kijow")), (10, ("18:00", showings.OWN_SOURCE))])
def test_the_higher_priority_is_shown_whoever_came_first(
    tmp_path: Path, first: str, priority: int, left: tuple[str, str]
) -> None:
    if first == "ours":
        ours()
    run(tmp_path, line(), priority=priority)
    if first == "theirs":
        ours()
    assert shown() == [left]
    assert Duplicate.objects.get().reasons == {"title": 100.0, "minutes": 5.0, "metres": 0, "same_name": True}


def test_a_source_that_rises_turns_its_duplicates_round(tmp_path: Path) -> None:
    ours()
    run(tmp_path, line(), priority=10)
    run(tmp_path, line(), priority=60)
    assert shown() == [("18:05", "kijow")]
    assert Duplicate.objects.count() == 1


def test_what_is_over_is_not_compared_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A publication, a change of a cinema or of another source costs what is to come, whatever the history."""
    rows = {hours: ours(18, minute) for minute, hours in enumerate((-48, -7, -5, 24))}
    for hours, row in rows.items():
        Showtime.objects.filter(pk=row.pk).update(starts_at=timezone.now() + dt.timedelta(hours=hours))
    run(tmp_path, line(), line(identifier="old", startDate=at(19).isoformat()))
    OtherEvent.objects.filter(external_id="old").update(starts_at=timezone.now() - dt.timedelta(hours=7))
    compared: list[tuple[str, int]] = []

    def settle(changes: list[settling.Change], _at: dt.datetime) -> int:
        compared[:] = [change.key for change in changes]
        return 0

    monkeypatch.setattr(duplicates, "settle", settle)
    row = next(iter(rows.values()))
    to_come = {("showtime", rows[-5].pk), ("showtime", rows[24].pk)}
    duplicates.settle_films([row.film_id], at=timezone.now())
    assert set(compared) == to_come
    duplicates.settle_cinemas([row.cinema_id], at=timezone.now())
    assert set(compared) == to_come
    duplicates.settle_events(list(OtherEvent.objects.values_list("pk", flat=True)), at=timezone.now())
    assert set(compared) == {("event", OtherEvent.objects.get(external_id="k-1").pk)}


def test_a_change_is_compared_with_what_starts_about_then_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    near, far = ours(18), ours(11)
    loaded: set[tuple[str, int]] = set()
    find = similarity.duplicates

    def watched(screenings: Any, *args: Any, **more: Any) -> Any:
        screenings = list(screenings)
        loaded.update(row.key for row in screenings)
        return find(screenings, *args, **more)

    monkeypatch.setattr(similarity, "duplicates", watched)
    run(tmp_path, line())
    assert ("showtime", near.pk) in loaded
    assert ("showtime", far.pk) not in loaded


def test_ours_comes_back_when_the_other_goes(tmp_path: Path) -> None:
    ours()
    run(tmp_path, line(), priority=60)
    (event,) = [e for e in by_event.events(TOMORROW) if e.event_id]
    assert (event.status, event.showings) == ("double", ())
    run(tmp_path, line(eventStatus="EventCancelled"))
    assert shown() == [("18:00", showings.OWN_SOURCE)]
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


def test_a_film_is_known_by_the_names_that_tmdb_has_of_it(tmp_path: Path) -> None:
    ours(title="Auta 3")
    run(tmp_path, line(workPresented={"name": "Тачки 3 (дубляж)"}))
    assert not Duplicate.objects.exists()
    Movie.objects.update(names=["Cars 3", "Тачки 3"])
    run(tmp_path, line(workPresented={"name": "Тачки 3 (дубляж)"}, offers=[]))
    assert Duplicate.objects.get().reasons["title"] == 100.0


def test_what_is_no_duplicate_stands_beside(tmp_path: Path) -> None:
    ours()
    ours(18, 5, title="Konklawe")
    run(tmp_path, line(startDate=at(18, 16).isoformat()), line(identifier="k-2", workPresented={"name": "Ida"}))
    assert len(shown()) == 4
    assert not Duplicate.objects.exists()


def test_a_persons_verdict_is_final(tmp_path: Path) -> None:
    user = get_user_model().objects.create(username="kinga")
    ours()
    run(tmp_path, line(), priority=60)
    others.decide(Duplicate.objects.get(), Duplicate.Verdict.DIFFERENT, by=user.pk, at=timezone.now())
    assert shown() == [("18:00", showings.OWN_SOURCE), ("18:05", "kijow")]
    for priority in (70, 5):
        run(tmp_path, line(), priority=priority)
        assert len(shown()) == 2
    duplicate = Duplicate.objects.get()
    assert (duplicate.verdict, duplicate.decided_by) == (Duplicate.Verdict.DIFFERENT, user)


def test_a_pair_said_to_be_one_stays_one(tmp_path: Path) -> None:
    user = get_user_model().objects.create(username="kinga")
    ours()
    run(tmp_path, line(), priority=60)
    others.decide(Duplicate.objects.get(), Duplicate.Verdict.SAME, by=user.pk, at=timezone.now())
    run(tmp_path, line(workPresented={"name": "Something else"}))
    assert shown() == [("18:05", "kijow")]


def test_two_other_sources_duplicate_each_other(tmp_path: Path) -> None:
    run(tmp_path, line(), priority=20)
    other = EventSource.objects.create(slug="filmweb", name="Filmweb", priority=30)
    path = tmp_path / "events.jsonl"
    call_command("import_events", other.slug, str(path), stdout=io.StringIO())
    assert shown() == [("18:05", "Filmweb")]
