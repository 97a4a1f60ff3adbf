"""One question as its page shows it: the listing, what a decision unlocks, and the candidates beside it. Reads only."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.local_time import week_from
from events.models import ListedFilm, Showtime
from events.titles import reading as titles
from review.decisions import grouping
from review.models import Decision, MatchCandidate
from review.queue import cards, labels

KEYS = 5  # candidates that a digit accepts


@dataclass(frozen=True, slots=True)
class Bar:
    day: dt.date
    showtimes: int
    height: int  # % of the fullest day

    @property
    def top(self) -> int:
        return 100 - self.height


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What plays and is not published yet; `cinemas` with their showtimes, the busiest first."""

    held: int
    first: dt.datetime | None
    to_come: int
    cinemas: tuple[tuple[str, int], ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that differs from what it was when somebody decided."""

    name: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Question:
    """`cards`: what is offered, or of a closed question all that was; `decision`: the latest that stands."""

    film: ListedFilm
    facts: tuple[tuple[str, str], ...]
    url: str
    unlocked: Unlocked
    cards: tuple[cards.Card, ...]
    decision: Decision | None
    changes: tuple[Change, ...]
    hint: str  # what it may be that is not one film
    same: tuple[ListedFilm, ...] = ()  # other listings that the same decision is for

    @property
    def poster(self) -> str:
        """The site's own poster, where it can be shown: by https, from a host of `POSTER_HOSTS`."""
        address = urlsplit(self.film.poster_url)
        return self.film.poster_url if f"{address.scheme}://{address.netloc}" in settings.POSTER_HOSTS else ""

    @property
    def kept(self) -> bool:
        """Whether there is a match or a decision that can be confirmed."""
        reopened, provisional = self.film.reopened_at, self.film.match_status == ListedFilm.Match.PROVISIONAL
        return bool(reopened or provisional or (self.film.movie_id and not self.film.decided_at))


def of(film: ListedFilm, at: dt.datetime, today: dt.date, *, alone: bool = False) -> Question:
    """The question about a film; `alone`: without the film's other listings."""
    decision = film.decisions.standing().select_related("by").first()
    rows = list(film.candidates.order_by("rank", "pk"))
    if film.decided_at is None or film.reopened_at:
        rows = [row for row in rows if row.state != MatchCandidate.State.REJECTED]
    same = () if alone else tuple(grouping.same_question(film, at))
    return Question(
        film=film,
        facts=tuple(_listing(film)),
        url=film.site_address(),
        unlocked=_unlocked([film, *same], at, today),
        cards=tuple(cards.stored(film, row, key if key <= KEYS else 0) for key, row in enumerate(rows, start=1)),
        decision=decision,
        changes=tuple(_changes(decision, film)) if decision and film.reopened_at else (),
        hint=labels.hint(titles.read(film.title).hint) if film.decided_at is None else "",
        same=same,
    )


def _listing(film: ListedFilm) -> Iterator[tuple[str, str]]:
    """What the site says; a dash where it is silent on what tells films apart."""
    yield _("Director"), ", ".join(film.directors) or "–"
    yield _("Year"), str(film.year or "–")
    yield _("Country"), ", ".join(film.countries) or "–"
    yield _("Runtime"), _("%(n)s min") % {"n": film.runtime} if film.runtime else "–"
    for name, value in ((_("Cast"), film.cast), (_("Genre"), film.genres)):
        if value:
            yield name, ", ".join(value)
    if film.premiere:
        yield _("Premiere"), date_format(film.premiere, "j.m.Y")


def _unlocked(films: Sequence[ListedFilm], at: dt.datetime, today: dt.date) -> Unlocked:
    rows = Showtime.objects.listed().filter(film__in=films, starts_at__gt=at).order_by("starts_at")
    listed = list(rows.values_list("starts_at", "day", "cinema__name", "event_id"))
    held = [starts_at for starts_at, _day, _cinema, event in listed if event is None]
    days, cinemas = Counter(row[1] for row in listed), Counter(row[2] for row in listed)
    fullest = max(days.values(), default=1)
    bars = tuple(Bar(day, days[day], round(100 * days[day] / fullest)) for day in week_from(today))
    first = min(held, default=listed[0][0] if listed else None)
    return Unlocked(len(held), first, len(listed), tuple(cinemas.most_common()), bars)


def _changes(decision: Decision, film: ListedFilm) -> Iterator[Change]:
    names = {
        "title": _("Title"),
        "original_title": _("Original title"),
        "directors": _("Director"),
        "year": _("Year"),
        "runtime": _("Runtime"),
    }
    for field, name in names.items():
        then, now = decision.facts[field], getattr(film, field)
        if then != now:
            yield Change(name, _plain(then), _plain(now))


def _plain(value: Any) -> str:
    return (", ".join(value) if isinstance(value, list) else str(value or "")) or "–"
