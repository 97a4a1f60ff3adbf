"""`make mutants`: does the suite notice when the core changes? SEED=, N= and MINUTES= choose the sample.

ONLY= takes it from modules whose paths begin so ("review/matching events/titles"), and shows it to these rooms' tests.
All of it happens on a copy of the project in `.mutants/`; the copies of our packages that mutmut changes are the only
ones that can be imported there, so each step is a process of its own, begun where it may import them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".mutants"
PACKAGES = ("events", "kinokrakow", "review", "scraper", "tests")


def main() -> int:
    _bring_up_to_date()
    with tempfile.TemporaryDirectory(prefix="kino-mutants-") as shared:
        environment = {
            **os.environ, "TESTS_SHARED": shared, "DEBUG": "1", "DATABASE_URL": f"sqlite:///{shared}/tests.sqlite3",
        }  # fmt: skip
        making = [sys.executable, "-P", str(Path(__file__).with_name("making.py"))]
        trying = [sys.executable, "-m", "tests.mutants.trying"]
        made = subprocess.run(making, cwd=WORK, env=environment, stdout=subprocess.DEVNULL, check=False).returncode
        return made or subprocess.run(trying, cwd=WORK / "mutants", env=environment, check=False).returncode


def _bring_up_to_date() -> None:
    """Copy the project's files that have changed: mutmut writes beside them, and looks at when they were written."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(asked, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    names = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
    for name in names:
        source, copy = ROOT / name, WORK / name
        if copy.exists() and copy.read_bytes() == source.read_bytes():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    for folder in PACKAGES:
        for copy in [*(WORK / folder).rglob("*.py"), *(WORK / "mutants" / folder).rglob("*.py")]:
            if str(copy.relative_to(WORK)).removeprefix("mutants/") not in names:
                copy.unlink()


if __name__ == "__main__":
    sys.exit(main())
