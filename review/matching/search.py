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
from events.titles.reading import Hint, inflected, respelled
from events.titles.spelling import words
from review.matching.candidates import Candidate, Found
from review.matching.score import Scored, band, judge
from review.matching.signals import Listing
from review.matching.translation import translated
from review.matching.weights import PROVISIONAL, REVIEW

KEPT = 5
CERTAIN = 90.0  # %: nothing more is asked
DETAILS = 3  # films without a fitting title looked at closely, at most, and as many of the directors'
LOOKS = 12  # films looked at closely, at most: a crowd of namesakes
PEOPLE = 2  # directors followed, at most
PARTS = 6  # films of one listing searched for, at most
WHOLE_RANK, NAMED_SCORE = 2, 30.0  # of a film that bears the whole title, and has few rivals
PIECES = 4  # pieces of a title searched for, at most


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

    def directed(self, person: int) -> Found: ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """What came of it: the best candidates (at most KEPT, judged among all that were found) and what it took."""

    scored: tuple[Scored, ...]
    calls: int
    not_a_film: Hint | None
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
    listing = Listing.of(facts, today)
    reading = listing.title
    if reading.hint and reading.hint.certain and not reading.parts:
        return Proposal((), 0, reading.hint, reading.labels)
    hunt = _Hunt(listing, source)
    settled = hunt.search(_likely(listing)) or (not hunt.named() and hunt.search(_pieces(listing)))
    if not settled and not hunt.hopeful():
        settled = hunt.follow_directors()
    if not settled and not hunt.named():
        hunt.search(_unlikely(listing))
    hunt.confirm()
    return Proposal(hunt.scored[:KEPT], hunt.calls, reading.hint, reading.labels)


@dataclass(slots=True)
class _Hunt:
    listing: Listing
    source: Source
    found: dict[int, Candidate] = field(default_factory=dict)
    scored: tuple[Scored, ...] = ()
    answered: list[tuple[frozenset[str], int | None]] = field(default_factory=list)  # not cut off
    calls: int = 0
    looked_at: int = 0  # without a fitting title
    looks: int = 0
    dropped: int = 0  # results that could not be read: any may be a rival

    def search(self, queries: Iterator[str]) -> bool:
        """Ask what is not yet answered, with the year only where the answer without one is cut off."""
        self.looked_at = 0
        for query in queries:
            asked = frozenset(words(query))
            for on in dict.fromkeys((None, self.listing.facts.year)):
                if any(known <= asked and year in (None, on) for known, year in self.answered):
                    continue
                films, more, dropped = self.source.search(query, on)
                self.calls += 1
                self.dropped += dropped
                if asked and not more:
                    self.answered.append((asked, on))
                if self.settled_by(films):
                    return True
            if self.named():
                return False
        return False

    def follow_directors(self) -> bool:
        """What the listed directors made: the way to a film whose Polish title TMDB does not know."""
        self.looked_at = 0
        for name in self.listing.facts.directors[:PEOPLE]:
            if not self.source.lists_people:
                break
            people = self.source.people(name)
            self.calls += 1
            for person in people[:PEOPLE]:
                films, _, dropped = self.source.directed(person)
                self.calls += 1
                self.dropped += dropped
                if self.settled_by(replace(film, directors=(name,)) for film in films):
                    return True
        return False

    def settled_by(self, films: Iterable[Candidate]) -> bool:
        for film in films:
            known = self.found.get(film.tmdb_id)
            if known is None or (film.directors and not known.detailed):  # found by its director, it has one
                self.found[film.tmdb_id] = film
        self.judge()
        return self.settled()

    def judge(self) -> None:
        films: Iterable[Candidate] = self.found.values()
        if self.dropped:
            films = [replace(film, unreadable=(*film.unreadable, "rivals")) for film in self.found.values()]
        self.scored = judge(self.listing.facts, films, today=self.listing.today)

    def settled(self) -> bool:
        """Look closely at whatever may be the film; whether one is certain."""
        while film := self._promising():
            self.look_at(film)
        best = self.scored[0] if self.scored else None
        return best is not None and best.candidate.detailed and best.score >= CERTAIN and best.told

    def confirm(self) -> None:
        """Nothing is accepted, even provisionally, that was not looked at closely."""
        while self.scored and self.scored[0].score >= PROVISIONAL and not self.scored[0].candidate.detailed:
            self.look_at(self.scored[0])

    def look_at(self, one: Scored) -> None:
        tmdb_id = one.candidate.tmdb_id
        known = self.source.details(tmdb_id)
        self.calls += 1
        self.looks += 1
        self.looked_at += not one.rank
        if known:
            self.found[tmdb_id] = known
        else:
            del self.found[tmdb_id]
        self.judge()

    def named(self) -> bool:
        """Whether a film bears the whole title, so that other ways to write it need not be tried."""
        return any(one.rank >= WHOLE_RANK and one.score >= NAMED_SCORE and one.told for one in self.scored)

    def hopeful(self) -> bool:
        best = self.scored[0] if self.scored else None
        if best is None or best.score < REVIEW or best.candidate.empty:
            return False
        return not (best.candidate.bare and self.listing.facts.directors)

    def _promising(self) -> Scored | None:
        """The film whose details can change the answer; of several, who agrees best with what is listed.

        That is any that may come into question if all that is unknown of it agrees, and any whose title fits better
        than that of the film which would be accepted. None once one is certain, or enough were looked at.
        """
        best = self.scored[0] if self.scored else None
        if best is None or self.looks >= LOOKS or (best.candidate.detailed and best.score >= CERTAIN):
            return None
        unread = [one for one in self.scored if not one.candidate.detailed]
        fitting = [one for one in unread if one.rank >= best.rank]
        # The year of a namesake that stands in the way may be that of a later release, so it is looked at, too.
        if fitting and any(reason.grade in ("unread", "namesake") for reason in best.reasons):
            return max(fitting, key=lambda one: (one.rank, one.potential))
        open_ones = [
            one
            for one in unread
            if (one.potential >= REVIEW and (one.rank or self.looked_at < DETAILS))
            or (one.rank >= best.rank > 0 and one.score * 3 >= best.score)  # it may turn out to be an empty entry
        ]
        return max(open_ones, key=lambda one: (one.potential, one.rank, one.score), default=None)


def _likely(listing: Listing) -> Iterator[str]:
    """The titles as they stand; of a double title without an original one, its halves first."""
    reading, original = listing.title, listing.original
    if original:
        yield from original.forms[:1]
    else:
        yield from (half for pair in reading.halves[:1] for half in pair)
    yield from reading.parts[:PARTS] or reading.forms
    if original:
        yield from original.forms[1:]


def _pieces(listing: Listing) -> Iterator[str]:
    yield from listing.title.pieces[:PIECES]
    if listing.original:
        yield from listing.original.pieces[:PIECES]


def _unlikely(listing: Listing) -> Iterator[str]:
    """Other spellings; of a film of which nothing else is known, its Polish title in English."""
    for form in listing.original.forms if listing.original else ():
        yield from respelled(form)
        yield from inflected(form)
    for form in (*listing.title.forms, *listing.title.pieces[:1]):
        yield from respelled(form)
    if not listing.original and not listing.facts.directors and (english := translated(listing.title.forms[0])):
        yield english
