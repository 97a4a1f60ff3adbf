"""A listed film's side of a question as plain values, and the way back: what undo restores, field by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from events.models import ListedFilm
from review.models import MatchCandidate

#: What a decision may change of a film. Its facts are not among them: they are the site's.
FILM = (
    "match_status", "movie_id", "score", "match_asked_at", "match_due_at", "match_asks", "match_error",
    "decided_at", "reopened_at", "deferred_at", "deferred_until",
)  # fmt: skip
DEFERRAL = ("deferred_at", "deferred_until")
CANDIDATE = ("id", "tmdb_id", "rank", "score", "facts", "reasons", "lift", "asked_at", "state")
FACTS = (
    "title", "original_title", "directors", "year", "countries", "runtime", "cast", "genres", "premiere", "distributor",
)  # fmt: skip
IDENTITY = ("title", "original_title", "directors", "year", "runtime")


def take(film: ListedFilm, candidates: Iterable[MatchCandidate]) -> dict[str, Any]:
    several = film.match_status == ListedFilm.Match.SEVERAL_FILMS  # nothing else has parts
    return {
        "film": {name: _plain(getattr(film, name)) for name in FILM},
        "parts": list(film.parts.order_by("pk").values_list("pk", flat=True)) if several else [],
        "candidates": [{name: _plain(getattr(row, name)) for name in CANDIDATE} for row in candidates],
    }


def restore(film: ListedFilm, before: dict[str, Any]) -> None:
    """Write a snapshot that came out of JSON back."""
    ListedFilm.objects.filter(pk=film.pk).update(**_read(ListedFilm, before["film"]))
    film.parts.set(before["parts"])
    rows = [MatchCandidate(film=film, **_read(MatchCandidate, row)) for row in before["candidates"]]
    film.candidates.all().delete()
    MatchCandidate.objects.bulk_create(rows)


def restore_deferral(film: ListedFilm, before: dict[str, Any]) -> None:
    """Write only the deferral of a snapshot back."""
    deferral = {name: before["film"][name] for name in DEFERRAL}
    ListedFilm.objects.filter(pk=film.pk).update(**_read(ListedFilm, deferral))


def facts(film: ListedFilm) -> dict[str, Any]:
    """What the site said of the film."""
    return {name: getattr(film, name) for name in FACTS}


def changed_facts(then: dict[str, Any], film: ListedFilm) -> frozenset[str]:
    """Which of the facts that say which film it is are no longer as they were."""
    return frozenset(name for name in IDENTITY if then[name] != getattr(film, name))


def _plain(value: Any) -> Any:
    # To the microsecond: Django's JSON encoder would keep milliseconds, and undo would restore another moment.
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _read(model: type[ListedFilm] | type[MatchCandidate], row: dict[str, Any]) -> dict[str, Any]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in row.items()}
