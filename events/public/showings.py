"""A showing as anybody may see it, with its film and its cinema; and how they are made of our rows."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from events.models import Cinema, ListedFilm, Movie
from events.titles import versions

IMAGES = f"{settings.TMDB_IMAGE_URL}/t/p/w342"
OWN_SOURCE = (urlsplit(settings.KINO_BASE_URL).hostname or "").removeprefix("www.")
_LINK = re.compile(r"https?://[^\s\x00-\x1f\x7f]+", re.IGNORECASE)
_IMDB = re.compile(r"tt\d{5,12}")
_POSTER = re.compile(r"/[A-Za-z0-9_-]+\.(?:jpg|png|webp)")  # what TMDB's paths look like; anything else is none


@dataclass(frozen=True, slots=True)
class Film:
    """`key` names it in addresses: "tmdb-701387", or the slug of what is no single film of TMDB's. `year`, `tmdb_id`:
    None if unknown. `runtime` in minutes. `image_url` may be empty."""

    key: str
    title: str
    original_title: str = ""
    tmdb_id: int | None = None
    year: int | None = None
    runtime: int | None = None
    image_url: str = ""
    imdb_id: str = ""
    special: bool = False  # a play, a concert, several films: more than one film, or none

    @property
    def poster(self) -> str:
        """The image in the page's size, empty unless it is TMDB's: no other host learns who looks."""
        return self.image_url.replace("/w342/", "/w185/") if self.image_url.startswith(f"{IMAGES}/") else ""

    @property
    def imdb_url(self) -> str:
        return f"https://www.imdb.com/title/{self.imdb_id}/" if self.imdb_id else ""

    @property
    def initial(self) -> str:
        """What stands where a poster is missing."""
        return next((mark.upper() for mark in self.title if mark.isalnum()), "·")


@dataclass(frozen=True, slots=True)
class Venue:
    """Degrees of WGS 84, None where nobody knows. `slug` is empty for a cinema that our own site does not list."""

    slug: str
    name: str
    latitude: float | None
    longitude: float | None


class Showing(NamedTuple):
    """One occurrence, in Kraków's time. `event_id` is None, and `source` another's, for one that is not our own."""

    id: str
    event_id: int | None
    film: Film
    venue: Venue
    starts_at: dt.datetime
    ends_at: dt.datetime
    version: versions.Version
    ticket_url: str
    source_url: str
    source: str = OWN_SOURCE
    filled: tuple[tuple[str, str], ...] = ()  # fields that another listing filled, and which
    same: tuple[str, ...] = ()  # the ids of those that give way to it


def venue(row: Cinema) -> Venue:
    return Venue(row.slug, row.name, row.latitude, row.longitude)


def film_of(listed: ListedFilm, movie: Movie | None) -> Film:
    if movie is None:
        return Film(
            key=listed.slug,
            title=listed.title,
            original_title=listed.original_title,
            year=listed.year,
            runtime=listed.runtime,
            special=listed.match_status in (ListedFilm.Match.NOT_A_FILM, ListedFilm.Match.SEVERAL_FILMS),
        )
    return movie_of(movie)


def movie_of(movie: Movie) -> Film:
    return Film(
        key=f"tmdb-{movie.tmdb_id}",
        title=movie.title,
        original_title=movie.original_title,
        tmdb_id=movie.tmdb_id,
        year=movie.year,
        runtime=movie.runtime,
        imdb_id=movie.imdb_id if _IMDB.fullmatch(movie.imdb_id) else "",
        image_url=IMAGES + movie.poster_path if _POSTER.fullmatch(movie.poster_path) else "",
    )


def link(address: str) -> str:
    """The address if it is one of the web, in one line; whoever stored it has checked too."""
    if address.isascii() and address.isprintable() and address.startswith("https://") and " " not in address:
        return address  # nearly all of them; the pattern takes ten times as long
    return address if _LINK.fullmatch(address) else ""
