"""Pure: what a listing and a candidate say of the same thing, and how well they agree. No weights here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from events.records import FilmFacts
from events.titles import reading as titles
from events.titles.spelling import fold, latin, same_person
from review.matching.candidates import Candidate
from review.matching.countries import code
from review.matching.similarity import Likeness, kinship, likeness

RUNTIME_STEPS = ((1, "same"), (4, "close"), (10, "near"), (20, "far"))  # minutes apart, at most
PREMIERE_LAG = 2  # years from production to the Polish premiere whose year may be listed
FAMOUS_VOTES = 100


@dataclass(frozen=True, slots=True)
class Observation:
    """One signal: `grade` is a row of matching.WEIGHTS, or "unknown" where one side says nothing."""

    signal: str
    grade: str
    ours: str = ""
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The facts of a listed film, its titles read."""

    facts: FilmFacts
    title: titles.TitleReading
    original: titles.TitleReading | None  # None: the page gives none, or the same title again
    today: dt.date

    @classmethod
    def of(cls, facts: FilmFacts, today: dt.date) -> Self:
        title = titles.read(facts.title)
        original = titles.read(facts.original_title or "")
        ours = {fold(form) for form in title.forms}
        fresh = any(fold(form) not in ours for form in original.forms)
        return cls(facts, title, original if fresh else None, today)


def observe(listing: Listing, candidate: Candidate) -> Iterator[Observation]:
    """Every signal once, known or not."""
    yield _title("title", listing.title, candidate)
    yield _title("original_title", listing.original, candidate)
    yield _year(listing, candidate)
    yield _director(listing.facts, candidate)
    yield _runtime(listing.facts, candidate)
    yield _country(listing.facts, candidate)
    yield _entry(candidate)


def only_a_part(listing: Listing, candidate: Candidate) -> bool:
    """Whether the listing is of several films and the candidate but one of them."""
    bill = bool(listing.title.parts)
    return bill and likeness(listing.title, candidate.all_names) < Likeness("close")


def _title(signal: str, reading: titles.TitleReading | None, candidate: Candidate) -> Observation:
    if reading is None or not reading.forms:
        return Observation(signal, "unknown")
    ours, names = reading.forms[0], candidate.all_names
    found = likeness(reading, names)
    if found.grade == "other" and (not latin(ours) or not any(latin(name) for name in names)):
        return Observation(signal, "unknown", ours)
    if signal == "title" and found.grade == "other" and (kin := kinship(reading, names)) != "other":
        return Observation(signal, kin, ours, candidate.title)
    if found.grade == "other" and not candidate.detailed:
        return Observation(signal, "hidden", ours)  # a search brought it up, perhaps by a name not yet seen
    return Observation(signal, found.grade, ours, found.name or candidate.title)


def _year(listing: Listing, candidate: Candidate) -> Observation:
    ours, theirs = listing.facts.year, candidate.year
    if ours is None or theirs is None:
        return Observation("year", "unknown", str(ours or ""), str(theirs or ""))
    lag = ours - theirs
    if lag == 0:
        grade = "same"
    elif 1 <= lag <= PREMIERE_LAG:
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
    if any(a == b or same_person(a, b) for a, b in pairs):
        return Observation("director", "same", ours, theirs)
    comparable = [pair for pair in pairs if latin(pair[0]) and latin(pair[1])]
    return Observation("director", "other" if comparable else "unknown", ours, theirs)


def _runtime(facts: FilmFacts, candidate: Candidate) -> Observation:
    ours, theirs = facts.runtime, candidate.runtime
    if not ours or not theirs:
        return Observation("runtime", "unknown", str(ours or ""), str(theirs or ""))
    apart = abs(ours - theirs)
    grade = next((grade for most, grade in RUNTIME_STEPS if apart <= most), "other")
    return Observation("runtime", grade, str(ours), str(theirs))


def _country(facts: FilmFacts, candidate: Candidate) -> Observation:
    ours = {iso for name in facts.countries if (iso := code(name))}
    theirs = {iso for name in candidate.countries if (iso := code(name))}
    named = ", ".join(sorted(ours)), ", ".join(sorted(theirs))
    if not ours or not theirs:
        return Observation("country", "unknown", *named)
    return Observation("country", "same" if ours & theirs else "other", *named)


def _entry(candidate: Candidate) -> Observation:
    votes = "" if candidate.vote_count is None else str(candidate.vote_count)
    if candidate.empty:
        return Observation("entry", "empty" if candidate.detailed else "unseen", theirs=votes)
    famous = (candidate.vote_count or 0) >= FAMOUS_VOTES
    return Observation("entry", "famous" if famous else "unknown", theirs=votes)
