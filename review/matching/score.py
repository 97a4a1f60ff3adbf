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
from events.titles.reading import Kind
from events.titles.spelling import fold, numbers
from review.matching.candidates import Candidate as Candidate
from review.matching.signals import SHARED_CAST, Listing, Observation, observe, only_a_part
from review.matching.similarity import kin
from review.matching.wording import LIFTS, TEXTS

# Bands of the score, in %.
MATCHED = 70
PROVISIONAL = 60  # matched if TMDB lists the film as now playing in Poland
REVIEW = 50

#: Of a film of which nothing is known but that a search by title brought it up, in decibans.
PRIOR = -10.0

#: Decibans by signal and grade. Agreement gives the most a signal can give, so whatever true fact is added to a
#: listing, no rival gains more by it than the right film. Set near the likelihood ratios measured on one half of 1,200
#: listings with known answers, on the careful side: a true TMDB holds more namesakes than a measured one.
WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "title": {
        "both": 18, "same": 10, "close": 8, "half": 8, "piece": 8, "first": 6, "numbered": -3, "part": 0, "hidden": -4,
        "other": -4, "other_part": -12,
    },
    "original_title": {
        "both": 10, "same": 10, "close": 8, "half": 6, "piece": 6, "first": 4, "numbered": -3, "part": 1, "hidden": -4,
        "other": -6, "other_part": -12,
    },
    "year": {"same": 10, "premiere": 4, "earlier": 4, "revival": 0, "seen": -7, "other": -14},
    "director": {"same": 16, "maybe": 0, "other": -20},
    "runtime": {"same": 9, "close": 4, "near": 0, "longer_cut": 0, "far": -6, "other": -16},
    "country": {"same": 3, "other": -10},
    "cast": {"same": 9},
    "premiere": {"same": 8, "close": 4, "new": 3},
    "entry": {"famous": 2, "unseen": -2, "short": -6, "empty": -13},
}  # fmt: skip

#: The highest score (%) that a candidate may have, by the reason not to trust its points.
CAPS: Mapping[str, float] = {
    "unread": 59,  # a film whose title fits better has not been looked at
    "no_title": 59,  # no title agrees
    "other_part": 49,  # another part of the series
    "which_part": 59,  # TMDB has several parts, and the listing does not say which
    "torn": 59,  # the title names another film, and only the original title this one
    "piece": 59,  # a piece of the title is this film's, and not all else agrees
    "title_alone": 55,  # nothing but one title agrees
    "title_new": 69,  # the same of the only film of that title, which is new in Poland
    "premiere_year": 66,  # one title of an obscure film, and a year that may be the Polish premiere's
    "revival_year": 64,  # an old film under this year's date, and neither director nor runtime to tell
    "namesake": 66,  # an obscure film of this year, and a known one of that title that may be shown again
    "other_director": 59,
    "other_runtime": 59,
    "short": 59,
    "empty_entry": 64,
    "bare_entry": 64,  # one title of a film whose director the listing knows and TMDB, like all else, does not
    "maybe_no_film": 59,  # what a title that speaks of a play or a concert shares with a film is not the whole of it
    "one_of_several": 49,  # one part of a double bill
}

#: How well a title fits, by its grade; those with a rank name the film.
RANKS: Mapping[str, int] = {"both": 3, "same": 3, "close": 2, "half": 1, "piece": 1, "first": 1}
WHOLE = frozenset({"both", "same", "close"})


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
    odds = {film.tmdb_id: _odds(_points(seen)) for film, seen in observed}
    total = 1 + math.fsum(odds.values())  # fsum: to the last digit the same in any order
    scored = [
        _judge(
            listing,
            film,
            seen,
            rest=total - odds[film.tmdb_id],
            rival=_rival(film, films, odds),
            company=_company(listing, film, observed),
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


Seen = Mapping[str, Observation]


@dataclass(frozen=True, slots=True)
class Company:
    """What the other candidates mean for one: `better`, the best rank of a title among those not looked at closely."""

    better: int
    parts: bool  # another part of its series is among them
    namesake: bool  # another bears the listed title
    known: bool  # and one that do so is older, and known to many
    same_director: bool  # another is the same director's, of about the same year


def rank(seen: Seen) -> int:
    return max(RANKS.get(seen[signal].grade, 0) for signal in ("title", "original_title"))


def _company(listing: Listing, film: Candidate, observed: Iterable[tuple[Candidate, Seen]]) -> Company:
    others = [(other, seen) for other, seen in observed if other.tmdb_id != film.tmdb_id]
    namesakes = [(other, seen) for other, seen in others if seen["title"].grade in WHOLE]
    older = listing.facts.year or listing.today.year
    return Company(
        better=max((rank(seen) for other, seen in others if not other.detailed), default=0),
        parts=any(seen["title"].grade in ("first", "numbered", "other_part") for _, seen in others),
        namesake=bool(namesakes),
        same_director=any(
            seen["director"].grade == "same"
            and other.year == listing.facts.year
            and seen["runtime"].grade not in ("far", "other")
            for other, seen in others
        ),
        known=any(seen["entry"].grade == "famous" and (other.year or older) < older for other, seen in namesakes),
    )


def _judge(
    listing: Listing, film: Candidate, seen: Seen, *, rest: float, rival: Candidate | None, company: Company
) -> Scored:
    caps = list(_caps(listing, film, seen, company))
    score = _score(seen, rest, caps)
    reasons = [_reason(one) for one in seen.values() if one.grade != "unknown"]
    if rival is not None:
        loss = 10 * math.log10(rest)
        reasons.append(Reason("rival", Outcome.CAP, "rival", -loss, theirs=_named(rival)))
    reasons.sort(key=lambda reason: (-abs(reason.points), reason.signal))
    # A cap comes first where it is what decided.
    binding = [cap for cap in caps if CAPS[cap] <= score]
    reasons = [Reason("cap", Outcome.CAP, cap, CAPS[cap]) for cap in sorted(binding, key=CAPS.__getitem__)] + reasons
    hopeful = {**seen, **{one.signal: _best(one) for one in seen.values() if _open(listing, film, one)}}
    potential = _score(hopeful, rest, list(_caps(listing, film, hopeful, company)))
    return Scored(
        film, score, tuple(reasons), _lift(listing, film, seen, rest, score, company), max(score, potential), rank(seen)
    )


def _points(seen: Seen) -> float:
    return PRIOR + sum(WEIGHTS[one.signal].get(one.grade, 0) for one in seen.values())


def _odds(points: float) -> float:
    return float(10 ** (points / 10))


def _score(seen: Seen, rest: float, caps: Iterable[str]) -> float:
    """`rest`: 1 and the odds of all other candidates."""
    odds = _odds(_points(seen))
    return min([100 * odds / (odds + rest), *(CAPS[cap] for cap in caps)])


def _caps(listing: Listing, film: Candidate, seen: Seen, company: Company) -> Iterable[str]:
    grades = {signal: one.grade for signal, one in seen.items()}
    title, original, year, runtime = (grades[signal] for signal in ("title", "original_title", "year", "runtime"))
    named = sum(grade in RANKS for grade in (title, original)) + (title == "both")
    directed, timed = grades["director"] == "same", runtime in ("same", "close")
    told = directed or timed or grades["cast"] == "same" or grades["premiere"] == "same"
    if company.better > rank(seen):
        yield "unread"
    if not named and not (_untitled(listing, film, grades) and not company.same_director):
        yield "no_title"
    if "other_part" in (title, original):
        yield "other_part"
    if title == "first" and company.parts and original not in WHOLE and not numbers(fold(listing.title.forms[0])):
        yield "which_part"
    if title in ("half", "piece") and original not in WHOLE:
        double = title == "half" and grades["entry"] == "famous" and year == "same"
        agreeing = (timed, directed, year == "same").count(True)
        if (agreeing < 2 and not double) or (film.obscure and film.polish):
            yield "piece"
    if title not in RANKS and film.polish_title and company.namesake and not told:
        yield "torn"
    if named < 2 and not told:
        if year in ("premiere", "earlier"):
            if grades["entry"] != "famous":
                yield "premiere_year"
        elif year != "same":
            new = grades["premiere"] in ("new", "close") and not company.namesake
            yield "title_new" if new else "title_alone"
        elif company.known and grades["entry"] != "famous" and (listing.facts.year or 0) >= listing.today.year:
            yield "namesake"
    if year == "revival" and not told:
        yield "revival_year"
    if grades["director"] == "other":
        yield "other_director"
    if runtime == "other":
        yield "other_runtime"
    if grades["entry"] == "short" and not timed and not (directed and year == "same"):
        yield "short"
    if grades["entry"] == "empty":
        yield "empty_entry"
    if film.bare and named < 2 and listing.facts.directors:
        yield "bare_entry"
    if listing.title.hint and not _that_film(listing.title.hint.kind, title, told, directed):
        yield "maybe_no_film"
    if only_a_part(listing, film):
        yield "one_of_several"


def _that_film(kind: Kind, title: str, told: bool, directed: bool) -> bool:
    """Whether a listing that may be no film is this one: its whole title and its director agree."""
    if kind is Kind.DOUBLE_BILL:
        return title in WHOLE or (title in ("half", "piece") and told)
    return title in WHOLE and directed


def _untitled(listing: Listing, film: Candidate, grades: Mapping[str, str]) -> bool:
    """Whether a foreign film whose Polish title TMDB does not know is the listed one although no name of it agrees.

    Its director may have made another, so director, year and runtime must agree, and nothing contradict: neither an
    original title, nor a country, nor a part. Where a word is spelt alike the runtime need not be the same.
    """
    facts, reading = listing.facts, listing.title
    untold = not (facts.original_title or reading.halves or film.polish_title)
    foreign = not film.polish and grades["country"] != "other"
    agree = grades["director"] == grades["year"] == "same" and grades["title"] not in ("other_part", "numbered")
    timed = ("same", "close", "unknown") if kin(reading, film.all_names) else ("same",)
    return film.detailed and untold and foreign and agree and grades["runtime"] in timed


def _open(listing: Listing, film: Candidate, one: Observation) -> bool:
    """Whether asking for details may still change this signal."""
    if film.detailed:
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
    weights = WEIGHTS[one.signal]
    return Observation(one.signal, max(weights, key=weights.__getitem__), one.ours, one.theirs)


def _reason(one: Observation) -> Reason:
    points = WEIGHTS[one.signal][one.grade]
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
        reached = _score(better, rest, _caps(listing, film, better, company))
        if reached >= goal:
            found.append((reached, _points(better), what))
    alone = _score(seen, 1, _caps(listing, film, seen, company))
    if not found and alone >= goal:
        found.append((alone, 0, "ruling out the rival"))
    return f"{min(found)[2]} would have made it {min(found)[0]:.0f} %" if found else None
