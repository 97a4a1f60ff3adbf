"""What the verdicts on films with known answers come to: precision, recall, what is shown, and what it cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from review.evaluation.running import Verdict

STEP = 5  # points of score, of the calibration
NO_FILMS = frozenset({"not-a-film", "real-event"})  # variants: listings of what is no film


def count(verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """Auto precision: right / accepted without a person; auto recall: right and accepted / films TMDB has."""
    verdicts = list(verdicts)
    accepted = [verdict for verdict in verdicts if verdict.accepted]
    right = sum(verdict.right for verdict in accepted)
    on_tmdb = sum(verdict.query.true_tmdb_id is not None for verdict in verdicts)
    rest = [v for v in verdicts if not v.accepted and v.query.true_tmdb_id is not None]
    events = [v for v in verdicts if v.query.variant in NO_FILMS]
    return {
        "films": len(verdicts),
        "accepted": len(accepted),
        "wrong": len(accepted) - right,
        "auto_precision": _share(right, len(accepted)),
        "auto_recall": _share(right, on_tmdb),
        "left_to_humans": len(verdicts) - len(accepted),
        "on_tmdb_not_accepted": len(rest),
        "right_among_shown": _share(sum(v.shown for v in rest), len(rest)),
        "accepted_or_shown": _share(right + sum(v.shown for v in rest), on_tmdb),
        "events_to_a_person": _share(sum(v.band == "review" for v in events), len(events)),
        "sure_ones_asked": sum(v.query.sure and not v.accepted for v in verdicts),
        "errors": sum(verdict.band == "error" for verdict in verdicts),
        "calls_per_film": _share(sum(verdict.calls for verdict in verdicts), len(verdicts)),
    }


def by_half(verdicts: Sequence[Verdict]) -> dict[str, dict[str, Any]]:
    return {half: count(v for v in verdicts if v.query.half == half) for half in "AB"}


def by_variant(verdicts: Sequence[Verdict]) -> dict[str, dict[str, Any]]:
    variants = sorted({verdict.query.variant for verdict in verdicts})
    return {name: count(v for v in verdicts if v.query.variant == name) for name in variants}


def calibration(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Per five points of the best candidate's score: how many, their mean score (%), and how many were right (%)."""
    steps: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.scored:
            step = min(int(verdict.scored[0].score) // STEP * STEP, 100 - STEP)
            steps.setdefault(step, []).append(verdict)
    return [
        {
            "from": step,
            "to": step + STEP,
            "films": len(some),
            "mean_score": round(sum(v.scored[0].score for v in some) / len(some), 1),
            "right": round(100 * sum(v.right for v in some) / len(some), 1),
        }
        for step, some in sorted(steps.items())
    ]


def wrong(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.accepted and not verdict.right]


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
