"""`python -m tests.bench_week`: the figures of the main job, measured through a real cluster.

Prints, for each of N runs on a new database and a slow demo site: days verified, what differs from the
site's truth, requests of a first and a second sync, the closest two requests, and the span of the
requests over (requests × interval). `--burn` keeps that many processes busy beside it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from scraper.demo.site import KRAKOW, DemoSite
from scraper.demo.world import World
from tests.deployment import Deployment, differences


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--interval", type=float, default=0.5)
    parser.add_argument("--latency", type=float, default=0.3)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--burn", type=int, default=0)
    options = parser.parse_args()
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(options.burn)]
    try:
        for number in range(1, options.runs + 1):
            with tempfile.TemporaryDirectory() as folder:
                print(f"run {number}: {measure(Path(folder), options)}", flush=True)
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    with DemoSite(World(dt.datetime.now(KRAKOW).date()), latency=options.latency) as site:
        ours = Deployment(
            folder,
            KINO_BASE_URL=site.url,
            KINO_REQUEST_INTERVAL=str(options.interval),
            Q_WORKERS=str(options.workers),
        )
        with ours.cluster():
            _, first = ours.sync("--wait")
            count = len(site.requests)
            _, second = ours.sync("--wait")
        arrivals = sorted(request.at for request in site.requests)
        of_first = arrivals[:count]
        return {
            "days": sum(day["status"] == "verified" for day in first["days"]),
            "differences": len(differences(ours.showtimes(), site.truth())),
            "films": first["films"]["seen"],
            "requests": (first["requests"]["kino"], second["requests"]["kino"]),
            "closest / interval": round(min(b - a for a, b in itertools.pairwise(arrivals)) / options.interval, 4),
            "span / least": round((of_first[-1] - of_first[0]) / (len(of_first) * options.interval), 3),
        }


if __name__ == "__main__":
    main()
