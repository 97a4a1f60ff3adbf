"""What the program decides by itself: what came of asking TMDB about a listed film, recorded.

≥ 70 % matched; 60-69 % provisional when TMDB lists the film as now playing in Poland; otherwise 50-69 %
waits for a person; < 50 % unmatched. "Could not be asked" is none of these and leaves the film pending.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection

from django.db.models import F, Q

from events import publishing
from events.models import ListedFilm, Movie
from review.automatic import now_playing
from review.automatic.movies import store_movie
from review.matching import search
from review.matching.score import Scored
from review.matching.weights import MATCHED, PROVISIONAL, REVIEW
from review.models import MatchCandidate

logger = logging.getLogger(__name__)

SHOWN = 5  # candidates kept for a reviewer
ASK_AGAIN_DAYS = (1, 2, 4, 7, 14)  # until TMDB is asked again about a film it does not have
SAID_MISSING = ASK_AGAIN_DAYS.index(7)  # where that begins when a person, who looked too, says so

# A decision stands when other facts change; these say which film it is.
REOPENING = frozenset({"original_title", "year", "directors"})

Match = ListedFilm.Match
State = MatchCandidate.State


def record(film: ListedFilm, proposal: search.Proposal, *, at: dt.datetime) -> str:
    """Write a proposal down and publish what it settles, in the caller's transaction; returns the status.

    A pair that a person rejected is left out. Of a film that a person decided on only the candidates are kept.
    """
    asked_about, film = film.facts(), ListedFilm.objects.select_for_update(no_key=True).get(pk=film.pk)
    if film.facts() != asked_about:  # the page has said something else since: that is asked about anew
        return film.match_status
    rejected = set(film.candidates.filter(state=State.REJECTED).values_list("tmdb_id", flat=True))
    offered = [scored for scored in proposal.scored if scored.candidate.tmdb_id not in rejected]
    best = offered[0] if offered else None
    _store_candidates(film, offered[:SHOWN], at)
    if film.decided_at is not None:
        return _record_decided(film, best, at)
    status = band(best, proposal, at=at)
    if film.movie is not None and status != Match.MATCHED:
        status = _keep_match(film, film.movie, best, at)
    else:
        movie = store_movie(best.candidate, at=at) if best and status in ListedFilm.LINKED else None
        publishing.link(film, movie, status, at=at, score=best.score if best else None)
    asks = film.match_asks + 1 if status == Match.UNMATCHED else 0
    due = ask_again(asks, at) if asks else None
    ListedFilm.objects.filter(pk=film.pk).update(match_asks=asks, match_due_at=due, match_error="")
    logger.info("%s: %s, %.0f %%", film.slug, status, best.score if best else 0)
    return status


def _keep_match(film: ListedFilm, movie: Movie, best: Scored | None, at: dt.datetime) -> str:
    """A match stands, with its events, until TMDB gives another that is sure or a person says so.

    When another movie has become likelier, though not sure, a person is asked to confirm it.
    """
    same = best is not None and best.candidate.tmdb_id == movie.tmdb_id
    doubtful = best is not None and best.score >= REVIEW and not same
    status = Match.PROVISIONAL if doubtful or film.match_status not in ListedFilm.LINKED else film.match_status
    publishing.link(film, movie, status, at=at, score=best.score if best and same else film.score)
    return status


def ask_again(asks: int, at: dt.datetime) -> dt.datetime:
    """When TMDB is asked again about a film that it did not have so many times (from 1)."""
    return at + dt.timedelta(days=ASK_AGAIN_DAYS[min(asks, len(ASK_AGAIN_DAYS)) - 1])


def _store_candidates(film: ListedFilm, offered: list[Scored], at: dt.datetime) -> None:
    film.candidates.filter(state=State.OPEN).delete()
    MatchCandidate.objects.bulk_create(
        [candidate_row(film, scored, rank, at) for rank, scored in enumerate(offered, start=1)],
        update_conflicts=True,  # with the accepted one
        unique_fields=["film", "tmdb_id"],
        update_fields=["rank", "score", "facts", "reasons", "lift", "asked_at"],
    )


def candidate_row(film: ListedFilm, scored: Scored, rank: int, at: dt.datetime) -> MatchCandidate:
    return MatchCandidate(
        film=film,
        tmdb_id=scored.candidate.tmdb_id,
        rank=rank,
        score=scored.score,
        facts=scored.candidate.as_dict(),
        reasons=[reason.as_dict() for reason in scored.reasons],
        lift=scored.lift or "",
        asked_at=at,
    )


def _record_decided(film: ListedFilm, best: Scored | None, at: dt.datetime) -> str:
    """The decision stands. One that TMDB had no such film is a question again when TMDB has one after all."""
    missing = film.match_status == Match.NOT_ON_TMDB
    found = missing and best is not None and best.score >= REVIEW
    asks = film.match_asks + 1 if missing and not found else 0
    ListedFilm.objects.filter(pk=film.pk).update(
        reopened_at=film.reopened_at or (at if found else None),
        revision=F("revision") + 1,
        match_asks=asks,
        match_due_at=ask_again(asks, at) if asks else None,
        match_error="",
    )
    return film.match_status


def band(best: Scored | None, proposal: search.Proposal, *, at: dt.datetime) -> str:
    """Which status a proposal means."""
    if best is None or best.score < REVIEW:
        return Match.REVIEW if proposal.not_a_film else Match.UNMATCHED
    if best.score >= MATCHED:
        return Match.MATCHED
    if best.score >= PROVISIONAL and now_playing.listed(best.candidate.tmdb_id, at):
        return Match.PROVISIONAL
    return Match.REVIEW


def reconsider(film: ListedFilm, changed: Collection[str], *, at: dt.datetime) -> None:
    """The site says something else about the film than before: ask again at once. A match, and its events, stand.

    What a person decided stands, and is asked about again only if a fact changed that says which film it is.
    """
    row = ListedFilm.objects.filter(pk=film.pk)
    row.update(revision=F("revision") + 1, deferred_at=None, deferred_until=None)
    if film.decided_at is None and film.movie_id is not None:
        row.update(match_due_at=at)
    elif film.decided_at is None:
        row.update(match_status=Match.PENDING, match_due_at=None)
    elif not REOPENING.isdisjoint(changed):
        row.update(reopened_at=at, match_due_at=at)


def start_over(film: ListedFilm, *, at: dt.datetime) -> None:
    """What was found and decided was of another film, with which this one shared a row: ask as for a new one."""
    film.candidates.all().delete()
    ListedFilm.objects.filter(pk=film.pk).update(
        decided_at=None, reopened_at=None, deferred_at=None, deferred_until=None
    )
    film.parts.clear()
    publishing.link(film, None, Match.PENDING, at=at, score=None)
    ListedFilm.objects.filter(pk=film.pk).update(match_asked_at=None, match_due_at=None, match_asks=0, match_error="")


def could_not_ask(film: ListedFilm, error: str, *, again_at: dt.datetime) -> None:
    """TMDB gave no answer: that says nothing about the film, which stays as it was and is asked about again."""
    waiting = Q(match_status__in=ListedFilm.ASKED_AGAIN, decided_at__isnull=True) | Q(match_due_at__isnull=False)
    ListedFilm.objects.filter(waiting, pk=film.pk).update(match_error=error, match_due_at=again_at)
