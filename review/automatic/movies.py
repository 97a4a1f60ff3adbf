"""A film as TMDB describes it, kept as a row."""

from __future__ import annotations

import datetime as dt

from events.models import Movie
from review.matching.candidates import Candidate


def store_movie(candidate: Candidate, *, at: dt.datetime) -> Movie:
    """The row of a film; what a search result leaves out, or could not be read, overwrites nothing that is known."""
    facts = {
        "imdb_id": candidate.imdb_id or "",
        "title": candidate.title,
        "original_title": candidate.original_title or "",
        "names": list(candidate.listed_names),
        "year": candidate.year,
        "runtime": candidate.runtime,
        "directors": list(candidate.directors),
        "countries": list(candidate.countries),
        "overview": candidate.overview or "",
        "poster_path": candidate.poster_path or "",
    }
    if not candidate.detailed:
        return Movie.objects.get_or_create(tmdb_id=candidate.tmdb_id, defaults=facts)[0]
    unread = {*candidate.unreadable, *(["original_title"] if "title" in candidate.unreadable else [])}
    # One statement, where update_or_create takes four; either way two writers make one row.
    (movie,) = Movie.objects.bulk_create(
        [Movie(tmdb_id=candidate.tmdb_id, asked_at=at, **facts)],
        update_conflicts=True,
        unique_fields=["tmdb_id"],
        update_fields=[*(name for name in facts if name not in unread), "asked_at"],
    )
    return movie
