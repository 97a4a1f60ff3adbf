"""Which open questions are one: a film listed several times ("X", "X 2D dubbing", "Ladies Night: X") is decided once.

Two are one when TMDB's best candidate is the same, one title holds all words of the other and no further number, and
neither original title, year nor director speaks against it. A reviewer can still decide on a single listing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from events.models import ListedFilm
from events.titles import names, spelling
from review.models import MatchCandidate

MOST = 20  # listings decided at once


def same_question(film: ListedFilm, at: dt.datetime) -> list[ListedFilm]:
    """The other open questions that are the same as this film's; none unless it is open itself."""
    best = film.candidates.offered().order_by("rank", "pk").values_list("tmdb_id", flat=True).first()
    if best is None or film.reopened_at or film.match_status != ListedFilm.Match.REVIEW:
        return []
    rows = MatchCandidate.objects.offered().filter(tmdb_id=best).exclude(film=film)
    rows = rows.filter(film__in=ListedFilm.objects.open_questions(at), film__reopened_at=None)
    others = ListedFilm.objects.filter(pk__in=rows.values("film")).order_by("pk")
    leading = _best([other.pk for other in others])
    left = [other for other in others if leading[other.pk] == best]
    group = [film]
    for member in group:  # grows while it is walked: "X 2D" and "Ladies Night: X" have only X in common
        group += [other for other in left if _alike(member, other)]
        left = [other for other in left if other not in group]
    return sorted(group[1:], key=lambda one: one.pk)[:MOST]


def _best(films: Iterable[int]) -> dict[int, int]:
    rows = MatchCandidate.objects.offered().filter(film__in=films).order_by("film", "-rank", "-pk")
    return dict(rows.values_list("film", "tmdb_id"))


def _alike(one: ListedFilm, other: ListedFilm) -> bool:
    ours, theirs = set(spelling.fold(one.title).split()), set(spelling.fold(other.title).split())
    shorter = ours & theirs
    if not shorter or shorter not in (ours, theirs):
        return False
    if spelling.numbers(spelling.fold(one.title)) != spelling.numbers(spelling.fold(other.title)):
        return False
    if one.year and other.year and abs(one.year - other.year) > 1:
        return False
    original = spelling.fold(one.original_title), spelling.fold(other.original_title)
    if all(original) and original[0] != original[1]:
        return False
    return not (one.directors and other.directors) or any(
        names.same_person(a, b) for a in one.directors for b in other.directors
    )
