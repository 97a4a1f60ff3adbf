"""The public page "what's on", and the calendars."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from events import conf, feeds, programme
from events.dedup import fold
from events.models import Cinema
from events.programme import Film, Showing, Venue
from events.public import public

DAYS = 7


@dataclass(frozen=True, slots=True)
class FilmCard:
    """A film's showings of one day, by cinema."""

    film: Film
    houses: list[tuple[Venue, list[Showing]]]


@public("PUBLIC_PAGE")
def whats_on(request: HttpRequest) -> HttpResponse:
    """One day's programme: `day` (today), `by` film or time, `cinema` (a slug), `film` (a key). No JavaScript."""
    today = timezone.localdate()
    day = parse_day(request.GET.get("day", ""), today)
    by_time = request.GET.get("by") == "time"
    cinema, film = request.GET.get("cinema", ""), request.GET.get("film", "")
    showings = programme.showings(day, day, cinema=cinema, film=film)
    left = [showing for showing in showings if showing.starts_at > timezone.now()]
    kept = {
        name: value for name, value in (("by", "time" if by_time else ""), ("cinema", cinema), ("film", film)) if value
    }
    context = {
        "day": day,
        "today": today,
        "days": [today + dt.timedelta(days=ahead) for ahead in range(DAYS)],
        "begun": len(showings) - len(left),
        "count": len(left),
        "cards": [] if by_time else by_film(left),
        "hours": by_hour(left) if by_time else [],
        "by_time": by_time,
        "cinemas": Cinema.objects.filter(same_as=None),
        "cinema": cinema,
        "film": left[0].film if film and left else None,
        "film_key": film,
        "kept": kept,
        "feeds": conf.PUBLIC_FEEDS,
        "api": conf.PUBLIC_API,
        "json_ld": mark_safe(feeds.json_ld(left)),
    }
    return render(request, "events/whats_on.html", context)


@public("PUBLIC_FEEDS")
def calendar(request: HttpRequest, cinema: str = "", film: str = "") -> HttpResponse:
    """A week of everything, of one cinema or of one film as iCalendar; 404 for one that nobody knows."""
    today = timezone.localdate()
    house = Cinema.objects.filter(slug=cinema).first() if cinema else None
    if cinema and house is None:
        raise Http404(f"no cinema {cinema}")
    showings = programme.showings(today, today + dt.timedelta(days=DAYS), cinema=cinema, film=film)
    if film and not showings:
        raise Http404(f"nothing to come of {film}")
    name = house.name if house else showings[0].film.title if film else _("Cinemas of Kraków")
    content = feeds.calendar(name, showings, stamp=programme.midnight(today))
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def parse_day(text: str, today: dt.date) -> dt.date:
    """The day asked for, or today when it says none."""
    try:
        return parse_date(text) or today
    except ValueError:
        return today


def by_film(showings: list[Showing]) -> list[FilmCard]:
    """In order of the title; each film's cinemas by name, their showings by time."""
    films: dict[str, list[Showing]] = {}
    for showing in showings:
        films.setdefault(showing.film.key, []).append(showing)
    cards = []
    for group in films.values():
        houses = groupby(sorted(group, key=lambda s: (s.venue.name, s.starts_at)), key=lambda s: s.venue)
        cards.append(FilmCard(group[0].film, [(venue, list(rows)) for venue, rows in houses]))
    return sorted(cards, key=lambda card: fold(card.film.title))


def by_hour(showings: list[Showing]) -> list[tuple[dt.datetime, list[Showing]]]:
    """By the hour of their start."""
    hours = groupby(showings, key=lambda s: s.starts_at.replace(minute=0))
    return [(hour, list(rows)) for hour, rows in hours]
