"""The demo's second source is read whole, and most of it is what the site lists too."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from scraper.demo import second_source
from scraper.demo.world import World


@pytest.mark.django_db
def test_every_line_can_be_imported(tmp_path: Path) -> None:
    world = World(timezone.localdate())
    file, out = tmp_path / "other.jsonl", StringIO()
    file.write_text(second_source.lines(world))
    call_command("import_events", second_source.NAME, str(file), "--whole", stdout=out)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert out.getvalue().startswith(f"kijow: {len(lines)} created, 0 updated, 0 unchanged, 0 gone, 0 bad")
    listed = {row.starts_at for row in world.showtimes if row.cinema_slug == second_source.CINEMA}
    starts = [dt.datetime.fromisoformat(line["startDate"]).replace(tzinfo=None) for line in lines]
    assert sum(start in listed for start in starts) >= len(lines) - 2
