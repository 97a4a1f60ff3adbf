"""Films with known answers, read from a file.

A file has one film a line, as JSON: `query_id, polish_title, original_title?, year?, directors?[], countries?[],
runtime?, cast?[], premiere?`, the right `true_tmdb_id` (null: TMDB has none) and `variant`, what the listing gets
wrong. A row may say instead which answers are right: `accept`, ids of films and "person" where a person may be asked;
and of which day it is: `today`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from events.records import FilmFacts

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
