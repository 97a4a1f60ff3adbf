"""The public page "what's on", and the calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from events import conf, feeds, showings
from events.dedup import fold
from events.models import Cinema
from events.public import public
from events.showings import Film, Showing, Venue

DAYS = 7


@dataclass(frozen=True, slots=True)
class FilmCard:
    """A film's showings of one day, by cinema; the times as HTML."""

    film: Film
    houses: list[tuple[Venue, SafeString]]


@dataclass(frozen=True, slots=True)
class Hour:
    """What starts within an hour, each with its time as HTML."""

    begins: str
    showings: list[tuple[SafeString, Showing]]


@dataclass(frozen=True, slots=True)
class Day:
    """One day's programme, in either order."""

    date: dt.date
    films: list[FilmCard]
    hours: list[Hour]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a visitor chose. `day` None: the whole week, as it is for one film."""

    day: dt.date | None
    by: str
    cinema: str
    film: str

    def link(self, **changes: object) -> str:
        """The address of the page with other choices; "" chooses nothing."""
        chosen = {"day": self.day or "", "by": self.by, "cinema": self.cinema, "film": self.film} | changes
        parts = urlencode({name: value for name, value in chosen.items() if value})
        return f"?{parts}" if parts else "?"


def front(request: HttpRequest) -> HttpResponse:
    """The site's first page: what's on if that is public, or else the way in for staff."""
    return HttpResponseRedirect(reverse("whats-on" if conf.PUBLIC_PAGE else "admin:index"))


@public("PUBLIC_PAGE")
def whats_on(request: HttpRequest) -> HttpResponse:
    """One day's programme: `day` (today), `by` film or time, `cinema` (a slug); a `film` (a key) has its week's."""
    now, today = timezone.now(), timezone.localdate()
    week = [today + dt.timedelta(days=ahead) for ahead in range(DAYS)]
    house = _cinema(request.GET.get("cinema", ""))
    film = request.GET.get("film", "")
    asked = parse_day(request.GET.get("day", ""))
    day = asked if asked in week else None if film else today
    choice = Choice(day, "time" if request.GET.get("by") == "time" else "", house.slug if house else "", film)
    found = showings.between(day or today, day or week[-1], cinema=choice.cinema, film=film)
    left = [showing for showing in found if showing.starts_at > now]
    later = None if left or not day else next(
        iter(showings.between(day + dt.timedelta(days=1), week[-1], cinema=choice.cinema, film=film)), None
    )  # fmt: skip
    context = {
        "choice": choice,
        "today": today,
        "days": [(each, choice.link(day="" if each == today and not film else each), each == day) for each in week],
        "week_link": choice.link(day="") if film else "",
        "by_film_link": choice.link(by=""),
        "by_time_link": choice.link(by="time"),
        "all_films_link": choice.link(film="", day=day if day != today else ""),
        "later": (later.starts_at, choice.link(day=later.starts_at.date())) if later else None,
        "begun": len(found) - len(left),
        "count": len(left),
        "programme": list(by_day(left, by_time=bool(choice.by))),
        "cinemas": Cinema.objects.filter(same_as=None),
        "house": house,
        "film": next((showing.film for showing in left), None) if film else None,
        "film_page": next((showing.source_url for showing in left), ""),
        "feeds": conf.PUBLIC_FEEDS,
        "api": conf.PUBLIC_API,
        "json_ld": mark_safe(feeds.json_ld(left)),
    }
    return render(request, "events/whats_on.html", context)


@public("PUBLIC_FEEDS")
def calendar(request: HttpRequest, cinema: str = "", film: str = "") -> HttpResponse:
    """A week of everything, of one cinema or of one film as iCalendar; 404 for one that nobody knows."""
    today = timezone.localdate()
    house = _cinema(cinema)
    found = showings.between(today, today + dt.timedelta(days=DAYS), cinema=cinema, film=film)
    if film and not found:
        raise Http404(f"nothing to come of {film}")
    name = house.name if house else found[0].film.title if film else _("Cinemas of Kraków")
    content = feeds.calendar(name, found, stamp=showings.midnight(today))
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _cinema(slug: str) -> Cinema | None:
    """The cinema asked for; None when none is. 404 for one that nobody knows."""
    house = showings.cinema_called(slug) if slug else None
    if slug and house is None:
        raise Http404(f"no cinema {slug}")
    return house


def parse_day(text: str) -> dt.date | None:
    """The day that a text says, None when it says none."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def by_day(found: Iterable[Showing], *, by_time: bool) -> Iterator[Day]:
    """In order of start, each day's showings by film or by the hour."""
    for date, rows in groupby(found, key=lambda s: s.starts_at.date()):
        group = list(rows)
        yield Day(date, [] if by_time else by_film(group), by_hour(group) if by_time else [])


def by_film(found: Iterable[Showing]) -> list[FilmCard]:
    """In order of the title; each film's cinemas by name, their showings by time."""
    films: dict[str, list[Showing]] = {}
    for showing in found:
        films.setdefault(showing.film.key, []).append(showing)
    cards = []
    for group in films.values():
        houses = groupby(sorted(group, key=lambda s: (s.venue.name, s.starts_at)), key=lambda s: s.venue)
        times = [(venue, _joined(start(s, s.version.label) for s in rows)) for venue, rows in houses]
        cards.append(FilmCard(group[0].film, times))
    return sorted(cards, key=lambda card: fold(card.film.title))


def by_hour(found: Iterable[Showing]) -> list[Hour]:
    """By the hour of their start."""
    hours = groupby(found, key=lambda s: s.starts_at.hour)
    return [Hour(f"{hour}:00", [(start(s), s) for s in rows]) for hour, rows in hours]


def start(showing: Showing, label: str = "") -> SafeString:
    """When it starts, as a link to its tickets if it has any. A template would double the time of a busy day's page."""
    told = f"<time>{showing.starts_at:%H:%M}</time>" + (f" <small>{escape(label)}</small>" if label else "")
    if not showing.ticket_url:
        return mark_safe(f"<span>{told}</span>")
    return mark_safe(f'<a href="{escape(showing.ticket_url)}" rel="noopener nofollow">{told}</a>')


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe(" ".join(parts))
