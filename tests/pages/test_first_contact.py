# ruff: noqa: E501 - markup in tables of one line each
"""Looks that were read wrong, in part or not at all when they were first met: what else must hold of their kinds."""

from __future__ import annotations

import re
from typing import Any

import pytest

from . import variants
from .test_variants import READERS, keys
from .variants import DAY, Look

FILM = '<a class="film" href="/film/{}.html">{}</a>'
ONE_CELL: dict[str, Any] = {"heading": lambda slug, title: f"<tr><td>{FILM.format(slug, title)}</td></tr>", "hour": lambda cinema, time: time,
            "row": lambda cinema, hours: f"<tr><td>{cinema}{hours}</td></tr>", "cinema": lambda slug, name: f'<a href="/{slug}">{name}</a>'}  # fmt: skip
LOOKS: dict[str, dict[str, Any]] = {
    "a cinema and its hours in one cell": ONE_CELL | {"hours": ": {}".format, "between": ", "},
    "a cinema and its hours in one cell, behind a dash": ONE_CELL | {"hours": " - {}".format, "between": " | "},
    "a cinema's hours in the row below": {
        "row": lambda cinema, hours: f"<tr>{cinema}</tr><tr>{hours}</tr>", "hours": '<td class="hours" colspan="2">{}</td>'.format,
    },
    "how long a film is in a row of its own": {
        "heading": lambda slug, title: f'<tr><th colspan="2">{FILM.format(slug, title)}</th></tr><tr><td colspan="2">czas trwania 1:58</td></tr>'
    },
    "when the page was made in the foot": {"last_row": '</tbody><tfoot><tr><td colspan="2">Aktualizacja: 26.11.2026, 23:10</td></tr></tfoot>'},
    "a footnote with an hour": {"last_row": '<tr><td colspan="2">* seans o 10:00 z audiodeskrypcją</td></tr>'},
    "the day with when it was written": {"header": lambda day: f'<tr><th class="date">{variants.long_date(day)} <small>(stan na 26.11, 23:50)</small></th></tr>'},
    "the day as a weekday with its date": {
        "header": lambda day: "", "calendar": lambda day, offset, active: "", "before": f'<h2><time datetime="{DAY}">Piątek</time></h2>',
    },
    "tomorrow's hours beside": {"hours": '<td class="hours">{} <div class="next">sob. 28.11: 08:00</div></td>'.format},
}  # fmt: skip


@pytest.mark.parametrize("name", LOOKS)
def test_it_is_read_whole(name: str) -> None:
    make, extract = READERS["by_movie"]
    programme = extract(make([Look(name, LOOKS[name])]), url=variants.URL, date=DAY, today=variants.TODAY)
    assert keys(programme) == variants.truth()
    assert not programme.unread


@pytest.mark.parametrize("heading", ["<h3>{}</h3>", '<div class="time"><b>{}</b></div>', "<h3>godz. {}</h3>"])
def test_hours_may_head_tables_of_their_own(heading: str) -> None:
    make, extract = READERS["by_hour"]
    html = re.sub(
        r"<tr><th[^>]*><h3>(.*?)</h3></th></tr>",
        lambda match: f'</table>{heading.format(match[1])}<table class="repert">',
        make([]),
    )
    assert keys(extract(html, url=variants.URL, date=DAY, today=variants.TODAY)) == variants.truth()


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("{a} – {b} – {c} – {d}", "several times, and words between them"),
        ('<a href="/kijow">Kijów</a> spotkanie o {a}', "a time without a cinema"),
    ],
)
def test_what_is_not_certain_is_told(hours: str, said: str) -> None:
    cell = hours.format(a="10:00", b="12:00", c="14:00", d="16:00")
    row = (
        f'<td class="cinema"><a href="/kijow">Kijów</a></td><td class="hours">{cell}</td>'
        if "{b}" in hours
        else f"<td>{cell}</td>"
    )
    html = (
        f"<html><h1>{variants.long_date(DAY)}</h1><table class=repert><tr><td>{FILM.format('a', 'A')}</td></tr><tr>{row}</tr>"
        f"<tr><td>{FILM.format('b', 'B')}</td></tr><tr><td class=cinema><a href=/kijow>Kijów</a></td><td>18:00</td></tr></table></html>"
    )
    programme = READERS["by_movie"][1](html, url=variants.URL, date=DAY, today=variants.TODAY)
    assert [(s.film_slug, s.starts_at.hour) for s in programme.showtimes] == [("b", 18)]
    assert [row.reason for row in programme.unread] == [said]
