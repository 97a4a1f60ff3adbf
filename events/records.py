"""What a source claims, before it meets a row: frozen, plain, standard library only.

Every string is stripped text as the page had it (hostile until escaped by a template); ``None`` or an
empty tuple means that the page did not say. Times are local wall times of Kraków, without a zone:
`processing` makes them aware when it stores them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One cell of the site's calendar: what `/settings/set_day/{offset}` would select."""

    offset: int
    date: dt.date
    active: bool


@dataclass(frozen=True, slots=True)
class ListedShowtime:
    """One row of a programme page.

    `external_id` is made once, here at extraction, out of film, cinema and local start, so that both
    kinds of programme page name the same showtime alike. `day` is the programme day the page said;
    `starts_at` (naive, Kraków) may fall on the following date when a time after midnight is listed
    behind the evening's.
    """

    external_id: str
    film_slug: str
    film_title: str
    cinema_slug: str
    cinema_name: str
    day: dt.date
    starts_at: dt.datetime
    ticket_url: str | None


@dataclass(frozen=True, slots=True)
class Programme:
    """A whole programme page, already verified to speak of one date.

    `date` is the date the page itself says (its header, its weekday and its calendar agree).
    `empty` is true only when the page says so in words ("Brak repertuaru"); `showtimes` is then ().
    """

    date: dt.date
    empty: bool
    showtimes: tuple[ListedShowtime, ...]


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What a film's own page says. Any field but `slug` and `title` may be missing (None or ())."""

    slug: str
    title: str
    original_title: str | None = None
    directors: tuple[str, ...] = ()
    year: int | None = None
    countries: tuple[str, ...] = ()
    runtime: int | None = None  # minutes
    cast: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    premiere: dt.date | None = None
    distributor: str | None = None
