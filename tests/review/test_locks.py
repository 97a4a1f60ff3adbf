"""Writers that touch the same films, cinemas, events and sources at the same moment: none of them waits for one that
waits for it.

`python -m tests.locks` goes on for longer, and says how far it came.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import combinations_with_replacement
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import OperationalError, transaction
from django.utils import timezone

from events import geocoding, processing, publishing
from events.models import Cinema, Duplicate, Event, ListedFilm, Movie, OtherEvent, Showtime
from events.other_sources import duplicates
from events.records import ListedShowtime, Programme
from review import decisions
from review.automatic import now_playing, upkeep
from review.decisions import Submission
from review.models import Decision
from tests.review.listing import OTHER, SAMURAI, STUB, propose, reviewer
from tests.threads import together, two_writers

pytestmark = [two_writers, pytest.mark.django_db(transaction=True)]

ROUNDS = 2
DAY = timezone.localdate() + dt.timedelta(days=1)
FILMS = ("agrafka", "bugonia", "cyrk")
HOUSES = ("kijow", "kijow-centrum", "mikro")
Writer = Callable[[random.Random], None]
Work = Callable[[], None]


def showtime(film: str, cinema: str, day: dt.date, hour: int) -> ListedShowtime:
    start = dt.datetime.combine(day, dt.time(hour))
    return ListedShowtime(
        external_id=f"{film}|{cinema}|{start:%Y-%m-%dT%H:%M}",
        film_slug=film,
        film_title=film.title(),
        cinema_slug=cinema,
        cinema_name=cinema.title(),
        day=day,
        starts_at=start,
        ticket_url=None,
    )


@transaction.atomic
def a_page(dice: random.Random) -> None:
    """A day's page, with some of its rows missing, in any order."""
    day = DAY + dt.timedelta(days=dice.randrange(2))
    every = [showtime(film, cinema, day, 10 + n) for n, film in enumerate(FILMS) for cinema in HOUSES]
    rows = tuple(dice.sample(every, dice.randrange(len(every) // 2, len(every))))
    processing.store_programme(Programme(day, False, rows), at=timezone.now(), fresh=dt.timedelta())


@transaction.atomic
def a_match(dice: random.Random) -> None:
    listed = ListedFilm.objects.get(slug=dice.choice(FILMS))
    propose(listed, (dice.choice((SAMURAI, STUB, OTHER)), dice.choice((90.0, 64.0, 30.0))), at=timezone.now())


@transaction.atomic
def playing_list(dice: random.Random) -> None:
    now_playing.store({SAMURAI.tmdb_id, dice.choice((STUB, OTHER)).tmdb_id}, at=timezone.now())


def a_decision(dice: random.Random) -> None:
    listed, user = ListedFilm.objects.get(slug=dice.choice(FILMS)), User.objects.get()
    submission = Submission(listed.pk, listed.revision, by=user, at=timezone.now())
    with suppress(decisions.Stale):
        dice.choice((
            lambda: decisions.accept_other(submission, SAMURAI),
            lambda: decisions.several_films(submission, dice.sample((SAMURAI, STUB, OTHER), 3)),
            lambda: decisions.not_a_film(submission),
        ))()  # fmt: skip


def an_undo(dice: random.Random) -> None:
    user = User.objects.get()
    for decision in Decision.objects.standing().order_by("-pk")[:2]:
        with suppress(decisions.NotUndone):
            decisions.undo(decision.pk, by=user, at=timezone.now())


@transaction.atomic
def two_cinemas_are_one(dice: random.Random) -> None:
    """As the admin's form does it."""
    rows = {row.slug: row for row in Cinema.objects.select_for_update(no_key=True).order_by("pk")}
    apart = dice.random() < 0.5
    publishing.unite(rows["kijow-centrum"], None if apart else rows["kijow"], at=timezone.now())


@transaction.atomic
def a_place(dice: random.Random) -> None:
    cinema = Cinema.objects.get(slug=dice.choice(HOUSES))
    geocoding.correct(cinema, geocoding.Place(50.05 + dice.random() / 100, 19.93), at=timezone.now())


def an_import(dice: random.Random, source: str = "") -> None:
    lines = [
        {
            "@type": "ScreeningEvent",
            "name": film.title(),
            "location": dice.choice(HOUSES).title(),
            "startDate": f"{DAY + dt.timedelta(days=dice.randrange(2))}T{10 + n}:05",
            "url": f"https://portal.example/{film}",
        }
        for n, film in enumerate(dice.sample(FILMS, 2))
    ]
    path = Path(os.environ["LOCK_FOLDER"]) / f"{dice.random()}.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    source = source or dice.choice(("filmweb", "portal"))
    options = {"priority": dice.choice((10, 60))} if dice.random() < 0.5 else {}
    call_command("import_events", source, str(path), stdout=io.StringIO(), stderr=io.StringIO(), **options)


@transaction.atomic
def a_verdict(dice: random.Random) -> None:
    verdict = dice.choice(("", *Duplicate.Verdict.values))
    duplicates.decide(Duplicate.objects.order_by("?")[:2], verdict, by=User.objects.get().pk, at=timezone.now())


def monthly(dice: random.Random) -> None:
    """What nobody shows dropped, and movies described anew, under another name at times."""
    with transaction.atomic():
        upkeep.purge(timezone.now() + dice.choice((dt.timedelta(), 2 * upkeep.KEPT)))
    told = [replace(film, title=dice.choice((film.title, f"{film.title} 2"))) for film in (OTHER, STUB, SAMURAI)]
    with transaction.atomic():
        upkeep.refresh(Movie.objects.all(), dice.sample(told, 2), at=timezone.now())


WRITERS: tuple[Writer, ...] = (
    a_page, a_match, playing_list, a_decision, an_undo, two_cinemas_are_one, a_place, an_import, a_verdict, monthly,
)  # fmt: skip


def begin_world() -> None:
    """A page, a match, an import and a decision, with somebody who decides."""
    reviewer()
    dice = random.Random("locks")
    for writer in (a_page, a_page, a_match, an_import, a_decision):
        writer(dice)


def pairs(number: int) -> Iterator[tuple[str, Work, Work]]:
    """Every pair's name and both its writers in their `number`th round."""
    for one, other in combinations_with_replacement(WRITERS, 2):
        name = f"{one.__name__}, {other.__name__}"
        dice = [random.Random(f"{name} {number} {n}") for n in (1, 2)]
        yield name, partial(one, dice[0]), partial(other, dice[1])


def crowd(number: int, of_each: int) -> dict[str, list[Work]]:
    """So many of each writer, in an order of their own in the `number`th round."""
    names = random.Random(number).sample(WRITERS, len(WRITERS))
    return {
        writer.__name__: [partial(writer, random.Random(f"{writer.__name__} {number} {n}")) for n in range(of_each)]
        for writer in names
    }


def test_no_two_writers_wait_for_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pair, on one database: PostgreSQL ends one of two that do with an error."""
    monkeypatch.setenv("LOCK_FOLDER", str(tmp_path))
    begin_world()
    failed = []
    for number in range(ROUNDS):
        for name, first, second in pairs(number):
            try:
                together(first, second)
            except OperationalError as error:
                failed.append(f"{name}: {error}".partition("\n")[0])
        consistent()
    assert not failed, f"{len(failed)}: {Counter(failed)}"


def consistent() -> None:
    """What must hold after any of them, whoever came first."""
    empty = Event.objects.filter(status=Event.Status.SCHEDULED, showtimes__isnull=True)
    full = Event.objects.filter(status=Event.Status.CANCELLED, showtimes__isnull=False)
    assert not empty.exists()
    assert not full.exists()
    alias = Cinema.objects.get(slug="kijow-centrum").same_as
    moved = Showtime.objects.listed().filter(external_id__contains="|kijow-centrum|")
    assert {row.cinema.slug for row in moved} <= {alias.slug if alias else "kijow-centrum"}
    pairs = [frozenset(row.keys) for row in Duplicate.objects.all()]
    assert len(pairs) == len(set(pairs))
    assert OtherEvent.objects.filter(cinema=None).count() == 0
