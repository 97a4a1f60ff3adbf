"""The page's programme, laid out by film or by the hour.

A cinema's line or a showing's is on a busy day's page a thousand times, so they are made into HTML here, whatever
repeats once: as template nodes they took two thirds of a request. Every text that goes in passes `escape`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlencode

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from events.public.screenings import Film, Showing, Venue
from events.titles.spelling import fold


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor chose on the day `today`. `day` None: the whole week, as it is for one film."""

    today: dt.date
    day: dt.date | None
    by: str
    cinema: str
    film: str

    @property
    def day_named(self) -> str:
        """The day as an address has it; empty for the one that the page shows without."""
        return "" if self.day is None or (self.day == self.today and not self.film) else self.day.isoformat()

    def link(self, **changes: object) -> str:
        """The address of the page with other choices; "" chooses nothing."""
        chosen = replace(self, **changes)  # type: ignore[arg-type]
        names = {"day": chosen.day_named, "by": chosen.by, "cinema": chosen.cinema, "film": chosen.film}
        return "?" + urlencode({name: value for name, value in names.items() if value})


@dataclass(frozen=True, slots=True)
class FilmCard:
    """A film's showings of one day: a `<li>` for each cinema."""

    film: Film
    link: str
    facts: str
    houses: SafeString


@dataclass(frozen=True, slots=True)
class Hour:
    """What starts within an hour: a `<li>` for each showing."""

    begins: str
    rows: SafeString


@dataclass(frozen=True, slots=True)
class Day:
    """One day's programme, in either order."""

    date: dt.date
    films: list[FilmCard]
    hours: list[Hour]


def by_day(found: Iterable[Showing], choice: Choice) -> Iterator[Day]:
    """Each day's showings, which come in order of their start, as they were chosen to be."""
    for date, group in groupby(found, key=lambda s: s.starts_at.date()):
        if choice.by:
            yield Day(date, [], _by_hour(group, choice))
        else:
            yield Day(date, _by_film(group, choice), [])


def _by_film(found: Iterable[Showing], choice: Choice) -> list[FilmCard]:
    """In order of the title; each film's cinemas by name, their showings by time."""

    @cache
    def house(venue: Venue) -> str:
        if not venue.slug:
            return f'<span class="house">{escape(venue.name)}</span>'
        link = choice.link(cinema=venue.slug)
        return f'<a class="house" href="{escape(link)}">{escape(venue.name)}</a>'

    films: dict[str, tuple[Film, dict[Venue, list[str]]]] = {}
    for showing in found:
        houses = films.setdefault(showing.film.key, (showing.film, {}))[1]
        houses.setdefault(showing.venue, []).append(_start(showing, _label(showing.version.label)))
    return [
        FilmCard(
            film,
            choice.link(film=film.key, day=None, by=""),
            facts(film),
            _lines(
                f'{house(venue)} <span class="times">{" ".join(houses[venue])}</span>'
                for venue in sorted(houses, key=attrgetter("name"))
            ),
        )
        for film, houses in sorted(films.values(), key=lambda each: fold(each[0].title))
    ]


def _by_hour(found: Iterable[Showing], choice: Choice) -> list[Hour]:
    @cache
    def title(film: Film) -> str:
        return f'<a href="{escape(choice.link(film=film.key, day=None, by=""))}">{escape(film.title)}</a>'

    def row(showing: Showing) -> str:
        of = f"{title(showing.film)}{_label(showing.version.label)}"
        where = f'<span class="soft">{escape(showing.venue.name)}</span>'
        return f'{_start(showing)} <span class="of">{of}{where}</span>'

    hours = groupby(found, key=lambda s: s.starts_at.hour)
    return [Hour(f"{hour}:00", _lines(map(row, group))) for hour, group in hours]


def facts(film: Film) -> str:
    """What a visitor wants to know besides the title: "2024 · 139 min"."""
    runtime = _("%(minutes)s min") % {"minutes": film.runtime} if film.runtime else ""
    special = _("special event") if film.special else ""
    return " · ".join(filter(None, (str(film.year or ""), runtime, special)))


def _start(showing: Showing, label: str = "") -> str:
    """When it starts, as a link to its tickets if it has any."""
    told = f"<time>{showing.starts_at:%H:%M}</time>{label}"
    if not showing.ticket_url:
        return f"<span>{told}</span>"
    return f'<a href="{escape(showing.ticket_url)}" rel="noopener nofollow">{told}</a>'


def _lines(lines: Iterable[str]) -> SafeString:
    return mark_safe("\n".join(f"<li>{line}</li>" for line in lines))


@cache
def _label(label: str) -> str:
    return f" <small>{escape(label)}</small>" if label else ""
