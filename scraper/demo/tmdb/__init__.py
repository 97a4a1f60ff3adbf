"""A local TMDB: the few addresses of API v3 that this project asks, answered from an index of films.

Search does what TMDB's does: case, accents and punctuation don't count; every word of the query must stand in
one of a film's names (the last may be the beginning of one); exact names come first, then the popular ones;
20 a page, without director or runtime. With `region=PL` a result's date is the Polish release's, so an old film
shown again bears this year; details have the first date. `year` means any release, `primary_release_year` the
first. Directors are found by name, and what they directed. What the index does not know is left out of an answer,
never made up, but for the day of a release of which only the year is known (1 January).

An entry: ``tmdb_id, title, original_title?, original_language?, pl_title?, uk_title?, alternative_titles?[], year,
release_date?, pl_release_date?, runtime?, directors?[], cast?[], countries?[] (ISO codes or English names),
popularity?, vote_count?, imdb_id?, overview?, now_playing?``.
"""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from scraper.demo import posters
from scraper.demo.tmdb import answers
from scraper.demo.tmdb.index import Entry, Index

#: Given method, path and how often that path was asked before: None, the status and headers to answer with, or the
#: name of one of FAULTS.
Fault = Callable[[str, str, int], tuple[int, Mapping[str, str]] | str | None]

#: What may be switched on for every request: an answer that never comes, refusals, and bodies that are no answer.
FAULTS: Mapping[str, tuple[int, Mapping[str, str], bytes] | None] = {
    "hang": None,
    "503": (503, {}, b'{"success": false, "status_code": 9, "status_message": "Service offline."}'),
    "401": (401, {}, b'{"success": false, "status_code": 7, "status_message": "Invalid API key."}'),
    "429": (429, {"Retry-After": "10"}, b'{"status_code": 25, "status_message": "Over the allowed limit."}'),
    "html": (200, {"Content-Type": "text/html"}, b"<!doctype html><h1>We will be back soon</h1>"),
    "garbage": (200, {}, b'{"page": 1, "results": [{"id": 603, "title": "The Mat'),
    "other shape": (200, {}, b'{"page": "one", "results": {"id": "603"}, "id": [], "title": 7}'),
    "list": (200, {}, b'[{"id": 603, "title": "The Matrix"}]'),
    "no ids": (200, {}, b'{"page": 1, "results": [{"title": "The Matrix"}], "total_pages": 1, "total_results": 1}'),
    "sorry": (200, {}, b'{"success": false, "status_code": 9, "status_message": "Service offline."}'),
}


class DemoTmdb:
    """The server, on 127.0.0.1 only: `with DemoTmdb(entries) as tmdb: … tmdb.url …` (port 0: any free one).

    With a `token` only that bearer is let in; without `people` whatever asks for them is answered with 404.
    `fault` may break single requests; `broken`, one of FAULTS, breaks all of them while it is set (from a shell:
    `curl -X POST …/fault/hang`, and `…/fault/none` to mend it). `requests` lists (monotonic seconds, method, path,
    status), of a request without an answer with status 0.
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
        self.titles = {number: entry.get("pl_title") or entry["title"] for number, entry in self.index.films.items()}
        self.token = token
        self.fault = fault
        self.people = people
        self.broken = ""
        self.mended = threading.Event()  # lets go of the requests that hang
        self.requests: list[tuple[float, str, str, int]] = []
        self.asked: dict[str, int] = defaultdict(int)
        self.lock = threading.Lock()
        self.gone = False  # drops the connections that clients keep alive
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.demo = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/3"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Nobody listens meanwhile: connections are refused, and those that clients keep alive get no answer."""
        self.gone, address = True, self._server.server_address
        self._server.shutdown()
        self._server.server_close()
        yield
        self._server = _Server(("127.0.0.1", int(address[1])), _Handler)
        self._server.demo, self.gone = self, False
        self.__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.mended.set()
        self._server.shutdown()
        self._server.server_close()

    def serve_forever(self) -> None:
        """Serve in this thread until interrupted."""
        self._server.serve_forever()

    def break_down(self, fault: str) -> None:
        """Answer every request with this one of FAULTS from now on; none of them mends it."""
        self.broken = fault if fault in FAULTS else ""
        if not self.broken:
            self.mended.set()
            self.mended = threading.Event()

    def answer(self, path: str, query: Mapping[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Status and JSON of one GET; `path` begins behind the /3."""
        if self.token is not None and authorization != f"Bearer {self.token}":
            return 401, answers.trouble(7, "Invalid API key: You must be granted a valid key.")
        polish = query.get("language", "en-US").startswith("pl")
        match path.strip("/").split("/"):
            case ["search", "movie"]:
                found = self.index.search(
                    query.get("query", ""),
                    year=answers.year(query, "year"),
                    primary=answers.year(query, "primary_release_year"),
                )
                return answers.films(found, query, polish)
            case ["search", "person"] if self.people:
                numbers = self.index.search_people(query.get("query", ""))
                return answers.paged([self._person(number) for number in numbers], query)
            case ["person", number, "movie_credits"] if self.people and self._knows(number):
                crew = [answers.result(e, polish) | {"job": "Director"} for e in self.index.people[int(number)][1]]
                return 200, {"id": int(number), "cast": [], "crew": crew}
            case ["movie", "now_playing"]:
                return answers.films(self.index.now_playing, query, polish)
            case ["movie", number] if number.isdecimal() and int(number) in self.index.films:
                wanted = frozenset(query.get("append_to_response", "").split(","))
                return 200, answers.details(self.index.films[int(number)], wanted, polish)
            case ["find", imdb_id] if query.get("external_source") == "imdb_id":
                entry = self.index.by_imdb.get(imdb_id)
                return 200, {
                    "movie_results": [answers.result(entry, polish)] if entry else [],
                    "person_results": [],
                }
            case ["configuration"]:
                return 200, {"images": {"base_url": "http://127.0.0.1/", "secure_base_url": "", "poster_sizes": []}}
        return 404, answers.trouble(34, "The resource you requested could not be found.")

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
        if demo.gone:
            self.close_connection = True
            return
        with demo.lock:
            count = demo.asked[address.path]
            demo.asked[address.path] += 1
        fault = demo.broken or (demo.fault("GET", address.path, count) if demo.fault else None)
        headers: Mapping[str, str] = {}
        if isinstance(fault, str):
            self._fail(FAULTS[fault])
            return
        if fault:
            (status, headers), content = fault, answers.trouble(11, "Internal error: Something went wrong.")
        elif address.path.startswith("/t/p/"):
            self._send(200, {"Content-Type": "image/svg+xml"}, posters.draw(address.path, demo.titles))
            return
        elif address.path.startswith("/3/"):
            status, content = demo.answer(
                address.path[2:], dict(parse_qsl(address.query)), self.headers.get("Authorization", "")
            )
        else:
            status, content = 404, answers.trouble(34, "The resource you requested could not be found.")
        demo.requests.append((time.monotonic(), "GET", self.path, status))
        self._send(status, headers, json.dumps(content).encode())

    def do_POST(self) -> None:
        fault = urlsplit(self.path).path.removeprefix("/fault/").replace("%20", " ")
        known = fault in FAULTS or fault == "none"
        if known:
            self.server.demo.break_down(fault)
        content = {"fault": self.server.demo.broken or None, "known": list(FAULTS)}
        self._send(200 if known else 404, {}, json.dumps(content).encode())

    def _fail(self, answer: tuple[int, Mapping[str, str], bytes] | None) -> None:
        self.server.demo.requests.append((time.monotonic(), "GET", self.path, answer[0] if answer else 0))
        if answer:
            self._send(*answer)
        else:
            self.server.demo.mended.wait()
            self.close_connection = True

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        lines = [f"HTTP/1.1 {status} {self.responses[status][0] if status in self.responses else ''}"]
        named = {"Content-Type": "application/json;charset=utf-8", "Content-Length": str(len(body)), **headers}
        lines += [f"{name}: {value}" for name, value in named.items()]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def log_message(self, format: str, *args: Any) -> None:
        """`DemoTmdb.requests` is the log."""
