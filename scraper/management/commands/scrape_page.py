"""`manage.py scrape_page URL-or-FILE`: the records of one page, to see what an extractor makes of it."""

from __future__ import annotations

import datetime as dt
import json
import re
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from w3lib.encoding import html_to_unicode

from kinokrakow import http
from scraper.site import client
from scraper.site.extractors import calendar, film, programme_by_hour, programme_by_movie
from scraper.site.extractors.errors import ExtractionError
from scraper.site.polish import infer_date

KINDS = ("calendar", "by_movie", "by_hour", "film")


class Command(BaseCommand):
    help = "Print what is read off one page, as JSON: an address on the configured site, or a saved file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("page", help="an http(s) address on the configured site, or a file")
        parser.add_argument("--kind", choices=KINDS, help="what page it is, where its address does not tell")
        parser.add_argument("--date", type=dt.date.fromisoformat, help="the day a programme page is to be of")

    def handle(self, *_args: Any, page: str, kind: str | None, date: dt.date | None, **_options: Any) -> None:
        url, html = self._load(page)
        kind = kind or _kind(url)
        if kind is None:
            raise CommandError(f"{url}: can't tell what page this is. Next: add --kind {'|'.join(KINDS)}")
        today = timezone.localdate()
        try:
            result: Any
            if kind == "calendar":
                result = [asdict(cell) for cell in calendar.extract(html, url=url, today=today)]
            elif kind == "film":
                slug = urlsplit(url).path.rpartition("/")[2].removesuffix(".html")
                result = asdict(film.extract(html, url=url, slug=slug, today=today))
            else:
                asked = date or _date_in(url, html, today)
                extractor = programme_by_hour if kind == "by_hour" else programme_by_movie
                result = asdict(extractor.extract(html, url=url, date=asked, today=today))
        except (ExtractionError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1, default=str))

    def _load(self, page: str) -> tuple[str, str]:
        if not page.startswith(("http://", "https://")):
            try:
                return page, html_to_unicode(None, Path(page).read_bytes(), default_encoding="utf-8")[1]
            except OSError as error:
                raise CommandError(f"{page}: {error.strerror}. Next: give a readable file or an address.") from error
        if urlsplit(page).netloc != urlsplit(settings.KINO_BASE_URL).netloc:
            raise CommandError(f"{page} is not on the configured site. Next: set KINO_BASE_URL, or save it to a file.")
        try:
            with client.Visit("scrape_page", patience=None) as visit:
                fetched = visit.get(page)
        except http.HttpError as error:
            raise CommandError(str(error)) from error
        return fetched.url, fetched.text


def _kind(url: str) -> str | None:
    path = urlsplit(url).path
    return next((name for name in ("by_movie", "by_hour") if name in path), "film" if "/film/" in path else None)


def _date_in(url: str, html: str, today: dt.date) -> dt.date:
    """The day the address names, or the one that the page's calendar marks."""
    if named := re.fullmatch(r"(\d\d)-(\d\d)", parse_qs(urlsplit(url).query).get("day", [""])[0]):
        return infer_date(int(named[2]), int(named[1]), today=today)
    try:
        active = calendar.active_date(calendar.extract(html, url=url, today=today))
    except ExtractionError as error:
        raise CommandError(f"{error}. Next: say which day it is to be of, --date YYYY-MM-DD") from error
    if active is None:
        raise CommandError(f"{url}: marks no day as active. Next: say which it is to be of, --date YYYY-MM-DD")
    return active
