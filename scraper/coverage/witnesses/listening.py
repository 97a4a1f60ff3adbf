"""Asks a witness over the wire, politely, and reads what it says. Touches no showtime of ours."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from kinokrakow import http
from scraper import archive
from scraper.coverage.witnesses.listings.records import Ask, Failure, Start, Unreadable
from scraper.coverage.witnesses.listings.registry import Witness

logger = logging.getLogger(__name__)

PATIENCE = 20.0  # s that a request may wait for its turn; a host that wants more is asked another time
DEADLINE = 120.0  # s after which no further request of a look begins: a job has Q_TIMEOUT
IN_A_ROW = 2  # requests that fail before the rest is not asked for
LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """A request that brought nothing, and why."""

    ask: Ask
    failure: Failure
    error: str


@dataclass(slots=True)
class Heard:
    """What a witness said in one look. What was neither read nor is among the problems was not asked for."""

    starts: list[Start] = field(default_factory=list)
    read: list[Ask] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    requests: int = 0

    @property
    def failure(self) -> tuple[Failure, str] | None:
        """Why the look as a whole brought nothing; None if it did bring something."""
        if not self.read:
            return (self.problems[0].failure, self.problems[0].error) if self.problems else (Failure.UNREACHABLE, "")
        return None if self.starts else (Failure.EMPTY, "it lists nothing at all")


def listen(witness: Witness, asks: Iterable[Ask], most: int) -> Heard:
    """Ask for `asks`, one after the other, in at most `most` requests. A failed one costs what it was to bring."""
    heard = Heard()

    def keep(exchange: http.Exchange) -> None:
        heard.requests += 1
        archive.keep(exchange, witness.service.name)

    failed = 0
    with http.Session(witness.service, patience=PATIENCE, tries=1, deadline=DEADLINE, on_exchange=keep) as session:
        for ask in asks:
            if heard.requests >= most or failed >= IN_A_ROW:
                break
            try:
                answer = session.get(ask.path)
                sheet = witness.extract(answer.text, ask, answer.url)
            except (http.HttpError, http.NotYet, Unreadable, ValueError, LookupError, TypeError) as error:
                failed += 1
                heard.problems.append(Problem(ask, failure_of(error), plain(error)))
                logger.warning("the witness %s could not be read: %s", witness.name, plain(error))
            else:
                failed = 0
                heard.read.append(ask)
                heard.starts += sheet.starts
                heard.unread += sheet.unread
    return heard


def failure_of(error: Exception) -> Failure:
    """The class of a failure. What nobody foresaw, an extractor that stumbled, means another form than is known."""
    match error:
        case Unreadable():
            return error.failure
        case http.NotFound():
            return Failure.MOVED
        case http.Refused(response=http.Response(status=status)) if 300 <= status < 400:
            return Failure.MOVED
        case http.Blocked() | http.Refused():
            return Failure.REFUSED
        case http.Unavailable() | http.NotYet():
            return Failure.UNREACHABLE
    return Failure.CHANGED


def plain(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\0", "")[:LONGEST_ERROR]
