"""Damage pages at random and read them: `python -m tests.pages.fuzz [--pages N] [--seconds S] [--seed X]`.

Damage is what happens to markup, not to facts: parts are deleted, repeated, moved or cut, tags are inserted, attributes
lost. A programme must then be refused or read without an untyped error or a hang, for its own day only, and every
showtime must be of a film, at a cinema, at an hour that the undamaged page lists together.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import re
import time
from collections import Counter
from collections.abc import Callable

from events.records import Programme
from scraper.site.extractors import programme_by_hour, programme_by_movie
from scraper.site.extractors.errors import ExtractionError

from . import variants

HANG = 5.0  # seconds
FRAGMENTS = (
    "</table>", "<table>", "<tr>", "</tr>", "</td>", "<td>", "<th>", "<br>", "\x00", "&#0;", "<!--", "-->", "<script>",
    "</script>", "<h1>", "<h3>", "<strong>", "</html>", "</body>", "<svg>", "<select>", "<template>", "<textarea>",
    "<b>",
    "<a href='#'>", "</a>", "<div hidden>", "</div>", "<p>", "<span class='hour'>", "</span>", "<tbody>", "<form>",
)  # fmt: skip
_TAG = re.compile(r"<[^<>]*>")
_ATTRIBUTE = re.compile(r' [a-z-]+="[^"<>]*"')


def damaged(html: str, chance: random.Random) -> str:
    """The page after one to four faults of markup; no text and no address is changed in itself."""
    for _ in range(chance.randint(1, 4)):
        tags = [match.span() for match in _TAG.finditer(html)]
        if not tags:
            return html
        start, end = chance.choice(tags)
        match chance.choice(("delete", "repeat", "insert", "insert", "cut", "attribute", "swallow")):
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
    return html


_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|textarea|template|svg|select)\b[^<>]*>.*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_SAID = re.compile(
    r"""href=["'](?![^"'<>]*(?:by_cinema|bilety))[^"'<>]*?/(?:film/([^"'<>/?#]+?)(?:\.html)?|(kijow|agrafka|pod-baranami|cinema-city/bonarka))(?:[?#][^"']*)?["']"""
    r"|(?<![0-9:])([0-9]{1,2})(?:[:.]|<sup>)([0-9]{2})(?![0-9])"
)


def in_order(html: str, kind: str) -> set[variants.Key]:
    """What a page says to somebody who reads its source from top to bottom and knows nothing of rows."""
    film = cinema = ""
    hour: dt.time | None = None
    keys = set()
    for match in _SAID.finditer(html):
        film, cinema = match[1] or film, match[2] or cinema
        if match[3] and int(match[3]) < 24 and int(match[4]) < 60:
            hour = dt.time(int(match[3]), int(match[4]))
        if hour and match[1 if kind == "by_hour" else 3]:
            keys.add((film, cinema, dt.datetime.combine(variants.DAY, hour)))
    return keys


def says_otherwise(html: str, kind: str) -> set[variants.Key]:
    """What the damaged page itself says only because a comment, a script or the like now hides a part of it: to a
    browser's user, too, the rows behind stand under the heading above.
    """
    return in_order(_HIDDEN.sub(" ", html), kind) - in_order(html, kind)


def faults(pages: int, *, seconds: float, seed: int) -> tuple[int, Counter[str], list[str]]:
    """(pages read, what came of them, the faults found)."""
    chance = random.Random(seed)
    found: list[str] = []
    outcomes: Counter[str] = Counter()
    makers: dict[str, tuple[Callable[..., str], Callable[..., Programme]]] = {
        "by_movie": (variants.by_movie, programme_by_movie.extract),
        "by_hour": (variants.by_hour, programme_by_hour.extract),
    }
    truth = variants.truth()
    looks = {kind: [look for look in variants.LOOKS if kind in look.kinds and not look.refused] for kind in makers}
    begun = time.monotonic()
    n = 0
    while n < pages and time.monotonic() - begun < seconds:
        n += 1
        kind = chance.choice(sorted(makers))
        make, extract = makers[kind]
        look = chance.choice(looks[kind])
        html = damaged(make([look]), chance)
        name = f"page {n}, {kind}, {look.name}"
        started = time.monotonic()
        try:
            programme = extract(html, url=variants.URL, date=variants.DAY, today=variants.TODAY)
        except ExtractionError:
            outcomes["refused"] += 1
        except Exception as error:  # what is looked for
            outcomes["untyped"] += 1
            found.append(f"{name}: {error!r}")
        else:
            wrong = {(s.film_slug, s.cinema_slug, s.starts_at) for s in programme.showtimes} - truth
            if wrong:
                hidden = wrong & says_otherwise(html, kind)
                outcomes["hidden by the damage"] += bool(hidden)
                wrong -= hidden
            outcomes["wrong" if wrong else "read" if not programme.unread else "read in part"] += 1
            found += [f"{name}: {key}" for key in wrong]
        if time.monotonic() - started > HANG:
            outcomes["hang"] += 1
            found.append(f"{name}: {time.monotonic() - started:.1f} s")
        other = variants.DAY + dt.timedelta(days=chance.choice((-1, 1, 2)))
        try:
            extract(html, url=variants.URL, date=other, today=variants.TODAY)
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
