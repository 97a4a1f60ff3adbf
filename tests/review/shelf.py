"""A few films that answer as TMDB does, and remember what they were asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from events.records import FilmFacts
from events.titles.spelling import plain
from review.matching.candidates import Candidate, Found


def film(tmdb_id: int, title: str, year: int | None = None, *directors: str, **more: object) -> Candidate:
    facts: dict[str, object] = {"original_title": title, "vote_count": 500, "detailed": True}
    return Candidate(tmdb_id, title, year=year, directors=directors, **(facts | more))  # type: ignore[arg-type]


def stub(tmdb_id: int, title: str, year: int) -> Candidate:
    """An entry that somebody made and nobody filled."""
    return film(tmdb_id, title, year, vote_count=0, runtime=0)


def listed(title: str, **facts: object) -> FilmFacts:
    return FilmFacts(slug="a-film", title=title, **facts)  # type: ignore[arg-type]


class Shelf:
    """A `review.matching.search.Source`."""

    def __init__(self, films: Iterable[Candidate], *, page: int = 20) -> None:
        self.films = {film.tmdb_id: film for film in films}
        self.page = page
        self.lists_people = True
        self.asked: list[tuple[object, ...]] = []

    def search(self, query: str, year: int | None = None) -> Found:
        self.asked.append(("search", query, year))
        found = [film for film in self.films.values() if year in (None, film.year) and _finds(query, film)]
        return Found([_brief(film) for film in found[: self.page]], len(found) > self.page)

    def details(self, tmdb_id: int) -> Candidate | None:
        self.asked.append(("details", tmdb_id))
        return self.films.get(tmdb_id)

    def people(self, name: str) -> list[int]:
        self.asked.append(("people", name))
        return [hash(name)] if any(name in film.directors for film in self.films.values()) else []

    def directed(self, person: int) -> Found:
        self.asked.append(("directed",))
        return Found([_brief(film) for film in self.films.values() if person in map(hash, film.directors)], more=False)

    def queries(self) -> list[str]:
        return [str(question[1]) for question in self.asked if question[0] == "search"]


def _finds(query: str, film: Candidate) -> bool:
    *words, last = _words(query)
    return any(
        set(words) <= set(name) and any(word.startswith(last) for word in name)
        for name in map(_words, film.all_names)
        if name
    )


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in plain(text)).split() or [""]


def _brief(film: Candidate) -> Candidate:
    return replace(film, names=(), runtime=None, directors=(), countries=(), imdb_id="", detailed=False)
