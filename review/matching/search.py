"""Pure but for its `Source`: find the film of a listing with as few questions as it takes.

TMDB finds a film when every word of the query stands in one of its names. So what a query finds includes what the
same query finds with more words or with a year; an answer that is not cut off makes those questions needless.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from events.records import FilmFacts
from events.titles import reading as titles
from events.titles.spelling import words
from review.matching import translation
from review.matching.candidates import Candidate, Found
from review.matching.score import PROVISIONAL, REVIEW, Scored, band, judge

KEPT = 5
CERTAIN = 90.0  # %: nothing more is asked
DETAILS = 3  # films of a search by title looked at closely, at most, and as many of the directors'
WORDS = 3  # searched for alone, at most
PEOPLE = 2  # directors followed, at most
PARTS = 6  # films of one listing searched for, at most


class Source(Protocol):
    """Where films are looked up: TMDB, or a test's."""

    def search(self, query: str, year: int | None = None) -> Found: ...

    def details(self, tmdb_id: int) -> Candidate | None:
        """None: there is no such film any more."""
        ...

    @property
    def lists_people(self) -> bool:
        """Whether it can be asked for people at all, as far as is known yet."""
        ...

    def people(self, name: str) -> list[int]:
        """The numbers of the directors of that name."""
        ...

    def directed(self, person: int) -> list[Candidate]: ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """What came of it: the best candidates (at most KEPT, judged among all that were found) and what it took."""

    scored: tuple[Scored, ...]
    calls: int
    not_a_film: titles.Hint | None
    labels: tuple[str, ...]

    def band(self, playing: Container[int]) -> str:
        """matched, provisional, review or unmatched; `playing`: the TMDB ids of what plays in Poland now.

        What may be no film is for a person to say, unless a film is found that it is.
        """
        best = self.scored[0] if self.scored else None
        found = band(best.score, now_playing=best.candidate.tmdb_id in playing) if best else "unmatched"
        return "review" if found == "unmatched" and self.not_a_film else found


def find(facts: FilmFacts, source: Source, *, today: dt.date) -> Proposal:
    """Search until a candidate is certain or every way to write the title has been tried.

    Errors of `source` pass through: not having been able to ask is no result.
    """
    reading = titles.read(facts.title)
    if reading.hint and reading.hint.certain and not reading.parts:
        return Proposal((), 0, reading.hint, reading.labels)
    hunt = _Hunt(facts, source, today)
    settled = hunt.search(_likely(facts, reading))
    if not settled and not hunt.hopeful():
        settled = hunt.follow_directors()
    if not settled:
        hunt.search(_unlikely(facts, reading))
        if not hunt.hopeful():
            hunt.search_words()
    hunt.confirm()
    return Proposal(hunt.scored[:KEPT], hunt.calls, reading.hint, reading.labels)


@dataclass(slots=True)
class _Hunt:
    facts: FilmFacts
    source: Source
    today: dt.date
    found: dict[int, Candidate] = field(default_factory=dict)
    scored: tuple[Scored, ...] = ()
    answered: list[tuple[frozenset[str], int | None]] = field(default_factory=list)  # not cut off
    calls: int = 0
    looked_at: int = 0

    def search(self, queries: Iterator[str]) -> bool:
        """Ask what is not yet answered, with the year only where the answer without one is cut off."""
        year = self.facts.year
        for query in queries:
            asked = frozenset(words(query))
            for on in (None, year, year - 1, year + 1) if year else (None,):
                if any(known <= asked and (when is None or when == on) for known, when in self.answered):
                    continue
                films, more = self.source.search(query, on)
                self.calls += 1
                if asked and not more:
                    self.answered.append((asked, on))
                if self.settled_by(films):
                    return True
        return False

    def follow_directors(self) -> bool:
        """What the listed directors made: the way to a film whose Polish title TMDB does not know."""
        self.looked_at = 0
        for name in self.facts.directors[:PEOPLE]:
            if not self.source.lists_people:
                break
            people = self.source.people(name)
            self.calls += 1
            for person in people[:PEOPLE]:
                films = self.source.directed(person)
                self.calls += 1
                if self.settled_by(replace(film, directors=(name,)) for film in films):
                    return True
        return False

    def search_words(self) -> bool:
        """Single words, in their own letters and in English: the last way to a film whose Polish title TMDB lacks.

        They find much, so a year must narrow them down, or a director tell the film from the rest. Where the page
        gives an original title, and no director, that title's words have said all there is.
        """
        facts, reading = self.facts, titles.read(self.facts.title)
        if facts.original_title and not facts.directors:
            return False
        self.looked_at = 0 if facts.directors or facts.runtime else DETAILS  # nothing to compare: no closer look
        for word in translation.beginnings(reading.forms[0])[:WORDS] if reading.forms else ():
            for on in self._years():
                films, _ = self.source.search(word, on)
                self.calls += 1
                if self.settled_by(films):
                    return True
        return False

    def _years(self) -> tuple[int | None, ...]:
        """When a film may be from that only a word leads to; this year's date may be a revival's."""
        year, told = self.facts.year, bool(self.facts.directors)
        if year is None or year >= self.today.year:
            return (None,) if told else (year,) if year else ()
        return (year, year - 1) if told else (year,)

    def settled_by(self, films: Iterable[Candidate]) -> bool:
        for film in films:
            known = self.found.get(film.tmdb_id)
            if known is None or (film.directors and not known.detailed):  # found by its director, it has one
                self.found[film.tmdb_id] = film
        self.judge()
        return self.settled()

    def judge(self) -> None:
        self.scored = judge(self.facts, self.found.values(), today=self.today)

    def settled(self) -> bool:
        """Look closely at whatever may be the film; whether one is certain."""
        while self.looked_at < DETAILS:
            film = self._promising()
            if film is None:
                break
            self.looked_at += 1
            self.look_at(film)
        return bool(self.scored) and self.scored[0].candidate.detailed and self.scored[0].score >= CERTAIN

    def confirm(self) -> None:
        """Nothing is accepted, even provisionally, that was not looked at closely."""
        while self.scored and self.scored[0].score >= PROVISIONAL and not self.scored[0].candidate.detailed:
            self.look_at(self.scored[0].candidate)

    def look_at(self, film: Candidate) -> None:
        known = self.source.details(film.tmdb_id)
        self.calls += 1
        if known:
            self.found[film.tmdb_id] = known
        else:
            del self.found[film.tmdb_id]
        self.judge()

    def hopeful(self) -> bool:
        best = self.scored[0] if self.scored else None
        if best is None or best.score < REVIEW or best.candidate.empty:
            return False
        return not (best.candidate.bare and self.facts.directors)

    def _promising(self) -> Candidate | None:
        """The film whose details can change the answer: the best, unless it is known; or one that may overtake it."""
        if not self.scored:
            return None
        best = self.scored[0]
        if best.candidate.detailed and best.score >= CERTAIN:
            return None
        open_ones = [one for one in self.scored if not one.candidate.detailed and one.potential >= REVIEW]
        if not open_ones:
            return None
        hope = max(open_ones, key=lambda one: (one.potential, one.score))
        return hope.candidate


def _likely(facts: FilmFacts, reading: titles.TitleReading) -> Iterator[str]:
    """The titles as they stand; of a double title without an original one, its halves first."""
    original = titles.read(facts.original_title or "")
    yield from original.forms[:1]
    if not original.forms:
        yield from (half for pair in reading.halves[:1] for half in pair)
    yield from reading.parts[:PARTS] or reading.forms
    yield from (half for pair in (*reading.halves, *original.halves) for half in pair)
    yield from original.forms[1:]


def _unlikely(facts: FilmFacts, reading: titles.TitleReading) -> Iterator[str]:
    for form in (*titles.read(facts.original_title or "").forms, *reading.forms):
        yield from titles.respelled(form)
