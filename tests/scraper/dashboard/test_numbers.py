"""A number that stands in several places is the same in all: pages, commands, /healthz and /metrics, on every state."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from events.local_time import week_from
from events.models import ListedFilm, Showtime
from kinokrakow.models import Job
from kinokrakow.staff import readable as people
from kinokrakow.staff.numbers import DEFINITIONS
from scraper.coverage import week
from scraper.models import Alert, SyncRun
from tests.every_state import Seeded, seed
from tests.scraper.inline import run

pytestmark = pytest.mark.django_db(transaction=True)

MARKED = re.compile(r'data-number="([^"]+)" data-value="([^"]*)" title="([^"]*)">([^<]*)<')
WITNESS = re.compile(
    r"(\S+) lists (?P<theirs>\d+) starts this week: we have (?P<same>\d+) of them and lack (?P<missing>\d+); "
    r"(?P<extra>\d+) only we have"
)
#: The list of runs and a run's page, by the names of SyncRun's fields; the tables and charts of the coverage page.
RUN_ROW = re.compile(r'<tr><th class="field-__str__"><a href="[^"]*?/(\d+)/change/">.*?</tr>')
RUN_CELL = re.compile(r'class="field-(\w+)[^"]*">([^<]*)<')
RUN_FIELD = re.compile(r'field-(\w+)">.*?<div class="readonly">([^<]*)<', re.DOTALL)
LAST_RUN = re.compile(
    r'<tr><td><a href="/admin/scraper/syncrun/(?P<run>\d+)/change/">.*?</span>.*?</span></td>'
    r"<td>(?P<requests>\d*)</td><td>(?P<with_films>[^/<]*?)(?: / (?P<least>[^<]*))?</td></tr>"
)
BAR = re.compile(r"<title>(?P<moment>[\d.]+ [\d:]+): (?P<said>[^<]*)</title>")
RATE = re.compile(r"(?P<rate>[\d.]+) % \((?P<films_matched>\d+) of (?P<films>\d+)\)$")
TOOK = re.compile(r"(?P<with_films>[^,]+)(?:, at least (?P<least>.+) for its requests)?$")
MEAN = re.compile(r"(?P<mean>[\d.]+) %, (?:the mean of )?the week's (?P<runs>\d+) runs?$")
COUNTED = ("requests", "films", "films_matched", "showtimes", "showtimes_published")
CELL = re.compile(r'href="/admin/coverage/day/([\d-]+)/\?cinema=[^"]*">(\d+)')
DOCUMENTED = re.compile(r"`(\w+)`")
Match = ListedFilm.Match
Found = dict[str, dict[str, float | str]]  # by number, by place; a length of time as it is written


def on_pages(world: Seeded) -> Found:
    client = Client()
    client.force_login(world.users["chief"])
    queue = reverse("review")
    pages = {
        "first page": reverse("admin:index"),
        "coverage": reverse("coverage"),
        "queue": queue,
        "unmatched": f"{queue}?tab=unmatched",
        "deferred": f"{queue}?tab=deferred",
        "provisional": reverse("review-provisional"),
        "quality": reverse("review-quality"),
        "jobs": reverse("admin:kinokrakow_job_changelist"),
        "witness": reverse("coverage-witness", args=["coigdzie"]),
        **{f"day {date}": reverse("coverage-day", args=[date]) for date in week_from(world.today)},
    }
    found: Found = defaultdict(dict)
    for place, path in pages.items():
        answer = client.get(path)
        assert answer.status_code == 200, path
        text = html.unescape(answer.content.decode())
        for number, (name, value, title, shown) in enumerate(MARKED.findall(text)):
            assert title == DEFINITIONS[name.partition(":")[0]], f"{place} says something else of {name}"
            if value:
                found[name][f"{place} {number}"] = float(value)
                found[name][f"{place} {number}, as it is shown"] = float(shown)
        for said in WITNESS.finditer(text):
            for what, count in said.groupdict().items():
                found[f"witness {what}"][f"{place} {said.start()}"] = int(count)
        if place == "coverage":
            by_day: dict[str, int] = defaultdict(int)
            for date, count in CELL.findall(text):
                by_day[date] += int(count)
            for date in map(str, week_from(world.today)):
                if f"listed:{date}" in found and date in by_day:
                    found[f"listed:{date}"]["heat map"] = by_day[date]
    return found


def of_runs(found: Found, world: Seeded) -> None:
    """What each run counted: the list of runs, the last one's page, coverage's table, bars and weeks, row by row."""
    client = Client()
    client.force_login(world.users["chief"])
    rows = {one.pk: one for one in SyncRun.objects.all()}
    ended = [one for one in rows.values() if one.finished_at and one.status != SyncRun.Status.CANCELLED]
    written = [f"{at.day}.{at:%m.%Y %H:%M}" for at in (timezone.localtime(one.started_at) for one in ended)]
    by_moment = {text: one.pk for text, one in zip(written, ended, strict=True) if written.count(text) == 1}

    def note(run: int | str, name: str, place: str, value: str | float | None) -> None:
        if value not in ("", "-", None):
            assert value is not None
            told = value if isinstance(value, str) and not value.replace(".", "", 1).isdigit() else float(value)
            found[f"run {run}: {name}"][place] = told

    listed = client.get(reverse("admin:scraper_syncrun_changelist")).content.decode()
    for row in RUN_ROW.finditer(listed):
        for name, value in RUN_CELL.findall(row[0]):
            note(int(row[1]), name, "list", value if name in (*COUNTED, "took", "with_films") else "")
    page = client.get(reverse("admin:scraper_syncrun_change", args=[world.run.pk])).content.decode()
    for name, value in RUN_FIELD.findall(page):
        note(world.run.pk, name, "its page", value if name in COUNTED else "")
    coverage = html.unescape(client.get(reverse("coverage")).content.decode())
    for last in LAST_RUN.finditer(coverage):
        for name in ("requests", "with_films", "least"):
            note(int(last["run"]), name, "last runs", last[name])
    for moment, said in BAR.findall(coverage):
        bar = RATE.match(said) or TOOK.match(said)
        assert bar, said
        for name, value in bar.groupdict().items() if moment in by_moment else ():
            note(by_moment[moment], name, "chart", value)
    for pk, one in rows.items():
        for name in COUNTED:
            note(pk, name, "by hand", getattr(one, name))
        if one.films and one in ended:
            note(pk, "rate", "by hand", round(100 * (one.films_matched or 0) / one.films, 1))
    year = html.unescape(client.get(reverse("coverage"), {"range": "year"}).content.decode())
    for moment, said in BAR.findall(year):
        if (mean := MEAN.match(said)) and moment in by_moment:
            week_of = rows[by_moment[moment]].started_at.isocalendar()[:2]
            rates = [
                100 * (one.films_matched or 0) / one.films for one in ended
                if one.films and one.started_at.isocalendar()[:2] == week_of
            ]  # fmt: skip
            for name, value, counted in (
                ("mean", mean["mean"], sum(rates) / len(rates)),
                ("runs", mean["runs"], len(rates)),
            ):
                note(f"week {week_of}", name, "chart", value)
                note(f"week {week_of}", name, "by hand", round(counted, 1))


def for_machines(found: Found, world: Seeded) -> None:
    """What the command, /healthz and /metrics say, under the same names."""
    said = json.loads(run("coverage", "--json")[1])
    names = {
        "days_verified": "days_verified", "tmdb_success_rate": "film_rate", "showtimes": "stored",
        "tmdb_success_rate_showtimes": "showtime_rate", "showtimes_listed": "listed",
        "showtimes_published": "published",
        "review_open": "review_open",
    }  # fmt: skip
    for theirs, ours in names.items():
        found[ours]["coverage --json"] = said[theirs]
    found["held_all"]["coverage --json"] = said["showtimes_held"]
    found["alerts_open"]["coverage --json"] = len(said["alerts"])
    for day in said["days"]:
        if day["showtimes"] is not None:
            found[f"listed:{day['date']}"]["coverage --json"] = day["showtimes"]
    for witness in said["witnesses"]:
        for what in ("theirs", "same", "missing", "extra") if witness["name"] == "coigdzie" else ():
            found[f"witness {what}"]["coverage --json"] = witness[what]
    health = Client().get("/healthz").json()
    found["days_verified"]["healthz"] = health["days_verified"]
    found["alerts_open"]["healthz"] = health["alerts"]
    answer = Client().get("/metrics", headers={"Authorization": "Bearer t"}).content.decode()
    gauges = {
        (sample.name.removeprefix("kinokrakow_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer)
        for sample in family.samples
    }
    dates = week_from(world.today)
    for key, value in gauges.items():
        match key:
            case ("showtimes", state):
                found[{"matched": "on_tmdb"}.get(state, state)]["metrics"] = value
            case ("day_showtimes", ahead):
                found[f"listed:{dates[int(ahead)]}"]["metrics"] = value
            case ("days_verified",) | ("review_open",):
                found[key[0]]["metrics"] = value
            case (str(name), "coigdzie") if name != "witness_ok":
                found[name.replace("_", " ")]["metrics"] = value
            case ("tmdb_success_ratio",):
                found["film_rate"]["metrics"] = round(100 * value, 1)
    took = people.duration(dt.timedelta(seconds=gauges["last_sync_duration_seconds",]))
    found[f"run {world.run.pk}: took"]["metrics"] = took
    found["alerts_open"]["metrics"] = gauges["alerts_open", "bad"] + gauges["alerts_open", "warn"]
    found["alerts_critical"]["metrics"] = gauges["alerts_open", "bad"]
    found["jobs_running"]["metrics"] = gauges["jobs_active", "running"]
    found["jobs_active"]["metrics"] = gauges["jobs_active", "queued"]
    found["jobs_active"]["pages"] = sum(
        float(next(iter(found[f"jobs_{name}"].values()))) for name in ("waiting", "retrying")
    )


def counted_by_hand(found: Found, world: Seeded) -> None:
    """The definitions of docs/NUMBERS.md once more, row by row."""
    films = {film.pk: film for film in ListedFilm.objects.all()}
    dates = week_from(world.today)
    stored = [row for row in Showtime.objects.filter(day__in=dates) if row.withdrawn_at is None]
    matched = (Match.MATCHED, Match.PROVISIONAL)
    no_film = (Match.NOT_A_FILM, Match.SEVERAL_FILMS)
    to_match = [row for row in stored if films[row.film_id].match_status not in no_film]
    on_tmdb = [row for row in to_match if films[row.film_id].match_status in matched]
    ours = {row.film_id for row in to_match}
    deferred = {
        pk for pk, film in films.items()
        if film.deferred_at and (film.deferred_until is None or film.deferred_until > world.at)
    }  # fmt: skip
    asked = {pk for pk, film in films.items() if film.match_status == Match.REVIEW or film.reopened_at} - deferred
    to_come = [row for row in Showtime.objects.filter(withdrawn_at=None, event=None) if row.starts_at > world.at]
    unmatched = {pk for pk, film in films.items() if film.match_status == Match.UNMATCHED and not film.decided_at}
    truth = {
        "stored": len(stored),
        "published": sum(row.event_id is not None for row in stored),
        "held_all": sum(row.event_id is None for row in stored),
        "on_tmdb": len(on_tmdb),
        "film_rate": round(100 * len({row.film_id for row in on_tmdb}) / len(ours), 1),
        "showtime_rate": round(100 * len(on_tmdb) / len(to_match), 1),
        "review_open": len(asked),
        "deferred": len(deferred),
        "unmatched": len(unmatched & {row.film_id for row in to_come}),
        "held:open": sum(row.film_id in asked for row in to_come),
        "held:deferred": sum(row.film_id in deferred for row in to_come),
        "days_verified": 4,  # verified, a cinema gone, doubted, empty; not: failed, stale, never read
        "alerts_open": Alert.objects.filter(resolved_at=None).count(),
        "alerts_critical": Alert.objects.filter(resolved_at=None, level="bad").count(),
        "jobs_failed": Job.objects.filter(state="failed").count(),
    }
    for name, value in truth.items():
        found[name]["by hand"] = value


def test_no_number_disagrees(settings: Settings) -> None:
    settings.METRICS_TOKEN, settings.TMDB_TOKEN, settings.ALLOWED_HOSTS = "t", "t", ["*"]
    settings.WITNESSES = ["coigdzie", "mikro"]
    world = seed()
    run("coverage", "--json")  # looks: what it finds opens alerts and resolves others, for all that follows
    found = on_pages(world)
    of_runs(found, world)
    for_machines(found, world)
    counted_by_hand(found, world)
    wrong = {name: places for name, places in found.items() if len(set(places.values())) > 1}
    assert not wrong
    several = {name for name, places in found.items() if len(places) > 1}
    run_places = {
        name: set(found[f"run {world.run.pk}: {name}"]) for name in (*COUNTED, "rate", "took", "with_films", "least")
    }
    assert run_places == {
        "requests": {"list", "its page", "last runs", "by hand"},
        "films": {"list", "its page", "chart", "by hand"},
        "films_matched": {"list", "its page", "chart", "by hand"},
        "showtimes": {"list", "its page", "by hand"},
        "showtimes_published": {"list", "its page", "by hand"},
        "rate": {"chart", "by hand"},
        "took": {"list", "metrics"},
        "with_films": {"list", "last runs", "chart"},
        "least": {"last runs", "chart"},
    }
    assert sum(name.startswith("run week ") for name in several) >= 8
    assert {
        "days_verified", "listed", "stored", "published", "on_tmdb", "film_rate", "showtime_rate", "review_open",
        "provisional", "unmatched", "deferred", "held:open", "alerts_open", "jobs_failed", f"listed:{world.today}",
        "witness theirs", "witness same", "witness missing", "witness extra",
    } <= several, "a number that stands in one place only was not compared"  # fmt: skip


def test_every_number_is_documented() -> None:
    named = set(DOCUMENTED.findall(Path("docs/NUMBERS.md").read_text(encoding="utf-8")))
    assert set(DEFINITIONS) <= named


@pytest.mark.once
def test_an_alert_says_the_same_as_the_pages(settings: Settings) -> None:
    settings.TMDB_TOKEN = "t"
    world = seed()
    run("coverage", "--json")
    flow = week.summary(world.at)
    rate = Alert.objects.open().get(kind="tmdb_rate").facts
    assert rate["held"] == flow["showtimes_held"]
    soon = Alert.objects.open().get(kind="review_soon").facts
    waiting = Showtime.objects.filter(film__match_status=Match.REVIEW, withdrawn_at=None, starts_at__gt=world.at)
    within = [row for row in waiting if (row.starts_at - world.at).total_seconds() <= 24 * 3600]
    assert soon["showtimes"] == len(within)
