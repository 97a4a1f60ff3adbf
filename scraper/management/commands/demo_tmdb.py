"""`manage.py demo_tmdb INDEX`: a local TMDB that knows the films of an index file."""

from __future__ import annotations

import gzip
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scraper.demo.tmdb import FAULTS, DemoTmdb


class Command(BaseCommand):
    help = "Serve a local TMDB out of an index file, until interrupted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("index", type=Path, help="one film a line, as JSON (.jsonl or .jsonl.gz)")
        parser.add_argument("--port", type=int, default=8901, help="on 127.0.0.1; 0: any free one (%(default)s)")
        parser.add_argument("--token", help="the bearer token to ask for (none)")

        parser.add_argument("--overlay", type=Path, help="more of the same films, to lay over the index (pl_title, …)")
        parser.add_argument("--fault", choices=list(FAULTS), help="break every answer, until POST /fault/none")

    def handle(self, *_args: Any, index: Path, port: int, token: str | None, **options: Any) -> None:
        try:
            server = DemoTmdb(_overlaid(index, options["overlay"]), port=port, token=token)
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise CommandError(
                f"{index}: {error}. Next: give an index of films, and a free port.", returncode=2
            ) from error
        server.break_down(options["fault"] or "none")
        self.stdout.write(f"TMDB with {len(server.index.films)} films: TMDB_BASE_URL={server.url}")
        self.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("stopped")


def _overlaid(index: Path, overlay: Path | None) -> Iterator[dict[str, Any]]:
    more = {entry["tmdb_id"]: entry for entry in _entries(overlay)} if overlay else {}
    for entry in _entries(index):
        yield entry | more.get(entry["tmdb_id"], {})


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
