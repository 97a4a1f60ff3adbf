"""The program as its users run it: real commands and a real cluster, on a new database of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kinokrakow import processes
from tests import databases

ROOT = Path(__file__).resolve().parent.parent


class Deployment:
    """An environment, a migrated database, and `manage.py` in it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("TMDB_", "KINO_"))},
            "DATABASE_URL": databases.address(databases.copy(folder)),
            "DEBUG": "1",
            "RETRY_BASE_DELAY": "0.05",
            "TMDB_TOKEN": "",
            "GEOCODER": "none",
            **environment,
        }

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
            preexec_fn=processes.with_parent(signal.SIGKILL),
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A long-running command in a session (and so a process group) of its own, that ends when the tests do."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=processes.with_parent(signal.SIGKILL),
        )

    @contextmanager
    def cluster(self) -> Iterator[subprocess.Popen[bytes]]:
        process = self.start("qcluster")
        try:
            yield process
        finally:
            kill(process)

    def sync(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """The exit status and the JSON of a sync."""
        done = self.manage("sync", "--json", *arguments)
        return done.returncode, json.loads(done.stdout.splitlines()[-1])

    def processes(self) -> list[str]:
        """Command lines of the living processes of this deployment."""
        database = f"DATABASE_URL={self.environment['DATABASE_URL']}\0".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it ended meanwhile
                if database in (process / "environ").read_bytes() + b"\0":
                    found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        return [command for command in found if command]

    def showtimes(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.manage("export_showtimes").stdout.splitlines()]


def kill(process: subprocess.Popen[bytes]) -> None:
    """The whole group, at once, as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def differences(showtimes: list[dict[str, Any]], truth: list[dict[str, Any]]) -> list[str]:
    """What an export lacks, has too much, has twice or has wrong, against a demo site's truth."""

    def key(row: dict[str, Any]) -> tuple[str, str, str]:
        return row["film_slug"], row["cinema_slug"], row["starts_at"][:16]

    ours = {key(row): row for row in showtimes if not row["withdrawn"]}
    theirs = {key(row): row for row in truth}
    found = [f"missing {k}" for k in theirs.keys() - ours.keys()] + [f"extra {k}" for k in ours.keys() - theirs.keys()]
    found += [f"twice: {len(showtimes) - len(ours)}"] if len(showtimes) != len(ours) else []
    return found + [
        f"ticket of {k}: {ours[k]['ticket_url']}"
        for k in ours.keys() & theirs.keys()
        if ours[k]["ticket_url"] != theirs[k]["ticket_url"]
    ]


def wait_for(condition: Any, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.05)
