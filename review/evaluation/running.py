"""Films with known answers sent through the matcher, several at a time."""

from __future__ import annotations

import datetime as dt
import queue
from collections.abc import Callable, Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

from kinokrakow import http
from review.evaluation.ablation import Memory
from review.evaluation.queries import Query
from review.matching import search
from review.matching.score import Scored
from review.tmdb import Tmdb


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
