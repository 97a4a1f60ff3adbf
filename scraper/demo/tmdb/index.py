"""The films of the local TMDB, found by the words of their names as TMDB finds them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

Entry = Mapping[str, Any]

_WORD = re.compile(r"\w+")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})


class Index:
    """Films by the words of their names."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.films = {int(entry["tmdb_id"]): entry for entry in entries}
        self.by_imdb = {entry["imdb_id"]: entry for entry in self.films.values() if entry.get("imdb_id")}
        self.now_playing = sorted((e for e in self.films.values() if e.get("now_playing")), key=_fame)
        self._names: list[tuple[str, ...]] = []  # the words of every name of every film
        self._owner: list[int] = []  # whose it is
        self._places: dict[str, set[int]] = defaultdict(set)  # word -> names it stands in
        for tmdb_id, entry in self.films.items():
            for words in {_words(name) for name in _names(entry)} - {()}:
                for word in words:
                    self._places[word].add(len(self._names))
                self._names.append(words)
                self._owner.append(tmdb_id)
        self._vocabulary = sorted(self._places)
        self.people = _people(self.films.values())
        self._people_by_word: dict[str, set[int]] = defaultdict(set)
        for number, (name, _) in self.people.items():
            for word in _words(name):
                self._people_by_word[word].add(number)
        self._found = lru_cache(maxsize=4096)(self._find)

    def search(self, query: str, *, year: int | None = None, primary: int | None = None) -> list[Entry]:
        """All films the query finds, best first: `year` is that of any release known, `primary` of the first."""
        found = [self.films[tmdb_id] for tmdb_id in self._found(_words(query))]
        return [
            film
            for film in found
            if (year is None or year in released_in(film)) and (primary is None or film.get("year") == primary)
        ]

    def search_people(self, query: str) -> list[int]:
        """The numbers of all directors in whose name every word of the query stands."""
        sets = [self._people_by_word.get(word, set()) for word in _words(query)]
        return sorted(set.intersection(*sets)) if sets else []

    def _find(self, words: tuple[str, ...]) -> tuple[int, ...]:
        if not words:
            return ()
        *whole, last = words
        sets = sorted((self._places.get(word, set()) for word in whole), key=len)
        if sets:
            inside = set.intersection(*sets)
            names = [place for place in inside if any(word.startswith(last) for word in self._names[place])]
        else:
            names = [place for word in self._beginning_with(last) for place in self._places[word]]
        exact: dict[int, bool] = {}
        for place in names:
            owner = self._owner[place]
            exact[owner] = exact.get(owner, False) or self._names[place] == words
        return tuple(sorted(exact, key=lambda tmdb_id: (not exact[tmdb_id], *_fame(self.films[tmdb_id]))))

    def _beginning_with(self, start: str) -> list[str]:
        first = bisect_left(self._vocabulary, start)
        return self._vocabulary[first : bisect_left(self._vocabulary, start + "\U0010ffff")]


def released_in(entry: Entry) -> set[int]:
    """The years in which a film had its first release, or one in Poland."""
    polish = entry.get("pl_release_date") or ""
    return {year for year in (entry.get("year"), int(polish[:4]) if polish else None) if year}


def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return tuple(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))


def _names(entry: Entry) -> list[str]:
    own = (entry.get(key) for key in ("title", "original_title", "pl_title", "uk_title"))
    return [name for name in (*own, *entry.get("alternative_titles", ())) if name]


def _people(films: Iterable[Entry]) -> dict[int, tuple[str, list[Entry]]]:
    """Directors by a number of our own, as the index has none; one spelling is one person."""
    directed: dict[str, list[Entry]] = defaultdict(list)
    for film in films:
        for name in film.get("directors", ()):
            directed[name].append(film)
    return {number: (name, directed[name]) for number, name in enumerate(sorted(directed), start=1)}


def _fame(entry: Entry) -> tuple[float, float, int]:
    return -(entry.get("popularity") or 0), -(entry.get("vote_count") or 0), entry["tmdb_id"]
