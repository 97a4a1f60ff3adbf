"""What a source claims, before it meets a row: frozen, plain, standard library only.

Every string is stripped text as the page had it (hostile until escaped by a template); ``None`` or an
empty tuple means that the page did not say. Times are local wall times of Kraków, without a zone:
`processing` makes them aware when it stores them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote

CANCELLED = "said to be cancelled"  # the reason of an hour that is no showtime
LONGEST_NAME = 500  # letters of a title or a name; the rest is no name
_UUID_SUFFIX = re.compile(r"-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One cell of the site's calendar: what `/settings/set_day/{offset}` would select."""

    offset: int
    date: dt.date
    active: bool


class ListedShowtime(NamedTuple):  # a day has thousands: made thrice as fast as a frozen dataclass
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
    version: str = ""  # what the row says of this showing besides its time: "2D napisy", "dubbing", "IMAX"


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row of a programme page that could not be understood.

    `film_slug` is the film that it stands under; empty when that is not known either (its heading could not be
    understood), and then nothing of the whole page is taken for withdrawn.
    """

    place: str
    text: str
    reason: str
    film_slug: str = ""

    @property
    def is_cancelled(self) -> bool:
        """Whether it is understood all the same: a showing that doesn't take place, so that its absence is believed."""
        return self.reason == CANCELLED


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme page, already verified to speak of one date.

    `date` is the date that was asked for: at least one of the page's statements names it and none names another.
    `statements` holds the text of each place that named it ({"date header": "piątek, 27 listopada"}).
    `empty` is true only when the programme's own place says so ("Brak repertuaru"); `showtimes` is then ().
    `unread` are rows that were not understood, and showings that are cancelled. `whole` is false when the page's end
    is missing, so that what it lacks says nothing.
    """

    date: dt.date
    empty: bool
    showtimes: tuple[ListedShowtime, ...]
    statements: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[UnreadRow, ...] = ()
    whole: bool = True


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
    poster_url: str | None = None  # the site's own picture of it


def film_path(slug: str) -> str:
    """Where the site has its page about a film."""
    return f"/film/{quote(slug)}.html"


def plain_slug(slug: str) -> str:
    """A film's address without the UUID that the site puts behind a name that another film has already."""
    return _UUID_SUFFIX.sub("", slug) or slug
