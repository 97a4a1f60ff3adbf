"""What each mechanism of the matcher brings: films with known answers asked about again with one of them left out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from events.titles import names, reading, spelling
from review.matching import caps, search, signals, similarity, weights
from review.matching.candidates import Candidate, Found
from review.matching.search import Source


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One of them: the module and attribute that hold it, and what they hold when it is left out."""

    name: str
    module: ModuleType
    attribute: str
    instead: Any


def mechanisms() -> Iterator[Mechanism]:
    for signal, points in weights.WEIGHTS.items():
        yield Mechanism(
            f"signal: {signal}", weights, "WEIGHTS", {**weights.WEIGHTS, signal: dict.fromkeys(points, 0.0)}
        )
    for cap in weights.CAPS:
        yield Mechanism(f"cap: {cap}", weights, "CAPS", {**weights.CAPS, cap: 100.0})
    yield Mechanism("rule: a film without any agreeing title", caps, "_untitled", lambda *_: False)
    yield Mechanism("search: the directors' way", search, "PEOPLE", 0)
    yield Mechanism("search: other spellings", search, "respelled", lambda _title: iter(()))
    yield Mechanism("search: a last word cut", search, "inflected", lambda _title: iter(()))
    yield Mechanism("search: in English", search, "translated", lambda _title: None)
    yield Mechanism("search: pieces of a title", search, "PIECES", 0)
    yield Mechanism("search: more looks at namesakes", search, "LOOKS", search.DETAILS)
    yield Mechanism("search: no look beyond the best", search, "LOOKS", 1)
    yield Mechanism("titles: noise", reading, "RULES", ())
    yield Mechanism("titles: what is no film", reading, "NOT_FILMS", ())
    yield Mechanism("titles: pieces", reading, "PIECES", 0)
    yield Mechanism("titles: facts inside", reading, "_facts", lambda title: (title, reading.Said()))
    yield Mechanism("titles: numbers of parts", spelling, "_PARTS", frozenset())
    yield Mechanism("titles: spelt almost alike", similarity, "CLOSE", 101.0)
    yield Mechanism("names: diminutives", names, "_CALLED", {})
    yield Mechanism("names: transliterations", names, "sound", spelling.plain)
    yield Mechanism("names: cut off", names, "CUT", 99)


@contextmanager
def without(mechanism: Mechanism | None) -> Iterator[None]:
    """The matcher without it, for as long as this lasts. One process's own business: never beside a worker's."""
    if mechanism is None:
        yield
        return
    kept = getattr(mechanism.module, mechanism.attribute)
    setattr(mechanism.module, mechanism.attribute, mechanism.instead)
    _forget()
    try:
        yield
    finally:
        setattr(mechanism.module, mechanism.attribute, kept)
        _forget()


def _forget() -> None:
    for module in (names, reading, spelling, similarity, signals):
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


@dataclass(slots=True)
class Memory:
    """A source whose answers are kept: with and without a mechanism the matcher asks much the same."""

    source: Source
    answers: dict[tuple[object, ...], Any] = field(default_factory=dict)

    @property
    def lists_people(self) -> bool:
        return self.source.lists_people

    def search(self, query: str, year: int | None = None) -> Found:
        found: Found = self._ask("search", query, year)
        return found

    def details(self, tmdb_id: int) -> Candidate | None:
        film: Candidate | None = self._ask("details", tmdb_id)
        return film

    def people(self, name: str) -> list[int]:
        people: list[int] = self._ask("people", name)
        return people

    def directed(self, person: int) -> Found:
        films: Found = self._ask("directed", person)
        return films

    def _ask(self, method: str, *question: object) -> Any:
        key = (method, *question)
        if key not in self.answers:
            self.answers[key] = getattr(self.source, method)(*question)
        return self.answers[key]
