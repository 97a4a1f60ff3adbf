"""Pure: reads the JSON of an answer, whatever wraps it and however its names are written, and gathers its rows."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from scraper.coverage.witnesses.listings.reading import text, title
from scraper.coverage.witnesses.listings.records import (
    LONGEST_TEXT,
    MOST_STARTS,
    Failure,
    Sheet,
    Start,
    Unreadable,
)

_OFF = re.compile(r"\b(?:odwołan[eay]|cancell?ed)\b", re.IGNORECASE)
_OFF_TITLE = re.compile(r"\W*(?:odwołan[eay]|cancell?ed)\s*[:!)\]–-]", re.IGNORECASE)


def parsed(body: str) -> Any:
    """The JSON of an answer, its names as `bare` has them."""
    try:
        return json.loads(body.removeprefix("\ufeff"), object_hook=_with_bare_names)
    except (ValueError, RecursionError) as error:
        raise Unreadable(Failure.CHANGED, f"expected JSON, found {body[:80]!r}") from error


def bare(name: str) -> str:
    """A name without what programs write differently: `startDate`, `start_date` and `StartDate` are one."""
    return name.replace("_", "").replace("-", "").lower()


def _with_bare_names(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.items():
        if found.get(bare(name)) is None:
            found[bare(name)] = value
    return found


def first(of: Any, *names: str) -> Any:
    """The first of an object's fields that says anything; None if none does."""
    return next((value for name in names if (value := of.get(name)) not in (None, "", [], {})), None)


def nested(answer: Any, deep: int = 3) -> Iterator[dict[str, Any]]:
    """The objects of an answer from outside in, through objects alone."""
    if isinstance(answer, dict):
        yield answer
        for value in answer.values() if deep else ():
            yield from nested(value, deep - 1)


def listed(answer: Any, times: Sequence[str], deep: int = 0) -> list[Any] | None:
    """The rows, whatever they are wrapped in: a list, or an object of objects that have one of `times` among their
    fields, or of lists of these."""
    if isinstance(answer, list):
        return answer
    if not isinstance(answer, dict) or deep > 2:
        return None
    if any(_has_time(row, times) for row in answer.values()):
        return list(answer.values())
    found = [inner for value in answer.values() if (inner := listed(value, times, deep + 1)) is not None]
    timed = [row for inner in found if any(_has_time(row, times) for row in inner) for row in inner]
    return timed or (max(found, key=len) if found else None)


def _has_time(row: Any, times: Sequence[str]) -> bool:
    return isinstance(row, dict) and any(name in row for name in times)


def called_off(row: dict[str, Any]) -> bool:
    """Whether a row says that its start will not be."""
    if first(row, "cancelled", "canceled", "iscancelled", "iscanceled"):
        return True
    said = f"{text(row.get('status'))} {text(row.get('state'))}"
    return bool(_OFF.search(said) or any(_OFF_TITLE.match(title(row.get(name))) for name in ("title", "name")))


def complaint(answer: Any) -> str:
    """What an answer says went wrong, which services send with a status of 200 too."""
    said = (answer.get(name) for name in ("error", "errors", "errormessage")) if isinstance(answer, dict) else ()
    return next((text(str(one)) for one in said if one), "")


def rows(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list, or of an object that is used as one."""
    values: Iterable[Any] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for row in values:
        yield row if isinstance(row, dict) else {}


def sheet(read: Iterable[Start | str], asked: Iterable[dt.date], answer: Any = None) -> Sheet:
    """Gathers what the rows of an answer said: starts, or why a row could not be read.

    Where no row could be read, the form of the answer has changed; the same where every start is of another date than
    was asked for: then nobody knows of which day the answer is. An `answer` with no row may say what went wrong.
    """
    starts: dict[Start, None] = {}
    unread: list[str] = []
    for row in read:
        if isinstance(row, str):
            unread.append(row[:LONGEST_TEXT])
        else:
            starts[row] = None
        if len(starts) + len(unread) > MOST_STARTS:
            raise Unreadable(Failure.CHANGED, f"more than {MOST_STARTS} starts in one answer")
    wanted = set(asked)
    mine = tuple(start for start in starts if start.date in wanted or start.starts_at.date() in wanted)
    if starts and not mine:
        other = ", ".join(map(str, sorted({start.date for start in starts})[:3]))
        raise Unreadable(Failure.CHANGED, f"asked for {min(wanted)}, and every start is of another day: {other}")
    if unread and not starts:
        raise Unreadable(Failure.CHANGED, f"none of {len(unread)} rows could be read, the first: {unread[0]}")
    if not (starts or unread) and (wrong := complaint(answer)):
        raise Unreadable(Failure.UNREACHABLE, f"it says: {wrong}")
    return Sheet(mine, tuple(unread))
