"""Another source's screenings, as a cinema would publish them itself: most are the site's, two are only its own."""

from __future__ import annotations

import datetime as dt
import json
from zoneinfo import ZoneInfo

from scraper.demo.world import World

NAME, CINEMA = "kijow", "kijow"
KRAKOW = ZoneInfo("Europe/Warsaw")


def lines(world: World) -> str:
    """JSON lines of schema.org's ScreeningEvent: the cinema's showtimes of tomorrow and the day after."""
    cinema = world.cinemas[CINEMA]
    found = []
    for day in world.days[1:3]:
        for number, showtime in enumerate(row for row in world.on(day) if row.cinema_slug == CINEMA):
            title = world.films[showtime.film_slug].title + (" (napisy)" if number % 2 else "")
            found.append((f"{showtime.film_slug}-{showtime.starts_at:%d%H%M}", title, showtime.starts_at))
        found.append((f"own-{day}", "Poranek dla seniorów: Rejs", dt.datetime.combine(day, dt.time(10, 15))))
    return "".join(
        json.dumps(
            {
                "@context": "https://schema.org",
                "@type": "ScreeningEvent",
                "identifier": identifier,
                "workPresented": {"@type": "Movie", "name": title},
                "startDate": starts_at.replace(tzinfo=KRAKOW).isoformat(),
                "location": {"@type": "MovieTheater", "name": cinema.name, "address": "Kraków"},
                "url": f"https://kino-kijow.example/{identifier}",
            },
            ensure_ascii=False,
        )
        + "\n"
        for identifier, title, starts_at in found
    )
