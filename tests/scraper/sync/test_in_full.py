"""What syncs, decisions and a look around leave in the database, in full, from one frozen morning to the next."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from events.local_time import ZONE
from events.models import ListedFilm
from kinokrakow import jobs
from review import decisions
from review.decisions import NotOffered, Stale, bulk
from review.matching.candidates import Candidate
from review.models import Decision, MatchCandidate
from scraper.demo.site import DemoSite
from scraper.demo.world import World
from scraper.models import SyncRun
from scraper.monitoring import watch
from scraper.sync import retention
from scraper.sync.replay import believe, replay
from tests import approved
from tests.approved import rows
from tests.review.listing import hand
from tests.scraper.inline import FEW, run, serving, serving_tmdb, small, sync

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

MORNING = dt.datetime(2026, 11, 25, 5, 40, tzinfo=ZONE)  # a Wednesday


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """Stands still but while somebody sleeps."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        monkeypatch.setattr(time, "sleep", traveller.shift)
        yield traveller


@pytest.fixture
def site(settings: Settings, clock: time_machine.Traveller) -> Iterator[DemoSite]:
    with (
        serving(settings, small(World(MORNING.date(), FEW))) as demo,
        serving_tmdb(settings),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM sqlite_sequence")  # ids begin at 1
        yield demo


class Stages:
    """What is in the database otherwise than at the stage before, and what was said."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.before: dict[str, Any] = {}

    def __call__(self, stage: str, said: Any = None) -> None:
        now = rows.of_database()
        changed = {
            name: now.get(name) for name in sorted({*now, *self.before}) if now.get(name) != self.before.get(name)
        }
        self.before = now
        approved.compare(self.name, {f"{stage}: {name}": value for name, value in {**changed, "said": said}.items()})


def test_syncs(site: DemoSite, clock: time_machine.Traveller) -> None:
    world, compare = site.world, Stages("syncs")
    compare("first sync", sync()[1])
    gone = [row for row in world.showtimes if row.film_slug == "bugonia"]
    world.showtimes = [row for n, row in enumerate(world.showtimes) if row not in gone and n % 25]
    world.films["dom-dobry"] = replace(world.films["dom-dobry"], title="Dom dobry – nowy tytuł", year=2024)
    clock.move_to(MORNING + dt.timedelta(hours=30))
    ListedFilm.objects.update(facts_due_at=timezone.now())
    compare("a day later", sync()[1])
    world.showtimes = world.showtimes[::6]
    compare("little is left", sync()[1])
    compare("and believed", [believe(day) for day in world.days])
    compare("replayed", [list(replay(each)) for each in SyncRun.objects.order_by("pk")])
    watch.look()
    compare("looked around", json.loads(run("coverage", "--json")[1]))
    clock.move_to(MORNING + dt.timedelta(days=16))
    watch.look()
    jobs.perform(retention.ask())
    compare("much later")


VERBS: dict[str, Any] = {
    "accept": lambda submitted, film: decisions.accept(submitted, film.candidates.order_by("rank").first().tmdb_id),
    "several": lambda submitted, film: decisions.several_films(
        submitted, [Candidate.from_dict(one.facts) for one in film.candidates.order_by("rank")[:2]]
    ),
    "not on tmdb": lambda submitted, film: decisions.not_on_tmdb(submitted),
    "no film": lambda submitted, film: decisions.not_a_film(submitted),
    "confirm": lambda submitted, film: decisions.confirm(submitted),
    "defer": lambda submitted, film: decisions.defer(submitted, MORNING + dt.timedelta(days=3), "ask the cinema"),
    "no such": lambda submitted, film: decisions.accept(submitted, 99_999_999),
}


def test_decisions(site: DemoSite, monkeypatch: pytest.MonkeyPatch) -> None:
    sync()
    compare = Stages("decisions")
    compare("before")
    anna, at = User.objects.create_user("anna", is_staff=True), MORNING + dt.timedelta(minutes=1)
    ListedFilm.objects.exclude(pk__in=MatchCandidate.objects.values("film")).delete()
    for verb, decide in VERBS.items():
        for film in ListedFilm.objects.order_by("slug")[:2]:
            try:
                made = decide(hand(film, anna, at), film)
            except (NotOffered, Stale, ValueError) as error:
                compare(f"{verb} {film.slug}", f"{type(error).__name__} {error}")
                continue
            compare(f"{verb} {film.slug}", [made.verb if hasattr(made, "verb") else str(made)])
            decisions.undo(made.pk, by=anna, at=at + dt.timedelta(minutes=5), sure=True)
            compare(f"{verb} {film.slug}, undone", Decision.objects.count())
            at += dt.timedelta(minutes=10)
    monkeypatch.setattr("review.decisions.lookup.fetch", lambda references: [])
    first, second = ListedFilm.objects.order_by("slug")[:2]
    asked = bulk.ask([(first, 99_999_999), (second, 99_999_999)], by=anna, at=at)
    ListedFilm.objects.filter(pk=second.pk).update(revision=900)
    compare("many at once", bulk.carry_out(asked))
