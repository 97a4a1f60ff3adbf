"""The page's programme, laid out by film or by the hour.

A cinema's line or a showing's is on a busy day's page a thousand times, so they are made into HTML here, whatever
repeats once: as template nodes they took two thirds of a request. Every text that goes in passes `escape`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from html import escape
from itertools import groupby
from operator import attrgetter
from typing import Any, Literal

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from events.models import Cinema
from events.public.choosing import NIGHT_ENDS, Access, Choices, Format, Language, Only, PartOfDay, programme_day
from events.public.showings import Film, Showing, Venue
from events.titles.spelling import fold


class PageChoices(Choices):
    """What an address of the page chooses: besides what is wanted, the day and the order."""

    day: dt.date | None = None
    by: Literal["", "time"] = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the page shows on the day `today`. `day` None: the whole week, as it is where little is wanted of it."""

    today: dt.date
    day: dt.date | None
    by: str
    wanted: Choices

    @property
    def day_named(self) -> str:
        """The day as an address has it; empty for the one that the page shows without."""
        return "" if self.day is None or (self.day == self.today and not self.wanted.narrow) else self.day.isoformat()

    def link(self, **changes: Any) -> str:
        """The address of the page with other choices; an empty one chooses nothing."""
        frame = {name: changes.pop(name) for name in ("day", "by") if name in changes}
        chosen = replace(self, **frame, wanted=self.wanted.model_copy(update=changes))
        return "?" + chosen.wanted.query(day=chosen.day_named, by=chosen.by)


@dataclass(frozen=True, slots=True)
class Option:
    """A value that may be chosen. `link` leads to the page without it, where it is chosen."""

    value: str
    label: str
    chosen: bool
    link: str


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one choice, of which several may be chosen or (`single`) one."""

    name: str
    legend: str
    options: list[Option]
    single: bool = False


def groups(choice: Choice, cinemas: Iterable[Cinema]) -> list[Group]:
    """Everything that a visitor may choose by, but the title."""
    labels = {
        Language.DUBBING: _("dubbing"), Language.SUBTITLES: _("subtitles"), Language.VOICE_OVER: _("voice-over"),
        Language.ORIGINAL: _("original language"), Language.UKRAINIAN: _("Ukrainian"),
        Language.ENGLISH_SUBTITLES: _("English subtitles"),
        Format.TWO_D: "2D", Format.THREE_D: "3D", Format.IMAX: "IMAX", Format.FOUR_DX: "4DX",
        Format.SCREEN_X: "ScreenX", Format.DOLBY: "Dolby", Format.FILM: _("on film (35 or 70 mm)"),
        Access.AUDIO_DESCRIPTION: _("audio description"), Access.SUBTITLES_FOR_THE_DEAF: _("subtitles for the deaf"),
        Access.SIGN_LANGUAGE: _("sign language (PJM)"), Access.SENSORY: _("sensory-friendly"),
        PartOfDay.MORNING: _("morning, until 12"), PartOfDay.AFTERNOON: _("afternoon, 12 to 17"),
        PartOfDay.EVENING: _("evening, 17 to 22"), PartOfDay.NIGHT: _("night, from 22"),
        Only.NEW: _("new this week"), Only.LAST: _("last showings"),
    }  # fmt: skip
    wanted = choice.wanted

    def group(name: str, legend: str, kind: type[StrEnum]) -> Group:
        chosen = getattr(wanted, name)
        options = [
            Option(
                each.value,
                labels[each],
                each == chosen or (isinstance(chosen, list) and each in chosen),
                choice.link(**{name: [one for one in chosen if one != each] if isinstance(chosen, list) else None}),
            )
            for each in kind
        ]
        return Group(name, legend, options, single=not isinstance(chosen, list))

    houses = [
        Option(row.slug, row.name, row.slug in wanted.cinema,
               choice.link(cinema=[slug for slug in wanted.cinema if slug != row.slug]))
        for row in cinemas
    ]  # fmt: skip
    return [
        Group("cinema", _("Cinemas"), houses),
        group("language", _("Language"), Language),
        group("time", _("Part of the day"), PartOfDay),
        group("format", _("Format"), Format),
        group("access", _("Accessible by"), Access),
        group("only", _("Only"), Only),
    ]


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
    for date, group in groupby(found, key=lambda s: programme_day(s.starts_at)):
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
        link = choice.link(cinema=[venue.slug])
        return f'<a class="house" href="{escape(link)}">{escape(venue.name)}</a>'

    films: dict[str, tuple[Film, dict[Venue, list[str]]]] = {}
    for showing in found:
        houses = films.setdefault(showing.film.key, (showing.film, {}))[1]
        houses.setdefault(showing.venue, []).append(_start(showing, _label(showing.version.label)))
    return [
        FilmCard(
            film,
            choice.link(film=film.key, day=None, by="", q="", only=None),
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
        return (
            f'<a href="{escape(choice.link(film=film.key, day=None, by="", q="", only=None))}">{escape(film.title)}</a>'
        )

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
    start = showing.starts_at
    if start.time() < NIGHT_ENDS:  # after midnight, listed with the evening before
        label = f" <small>{date_format(start, 'D')}</small>{label}"
    told = f"<time>{start:%H:%M}</time>{label}"
    if not showing.ticket_url:
        return f"<span>{told}</span>"
    whose = dict(showing.filled).get("ticket_url")
    by = f' title="{escape(_("link by %(source)s") % {"source": whose})}"' if whose else ""
    return f'<a href="{escape(showing.ticket_url)}" rel="noopener nofollow"{by}>{told}</a>'


def _lines(lines: Iterable[str]) -> SafeString:
    return mark_safe("\n".join(f"<li>{line}</li>" for line in lines))


@cache
def _label(label: str) -> str:
    return f" <small>{escape(label)}</small>" if label else ""
