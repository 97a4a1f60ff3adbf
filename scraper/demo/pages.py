"""The pages of the demo's kino.krakow.pl, in the markup that is known of the real one.

Every page is a function of the world and the day it shows, and carries `TOKEN` where the session's CSRF token goes.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from itertools import groupby

from scraper.demo.world import Cinema, Film, Showtime, World, slugify

TOKEN = "@@csrf-token@@"
WEEKDAYS = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")
SHORT_WEEKDAYS = ("Pn", "Wt", "Śr", "Czw", "Pt", "Sob", "Nd")
CLASSES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
          "lipca", "sierpnia", "września", "października", "listopada", "grudnia")  # fmt: skip
RECENT = 3  # films in the "Premiery" sidebar


def programme_by_movie(world: World, day: dt.date) -> str:
    """The day's programme, film by film; announced films are headings without a showtime."""
    showtimes = world.on(day)
    listed = {world.films[showtime.film_slug] for showtime in showtimes} | set(world.announced())
    films = tuple(sorted(listed, key=lambda film: film.title))
    table = _films_table(films, showtimes, _cinema_names(world), day) if showtimes else _no_programme(day)
    return _page(world, day, "Repertuar kin w Krakowie", table)


def programme_by_hour(world: World, day: dt.date) -> str:
    """The day's programme, hour by hour: what starts after midnight stands last; there are no ticket links."""
    options = "".join(
        f'<option {"selected " if other == day else ""}value="{other:%m-%d}">{_long_date(other)}</option>\n'
        for other in world.days
    )
    chooser = f'<form action="/cinema_program/by_hour"><select id="day_select" name="day">\n{options}</select></form>\n'
    showtimes = world.on(day)
    titles = tuple((world.films[showtime.film_slug].listed_slug, world.films[showtime.film_slug].title)
                   for showtime in showtimes)  # fmt: skip
    table = _hours_table(showtimes, titles, _cinema_names(world), day) if showtimes else _no_programme(day)
    return _page(world, day, "Repertuar kin w Krakowie według godzin", chooser + table)


def film_page(world: World, film: Film, day: dt.date) -> str:
    """A film's own page: what is known of it, and where it plays on the session's day."""
    facts = [
        _fact("Tytuł oryginalny:", film.original_title),
        _fact("Czas trwania:", f"{film.runtime} min." if film.runtime else None),
        _fact("Produkcja:", ", ".join(filter(None, [" / ".join(film.countries), str(film.year or "")]))),
        _fact("Gatunek:", *film.genres, linked="gatunek"),
        # The real page breaks the lines here, inside the label and around the value.
        f"<p><strong>\n  Premiera:\n</strong>\n  {_premiere(film.premiere)}\n</p>\n" if film.premiere else "",
        _fact("Dystrybutor filmu:", film.distributor),
        _fact("Reżyseria:", *film.directors, linked="osoba"),
        _fact("Obsada:", *film.cast, linked="osoba"),
    ]
    shown = [showtime for showtime in world.on(day) if showtime.film_slug == film.slug]
    names = dict(_cinema_names(world))
    rows = "".join(
        f'<tr><td class="cinema"><a href="/{cinema}">{escape(names[cinema])}</a></td>\n'
        f'<td class="showtime">{"".join(_film_hour(showtime) for showtime in group)}</td></tr>\n'
        for cinema, group in groupby(_by_cinema(shown, names), key=lambda showtime: showtime.cinema_slug)
    )
    programme = (
        f'<table class="showtimes repert"><tbody>\n<tr><th class="date" colspan="2">{_long_date(day)}</th></tr>\n'
        f"{rows}</tbody></table>\n"
        if shown
        else f"<p>Brak repertuaru dla filmu {escape(film.title)} na dziś</p>\n"
    )
    return _page(world, day, film.title, f'<div class="film-details">\n{"".join(facts)}</div>\n{programme}')


def front_page(world: World) -> str:
    """The front page: the cinemas with their phones, and nothing of where they are."""
    rows = "".join(
        f'<li><a href="/{cinema.slug}">{escape(cinema.name)}</a> tel. {cinema.phone}</li>\n'
        for cinema in world.cinemas.values()
    )
    return _page(world, world.today, "Kina w Krakowie", f'<ul class="cinemas">\n{rows}</ul>\n')


def cinema_page(world: World, cinema: Cinema) -> str:
    """A cinema's page, which doesn't say where the cinema is either."""
    return _page(world, world.today, cinema.name, f"<p>{escape(cinema.name)}, Kraków, tel. {cinema.phone}</p>\n")


def not_found(world: World) -> str:
    return _page(world, world.today, "Nie ma takiej strony", "<p>Strony nie znaleziono.</p>\n")


def films_index(world: World) -> str:
    """`/film/actual.js`, JSON."""
    films = enumerate(world.films.values(), start=1)
    return json.dumps(
        {number: {"slug": film.slug, "title": film.title, "runtime": film.runtime} for number, film in films}
    )


def cinemas_index(world: World) -> str:
    """`/kino/index.js`, JSON."""
    return json.dumps({slug: {"name": cinema.name, "phone": cinema.phone} for slug, cinema in world.cinemas.items()})


@lru_cache(maxsize=64)
def _films_table(
    films: tuple[Film, ...], showtimes: tuple[Showtime, ...], cinemas: tuple[tuple[str, str], ...], day: dt.date
) -> str:
    names = dict(cinemas)
    by_film: dict[str, list[Showtime]] = {film.slug: [] for film in films}
    for showtime in showtimes:
        by_film[showtime.film_slug].append(showtime)
    rows = [f'<tr><th class="date" colspan="2">{_long_date(day)}</th></tr>\n']
    for film in films:
        rows.append(f'<tr><th class="film" colspan="2">{_film_link(film.listed_slug, film.title)}</th></tr>\n')
        shown = _by_cinema(by_film[film.slug], names)
        for cinema, group in groupby(shown, key=lambda showtime: showtime.cinema_slug):
            hours = "\n".join(_hour(showtime) for showtime in group)
            rows.append(
                f'<tr><td class="cinema_film"><a href="/{cinema}">{escape(names[cinema])}</a></td>\n'
                f'<td class="hours">{hours}</td></tr>\n'
            )
    return f'<table class="showtimes repert"><tbody>\n{"".join(rows)}</tbody></table>\n'


@lru_cache(maxsize=64)
def _hours_table(
    showtimes: tuple[Showtime, ...], titles: tuple[tuple[str, str], ...], cinemas: tuple[tuple[str, str], ...],
    day: dt.date,
) -> str:  # fmt: skip
    names = dict(cinemas)
    rows = [f'<tr><th class="date" colspan="2">{_long_date(day)}</th></tr>\n']
    paired = zip(showtimes, titles, strict=True)
    for starts_at, group in groupby(paired, key=lambda pair: pair[0].starts_at):
        # Both ways of writing a time are on record, so both are served.
        time = f"{starts_at:%H.%M}" if starts_at.hour % 2 else f"{starts_at:%H:%M}"
        rows.append(f'<tr><td colspan="2"><h3>{time} <small>{_long_date(day)}</small></h3></td></tr>\n')
        rows.extend(
            f'<tr><td class="cinema"><a href="/{showtime.cinema_slug}">{escape(names[showtime.cinema_slug])}</a></td>'
            f"<td>{_film_link(*title)}</td></tr>\n"
            for showtime, title in group
        )
    return f'<table class="showtimes repert"><tbody>\n{"".join(rows)}</tbody></table>\n'


def _page(world: World, day: dt.date, title: str, content: str) -> str:
    recent = [film for film in world.films.values() if film.premiere][:RECENT]
    return f"""<!DOCTYPE html>
<html lang="pl">
<head>
<meta charset="utf-8">
<title>{escape(title)} - kino.krakow.pl</title>
<meta name="csrf-param" content="authenticity_token">
<meta name="csrf-token" content="{TOKEN}">
</head>
<body>
<div id="menu"><a href="/">Kina</a> <a href="/cinema_program/by_movie">Filmy</a>
<a href="/cinema_program/by_hour">Godziny</a></div>
<div id="content">
<h1>{escape(title)}</h1>
{_calendar(world, day)}{content}</div>
<div id="sidebar">
{_sidebar("Premiery", recent)}{_sidebar("Zapowiedzi", world.announced())}</div>
<div id="footer">kino.krakow.pl, wersja pokazowa</div>
</body>
</html>
"""


def _calendar(world: World, day: dt.date) -> str:
    cells = "\n".join(
        f'<td class="{"active " if other == day else ""}{CLASSES[other.weekday()]}">'
        f'<a data-method="post" href="/settings/set_day/{offset}">'
        f"{SHORT_WEEKDAYS[other.weekday()]}<br> {other.day} {other.month}</a></td>"
        for offset, other in enumerate(world.days)
    )
    return f'<table class="calendar"><tr><th colspan="8">Wybierz dzień</th></tr><tr>\n{cells}</tr></table>\n'


def _sidebar(heading: str, films: Iterable[Film]) -> str:
    items = "".join(f"<li>{_film_link(film.listed_slug, film.title)}</li>\n" for film in films)
    return f'<div class="box"><h4>{heading}</h4>\n<ul>\n{items}</ul></div>\n'


def _film_link(listed_slug: str, title: str) -> str:
    return f'<a class="preview-link film" href="/film/{listed_slug}.html">{escape(title)}</a>'


def _hour(showtime: Showtime) -> str:
    ticket = f' <a class="buy_ticket" href="{escape(showtime.ticket)}">kup bilet</a>' if showtime.ticket else ""
    return (
        f'<span class="hour"><a href="/cinema_program/by_cinema/{showtime.cinema_slug}">'
        f"{showtime.starts_at:%H:%M}</a>{ticket}</span>"
    )


def _film_hour(showtime: Showtime) -> str:
    time = f"{showtime.starts_at:%H:%M}"
    if not showtime.ticket:
        return f'<span class="hour">{time}</span> '
    link = f'class="buy_ticket" data-showtime-id="{_ticket_number(showtime.ticket)}" href="{escape(showtime.ticket)}"'
    return f'<span class="hour"><a {link}>{time}</a></span> '


def _ticket_number(ticket: str) -> str:
    return escape(ticket.rsplit("/", 1)[-1])


def _fact(label: str, *values: str | None, linked: str | None = None) -> str:
    known = [value for value in values if value]
    if not known:
        return ""
    texts = [f'<a href="/{linked}/{slugify(text)}">{escape(text)}</a>' if linked else escape(text) for text in known]
    return f"<p><strong>{label}</strong> {', '.join(texts)}</p>\n"


def _by_cinema(showtimes: Iterable[Showtime], names: dict[str, str]) -> list[Showtime]:
    return sorted(showtimes, key=lambda showtime: (names[showtime.cinema_slug], showtime.starts_at))


def _cinema_names(world: World) -> tuple[tuple[str, str], ...]:
    return tuple((cinema.slug, cinema.name) for cinema in world.cinemas.values())


def _no_programme(day: dt.date) -> str:
    return f'<p class="empty">Brak repertuaru na dzień {_long_date(day)}</p>\n'


def _long_date(date: dt.date) -> str:
    return f"{WEEKDAYS[date.weekday()]}, {date.day} {MONTHS[date.month - 1]}"


def _premiere(date: dt.date) -> str:
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"
