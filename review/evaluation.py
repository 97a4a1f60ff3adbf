"""How good the matcher is: films with known answers go through it, and what comes out is counted.

A file has one film a line, as JSON: `query_id, polish_title, original_title?, year?, directors?[], countries?[],
runtime?, cast?[], premiere?`, the right `true_tmdb_id` (null: TMDB has none) and `variant`, what the listing gets
wrong. A row may say instead which answers are right: `accept`, ids of films and "person" where a person may be asked;
and of which day it is: `today`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import queue
from collections.abc import Callable, Container, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connections

from events.records import FilmFacts
from kinokrakow import http
from review.ablation import Memory
from review.matching import search
from review.matching.score import Scored
from review.tmdb import Tmdb

STEP = 5  # points of score, of the calibration
NO_FILMS = frozenset({"not-a-film", "real-event"})  # variants: listings of what is no film
PERSON = "person"


@dataclass(frozen=True, slots=True)
class Query:
    query_id: str
    facts: FilmFacts
    true_tmdb_id: int | None
    variant: str
    accept: frozenset[int] = frozenset()  # films that are right; several where a listing may mean either
    sure: bool = False  # the row says that a person need not be asked
    today: dt.date | None = None  # the day it is asked about, if not this one

    @property
    def half(self) -> str:
        """A or B, by its id: what chose a weight is measured on the other half as well."""
        return "AB"[hashlib.sha256(self.query_id.encode()).digest()[-1] % 2]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the matcher says of one film; `error` where TMDB could not be asked."""

    query: Query
    band: str  # matched, provisional, review, unmatched or error
    scored: tuple[Scored, ...] = ()
    calls: int = 0
    error: str = ""

    @property
    def best(self) -> int | None:
        return self.scored[0].candidate.tmdb_id if self.scored else None

    @property
    def accepted(self) -> bool:
        return self.band in ("matched", "provisional")

    @property
    def right(self) -> bool:
        return self.best in self.query.accept

    @property
    def shown(self) -> bool:
        """Whether a person would find the right film among the candidates."""
        return any(one.candidate.tmdb_id in self.query.accept for one in self.scored)

    def as_dict(self) -> dict[str, Any]:
        reasons = [reason.as_dict() for reason in self.scored[0].reasons] if self.scored else []
        return {
            "query_id": self.query.query_id,
            "band": self.band,
            "tmdb_id": self.best,
            "score": round(self.scored[0].score, 1) if self.scored else None,
            "candidates": [one.candidate.tmdb_id for one in self.scored],
            "reasons": reasons,
            **({"error": self.error} if self.error else {}),
        }


@dataclass(slots=True)
class Asked:
    """How the films are asked about. `memory`: answers to keep for another run, and take from the one before."""

    service: http.Service
    playing: Container[int]
    today: dt.date
    threads: int
    memory: dict[tuple[object, ...], Any] | None = field(default=None)


def load(path: Path) -> list[Query]:
    """Raises OSError, or ValueError that says which line is wrong and how."""
    queries = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    queries.append(_query(json.loads(line)))
                except (ValueError, TypeError, KeyError, AttributeError) as error:
                    raise ValueError(f"line {number}: {type(error).__name__}: {error}") from error
    if not queries:
        raise ValueError("it holds no films")
    return queries


def _query(row: dict[str, Any]) -> Query:
    for key, kind in (("query_id", str), ("polish_title", str)):
        if not isinstance(row[key], kind):
            raise TypeError(f"{key}: expected text, found {row[key]!r:.80}")
    accept = row.get("accept")
    if accept is not None and not (isinstance(accept, list) and all(isinstance(one, int | str) for one in accept)):
        raise TypeError(f"accept: expected ids of films or {PERSON!r}, found {accept!r:.80}")
    for key in ("year", "runtime", "true_tmdb_id"):
        if not isinstance(row.get(key), int | None):
            raise TypeError(f"{key}: expected a whole number or null, found {row[key]!r:.80}")
    right = row.get("true_tmdb_id")
    films = [right] if accept is None else [one for one in accept if one != PERSON]
    return Query(
        row["query_id"],
        FilmFacts(
            slug=row["query_id"],
            title=row["polish_title"],
            original_title=row.get("original_title"),
            directors=tuple(map(str, row.get("directors") or ())),
            year=row.get("year"),
            countries=tuple(map(str, row.get("countries") or ())),
            runtime=row.get("runtime"),
            cast=tuple(map(str, row.get("cast") or ())),
            premiere=_day(row.get("premiere")),
        ),
        next((one for one in films if one is not None), None),
        str(row.get("variant") or "none"),
        accept=frozenset(one for one in films if one is not None),
        sure=accept is not None and PERSON not in accept,
        today=_day(row.get("today")),
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def run(queries: Sequence[Query], asked: Asked, *, done: Callable[[int], None]) -> list[Verdict]:
    """The verdicts in the order of the queries. `done` is told how many there are so far, from any thread."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for place in range(len(queries)):
        waiting.put(place)
    verdicts: dict[int, Verdict] = {}

    def work() -> None:
        try:
            with http.Session(asked.service) as session:
                tmdb = Tmdb(session)
                source = tmdb if asked.memory is None else Memory(tmdb, asked.memory)
                while True:
                    place = waiting.get_nowait()
                    verdicts[place] = _judge(queries[place], source, asked)
                    done(len(verdicts))
        except queue.Empty:
            return
        finally:
            connections.close_all()  # this thread's own

    with ThreadPoolExecutor(asked.threads) as pool:
        for worker in [pool.submit(work) for _ in range(asked.threads)]:
            worker.result()
    return [verdicts[place] for place in range(len(queries))]


def _judge(query: Query, source: search.Source, asked: Asked) -> Verdict:
    try:
        proposal = search.find(query.facts, source, today=query.today or asked.today)
    except http.HttpError as error:
        return Verdict(query, "error", error=str(error))
    return Verdict(query, proposal.band(asked.playing), proposal.scored, proposal.calls)


def count(verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """Auto precision: right / accepted without a person; auto recall: right and accepted / films TMDB has."""
    verdicts = list(verdicts)
    accepted = [verdict for verdict in verdicts if verdict.accepted]
    right = sum(verdict.right for verdict in accepted)
    on_tmdb = sum(verdict.query.true_tmdb_id is not None for verdict in verdicts)
    rest = [v for v in verdicts if not v.accepted and v.query.true_tmdb_id is not None]
    events = [v for v in verdicts if v.query.variant in NO_FILMS]
    return {
        "films": len(verdicts),
        "accepted": len(accepted),
        "wrong": len(accepted) - right,
        "auto_precision": _share(right, len(accepted)),
        "auto_recall": _share(right, on_tmdb),
        "left_to_humans": len(verdicts) - len(accepted),
        "on_tmdb_not_accepted": len(rest),
        "right_among_shown": _share(sum(v.shown for v in rest), len(rest)),
        "accepted_or_shown": _share(right + sum(v.shown for v in rest), on_tmdb),
        "events_to_a_person": _share(sum(v.band == "review" for v in events), len(events)),
        "sure_ones_asked": sum(v.query.sure and not v.accepted for v in verdicts),
        "errors": sum(verdict.band == "error" for verdict in verdicts),
        "calls_per_film": _share(sum(verdict.calls for verdict in verdicts), len(verdicts)),
    }


def by_half(verdicts: Sequence[Verdict]) -> dict[str, dict[str, Any]]:
    return {half: count(v for v in verdicts if v.query.half == half) for half in "AB"}


def by_variant(verdicts: Sequence[Verdict]) -> dict[str, dict[str, Any]]:
    variants = sorted({verdict.query.variant for verdict in verdicts})
    return {name: count(v for v in verdicts if v.query.variant == name) for name in variants}


def calibration(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Per five points of the best candidate's score: how many, their mean score (%), and how many were right (%)."""
    steps: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.scored:
            step = min(int(verdict.scored[0].score) // STEP * STEP, 100 - STEP)
            steps.setdefault(step, []).append(verdict)
    return [
        {
            "from": step,
            "to": step + STEP,
            "films": len(some),
            "mean_score": round(sum(v.scored[0].score for v in some) / len(some), 1),
            "right": round(100 * sum(v.right for v in some) / len(some), 1),
        }
        for step, some in sorted(steps.items())
    ]


def wrong(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.accepted and not verdict.right]


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
