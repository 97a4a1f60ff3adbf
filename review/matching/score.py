"""Pure: how likely each of TMDB's films is the listed one, and why.

The evidence of a signal is counted in decibans: 10 points make a candidate ten times as likely against "none of
these", 3 points twice. A candidate's points are summed, and turned into its share of all that is likely:

    score = 100 · odds / (1 + the odds of all candidates),  odds = 10 ** (points / 10)

So the score is a percentage, and a rival as good as the best leaves neither above 50. What is unknown counts
nothing. Where evidence of one kind is not to be trusted alone, a cap holds the score below a band.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from events.records import FilmFacts
from review.matching import weights
from review.matching.candidates import Candidate
from review.matching.caps import Company, Seen, caps, company_of, rank
from review.matching.signals import SHARED_CAST, Listing, Observation, observe
from review.matching.weights import MATCHED, PRIOR, PROVISIONAL, REVIEW
from review.matching.wording import LIFTS, TEXTS


class Outcome(StrEnum):
    AGREED = "agreed"
    DISAGREED = "disagreed"
    UNKNOWN = "unknown"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal, the grade of its agreement (a row of WEIGHTS, or of CAPS), and the points it gave.

    Of a cap, `points` is the score it allows, in %.
    """

    signal: str
    outcome: Outcome
    grade: str
    points: float
    ours: str = ""
    theirs: str = ""

    @property
    def text(self) -> str:
        sentence = TEXTS[self.signal].get(self.grade, "")
        return sentence.format(ours=self.ours, theirs=self.theirs, points=self.points)

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "outcome": self.outcome.value, "points": round(self.points, 1), "text": self.text}


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its score (%) and its reasons, the weightiest first.

    `lift`: the least that would have lifted it to the next band, None where nothing single would.
    `potential`: the score if everything still unknown of it agreed. `rank`: how well its title fits, see RANKS.
    """

    candidate: Candidate
    score: float
    reasons: tuple[Reason, ...]
    lift: str | None
    potential: float
    rank: int = 0  # how well a title fits

    @property
    def told(self) -> bool:
        """Whether more than an original title and a year agree: another film may bear the listed title."""
        agreed = {reason.signal for reason in self.reasons if reason.outcome is Outcome.AGREED}
        return not agreed.isdisjoint({"title", "director", "runtime"})


def judge(facts: FilmFacts, candidates: Iterable[Candidate], *, today: dt.date) -> tuple[Scored, ...]:
    """All candidates, best first, whatever their order. `today` tells a revival's year."""
    listing = Listing.of(facts, today)
    films = {film.tmdb_id: film for film in sorted(candidates, key=lambda film: film.detailed)}.values()
    observed = [(film, {one.signal: one for one in observe(listing, film)}) for film in films]
    points = {film.tmdb_id: _points(seen) for film, seen in observed}
    unsure = [(film, seen) for film, seen in observed if not film.detailed or film.doubtful]
    hopes = {film.tmdb_id: _points(_hopeful(listing, film, seen)) for film, seen in unsure}
    odds = {tmdb_id: _odds(of_film) for tmdb_id, of_film in points.items()}
    total = 1 + math.fsum(odds.values())  # fsum: to the last digit the same in any order
    scored = [
        _judge(
            listing,
            film,
            seen,
            rest=total - odds[film.tmdb_id],
            rival=_rival(film, films, odds),
            company=company_of(listing, film, observed, points, hopes),
        )
        for film, seen in observed
    ]
    return tuple(sorted(scored, key=lambda one: (-one.score, -odds[one.candidate.tmdb_id], one.candidate.tmdb_id)))


def band(score: float, *, now_playing: bool) -> str:
    """matched, provisional, review or unmatched; `now_playing`: TMDB lists the film as playing in Poland."""
    if score >= MATCHED:
        return "matched"
    if score >= PROVISIONAL and now_playing:
        return "provisional"
    return "review" if score >= REVIEW else "unmatched"


def _judge(
    listing: Listing, film: Candidate, seen: Seen, *, rest: float, rival: Candidate | None, company: Company
) -> Scored:
    held = list(caps(listing, film, seen, company))
    score = _score(seen, rest, held)
    reasons = [_reason(one) for one in seen.values() if one.grade != "unknown"]
    if rival is not None:
        loss = 10 * math.log10(rest)
        reasons.append(Reason("rival", Outcome.CAP, "rival", -loss, theirs=_named(rival)))
    reasons.sort(key=lambda reason: (-abs(reason.points), reason.signal))
    # A cap comes first where it is what decided.
    binding = [cap for cap in held if weights.CAPS[cap] <= score]
    reasons = [
        Reason("cap", Outcome.CAP, cap, weights.CAPS[cap]) for cap in sorted(binding, key=weights.CAPS.__getitem__)
    ] + reasons
    hopeful = _hopeful(listing, film, seen)
    potential = score if hopeful == seen else _score(hopeful, rest, caps(listing, film, hopeful, company))
    return Scored(
        film, score, tuple(reasons), _lift(listing, film, seen, rest, score, company), max(score, potential), rank(seen)
    )


def _hopeful(listing: Listing, film: Candidate, seen: Seen) -> Seen:
    """What would be observed if all that details may still tell agreed."""
    return {**seen, **{one.signal: _best(one) for one in seen.values() if _open(listing, film, one)}}


def _points(seen: Seen) -> float:
    return PRIOR + sum(weights.WEIGHTS[one.signal].get(one.grade, 0) for one in seen.values())


def _odds(points: float) -> float:
    return float(10 ** (points / 10))


def _score(seen: Seen, rest: float, caps: Iterable[str]) -> float:
    """`rest`: 1 and the odds of all other candidates."""
    odds = _odds(_points(seen))
    return min([100 * odds / (odds + rest), *(weights.CAPS[cap] for cap in caps)])


def _open(listing: Listing, film: Candidate, one: Observation) -> bool:
    """Whether details not asked for, or not readable, may still change this signal."""
    if film.detailed and not film.doubtful:
        return False
    facts = listing.facts
    match one.signal:
        case "title" | "original_title":
            return one.grade not in ("both", "same") and (one.signal == "title" or listing.original is not None)
        case "director":
            return bool(facts.directors)
        case "runtime":
            return bool(facts.runtime)
        case "country":
            return bool(facts.countries)
        case "year":
            return bool(facts.year) and one.grade in ("unknown", "seen")
        case "cast":
            return len(facts.cast) >= SHARED_CAST
        case "premiere":
            return facts.premiere is not None
    return False


def _best(one: Observation) -> Observation:
    points = weights.WEIGHTS[one.signal]
    return Observation(one.signal, max(points, key=points.__getitem__), one.ours, one.theirs)


def _reason(one: Observation) -> Reason:
    points = weights.WEIGHTS[one.signal][one.grade]
    outcome = Outcome.AGREED if points > 0 else Outcome.DISAGREED if points < 0 else Outcome.UNKNOWN
    return Reason(one.signal, outcome, one.grade, points, one.ours, one.theirs)


def _rival(film: Candidate, films: Iterable[Candidate], odds: Mapping[int, float]) -> Candidate | None:
    """The likeliest other film, if it is at least a third as likely as `film`."""
    others = [other for other in films if other.tmdb_id != film.tmdb_id]
    best = max(others, key=lambda other: (odds[other.tmdb_id], -other.tmdb_id), default=None)
    return best if best and odds[best.tmdb_id] * 3 >= odds[film.tmdb_id] else None


def _named(film: Candidate) -> str:
    return f"{film.title} ({film.year})" if film.year else film.title


def _lift(listing: Listing, film: Candidate, seen: Seen, rest: float, score: float, company: Company) -> str | None:
    """The signal whose agreement would do with the fewest points, and what the score would be."""
    goal = next((edge for edge in (REVIEW, PROVISIONAL, MATCHED) if score < edge), None)
    if goal is None:
        return None
    found: list[tuple[float, float, str]] = []
    for signal, what in LIFTS.items():
        if seen[signal].grade in ("same", "both"):
            continue  # it agrees already
        better = {**seen, signal: _best(seen[signal])}
        if _score(better, rest, ()) >= goal <= (reached := _score(better, rest, caps(listing, film, better, company))):
            found.append((reached, _points(better), what))
    alone = _score(seen, 1, caps(listing, film, seen, company))
    if not found and alone >= goal:
        found.append((alone, 0, "ruling out the rival"))
    return f"{min(found)[2]} would have made it {min(found)[0]:.0f} %" if found else None
