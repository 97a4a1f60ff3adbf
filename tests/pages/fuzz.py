"""Damage pages at random and read them: `python -m tests.pages.fuzz [--pages N] [--seconds S] [--seed X]`.

Damage is what happens to markup, not to facts: parts are deleted, repeated, moved or cut, tags are inserted, attributes
lost, and the ends of tags, comments and quotes. A programme must then be refused or read without an untyped error or
a hang, for its own day only, and every showtime must be of a film, at a cinema, at an hour that the undamaged page
lists together. Days are compared for the page as a whole; which night a showtime after midnight belongs to may depend
on the rows that were lost.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from events.records import Programme
from scraper.site.extractors import calendar, film, programme_by_hour, programme_by_movie
from scraper.site.extractors.errors import ExtractionError

from . import variants

HANG = 5.0  # seconds
FRAGMENTS = (
    "</table>", "<table>", "<tr>", "</tr>", "</td>", "<td>", "<th>", "<br>", "\x00", "&#0;", "<!--", "-->", "<script>",
    "</script>", "<h1>", "<h3>", "<strong>", "</html>", "</body>", "<svg>", "<select>", "<template>", "<textarea>",
    "<b>",
    "<a href='#'>", "</a>", "<div hidden>", "</div>", "<p>", "<span class='hour'>", "</span>", "<tbody>", "<form>",
)  # fmt: skip
Key = tuple[str, str, dt.time]  # film, cinema, clock


@dataclass(frozen=True)
class Source:
    """A page to damage, and the showtimes that it lists; a page of another kind has no date and no showtimes."""

    name: str
    kind: str
    html: str
    extract: Callable[..., object]
    given: Mapping[str, object]
    date: dt.date | None
    truth: frozenset[Key]

    def read(self, html: str, **other: object) -> object:
        date = {} if self.date is None else {"date": self.date}
        return self.extract(html, **{**self.given, **date, **other})


_TAG = re.compile(r"<[^<>]*>")
_ATTRIBUTE = re.compile(r' [a-z-]+="[^"<>]*"')


def damaged(html: str, chance: random.Random) -> str:
    """The page after one to four faults of markup; no text and no address is changed in itself."""
    for _ in range(chance.randint(1, 4)):
        tags = [match.span() for match in _TAG.finditer(html)]
        if not tags:
            return html
        start, end = chance.choice(tags)
        match chance.choice(("delete", "repeat", "insert", "insert", "cut", "attribute", "swallow", "quote")):
            case "delete":
                html = html[:start] + html[end:]
            case "repeat":
                html = html[:end] + html[start:end] + html[end:]
            case "insert":
                html = html[:start] + chance.choice(FRAGMENTS) + html[start:]
            case "cut":
                html = html[: chance.choice((start, end))]
            case "attribute":
                html = html[:start] + _ATTRIBUTE.sub("", html[start:end], count=1) + html[end:]
            case "swallow":
                html = html[:start] + html[start:end].rstrip(">") + html[end:]
            case "quote":
                html = html[:start] + html[start:end].replace('"', "", 1) + html[end:]
    return html


def looks() -> Iterator[Source]:
    makers: dict[str, tuple[Callable[..., str], Callable[..., Programme]]] = {
        "by_movie": (variants.by_movie, programme_by_movie.extract),
        "by_hour": (variants.by_hour, programme_by_hour.extract),
    }
    for kind, (make, read) in makers.items():
        for look in variants.LOOKS:
            if kind in look.kinds and not look.refused:
                truth = {(film, cinema, start.time()) for film, cinema, start in variants.truth()}
                if look.name == "one film with two films":  # where the damage takes one, the page is the other's
                    truth |= {(film, cinema, time) for _, cinema, time in truth for film in "ab"}
                given = {"url": variants.URL, "today": variants.TODAY}
                html = make([look])
                yield Source(
                    f"{kind}, {look.name}", f"programme_{kind}", html, read, given, variants.DAY, frozenset(truth)
                )


def saved_pages() -> Iterator[Source]:
    """The saved pages beside this file; of programmes those that are read whole, with all their rows understood."""
    readers: dict[str, Callable[..., object]] = {
        "programme_by_movie": programme_by_movie.extract,
        "programme_by_hour": programme_by_hour.extract,
        "film": film.extract,
        "calendar": calendar.extract,
    }
    for path in sorted(Path(__file__).parent.glob("*/*.html")):
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        given = dict(expected["given"])
        given["today"] = dt.date.fromisoformat(given["today"])
        date = dt.date.fromisoformat(given.pop("date")) if "date" in given else None
        truth: frozenset[Key] = frozenset()
        if date is not None:
            records = expected.get("records", {})
            if not records.get("showtimes") or records.get("unread") or not records.get("whole", True):
                continue
            truth = frozenset(
                (row["film_slug"], row["cinema_slug"], dt.datetime.fromisoformat(row["starts_at"]).time())
                for row in records["showtimes"]
            )
        kind = path.parent.name
        html = path.read_text(encoding="utf-8", errors="replace")
        yield Source(f"{kind}/{path.stem}", kind, html, readers[kind], given, date, truth)


def faults(pages: int, *, seconds: float, seed: int) -> tuple[int, Counter[str], list[str]]:
    """(pages read, what came of them, the faults found): half of the pages are looks, half are saved pages."""
    chance = random.Random(seed)
    found: list[str] = []
    outcomes: Counter[str] = Counter()
    sources = [list(looks()), list(saved_pages())]
    begun = time.monotonic()
    n = 0
    while n < pages and time.monotonic() - begun < seconds:
        n += 1
        source = chance.choice(chance.choice(sources))
        html = damaged(source.html, chance)
        name = f"page {n}, {source.name}"
        started = time.monotonic()
        try:
            read = source.read(html)
        except ExtractionError:
            outcomes["refused"] += 1
        except Exception as error:  # what is looked for
            outcomes["untyped"] += 1
            found.append(f"{name}: {error!r}")
        else:
            wrong: set[Key] = set()
            unread = False
            if isinstance(read, Programme):
                unread = bool(read.unread)
                wrong = {(s.film_slug, s.cinema_slug, s.starts_at.time()) for s in read.showtimes} - source.truth
            outcomes["wrong" if wrong else "read in part" if unread else "read"] += 1
            found += [f"{name}: {key}" for key in wrong]
        if time.monotonic() - started > HANG:
            outcomes["hang"] += 1
            found.append(f"{name}: {time.monotonic() - started:.1f} s")
        if source.date is None:
            continue
        other = source.date + dt.timedelta(days=chance.choice((-1, 1, 2)))
        try:
            source.read(html, date=other)
        except ExtractionError:
            continue
        outcomes["wrong day"] += 1
        found.append(f"{name}: read as of {other}")
    return n, outcomes, found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    n, outcomes, found = faults(given.pages, seconds=given.seconds, seed=given.seed)
    print(f"{n} pages: {dict(outcomes)}")
    for fault in found[:50]:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
