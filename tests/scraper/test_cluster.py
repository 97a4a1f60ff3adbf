"""The main job through a real qcluster, as its users run it: whole, polite, and whatever is killed."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
from pathlib import Path

import pytest
from django.utils import timezone

from scraper.demo.site import DemoSite
from scraper.demo.world import World
from tests.deployment import Deployment, differences, kill, wait_for
from tests.scraper.inline import small

INTERVAL = 0.05  # s
POLITE = 0.15  # s, where its keeping is measured


@pytest.fixture
def site() -> DemoSite:
    """A week of few films: what matters here are the days and the processes."""
    return DemoSite(small(World(timezone.localdate())))


def deploy(folder: Path, site: DemoSite, **environment: str) -> Deployment:
    settings = {"KINO_BASE_URL": site.url, "KINO_REQUEST_INTERVAL": str(INTERVAL), "Q_WORKERS": "4"}
    return Deployment(folder, **(settings | environment))


def test_seven_days_by_four_workers_on_a_slow_site(tmp_path: Path) -> None:
    world = World(timezone.localdate())
    films = sorted({showtime.film_slug for showtime in world.showtimes})[::3]
    world.showtimes = [showtime for showtime in world.showtimes if showtime.film_slug in films]
    with DemoSite(world, latency=0.2) as site:
        ours = deploy(tmp_path, site, KINO_REQUEST_INTERVAL=str(POLITE))
        with ours.cluster():
            code, first = ours.sync("--wait")
            assert code == 0, first
            requests = len(site.requests)
            assert ours.sync("--wait")[1]["showtimes"]["created"] == 0
        assert [day["status"] for day in first["days"]] == ["verified"] * 7
        assert differences(ours.showtimes(), site.truth()) == []
        assert requests == first["requests"]["kino"] <= first["films"]["seen"] + 9
        assert len(site.requests) - requests <= 9
        arrivals = sorted(request.at for request in site.requests)
        gaps = [later - earlier for earlier, later in itertools.pairwise(arrivals)]
        early = sum(gap < POLITE for gap in gaps)  # one that a busy machine notes late is too near to the next one
        assert (arrivals[-1] - arrivals[0] > POLITE * (len(gaps) - 1), early <= len(gaps) / 5) == (True, True), gaps


@pytest.mark.once
def test_only_sessions_bring_a_day_and_each_job_has_its_own(tmp_path: Path, site: DemoSite) -> None:
    """The race of the earlier system, offered in full: four workers, seven days, a day known by its session only."""
    site.day_parameter = site.hour_day_parameter = False
    site.latency = 0.1
    with site:
        ours = deploy(tmp_path, site)
        with ours.cluster():
            code, result = ours.sync("--wait")
        assert (code, {day["method"] for day in result["days"]}) == (0, {"session"})
        assert differences(ours.showtimes(), site.truth()) == []


def test_a_cluster_killed_in_the_middle_loses_nothing(tmp_path: Path, site: DemoSite) -> None:
    site.latency = 0.1
    with site:
        ours = deploy(tmp_path, site)
        ours.manage("sync")
        with ours.cluster():
            wait_for(lambda: len(site.requests) >= 6)
        with ours.cluster():
            code, result = ours.sync("--wait")
        assert code == 0, result
        assert differences(ours.showtimes(), site.truth()) == []


@pytest.mark.once
def test_up_leaves_no_orphan_when_it_is_killed(tmp_path: Path, site: DemoSite) -> None:
    with site:
        ours = deploy(tmp_path, site)
        up = ours.start("up", "--port", "0")
        try:
            wait_for(lambda: len(_children(up.pid)) >= 2)
            wait_for(lambda: any("qcluster" in line for line in ours.processes()))
            os.kill(up.pid, signal.SIGKILL)
            up.wait()
            wait_for(lambda: not ours.processes(), 60)
        finally:
            kill(up)


@pytest.mark.once
def test_up_starts_again_what_dies(tmp_path: Path, site: DemoSite) -> None:
    with site:
        ours = deploy(tmp_path, site)
        up = ours.start("up", "--port", "0")
        try:
            wait_for(lambda: len(_children(up.pid)) >= 2)
            first = set(_children(up.pid))
            for child in first:
                os.killpg(child, signal.SIGKILL)
            wait_for(lambda: len(set(_children(up.pid)) - first) >= 2)
            assert ours.sync("--wait")[0] == 0
        finally:
            os.kill(up.pid, signal.SIGTERM)
            assert up.wait(timeout=90) == 0


def _children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]
