"""`manage.py export_events`: published events as JSON lines on stdout, one object a line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from events.public import by_event


class Command(BaseCommand):
    help = "Print published events as JSON lines: what starts today or later (Kraków's midnight), or --all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every event ever published, with all its occurrences")

    def handle(self, *_args: Any, **options: Any) -> None:
        for event in by_event.events(None if options["all"] else timezone.localdate()):
            self.stdout.write(json.dumps(as_dict(event), ensure_ascii=False))


def as_dict(event: by_event.Published) -> dict[str, Any]:
    """One line of the export; the fields are a contract with scripts (README.md)."""
    return {
        "event_id": event.event_id,
        "external_id": event.external_id,
        "tmdb_id": event.film.tmdb_id,
        "film_title": event.film.title,
        "original_title": event.film.original_title,
        "cinema_slug": event.venue.slug,
        "cinema_name": event.venue.name,
        "latitude": event.venue.latitude,
        "longitude": event.venue.longitude,
        "occurrences": [by_event.as_dict(showing) for showing in event.showings],
        "status": event.status,
        "source_url": event.source_url,
        "image_url": event.film.image_url or None,
    }
