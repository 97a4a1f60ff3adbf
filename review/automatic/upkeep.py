"""What is done with matches afterwards: movies described anew or dropped, and matches that their facts now contradict.

TMDB's terms let content be kept for six months. A movie that is shown is asked about again every month, so that a
later runtime or poster arrives; of one that is not, only what it is called here stays.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from events import publishing
from events.models import BATCH, Event, ListedFilm, Movie, Showtime, changes
from kinokrakow import http
from review.automatic.movies import store_movie
from review.matching.candidates import Candidate
from review.matching.signals import Listing, Observation, observe
from review.matching.wording import TEXTS
from review.models import Decision, MatchCandidate
from review.tmdb import Tmdb

logger = logging.getLogger(__name__)

REFRESHED_AFTER = dt.timedelta(days=30)
KEPT = dt.timedelta(days=150)  # content of what is no longer shown; TMDB allows six months
AT_A_TIME = 40  # movies described anew by one job

#: What no match should have against it, by signal.
CONTRADICTIONS = (("runtime", "other"), ("director", "other"), ("title", "other_part"))


@dataclass(frozen=True, slots=True)
class Contradicted:
    """An accepted match and what speaks against it now."""

    film: ListedFilm
    against: tuple[Observation, ...]

    @property
    def reasons(self) -> list[str]:
        return [TEXTS[one.signal][one.grade].format(ours=one.ours, theirs=one.theirs) for one in self.against]


def due(at: dt.datetime) -> list[Movie]:
    """Movies that are shown and were described longest ago, over a month."""
    old = Q(asked_at__isnull=True) | Q(asked_at__lt=at - REFRESHED_AFTER)
    shown = Movie.objects.filter(old, pk__in=_shown(at))
    return list(shown.order_by(F("asked_at").asc(nulls_first=True), "pk")[:AT_A_TIME])


def ask(movies: Iterable[Movie], session: http.Session) -> list[Candidate]:
    """What TMDB says of them now; what it no longer has is left out, and one of which it talks nonsense costs no other.
    Outside transactions."""
    tmdb = Tmdb(session)
    found = []
    for movie in movies:
        try:
            told = tmdb.details(movie.tmdb_id)
        except http.Garbled as error:
            logger.warning("movie %d is not described anew: %s", movie.tmdb_id, error)
        else:
            found += [told] if told else []
    return found


def refresh(asked: Iterable[Movie], found: Iterable[Candidate], *, at: dt.datetime) -> int:
    """Store what TMDB said, and call the events after it; returns the events renamed. In the caller's transaction."""
    asked = Movie.objects.filter(pk__in=[movie.pk for movie in asked])
    Movie.objects.filter(pk__in=_held(asked)).update(asked_at=at)
    for candidate in sorted(found, key=lambda candidate: candidate.tmdb_id):
        store_movie(candidate, at=at)
    changes.tell(at)  # posters and runtimes are public, too
    return publishing.rename(Event.objects.filter(movie__in=_shown(at)), at=at)


def purge(at: dt.datetime) -> int:
    """Drop TMDB's content of movies and candidates that nobody shows, before six months; returns how many lost it.

    In a transaction that holds no film, movie or event yet."""
    before = at - KEPT
    past = MatchCandidate.objects.filter(asked_at__lt=before).exclude(film__in=_films_shown(at))
    films = ListedFilm.objects.filter(pk__in=past.values("film")).order_by("pk").select_for_update(no_key=True)
    past = past.filter(film__in=list(films.values_list("pk", flat=True)))  # held before candidates, as by who decides
    forgotten, _ = past.filter(state=MatchCandidate.State.OPEN).delete()
    told = list(past.filter(facts__has_key="overview"))  # accepted or rejected: which film it was stays known
    for row in told:
        row.facts = {key: row.facts.get(key) for key in ("tmdb_id", "title", "year")}
    MatchCandidate.objects.bulk_update(told, ["facts"], batch_size=BATCH)
    old = Movie.objects.filter(Q(asked_at__lt=before) | Q(asked_at__isnull=True)).exclude(pk__in=_shown(at))
    old = old.filter(pk__in=_held(old))
    unused = set(old.filter(events=None, listed=None, listed_within=None).values_list("pk", flat=True))
    dropped, _ = Movie.objects.filter(pk__in=unused - _remembered(unused)).delete()
    emptied = old.exclude(overview="", poster_path="", directors=[]).update(
        overview="", poster_path="", imdb_id="", original_title="", names=[], directors=[], countries=[], runtime=None
    )
    return dropped + emptied + forgotten + len(told)


def _remembered(movies: set[int]) -> set[int]:
    """Those that undoing a decision would bring back. Also of decisions undone: one may be undone at this moment."""
    if not movies:
        return movies
    befores = Decision.objects.order_by().values_list("before", flat=True).iterator()
    return movies.intersection(pk for before in befores for pk in (before["film"]["movie_id"], *before["parts"]))


def _held(movies: QuerySet[Movie]) -> list[int]:
    """Their keys, held until the transaction ends, in the order in which everybody stores movies."""
    return list(movies.order_by("tmdb_id").select_for_update(no_key=True).values_list("pk", flat=True))


def contradicted(at: dt.datetime) -> list[Contradicted]:
    """Matches by the program, of films that play, that the site's facts and the movie's contradict."""
    films = ListedFilm.objects.filter(
        match_status__in=ListedFilm.LINKED, decided_at__isnull=True, movie__isnull=False, pk__in=_films_shown(at)
    )
    found = (Contradicted(film, _against(film, at)) for film in films.select_related("movie").order_by("pk"))
    return [one for one in found if one.against]


def _against(film: ListedFilm, at: dt.datetime) -> tuple[Observation, ...]:
    movie = film.movie
    assert movie is not None
    candidate = Candidate(
        movie.tmdb_id,
        movie.title,
        movie.original_title,
        year=movie.year,
        runtime=movie.runtime,
        directors=tuple(movie.directors),
        detailed=True,
    )
    seen = observe(Listing.of(film.facts(), at.date()), candidate)
    return tuple(one for one in seen if (one.signal, one.grade) in CONTRADICTIONS)


def _films_shown(at: dt.datetime) -> QuerySet[Showtime, int]:
    return Showtime.objects.listed().filter(starts_at__gt=at).order_by().values_list("film", flat=True).distinct()


def _shown(at: dt.datetime) -> QuerySet[ListedFilm, int | None]:
    return ListedFilm.objects.filter(pk__in=_films_shown(at), movie__isnull=False).values_list("movie", flat=True)
