"""What a person says of a listed film. Every verb is one transaction with all of its effects, and can be undone.

A verb is given the film's `revision` as the page showed it. It wins by one conditional update; whoever comes second,
or decides on facts that have changed since, gets `Stale` and has changed nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from events import publishing
from events.models import Event, ListedFilm
from review import automatic, snapshot
from review.matching import score as matching
from review.matching.candidates import Candidate
from review.models import Decision, MatchCandidate

Match = ListedFilm.Match
State = MatchCandidate.State
Verb = Decision.Verb


class Stale(Exception):
    """The question is no longer the one that was answered. `decision`: the latest thing said since, if any was."""

    def __init__(self, film: ListedFilm, decision: Decision | None) -> None:
        super().__init__(f"{film.slug} has changed")
        self.film = film
        self.decision = decision


class NotOffered(Stale):
    """What was accepted is not among what is offered, or only its search result is known: ask TMDB about it first."""


class NotUndone(Exception):
    """`decision` was undone before, or `later` was decided on top of it."""

    def __init__(self, decision: Decision, later: Decision | None) -> None:
        super().__init__(f"decision {decision.pk} can't be undone")
        self.decision = decision
        self.later = later


@dataclass(frozen=True, slots=True)
class Submission:
    """Whose decision it is, when and where it was made, and the film as it was shown."""

    film: int
    revision: int
    by: AbstractBaseUser
    at: dt.datetime
    origin: str = Decision.Origin.QUEUE
    group: uuid.UUID | None = None  # shared by what is decided as one


def accept(submitted: Submission, tmdb_id: int) -> Decision:
    """It is this one of the offered candidates; raises `NotOffered`."""
    with transaction.atomic():
        draft = _Draft(submitted)
        chosen = _offered(draft, tmdb_id)
        return draft.close(Verb.ACCEPT, Match.MATCHED, [chosen])


def accept_other(submitted: Submission, candidate: Candidate) -> Decision:
    """It is a film that was not offered, or was rejected before."""
    with transaction.atomic():
        return _Draft(submitted).close(Verb.ACCEPT, Match.MATCHED, [candidate])


def several_films(submitted: Submission, candidates: Sequence[Candidate]) -> Decision:
    """It is a programme of these films, published under its own title; at least two."""
    if len({candidate.tmdb_id for candidate in candidates}) < 2:
        raise ValueError("several films are at least two")
    with transaction.atomic():
        return _Draft(submitted).close(Verb.SEVERAL_FILMS, Match.SEVERAL_FILMS, candidates)


def not_on_tmdb(submitted: Submission) -> Decision:
    """A film that TMDB lacks: published as the site describes it; TMDB is asked again later."""
    with transaction.atomic():
        return _Draft(submitted).close(Verb.NOT_ON_TMDB, Match.NOT_ON_TMDB, [], **_missing(submitted.at))


def not_a_film(submitted: Submission) -> Decision:
    """A play, an opera, a concert: published as a special event."""
    with transaction.atomic():
        return _Draft(submitted).close(Verb.NOT_A_FILM, Match.NOT_A_FILM, [])


def confirm(submitted: Submission) -> Decision:
    """What stands is right: a match of the program's, or an earlier decision that changed facts put in question."""
    with transaction.atomic():
        draft = _Draft(submitted)
        film = draft.film
        if film.movie is None and film.decided_at is None:
            raise Stale(film, None)
        stands = [film.movie] if film.movie else list(film.parts.order_by("pk"))
        _close(film, [movie.tmdb_id for movie in stands])
        missing = film.match_status == Match.NOT_ON_TMDB
        return draft.write(
            Verb.CONFIRM,
            tmdb_ids=[movie.tmdb_id for movie in stands],
            match_status=Match.MATCHED if film.movie else film.match_status,
            decided_at=submitted.at,
            reopened_at=None,
            **(_missing(submitted.at) if missing else _NOT_ASKED),
            **_NOT_DEFERRED,
        )


def defer(submitted: Submission, until: dt.datetime | None, reason: str) -> Decision:
    """Not now: out of sight until then, or (None) until the facts change. Decides nothing else."""
    with transaction.atomic():
        return _Draft(submitted).write(Verb.DEFER, note=reason, deferred_at=submitted.at, deferred_until=until)


def undo(decision_id: int, *, by: AbstractBaseUser, at: dt.datetime) -> Decision:
    """Put back what the decision changed, as it was; only the latest standing decision of a film.

    A deferral changed nothing but itself: what the program has found out since, a match too, stays. After any other
    decision no job changes the film, so that its status, candidates, events and showtimes go back as a whole.
    """
    with transaction.atomic():
        mine = Decision.objects.standing().filter(pk=decision_id)
        if mine.update(undone_at=at, undone_by=by.pk) != 1:
            raise NotUndone(Decision.objects.get(pk=decision_id), None)
        decision = Decision.objects.select_related("film", "by").get(pk=decision_id)
        film = decision.film
        # Whoever decides on the film at this moment holds its row: what comes after this update sees their decision.
        ListedFilm.objects.filter(pk=film.pk).update(revision=F("revision") + 1)
        later = film.decisions.standing().filter(pk__gt=decision.pk).select_related("by").last()
        if later:
            raise NotUndone(decision, later)
        if decision.verb == Verb.DEFER:
            snapshot.restore_deferral(film, decision.before)
        else:
            _restore_question(decision, film, at)
        _log(film, by, f"Undone: {decision.get_verb_display()}")
        return decision


def undo_together(decision_id: int, *, by: AbstractBaseUser, at: dt.datetime) -> list[Decision]:
    """Undo a decision on all listings that it was made on at once, or on none; raises `NotUndone`."""
    with transaction.atomic():
        asked = Decision.objects.get(pk=decision_id)
        rows = list(asked.together().standing().order_by("film").values_list("pk", flat=True)) or [decision_id]
        return [undo(pk, by=by, at=at) for pk in rows]


def _restore_question(decision: Decision, film: ListedFilm, at: dt.datetime) -> None:
    snapshot.restore(film, decision.before)
    publishing.publish([film.pk], at)
    made = Event.objects.filter(Q(film=film) | Q(movie__tmdb_id__in=decision.tmdb_ids), published_at=decision.at)
    made.filter(showtimes__isnull=True).delete()
    film.refresh_from_db()
    changed = snapshot.changed_facts(decision.facts, film)
    if changed:  # what is restored answers to other facts
        automatic.reconsider(film, changed, at=at)


_NOT_DEFERRED: dict[str, Any] = {"deferred_at": None, "deferred_until": None}
_NOT_ASKED: dict[str, Any] = {"match_asks": 0, "match_due_at": None}


def _missing(at: dt.datetime) -> dict[str, Any]:
    """When TMDB is asked about a film of which a person said that it has none; then ever more seldom."""
    asks = automatic.SAID_MISSING + 1
    return {"match_asks": asks, "match_due_at": automatic.ask_again(asks, at)}


class _Draft:
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
        stored = {it.tmdb_id: automatic.store_movie(it, at=at) for it in sorted(chosen, key=lambda it: it.tmdb_id)}
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
            **{**_NOT_ASKED, **asking, **_NOT_DEFERRED},
        )

    def write(self, verb: str, *, tmdb_ids: Sequence[int] = (), note: str = "", **changes: Any) -> Decision:
        """Change the film, publish what follows, and keep the record."""
        film, submitted = self.film, self.submitted
        proposed, score = self._proposed()
        row = ListedFilm.objects.filter(pk=film.pk, revision=submitted.revision)
        if row.update(**changes, revision=F("revision") + 1) != 1:
            raise self._stale()
        showtimes = publishing.publish([film.pk], submitted.at) if verb != Verb.DEFER else 0
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
            showtimes=showtimes,
            facts=snapshot.facts(film),
            before=self.before,
        )
        _log(film, submitted.by, f"{decision.get_verb_display()} {', '.join(map(str, tmdb_ids))} {note}".strip())
        return decision

    def _close_candidates(self, chosen: Sequence[Candidate]) -> dict[int, float]:
        """The chosen are accepted and all others rejected for good; returns the scores by TMDB id."""
        film, at = self.film, self.submitted.at
        rows = {row.tmdb_id: row for row in self.candidates}
        new = [candidate for candidate in chosen if candidate.tmdb_id not in rows]
        judged = matching.judge(film.facts(), new, today=timezone.localdate(at)) if new else ()
        added = [automatic.candidate_row(film, one, len(rows) + n, at) for n, one in enumerate(judged, start=1)]
        MatchCandidate.objects.bulk_create(added)
        _close(film, [candidate.tmdb_id for candidate in chosen])
        return {row.tmdb_id: row.score for row in (*rows.values(), *added)}

    def _proposed(self) -> tuple[int | None, float | None]:
        """What stood, or was offered first, before this decision, and its score."""
        if self.film.movie and self.film.decided_at is None:
            return self.film.movie.tmdb_id, self.film.score
        if self.film.decided_at is not None:
            return None, None
        best = min(self.before["candidates"], key=lambda row: row["rank"], default=None)
        return (best["tmdb_id"], best["score"]) if best else (None, None)


def _offered(draft: _Draft, tmdb_id: int) -> Candidate:
    for row in draft.candidates:
        if row.tmdb_id == tmdb_id and row.state != State.REJECTED and row.facts.get("detailed"):
            return Candidate.from_dict(row.facts)
    raise NotOffered(draft.film, None)


def _close(film: ListedFilm, accepted: Sequence[int]) -> None:
    """These are the film, all others are not."""
    state = Case(When(tmdb_id__in=accepted, then=Value(State.ACCEPTED)), default=Value(State.REJECTED))
    film.candidates.update(state=state)


def _log(film: ListedFilm, by: AbstractBaseUser, message: str) -> None:
    LogEntry.objects.log_actions(by.pk, [film], CHANGE, message, single_object=True)


def standing(films: Iterable[int]) -> dict[int, Decision]:
    """The latest standing decision on each of these films."""
    rows = Decision.objects.standing().filter(film__in=films).select_related("by").order_by("at", "pk")
    return {row.film_id: row for row in rows}
