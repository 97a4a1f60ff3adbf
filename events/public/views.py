"""The public page "what's on", and the calendars."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from events import conf
from events.models import Cinema
from events.public import feeds, screenings
from events.public.caching import public
from events.public.page import Choice, by_day, facts

DAYS = 7


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
    choice = Choice(today, day, "time" if request.GET.get("by") == "time" else "", house.slug if house else "", film)
    found = screenings.between(day or today, day or week[-1], cinema=choice.cinema, film=film)
    left = [showing for showing in found if showing.starts_at > now]
    later = None if left or not day else next(
        iter(screenings.between(day + dt.timedelta(days=1), week[-1], cinema=choice.cinema, film=film)), None
    )  # fmt: skip
    one = next((showing.film for showing in found), None) if film else None
    context = {
        "choice": choice,
        "today": today,
        "days": [(each, choice.link(day=each), each == day) for each in week],
        "week_link": choice.link(day=None) if film else "",
        "by_film_link": choice.link(by=""),
        "by_time_link": choice.link(by="time"),
        "all_films_link": choice.link(film=""),
        "later": (later.starts_at, choice.link(day=later.starts_at.date())) if later else None,
        "begun": len(found) - len(left),
        "count": len(left),
        "tickets": any(showing.ticket_url for showing in left),
        "programme": list(by_day(left, choice)),
        "cinemas": Cinema.objects.filter(same_as=None),
        "house": house,
        "film": one,
        "facts": facts(one) if one else "",
        "film_page": next((showing.source_url for showing in found), ""),
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
    found = screenings.between(today, today + dt.timedelta(days=DAYS), cinema=cinema, film=film)
    if film and not found:
        raise Http404(f"nothing to come of {film}")
    name = house.name if house else found[0].film.title if film else _("Cinemas of Kraków")
    content = feeds.calendar(name, screenings.with_same(found), at=timezone.now())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _cinema(slug: str) -> Cinema | None:
    """The cinema asked for; None when none is. 404 for one that nobody knows."""
    house = screenings.cinema_called(slug) if slug else None
    if slug and house is None:
        raise Http404(f"no cinema {slug}")
    return house


def parse_day(text: str) -> dt.date | None:
    """The day that a text says, None when it says none."""
    try:
        return parse_date(text)
    except ValueError:
        return None
