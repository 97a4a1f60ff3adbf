"""An upgrade from release 1.0 (see `tests.releases.upgrade`), on both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests import databases
from tests.deployment import ROOT, Deployment

__all__ = ["Deployment"]  # by which `tests.conftest` knows that this touches a database


def test_a_database_of_the_first_release_in_the_middle_of_a_sync_goes_on(tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": databases.address(databases.blank(tmp_path)), "DEBUG": "1"}
    command = [sys.executable, "-m", "tests.releases.upgrade"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["alerts"] == 17  # of every kind that it knew, and each can be shown
    assert set(found["pages"].values()) | set(found["pages after"].values()) == {200}, found
    assert found["in flight"] == 0
    assert (found["run"], found["looked"], found.get("sync")) == ("complete", True, None)
    assert found["decisions"] == [["bugonia", "not_on_tmdb"]]
    assert found["matched"] == ["dom-dobry", "zwierzogrod-2"]
