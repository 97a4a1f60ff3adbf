"""Pure: Cinema City's own programme of its three houses in Kraków, as its site's data service gives it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from scraper.coverage.witnesses.listings.answers import bare, called_off, first, nested, parsed, rows, sheet
from scraper.coverage.witnesses.listings.reading import link, minutes, moment, text, title
from scraper.coverage.witnesses.listings.records import Ask, Failure, Sheet, Start, Unreadable

HOUSES = {
    "1090": "Cinema City Bonarka",
    "1076": "Cinema City Galeria Kazimierz",
    "1064": "Cinema City Zakopianka",
}
PATH = "/pl/data-api-service/v1/quickbook/10103/film-events/in-cinema/{house}/at-date/{date}?attr=&lang=pl_PL"
TIMES = ("eventdatetime", "datetime", "startdatetime", "start", "startsat", "date")
AHEAD = (0, 1, 2, 4, 6)  # days; those left out were asked for the day before and will be the day after
#: How its attributes are said in Polish listings.
VERSIONS = {
    "2d": "2D", "3d": "3D", "imax": "IMAX", "4dx": "4DX", "screenx": "ScreenX", "vip": "VIP", "dolby-atmos": "Atmos",
    "dubbed": "dubbing", "subbed": "napisy", "voice-over": "lektor", "voiceover": "lektor",
}  # fmt: skip


def asks(today: dt.date) -> tuple[Ask, ...]:
    """Each house, a request a day."""
    days = [today + dt.timedelta(days=ahead) for ahead in AHEAD]
    return tuple(
        Ask(PATH.format(house=house, date=day), (day,), name) for day in days for house, name in HOUSES.items()
    )


def extract(body: str, ask: Ask, url: str = "") -> Sheet:
    """The starts of one house on one day."""
    answer = parsed(body)
    inside = next((one for one in nested(answer) if isinstance(one.get("events"), list | dict)), None)
    if inside is None:
        raise Unreadable(Failure.CHANGED, f"expected body.events, found {body[:80]!r}")
    listed = inside.get("films")
    named = listed.items() if isinstance(listed, dict) else ((None, film) for film in rows(listed))
    films = {of: film for key, film in named if isinstance(film, dict) and (of := bare(text(film.get("id", key))))}
    return sheet(_starts(inside["events"], films, ask), ask.dates, answer)


def _starts(events: Any, films: dict[str, dict[str, Any]], ask: Ask) -> Iterator[Start | str]:
    house = next((house for house, name in HOUSES.items() if name == ask.cinema), "")
    for event in rows(events):
        if called_off(event):
            continue
        given, said = first(event, *TIMES), text(event.get("cinemaid"))
        at = moment(given)
        if at is None:
            yield f"{ask.cinema}, event {text(event.get('id'))}: no start in {str(given)[:40]!r}"
        elif said and said != house:
            yield f"{ask.cinema}, event {text(event.get('id'))}: of another house ({said})"
        else:
            film = films.get(bare(text(event.get("filmid")))) or event.get("film")
            film = film if isinstance(film, dict) else {}
            names = [*_names(film.get("attributeids")), *_names(event.get("attributeids"))]
            version = " ".join(dict.fromkeys(VERSIONS[name] for name in names if name in VERSIONS))
            ticket = link(event.get("bookinglink"))
            url, runtime = ticket or link(film.get("link")), minutes(film.get("length"))
            yield Start(ask.cinema, at, title(film.get("name")), url, version, runtime, is_ticket=bool(ticket))


def _names(value: Any) -> list[str]:
    values = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else ()
    return [text(name).lower() for name in values]
