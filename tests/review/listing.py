"""Listed films with showtimes and candidates, as a sync would have left them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import transaction

from events import processing
from events.models import ListedFilm
from events.records import FilmFacts, ListedShowtime, Programme
from review import automatic
from review.decisions import Submission
from review.matching import score as matching
from review.matching.candidates import Candidate
from review.matching.search import Proposal
from tests.review.shelf import film

NOW = dt.datetime(2026, 11, 24, 6, tzinfo=ZoneInfo("Europe/Warsaw"))
MINUTE = dt.timedelta(minutes=1)
SAMURAI = film(346, "Siedmiu samurajów", 1954, "Akira Kurosawa", original_title="七人の侍", runtime=207)
STUB = film(1512077, "Siedmiu samurajów 2026", 2026, vote_count=0, runtime=0)
OTHER = film(966, "Siedmiu wspaniałych", 1960, "John Sturges", runtime=128)


def store(slug: str, hours: Iterable[str] = ("18:30", "21:00"), cinemas: Iterable[str] = ("kijow",)) -> ListedFilm:
    """A film with showtimes on the day of NOW."""
    rows = []
    for cinema in cinemas:
        for hour in hours:
            starts_at = dt.datetime.combine(NOW.date(), dt.time.fromisoformat(hour))
            rows.append(
                ListedShowtime(
                    external_id=f"{slug}|{cinema}|{starts_at:%Y-%m-%dT%H:%M}",
                    film_slug=slug,
                    film_title=slug.replace("-", " ").capitalize(),
                    cinema_slug=cinema,
                    cinema_name=cinema.title(),
                    day=NOW.date(),
                    starts_at=starts_at,
                    ticket_url=None,
                )
            )
    # As if each film had a page of the programme to itself: what a page lacks would be withdrawn.
    with transaction.atomic():
        processing.store_programme(
            Programme(NOW.date(), False, tuple(rows)), at=NOW.replace(hour=23), fresh=dt.timedelta()
        )
    return ListedFilm.objects.get(slug=slug)


def propose(listed: ListedFilm, *scored: tuple[Candidate, float], at: dt.datetime = NOW) -> ListedFilm:
    """Record a proposal with these scores, as the program does."""
    judged = {one.candidate: one for one in matching.judge(listed.facts(), [c for c, _ in scored], today=NOW.date())}
    found = tuple(
        matching.Scored(candidate, score, judged[candidate].reasons, "the same year would have made it 70 %", score)
        for candidate, score in scored
    )
    with transaction.atomic():
        automatic.record(listed, Proposal(found, 1, None, ()), at=at)
    listed.refresh_from_db()
    return listed


def question(slug: str = "siedmiu-samurajow", **options: Any) -> ListedFilm:
    """An open question with three candidates."""
    return propose(store(slug, **options), (SAMURAI, 64.0), (STUB, 58.0), (OTHER, 21.0))


def tell(listed: ListedFilm, **facts: Any) -> None:
    """The film's page says something (else), as `fetch_film` would store it."""
    old = listed.facts()
    new = FilmFacts(**{**{name: getattr(old, name) for name in FilmFacts.__dataclass_fields__}, **facts})
    with transaction.atomic():
        changed = processing.store_facts(listed, new, at=NOW, refresh=dt.timedelta(days=7))
        if changed:
            automatic.reconsider(listed, changed, at=NOW)
    listed.refresh_from_db()


def hand(listed: ListedFilm, by: User, at: dt.datetime = NOW + MINUTE, **more: Any) -> Submission:
    """The film as the database has it now."""
    revision = ListedFilm.objects.values_list("revision", flat=True).get(pk=listed.pk)
    return Submission(listed.pk, revision, by, at, **more)


def reviewer(name: str = "anna") -> User:
    return User.objects.create_user(name, is_staff=True)
