"""Pure: what a listing and a candidate say of the same thing, and how well they agree. No weights here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from events.records import FilmFacts
from events.titles import reading
from events.titles.names import Alike, alike
from events.titles.spelling import fold, latin
from review.matching.candidates import Candidate
from review.matching.countries import code
from review.matching.similarity import Likeness, likeness

RUNTIME_STEPS = ((1, "same"), (4, "close"), (10, "near"), (20, "far"))  # minutes apart, at most
PREMIERE_LAG = 2  # years from production to the Polish premiere whose year may be listed
FAMOUS_VOTES = 100
SHORT = 40  # minutes, at most, of a film that is rarely what a cinema lists
SHARED_CAST = 2  # names; one is shared by many films
PREMIERE_DAYS, RELEASE_DAYS = 3, 31  # between the site's date and TMDB's: the same premiere, or the same release
NEW_BEFORE, NEW_AFTER = dt.timedelta(weeks=3), dt.timedelta(weeks=8)  # of a Polish release: the film is new in Poland


@dataclass(frozen=True, slots=True)
class Observation:
    """One signal: `grade` is a row of weights.WEIGHTS, or "unknown" where one side says nothing."""

    signal: str
    grade: str
    ours: str = ""
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The facts of a listed film, its titles read; what a title says of year, director and runtime is a fact too."""

    facts: FilmFacts
    title: reading.TitleReading
    original: reading.TitleReading | None  # None: the page gives none, or the same title again
    today: dt.date

    @classmethod
    def of(cls, facts: FilmFacts, today: dt.date) -> Self:
        title = reading.read(facts.title)
        original = reading.read(facts.original_title or "")
        ours = {fold(form) for form in title.forms}
        fresh = any(fold(form) not in ours for form in original.forms)
        return cls(_told(facts, title.said), title, original if fresh else None, today)


def _told(facts: FilmFacts, said: reading.Said) -> FilmFacts:
    return replace(
        facts,
        year=said.year or facts.year,
        runtime=facts.runtime or said.runtime,
        directors=facts.directors or said.directors,
    )


def observe(listing: Listing, candidate: Candidate) -> Iterator[Observation]:
    """Every signal once, known or not."""
    yield _title("title", listing.title, candidate)
    yield _title("original_title", listing.original, candidate)
    yield _year(listing, candidate)
    yield _director(listing.facts, candidate)
    yield _runtime(listing, candidate)
    yield _country(listing.facts, candidate)
    yield _cast(listing.facts, candidate)
    yield _premiere(listing, candidate)
    yield _entry(candidate)


def only_a_part(listing: Listing, candidate: Candidate) -> bool:
    """Whether the listing is of several films and the candidate but one of them."""
    bill = bool(listing.title.parts)
    return bill and likeness(listing.title, candidate.all_names) < Likeness("close")


def _title(signal: str, title: reading.TitleReading | None, candidate: Candidate) -> Observation:
    if title is None or not title.forms:
        return Observation(signal, "unknown")
    ours, names = title.forms[0], candidate.all_names
    found = likeness(title, names)
    if found.grade == "other":
        if not latin(ours) or not any(latin(name) for name in names):
            return Observation(signal, "unknown", ours)
        if not candidate.detailed:
            return Observation(signal, "hidden", ours)  # a search brought it up, perhaps by a name not yet seen
    return Observation(signal, found.grade, ours, found.name or candidate.title)


def _year(listing: Listing, candidate: Candidate) -> Observation:
    ours, theirs = listing.facts.year, candidate.year
    if ours is None or theirs is None:
        return Observation("year", "unknown", str(ours or ""), str(theirs or ""))
    lag = ours - theirs
    if lag == 0:
        grade = "same"
    elif lag < 0 and not candidate.detailed:
        grade = "seen"  # a search result may bear the year of a release in Poland, long after the first
    elif ours in (int(date[:4]) for date in candidate.polish_releases) or 1 <= lag <= PREMIERE_LAG:
        grade = "premiere"
    elif lag == -1:
        grade = "earlier"
    elif lag > 0 and ours >= listing.today.year:
        grade = "revival"
    else:
        grade = "other"
    return Observation("year", grade, str(ours), str(theirs))


def _director(facts: FilmFacts, candidate: Candidate) -> Observation:
    ours, theirs = ", ".join(sorted(facts.directors)), ", ".join(sorted(candidate.directors))
    pairs = [(a, b) for a in facts.directors for b in candidate.directors]
    best = max((Alike.YES if a == b else alike(a, b) for a, b in pairs), default=Alike.NO)
    if best is Alike.YES:
        return Observation("director", "same", ours, theirs)
    if best is Alike.MAYBE:
        return Observation("director", "maybe", ours, theirs)
    comparable = [pair for pair in pairs if latin(pair[0]) and latin(pair[1])]
    return Observation("director", "other" if comparable else "unknown", ours, theirs)


def _runtime(listing: Listing, candidate: Candidate) -> Observation:
    ours, theirs = listing.facts.runtime, candidate.runtime
    if not ours or not theirs:
        return Observation("runtime", "unknown", str(ours or ""), str(theirs or ""))
    apart = abs(ours - theirs)
    grade = next((grade for most, grade in RUNTIME_STEPS if apart <= most), "other")
    if grade in ("far", "other") and listing.title.longer_cut and ours > theirs:
        grade = "longer_cut"
    return Observation("runtime", grade, str(ours), str(theirs))


def _country(facts: FilmFacts, candidate: Candidate) -> Observation:
    ours = {iso for name in facts.countries if (iso := code(name))}
    theirs = {iso for name in candidate.countries if (iso := code(name))}
    named = ", ".join(sorted(ours)), ", ".join(sorted(theirs))
    if not ours or not theirs:
        return Observation("country", "unknown", *named)
    return Observation("country", "same" if ours & theirs else "other", *named)


def _cast(facts: FilmFacts, candidate: Candidate) -> Observation:
    """No contradiction: of a dubbed film a page names other voices."""
    shared = [name for name in facts.cast if any(alike(name, other) is Alike.YES for other in candidate.cast)]
    grade = "same" if len(shared) >= SHARED_CAST else "unknown"
    return Observation("cast", grade, ", ".join(shared), ", ".join(shared))


def _premiere(listing: Listing, candidate: Candidate) -> Observation:
    """The site's date of the Polish premiere beside TMDB's Polish releases; without one, whether the film is new."""
    ours, theirs = listing.facts.premiere, [_date(date) for date in candidate.polish_releases]
    releases = [date for date in theirs if date]
    if ours and releases:
        nearest = min(releases, key=lambda date: abs(date - ours))
        apart = abs((nearest - ours).days)
        grade = "same" if apart <= PREMIERE_DAYS else "close" if apart <= RELEASE_DAYS else "unknown"
        return Observation("premiere", grade, ours.isoformat(), nearest.isoformat())
    new = [date for date in releases if listing.today - NEW_AFTER <= date <= listing.today + NEW_BEFORE]
    return Observation("premiere", "new" if new else "unknown", str(ours or ""), new[0].isoformat() if new else "")


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def _entry(candidate: Candidate) -> Observation:
    votes = "" if candidate.vote_count is None else str(candidate.vote_count)
    if candidate.empty:
        return Observation("entry", "empty" if candidate.detailed else "unseen", theirs=votes)
    if candidate.runtime and candidate.runtime <= SHORT:
        return Observation("entry", "short", theirs=str(candidate.runtime))
    famous = (candidate.vote_count or 0) >= FAMOUS_VOTES
    return Observation("entry", "famous" if famous else "unknown", theirs=votes)
