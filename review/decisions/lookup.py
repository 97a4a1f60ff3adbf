"""TMDB asked by a person: by words and year, or by an id or a link. Outside transactions, and never for long."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from events.models import ListedFilm
from kinokrakow import http
from review import automatic
from review.matching.candidates import Candidate
from review.matching.score import Scored, judge
from review.tmdb import Tmdb

SHOWN, MANY = 5, 15  # of what a search finds; on request
LONGEST_WAIT = 5.0  # s for one answer
PATIENCE = 3.0  # s at TMDB's gate: somebody is waiting
_TMDB = re.compile(r"(?:https?://)?(?:www\.)?themoviedb\.org/(?:[a-z]{2}(?:-[A-Z]{2})?/)?movie/(\d{1,12})(?:[-/?#].*)?")
_IMDB = re.compile(r"(?:(?:https?://)?(?:www\.|m\.)?imdb\.com/(?:[a-z]{2}/)?title/)?(tt\d{7,10})(?:[/?#].*)?")


class NoAnswer(Exception):
    """TMDB could not be asked, which says nothing about the film."""


class NotAReference(ValueError):
    """Neither an id nor a link of TMDB or IMDb."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a film is: its TMDB id, or else its IMDb id."""

    tmdb_id: int | None = None
    imdb_id: str = ""


def reference(text: str) -> Reference:
    """`346`, `tt0047478`, or a link to either site's page of the film; raises `NotAReference`."""
    text = text.strip()
    if text.isascii() and text.isdecimal() and len(text) <= 12:
        return Reference(tmdb_id=int(text))
    if found := _TMDB.fullmatch(text):
        return Reference(tmdb_id=int(found[1]))
    if found := _IMDB.fullmatch(text):
        return Reference(imdb_id=found[1])
    raise NotAReference(text)


def search(film: ListedFilm, words: str, year: int | None, *, today: dt.date, most: int = SHOWN) -> tuple[Scored, ...]:
    """What TMDB finds, the likeliest first, with all that it knows of them; raises `NoAnswer`."""
    with _asking() as tmdb:
        likeliest = judge(film.facts(), tmdb.search(words, year).films, today=today)[:most]
        known = [tmdb.details(one.candidate.tmdb_id) for one in likeliest]
    return judge(film.facts(), [one for one in known if one], today=today)


def look_at(film: ListedFilm, text: str, *, today: dt.date) -> tuple[Scored, ...]:
    """The one film that an id or link names, judged; empty when there is none; raises `NoAnswer`, `NotAReference`."""
    return judge(film.facts(), fetch([reference(text)]), today=today)


def fetch(references: Iterable[Reference]) -> list[Candidate]:
    """The films that are at these places and exist, with all that TMDB knows of them; raises `NoAnswer`."""
    with _asking() as tmdb:
        return [film for place in references if (film := _fetch(tmdb, place))]


def _fetch(tmdb: Tmdb, place: Reference) -> Candidate | None:
    tmdb_id = place.tmdb_id
    if place.imdb_id:
        by_imdb = tmdb.find_by_imdb(place.imdb_id)
        tmdb_id = by_imdb.tmdb_id if by_imdb else None
    return tmdb.details(tmdb_id) if tmdb_id else None


@contextmanager
def _asking() -> Iterator[Tmdb]:
    if not automatic.configured():
        raise NoAnswer(_("TMDB_TOKEN is not set"))
    try:
        service = automatic.service()
        quick = replace(service, timeout=min(service.timeout, LONGEST_WAIT))
        with http.Session(quick, patience=PATIENCE, tries=2) as session:
            yield Tmdb(session)
    except (http.HttpError, http.NotYet) as error:
        raise NoAnswer(str(error)) from error
