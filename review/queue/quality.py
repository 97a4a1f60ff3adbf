"""How good the program's proposals are, as people judged them: by band, by audit, and under another threshold."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from events.models import ListedFilm, ListedFilmQuerySet
from review.models import Decision

BANDS = (90, 80, 70, 60, 50, 0)  # lower edges, %
THRESHOLDS = (50, 55, 60, 65, 70, 75, 80)  # %, of the dry run
AUDITED_A_WEEK = 20

Verdict = tuple[float, bool]  # the score (%) of what was proposed, and whether it was right


@dataclass(frozen=True, slots=True)
class Share:
    """`right` of `judged`."""

    right: int
    judged: int

    @property
    def percent(self) -> float | None:
        return 100 * self.right / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Band:
    low: int
    high: int
    share: Share


@dataclass(frozen=True, slots=True)
class DryRun:
    """Were everything from `threshold` % on matched by itself: questions saved, and how many of them wrongly."""

    threshold: int
    saved: int
    wrong: int


def verdicts(origins: Sequence[str]) -> list[Verdict]:
    """What people said of proposals, in decisions of these origins that stand."""
    rows = Decision.objects.verdicts().filter(origin__in=origins, score__isnull=False)
    return [(row.score or 0.0, row.right) for row in rows.only("score", "proposed", "tmdb_ids")]


def bands(judged: Sequence[Verdict]) -> list[Band]:
    edges = zip((101, *BANDS), BANDS, strict=False)
    return [Band(low, min(high, 100), _share([v for v in judged if low <= v[0] < high])) for high, low in edges]


def dry_runs(judged: Sequence[Verdict]) -> list[DryRun]:
    return [
        DryRun(edge, sum(score >= edge for score, _ in judged), sum(score >= edge and not ok for score, ok in judged))
        for edge in THRESHOLDS
    ]


def audit() -> Share:
    """Of the automatic matches that people drew at random and looked at: how many were right."""
    return _share(verdicts([Decision.Origin.AUDIT]))


def sample(at: dt.datetime) -> list[ListedFilm]:
    """What is left of this week's random sample of automatic matches that nobody has looked at.

    Nothing is stored: the week and the film's number decide, so everybody is shown the same ones all week.
    """
    done = Decision.objects.standing().filter(origin=Decision.Origin.AUDIT, at__gte=_monday(at)).count()
    drawn = sorted(_automatic().values_list("pk", flat=True), key=lambda pk: _lot(pk, _monday(at)))
    chosen = drawn[: max(AUDITED_A_WEEK - done, 0)]
    films = ListedFilm.objects.select_related("movie").in_bulk(chosen)
    return [films[pk] for pk in chosen]


def _automatic() -> ListedFilmQuerySet:
    return ListedFilm.objects.filter(match_status=ListedFilm.Match.MATCHED, decided_at__isnull=True).order_by(
        F("pk").asc()
    )


def _monday(at: dt.datetime) -> dt.datetime:
    return (at - dt.timedelta(days=at.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


def _lot(pk: int, week: dt.datetime) -> str:
    return hashlib.sha256(f"{week:%G-%V} {pk}".encode()).hexdigest()


def _share(judged: Sequence[Verdict]) -> Share:
    return Share(sum(ok for _, ok in judged), len(judged))
