# ruff: noqa: E501 - markup in tables of one line each
"""Looks of programme pages that were written from what other sites do, not from what the readers were built for: hours,
headings, cinemas, whole pages, and other days inside a programme. They are made of the parts of tests/pages/variants.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape

from tests.pages.variants import Look, Parts, of_one

SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
BOTH = ("by_movie", "by_hour")

# of an hour: {c} is its cinema, {t} 17:00, {h} 17, {m} 00, {d} 17.00
HOURS: dict[str, str | Callable[[str, str], str]] = {
    'joined by a word':'{t} i ',
    'sold out in words':'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t}</a> wyprzedane</span>',
    'sold out, in a badge':'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t}</a></span> <b class="badge">WYPRZEDANE</b>',
    'sold out, ahead':'<span class="hour">brak biletów <a href="/cinema_program/by_cinema/{c}">{t}</a></span>',
    'with a note on cancelling':'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t}</a></span> <small>kino może odwołać seans; w razie odwołania zwraca za bilet</small>',
    'with onclick tickets':'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t}</a><button onclick="location.href=\'https://bilety.example.com/{t}\'">Kup</button></span>',
    'as data attributes':'<span class="hour" data-time="{t}" data-start="2026-11-27T{t}:00+01:00"><a href="/cinema_program/by_cinema/{c}">{t}</a></span>',
    'in a button that sells':'<span class="hour"><a class="btn btn-sm btn-primary" href="https://bilety.example.com/{t}">{t}</a></span>',
    'in bare tickets':'<a class="btn" href="https://bilety.example.com/{t}">{t}</a>',
    'godz.':'<span class="hour">godz. {d}</span>',
    'hour word':'<span class="hour"><a href="/cinema_program/by_cinema/{c}">o {t}</a></span>',
    'sup without dots':'<span class="hour">{h}<sup>{m}</sup></span>',
    'sup underlined':'<span class="hour">{h}<sup><u>{m}</u></sup></span>',
    'unicode superscript':lambda c,t:f'<span class="hour">{t[:2]}{t[3:].translate(str.maketrans("0123456789","⁰¹²³⁴⁵⁶⁷⁸⁹"))}</span>',
    'soft hyphen':'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{h}:&shy;{m}</a></span>',
    'nbsp':'<span class="hour"><a href="/cinema_program/by_cinema/{c}">&nbsp;{t}&nbsp;</a>&nbsp;</span>',
    'wbr':'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{h}:<wbr>{m}</a></span>',
    'zwsp':'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{h}\u200b:{m}</a></span>',
    'two spans':'<span class="hour"><span class="h">{h}</span>:<span class="m">{m}</span></span>',
    'two spans no colon':'<span class="hour"><span class="h">{h}</span><span class="m">{m}</span></span>',
    'h suffix':'<span class="hour">{h}h{m}</span>',
    'with h':'<span class="hour">{t}h</span>',
    'with icon font':'<span class="hour"><i class="fa fa-clock-o"></i> {t}</span>',
    'with svg':'<span class="hour"><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>{t}</span>',
    'aria label':'<span class="hour" aria-label="godzina {t}">{t}</span>',
    'tooltip about price':'<span class="hour" title="bilet 25,00 zł">{t}</span>',
    'tooltip':'<a href="/cinema_program/by_cinema/{c}" title="Kup bilet na {t}" data-toggle="tooltip">{t}</a>',
    'popover html':'<a href="/cinema_program/by_cinema/{c}" data-content="<b>{t}</b> sala 1">{t}</a>',
    'meta itemprop':'<span class="hour" itemprop="startDate" content="2026-11-27T{t}"><meta itemprop="x" content="y">{t}</span>',
    'screenreader':'<span class="hour"><span class="sr-only">Seans o godzinie </span>{t}</span>',
    'time with seconds':'<span class="hour"><time datetime="2026-11-27T{t}:00Z">{t}</time></span>',
    'li':'<li class="hour">{t}</li>',
    'li bare':'<li>{t}</li>',
    'p':'<p>{t}</p>',
    'pipes':'{t} | ',
    'slashes':'{t} / ',
    'brackets':'[{t}] ',
    'br':'{t}<br>',
    'br link':'<a href="/cinema_program/by_cinema/{c}">{t}</a><br>',
    'sold out class':'<span class="hour sold-out" title="wyprzedane">{t}</span>',
    'disabled past':'<span class="hour past" style="color:#ccc">{t}</span>',
    'del free':'<span class="hour">{t} <small>(18+)</small></span>',
    'age':'<span class="hour">{t} <sup>12+</sup></span>',
    'price':'<span class="hour">{t} <span class="price">od 18,00 zł</span></span>',
    'price dots':'<span class="hour">{t} <span class="price">18.00 zł</span></span>',
    'duration':'<span class="hour">{t} <span class="duration">118 min</span></span>',
    'end in small':'<span class="hour">{t} <small>(koniec 23:55)</small></span>',
    'end arrow':'<span class="hour">{t} → 23:55</span>',
    'end dash':'<span class="hour">{t}–23:55</span>',
    'end do':'<span class="hour">{t} do 23:55</span>',
    'seats':'<span class="hour">{t} <span class="badge">12 miejsc</span></span>',
    'last seats':'<span class="hour">{t} <em>ostatnie miejsca!</em></span>',
    'reservation':'<span class="hour">{t} <a class="reserve" href="/rezerwacja/1">rezerwuj</a></span>',
    'tracking':'<span class="hour"><a href="/cinema_program/by_cinema/{c}?utm_source=a&amp;utm_medium=b#x">{t}</a></span>',
    'redirector ticket':'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t}</a> <a class="buy_ticket" href="/redirect?url=https%3A%2F%2Fbilety.example.com%2F{t}">kup</a></span>',
    'ticket target':'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t}</a> <a class="buy_ticket" target="_blank" rel="noopener nofollow" href="//bilety.example.com/{t}"><img src="t.png" alt="kup bilet"></a></span>',
    'double colon fullwidth':lambda c,t:f'<span class="hour">{t.replace(":","：")}</span>',
    'no leading zero':lambda c,t:f'<span class="hour"><a href="/cinema_program/by_cinema/{c}">{t.lstrip("0")}</a></span>',
    'in font':'<font color="red">{t}</font> ',
    'in strong':'<strong>{t}</strong> ',
    'in code of js':'<span class="hour"><script>document.write("")</script>{t}</span>',
    'hidden date':'<span class="hour"><span style="display:none">2026-11-27 </span>{t}</span>',
    'with the date in front': '<span class="hour">27.11 {t}</span>',
    'with the date behind': '<span class="hour">{t} (27 listopada)</span>',
    'with the weekday in front': '<span class="hour">pt. {t}</span>',
    'amp link':'<span class="hour"><a href="/cinema_program/by_cinema/{c}" on="tap:x">{t}</a></span>',
}  # fmt: skip
OTHER_DAYS_HOURS = {  # each hour says that it is of another day, or of no time that can be told
    'with another date in front': '<span class="hour">28.11 {t}</span>',
    'with another date and slash in front': '<span class="hour">28/11 {t}</span>',
    'with another date behind': '<span class="hour">{t} (28.11.2026)</span>',
    'with another date in words': '<span class="hour">28 listopada {t}</span>',
    'with another weekday in front': '<span class="hour">sob. {t}</span>',
    'with another date and colon in front': '<span class="hour">12.11: {t}</span>',
    'with a datetime of another day': '<time datetime="2026-11-28T{t}">{t}</time>',
    'with the data-date of another day': '<span class="hour" data-date="2026-11-28">{t}</span>',
}  # fmt: skip
HOUR_HEADINGS = {'raised':'<h3>{h}<sup>{m}</sup></h3>', 'with h':'<h3>{h}h{m}</h3>', 'behind an icon':'<h3>🕒 {t}</h3>', 'with their number':'<h3>{t} <small>(3 seanse)</small></h3>', 'with an anchor':'<a name="h{t}"></a><h3>{t}</h3><a href="#top">↑</a>'}  # fmt: skip
CANCELLED = {'s':'<span class="hour"><s>{t}</s></span>','del around':'<del><span class="hour">{a}</span></del>','odwolany':'<span class="hour">{a} ODWOŁANY</span>','style':'<span class="hour" style="text-decoration: line-through">{t}</span>','class':'<span class="hour odwolany">{t}</span>','odwolane badge':'<span class="hour">{a} <span class="badge">odwołane</span></span>', 'in link':'<span class="hour"><a href="/cinema_program/by_cinema/{c}"><s>{t}</s></a></span>','strike':'<strike>{t}</strike>',
    'word behind':'<span class="hour">{a}</span> odwołany', 'badge behind':'<span class="hour">{a}</span> <b class="badge">ODWOŁANE!</b>', 'tooltip':'<span class="hour" title="Seans odwołany">{a}</span>', "link's tooltip":'<span class="hour"><a title="Seans odwołany" href="/cinema_program/by_cinema/{c}">{t}</a></span>',
    'moved':'<span class="hour">{a}</span> <i>przeniesiony na 19:00</i>', 'named by a note':'<span class="hour">{a}</span> <small>(seans o 17:00 odwołany)</small>', 'in English':'<span class="hour">{a} cancelled</span>'}  # fmt: skip
# of a film's heading: {s} is its slug, {t} its title
HEADINGS = {
    'rowspan poster':'<tr><th rowspan="1"><a href="/film/{s}.html"><img src="/p.jpg"></a></th><th><a class="film" href="/film/{s}.html">{t}</a></th></tr>',
    'original title in small':'<tr><th><a class="film" href="/film/{s}.html">{t}</a> <small>(Original Title)</small></th></tr>',
    'original title br':'<tr><th><a class="film" href="/film/{s}.html">{t}</a><br><i>Original</i>, reż. Ktoś, 2025</th></tr>',
    'facts in cells':'<tr><th><a class="film" href="/film/{s}.html">{t}</a></th><td>dramat</td><td>118 min</td><td>od lat 12</td></tr>',
    'imdb':'<tr><th><a class="film" href="/film/{s}.html">{t}</a> <a href="https://www.imdb.com/title/tt1/">IMDb 7.1</a></th></tr>',
    'rating':'<tr><th><a class="film" href="/film/{s}.html">{t}</a> <span class="rating">7.35</span></th></tr>',
    'share':'<tr><th><a class="film" href="/film/{s}.html">{t}</a> <a href="https://www.facebook.com/sharer.php?u=x">f</a></th></tr>',
    'trailer yt':'<tr><th><a class="film" href="/film/{s}.html">{t}</a> <a class="trailer" href="https://youtu.be/1">zwiastun</a></th></tr>',
    'utm':'<tr><th><a class="film" href="/film/{s}.html?utm_source=rep">{t}</a></th></tr>',
    'abs http':'<tr><th><a class="film" href="http://www.kino.krakow.pl/film/{s}.html">{t}</a></th></tr>',
    'mobile host':'<tr><th><a class="film" href="https://m.kino.krakow.pl/film/{s}.html">{t}</a></th></tr>',
    'no html ext':'<tr><th><a class="film" href="/film/{s}">{t}</a></th></tr>',
    'upper html':'<tr><th><a class="film" href="/film/{s}.HTML">{t}</a></th></tr>',
    'upper tags':'<TR><TH><A CLASS="film" HREF="/film/{s}.html">{t}</A></TH></TR>',
    'xhtml':'<tr><th><a class="film" href="/film/{s}.html" ><span>{t}</span><br /></a></th></tr>',
    'nested divs':'<tr><th><div class="row"><div class="col"><h2 class="title"><a class="film" href="/film/{s}.html">{t}</a></h2></div></div></th></tr>',
    'number':'<tr><th><span class="no">1.</span> <a class="film" href="/film/{s}.html">{t}</a></th></tr>',
    'anchor name':'<tr><th><a name="{s}"></a><a class="film" href="/film/{s}.html">{t}</a></th></tr>',
    'id anchor':'<tr id="film-{s}"><th><a href="#top">▲</a> <a class="film" href="/film/{s}.html">{t}</a></th></tr>',
    'premiere date':'<tr><th><a class="film" href="/film/{s}.html">{t}</a> <span>premiera: 28.11.2026</span></th></tr>',
    'premiere date class':'<tr><th><a class="film" href="/film/{s}.html">{t}</a> <span class="date">premiera 28.11.2026</span></th></tr>',
    'premiere date own cell':'<tr><th><a class="film" href="/film/{s}.html">{t}</a></th><th class="premiere-date">28.11.2026</th></tr>',
    'favourite':'<tr><th><a class="fav" href="/login?back=x">♥</a> <a class="film" href="/film/{s}.html">{t}</a></th></tr>',
    'comments link':'<tr><th><a class="film" href="/film/{s}.html">{t}</a> <a href="/film/{s}.html#komentarze">komentarze (3)</a></th></tr>',
    'film comments sub':'<tr><th><a class="film" href="/film/{s}.html">{t}</a> <a href="/film/{s}/recenzje.html">recenzje</a></th></tr>',
    'double br':'<tr><th><br><a class="film" href="/film/{s}.html">{t}</a><br><br></th></tr>',
    'title attr':'<tr><th><a class="film" title="{t} - opis filmu" href="/film/{s}.html">{t}</a></th></tr>',
    'description row':'<tr><th><a class="film" href="/film/{s}.html">{t}</a></th></tr><tr><td colspan="2">Film opowiada o 12:30 rzeczach i jest długi.</td></tr>',
    'description row p':'<tr><th><a class="film" href="/film/{s}.html">{t}</a></th></tr><tr><td colspan="2"><p>Historia rodziny. <a href="/film/{s}.html">więcej</a></p></td></tr>',
    'in thead each':'</tbody><thead><tr><th><a class="film" href="/film/{s}.html">{t}</a></th></tr></thead><tbody>',
    'modal in row':'<tr><th><a class="film" href="/film/{s}.html">{t}</a><div class="modal" style="display:none"><p>Opis</p><a href="/film/{s}.html">dalej</a></div></th></tr>',
    'hidden similar':'<tr><th><a class="film" href="/film/{s}.html">{t}</a><noscript><img src="x"></noscript></th></tr>',
    'lazy poster':'<tr><th><a href="/film/{s}.html"><img class="lazy" data-src="p.jpg" alt="{t}"><noscript><img src="p.jpg" alt="{t}"></noscript></a> <a class="film" href="/film/{s}.html">{t}</a></th></tr>',
    'json data':'<tr data-film=\'{{"id": 1, "t": "<b>x</b>"}}\'><th><a class="film" href="/film/{s}.html">{t}</a></th></tr>',
    'word paste':'<tr><th><o:p></o:p><a class="film" href="/film/{s}.html">{t}</a></th></tr>',
    'date row between':'<tr><th class="date" colspan="2">piątek, 27 listopada</th></tr><tr><th><a class="film" href="/film/{s}.html">{t}</a></th></tr>',
    'ad between':'<tr><td colspan="2"><div id="ad1"><script>googletag.cmd.push(function(){{}})</script></div></td></tr><tr><th><a class="film" href="/film/{s}.html">{t}</a></th></tr>',
    'ad text between':'<tr><td colspan="2">Reklama</td></tr><tr><th><a class="film" href="/film/{s}.html">{t}</a></th></tr>',
    'letter between':'<tr><th colspan="2">B</th></tr><tr><th><a class="film" href="/film/{s}.html">{t}</a></th></tr>',
    'hr':'<tr><td colspan="2"><hr></td></tr><tr><th><a class="film" href="/film/{s}.html">{t}</a></th></tr>',
    'colspan 8':'<tr class="film-row odd"><th colspan="8" class="film-title"><a href="/film/{s}.html">{t}</a></th></tr>',
    'film class td':'<tr class="film"><td class="film" colspan="2"><a href="/film/{s}.html">{t}</a></td></tr>',
    'poster film cell rowspan':'<tr><td rowspan="9"><a href="/film/{s}.html"><img src="p"></a></td><td colspan=2><a class="film" href="/film/{s}.html">{t}</a></td></tr>',
}  # fmt: skip
# of a cinema: {s} is its slug, {n} its name
CINEMAS = {
    'icon':'<td class="cinema_film"><i class="icon"></i><a href="/{s}">{n}</a></td>',
    'phone':'<td class="cinema_film"><a href="/{s}">{n}</a> tel. 12 421 22 46</td>',
    'address':'<td class="cinema_film"><a href="/{s}">{n}</a><br>ul. Karmelicka 4</td>',
    'tel link':'<td class="cinema_film"><a href="/{s}">{n}</a> <a href="tel:+48124212246">zadzwoń</a></td>',
    'mail link':'<td class="cinema_film"><a href="/{s}">{n}</a> <a href="mailto:a@b.pl">e-mail</a></td>',
    'gmaps':'<td class="cinema_film"><a href="/{s}">{n}</a> <a href="https://maps.google.com/?q=x">mapa</a></td>',
    'html ext':'<td class="cinema_film"><a href="/{s}.html">{n}</a></td>',
    'kino prefix':'<td class="cinema_film"><a href="/{s}">Kino&nbsp;{n}</a></td>',
    'abs':'<td class="cinema_film"><a href="https://krakow.repertuary.pl/{s}">{n}</a></td>',
    'span name':'<td class="cinema_film"><a href="/{s}"><span itemprop="name">{n}</span></a></td>',
    'h4':'<td class="cinema_film"><h4><a href="/{s}">{n}</a></h4></td>',
    'th scope':'<th scope="row" class="cinema"><a href="/{s}">{n}</a></th>',
    'utm':'<td class="cinema_film"><a href="/{s}?ref=prog">{n}</a></td>',
    'anchor':'<td class="cinema_film"><a href="/{s}#repertuar">{n}</a></td>',
    'repertoire link':'<td class="cinema_film"><a href="/{s}">{n}</a> <a href="/{s}/repertuar">repertuar</a></td>',
    'info link':'<td class="cinema_film"><a href="/{s}/info">{n}</a></td>',
    'versions beside':'<td class="cinema_film"><a href="/{s}">{n}</a> <span class="ver">2D napisy</span></td>',
    'distance':'<td class="cinema_film"><a href="/{s}">{n}</a> <small>1.2 km</small></td>',
    'time in note':'<td class="cinema_film"><a href="/{s}">{n}</a> <small>kasa czynna 10:00-20:00</small></td>',
}  # fmt: skip
PAGES: dict[str, Callable[[str], str]] = {
    'heading of one event':lambda h: h.replace('<table class="showtimes','<div><h2>Noc Kin – sobota 28 listopada, godz. 20:00</h2></div><table class="showtimes'),
    'bom':lambda h: '\ufeff'+h, 'xml prolog':lambda h: '<?xml version="1.0" encoding="utf-8"?>\n'+h,
    'xhtml ns':lambda h: h.replace('<html lang="pl">','<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="pl" lang="pl">').replace('<meta charset="utf-8">','<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2" />'),
    'wrong meta charset':lambda h: h.replace('charset="utf-8"','charset="windows-1250"'),
    'all upper tags':lambda h: re.sub(r'</?[a-z0-9]+',lambda m:m[0].upper(),h),
    'closing slash everywhere':lambda h: h.replace('<br>','<br />'),
    'amp html':lambda h: h.replace('<html lang="pl">','<html ⚡ lang="pl">').replace('</head>','<style amp-boilerplate>body{}</style></head>'),
    'php warnings ahead':lambda h: '<br />\n<b>Warning</b>: mysql_connect() in <b>/x.php</b> on line <b>3</b><br />\n'+h,
    'comments with rows':lambda h: h.replace('<tr><td class="cinema_film"><a href="/agrafka"','<!-- <tr><td class="cinema_film"><a href="/kijow">Kijów</a></td><td class="hours">10:00</td></tr> --><tr><td class="cinema_film"><a href="/agrafka"'),
    'comments with film row':lambda h: h.replace('</tbody>','<!-- <tr><th><a class="film" href="/film/x.html">X</a></th></tr> --></tbody>'),
    'server comments in cells':lambda h: h.replace('</td>','<!-- /cell --></td>'),
    'ie conditional in table':lambda h: h.replace('<tbody>','<tbody><!--[if lt IE 9]><tr><td>stara</td></tr><![endif]-->',1),
    'script rows json':lambda h: h.replace('</tbody></table>','</tbody></table><script>var t = [{"film":"/film/inny.html","html":"<tr><td>x</td></tr>"}]</script>'),
    'script in table':lambda h: h.replace('</tbody>','<script>rows.push("<tr><td>"+x+"</td></tr>")</script></tbody>'),
    'utf entities hex':lambda h: h.replace('ś','&#x15B;').replace('ł','&#322;'),
    'tabs and newlines in tags':lambda h: h.replace('<td class','<td\n\tclass').replace('<a href','<a\n href'),
    'nbsp in names':lambda h: h.replace('Cinema City Bonarka','Cinema&nbsp;City&nbsp;Bonarka'),
    'double body':lambda h: h.replace('<div id="content">','<body class="x"><div id="content">'),
    'iframe before':lambda h: h.replace('<div id="content">','<iframe src="x"><p>no</p></iframe><div id="content">'),
    'banner in anchor':lambda h: h.replace('<div id="content">','<a href="https://ad.example.com"><div id="content">'),
    'cookie at end':lambda h: h.replace('</body>','<div class="cookie-consent"><p>Ciasteczka do 28 listopada</p><button>OK</button></div></body>'),
    'json-ld event':lambda h: h.replace('</body>','<script type="application/ld+json">[{"@type":"ScreeningEvent","startDate":"2026-11-28T10:00"}]</script></body>'),
    'print link':lambda h: h.replace('<table class="showtimes','<p><a href="?print=1">Drukuj</a> | <a href="/cinema_program/by_hour?day=11-28">sobota, 28 listopada</a></p><table class="showtimes'),
    'breadcrumb':lambda h: h.replace('<h1>','<ol class="breadcrumb"><li><a href="/">Start</a></li><li>Repertuar</li></ol><h1>'),
    'legend after':lambda h: h.replace('</tbody></table>','</tbody></table><table class="legend"><tr><td>NAP</td><td>napisy</td></tr></table>'),
    'h2 today':lambda h: h.replace('<table class="showtimes','<h2>Jutro w kinach</h2><table class="showtimes'),
    'h2 yesterday tomorrow links':lambda h: h.replace('<table class="showtimes','<div><a href="?d=1">Wczoraj</a> <a>Dziś</a> <a href="?d=2">Jutro</a></div><table class="showtimes'),
}  # fmt: skip
SATURDAY = (
    '<tr><th colspan="2">sobota, 28 listopada</th></tr>'
    '<tr><th><a class="film" href="/film/inny.html">Inny</a></th></tr>'
    '<tr><td class="cinema_film"><a href="/kijow">Kijów</a></td><td class="hours"><span class="hour">09:00</span></td></tr>'
)
UNDER_SATURDAY = SATURDAY.split("</tr>", 1)[1]
LATER_SHOWING = '<tr><td class="cinema"><a href="/kijow">Kijów</a></td><td><a class="film" href="/film/inny.html">Inny</a></td></tr>'


def _hour(markup: str | Callable[[str, str], str]) -> Callable[[str, str], str]:
    if not isinstance(markup, str):
        return markup
    return lambda c, t: markup.format(c=c, t=t, h=t[:2], m=t[3:], d=t.replace(":", "."))


def _cancelled_at_five(markup: str) -> Callable[[str, str], str]:
    usual = Parts().hour
    link = '<a href="/cinema_program/by_cinema/{c}">{t}</a>'
    return lambda c, t: markup.format(c=c, t=t, a=link.format(c=c, t=t)) if t == "17:00" else usual(c, t)


def _hour_heading(markup: str) -> Callable[[str], str]:
    return lambda t: f'<tr><td colspan="3">{markup.format(t=t, h=t[:-3], m=t[-2:])}</td></tr>'


def _heading(markup: str) -> Callable[[str, str], str]:
    return lambda s, t: markup.format(s=s, t=escape(t))


def _cinema(markup: str) -> Callable[[str, str], str]:
    return lambda s, n: markup.format(s=s, n=n)


def _looks() -> Iterable[Look]:
    for name, hour in HOURS.items():
        yield Look(f"hours {name}", {"hour": _hour(hour)})
    for name, hour in OTHER_DAYS_HOURS.items():
        yield Look(f"hours {name}", {"hour": _hour(hour)}, lost=of_one())
    for name, hour in CANCELLED.items():
        yield Look(f"one hour cancelled: {name}", {"hour": _cancelled_at_five(hour)}, lost=of_one(time="17:00"))
    for name, heading in HEADINGS.items():
        yield Look(f"films' headings: {name}", {"heading": _heading(heading)})
    for name, cinema in CINEMAS.items():
        yield Look(f"cinemas' cells: {name}", {"cinema": _cinema(cinema)})
    for name, head in HOUR_HEADINGS.items():
        yield Look(f"hours of the day {name}", {"by_hour_heading": _hour_heading(head)}, kinds=("by_hour",))
    usual = Parts().cinema
    beside = '<td class="cinema_film">Agrafka <a href="/kijow">Kijów</a></td>'
    # Its hours are what tells: they link to their cinema.
    lost_link = {"cinema": lambda s, n: beside if s == "agrafka" else usual(s, n), "hour": Parts().hour}
    yield Look("a cinema that lost its link, beside another", lost_link, lost=of_one(cinema="agrafka"))
    yield Look(
        "a cinema that lost its link, beside another, hours without links",
        {**lost_link, "hour": lambda _c, t: f'<span class="hour">{t}</span>'},
        lost=of_one(cinema="agrafka"),
    )
    for name, page in PAGES.items():
        yield Look(f"page: {name}", {"rewrite": page}, kinds=BOTH)
    rows: dict[str, Callable[[str, str], str]] = {
        "with data": lambda c, h: f'<tr class="odd" data-x="1">\n{c}{h}</tr>',
        "with an empty cell ahead": lambda c, h: f"<tr><td>&nbsp;</td>{c}{h}</tr>",
        "with a cell of the version": lambda c, h: f'<tr>{c}<td class="version">2D napisy</td>{h}</tr>',
        "with a cell of the price": lambda c, h: f"<tr>{c}{h}<td>18,00 zł</td></tr>",
        "with a cell of the runtime": lambda c, h: f"<tr>{c}{h}<td>118 min</td></tr>",
        "without their start tags": lambda c, h: f"{c}{h}</tr>",
        "in a body each": lambda c, h: f"</tbody><tbody><tr>{c}{h}</tr>",
        "in a form each": lambda c, h: f'<form action="/x"><tr>{c}{h}</tr></form>',
    }
    for name, row in rows.items():
        yield Look(f"rows {name}", {"row": row})
    lists: dict[str, Callable[[str], str]] = {
        "in a cell each": lambda h: '<td class="hours">' + h.replace("\n", '</td><td class="hours">') + "</td>",
        "in a list of one item": lambda h: f'<td><ul class="hours-list"><li>{h}</li></ul></td>',
        "in blocks": lambda h: f'<td class="hours"><div class="t"><div class="r">{h}</div></div></td>',
    }
    for name, hours in lists.items():
        yield Look(f"hours {name}", {"hours": hours})
    # --- another day inside the programme
    last_rows = {
        "in a th": SATURDAY,
        "in a td": SATURDAY.replace("th", "td"),
        "called jutro": SATURDAY.replace("sobota, 28 listopada", "Jutro"),
        "called by its weekday": SATURDAY.replace("sobota, 28 listopada", "Sobota"),
    }
    for name, last in last_rows.items():
        yield Look(f"saturday below, {name}", {"last_row": last})
    dated = SATURDAY.replace('<th colspan="2">sobota', '<th class="day">sobota')
    yield Look("saturday below, called a day", {"last_row": dated}, refused=True)
    tables = {
        "under an h3": f'<h3>sobota, 28 listopada</h3><table class="repert">{SATURDAY}</table>',
        "in a block with an h3": f'<div><h3>Sobota 28.11</h3><div><table class="repert">{UNDER_SATURDAY}</table></div></div>',
        "in a tab": f'<div id="tab-28-11" class="tab-pane"><table class="repert">{UNDER_SATURDAY}</table></div>',
        "in a dated tab": f'<div data-date="2026-11-28" class="tab-pane"><table class="repert">{UNDER_SATURDAY}</table></div>',
    }  # fmt: skip
    for name, table in tables.items():
        yield Look(f"a table of saturday {name}", {"after": table}, refused="h3" in name)
    yield Look(
        "saturday's hours below",
        {"last_row": '<tr><th colspan="4"><h3>sobota, 28 listopada</h3></th></tr><tr><th colspan="4"><h3>9:00</h3></th></tr>' + LATER_SHOWING},
        kinds=("by_hour",),
    )  # fmt: skip
    yield Look(
        "saturday named with its first hour",
        {"last_row": '<tr><th colspan="4"><h3>9:00 sobota, 28 listopada</h3></th></tr>' + LATER_SHOWING},
        kinds=("by_hour",),
    )
    # --- columns of days
    columns: dict[str, dict[str, object]] = {
        "in each heading": {"heading": _heading('<tr><th><a class="film" href="/film/{s}.html">{t}</a></th><th>Pt 27.11</th><th>Sob 28.11</th></tr>')},
        "in the table's head": {"table_open": '<table class="repert"><thead><tr><th>Kino</th><th>Pt 27.11</th><th>Sob 28.11</th></tr></thead><tbody>'},
    }  # fmt: skip
    for name, changes in columns.items():
        cells = {"hours": lambda h: f'<td class="hours">{h}</td><td class="hours"><span class="hour">09:00</span></td>'}
        yield Look(f"columns of days named {name}", {**changes, **cells}, lost=of_one())


LOOKS = tuple(_looks())
