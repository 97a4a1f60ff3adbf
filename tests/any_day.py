"""`python -m tests.any_day [--days …] [--hours …] [pytest arguments]`: the suite on other days.

Each day and hour is one run of pytest on SQLite whose processes, database included, have their clock moved there by
libfaketime (Debian's package `faketime`); the machine stands in another zone than the cinemas do. Without
arguments all tests are run but those of `NOT_RUN`, which are named first.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from zoneinfo import ZoneInfo

KRAKOW = ZoneInfo("Europe/Warsaw")
ELSEWHERE = "America/Los_Angeles"  # the machine's zone: nine hours behind, mostly still in yesterday
DAYS = (
    "2026-10-24",  # Saturday; its tomorrow has 25 hours
    "2026-10-25",  # Sunday, the clocks go back
    "2026-11-30",  # Monday
    "2026-12-02",  # Wednesday
    "2026-12-31",  # Thursday, New Year's Eve
    "2027-03-26",  # Friday; its week has a day of 23 hours
    "2027-03-28",  # Sunday, the clocks go forward
    "2028-02-29",  # Tuesday, the leap day
)
HOURS = ("00:10", "12:00", "23:50")
#: Tests that are not run. Most of them no date can turn red, measured by counting, while they ran, which of their lines
#: ask for the time: none of the pure ones does, those of HTTP only note when a request was sent, and some stand at a
#: moment of their own. What looks (axe) and what starts whole programs (clusters, backups, an upgrade, servers) is left
#: out for its cost, Chromium because no page opens in it under libfaketime: days, films and alerts of other dates are
#: those of the tests that call the same in their process.
NOT_RUN = (
    "pages", "events/titles", "events/other_sources/test_similarity.py", "events/other_sources/test_forms.py",
    "review/matching", "review/test_tmdb.py", "review/test_evaluate_matching.py", "scraper/site",
    "scraper/test_work.py", "scraper/test_cluster.py", "scraper/monitoring/test_unseen.py",
    "scraper/monitoring/test_alerts_ordinary.py", "scraper/coverage/witnesses/test_figures.py", "year", "releases",
    "kinokrakow/database", "kinokrakow/test_another_city.py", "test_documents.py", "scraper/demo/test_readme.py",
    "kinokrakow/http", "kinokrakow/test_settings.py", "kinokrakow/test_start.py", "kinokrakow/test_translations.py",
    "test_look.py", "events/public/test_public_browser.py", "review/queue/test_review_browser.py",
    "scraper/dashboard/test_coverage_browser.py",
)  # fmt: skip
#: Read by every Python as it starts: libfaketime's clock_nanosleep, which `time.sleep` calls, fails at once.
SLEEP = """
import select, time
def sleep(seconds):
    end = time.monotonic() + seconds
    while seconds > 0:
        select.select([], [], [], seconds)
        seconds = end - time.monotonic()
time.sleep = sleep
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--days", default=",".join(DAYS), metavar="YYYY-MM-DD,…")
    parser.add_argument("--hours", default=",".join(HOURS), metavar="HH:MM,…")
    options, arguments = parser.parse_known_args()
    if moved := [path for path in NOT_RUN if not Path("tests", path).exists()]:
        parser.error(f"no longer there, so that it would be run: {', '.join(moved)}")
    if not arguments:
        print("left out of tests/:", *NOT_RUN, flush=True)
        arguments = ["-n", "3", "--dist", "worksteal", *(f"--ignore=tests/{path}" for path in NOT_RUN)]
    days = map(dt.date.fromisoformat, options.days.split(","))
    hours = list(map(dt.time.fromisoformat, options.hours.split(",")))
    moments = [dt.datetime.combine(day, hour, KRAKOW) for day in days for hour in hours]
    red = 0
    for at in moments:
        said, failed = run(at, arguments)
        red += bool(failed) or "passed" not in said
        print(f"{at:%a %Y-%m-%d %H:%M}  {said}", *failed, sep="\n    ", flush=True)
    print(f"red: {red} of {len(moments)}")
    return int(red > 0)


def run(at: dt.datetime, arguments: list[str]) -> tuple[str, list[str]]:
    """What pytest says at last, and the tests that failed."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sitecustomize.py").write_text(SLEEP)
        environment = {
            **os.environ,
            "TZ": ELSEWHERE,
            "NO_FAKE_STAT": "1",  # files are as old as they are
            "DATABASE_URL": f"sqlite:///{folder}/tests.sqlite3",
            "DEBUG": "1",
            "PYTHONPATH": folder,
        }
        faked = ["faketime", "-m", "--exclude-monotonic", "-f", f"{at.timestamp() - time.time():+.0f}s"]
        process = subprocess.Popen(
            [*faked, sys.executable, "-m", "pytest", "-rfE", *arguments],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        said = []
        for line in process.stdout or ():  # shown while it runs: each line of dots, each test that `-v` names
            said.append(line.rstrip())
            print("   ", said[-1], flush=True)
        process.wait()
    if logs := os.environ.get("LOGS"):  # all that the runs said
        Path(logs, f"{at:%Y-%m-%d-%H%M}.log").write_text("\n".join(said))
    verdict = [line for line in said if re.search(r"\d (passed|failed|error)", line)] or said or ["nothing was said"]
    return verdict[-1].strip("= "), [line for line in said if re.match("(FAILED|ERROR) ", line)]


if __name__ == "__main__":
    sys.exit(main())
