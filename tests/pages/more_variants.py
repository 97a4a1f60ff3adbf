# ruff: noqa: E501 - markup in tables of one line each
"""Further looks: hours in forms, half days and blocks of several days, transposed cells, tabs, widgets and old addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape

from .variants import FILMS, Look, Lost, Parts, of_one

BOTH = ("by_movie", "by_hour")
_A = '<a href="/cinema_program/by_cinema/{c}">'
_H = '<span class="hour">' + _A + "{t}</a>"
# of an hour: {c} is its cinema, {t} the hour, {h} and {m} its parts, {p} and {ap} the hour of half a day
HOURS = {
    "of half a day": '<span class="hour">' + _A + "{p}:{m} {ap}</a></span>",
    "of half a day, in small": '<span class="hour">' + _A + "{p}:{m} <small>{ap}</small></a></span>",
    "with a thin space": '<span class="hour">' + _A + "{h}\u2009:\u2009{m}</a></span>",
    "with a word joiner": '<span class="hour">' + _A + "{h}\u2060:\u2060{m}</a></span>",
    "with a ratio sign": '<span class="hour">' + _A + "{h}\u2236{m}</a></span>",
    "with emoji": '<span class="hour">⏰ ' + _A + "{t}</a> 🎟️</span>",
    "behind a triangle": '<span class="hour">' + _A + "▶ {t}</a></span>",
    "that a script sells": '<span class="hour"><a href="javascript:void(0)" onclick="buy(1)">{t}</a></span>',
    "that lead nowhere": '<span class="hour"><a href="#" data-time="{t}">{t}</a></span>',
    "in data elements": '<data class="hour" value="{t}">{t}</data>',
    "in time elements with a zone": '<time class="hour" datetime="2026-11-27T{t}:00+01:00">{t}</time>',
    "in radio buttons": '<label class="hour"><input type="radio" name="s" value="1"> {t}</label>',
    "in dated buttons": '<button class="hour" data-href="/x" data-date="2026-11-27">{t}</button>',
    "in buttons dated 11-27": '<button class="hour" data-day="11-27">{t}</button>',
    "with a colon of its own": '<span class="hour">' + _A + '{h}<span class="sep">:</span>{m}</a></span>',
    "in code": "<code>{t}</code>",
    "in chips": '<span class="chip">{t}</span>',
    "behind the date in ISO": '<span class="hour">2026-11-27 {t}</span>',
    "in ISO": '<span class="hour">2026-11-27T{t}</span>',
    "behind the weekday": '<span class="hour">pt. {t}</span>',
    "with a countdown": _H + " <small>za 2 godz. 15 min</small></span>",
    "with seats of all": _H + " <small>12/120</small></span>",
    "with free seats": _H + " <small>wolne miejsca: 34</small></span>",
    "with their end in words": _H + " <small>(koniec 23:59)</small></span>",
    "with advertisements' length": _H + " <small>reklamy 20 min</small></span>",
    "with a ticket's picture": _H + '<a class="buy_ticket" href="https://b.example.com/{c}"><img src="t.png" alt="bilet"></a></span>',
    "with a ticket's form": _H + '<form action="https://b.example.com/{c}"><input type="hidden" name="t"><button>Kup</button></form></span>',
    "behind their tickets": '<span class="hour"><a class="buy_ticket" href="https://b.example.com/{c}">kup</a> ' + _A + "{t}</a></span>",
    "with a label for readers": '<span class="hour"><span class="visually-hidden">Godzina:</span> ' + _A + "{t}</a></span>",
    "in many spans": '<span class="hour"><span><span>' + _A + "<span>{t}</span></a></span></span></span>",
    "with a number as link": '<span class="hour"><a href="/seans/12345">{t}</a></span>',
    "with addresses in capitals": '<span class="hour"><a href="/Cinema_Program/By_Cinema/{c}">{t}</a></span>',
}  # fmt: skip
# of the showing at 16:40: none on the page's day, or not certainly
ONE_HOUR = {
    "every hour": '<span class="hour">od {t} co godzinę</span>',
    "every two hours": '<span class="hour">{t} i co 2 godz. do 22:40</span>',
    "of half a day unknown": '<span class="hour">{t}</span> <small>PM</small>',
    "called tomorrow's behind it": '<span class="hour">{t}</span> (jutro)',
    "called tomorrow's ahead": 'jutro: <span class="hour">{t}</span>',
    "from next week": '<span class="hour">{t}</span> od 4 grudnia',
    "until yesterday": '<span class="hour">{t}</span> grany do 26.11',
    "on other weekdays": '<span class="hour">{t}</span> (tylko sob. i niedz.)',
    "on a range of other weekdays": '<span class="hour">{t}</span> pn-czw',
    "in a block of another day": '<div data-day="11-28"><span class="hour">{t}</span></div>',
    "next on another day": "najbliższy seans: 28.11 {t}",
}
NOTES = {"since last week": "od 20 listopada", "until next week": "do 3.12", "of a range of weekdays": "pn-pt", "of a part": "cz. 2"}  # fmt: skip
# of a cinema's hours, marked up
LISTS: dict[str, Callable[[str], str]] = {
    "in a select": lambda h: f'<td class="hours"><select><option>wybierz</option>{_each(h, "<option>{}</option>")}</select></td>',
    "in a select called so": lambda h: f'<td class="hours"><select class="hour">{_each(h, "<option>{}</option>")}</select></td>',
    "in a numbered list": lambda h: f'<td class="hours"><ol>{_each(h, "<li>{}</li>")}</ol></td>',
    "joined by i": lambda h: f'<td class="hours">{" i ".join(_times(h))}</td>',
    "behind godz.": lambda h: f'<td class="hours">godz. {", ".join(_times(h))}</td>',
    "in pre": lambda h: '<td class="hours"><pre>{}</pre></td>'.format("\n".join(_times(h))),
    "with a link to more": lambda h: f'<td class="hours">{h} <a href="#" class="more">+ więcej</a></td>',
    "above tomorrow's": lambda h: f'<td class="hours">{h}<br><small>jutro: 08:00, 08:30</small></td>',
    "above tomorrow's, folded": lambda h: f'<td class="hours">{h}<details><summary>jutro</summary><span class="hour">08:00</span></details></td>',
    "above saturday's": lambda h: f'<td class="hours">{h}<div class="next">sobota, 28.11: <span class="hour">08:00</span></div></td>',
    "above saturday's in text": lambda h: f'<td class="hours">{h}<br>sob. 08:00</td>',
    "in a block of a day": lambda h: f'<td class="hours"><div data-day="2026-11-27">{h}</div><div data-day="2026-11-28"><span class="hour">08:00</span></div></td>',
    "in tabs of days": lambda h: f'<td class="hours"><div class="tab-pane active">{h}</div><div class="tab-pane"><span class="hour">08:00</span></div></td>',
    "beside the box office's": lambda h: f'<td class="hours">{h}</td><td class="info">kasa 09:00-21:00</td>',
    "behind the runtime": lambda h: f'<td class="runtime">1:58</td><td class="hours">{h}</td>',
    "behind the rating": lambda h: f'<td class="rating">7.25</td><td class="hours">{h}</td>',
    "behind the price": lambda h: f'<td class="price">19.90</td><td class="hours">{h}</td>',
    "beside the distance": lambda h: f'<td class="hours">{h}</td><td>1.20 km</td>',
    "beside a phone": lambda h: f'<td class="hours">{h}</td><td>12 421-22-46</td>',
    "beside a map": lambda h: f'<td class="hours">{h}</td><td><a href="https://maps.example.com/?ll=50.06,19.94">mapa</a></td>',
    "beside their number": lambda h: f'<td class="hours">{h}</td><td>3 seanse</td>',
    "beside an empty column": lambda h: f'<td class="hours">{h}</td><td class="hours">–</td>',
}  # fmt: skip
# of a cinema: {s} is its slug, {n} its name
CINEMAS = {
    "abbreviated": '<td class="cinema_film"><a href="/{s}" title="{n}"><abbr>{n}</abbr></a></td>',
    "with a link up": '<td class="cinema_film"><a href="../{s}">{n}</a></td>',
    "with spaces in the link": '<td class="cinema_film"><a href=" /{s} ">{n}</a></td>',
    "behind their own site": '<td class="cinema_film"><a class="www" href="https://www.{s}.pl">www</a> <a href="/{s}">{n}</a></td>',
    "behind their district": '<td class="cinema_film"><small>Śródmieście</small> <a href="/{s}">{n}</a></td>',
    "ahead of their district": '<td class="cinema_film"><a href="/{s}">{n}</a>, Śródmieście</td>',
    "with stars": '<td class="cinema_film"><a href="/{s}">{n}</a> ★★★★☆ 4.2</td>',
    "with a session in the link": '<td class="cinema_film"><a href="/{s};jsessionid=AB12">{n}</a></td>',
    "behind a photograph": '<td class="cinema_film"><a href="/{s}"><img src="x.jpg" alt=""></a> <a href="/{s}">{n}</a></td>',
    "with their tickets": '<td class="cinema_film"><a href="/{s}">{n}</a> <a href="/{s}/bilety">bilety</a></td>',
}  # fmt: skip
_ROW = '<tr><th colspan="2">%s</th></tr>'
_FILM = '<a class="film" href="/film/{s}.html">{t}</a>'
_NEXT_TABLE = '</tbody></table>{}<table class="repert"><tbody>'
# of a film: {s} is its slug, {t} its title
FILM_HEADINGS = {
    "with a session": _ROW % '<a class="film" href="/film/{s}.html;jsessionid=1A2">{t}</a>',
    "of a mixed case": _ROW % '<a class="film" href="/Film/{s}.html">{t}</a>',
    "in capitals": _ROW % '<a class="film" href="/FILM/{s}.HTML">{t}</a>',
    "of a language": _ROW % '<a class="film" href="/pl/film/{s}.html">{t}</a>',
    "with a link up": _ROW % '<a class="film" href="../film/{s}.html">{t}</a>',
    "with a link's line end": _ROW % '<a class="film" href=" /film/{s}.html\n">{t}</a>',
    "with two slashes": _ROW % '<a class="film" href="//www.kino.krakow.pl//film/{s}.html">{t}</a>',
    "with facts in the line": _ROW % (_FILM + " 118 min | USA 2025 | od 12 lat"),
    "with the runtime as a time": _ROW % (_FILM + ' <span class="time">1:58</span>'),
    "with a director": _ROW % (_FILM + ', reż. <a href="/osoba/x.html">Jan</a>'),
    "with a gallery": _ROW % (_FILM + ' <a href="/film/{s}/galeria.html">zdjęcia</a>'),
    "with the next start": _ROW % (_FILM + " <small>najbliższy seans 08:00</small>"),
    "with its first day": _ROW % (_FILM + " <small>w kinach od 28.11</small>"),
    "with a toggle": _ROW % ('<button aria-expanded="false">+</button> ' + _FILM),
    "behind a word": _ROW % ("Film: " + _FILM),
    "above prices": _ROW % _FILM + '<tr><td colspan="2">Bilety: 18,00–25,00 zł</td></tr>',
    "above audio description": _ROW % _FILM + '<tr><td colspan="2">Seanse z audiodeskrypcją</td></tr>',
    "in captions": f'</tbody></table><table class="repert"><caption>{_FILM}</caption><tbody>',
    "ahead of an empty row": f'</tbody></table><h3>{_FILM}</h3><table class="repert"><tbody><tr></tr>',
    "in heads of tables": f'</tbody></table><table class="repert"><thead><tr><th>{_FILM}</th></tr></thead><tbody>',
    "in blocks around tables": _NEXT_TABLE.format(f'</div><div class="box"><div class="head">{_FILM}</div>'),
}
# ahead of the programme
BEFORE = {
    "when it was updated": "<h2>Aktualizacja programu: 26.11.2026</h2>",
    "when it was updated, with the hour": "<h2>Repertuar zaktualizowano 26.11.2026 o 12:00</h2>",
    "as it stood": "<h2>Repertuar (stan na 26 listopada)</h2>",
    "a heading of a weekend": "<h2>Repertuar na weekend: 28–29.11</h2>",
    "a heading of a week in words": "<h2>Repertuar: piątek 27 listopada – czwartek 3 grudnia</h2>",
    "a special showing": "<h2>Seans specjalny: Dom dobry, 30 listopada</h2>",
    "a marathon at a cinema": "<h2>Kino Mikro, sobota 28 listopada: maraton Wajdy</h2>",
    "a new cinema": "<h2>Nowe kino w Krakowie: otwarcie 5 grudnia</h2>",
    "a link to another day in a heading": '<h2><a href="?day=11-28">Repertuar na jutro, 28 listopada</a></h2>',
    "a box of recommendations": '<div><h3>Polecamy dziś</h3><p><a href="/film/inny.html">Inny</a>: <a href="/kijow">Kijów</a> <span class="hour">20:00</span></p></div>',
    "a table of recommendations": '<div><h3>Polecamy dziś</h3><table><tr><td><a href="/film/inny.html">Inny</a></td><td><a href="/kijow">Kijów</a></td><td><span class="hour">20:00</span></td></tr></table></div>',
    "a table of saturday's": '<div><h3>Polecamy w sobotę</h3><p>W sobotę</p><table class="repert small"><tr><td><a href="/film/inny.html">Inny</a></td><td><a href="/kijow">Kijów</a></td><td><span class="hour">20:00</span></td></tr></table></div>',
    "a date picker": '<table class="ui-datepicker-calendar"><thead><tr><th>Pn</th></tr></thead><tbody><tr><td class="active"><a href="#">26</a></td></tr></tbody></table>',
    "a policy's date": '<div class="cc"><h2>Polityka cookies z dnia 25.05.2018</h2></div>',
    "the day of publication": '<p class="pub">Dodano: 26.11.2026</p>',
    "when it was printed": '<div class="print-only">Wydruk z 26.11.2026, 12:30</div>',
    "a revealed comment": "<![if !IE]><p>x</p><![endif]>",
    "a list left open": '<ul><li><a href="/film/inny.html">Inny</a>',
}
_OTHER_ROWS = (
    '<tr><th><a class="film" href="/film/inny.html">Inny</a></th></tr>'
    '<tr><td class="cinema_film"><a href="/kijow">Kijów</a></td><td><span class="hour">9:00</span></td></tr>'
)
_OTHER_TABLE = f'<table class="repert">{_OTHER_ROWS}</table>'
AFTER = {
    "in a sentence": "<p>Repertuar na sobotę, 28 listopada</p>" + _OTHER_TABLE,
    "of the next day": "<div>Następny dzień</div>" + _OTHER_TABLE,
    "of announcements": "<h3>Zapowiedzi</h3>" + _OTHER_TABLE,
    "of what comes soon": "<h3>Wkrótce w kinach</h3>" + _OTHER_TABLE,
    "of a weekday": "<h2>Sobota</h2>" + _OTHER_TABLE,
    "of a weekday in words": "<h3>W sobotę gramy</h3>" + _OTHER_TABLE,
    "on sale already": "<h3>Przedsprzedaż</h3>" + _OTHER_TABLE,
}
TABS = {
    "by a date": ('<div data-date="2026-11-27">', f'</div><div data-date="2026-11-28">{_OTHER_TABLE}</div>'),
    "by a short date": ('<div data-day="11-27">', f'</div><div data-day="11-28">{_OTHER_TABLE}</div>'),
    "by their names": ('<div id="dzien-2026-11-27">', f'</div><div id="dzien-2026-11-28">{_OTHER_TABLE}</div>'),
}
HOUR_HEADINGS = {
    "of half a day": "<h3>{p}:{m} {ap}</h3>",
    "with their number": "<h3>{t} (3 seanse)</h3>",
    "behind o godz.": "<h3>o godz. {t}</h3>",
    "in a time element": '<time datetime="2026-11-27T{t}">{t}</time>',
    "with a thin space": "<h3>{h}\u2009:\u2009{m}</h3>",
    "behind the weekday": "<h3>Pt, {t}</h3>",
    "between dashes": "<h3>— {t} —</h3>",
}
# of a showing in the hour programme
SHOWINGS = {
    "with the version": "<tr>{cinema}{film}<td>2D napisy</td></tr>",
    "with the price": "<tr>{cinema}{film}<td>od 19,90 zł</td></tr>",
    "with the runtime as a time": "<tr>{cinema}{film}<td>1:58</td></tr>",
    "with their end": "<tr>{cinema}{film}<td>do 23:58</td></tr>",
    "with a script's ticket": '<tr>{cinema}{film}<td><a href="javascript:buy()">kup</a></td></tr>',
    "with the start in data": '<tr data-start="2026-11-27T10:00">{cinema}{film}</tr>',
    "in one cell": '<tr><td><a href="/{c}">{n}</a> – <a class="film" href="/film/{s}.html">{t}</a></td></tr>',
    "in a list": '<tr><td><ul><li><a href="/{c}">{n}</a></li><li><a class="film" href="/film/{s}.html">{t}</a></li></ul></td></tr>',
}  # fmt: skip
_DATED = "piątek, 27 listopada</th>"
# of the whole page: what is replaced, by what
PAGES = {
    "the day's sun": (_DATED, "piątek, 27 listopada <small>wschód 7:15, zachód 15:42</small></th>"),
    "the day's names": (_DATED, "piątek, 27 listopada (imieniny: Waleriana)</th>"),
    "the day's week": (_DATED, "piątek, 27 listopada · tydzień 48</th>"),
    "when the day was updated": (_DATED, "piątek, 27 listopada (aktualizacja 26.11, 18:00)</th>"),
    "days above the table": ("<table class=\"showtimes", '<ul class="days"><li><a href="?day=11-26">czw 26.11</a></li><li class="active">pt 27.11</li></ul><table class="showtimes'),
    "cities, one active": ("<table class=\"showtimes", '<ul class="cities"><li><a href="//warszawa.repertuary.pl">Warszawa</a></li><li class="active">Kraków</li></ul><table class="showtimes'),
    "a select of months": ("<table class=\"showtimes", '<select id="month"><option selected value="11-01">listopad</option></select><table class="showtimes'),
    "a day select": ("<table class=\"showtimes", '<select id="day_select"><option value="11-26">czw</option><option selected value="11-27">pt</option></select><table class="showtimes'),
    "another day in its title": ("<title>Repertuar", "<title>Repertuar 26 listopada"),
    "a wall of cookies": ('<div id="content">', '<div style="position:fixed"><h2>Zgoda, 26 listopada 2026</h2></div><div id="content">'),
    "a closed cinema": ("<table class=\"showtimes", '<h3>Uwaga! 30 listopada kino Kijów nieczynne.</h3><table class="showtimes'),
    "a weekday in its heading": ("w Krakowie</h1>", "– piątek</h1>"),
    "a range in its heading": ("w Krakowie</h1>", "27.11–3.12</h1>"),
    "a frame's element": ("<table class=\"showtimes", '<turbo-frame id="p"><table class="showtimes'),
    "comments of a framework": ("<td", "<!--v-if--><td"),
    "attributes of a framework": ("<tr", '<tr ng-repeat="x in y" _ngcontent-c1=""'),
    "custom elements": ('<td class="hours">', '<td class="hours"><show-times>'),
    "fonts": ('<td class="hours">', '<td class="hours"><font color=red>'),
    "spans left open": ("</span>", ""),
    "crossed ends of rows": ("</td></tr>", "</tr></td>"),
    "entities in addresses": ("/film/", "&#47;film&#47;"),
    "an attribute twice": ('<a class="preview-link film"', '<a class="preview-link film" class="x"'),
    "a base of a target": ("</head>", '<base target="_blank"></head>'),
    "a template of rows": ("</tbody>", '<template><tr><th><a class="film" href="/film/{{slug}}.html">{{title}}</a></th></tr></template></tbody>'),
    "a foot ahead": ("<tbody>", "<tfoot><tr><td colspan=2>* napisy</td></tr></tfoot><tbody>"),
}  # fmt: skip
PROMOTED = (
    '<tr><td colspan=2>Polecamy dziś: <a href="/film/inny.html">Inny</a>, <a href="/kijow">Kijów</a> 20:00</td></tr>'
)


def _times(hours: str) -> list[str]:
    return re.findall(r">(\d\d:\d\d)<", hours)


def _each(hours: str, markup: str) -> str:
    return "".join(markup.format(time) for time in _times(hours))


def _of_hour(markup: str, cinema: str, time: str) -> str:
    hour, minute = (int(part) for part in time.split(":"))
    half = {"p": (hour - 1) % 12 + 1, "ap": "PM" if hour > 11 else "AM"}
    return markup.format(c=cinema, t=time, h=hour, m=f"{minute:02}", **half)


def _showing(markup: str) -> Callable[[str, str, str, str], str]:
    def row(slug: str, name: str, film: str, title: str) -> str:
        link = f'<td><a class="preview-link film" href="/film/{film}.html">{escape(title)}</a></td>'
        cinema = Parts().cinema(slug, name)
        return markup.format(cinema=cinema, film=link, c=slug, n=escape(name), s=film, t=escape(title))

    return row


def _flat(order: str) -> Callable[[str], str]:
    """Rows of one showing each, with cells of film, cinema and hour in some order."""
    parts = Parts()

    def rewritten(html: str) -> str:
        rows = []
        for slug, (title, cinemas) in FILMS.items():
            for cinema, times in cinemas.items():
                for time in times:
                    film = f'<td><a class="preview-link film" href="/film/{slug}.html">{escape(title)}</a></td>'
                    hour = f'<td class="hours">{parts.hour(cinema, time)}</td>'
                    cells = {"f": film, "c": parts.cinema(cinema, cinema), "h": hour}
                    rows.append(f"<tr>{''.join(cells[name] for name in order)}</tr>")
        return re.sub(
            r"(<table[^>]*repert.*?<tbody>).*?(?=</tbody>)", lambda m: m[1] + "\n".join(rows), html, flags=re.S
        )

    return rewritten


def _looks() -> Iterator[Look]:
    usual = Parts().hour
    for name, markup in HOURS.items():
        yield Look(f"hours {name}", {"hour": lambda c, t, markup=markup: _of_hour(markup, c, t)})
    for name, markup in ONE_HOUR.items():
        changed = {"hour": lambda c, t, markup=markup: _of_hour(markup, c, t) if t == "16:40" else usual(c, t)}
        yield Look(f"one hour {name}", changed, lost=of_one(time="16:40"))
    for name, note in NOTES.items():
        yield Look(f"hours with a note {name}", {"hour": lambda c, t, note=note: f"{usual(c, t)} <i>{note}</i>"})
    for name, hours in LISTS.items():
        yield Look(f"hours {name}", {"hours": hours})
    for name, markup in CINEMAS.items():
        yield Look(f"cinemas {name}", {"cinema": lambda s, n, markup=markup: markup.format(s=s, n=escape(n))})
    for name, markup in FILM_HEADINGS.items():
        yield Look(f"films' links {name}", {"heading": lambda s, t, markup=markup: markup.format(s=s, t=escape(t))})
    for name, markup in BEFORE.items():
        yield Look(f"ahead: {name}", {"before": markup}, kinds=BOTH)
    for name, markup in AFTER.items():
        yield Look(f"another table {name}", {"after": markup})
    for name, (before, after) in TABS.items():
        yield Look(f"tabs of days told {name}", {"before": before, "after": after})
    for name, markup in HOUR_HEADINGS.items():
        heading: Callable[..., str] = lambda t, markup=markup: f"<tr><th>{_of_hour(markup, '', t)}</th></tr>"  # noqa: E731
        yield Look(f"hours of the day {name}, again", {"by_hour_heading": heading}, kinds=("by_hour",))
    for order in ("fch", "fhc", "cfh"):
        parts = {name: getattr(Parts(), name) for name in ("heading", "row", "cinema", "hours", "hour", "table_open")}
        yield Look(f"a row of each showing, {order}", {**parts, "rewrite": _flat(order)})
    for name, markup in SHOWINGS.items():
        yield Look(f"showings {name}, again", {"by_hour_row": _showing(markup)}, kinds=("by_hour",))
    for name, (old, new) in PAGES.items():
        yield Look(f"page with {name}", {"rewrite": lambda h, old=old, new=new: h.replace(old, new)}, kinds=BOTH)
    dated = '<tbody data-date="2026-11-28"><tr data-x="1">' + _OTHER_ROWS.removeprefix("<tr>") + "</tbody>"
    yield Look("saturday below, in a body of its own", {"table_close": f"</tbody>{dated}</table>"})
    below: Lost = lambda film, cinema, _time: (film, cinema) == ("bugonia", "kijow")  # noqa: E731
    yield Look("a row that recommends", {"extra_row": PROMOTED}, lost=below)
    copied = r'<div class="hidden-xs">\1</div><div class="visible-xs">\1</div>'
    twice = {
        "rewrite": lambda html: re.sub(r"(<table class=\"showtimes repert\">.*</table>)", copied, html, flags=re.S)
    }
    yield Look("the table once more for telephones", twice, kinds=BOTH)


LOOKS = tuple(_looks())
