"""Whether a witness answers as we read it, in one request (and its robots.txt). Nothing is compared or written down."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from scraper.coverage.witnesses import listening
from scraper.coverage.witnesses.listings.registry import Witness

MOST = 3  # requests: robots.txt, the page, and one redirect


@dataclass(frozen=True, slots=True)
class Answer:
    """`works`: something was read. `detail`: what, or why not."""

    works: bool
    detail: str
    unread: tuple[str, ...]


def try_out(witness: Witness, today: dt.date) -> Answer:
    heard = listening.listen(witness, witness.asks(today)[:1], MOST)
    if heard.failure is not None:
        failure, error = heard.failure
        return Answer(False, f"{failure}: {error}", tuple(heard.unread))
    cinemas = len({start.cinema for start in heard.starts})
    detail = f"{len(heard.starts)} starts in {cinemas} cinemas"
    return Answer(True, detail, tuple(heard.unread))
