"""The public page "what's on", and the calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from events import conf, local_time
from events.models import Cinema
from events.public import screenings
from events.public.caching import public
from events.public.choosing import Choices, programme_day, read
from events.public.feeds import icalendar, json_ld
from events.public.page.city_map import city_map
from events.public.page.programme import Choice, PageChoices, by_day, facts, groups
from events.public.screenings import evening
from events.public.showings import OWN_SOURCE, Showing

LATE = dt.timedelta(minutes=20)  # for how long a film that has begun is still shown
MOST = 500  # showings of a week on one page; of more, one day's are shown


def front(request: HttpRequest) -> HttpResponse:
    """The site's first page: what's on if that is public, or else the way in for staff."""
    return HttpResponseRedirect(reverse("whats-on" if conf.PUBLIC_PAGE else "admin:index"))


@public("PUBLIC_PAGE")
def whats_on(request: HttpRequest) -> HttpResponse:
    """What is wanted (`Choices`) of one day: `day`, or else today, or tomorrow when nothing is left of today; of the
    whole week where little is wanted of it (`MOST`). `by` film or time."""
    asked = read(request.GET, PageChoices)
    cinemas = list(Cinema.objects.select_related("same_as"))
    wanted = _meant(asked, cinemas)
    now = timezone.localtime()
    today = programme_day(now)
    week = list(local_time.week_from(today))
    named = asked.day if asked.day in week else None
    day = named or (None if wanted.narrow else today)
    found = screenings.within(evening(day or today), evening((day or week[-1]) + dt.timedelta(days=1)), wanted, cinemas)
    left = [showing for showing in found if showing.starts_at > now - LATE]
    crowded = len(found) * (local_time.WEEK if day else 1) > MOST
    if not day and crowded:
        day = programme_day(left[0].starts_at) if left else today
        found, left = (
            [showing for showing in each if programme_day(showing.starts_at) == day] for each in (found, left)
        )
    later: list[Showing] = []
    for each in (each for each in week if day and not left and each > day):
        if later := screenings.within(evening(each), evening(each + dt.timedelta(days=1)), wanted, cinemas):
            break
    if later and not named:
        day = programme_day(later[0].starts_at)
        found = left = [showing for showing in later if programme_day(showing.starts_at) == day]
    choice = Choice(today, day, asked.by, wanted)
    one = next((showing.film for showing in found), None) if wanted.film else None
    places = [row for row in cinemas if not row.same_as_id]
    houses = [row for row in places if row.slug in wanted.cinema]
    choosable = groups(choice, places)
    query = wanted.query()
    context = {
        "city": conf.CITY,
        "source": OWN_SOURCE,
        "choice": choice,
        "today": today,
        "days": [(each, choice.link(day=each), each == day) for each in week],
        "week_link": choice.link(day=None) if wanted.narrow and not crowded else "",
        "by_film_link": choice.link(by=""),
        "by_time_link": choice.link(by="time"),
        "all_films_link": choice.link(film=""),
        "later": (later[0].starts_at, choice.link(day=programme_day(later[0].starts_at))) if later else None,
        "begun": len(found) - len(left),
        "count": len(left),
        "tickets": any(showing.ticket_url for showing in left),
        "programme": list(by_day(left, choice)),
        "groups": choosable,
        "chosen": [option for group in choosable for option in group.options if option.chosen],
        "no_title_link": choice.link(q=""),
        "house": houses[0] if len(houses) == 1 else None,
        "film": one,
        "facts": facts(one) if one else "",
        "film_page": next((showing.source_url for showing in found), ""),
        "map": city_map(places, choice),
        "calendar": reverse("calendar") + (f"?{query}" if query else ""),
        "everything": not query,
        "feeds": conf.PUBLIC_FEEDS,
        "api": conf.PUBLIC_API,
        "json_ld": mark_safe(json_ld.json_ld(left)),
    }
    return render(request, "events/whats_on.html", context)


@public("PUBLIC_FEEDS")
def calendar(request: HttpRequest, cinema: str = "", film: str = "") -> HttpResponse:
    """A week of what is wanted, or of the cinema or film in its path, as iCalendar; 404 for one that nobody knows."""
    today = timezone.localdate()
    if not film.isprintable():
        raise Http404("no such film")
    asked = read(request.GET, Choices)
    asked = asked.model_copy(update={"cinema": [cinema] if cinema else asked.cinema, "film": film or asked.film})
    cinemas = list(Cinema.objects.select_related("same_as"))
    wanted = _meant(asked, cinemas)
    found = screenings.within(*screenings.span_of(today, today + dt.timedelta(days=local_time.WEEK)), wanted, cinemas)
    if film and not found and wanted.of_place_and_film:
        raise Http404(f"nothing to come of {film}")
    name = ", ".join(row.name for row in cinemas if row.slug in wanted.cinema)
    name = name or _("Cinemas of %(city)s") % {"city": conf.CITY}
    if wanted.film and found:
        name = found[0].film.title
    content = icalendar.calendar(name, screenings.with_same(found), at=timezone.now())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _meant(wanted: Choices, cinemas: Iterable[Cinema]) -> Choices:
    """The choices with each cinema under the slug of the one that it is the same as. 404 for one that nobody knows."""
    if not wanted.cinema:
        return wanted
    meant = {row.slug: (row.same_as or row).slug for row in cinemas}
    if unknown := [slug for slug in wanted.cinema if slug not in meant]:
        raise Http404(f"no cinema {unknown[0]}")
    return wanted.model_copy(update={"cinema": list(dict.fromkeys(meant[slug] for slug in wanted.cinema))})
