"""How an answer of the demo's site goes wrong, and the pages that look otherwise than usual."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """How one answer goes wrong; what is left at its default goes right.

    `hang`: seconds before anything is answered · `status`, `headers`, `body`: answered instead of the page ·
    `other_day`: the page of so many days later · `rewrite`: the page's HTML, changed · `cut`: the share of the body
    that is sent although Content-Length promises all of it · `drip`: seconds between the body's single bytes ·
    `times`: how often `body` stands in the answer · `encoding`: what the page is written in, whatever its header says ·
    `said`: the charset that the header names.
    """

    hang: float = 0.0
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    other_day: int = 0
    rewrite: Callable[[str], str] | None = None
    cut: float | None = None
    drip: float = 0.0
    times: int = 1
    encoding: str = "utf-8"
    said: str = "utf-8"


#: Given the method, the path with its query, and how often that pair was asked for by now (from 1).
FaultPlan = Callable[[str, str, int], Fault | None]


def truncated(html: str) -> str:
    """The page ends in the middle, but Content-Length agrees with what is sent."""
    return html[: len(html) * 6 // 10]


def without_calendar(html: str) -> str:
    return re.sub(r'<table class="calendar">.*?</table>', "", html, flags=re.DOTALL)


def without_date_header(html: str) -> str:
    """The programme's table begins with its first film."""
    return re.sub(r'<tr><th class="date".*?</tr>', "", html, flags=re.DOTALL)


def with_an_odd_row(html: str) -> str:
    """An hour of the last cinema is one that no clock shows; everything else stands."""
    at = html.rfind('<span class="hour">')
    return html[:at] + re.sub(r"[0-9]{2}:[0-9]{2}</a>", "27:75</a>", html[at:], count=1) if at >= 0 else html


def renamed_table(html: str) -> str:
    """The markup has changed: the programme is no table any more, and nothing in it is called as before."""
    start, end = html.find('<table class="showtimes repert"'), html.rfind("</table>")
    programme = re.sub(r"(</?)(?:table|tbody|tr|td|th)\b", r"\1div", html[start:end])
    programme = re.sub("(?:showtimes )?repert", "plan", programme)
    return html[:start] + programme + "</div>" + html[end + 8 :] if start >= 0 else html
