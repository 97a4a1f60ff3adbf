"""One import's records on disk, in a private temporary database, so that a file of any length takes the same memory.

What a record is called is known only when all of them are there: an address, or an identifier, that several screenings
share names none of them, and then start and cinema belong to the name.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from events.other_sources.reading.claims import ScreeningEvent

_TABLE = """
CREATE TABLE record (
    number INTEGER PRIMARY KEY, given TEXT, named INTEGER, start TEXT, cinema TEXT, detail TEXT, body TEXT, name TEXT
)"""
#: The screenings that share what their publisher calls them, and those that start together in one cinema besides.
_SHARED = """
CREATE TABLE shared AS SELECT given, MAX(kinds > 1 AND NOT named) AS detailed, COUNT(*) > 1 AS timed FROM (
    SELECT given, named, COUNT(DISTINCT detail) AS kinds FROM record GROUP BY given, named, start, cinema
) GROUP BY given HAVING detailed OR timed"""
_NAMES = """
UPDATE record SET name = given || coalesce((
    SELECT char(10) || start || char(10) || cinema || CASE WHEN detailed THEN char(10) || detail ELSE '' END
    FROM shared WHERE shared.given = record.given
), '')"""
_LAST = "number IN (SELECT MAX(number) FROM record GROUP BY name)"


@dataclass(frozen=True, slots=True)
class Named:
    """A record with whether what its publisher calls it is its own, or is shared by screenings at other times
    (`timed`) or even by some that start together in one cinema (`detailed`)."""

    record: ScreeningEvent
    timed: bool
    detailed: bool


class Spool:
    """Records in the order of their coming; of one screening's the last counts."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")  # on disk, and gone with the connection
        self._database.execute(_TABLE)
        self._ready = False

    def close(self) -> None:
        self._database.close()

    def add(self, record: ScreeningEvent) -> None:
        given = record.given_id or record.title
        body = json.dumps(asdict(record), default=dt.datetime.isoformat)
        key = (given, record.named, record.starts_at.isoformat(), record.cinema_name, record.detail, body)
        self._database.execute(
            "INSERT INTO record (given, named, start, cinema, detail, body) VALUES (?, ?, ?, ?, ?, ?)", key
        )

    def count(self, since: dt.datetime) -> int:
        """The screenings that start after a moment."""
        self._name()
        start = since.astimezone(dt.UTC).isoformat()
        return int(self._one(f"SELECT COUNT(*) FROM record WHERE start > ? AND {_LAST}", start))

    def batches(self, size: int) -> Iterator[list[Named]]:
        """All screenings; those that share a name come one after the other."""
        self._name()
        rows = self._database.execute(
            "SELECT body, coalesce(timed, 0), coalesce(detailed, 0) FROM record LEFT JOIN shared USING (given) "
            f"WHERE {_LAST} ORDER BY given, start, number"
        )
        while batch := rows.fetchmany(size):
            yield [Named(_record(json.loads(body)), bool(timed), bool(detailed)) for body, timed, detailed in batch]

    def _one(self, query: str, *values: str) -> Any:
        return self._database.execute(query, values).fetchone()[0]

    def _name(self) -> None:
        if not self._ready:
            for statement in (
                "CREATE INDEX by_given ON record (given, start)",
                _SHARED,
                "CREATE UNIQUE INDEX one_shared ON shared (given)",
                _NAMES,
                "CREATE INDEX by_name ON record (name)",
            ):
                self._database.execute(statement)
            self._ready = True


def _record(values: dict[str, Any]) -> ScreeningEvent:
    for name in ("starts_at", "ends_at"):
        values[name] = dt.datetime.fromisoformat(values[name]) if values[name] else None
    return ScreeningEvent(**values)
