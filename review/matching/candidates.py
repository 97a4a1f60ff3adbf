"""A film as TMDB describes it: what the matcher compares a listing with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple, Self

OBSCURE_VOTES = 50  # fewer: a film that few know, as each of a children's series


@dataclass(frozen=True, slots=True)
class Candidate:
    """A film of TMDB's. Before `detailed` only what a search result holds is known."""

    tmdb_id: int
    title: str
    original_title: str = ""
    names: tuple[str, ...] = ()  # every name it is known under, besides the two above
    polish_title: str = ""  # where TMDB is sure to have one; `title` may stand in for it
    listed_names: tuple[str, ...] = ()  # those of `names` under which a Polish cinema may list it
    year: int | None = None
    release_date: str = ""
    runtime: int | None = None  # minutes; 0: TMDB has none
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()  # ISO 3166-1 codes, or names
    polish_releases: tuple[str, ...] = ()  # dates, ISO
    vote_count: int | None = None
    popularity: float | None = None
    poster_path: str = ""
    original_language: str = ""
    imdb_id: str = ""
    overview: str = ""
    detailed: bool = False
    unreadable: tuple[str, ...] = ()  # facts that TMDB sent in a form that was not understood; "rivals": other films

    @property
    def all_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name in (self.title, self.original_title, *self.names) if name))

    @property
    def doubtful(self) -> bool:
        """Whether TMDB sent facts of it that could not be read."""
        return any(fact != "rivals" for fact in self.unreadable)

    @property
    def empty(self) -> bool:
        """An entry that somebody made and nobody filled: no votes, no runtime, no director, unknown to IMDb.

        Votes alone condemn nothing: a TMDB that serves part of the data sends 0 where it knows none.
        """
        return self.vote_count == 0 and not (self.runtime or self.directors or self.imdb_id)

    @property
    def obscure(self) -> bool:
        return self.vote_count is not None and self.vote_count < OBSCURE_VOTES

    @property
    def polish(self) -> bool:
        return self.original_language == "pl" or "PL" in self.countries

    @property
    def bare(self) -> bool:
        """Looked at closely, it tells neither director nor runtime, and no votes."""
        return self.detailed and not (self.vote_count or self.runtime or self.directors)

    def as_dict(self) -> dict[str, Any]:
        """JSON-friendly; `from_dict` reads it back."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        known: dict[str, Any] = {}
        for field in fields(cls):
            if field.name in data:
                value = data[field.name]
                known[field.name] = tuple(value) if isinstance(value, list) else value
        return cls(**known)


class Found(NamedTuple):
    """The first page of what a search found. `more`: TMDB has others, which only a narrower question brings up."""

    films: list[Candidate]
    more: bool
    dropped: int = 0  # results that could not be read
