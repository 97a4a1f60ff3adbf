"""TMDB's API, version 3: the questions this project asks, and their answers as `Candidate`s.

Every method makes one request (`now_playing` one a page) through the given session and raises its `http.HttpError`
when TMDB could not be asked; an answer of another shape than documented is `http.Garbled`, never a KeyError.
"This product uses the TMDB API but is not endorsed or certified by TMDB."
"""

from __future__ import annotations

import math
from typing import Any

from events.titles.names import same_person
from kinokrakow import http
from review.matching.candidates import Candidate, Found

LANGUAGE = {"language": "pl-PL"}  # `title` is then the Polish one, where TMDB has it
APPENDED = "credits,alternative_titles,translations,external_ids,release_dates"
FULL_PAGE = 20  # results
LAST_PAGE = 500  # TMDB refuses those behind it
LONGEST = 300  # letters of a name; more is no name
REFUSALS = frozenset({3, 7, 10, 14, 30, 31, 33, 45})  # status codes: no permission, key or account; suspended
CAST = 30  # names kept, the leading ones


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
        return self.session.read("search/movie", _found, params=params)

    def details(self, tmdb_id: int) -> Candidate | None:
        """All that is known of a film, in one request; None when TMDB no longer has it."""
        try:
            params = {**LANGUAGE, "append_to_response": APPENDED}
            return self.session.read(f"movie/{tmdb_id}", _detailed, params=params)
        except http.NotFound:
            return None

    def people(self, name: str) -> list[int]:
        """The people of that name, those known for directing first; none, ever after, where TMDB lists no people."""

        def of_that_name(answer: Any) -> list[int]:
            people = [person for person in _list(_whole(answer), "results") if same_person(name, _text(person, "name"))]
            people.sort(key=lambda person: _text(person, "known_for_department") != "Directing")
            return [_id(person) for person in people]

        try:
            return self.session.read("search/person", of_that_name, params={**LANGUAGE, "query": name})
        except (http.NotFound, http.Blocked, http.Refused):  # films it does list: the token is right
            self.lists_people = False
            return []

    def directed(self, person: int) -> list[Candidate]:
        """The films somebody directed; none when TMDB no longer knows the person."""
        try:
            return self.session.read(f"person/{person}/movie_credits", _directed, params=LANGUAGE)
        except http.NotFound:
            return []

    def find_by_imdb(self, imdb_id: str) -> Candidate | None:
        """The film with an IMDb id ("tt0094675")."""
        params = {**LANGUAGE, "external_source": "imdb_id"}
        return self.session.read(f"find/{imdb_id}", _first_result, params=params)

    def now_playing(self) -> set[int]:
        """TMDB ids of what plays in Poland, of all pages: to the last that is named, or that brings anything new."""
        found: set[int] = set()
        for page in range(1, LAST_PAGE + 1):
            params: dict[str, str | int] = {**LANGUAGE, "region": "PL", "page": page}
            listed, pages = self.session.read("movie/now_playing", _playing, params=params)
            if listed <= found:
                break
            found |= listed
            if page >= pages:
                break
        return found


# --- answers read: a TypeError or ValueError says that one is of another shape ---------------------------


def _found(answer: Any) -> Found:
    films = [_candidate(film) for film in _results(answer)]
    return Found(films, _cut_off(answer, len(films)))


def _detailed(answer: Any) -> Candidate:
    return _candidate(_whole(answer), detailed=True)


def _directed(answer: Any) -> list[Candidate]:
    return [_candidate(film) for film in _list(_whole(answer), "crew") if _text(film, "job") == "Director"]


def _first_result(answer: Any) -> Candidate | None:
    return next((_candidate(film) for film in _list(_whole(answer), "movie_results")), None)


def _playing(answer: Any) -> tuple[set[int], int]:
    """The films of a page, and how many pages there are."""
    return {_id(film) for film in _results(answer)}, _number(answer, "total_pages") or LAST_PAGE


def _whole(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise TypeError(f"expected an object, found {type(answer).__name__}")
    if answer.get("success") is False:
        said = f"TMDB: {answer.get('status_code')} {answer.get('status_message')}"[:LONGEST]
        if answer.get("status_code") in REFUSALS:
            raise http.Denied(said)
        raise ValueError(said)
    return answer


def _results(answer: Any) -> list[dict[str, Any]]:
    """A list's results. An answer without any list is not one that found nothing."""
    if _whole(answer).get("results") is None:
        raise TypeError(f"results: expected a list, found {answer!r:.80}")
    return _list(answer, "results")


def _cut_off(answer: dict[str, Any], films: int) -> bool:
    """Whether more was found than stands on this page, of which a server may have its own idea how full it gets."""
    found, pages = answer.get("total_results"), answer.get("total_pages")
    if isinstance(found, int):
        return found > films or films >= FULL_PAGE
    return films >= FULL_PAGE or (isinstance(pages, int) and pages > 1)


def _candidate(film: dict[str, Any], *, detailed: bool = False) -> Candidate:
    released = _text(film, "release_date")
    crew = _list(_object(film, "credits"), "crew")
    alternative = _alternative(film.get("alternative_titles"))
    translations = _list(_object(film, "translations"), "translations")
    polish = [_text(_object(one, "data"), "title") for one in translations if _text(one, "iso_639_1") == "pl"]
    polish += [_text(one, "title") for one in alternative if _text(one, "iso_3166_1") == "PL"]
    names = [_text(one, "title") for one in (*alternative, *(_object(one, "data") for one in translations))]
    countries = [_text(one, "iso_3166_1") or _text(one, "name") for one in _list(film, "production_countries")]
    return Candidate(
        tmdb_id=_id(film),
        title=_text(film, "title") or _text(film, "original_title"),
        original_title=_text(film, "original_title"),
        names=tuple(dict.fromkeys(name for name in names if name)),
        polish_title=next(filter(None, polish), ""),
        year=int(released[:4]) if released[:4].isdecimal() else None,
        release_date=released,
        runtime=_number(film, "runtime"),
        directors=tuple(_text(one, "name") for one in crew if _text(one, "job") == "Director" and _text(one, "name")),
        cast=tuple(filter(None, (_text(one, "name") for one in _list(_object(film, "credits"), "cast")[:CAST]))),
        countries=tuple(name for name in countries if name),
        polish_releases=_polish_releases(film),
        vote_count=_number(film, "vote_count"),
        popularity=_measure(film, "popularity"),
        poster_path=_text(film, "poster_path"),
        original_language=_text(film, "original_language"),
        imdb_id=_text(film, "imdb_id") or _text(_object(film, "external_ids"), "imdb_id"),
        overview=_text(film, "overview", longest=5000),
        detailed=detailed,
    )


def _polish_releases(film: dict[str, Any]) -> tuple[str, ...]:
    by_country = _list(_object(film, "release_dates"), "results")
    polish = [
        one for country in by_country if country.get("iso_3166_1") == "PL" for one in _list(country, "release_dates")
    ]
    days = (_text(one, "release_date")[:10] for one in polish)
    return tuple(sorted({day for day in days if day[:4].isdecimal()}))


def _alternative(titles: Any) -> list[dict[str, Any]]:
    """TMDB sends `{"titles": […]}` (`results` for all but films), other servers the mere list."""
    if isinstance(titles, list):
        titles = {"titles": [{"title": one} if isinstance(one, str) else one for one in titles]}
    named = _object({"alternative_titles": titles}, "alternative_titles")
    return _list(named, "titles") or _list(named, "results")


def _id(thing: dict[str, Any]) -> int:
    value = thing.get("id")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise ValueError(f"expected an id, found {value!r:.80}")
    return value


def _text(thing: dict[str, Any], key: str, longest: int = LONGEST) -> str:
    value = thing.get(key)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{key}: expected text, found {value!r:.80}")
    whole = (value or "").encode("utf-8", "replace").decode()  # half a character (a lone surrogate) can't be stored
    return " ".join(whole.replace("\0", " ").split())[:longest]


def _number(thing: dict[str, Any], key: str) -> int | None:
    value = thing.get(key)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31):
        raise ValueError(f"{key}: expected a whole number, found {value!r:.80}")
    return value


def _measure(thing: dict[str, Any], key: str) -> float | None:
    value = thing.get(key)
    if value is not None and not (isinstance(value, int | float) and math.isfinite(value)):
        raise TypeError(f"{key}: expected a number, found {value!r:.80}")
    return value


def _object(thing: dict[str, Any], key: str) -> dict[str, Any]:
    value = thing.get(key)
    if value is not None and not isinstance(value, dict):
        raise TypeError(f"{key}: expected an object, found {value!r:.80}")
    return value or {}


def _list(thing: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = thing.get(key)
    if value is not None and not (isinstance(value, list) and all(isinstance(one, dict) for one in value)):
        raise TypeError(f"{key}: expected a list of objects, found {value!r:.80}")
    return value or []
