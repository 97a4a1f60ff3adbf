"""A sync in this process against a local site, as `sync --inline` does it."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

from django.core.management import call_command

from scraper.demo.site import DemoSite
from scraper.demo.world import World
from tests.deployment import differences

CINEMAS = ("cinema-city/bonarka", "kijow")
#: The films that these cinemas show most in any week: what a world shows must not depend on its neighbours' dates.
FILMS = (
    "avatar-ogien-i-popiol", "bugonia", "dom-dobry", "jedna-bitwa-po-drugiej", "wicked-na-dobre", "zwierzogrod-2",
)  # fmt: skip


def small(world: World) -> World:
    """The week of two cinemas and six films: quick to read. Two such weeks agree on the days that they share."""
    world.showtimes = [row for row in world.showtimes if row.cinema_slug in CINEMAS and row.film_slug in FILMS]
    return world


def run(*arguments: str) -> tuple[int, str]:
    """A management command's exit status and what it printed."""
    out = StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=StringIO())
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def sync() -> tuple[int, dict[str, Any]]:
    """The exit status and the JSON of `sync --inline`."""
    code, printed = run("sync", "--inline", "--json")
    return code, json.loads(printed.splitlines()[-1])


def export(*arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("export_showtimes", *arguments)[1].splitlines()]


def wrong(site: DemoSite) -> list[str]:
    """What the database lacks or has too much, has twice or has wrong, against the site's truth."""
    return differences([row for row in export() if not row["withdrawn"]], site.truth())
