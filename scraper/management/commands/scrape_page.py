"""`manage.py scrape_page PAGE …`: what is read off pages, and what is not, to see what an extractor makes of them."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kinokrakow import http
from scraper.site import client
from scraper.site.extractors import calendar, film, kinds, programme_by_hour, programme_by_movie, statements
from scraper.site.extractors.errors import ExtractionError

LARGEST_FILE = 32 * 1024 * 1024  # bytes; an answer of the site is cut off long before

EXTRACTORS = {"by_movie": programme_by_movie.extract, "by_hour": programme_by_hour.extract}


class Command(BaseCommand):
    help = (
        "Show what is read off pages, saved ones or addresses on the configured site, and what is not understood. "
        "Ends with 1 if any page can't be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("page", nargs="+", help="a file, or an http(s) address on the configured site")
        parser.add_argument("--kind", choices=kinds.KINDS, help="what pages they are; guessed for each if left out")
        parser.add_argument("--date", type=_date, help="the day that programmes are to be of; else the one they name")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one line of JSON a page, in order")

    def handle(
        self, *_args: Any, page: list[str], kind: str | None, date: dt.date | None, as_json: bool, **_options: Any
    ) -> None:
        failed = 0
        # A day that is named tells the year of what a saved page leaves without one.
        today = date or timezone.localdate()
        for name in page:
            result = read_page(name, kind=kind, date=date, today=today)
            failed += result["error"] is not None
            self.stdout.write(json.dumps(result, ensure_ascii=False, default=str) if as_json else _for_people(result))
        if failed:
            raise CommandError(f"{failed} of {len(page)} pages could not be read.")


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date like 2026-11-29") from None


def read_page(name: str, *, kind: str | None, date: dt.date | None, today: dt.date) -> dict[str, Any]:
    """What one page says, as plain values; `error` says why it can't be read, whatever it is."""
    result: dict[str, Any] = {
        "page": name,
        "kind": kind,
        "date": date,
        "statements": {},
        "showtimes": [],
        "unread": [],
        "facts": {},
        "empty": False,
        "whole": False,
        "error": None,
    }
    try:
        url, html = _load(name)
        result["kind"] = kind = kind or _kind(name, url, html)
        _read(result, kind, html, url=url, date=date, today=today)
    except (ExtractionError, CommandError, http.HttpError) as error:
        result["error"] = str(error)
    except OSError as error:
        result["error"] = f"{name}: {error.strerror or error}. Next: give a readable file or an address."
    except Exception as error:  # a page is anybody's text: whatever it does to us is said of it, and the next is read
        result["error"] = f"{type(error).__name__}: {error}"
    return result


def _read(result: dict[str, Any], kind: str, html: str, *, url: str, date: dt.date | None, today: dt.date) -> None:
    if kind == "film":
        slug = unquote(urlsplit(url).path).rpartition("/")[2].removesuffix(".html")
        result["facts"] = asdict(film.extract(html, url=url, slug=slug, today=today))
        return
    if kind == "calendar":
        days = calendar.extract(html, url=url, today=today)
        result["date"] = calendar.active_date(days)
        result["facts"] = {"days": [asdict(day) for day in days]}
        return
    said = statements.of_page(html, url=url)
    result["statements"] = statements.by_place(said)
    result["date"] = date = date or statements.day_of(said, url=url, today=today)
    programme = EXTRACTORS[kind](html, url=url, date=date, today=today)
    result["statements"] = dict(programme.statements)
    result["showtimes"] = [
        {
            "film_slug": showtime.film_slug,
            "film_title": showtime.film_title,
            "cinema_slug": showtime.cinema_slug,
            "cinema_name": showtime.cinema_name,
            "starts_at": showtime.starts_at.isoformat(),
            "ticket_url": showtime.ticket_url,
            "version": showtime.version,
        }
        for showtime in programme.showtimes
    ]
    result["unread"] = [asdict(row) for row in programme.unread]
    result["empty"], result["whole"] = programme.empty, programme.whole


def _load(name: str) -> tuple[str, str]:
    """The address and the text of a page. A saved one is read as if the configured site had sent it."""
    if not name.startswith(("http://", "https://")):
        with Path(name).open("rb") as file:
            body = file.read(LARGEST_FILE + 1)
        if len(body) > LARGEST_FILE:
            raise CommandError(f"{name}: larger than {LARGEST_FILE >> 20} MB. Next: give a page of the site.")
        return f"{settings.KINO_BASE_URL.rstrip('/')}/{Path(name).name}", http.decode(body)
    try:
        parts = urlsplit(name)
    except ValueError:
        parts = urlsplit("")
    if parts.netloc != urlsplit(settings.KINO_BASE_URL).netloc:
        raise CommandError(f"{name} is not on the configured site. Next: set KINO_BASE_URL, or save it to a file.")
    with client.Visit("scrape_page", patience=None) as visit:
        fetched = visit.get(urlunsplit(("", "", parts.path or "/", parts.query, "")))
    return fetched.url, fetched.text


def _kind(name: str, url: str, html: str) -> str:
    path = urlsplit(url).path
    named = [kind for kind in ("by_movie", "by_hour") if kind in path]
    if not named and "/film/" in path:
        named = ["film"]
    kind = named[0] if len(named) == 1 else kinds.guess(html, url=url)
    if kind is None:
        raise CommandError(f"{name}: can't tell what page this is. Next: add --kind {'|'.join(kinds.KINDS)}")
    return kind


def _for_people(result: dict[str, Any]) -> str:
    """What was read and what was not, in lines."""
    lines = [f"{result['page']}: {result['kind'] or 'unknown'}" + (f", {result['date']}" if result["date"] else "")]
    lines += [f"  says the day: {place}: {text}" for place, text in result["statements"].items()]
    if result["error"]:
        lines.append(f"  error: {result['error']}")
    lines += [f"  {name}: {_as_text(value)}" for name, value in result["facts"].items() if value]
    if result["showtimes"]:
        lines.append(f"  {len(result['showtimes'])} showtimes:")
    for row in result["showtimes"]:
        start = row["starts_at"][:16].replace("T", " ")
        extra = "  ".join(filter(None, (row["version"], row["ticket_url"])))
        lines.append(f"    {start}  {row['film_title'][:40]:40}  {row['cinema_name'][:30]:30}  {extra}".rstrip())
    if result["empty"]:
        lines.append("  no programme on that day")
    if result["unread"]:
        lines.append(f"  {len(result['unread'])} rows not understood:")
    lines += [f"    {row['place']}: {row['reason']}: {row['text']}" for row in result["unread"]]
    if result["showtimes"] and not result["whole"]:
        lines.append("  the page's end is missing")
    return "\n".join(lines)


def _as_text(value: Any) -> str:
    """A fact in words: lists as what they hold, a day of the calendar as its date and number."""
    if isinstance(value, dict):
        return f"{value['date']} (set_day/{value['offset']}{', active' if value['active'] else ''})"
    return ", ".join(map(_as_text, value)) if isinstance(value, list | tuple) else str(value)
