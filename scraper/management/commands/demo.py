"""`make demo`: the whole system against a local kino.krakow.pl, TMDB and geocoder, on a database of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kinokrakow import secret
from kinokrakow.processes import end_on_signals, ignore_further_signals, with_parent
from scraper.demo import posters, second_source
from scraper.demo.faults import FAULTS, Switches
from scraper.demo.geocoder import DemoGeocoder
from scraper.demo.site import DemoSite
from scraper.demo.tmdb import DemoTmdb
from scraper.demo.tmdb.entries import TMDB_ENTRIES
from scraper.demo.witness import DemoWitness
from scraper.demo.world import World

TOKEN = "demo"
WITH_POSTERS = [{**entry, "poster_path": posters.path_of(entry["tmdb_id"])} for entry in TMDB_ENTRIES]
WITNESS_ADDRESSES = ("COIGDZIE_BASE_URL", "CINEMA_CITY_BASE_URL", "MIKRO_BASE_URL")


def _key(database: str) -> str:
    """The key that the database's other commands use too, where it is kept; of a PostgreSQL, this machine's own."""
    if "SECRET_KEY" in os.environ:
        return os.environ["SECRET_KEY"]
    return secret.kept(secret.place(database.removeprefix("sqlite:///") if database.startswith("sqlite:") else ""))


class Command(BaseCommand):
    help = "Serve the local services and run the whole system on them until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--fault", default="", choices=["", *FAULTS], help="what is wrong outside from the start")
        parser.add_argument("--database", default=f"sqlite:///{settings.BASE_DIR / 'demo.sqlite3'}")

    def handle(self, *_args: Any, port: int, database: str, fault: str, **_options: Any) -> None:
        end_on_signals()
        today = timezone.localdate()  # Kraków's, as the site's is, wherever this machine stands
        with ExitStack() as services:
            # Ports of their own, the same at each start, so that what was kept of the last one still leads somewhere.
            try:
                site = services.enter_context(DemoSite(World(today), port=port + 1))
                tmdb = services.enter_context(DemoTmdb(WITH_POSTERS, token=TOKEN, port=port + 2))
                geocoder = services.enter_context(DemoGeocoder(port=port + 3))
                witness = services.enter_context(DemoWitness(site.world, port=port + 5))
                switches = services.enter_context(Switches(site, tmdb, port=port + 4))
            except OSError as error:
                said = f"One of the ports {port + 1} to {port + 5} is taken ({error.strerror})."
                raise CommandError(f"{said} Next: choose others, PORT={port + 10} make demo", returncode=2) from error
            switches.switch(fault)
            environment = {
                "DATABASE_URL": database,
                "DEBUG": "0",  # with our own error pages, as on a server
                "SECRET_KEY": _key(database),
                "SITE_URL": f"http://127.0.0.1:{port}",
                "ALLOWED_HOSTS": "localhost,127.0.0.1",
                "KINO_BASE_URL": site.url,
                "KINO_REQUEST_INTERVAL": os.environ.get("KINO_REQUEST_INTERVAL", "0.2"),
                "TMDB_BASE_URL": tmdb.url,
                "TMDB_TOKEN": TOKEN,
                "TMDB_IMAGE_URL": tmdb.url.removesuffix("/3"),
                "TMDB_REQUEST_INTERVAL": "0",
                "NOMINATIM_BASE_URL": geocoder.url,
                "WITNESSES": "coigdzie,cinema-city,mikro",
                **dict.fromkeys(WITNESS_ADDRESSES, witness.url),
                "WITNESS_REQUEST_INTERVAL": "0.1",
            }
            other = services.enter_context(NamedTemporaryFile("w", suffix=".jsonl"))
            other.write(second_source.lines(site.world))
            other.flush()
            self.stdout.write("The demo's own services:")
            self.stdout.write(f"  Faults to switch on and off: {switches.url}/")
            for name in ("KINO_BASE_URL", "TMDB_BASE_URL", "NOMINATIM_BASE_URL", *WITNESS_ADDRESSES, "DATABASE_URL"):
                self.stdout.write(f"  {name}={environment[name]}")
            self.stdout.flush()
            child = subprocess.Popen(
                [
                    sys.executable,
                    "manage.py",
                    "run_live",
                    "--port",
                    str(port),
                    "--logins",
                    "--past",
                    "--import",
                    second_source.NAME,
                    other.name,
                ],
                env={**os.environ, **environment},
                preexec_fn=with_parent(),
            )
            try:
                code = child.wait()
            except KeyboardInterrupt:
                ignore_further_signals()
                child.terminate()
                code = child.wait()
        raise SystemExit(code)
