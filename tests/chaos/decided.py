"""Decisions that a person took before the chaos: nothing that happens may override them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from events.models import ListedFilm
from review import decisions
from review.matching.candidates import Candidate
from review.models import MatchCandidate
from tests.chaos.tally import OTHERWISE

Decided = dict[str, Any]
WHAT = ("pk", "slug", "match_status", "movie__tmdb_id", "decided_at")


def decide() -> list[Decided]:
    """One film is another than the program takes it for, the next is none at all."""
    anna = User.objects.create_user("anna", is_staff=True)
    first, second = ListedFilm.objects.filter(match_status=ListedFilm.Match.MATCHED).order_by("slug")[:2]
    other = MatchCandidate.objects.filter(facts__detailed=True).exclude(film=first).order_by("pk")[0]
    decisions.accept_other(_as_it_is(first, anna), Candidate.from_dict(other.facts))
    decisions.not_a_film(_as_it_is(second, anna))
    return list(ListedFilm.objects.filter(pk__in=(first.pk, second.pk)).order_by("slug").values(*WHAT))


def _as_it_is(film: ListedFilm, by: User) -> decisions.Submission:
    return decisions.Submission(film.pk, film.revision, by, timezone.now())


def overridden(noted: list[Decided]) -> list[tuple[str, str]]:
    """Which of them do not stand any more, in pairs as `tally` counts them."""
    now = {row["pk"]: row for row in ListedFilm.objects.filter(pk__in=[row["pk"] for row in noted]).values(*WHAT)}
    return [(OTHERWISE, f"decided {row}, is {now.get(row['pk'])}") for row in noted if now.get(row["pk"]) != row]
