"""TMDB's list of what plays in Poland now: kept, and what it confirms provisionally."""

from __future__ import annotations

import datetime as dt
import logging

from events import publishing
from events.models import ListedFilm
from kinokrakow import http
from review.automatic.movies import store_movie
from review.matching.candidates import Candidate
from review.matching.weights import PROVISIONAL
from review.models import MatchCandidate, NowPlaying
from review.tmdb import Tmdb

logger = logging.getLogger(__name__)

NOW_PLAYING_FOR = dt.timedelta(hours=20)  # TMDB's list changes once a day
NOW_PLAYING_BELIEVED = dt.timedelta(days=7)  # while it can't be read

Match = ListedFilm.Match


def store(tmdb_ids: set[int], *, at: dt.datetime) -> None:
    """Keep TMDB's list, and match provisionally what waited for it: no film's band depends on which was read first.

    What is on it no more stays matched: it still plays here. An empty list is no list, and the last one stands.
    """
    if not tmdb_ids:
        logger.warning("TMDB's now-playing list is empty: the one before stands")
        return
    list(NowPlaying.objects.order_by("tmdb_id").select_for_update())  # one list after the other
    NowPlaying.objects.exclude(tmdb_id__in=tmdb_ids).delete()
    NowPlaying.objects.bulk_create(
        [NowPlaying(tmdb_id=tmdb_id, read_at=at) for tmdb_id in sorted(tmdb_ids)],
        update_conflicts=True,
        unique_fields=["tmdb_id"],
        update_fields=["read_at"],
    )
    waiting = ListedFilm.objects.filter(
        match_status=Match.REVIEW,
        decided_at__isnull=True,
        deferred_at__isnull=True,
        candidates__rank=1,
        candidates__tmdb_id__in=tmdb_ids,
        score__gte=PROVISIONAL,
    )
    # Held, so that somebody who decides at this moment comes before or after, and is not overridden.
    films = list(waiting.select_for_update(of=("self",), no_key=True).order_by("pk"))
    first = MatchCandidate.objects.filter(film__in=films, rank=1, tmdb_id__in=tmdb_ids)
    best = {row.film_id: row for row in first}  # of some another is offered first by now
    movies = {row.tmdb_id: store_movie(Candidate.from_dict(row.facts), at=row.asked_at)
              for row in sorted(best.values(), key=lambda row: row.tmdb_id)}  # fmt: skip
    for film in films:
        if film.pk in best:
            publishing.set_match(film, movies[best[film.pk].tmdb_id], Match.PROVISIONAL, at=at, score=film.score)
    publishing.publish(best.keys(), at)


def ask(session: http.Session) -> set[int]:
    """The films on TMDB's list. Outside transactions."""
    return Tmdb(session).now_playing()


def due(at: dt.datetime) -> bool:
    return not NowPlaying.objects.filter(read_at__gt=at - NOW_PLAYING_FOR).exists()


def listed(tmdb_id: int, at: dt.datetime) -> bool:
    """Whether a film is on the list, as far as that is still believed."""
    return NowPlaying.objects.filter(read_at__gt=at - NOW_PLAYING_BELIEVED, tmdb_id=tmdb_id).exists()
