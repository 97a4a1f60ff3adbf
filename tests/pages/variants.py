# ruff: noqa: E501 - markup in tables of one line each
"""Looks that the site's pages may have, made out of a programme and a film that are known.

A look changes the parts that a page is made of: one thing each, so that looks can be combined. It says what it costs:
showtimes that can't be read, the page's end, or the page (`refused`). `truth` is what the page is about, whatever it
looks like: a reader may lose what a look costs, and may never say anything else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any

TODAY, DAY = dt.date(2026, 11, 26), dt.date(2026, 11, 27)
URL = "https://www.kino.krakow.pl/cinema_program/by_movie"
FILMS: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "bugonia": ("Bugonia", {"cinema-city/bonarka": ("10:30", "15:45", "21:00"), "kijow": ("18:15",)}),
    "dom-dobry": ("Dom dobry", {"cinema-city/bonarka": ("11:10", "19:20"), "pod-baranami": ("17:00", "20:15")}),
    "sroda-9-maja": ("Środa, 9 maja", {"agrafka": ("16:40",)}),
    "zapowiedz": ("Zapowiedź", {}),
    "wicked": ("Wicked: Na dobre & na złe", {"kijow": ("12:00", "20:45"), "pod-baranami": ("14:05",)}),
}
CINEMAS = {
    "cinema-city/bonarka": "Cinema City Bonarka",
    "kijow": "Kijów",
    "pod-baranami": "Kino Pod Baranami",
    "agrafka": "Agrafka",
}
WEEKDAYS = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")
SHORT = ("Pn", "Wt", "Śr", "Czw", "Pt", "Sob", "Nd")
CLASSES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września",
          "października", "listopada", "grudnia")  # fmt: skip

Key = tuple[str, str, dt.datetime]
Lost = Callable[[str, str, str], bool]  # of a film, a cinema and an hour


def long_date(day: dt.date) -> str:
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]}"


def default_cell(day: dt.date, offset: int, active: bool) -> str:
    return (
        f'<td class="{"active " if active else ""}{CLASSES[day.weekday()]}"><a data-method="post" '
        f'href="/settings/set_day/{offset}">{SHORT[day.weekday()]}<br> {day.day} {day.month}</a></td>'
    )


@dataclass
class Parts:
    """What a programme page is made of; a look replaces some."""

    head: str = '<!DOCTYPE html>\n<html lang="pl"><head><meta charset="utf-8"><title>Repertuar - Kraków</title>'
    body: str = '</head><body><div id="content"><h1>Repertuar kin w Krakowie</h1>'
    calendar: Callable[[dt.date, int, bool], str] = default_cell
    calendar_open: str = '<table class="calendar"><tr><th colspan="8">Wybierz dzień</th></tr><tr>'
    calendar_close: str = "</tr></table>"
    before: str = ""
    table_open: str = '<table class="showtimes repert"><tbody>'
    header: Callable[[dt.date], str] = lambda day: f'<tr><th class="date" colspan="2">{long_date(day)}</th></tr>'
    heading: Callable[[str, str], str] = lambda slug, title: (
        f'<tr><th colspan="2"><a class="preview-link film" href="/film/{slug}.html">{escape(title)}</a></th></tr>'
    )
    row: Callable[[str, str], str] = lambda cinema, hours: f"<tr>{cinema}\n{hours}</tr>"
    cinema: Callable[[str, str], str] = lambda slug, name: (
        f'<td class="cinema_film"><a href="/{slug}">{escape(name)}</a></td>'
    )
    hours: Callable[[str], str] = lambda hours: f'<td class="hours">{hours}</td>'
    hour: Callable[[str, str], str] = lambda cinema, time: (
        f'<span class="hour"><a href="/cinema_program/by_cinema/{cinema}">{time}</a> '
        f'<a class="buy_ticket" href="https://bilety.example.com/{cinema}/{time}">kup bilet</a></span>'
    )
    between: str = "\n"
    extra_row: str = ""  # behind the first film's first cinema
    last_row: str = ""
    table_close: str = "</tbody></table>"
    after: str = ""
    end: str = "</div></body></html>"
    rewrite: list[Callable[[str], str]] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    version: str | None = None
    midnight: bool = False  # the last hour of a film is 24:00
    by_hour_row: Callable[[str, str, str, str], str] = lambda cinema, name, slug, title: (
        f'<tr><td class="cinema"><a href="/{cinema}">{escape(name)}</a></td>'
        f'<td><a class="preview-link film" href="/film/{slug}.html">{escape(title)}</a></td></tr>'
    )
    by_hour_heading: Callable[[str], str] = lambda time: f'<tr><th colspan="4"><h3>{time}</h3></th></tr>'


@dataclass(frozen=True)
class Look:
    """A look by name: the parts it changes, and what it costs."""

    name: str
    changes: dict[str, Any]
    lost: Lost | None = None
    whole: bool = True
    refused: bool = False
    kinds: tuple[str, ...] = ("by_movie",)


def by_movie(looks: Iterable[Look]) -> str:
    parts = _parts(looks)
    films = []
    for slug, (title, cinemas) in FILMS.items():
        rows = [
            parts.row(parts.cinema(c, CINEMAS[c]), parts.hours(parts.between.join(parts.hour(c, t) for t in times)))
            for c, times in cinemas.items()
        ]
        if slug == "bugonia":
            rows.insert(1, parts.extra_row)
        films.append(parts.heading(slug, title) + "\n" + "\n".join(rows))
    return _page(parts, parts.header(DAY) + "\n".join(films) + parts.last_row)


def by_hour(looks: Iterable[Look]) -> str:
    parts = _parts(looks)
    times = sorted({t for _, cinemas in FILMS.values() for hours in cinemas.values() for t in hours})
    rows = []
    for time in times:
        rows.append(parts.by_hour_heading(time.lstrip("0")))
        rows += [
            parts.by_hour_row(cinema, CINEMAS[cinema], slug, title)
            for slug, (title, cinemas) in FILMS.items()
            for cinema, hours in cinemas.items()
            if time in hours
        ]
    return _page(parts, parts.header(DAY) + "\n".join(rows) + parts.last_row)


def truth() -> set[Key]:
    return {
        (slug, cinema, dt.datetime.combine(DAY, dt.time.fromisoformat(time)))
        for slug, (_, cinemas) in FILMS.items()
        for cinema, times in cinemas.items()
        for time in times
    }


def lost(looks: Iterable[Look]) -> set[Key]:
    rules = [look.lost for look in looks if look.lost]
    return {key for key in truth() if any(rule(key[0], key[1], f"{key[2]:%H:%M}") for rule in rules)}


def _parts(looks: Iterable[Look]) -> Parts:
    parts = Parts()
    for look in looks:
        for name, value in look.changes.items():
            if name in ("before", "after", "extra_row", "last_row", "head", "body") and isinstance(value, str):
                value = getattr(parts, name) + value
            if name == "rewrite":
                parts.rewrite.append(value)
            else:
                setattr(parts, name, value)
    return parts


def _page(parts: Parts, rows: str) -> str:
    days = [TODAY + dt.timedelta(days=n) for n in range(7)]
    cells = "\n".join(parts.calendar(day, n, day == DAY) for n, day in enumerate(days))
    html = (
        f"{parts.head}{parts.body}{parts.calendar_open}{cells}{parts.calendar_close}{parts.before}"
        f"{parts.table_open}{rows}{parts.table_close}{parts.after}{parts.end}"
    )
    for rewrite in parts.rewrite:
        html = rewrite(html)
    return html


def of_one(film: str = "", cinema: str = "", time: str = "") -> Lost:
    return lambda f, c, t: film in ("", f) and cinema in ("", c) and time in ("", t)


def _looks() -> Iterable[Look]:
    both = ("by_movie", "by_hour")
    # --- around the programme
    noise = {
        "a table in a script of the head": ("head", '<script>var x = "<table class=\\"repert\\"><tr>";</script>'),
        "a table in a comment of the head": ("head", "<!-- <table class=repert><tr><td> -->"),
        "a conditional comment": ("head", "<!--[if lt IE 9]><table><script src=x></script><![endif]-->"),
        "a script with an html end": ("head", '<script>document.write("</html></table>")</script>'),
        "a JSON-LD script": ("head", '<script type="application/ld+json">{"startDate":"2026-11-28T20:00"}</script>'),
        "a style with markup in it": ("head", "<style>a:after{content:'<table>'}</style>"),
        "a title with markup in it": ("head", "<title>a <table> b</title>"),
        "a meta date of publication": ("head", '<meta property="article:published_time" content="2026-11-20">'),
        "yesterday's programme in a comment": (
            "before",
            "<!-- <table class='repert'><tr><th class=date>sobota, 28 listopada</th></tr></table> -->",
        ),
        "a textarea with a table": ("before", "<textarea><table class=repert><tr><td></textarea>"),
        "a noscript with a table": (
            "before",
            "<noscript><table class=repert><tr><th class=date>sobota, 28 listopada</th></tr></table></noscript>",
        ),
        "a template with a table": (
            "before",
            '<template><table class="repert"><tr><td class="cinema_film"><a href="/x">X</a></td><td><span class="hour">{{time}}</span></td></tr></table></template>',
        ),
        "an iframe": ("before", '<iframe src="https://ads.example.com"><table></iframe>'),
        "a cookie dialog": (
            "before",
            '<div class="cookies modal"><table><tr><td>Używamy cookies od 27.11</td><td><button>OK</button></td></tr></table></div>',
        ),
        "a banner with a table of its own": (
            "before",
            '<div class="banner"><table><tr><td>Reklama 20:15</td></tr></table></div>',
        ),
        "a sidebar with films and a date": (
            "before",
            '<div id="sidebar"><h2>Premiery: piątek, 4 grudnia</h2><ul><li><a class="preview-link film" href="/film/inny.html">Inny</a></li></ul></div>',
        ),
        "a sidebar with a programme table": (
            "after",
            '<aside><table class="repert"><tr><th class="date">sobota, 28 listopada</th></tr><tr><th><a class="film" href="/film/inny.html">Inny</a></th></tr><tr><td class="cinema_film"><a href="/kijow">Kijów</a></td><td><span class="hour">9:00</span></td></tr></table></aside>',
        ),
        "a table of the week's best": (
            "after",
            '<table class="top10"><tr><td>1.</td><td><a href="/film/inny.html">Inny</a></td></tr></table>',
        ),
        "a heading of premieres": ("before", "<h2>Premiery od piątku, 4 grudnia</h2>"),
        "a heading of a week": ("before", "<h2>Repertuar 27.11 - 3.12</h2>"),
        "news with other dates": (
            "before",
            '<div class="news"><h3>Konkurs</h3><span class="date">20 listopada</span><p>Do 30.11 czekamy.</p></div>',
        ),
        "prose about no programme": ("after", "<p>Gdy nie ma seansów, piszemy: Brak repertuaru na dzień.</p>"),
        "no programme of one film": ("after", "<p>Brak repertuaru dla filmu Zapowiedź na dziś</p>"),
        "a svg icon": ("before", "<svg><title>27</title><style>table{}</style></svg>"),
        "an unclosed div before": ("before", '<div class="row"><div>'),
        "unclosed bold before": ("before", "<b><i><font>"),
        "a stray table end": ("before", "</table></td></tr>"),
        "an early html end": ("before", "</body></html>"),
        "a hidden table of another day": (
            "before",
            '<table class="repert" style="display: none"><tr><th class="date">sobota, 28 listopada</th></tr><tr><td>x</td></tr></table>',
        ),
        "a table of tomorrow beside": (
            "after",
            '<h3>Jutro</h3><table class="repert"><tr><th><a class="film" href="/film/inny.html">Inny</a></th></tr><tr><td class="cinema_film"><a href="/kijow">Kijów</a></td><td><span class="hour">9:00</span></td></tr></table>',
        ),
        "a footer with a clock": ("after", '<div id="footer">Wygenerowano 2026-11-25 12:19</div>'),
        "an empty programme table besides": ("after", '<table class="repert"></table>'),
        "a film's name as a heading": ("before", '<h2><a href="/film/sroda-9-maja.html">Środa, 9 maja</a></h2>'),
        "a film's name as a bare heading": ("before", "<h2>Środa, 9 maja</h2>"),
        "a select of cities": ("before", '<select name="city"><option selected>Kraków</option></select>'),
        "an unclosed paragraph": ("before", "<p>Zapraszamy <p>do kin"),
        "characters of control": ("before", "<p>\x00\x0b&#0;&#xD800;</p>"),
        "an unquoted attribute with a table": ("before", "<p title='<table class=repert>'>a</p>"),
        "a phone number": ("before", "<p>tel. 12 421 22 46, 10.00-18.00</p>"),
    }
    for name, (part, markup) in noise.items():
        yield Look(name, {part: markup}, kinds=both)
    yield Look(
        "a layout table around all",
        {"before": '<table class="layout"><tr><td>', "after": "</td></tr></table>"},
        kinds=both,
    )
    yield Look(
        "a layout table with a sidebar cell",
        {
            "before": '<table><tr><td class="left"><a href="/film/inny.html">Inny</a> 12:30</td><td>',
            "after": "</td></tr></table>",
        },
        kinds=both,
    )
    yield Look("a banner's table left open", {"before": "<table class=banner><tr><td>Reklama"}, whole=False, kinds=both)
    yield Look(
        "a banner's table left open without a cell", {"before": "<table class=banner>Reklama"}, whole=False, kinds=both
    )
    # --- the page itself
    pages: dict[str, dict[str, Any]] = {
        "no doctype": {"head": "", "rewrite": lambda h: h.replace("<!DOCTYPE html>\n", "")},
        "upper-case tags": {"rewrite": lambda h: h.replace("<td", "<TD").replace("</td", "</TD").replace("<table", "<TABLE").replace("<span", "<SPAN")},
        "unquoted attributes": {"rewrite": lambda h: h.replace('class="hour"', "class=hour").replace('class="cinema_film"', "class=cinema_film")},
        "single quotes": {"rewrite": lambda h: h.replace('"', "'")},
        "no-break spaces": {"rewrite": lambda h: h.replace(", 27 listopada", ",&nbsp;27\xa0listopada")},
        "everything in one line": {"rewrite": lambda h: h.replace("\n", " ")},
        "Windows line ends": {"rewrite": lambda h: h.replace("\n", "\r\n")},
        "tabs everywhere": {"rewrite": lambda h: h.replace("><", ">\t\n<")},
        "cells without end tags": {"rewrite": lambda h: h.replace("</td>", "").replace("</th>", "")},
        "rows without end tags": {"rewrite": lambda h: h.replace("</tr>", "")},
        "a comment in every cell": {"rewrite": lambda h: h.replace("<td", "<!-- td --><td")},
        "absolute links": {"rewrite": lambda h: h.replace('href="/', 'href="https://www.kino.krakow.pl/')},
        "links of the other name": {"rewrite": lambda h: h.replace('href="/', 'href="http://krakow.repertuary.pl/')},
        "links without a scheme": {"rewrite": lambda h: h.replace('href="/', 'href="//www.kino.krakow.pl/')},
        "links with a query": {"rewrite": lambda h: h.replace('.html"', '.html?ref=programme#top"')},
        "a base address": {"head": '<base href="https://www.kino.krakow.pl/">'},
        "entities for letters": {"rewrite": lambda h: h.replace("ó", "&oacute;").replace("ą", "&#261;")},
        "soft hyphens": {"rewrite": lambda h: h.replace("listo", "listo&shy;")},
    }  # fmt: skip
    for name, changes in pages.items():
        yield Look(name, changes, kinds=both)
    yield Look("no end of html", {"end": "</div>"}, whole=False, kinds=both)
    yield Look("a comment behind the end", {"end": "</div></body></html>\n<!-- 0.3 s -->"}, kinds=both)
    yield Look("a script behind the end", {"end": "</div></body></html><script>a()</script>"}, kinds=both)
    yield Look("a bare ampersand", {"rewrite": lambda h: h.replace("&amp;", "&")}, kinds=both)
    # --- the table
    tables = {
        "no tbody": ("<table class='showtimes repert'>", "</table>"),
        "a tbody around the date and another": ("<table class='showtimes repert'><thead></thead><tbody>", "</tbody><tfoot></tfoot></table>"),
        "more classes": ('<table class="table table-striped repert showtimes js-x" id="p">', "</table>"),
        "another class": ('<table class="repertuar">', "</table>"),
        "an id instead of a class": ('<table id="program">', "</table>"),
        "no class at all": ("<table>", "</table>"),
        "a caption": ('<table class="repert"><caption>Repertuar</caption>', "</table>"),
        "columns": ('<table class="repert"><colgroup><col><col></colgroup>', "</table>"),
        "a form around": ('<form><table class="repert">', "</table></form>"),
        "a form inside": ('<table class="repert"><form>', "</form></table>"),
        "column titles": ('<table class="repert"><thead><tr><th>Kino</th><th>Godziny</th></tr></thead>', "</table>"),
        "text in the table itself": ('<table class="repert">Zapraszamy<tbody>', "</tbody></table>"),
        "closed twice": ('<table class="repert">', "</table></table>"),
        "a div around": ('<div class="programme" data-date="2026-11-27"><table class="repert">', "</table></div>"),
    }  # fmt: skip
    for name, (opened, closed) in tables.items():
        yield Look(f"the table: {name}", {"table_open": opened, "table_close": closed}, kinds=both)
    # --- the day
    days: dict[str, Any] = {
        "in a td": lambda d: f'<tr><td class="date" colspan="2">{long_date(d)}</td></tr>',
        "with the year": lambda d: f'<tr><th class="date">{long_date(d)} 2026 r.</th></tr>',
        "as 27.11.2026": lambda d: '<tr><th class="date">27.11.2026</th></tr>',
        "as 27.11": lambda d: '<tr><th class="date">27.11</th></tr>',
        "as 27 lis": lambda d: '<tr><th class="date">pt., 27 lis</th></tr>',
        "as 2026-11-27": lambda d: '<tr><th class="date">2026-11-27</th></tr>',
        "as 27/11/2026": lambda d: '<tr><th class="date">27/11/2026</th></tr>',
        "with a Roman month": lambda d: '<tr><th class="date">piątek, 27 XI 2026</th></tr>',
        "with the weekday behind": lambda d: '<tr><th class="date">27 listopada (piątek)</th></tr>',
        "in capitals": lambda d: '<tr><th class="date">PIĄTEK, 27 LISTOPADA</th></tr>',
        "with today's word": lambda d: '<tr><th class="date">Jutro, piątek 27 listopada</th></tr>',
        "with links to its neighbours": lambda d: '<tr><th class="date"><a href="?day=11-26">« czwartek, 26 listopada</a> piątek, 27 listopada <a href="?day=11-28">sobota, 28 listopada »</a></th></tr>',
        "misspelt": lambda d: '<tr><th class="date">piątek, 27 listopda</th></tr>',
        "without a class": lambda d: f"<tr><th colspan=2>{long_date(d)}</th></tr>",
        "in a time element": lambda d: f'<tr><th class="date"><time datetime="2026-11-27">{long_date(d)}</time></th></tr>',
        "missing": lambda d: "",
        "twice": lambda d: f'<tr><th class="date">{long_date(d)}</th></tr>' * 2,
        "in spans": lambda d: '<tr><th class="date"><span>piątek</span><span>27</span> <span>listopada</span></th></tr>',
        "of another class": lambda d: f'<tr class="day"><th>{long_date(d)}</th></tr>',
    }  # fmt: skip
    for name, header in days.items():
        yield Look(f"the date {name}", {"header": header}, kinds=both)
    yield Look(
        "the date says another day",
        {"header": lambda d: '<tr><th class="date">sobota, 28 listopada</th></tr>'},
        refused=True,
        kinds=both,
    )
    yield Look(
        "the date has another weekday",
        {"header": lambda d: '<tr><th class="date">środa, 27 listopada</th></tr>'},
        refused=True,
        kinds=both,
    )
    yield Look(
        "the date is of last year",
        {"header": lambda d: '<tr><th class="date">27.11.2025</th></tr>'},
        refused=True,
        kinds=both,
    )
    yield Look(
        "a heading says another day", {"before": "<h2>Repertuar: sobota, 28 listopada</h2>"}, refused=True, kinds=both
    )
    yield Look("a heading says the day", {"before": "<h2>Repertuar: piątek, 27 listopada</h2>"}, kinds=both)
    calendars: dict[str, dict[str, Any]] = {
        "missing": {"calendar": lambda d, n, a: "", "calendar_open": "", "calendar_close": ""},
        "as a list": {
            "calendar": lambda d, n, a: f'<li class="{"active" if a else ""}"><a href="/settings/set_day/{n}">{SHORT[d.weekday()]} {d.day}.{d.month:02}</a></li>',
            "calendar_open": '<ul class="calendar">', "calendar_close": "</ul>",
        },
        "marked selected": {"calendar": lambda d, n, a: default_cell(d, n, a).replace("active", "selected")},
        "marked current": {"calendar": lambda d, n, a: default_cell(d, n, a).replace("active", "current")},
        "marked is-active": {"calendar": lambda d, n, a: default_cell(d, n, a).replace('"active', '"day day--active')},
        "marked by aria": {"calendar": lambda d, n, a: default_cell(d, n, False).replace("<a ", '<a aria-current="date" ' if a else "<a ")},
        "marked on the link": {"calendar": lambda d, n, a: default_cell(d, n, False).replace("<a ", '<a class="active" ' if a else "<a ")},
        "not marked": {"calendar": lambda d, n, a: default_cell(d, n, False)},
        "marked twice": {"calendar": lambda d, n, a: default_cell(d, n, a or n == 0)},
        "with words": {"calendar": lambda d, n, a: default_cell(d, n, a).replace(f"{d.day} {d.month}", f"{d.day} {MONTHS[d.month - 1]}")},
        "with today's word": {"calendar": lambda d, n, a: default_cell(d, n, a).replace(SHORT[d.weekday()], "Dziś" if n == 0 else SHORT[d.weekday()])},
        "with an unlinked active day": {"calendar": lambda d, n, a: f'<td class="active">{d.day}.{d.month}</td>' if a else default_cell(d, n, a)},
        "with a misspelt cell": {"calendar": lambda d, n, a: default_cell(d, n, a).replace(f"{d.day} {d.month}", "?") if n == 3 else default_cell(d, n, a)},
        "as buttons": {"calendar": lambda d, n, a: f'<td class="{"active" if a else ""}"><form action="/settings/set_day/{n}" method="post"><button>{d.day}.{d.month}</button></form></td>'},
        "left open": {"calendar_close": ""},
        "with weekdays in full": {"calendar": lambda d, n, a: default_cell(d, n, a).replace(SHORT[d.weekday()], WEEKDAYS[d.weekday()])},
    }  # fmt: skip
    for name, changes in calendars.items():
        yield Look(f"the calendar {name}", changes, whole=name != "left open", kinds=both)
    yield Look(
        "the calendar says another day",
        {"calendar": lambda d, n, a: default_cell(d, n, n == 2)},
        refused=True,
        kinds=both,
    )
    # --- film headings
    headings: dict[str, Any] = {
        "in a td": lambda s, t: f'<tr><td colspan="2"><a class="film" href="/film/{s}.html">{escape(t)}</a></td></tr>',
        "without classes": lambda s, t: f'<tr><th><a href="/film/{s}.html">{escape(t)}</a></th></tr>',
        "with a poster": lambda s, t: f'<tr><th><a href="/film/{s}.html"><img src="x.jpg" alt="plakat"></a></th><th><a class="film" href="/film/{s}.html">{escape(t)}</a></th></tr>',
        "with a badge beside": lambda s, t: f'<tr><th><span class="badge">PREMIERA</span> <a class="film" href="/film/{s}.html">{escape(t)}</a></th></tr>',
        "with a badge inside": lambda s, t: f'<tr><th><a class="film" href="/film/{s}.html">{escape(t)} <span class="badge">NOWOŚĆ</span></a></th></tr>',
        "with a badge without a class": lambda s, t: f'<tr><th><a class="film" href="/film/{s}.html"><b>PREMIERA</b> {escape(t)}</a></th></tr>',
        "with a trailer's link": lambda s, t: f'<tr><th><a class="film" href="/film/{s}.html">{escape(t)}</a> <a href="/film/{s}.html#zwiastun">zwiastun</a></th></tr>',
        "with its runtime": lambda s, t: f'<tr><th><a class="film" href="/film/{s}.html">{escape(t)}</a> <span class="time">1:58</span> (118 min)</th></tr>',
        "in an h3": lambda s, t: f'<tr><td colspan="2"><h3><a class="film" href="/film/{s}.html">{escape(t)}</a></h3></td></tr>',
        "in bold": lambda s, t: f'<tr><th><strong><a class="film" href="/film/{s}.html"><em>{escape(t)}</em></a></strong></th></tr>',
        "with a link to Filmweb": lambda s, t: f'<tr><th><a class="film" href="/film/{s}.html">{escape(t)}</a> <a href="https://www.filmweb.pl/film/Inny-2025-1">Filmweb</a></th></tr>',
        "with its facts in a row below": lambda s, t: (
            f'<tr><th><a class="film" href="/film/{s}.html">{escape(t)}</a></th></tr>'
            '<tr><td colspan="2" class="facts">dramat, 118 min</td></tr>'
        ),
        "with its genre in a row below": lambda s, t: (
            f'<tr><th><a class="film" href="/film/{s}.html">{escape(t)}</a></th></tr>'
            '<tr><td colspan="2">Dramat / USA</td></tr>'
        ),
        "with a link to share it in a row below": lambda s, t: (
            f'<tr><th><a class="film" href="/film/{s}.html">{escape(t)}</a></th></tr>'
            '<tr><td colspan="2"><a href="https://social.example.com/share">Udostępnij</a></td></tr>'
        ),
        "with genre links": lambda s, t: f'<tr><th><a class="film" href="/film/{s}.html">{escape(t)}</a> <a href="/gatunek/dramat">dramat</a></th></tr>',
        "with a relative link": lambda s, t: f'<tr><th><a class="film" href="../film/{s}.html">{escape(t)}</a></th></tr>',
        "with a slash at the end": lambda s, t: f'<tr><th><a class="film" href="/film/{s}/">{escape(t)}</a></th></tr>',
        "each in a tbody": lambda s, t: f'</tbody><tbody><tr><th><a class="film" href="/film/{s}.html">{escape(t)}</a></th></tr>',
        "each in a table": lambda s, t: f'</table><table class="repert"><tr><th><a class="film" href="/film/{s}.html">{escape(t)}</a></th></tr>',
        "with column titles below": lambda s, t: f'<tr><th colspan="2"><a class="film" href="/film/{s}.html">{escape(t)}</a></th></tr><tr><th>Kino</th><th>Godziny</th></tr>',
        "with a note below": lambda s, t: f'<tr><th colspan="2"><a class="film" href="/film/{s}.html">{escape(t)}</a></th></tr><tr class="note"><td colspan="2">od lat 12</td></tr>',
        "with an empty row below": lambda s, t: f'<tr><th colspan="2"><a class="film" href="/film/{s}.html">{escape(t)}</a></th></tr><tr><td colspan="2">&nbsp;</td></tr>',
    }  # fmt: skip
    for name, heading in headings.items():
        yield Look(f"films {name}", {"heading": heading})
    default = Parts().heading
    damaged = {
        "without a link": lambda s, t: f'<tr><th colspan="2">{t}</th></tr>',
        "with an empty link": lambda s, t: '<tr><th colspan="2"><a class="film" href="/film/dom-dobry.html"></a></th></tr>',
        "with a dead link": lambda s, t: f'<tr><th colspan="2"><a class="film" href="#">{t}</a></th></tr>',
        "without an address": lambda s, t: f'<tr><th colspan="2"><a class="film">{t}</a></th></tr>',
        "with two films": lambda s, t: '<tr><th colspan="2"><a href="/film/a.html">A</a> + <a href="/film/b.html">B</a></th></tr>',
        "in a bare td": lambda s, t: f'<tr><td colspan="2">{t}</td></tr>',
        "with a script's link": lambda s, t: f'<tr><th colspan="2"><a class="film" href="javascript:open(1)">{t}</a></th></tr>',
        "of another path": lambda s, t: f'<tr><th colspan="2"><a class="film" href="/wydarzenie/{s}">{t}</a></th></tr>',
    }  # fmt: skip
    for name, heading in damaged.items():
        yield Look(
            f"one film {name}",
            {"heading": lambda s, t, h=heading: h(s, t) if s == "dom-dobry" else default(s, t)},
            lost=of_one("dom-dobry"),
        )
    # --- cinemas
    cinemas: dict[str, Any] = {
        "in a th": lambda s, n: f'<th class="cinema_film"><a href="/{s}">{n}</a></th>',
        "without a class": lambda s, n: f'<td><a href="/{s}">{n}</a></td>',
        "of another class": lambda s, n: f'<td class="kino"><a class="k" href="/{s}">{n}</a></td>',
        "with a logo": lambda s, n: f'<td class="cinema_film"><a href="/{s}"><img src="l.png" alt="logo"></a> <a href="/{s}">{n}</a></td>',
        "with a map": lambda s, n: f'<td class="cinema_film"><a href="/{s}">{n}</a> <a href="/{s}/mapa">mapa</a></td>',
        "with their own pages": lambda s, n: f'<td class="cinema_film"><a href="/{s}">{n}</a> <a href="https://kino.example.com/">www</a></td>',
        "with a note": lambda s, n: f'<td class="cinema_film"><a href="/{s}">{n}</a> <small>(kasa od 10:00)</small></td>',
        "in bold": lambda s, n: f'<td class="cinema_film"><b><a href="/{s}">{n}</a></b></td>',
        "with a slash at the end": lambda s, n: f'<td class="cinema_film"><a href="/{s}/">{n}</a></td>',
    }  # fmt: skip
    for name, cinema in cinemas.items():
        yield Look(f"cinemas {name}", {"cinema": cinema})
    yield Look("cinemas behind their hours", {"row": lambda c, h: f"<tr>{h}{c}</tr>"})
    yield Look(
        "cinemas with a third cell",
        {"row": lambda c, h: f"<tr>{c}{h}<td><a href='https://bilety.example.com'>bilety</a></td></tr>"},
    )
    yield Look("cinemas with an empty first cell", {"row": lambda c, h: f"<tr><td></td>{c}{h}</tr>"})
    plain = Parts().cinema
    for name, cell in {
        "without a link": "<td class='cinema_film'>Kino</td>",
        "without a name": "<td class='cinema_film'><a href='/agrafka'></a></td>",
        "with an empty cell": "<td class='cinema_film'></td>",
        "with another's site": "<td class='cinema_film'><a href='https://kino.example.com/repertuar'>Agrafka</a></td>",
        "with two links": "<td class='cinema_film'><a href='/agrafka'>Agrafka</a> <a href='/kijow'>Kijów</a></td>",
    }.items():
        yield Look(
            f"one cinema {name}",
            {"cinema": lambda s, n, c=cell: c if s == "agrafka" else plain(s, n)},
            lost=of_one(cinema="agrafka"),
        )
    # --- hours
    hours: dict[str, Any] = {
        "without tickets": lambda c, t: f'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t}</a></span>',
        "without links": lambda c, t: f'<span class="hour">{t}</span>',
        "without spans": lambda c, t: f'<a href="/cinema_program/by_cinema/{c}">{t}</a>',
        "as plain text": lambda c, t: f"{t},",
        "with dots": lambda c, t: f'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t.replace(":", ".")}</a></span>',
        "with an asterisk": lambda c, t: f'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t}*</a></span>',
        "with raised minutes": lambda c, t: f'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t[:2]}<sup>{t[3:]}</sup></a></span>',
        "in their tickets": lambda c, t: f'<span class="hour"><a class="buy_ticket" href="https://bilety.example.com/{c}/{t}">{t}</a></span>',
        "with words before": lambda c, t: f'<span class="hour">godz. <a href="/cinema_program/by_cinema/{c}">{t}</a></span>',
        "in list items": lambda c, t: f'<li class="hour"><a href="/cinema_program/by_cinema/{c}">{t}</a></li>',
        "in time elements": lambda c, t: f'<time datetime="2026-11-27T{t}">{t}</time>',
        "with their ends": lambda c, t: f'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t} - 23:50</a></span>',
        "with seconds": lambda c, t: f'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t}:00</a></span>',
        "with a ticket behind": lambda c, t: f'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t}</a></span> <a class="buy_ticket" href="/bilety/1">kup</a>',
        "with a price": lambda c, t: f'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t}</a> <a class="buy_ticket" href="/bilety/1">kup za 18.50 zł</a></span>',
        "sold out": lambda c, t: f'<span class="hour">{t} (wyprzedane)</span>',
        "in buttons": lambda c, t: f'<button class="hour">{t}</button>',
        "in a div each": lambda c, t: f'<div><div class="hour"><a href="/cinema_program/by_cinema/{c}">{t}</a></div></div>',
    }  # fmt: skip
    for name, hour in hours.items():
        yield Look(f"hours {name}", {"hour": hour, "version": ""})
    link = '<a href="/cinema_program/by_cinema/{c}">{t}</a>'
    for name, markup, version in (
        ("in the text", link.replace("{t}", "{t} 2D napisy"), "2D napisy"),
        ("in brackets", link + " (NAP)", "NAP"),
        ("in a badge", link + ' <span class="badge">IMAX</span>', "IMAX"),
        ("in a title", link.replace("<a ", '<a title="dubbing" '), "dubbing"),
        ("in a small print", link + " <small>ATMOS</small>", "ATMOS"),
        ("of a hall", link + " sala 3", "sala 3"),
        ("in an image", link + ' <img src="3d.png" alt="3D">', "3D"),
    ):
        hour = lambda c, t, m=markup: f'<span class="hour">{m.format(c=c, t=t)}</span>'  # noqa: E731
        yield Look(f"a version {name}", {"hour": hour, "version": version})
    yield Look(
        "a version beside the hour",
        {"hour": lambda c, t: f'<span class="hour">{link.format(c=c, t=t)}</span> <em>NAP</em>', "version": "NAP"},
    )
    default_hour = Parts().hour
    for name, text in {
        "about": "ok. 20", "impossible": "25:99", "without minutes": "20", "empty": "", "in words": "wieczorem",
        "cancelled": "17:00 odwołany", "uncertain": "ok. 17:00", "a range of days": "od 27.11",
    }.items():  # fmt: skip
        yield Look(
            f"one hour {name}",
            {
                "hour": lambda c, t, x=text: (
                    default_hour(c, t).replace(f">{t}<", f">{x}<") if t == "17:00" else default_hour(c, t)
                )
            },
            lost=of_one(time="17:00"),
        )
    yield Look(
        "hours in a nested table", {"hours": lambda h: f'<td class="hours"><table><tr><td>{h}</td></tr></table></td>'}
    )
    yield Look("hours in a list", {"hours": lambda h: f'<td class="hours"><ul>{h}</ul></td>'})
    yield Look("hours in a cell without a class", {"hours": lambda h: f"<td>{h}</td>"})
    yield Look("hours in a th", {"hours": lambda h: f'<th class="hours">{h}</th>'})
    yield Look(
        "a long ticket",
        {"rewrite": lambda h: h.replace("bilety.example.com/agrafka", "bilety.example.com/" + "x" * 3000)},
        kinds=both,
    )
    # --- other rows
    rows = {
        "an advertisement": '<tr class="ad"><td colspan="2"><a href="https://sklep.example.com">Kup popcorn o 20:15!</a></td></tr>',
        "a bare advertisement": '<tr><td colspan="2">Reklama</td></tr>',
        "a script": "<tr><td colspan=2><script>ad('<table>')</script></td></tr>",
        "an image": '<tr><td colspan="2"><a href="https://ads.example.com"><img src="a.gif"></a></td></tr>',
        "an empty one": "<tr></tr>",
        "a nested table": "<tr><td colspan=2><table><tr><td>Reklama</td></tr></table></td></tr>",
        "a nested table left open": "<tr><td colspan=2><table><tr><td>Reklama</td></tr></td></tr>",
        "a separator": '<tr class="separator"><td colspan="2"><hr></td></tr>',
        "a comment": "<!-- <tr><th>x</th></tr> -->",
        "a legend": '<tr><td colspan="2" class="legend">NAP - napisy, DUB - dubbing</td></tr>',
        "an iframe": '<tr><td colspan="2"><iframe src="x"></iframe></td></tr>',
    }  # fmt: skip
    for name, row in rows.items():
        yield Look(f"a row with {name}", {"extra_row": row}, whole="left open" not in name)
        if "left open" not in name:
            yield Look(f"a last row with {name}", {"last_row": row}, kinds=both)
    # --- the hour programme's own
    hour_rows: dict[str, Any] = {
        "in a td": lambda t: f'<tr><td colspan="2"><h3>{t}</h3></td></tr>',
        "without an h3": lambda t: f'<tr><th colspan="2">{t}</th></tr>',
        "with a date": lambda t: f'<tr><th colspan="2"><h3>{t} <small>piątek, 27 listopada</small></h3></th></tr>',
        "with dots": lambda t: f'<tr><th colspan="2"><h3>{t.replace(":", ".")}</h3></th></tr>',
        "with words": lambda t: f'<tr><th colspan="2"><h3>godz. {t}</h3></th></tr>',
        "decorated": lambda t: f'<tr><th colspan="2"><h3>{t}*</h3></th></tr>',
        "in an h4": lambda t: f'<tr><th colspan="2"><h4>{t}</h4></th></tr>',
    }  # fmt: skip
    for name, hour in hour_rows.items():
        yield Look(f"hours of the day {name}", {"by_hour_heading": hour}, kinds=("by_hour",))
    default_heading = Parts().by_hour_heading
    for name, text in {"about": "ok. 17", "empty": "", "in words": "wieczorem", "impossible": "25:00"}.items():
        yield Look(
            f"one hour of the day {name}",
            {"by_hour_heading": lambda t, x=text: default_heading(x if t == "17:00" else t)},
            lost=of_one(time="17:00"), kinds=("by_hour",),
        )  # fmt: skip
    showings: dict[str, Any] = {
        "the film first": lambda c, n, s, t: f'<tr><td><a class="film" href="/film/{s}.html">{escape(t)}</a></td><td class="cinema"><a href="/{c}">{n}</a></td></tr>',
        "no classes": lambda c, n, s, t: f'<tr><td><a href="/{c}">{n}</a></td><td><a href="/film/{s}.html">{escape(t)}</a></td></tr>',
        "a ticket": lambda c, n, s, t: f'<tr><td class="cinema"><a href="/{c}">{n}</a></td><td><a href="/film/{s}.html">{escape(t)}</a></td><td><a class="buy_ticket" href="/bilety/1">kup bilet</a></td></tr>',
        "a runtime": lambda c, n, s, t: f'<tr><td class="cinema"><a href="/{c}">{n}</a></td><td><a href="/film/{s}.html">{escape(t)}</a> 1:58</td></tr>',
        "a poster": lambda c, n, s, t: f'<tr><td class="cinema"><a href="/{c}">{n}</a></td><td><a href="/film/{s}.html"><img alt=""></a><a href="/film/{s}.html">{escape(t)}</a></td></tr>',
    }  # fmt: skip
    for name, showing in showings.items():
        yield Look(f"showings with {name}", {"by_hour_row": showing}, kinds=("by_hour",))
    default_showing = Parts().by_hour_row
    for name, old, new in (
        ("without a cinema", '<a href="/agrafka">Agrafka</a>', "Agrafka"),
        ("without a film", '<a class="preview-link film" href="/film/sroda-9-maja.html">', "<a>"),
    ):
        yield Look(
            f"one showing {name}",
            {"by_hour_row": lambda c, n, s, t, o=old, w=new: default_showing(c, n, s, t).replace(o, w)},
            lost=of_one(cinema="agrafka"), kinds=("by_hour",),
        )  # fmt: skip


LOOKS = tuple(_looks())
