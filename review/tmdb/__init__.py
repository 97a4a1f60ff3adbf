"""TMDB's API, version 3: the questions this project asks, and their answers as `Candidate`s.

Every method makes one request (`now_playing` one a page) through the given session and raises its `http.HttpError`
when TMDB could not be asked. An answer that is no object, has no list, or one with nothing readable in it is
`http.Garbled`; a value or a result of another shape than documented is left out, and logged.
"This product uses the TMDB API but is not endorsed or certified by TMDB."
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from kinokrakow import http
from review.matching.candidates import Candidate, Found
from review.tmdb.answers import LAST_PAGE, Reading

logger = logging.getLogger(__name__)
T = TypeVar("T")

LANGUAGE = {"language": "pl-PL"}  # `title` is then the Polish one, where TMDB has it
APPENDED = "credits,alternative_titles,translations,external_ids,release_dates"


class Tmdb:
    """TMDB, asked through one `http.Session`: the `Source` of `review.matching.search`."""

    def __init__(self, session: http.Session) -> None:
        self.session = session
        self.lists_people = True  # until it says otherwise

    def search(self, query: str, year: int | None = None) -> Found:
        """The first page of films that have all words of `query` in one of their names.

        `year` is that of any release. No region: with one, a result bears the date of its last release there.
        """
        params: dict[str, str | int] = {**LANGUAGE, "include_adult": "false", "query": query}
        if year is not None:
            params["year"] = year
        return self._read("search/movie", Reading.found, params)

    def details(self, tmdb_id: int) -> Candidate | None:
        """All that is known of a film, in one request; None when TMDB no longer has it."""
        try:
            params = {**LANGUAGE, "append_to_response": APPENDED}
            return self._read(f"movie/{tmdb_id}", lambda reading, answer: reading.film(answer, tmdb_id), params)
        except http.NotFound:
            return None

    def people(self, name: str) -> list[int]:
        """The people of that name, those known for directing first; none, ever after, where TMDB lists no people."""
        try:
            params = {**LANGUAGE, "query": name}
            return self._read("search/person", lambda reading, answer: reading.people(answer, name), params)
        except (http.NotFound, http.Blocked, http.Refused):  # films it does list: the token is right
            self.lists_people = False
            return []

    def directed(self, person: int) -> Found:
        """The films somebody directed; none when TMDB no longer knows the person."""
        try:
            return self._read(f"person/{person}/movie_credits", Reading.directed, LANGUAGE)
        except http.NotFound:
            return Found([], more=False)

    def find_by_imdb(self, imdb_id: str) -> Candidate | None:
        """The film with an IMDb id ("tt0094675")."""
        params = {**LANGUAGE, "external_source": "imdb_id"}
        return self._read(f"find/{imdb_id}", Reading.first, params)

    def now_playing(self) -> set[int]:
        """TMDB ids of what plays in Poland, of all pages: to the last that is named, or that brings anything new."""
        found: set[int] = set()
        for page in range(1, LAST_PAGE + 1):
            params: dict[str, str | int] = {**LANGUAGE, "region": "PL", "page": page}
            listed, pages = self._read("movie/now_playing", Reading.playing, params)
            if listed <= found:
                break
            found |= listed
            if page >= pages:
                break
        return found

    def _read(self, path: str, parse: Callable[[Reading, Any], T], params: Mapping[str, str | int]) -> T:
        reading = Reading()

        def parsed(answer: Any) -> T:
            reading.left_out.clear()  # of an answer before, to the same question
            return parse(reading, answer)

        answer = self.session.read(path, parsed, params=params)
        if reading.left_out:
            left_out = ", ".join(f"{key} ({count})" for key, count in sorted(reading.left_out.items()))
            logger.warning("TMDB's answer to %s: left out what could not be read: %s", path, left_out)
        return answer
