"""What the program decides by itself: ask TMDB about a listed film, and record what came of it.

≥ 70 % matched; 60-69 % provisional when TMDB lists the film as now playing in Poland; otherwise 50-69 %
waits for a person; < 50 % unmatched. "Could not be asked" is none of these and leaves the film pending.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings

from events import processing
from events.models import ListedFilm, Movie
from kinokrakow import http
from review import matching, search
from review.models import MatchCandidate, NowPlaying
from review.tmdb import Tmdb

logger = logging.getLogger(__name__)

SHOWN = 5  # candidates kept for a reviewer
ASK_AGAIN_DAYS = (1, 2, 4, 7, 14)  # until TMDB is asked again about a film it does not have

NOW_PLAYING_FOR = dt.timedelta(hours=20)  # TMDB's list changes once a day

Match = ListedFilm.Match


def configured() -> bool:
    return bool(settings.TMDB_TOKEN)


def service() -> http.Service:
    return http.Service(
        name="tmdb",
        base_url=settings.TMDB_BASE_URL,
        interval=settings.TMDB_REQUEST_INTERVAL,
        timeout=settings.KINO_TIMEOUT,
        headers={"Authorization": f"Bearer {settings.TMDB_TOKEN}", "Accept": "application/json"},
    )


def propose(film: ListedFilm, *, today: dt.date, patience: float | None) -> search.Proposal:
    """Ask TMDB; raises `http.HttpError` or `http.NotYet` when it could not be asked. Outside transactions."""
    with http.Session(service(), patience=patience) as session:
        return search.find(film.facts(), Tmdb(session), today=today)


def record(film: ListedFilm, proposal: search.Proposal, *, at: dt.datetime) -> str:
    """Write a proposal down and publish what it settles, in the caller's transaction; returns the status."""
    best = proposal.scored[0] if proposal.scored else None
    status = band(best, proposal)
    MatchCandidate.objects.filter(film=film).delete()
    MatchCandidate.objects.bulk_create(
        MatchCandidate(
            film=film,
            tmdb_id=scored.candidate.tmdb_id,
            rank=rank,
            score=scored.score,
            facts=scored.candidate.as_dict(),
            reasons=[reason.as_dict() for reason in scored.reasons],
            lift=scored.lift or "",
            asked_at=at,
        )
        for rank, scored in enumerate(proposal.scored[:SHOWN], start=1)
    )
    movie = store_movie(best.candidate) if best and status in ListedFilm.LINKED else None
    processing.link(film, movie, status, at=at, score=best.score if best else None)
    asks = film.match_asks + 1 if status == Match.UNMATCHED else 0
    due = at + dt.timedelta(days=ASK_AGAIN_DAYS[min(asks, len(ASK_AGAIN_DAYS)) - 1]) if asks else None
    ListedFilm.objects.filter(pk=film.pk).update(match_asks=asks, match_due_at=due, match_error="")
    logger.info("%s: %s, %.0f %%", film.slug, status, best.score if best else 0)
    return status


def band(best: matching.Scored | None, proposal: search.Proposal) -> str:
    """Which status a proposal means."""
    if best is None or best.score < matching.REVIEW:
        return Match.REVIEW if proposal.not_a_film else Match.UNMATCHED
    if best.score >= matching.MATCHED:
        return Match.MATCHED
    if best.score >= matching.PROVISIONAL and NowPlaying.objects.filter(tmdb_id=best.candidate.tmdb_id).exists():
        return Match.PROVISIONAL
    return Match.REVIEW


def reconsider(film: ListedFilm) -> None:
    """The site says something else about the film than before: ask again at once; until then its events stand."""
    ListedFilm.objects.filter(pk=film.pk).update(match_status=Match.PENDING, match_due_at=None)


def could_not_ask(film: ListedFilm, error: str, *, again_at: dt.datetime) -> None:
    """TMDB gave no answer: that says nothing about the film, which stays as it was and is asked about again."""
    ListedFilm.objects.filter(pk=film.pk, match_status__in=ListedFilm.ASKED_AGAIN).update(
        match_error=error, match_due_at=again_at
    )


def store_movie(candidate: matching.Candidate) -> Movie:
    movie, _ = Movie.objects.update_or_create(
        tmdb_id=candidate.tmdb_id,
        defaults={
            "imdb_id": candidate.imdb_id or "",
            "title": candidate.title,
            "original_title": candidate.original_title or "",
            "year": candidate.year,
            "runtime": candidate.runtime,
            "directors": list(candidate.directors),
            "countries": list(candidate.countries),
            "overview": candidate.overview or "",
            "poster_path": candidate.poster_path or "",
        },
    )
    return movie


def store_now_playing(tmdb_ids: set[int], *, at: dt.datetime) -> None:
    """Keep TMDB's list, and match provisionally what waited for it: no film's band depends on which was read first."""
    NowPlaying.objects.exclude(tmdb_id__in=tmdb_ids).delete()
    NowPlaying.objects.bulk_create(
        [NowPlaying(tmdb_id=tmdb_id, read_at=at) for tmdb_id in sorted(tmdb_ids)],
        update_conflicts=True,
        unique_fields=["tmdb_id"],
        update_fields=["read_at"],
    )
    for film in ListedFilm.objects.filter(
        match_status=Match.REVIEW, candidates__rank=1, candidates__tmdb_id__in=tmdb_ids, score__gte=matching.PROVISIONAL
    ):
        candidate = matching.Candidate.from_dict(film.candidates.get(rank=1).facts)
        processing.link(film, store_movie(candidate), Match.PROVISIONAL, at=at, score=film.score)


def now_playing_due(at: dt.datetime) -> bool:
    return not NowPlaying.objects.filter(read_at__gt=at - NOW_PLAYING_FOR).exists()
