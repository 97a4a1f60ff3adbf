"""The commands: what they print, what they end with, and what they leave alone."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from pytest_django import Settings

from events import publishing
from events.models import ListedFilm, Movie, Showtime
from kinokrakow.models import Job
from scraper.demo.site import DemoSite
from scraper.demo.site_faults import Fault, renamed_table, without_calendar
from scraper.demo.world import World
from scraper.models import Alert, DayScrape, Page, SyncRun
from scraper.site.extractors import film as film_extractor
from scraper.site.extractors import programme_by_movie
from scraper.site.extractors.errors import ExtractionError
from tests.scraper.inline import FEW, export, first_sync, run, serving, small, sync, wrong

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(settings: Settings) -> Iterator[DemoSite]:
    """A small week; the settings point to it."""
    with serving(settings, small(World(timezone.localdate(), FEW))) as demo:
        yield demo


@pytest.fixture
def day(site: DemoSite) -> dt.date:
    """A day that has to be asked for, and has not begun."""
    return site.world.days[2]


# --- sync -------------------------------------------------------------------------------------------


@pytest.mark.once
def test_sync_prints_the_contract(site: DemoSite, day: dt.date) -> None:
    code, printed = run("sync", "--inline", "--json")
    result = json.loads(printed)
    assert code == 0
    assert set(result) == {"run", "status", "seconds", "error", "days", "showtimes", "films", "requests", "pending"}
    entry = next(entry for entry in result["days"] if entry["date"] == str(day))
    assert entry == {
        "date": str(day),
        "status": "verified",
        "suspicious": False,
        "method": "url",
        "showtimes": len(site.world.on(day)),
        "films": len({showtime.film_slug for showtime in site.world.on(day)}),
        "cinemas": len({showtime.cinema_slug for showtime in site.world.on(day)}),
        "attempts": 1,
        "error": None,
        "unread": 0,
        "cancelled": 0,
    }
    assert result["pending"] == {
        "jobs": 0, "waiting_for": {}, "refused": [], "jobs_waiting": 0, "asked_again": [],
    }  # fmt: skip
    assert set(result["showtimes"]) == {"created", "updated", "unchanged", "withdrawn"}
    assert set(result["films"]) == {"seen", "fetched", "matched", "provisional", "review", "unmatched", "pending"}
    assert result["requests"] == {"kino": len(site.requests), "tmdb": 0, "geocoder": 0}
    assert result["run"] == SyncRun.objects.get().pk


@pytest.mark.once
def test_sync_prints_a_table_for_people(site: DemoSite, day: dt.date) -> None:
    site.fault = lambda _method, path, count: Fault(rewrite=renamed_table) if count > 1 or "day=" in path else None
    code, printed = run("sync", "--inline")
    lines = printed.splitlines()
    assert code == 1
    assert lines[0].startswith(f"Sync {SyncRun.objects.get().pk}: incomplete in ")
    failed = next(line for line in lines if str(day) in line)
    assert "failed" in failed
    assert "the layout changed" in failed


def test_sync_without_options_asks_the_workers(site: DemoSite) -> None:
    code, printed = run("sync", "--json")
    assert (code, json.loads(printed)["status"]) == (0, "running")
    assert site.requests == []
    assert Job.objects.get().kind == "calendar"
    assert OrmQ.objects.count() == 1


def test_sync_says_when_nobody_works(site: DemoSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.management.commands.sync.NO_WORKER", 0.3)
    with pytest.raises(CommandError, match=r"python manage\.py work") as caught:
        call_command("sync", "--wait")
    assert caught.value.returncode == 2
    assert SyncRun.objects.get().status == SyncRun.Status.RUNNING


@pytest.mark.once
def test_sync_inline_ends_with_words_where_the_site_wants_an_hour(site: DemoSite) -> None:
    closed = Fault(status=429, headers={"Retry-After": "3600"})
    site.fault = lambda _method, path, _count: closed if "day=" in path else None
    begun, out, err = time.monotonic(), io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("sync", "--inline", stdout=out, stderr=err)
    assert (ended.value.code, time.monotonic() - begun < 600) == (1, True)
    host = site.url.removeprefix("http://")
    assert re.search(rf"{host} wants no request before \d{{4}}-\d\d-\d\d \d\d:\d\d", err.getvalue())
    assert "is not done: what is left waits in the queue. Next: run workers" in err.getvalue()
    assert [f"{alert.kind} {alert.subject}".rstrip() for alert in Alert.objects.open()] == [f"host_closed {host}"]


# --- replay -----------------------------------------------------------------------------------------


def broken_for(day: dt.date, mended: list[bool]) -> Callable[..., Any]:
    """An extractor that cannot read one day until it is mended."""
    extract = programme_by_movie.extract

    def extractor(html: str, *, url: str, date: dt.date, today: dt.date) -> Any:
        if date == day and not mended:
            raise ExtractionError(url=url, place="table", expected="what was", found="what is")
        return extract(html, url=url, date=date, today=today)

    return extractor


def test_replay_stores_a_failed_day_once_its_extractor_is_mended(
    site: DemoSite, day: dt.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    mended: list[bool] = []
    monkeypatch.setattr(programme_by_movie, "extract", broken_for(day, mended))
    site.fault = lambda _method, path, _count: Fault(status=500) if "by_hour" in path else None
    code, result = sync()
    assert (code, Showtime.objects.filter(day=day).count()) == (1, 0)
    site.requests.clear()

    code, printed = run("replay", str(result["run"]))
    assert (code, Showtime.objects.filter(day=day).count()) == (1, 0)
    assert f"day {day}: failed: " in printed

    mended.append(True)
    code, printed = run("replay", str(result["run"]))
    assert code == 0
    assert f"day {day}: {len(site.world.on(day))} created, 0 updated, 0 unchanged, 0 withdrawn" in printed
    assert site.requests == [], "replay asks nobody"
    assert wrong(site) == []
    row = DayScrape.objects.get(date=day)
    assert (row.status, row.error) == (DayScrape.Status.VERIFIED, "")
    assert SyncRun.objects.get().status == SyncRun.Status.COMPLETE


def test_replay_changes_nothing_that_was_right(site: DemoSite) -> None:
    _, result = first_sync(site)
    before = list(Showtime.objects.values())
    code, printed = run("replay", str(result["run"]))
    assert (code, list(Showtime.objects.values())) == (0, before)
    assert printed.count(", 0 withdrawn") == FEW
    assert printed.count(": read") == result["films"]["fetched"]


@pytest.mark.once
def test_replay_leaves_alone_what_a_later_run_has_read(site: DemoSite, day: dt.date) -> None:
    _, first = first_sync(site)
    site.world.remove(day=day, film_slug=site.world.on(day)[0].film_slug)
    sync()
    _, printed = run("replay", str(first["run"]))
    assert printed.count("left alone, run") == FEW
    assert wrong(site) == []


def test_replay_reads_films_again(site: DemoSite, monkeypatch: pytest.MonkeyPatch) -> None:
    extract = film_extractor.extract

    def broken(html: str, *, url: str, slug: str, today: dt.date) -> Any:
        raise ExtractionError(url=url, place="h1", expected="a title", found="")

    monkeypatch.setattr(film_extractor, "extract", broken)
    _, result = sync()
    assert not ListedFilm.objects.filter(facts_at__isnull=False).exists()
    assert run("replay", str(result["run"]))[0] == 1
    monkeypatch.setattr(film_extractor, "extract", extract)
    assert run("replay", str(result["run"]))[0] == 0
    assert not ListedFilm.objects.filter(facts_at__isnull=True).exists()


def test_replay_says_what_it_cannot_do(site: DemoSite) -> None:
    with pytest.raises(CommandError, match="no run 77"):
        call_command("replay", "77")
    _, result = first_sync(site)
    Page.objects.all().delete()
    with pytest.raises(CommandError, match="ARCHIVE_DAYS"):
        call_command("replay", str(result["run"]))


# --- probe ------------------------------------------------------------------------------------------


def probe(*arguments: str) -> tuple[int, dict[str, Any]]:
    code, printed = run("probe", "--json", *arguments)
    return code, json.loads(printed.splitlines()[-1])


def verdicts(result: dict[str, Any]) -> dict[str, str]:
    return {finding["assumption"]: finding["verdict"] for finding in result["findings"]}


def test_probe_finds_the_demo_as_it_is_in_fourteen_requests(site: DemoSite, tmp_path: Path) -> None:
    site.world.add("dom-dobry", "kijow", site.world.today, dt.time(23, 50), "/bilety/1")
    code, result = probe("--save", str(tmp_path))
    assert (code, sorted(result["ways"])) == (0, ["hour", "session", "url"])
    others = {name: verdict for name, verdict in verdicts(result).items() if verdict != "holds"}
    assert others == {"/kino/map lists the cinemas' addresses (CINEMA_MAP)": "is not there"}
    assert len(site.requests) == result["requests"] <= 14
    assert (
        len(list(tmp_path.glob("*.html")))
        == len(json.loads((tmp_path / "index.json").read_text()))
        == len(site.requests)
    )
    assert "said by" in (tmp_path / "report.txt").read_text()
    assert result["settings"] == {}
    assert not Showtime.objects.exists(), "a probe stores no showtime"
    printed = run("probe")[1].splitlines()
    assert printed[-2].startswith("Ways to a day that work: ")
    assert printed[-1] == "Settings to use: as they are."


Switch = Callable[[DemoSite], None]


def _faulty(fault: Callable[[str, str, int], Fault | None]) -> Switch:
    def switch(site: DemoSite) -> None:
        site.fault = fault

    return switch


LOGIN = "<html><body><h1>Zaloguj się</h1><b>Reżyseria:</b> Jan Kowalski</body></html>"


def _no_day_in_addresses(site: DemoSite) -> None:
    site.day_parameter = site.hour_day_parameter = False


@pytest.mark.once
@pytest.mark.parametrize(
    ("switch", "ways", "fails"),
    [
        (_no_day_in_addresses, ["session"], "/cinema_program/by_movie?day=MM-DD answers with that day"),
        (
            _faulty(lambda _m, path, _n: Fault(rewrite=without_calendar) if "/cinema_program/" in path else None),
            ["hour", "url"],
            "its calendar names the days on offer",
        ),
        (
            _faulty(lambda method, _path, _n: Fault(status=404) if method == "POST" else None),
            ["hour", "url"],
            "set_day changes the day of its own session",
        ),
        (
            _faulty(lambda _m, path, _n: Fault(status=404) if "by_hour" in path else None),
            ["session", "url"],
            "/cinema_program/by_hour?day=MM-DD answers with that day",
        ),
        (
            _faulty(lambda _m, path, _n: Fault(status=404) if "/film/" in path else None),
            ["hour", "session", "url"],
            "a film has a page with its facts",
        ),
        (
            _faulty(lambda _m, path, _n: Fault(rewrite=lambda _: LOGIN) if "/film/" in path else None),
            ["hour", "session", "url"],
            "a film has a page with its facts",
        ),
    ],
)
def test_probe_says_what_does_not_hold(site: DemoSite, switch: Switch, ways: list[str], fails: str) -> None:
    switch(site)
    code, result = probe()
    assert (code, sorted(result["ways"])) == (0, ways)
    failed = [name for name, verdict in verdicts(result).items() if verdict == "does not hold"]
    assert any(name.startswith(fails) for name in failed), failed
    assert len(site.requests) == result["requests"] <= 14


@pytest.mark.once
def test_probe_names_the_host_that_answers(site: DemoSite, settings: Settings) -> None:
    settings.KINO_HOST_ALIASES = frozenset({"localhost"})
    moved = site.url.replace("127.0.0.1", "localhost")
    site.fault = lambda _method, path, count: (
        Fault(status=301, headers={"Location": moved + path}) if count % 2 else None
    )
    _, result = probe()
    assert result["settings"] == {"KINO_BASE_URL": moved}
    assert len(site.requests) == result["requests"] <= 14


@pytest.mark.once
def test_probe_fails_when_no_way_works(site: DemoSite) -> None:
    site.fault = lambda *_: Fault(rewrite=renamed_table)
    code, result = probe()
    assert (code, result["ways"]) == (1, [])
    site.fault = lambda _method, path, _count: None if path == "/robots.txt" else Fault(status=500)
    code, result = probe()
    assert (code, list(verdicts(result).values())) == (1, ["does not hold"])
    assert "HTTP 500" in result["findings"][0]["detail"]


# --- scrape_page ------------------------------------------------------------------------------------


def scrape_page(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    out, code = io.StringIO(), 0
    try:
        call_command("scrape_page", *arguments, "--json", stdout=out)
    except CommandError:
        code = 1
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_scrape_page_prints_a_line_for_each_page_in_order(site: DemoSite, day: dt.date) -> None:
    pages = [f"{site.url}/cinema_program/{path}?day={day:%m-%d}" for path in ("by_movie", "by_hour")]
    code, lines = scrape_page(*pages, f"{site.url}/film/bugonia.html")
    assert (code, [line["page"] for line in lines]) == (0, [*pages, f"{site.url}/film/bugonia.html"])
    assert [line["kind"] for line in lines] == ["by_movie", "by_hour", "film"]
    for programme in lines[:2]:
        assert (programme["date"], programme["error"], programme["unread"]) == (str(day), None, [])
        assert len(programme["showtimes"]) == len(site.world.on(day))
        assert set(programme["statements"]) >= {"date header", "calendar"}
        assert set(programme["showtimes"][0]) == {
            *("film_slug", "film_title", "cinema_slug", "cinema_name", "starts_at", "ticket_url", "version")
        }
    facts, film = lines[2]["facts"], site.world.films["bugonia"]
    assert (facts["title"], facts["directors"]) == (film.title, list(film.directors))
    code, (cells,) = scrape_page(f"{site.url}/cinema_program/by_movie", "--kind", "calendar")
    assert [cell["date"] for cell in cells["facts"]["days"]] == [str(date) for date in site.world.days]
    assert not Showtime.objects.exists()


def test_scrape_page_reads_files_whose_kind_and_day_nobody_names(site: DemoSite, tmp_path: Path, day: dt.date) -> None:
    first_sync(site)
    saved = [tmp_path / name for name in ("one.html", "two.html", "three.html")]
    saved[0].write_bytes(Page.objects.get(purpose=f"day:{day}:url").body)
    saved[1].write_bytes(Page.objects.filter(purpose="film:bugonia").latest("id").body)
    saved[2].write_bytes(saved[0].read_bytes().decode().replace("utf-8", "iso-8859-2").encode("iso-8859-2", "replace"))
    site.stop()
    code, lines = scrape_page(*map(str, saved))
    assert (code, [line["kind"] for line in lines]) == (0, ["by_movie", "film", "by_movie"])
    assert [line["date"] for line in lines] == [str(day), None, str(day)]
    assert lines[0]["showtimes"] == lines[2]["showtimes"]
    assert len(lines[0]["showtimes"]) == len(site.world.on(day))


def test_scrape_page_says_what_is_wrong_of_each_page(site: DemoSite, tmp_path: Path, day: dt.date) -> None:
    for name, body in (("empty", b""), ("binary", bytes(range(256)) * 99), ("nothing", b"<p>Nothing"), ("nul", b"\0")):
        (tmp_path / name).write_bytes(body)
    pages = [str(tmp_path / name) for name in ("empty", "binary", "nothing", "nul", "none", ".")]
    code, lines = scrape_page(*pages)
    assert (code, len(lines)) == (1, len(pages))
    assert all(line["error"] and not line["showtimes"] for line in lines)
    for page, kind, message in (
        (pages[2], "calendar", "calendar: expected"),
        ("http://127.0.0.1:9/film/x.html", "film", "KINO_BASE_URL"),
        (f"{site.url}/film/no-such-film.html", "film", "HTTP 404"),
    ):
        code, (line,) = scrape_page(page, "--kind", kind)
        assert code == 1
        assert message in line["error"]
    code, (line,) = scrape_page(f"{site.url}/cinema_program/by_movie", "--date", str(day))
    assert f"expected {day}, found {site.world.today}" in line["error"]
    assert line["statements"]["date header"]


def test_scrape_page_tells_people_what_was_read_and_what_was_not(site: DemoSite, tmp_path: Path, day: dt.date) -> None:
    site.fault = lambda *_: Fault(
        rewrite=lambda html: html.replace('<span class="hour">', '<span class="hour">ok. ', 1)
    )
    code, printed = run("scrape_page", f"{site.url}/cinema_program/by_movie?day={day:%m-%d}")
    assert code == 0
    assert f"{len(site.world.on(day)) - 1} showtimes:" in printed
    assert "1 rows not understood:" in printed
    assert "says the day: date header" in printed


# --- export_showtimes -------------------------------------------------------------------------------


def test_export_prints_the_contract(site: DemoSite, day: dt.date) -> None:
    site.world.add("bugonia", "kijow", day, dt.time(23, 58), "https://bilety.example/1")
    sync()
    row = Showtime.objects.get(
        day=day, film__slug="bugonia", cinema__slug="kijow", ticket_url="https://bilety.example/1"
    )
    movie = Movie.objects.create(tmdb_id=701387, title="Bugonia")
    with transaction.atomic():
        publishing.link(row.film, movie, ListedFilm.Match.MATCHED, at=timezone.now(), score=97)
    ListedFilm.objects.update(runtime=118)
    row.refresh_from_db()
    line = next(line for line in export() if line["external_id"] == row.external_id)
    starts = dt.datetime.combine(day, dt.time(23, 58))
    offset = timezone.make_aware(starts).isoformat()[-6:]
    assert line == {
        "external_id": f"bugonia|kijow|{day}T23:58",
        "film_slug": "bugonia",
        "film_title": site.world.films["bugonia"].title,
        "cinema_slug": "kijow",
        "cinema_name": "Kijów",
        "starts_at": starts.isoformat() + offset,
        "ends_at": timezone.make_aware(starts + dt.timedelta(minutes=118)).isoformat(),
        "ticket_url": "https://bilety.example/1",
        "tmdb_id": 701387,
        "match_status": "matched",
        "event_id": row.event_id,
        "withdrawn": False,
        "first_seen_at": timezone.localtime(row.first_seen_at).isoformat(timespec="seconds"),
        "last_seen_at": timezone.localtime(row.last_seen_at).isoformat(timespec="seconds"),
    }
    assert row.event_id is not None


@pytest.mark.once
def test_export_is_in_order_and_says_what_is_withdrawn(site: DemoSite, day: dt.date) -> None:
    first_sync(site)
    gone = site.world.on(day)[0]
    site.world.showtimes.remove(gone)
    sync()
    lines = export()
    assert [line["starts_at"] for line in lines] == sorted(line["starts_at"] for line in lines)
    assert [line["external_id"] for line in lines if line["withdrawn"]] == [
        f"{gone.film_slug}|{gone.cinema_slug}|{gone.starts_at:%Y-%m-%dT%H:%M}"
    ]
    assert {line["match_status"] for line in lines} == {"pending"}
    assert {line["event_id"] for line in lines} == {None}


def test_export_begins_at_krakow_s_midnight(site: DemoSite) -> None:
    first_sync(site)
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    first, second, *_ = Showtime.objects.all()
    Showtime.objects.filter(pk=first.pk).update(starts_at=today - dt.timedelta(seconds=1))
    Showtime.objects.filter(pk=second.pk).update(starts_at=today)
    listed = {line["external_id"] for line in export()}
    assert first.external_id not in listed
    assert second.external_id in listed
    assert len(export("--all")) == len(listed) + 1 == Showtime.objects.count()


# --- set_schedules ----------------------------------------------------------------------------------


def test_schedules_are_set_once_however_often_they_are_set() -> None:
    assert run("set_schedules")[1].count("created") == Schedule.objects.count() > 0
    before = list(Schedule.objects.order_by("pk").values_list("pk", "name", "func"))
    Schedule.objects.filter(name="sync").update(cron="0 0 1 1 *")
    assert "created" not in run("set_schedules")[1]
    assert list(Schedule.objects.order_by("pk").values_list("pk", "name", "func")) == before
    assert Schedule.objects.get(name="sync").cron != "0 0 1 1 *"


def test_every_schedule_calls_something_that_exists() -> None:
    run("set_schedules")
    for schedule in Schedule.objects.all():
        module, _, name = schedule.func.rpartition(".")
        assert callable(getattr(__import__(module, fromlist=[name]), name))
        schedule.full_clean()
