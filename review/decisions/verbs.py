"""What a person can say of a listed film. Every verb is one transaction with all of its effects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from review.automatic.recording import SAID_MISSING, ask_again
from review.decisions.draft import (
    NOT_ASKED,
    NOT_DEFERRED,
    Draft,
    Match,
    NotOffered,
    Stale,
    State,
    Submission,
    Verb,
    close_candidates,
)
from review.matching.candidates import Candidate
from review.models import Decision


def accept(submitted: Submission, tmdb_id: int) -> Decision:
    """It is this one of the offered candidates; raises `NotOffered`."""
    with transaction.atomic():
        draft = Draft(submitted)
        chosen = _offered(draft, tmdb_id)
        return draft.close(Verb.ACCEPT, Match.MATCHED, [chosen])


def accept_other(submitted: Submission, candidate: Candidate) -> Decision:
    """It is a film that was not offered, or was rejected before."""
    with transaction.atomic():
        return Draft(submitted).close(Verb.ACCEPT, Match.MATCHED, [candidate])


def several_films(submitted: Submission, candidates: Sequence[Candidate]) -> Decision:
    """It is a programme of these films, published under its own title; at least two."""
    if len({candidate.tmdb_id for candidate in candidates}) < 2:
        raise ValueError("several films are at least two")
    with transaction.atomic():
        return Draft(submitted).close(Verb.SEVERAL_FILMS, Match.SEVERAL_FILMS, candidates)


def not_on_tmdb(submitted: Submission) -> Decision:
    """A film that TMDB lacks: published as the site describes it; TMDB is asked again later."""
    with transaction.atomic():
        return Draft(submitted).close(Verb.NOT_ON_TMDB, Match.NOT_ON_TMDB, [], **_missing(submitted.at))


def not_a_film(submitted: Submission) -> Decision:
    """A play, an opera, a concert: published as a special event."""
    with transaction.atomic():
        return Draft(submitted).close(Verb.NOT_A_FILM, Match.NOT_A_FILM, [])


def confirm(submitted: Submission) -> Decision:
    """What stands is right: a match of the program's, or an earlier decision that changed facts put in question."""
    with transaction.atomic():
        draft = Draft(submitted)
        film = draft.film
        if film.movie is None and film.decided_at is None:
            raise Stale(film, None)
        stands = [film.movie] if film.movie else list(film.parts.order_by("pk"))
        close_candidates(film, [movie.tmdb_id for movie in stands])
        missing = film.match_status == Match.NOT_ON_TMDB
        return draft.write(
            Verb.CONFIRM,
            tmdb_ids=[movie.tmdb_id for movie in stands],
            match_status=Match.MATCHED if film.movie else film.match_status,
            decided_at=submitted.at,
            reopened_at=None,
            **(_missing(submitted.at) if missing else NOT_ASKED),
            **NOT_DEFERRED,
        )


def defer(submitted: Submission, until: dt.datetime | None, reason: str) -> Decision:
    """Not now: out of sight until then, or (None) until the facts change. Decides nothing else."""
    with transaction.atomic():
        return Draft(submitted).write(Verb.DEFER, note=reason, deferred_at=submitted.at, deferred_until=until)


def _missing(at: dt.datetime) -> dict[str, Any]:
    """When TMDB is asked about a film of which a person said that it has none; then ever more seldom."""
    asks = SAID_MISSING + 1
    return {"match_asks": asks, "match_due_at": ask_again(asks, at)}


def _offered(draft: Draft, tmdb_id: int) -> Candidate:
    for row in draft.candidates:
        if row.tmdb_id == tmdb_id and row.state != State.REJECTED and row.facts.get("detailed"):
            return Candidate.from_dict(row.facts)
    raise NotOffered(draft.film, None)
