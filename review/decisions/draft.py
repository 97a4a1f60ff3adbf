"""One decision in the making: the film's row held, changed only if it is as it was shown, and the record kept.

A decision is given the film's `revision` as the page showed it. It wins by one conditional update; who comes second,
or decides on facts that have changed since, gets `Stale` and has changed nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Case, F, Value, When
from django.utils import timezone

from events import publishing
from events.models import ListedFilm
from review.automatic.movies import store_movie
from review.automatic.recording import candidate_row
from review.decisions import snapshot
from review.matching import score as matching
from review.matching.candidates import Candidate
from review.models import Decision, MatchCandidate

Match = ListedFilm.Match
State = MatchCandidate.State
Verb = Decision.Verb

#: What a decision ends besides.
NOT_DEFERRED: dict[str, Any] = {"deferred_at": None, "deferred_until": None}
NOT_ASKED: dict[str, Any] = {"match_asks": 0, "match_due_at": None}


class Stale(Exception):
    """The question is no longer the one that was answered. `decision`: the latest thing said since, if any was."""

    def __init__(self, film: ListedFilm, decision: Decision | None) -> None:
        super().__init__(f"{film.slug} has changed")
        self.film = film
        self.decision = decision


class NotOffered(Stale):
    """What was accepted is not among what is offered, or only its search result is known: ask TMDB about it first."""


@dataclass(frozen=True, slots=True)
class Submission:
    """Whose decision it is, when and where it was made, and the film as it was shown."""

    film: int
    revision: int
    by: AbstractBaseUser
    at: dt.datetime
    origin: str = Decision.Origin.QUEUE
    group: uuid.UUID | None = None  # shared by what is decided as one


class Draft:
    """One decision in the making. The film's row is held, and `write` changes it only if it is as it was shown.

    Raises `ListedFilm.DoesNotExist`.
    """

    def __init__(self, submitted: Submission) -> None:
        self.submitted = submitted
        self.film = (
            ListedFilm.objects.select_for_update(of=("self",), no_key=True)
            .select_related("movie")
            .get(pk=submitted.film)
        )
        if self.film.revision != submitted.revision:
            raise self._stale()
        self.candidates = list(self.film.candidates.order_by("rank", "pk"))
        self.before = snapshot.take(self.film, self.candidates)

    def _stale(self) -> Stale:
        since = self.film.decisions.standing().filter(revision__gte=self.submitted.revision)
        return Stale(self.film, since.select_related("by").first())

    def close(self, verb: str, status: str, chosen: Sequence[Candidate], **asking: Any) -> Decision:
        """Close the question with the films that it is; `asking`: when TMDB is asked again, if it is."""
        film, at = self.film, self.submitted.at
        stored = {it.tmdb_id: store_movie(it, at=at) for it in sorted(chosen, key=lambda it: it.tmdb_id)}
        movies = [stored[candidate.tmdb_id] for candidate in chosen]
        scores = self._close_candidates(chosen)
        if Match.SEVERAL_FILMS in (status, film.match_status):  # nothing else has parts
            film.parts.set(movies if status == Match.SEVERAL_FILMS else [])
        one = movies[0] if status == Match.MATCHED else None
        return self.write(
            verb,
            tmdb_ids=[movie.tmdb_id for movie in movies],
            match_status=status,
            movie=one,
            score=scores.get(one.tmdb_id) if one else None,
            decided_at=at,
            reopened_at=None,
            **{**NOT_ASKED, **asking, **NOT_DEFERRED},
        )

    def write(self, verb: str, *, tmdb_ids: Sequence[int] = (), note: str = "", **changes: Any) -> Decision:
        """Change the film, publish what follows, and keep the record."""
        film, submitted = self.film, self.submitted
        proposed, score = self._proposed()
        row = ListedFilm.objects.filter(pk=film.pk, revision=submitted.revision)
        if row.update(**changes, revision=F("revision") + 1) != 1:
            raise self._stale()
        moved = publishing.publish([film.pk], submitted.at) if verb != Verb.DEFER else 0
        # Of the moved, those to come: as many as the question said, and as an undo would say.
        told = film.showtimes.listed().filter(event__isnull=False, starts_at__gt=submitted.at)
        decision = Decision.objects.create(
            film=film,
            verb=verb,
            origin=submitted.origin,
            group=submitted.group,
            by_id=submitted.by.pk,
            at=submitted.at,
            revision=submitted.revision,
            open_since=film.reopened_at or film.match_asked_at,
            tmdb_ids=list(tmdb_ids),
            note=note,
            proposed=proposed,
            score=score,
            status_before=film.match_status,
            showtimes=told.count() if moved else 0,
            facts=snapshot.facts(film),
            before=self.before,
        )
        log(film, submitted.by, f"{decision.get_verb_display()} {', '.join(map(str, tmdb_ids))} {note}".strip())
        return decision

    def _close_candidates(self, chosen: Sequence[Candidate]) -> dict[int, float]:
        """The chosen are accepted and all others rejected for good; returns the scores by TMDB id."""
        film, at = self.film, self.submitted.at
        rows = {row.tmdb_id: row for row in self.candidates}
        new = [candidate for candidate in chosen if candidate.tmdb_id not in rows]
        judged = matching.judge(film.facts(), new, today=timezone.localdate(at)) if new else ()
        added = [candidate_row(film, one, len(rows) + n, at) for n, one in enumerate(judged, start=1)]
        MatchCandidate.objects.bulk_create(added)
        close_candidates(film, [candidate.tmdb_id for candidate in chosen])
        return {row.tmdb_id: row.score for row in (*rows.values(), *added)}

    def _proposed(self) -> tuple[int | None, float | None]:
        """What stood, or was offered first, before this decision, and its score."""
        if self.film.movie and self.film.decided_at is None:
            return self.film.movie.tmdb_id, self.film.score
        if self.film.decided_at is not None:
            return None, None
        best = min(self.before["candidates"], key=lambda row: row["rank"], default=None)
        return (best["tmdb_id"], best["score"]) if best else (None, None)


def close_candidates(film: ListedFilm, accepted: Sequence[int]) -> None:
    """These are the film, all others are not."""
    state = Case(When(tmdb_id__in=accepted, then=Value(State.ACCEPTED)), default=Value(State.REJECTED))
    film.candidates.update(state=state)


def log(film: ListedFilm, by: AbstractBaseUser, message: str) -> None:
    LogEntry.objects.log_actions(by.pk, [film], CHANGE, message, single_object=True)
