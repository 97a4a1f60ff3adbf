"""TMDB asked about a listed film, with the time and the tries that it is worth."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from events.models import ListedFilm
from kinokrakow import http
from review.matching import search
from review.tmdb import Tmdb

TIMEOUT = 5.0  # s for one answer of TMDB's, which takes a tenth of one
TRIES = 2  # of one request: fewer than open the breaker, so that one film's bad answer doesn't
FILM_DEADLINE = 45.0  # s for all requests about one film


def configured() -> bool:
    return bool(settings.TMDB_TOKEN)


def service() -> http.Service:
    return http.Service(
        name="tmdb",
        base_url=settings.TMDB_BASE_URL,
        interval=settings.TMDB_REQUEST_INTERVAL,
        timeout=min(settings.KINO_TIMEOUT, TIMEOUT),
        headers={"Authorization": f"Bearer {settings.TMDB_TOKEN}", "Accept": "application/json"},
        breaks=True,
    )


def propose(film: ListedFilm, *, today: dt.date, patience: float | None) -> search.Proposal:
    """Ask TMDB; raises `http.HttpError` or `http.NotYet` when it could not be asked. Outside transactions."""
    with http.Session(service(), patience=patience, tries=TRIES, deadline=FILM_DEADLINE) as session:
        return search.find(film.facts(), Tmdb(session), today=today)
