"""A local TMDB: the few addresses of API v3 that this project asks, answered from an index of films.

Search does what TMDB's does: case, accents and punctuation don't count; every word of the query must stand in
one of a film's names (the last may be the beginning of one); exact names come first, then the popular ones;
20 a page, without director or runtime. Directors are found by name, and what they directed. What the index does
not know is left out of an answer, never made up, but for the day of a release of which only the year is known
(1 January).

An entry: ``tmdb_id, title, original_title?, original_language?, pl_title?, alternative_titles?[], year,
release_date?, runtime?, directors?[], countries?[] (ISO codes or English names), popularity?, vote_count?,
imdb_id?, overview?, now_playing?``.
"""

from __future__ import annotations

import json
import re
import threading
import time
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

Entry = Mapping[str, Any]
#: Given method, path and how often that path was asked before: None, or the status and headers to answer with.
Fault = Callable[[str, str, int], tuple[int, Mapping[str, str]] | None]

PAGE = 20
LAST_PAGE = 500  # TMDB refuses pages beyond it
_WORD = re.compile(r"\w+")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})
_FIELDS = ("original_language", "popularity", "vote_count", "overview")


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

    def search(self, query: str, year: int | None) -> list[Entry]:
        """All films the query finds, best first."""
        found = [self.films[tmdb_id] for tmdb_id in self._found(_words(query))]
        return [film for film in found if year is None or film.get("year") == year]

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


class DemoTmdb:
    """The server, on 127.0.0.1 only: `with DemoTmdb(entries) as tmdb: … tmdb.url …` (port 0: any free one).

    With a `token` only that bearer is let in; without `people` whatever asks for them is answered with 404.
    `requests` lists (monotonic seconds, method, path, status).
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        *,
        port: int = 0,
        token: str | None = None,
        fault: Fault | None = None,
        people: bool = True,
    ) -> None:
        self.index = Index(entries)
        self.token = token
        self.fault = fault
        self.people = people
        self.requests: list[tuple[float, str, str, int]] = []
        self.asked: dict[str, int] = defaultdict(int)
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.demo = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/3"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve_forever(self) -> None:
        """Serve in this thread until interrupted."""
        self._server.serve_forever()

    def answer(self, path: str, query: Mapping[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Status and JSON of one GET; `path` begins behind the /3."""
        if self.token is not None and authorization != f"Bearer {self.token}":
            return 401, _trouble(7, "Invalid API key: You must be granted a valid key.")
        polish = query.get("language", "en-US").startswith("pl")
        match path.strip("/").split("/"):
            case ["search", "movie"]:
                return _listed(self.index.search(query.get("query", ""), _year(query)), query, polish)
            case ["search", "person"] if self.people:
                numbers = self.index.search_people(query.get("query", ""))
                return 200, {"page": 1, "results": [self._person(n) for n in numbers[:PAGE]]}
            case ["person", number, "movie_credits"] if self.people and self._knows(number):
                crew = [_result(e, polish) | {"job": "Director"} for e in self.index.people[int(number)][1]]
                return 200, {"id": int(number), "cast": [], "crew": crew}
            case ["movie", "now_playing"]:
                return _listed(self.index.now_playing, query, polish)
            case ["movie", number] if number.isdecimal() and int(number) in self.index.films:
                wanted = frozenset(query.get("append_to_response", "").split(","))
                return 200, _details(self.index.films[int(number)], wanted, polish)
            case ["find", imdb_id] if query.get("external_source") == "imdb_id":
                entry = self.index.by_imdb.get(imdb_id)
                return 200, {"movie_results": [_result(entry, polish)] if entry else [], "person_results": []}
            case ["configuration"]:
                return 200, {"images": {"base_url": "http://127.0.0.1/", "secure_base_url": "", "poster_sizes": []}}
        return 404, _trouble(34, "The resource you requested could not be found.")

    def _knows(self, person: str) -> bool:
        return person.isdecimal() and int(person) in self.index.people

    def _person(self, number: int) -> dict[str, Any]:
        return {"id": number, "name": self.index.people[number][0], "known_for_department": "Directing"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    demo: DemoTmdb

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is its own business."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body leave as one write; waiting for more would only cost time
    server: _Server

    def do_GET(self) -> None:
        demo, address = self.server.demo, urlsplit(self.path)
        with demo.lock:
            count = demo.asked[address.path]
            demo.asked[address.path] += 1
        fault = demo.fault("GET", address.path, count) if demo.fault else None
        headers: Mapping[str, str] = {}
        if fault:
            (status, headers), content = fault, _trouble(11, "Internal error: Something went wrong.")
        elif address.path.startswith("/3/"):
            status, content = demo.answer(
                address.path[2:], dict(parse_qsl(address.query)), self.headers.get("Authorization", "")
            )
        else:
            status, content = 404, _trouble(34, "The resource you requested could not be found.")
        demo.requests.append((time.monotonic(), "GET", self.path, status))
        self._send(status, headers, json.dumps(content).encode())

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        lines = [f"HTTP/1.1 {status} {self.responses[status][0] if status in self.responses else ''}"]
        named = {"Content-Type": "application/json;charset=utf-8", "Content-Length": str(len(body)), **headers}
        lines += [f"{name}: {value}" for name, value in named.items()]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def log_message(self, format: str, *args: Any) -> None:
        """`DemoTmdb.requests` is the log."""


def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return tuple(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))


def _names(entry: Entry) -> list[str]:
    own = (entry.get(key) for key in ("title", "original_title", "pl_title"))
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


def _year(query: Mapping[str, str]) -> int | None:
    value = query.get("primary_release_year") or query.get("year") or ""
    return int(value) if value.isdecimal() else None


def _trouble(code: int, message: str) -> dict[str, Any]:
    return {"success": False, "status_code": code, "status_message": message}


def _listed(films: list[Entry], query: Mapping[str, str], polish: bool) -> tuple[int, dict[str, Any]]:
    number = query.get("page", "1")
    page = int(number) if number.isdecimal() else 0
    if not 1 <= page <= LAST_PAGE:
        return 400, _trouble(22, "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.")
    return 200, {
        "page": page,
        "results": [_result(film, polish) for film in films[(page - 1) * PAGE : page * PAGE]],
        "total_pages": -(-len(films) // PAGE),
        "total_results": len(films),
    }


def _result(entry: Entry, polish: bool) -> dict[str, Any]:
    year = entry.get("year")
    return {
        "id": entry["tmdb_id"],
        "title": (polish and entry.get("pl_title")) or entry["title"],
        "original_title": entry.get("original_title") or entry["title"],
        "release_date": entry.get("release_date") or (f"{year}-01-01" if year else ""),
        "poster_path": None,
        "genre_ids": [],
        "adult": False,
        "video": False,
        **{key: entry[key] for key in _FIELDS if entry.get(key) is not None},
    }


def _details(entry: Entry, wanted: frozenset[str], polish: bool) -> dict[str, Any]:
    details = _result(entry, polish)
    del details["genre_ids"]
    details["imdb_id"] = entry.get("imdb_id")
    details["production_countries"] = [
        {"iso_3166_1": name, "name": name} if len(name) == 2 else {"iso_3166_1": "", "name": name}
        for name in entry.get("countries", ())
    ]
    if entry.get("runtime") is not None:
        details["runtime"] = entry["runtime"]
    if "credits" in wanted:
        crew = [{"job": "Director", "department": "Directing", "name": name} for name in entry.get("directors", ())]
        details["credits"] = {"cast": [], "crew": crew}
    if "alternative_titles" in wanted:
        names = [{"iso_3166_1": "", "title": name, "type": ""} for name in entry.get("alternative_titles", ())]
        details["alternative_titles"] = {"titles": names}
    if "translations" in wanted:
        known = (("en", entry["title"]), ("pl", entry.get("pl_title")))
        details["translations"] = {
            "translations": [{"iso_639_1": language, "data": {"title": name}} for language, name in known if name]
        }
    if "external_ids" in wanted:
        details["external_ids"] = {"imdb_id": entry.get("imdb_id")}
    return details
