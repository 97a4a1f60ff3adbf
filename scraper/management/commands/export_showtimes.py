"""`manage.py export_showtimes`: showtimes as JSON lines on stdout, one object a line."""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from events.models import Showtime


class Command(BaseCommand):
    help = "Print showtimes as JSON lines: all that start today or later (Kraków's midnight), or --all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every showtime ever stored")

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = Showtime.objects.select_related("film", "film__movie", "cinema").order_by("starts_at", "external_id")
        if not options["all"]:
            midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
            rows = rows.filter(starts_at__gte=midnight)
        for row in rows.iterator(chunk_size=1000):
            self.stdout.write(json.dumps(as_dict(row), ensure_ascii=False))


def as_dict(row: Showtime) -> dict[str, Any]:
    """One line of the export; the fields are a contract with scripts (README.md)."""
    return {
        "external_id": row.external_id,
        "film_slug": row.film.slug,
        "film_title": row.film.title,
        "cinema_slug": row.cinema.slug,
        "cinema_name": row.cinema.name,
        "starts_at": _iso(row.starts_at),
        "ends_at": _iso(row.ends_at),
        "ticket_url": row.ticket_url,
        "tmdb_id": row.film.movie.tmdb_id if row.film.movie else None,
        "match_status": row.film.match_status,
        "event_id": row.event_id,
        "withdrawn": row.withdrawn_at is not None,
        "first_seen_at": _iso(row.first_seen_at),
        "last_seen_at": _iso(row.last_seen_at),
    }


def _iso(moment: dt.datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
