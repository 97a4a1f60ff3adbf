"""The site and TMDB while they are broken, and how often they were asked meanwhile."""

from __future__ import annotations

import random
from collections.abc import Collection
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

from django.db import Error as DatabaseError

from kinokrakow.http import rate_limit
from kinokrakow.models import ServiceState
from scraper.demo.site import DemoSite
from scraper.demo.site_faults import Fault
from scraper.demo.tmdb import DemoTmdb
from tests.chaos import faults
from tests.chaos.tally import Tally


class Services:
    def __init__(self, site: DemoSite, tmdb: DemoTmdb, tally: Tally, dice: random.Random) -> None:
        self.site, self.tmdb, self.tally, self.dice = site, tmdb, tally, dice
        self.phase = self.broken = ""  # what TMDB is at now
        self.of_tmdb: list[str] = []
        self.asked = 0
        self.down = ExitStack()

    def break_down(self, names: Collection[str], phase: str) -> None:
        """These faults until `mend`: every other answer of the site's, and every one of TMDB's."""
        self.phase = phase
        of_site = [name for name in names if name in faults.SITE]
        self.of_tmdb = [name for name in names if name.startswith(faults.OF_TMDB)]

        def fault(_method: str, _path: str, _n: int) -> Fault | None:
            if not of_site or self.dice.random() < 0.5:
                return None
            name = min(of_site, key=lambda name: self.tally.kind(name, phase).met)  # each gets its turn
            self.tally.kind(name, phase).met += 1
            return faults.SITE[name]

        self.site.fault = fault
        self.other_of_tmdb()

    def other_of_tmdb(self) -> None:
        """Another one of TMDB's faults, if it has several."""
        if self.of_tmdb:
            self._let_tmdb_be()
            self.broken = self.dice.choice([name for name in self.of_tmdb if name != self.broken] or self.of_tmdb)
            self.asked = len(self.tmdb.requests)
            if self.broken == faults.TMDB_DOWN:
                self.down.enter_context(self.tmdb.refusing())
            else:
                self.tmdb.break_down(self.broken.removeprefix(faults.OF_TMDB))

    def met(self, name: str, phase: str) -> bool:
        """Whether it was met in that phase until now."""
        return bool(self.tally.kind(name, phase).met or (name == self.broken and self._met_now()))

    def mend(self) -> None:
        self.site.fault = lambda _method, _path, _n: None
        self._let_tmdb_be()
        self.broken = ""

    def _let_tmdb_be(self) -> None:
        """It answers again, and is asked again at once, as staff could have it: the next fault is to be met, too."""
        if self.broken:
            self.tally.kind(self.broken, self.phase).met += self._met_now()
        self.down.close()
        self.tmdb.break_down("none")
        with suppress(DatabaseError):
            ServiceState.objects.update(failures=0, silent_since=None, probe_at=None, probes=0, refused=False)
            rate_limit.open_again(urlsplit(self.tmdb.url).netloc)

    def _met_now(self) -> int:
        if self.broken != faults.TMDB_DOWN:
            return len(self.tmdb.requests) - self.asked
        with suppress(DatabaseError):  # nobody was there to count
            return sum(ServiceState.objects.values_list("failures", flat=True))
        return 0
