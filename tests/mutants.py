"""`make mutants`: does the suite notice when the core changes? SEED=, N= and MINUTES= choose the sample.

ONLY= takes it from modules whose paths begin so ("review/matching events/titles").

Run as a script: the copies of our packages that mutmut changes must be the only ones that can be imported.

mutmut changes one thing in one function at a time; what no test notices lives. A sample of N is drawn by SEED, the same
for the same code, and each mutant is shown to the tests of its room (`ROOMS`), until one fails. Printed are the mutants
that live, each as a diff, and the share that dies of each package. What changes nothing that anybody could notice is
listed with its reason in tests/mutants_equivalent.txt and counts for neither side.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".mutants"
EQUIVALENT = Path(__file__).with_name("mutants_equivalent.txt")
PROCESSES = 2
PATIENCE = 60.0  # s that a mutant's tests may take besides five times what they take without it: one may run for ever
DEAD, LIVES, NOT_TRIED = "dead", "lives", "not tried"

#: Where the tests of a module's room are, the quickest first; the longest beginning of its path counts.
ROOMS = {
    "kinokrakow/http": "tests/kinokrakow/http",
    "kinokrakow/jobs": "tests/kinokrakow/jobs",
    "events/": "tests/events/test_processing.py tests/events/titles tests/events/other_sources tests/scraper/sync",
    "events/titles": "tests/events/titles tests/events/other_sources tests/review/matching",
    "events/other_sources": "tests/events/other_sources",
    "review/": "tests/review/test_tmdb.py tests/review/test_upkeep.py tests/review/test_decisions.py "
    "tests/review/queue/test_grouping.py tests/review/queue/test_queue.py",
    "review/matching": "tests/review/matching tests/review/test_tmdb.py",
    "review/tmdb": "tests/review/test_tmdb_answers.py tests/review/test_tmdb.py",
    "scraper/site": "tests/scraper/site tests/pages/test_film_pages.py tests/scraper/sync/test_first_contact.py",
    "scraper/sync": "tests/scraper/sync",
    "scraper/coverage": "tests/scraper/coverage/test_coverage.py tests/scraper/monitoring/test_fields.py "
    "tests/scraper/monitoring/test_alerts.py",
    "scraper/coverage/witnesses": "tests/scraper/coverage/witnesses",
    "scraper/monitoring": "tests/scraper/monitoring/test_fields.py tests/scraper/monitoring/test_alerts.py "
    "tests/scraper/monitoring/test_alerts_faults.py",
}


@dataclass(slots=True)
class Mutant:
    """One change of one function, and what became of it."""

    name: str
    path: str
    fate: str = NOT_TRIED

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]

    @property
    def room(self) -> str:
        return max((room for room in ROOMS if self.path.startswith(room)), key=len)


def main() -> int:
    seed, number = os.environ.get("SEED") or "1", int(os.environ.get("N") or 300)
    until = time.monotonic() + 60 * float(os.environ.get("MINUTES") or 20)
    _bring_up_to_date()
    with tempfile.TemporaryDirectory(prefix="kino-mutants-") as shared:
        os.environ |= {
            "TESTS_SHARED": shared, "DEBUG": "1", "DATABASE_URL": f"sqlite:///{shared}/tests.sqlite3",
        }  # fmt: skip
        os.chdir(WORK)
        mutants = _sample(_all(), seed, number)
        _try(mutants, until)
        return _tell(mutants, seed)


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
    for folder in ("events", "kinokrakow", "review", "scraper", "tests"):
        for copy in [*(WORK / folder).rglob("*.py"), *(WORK / "mutants" / folder).rglob("*.py")]:
            if str(copy.relative_to(WORK)).removeprefix("mutants/") not in names:
                copy.unlink()


def _all() -> list[Mutant]:
    """Every mutant there is, in an order that doesn't change."""
    from mutmut import __main__ as mutmut

    mutmut.set_mutant_under_test("mutant_generation")
    whole = Path("whole")
    if not whole.exists():  # a run was broken off while it made mutants: it may have left half a file
        shutil.rmtree("mutants", ignore_errors=True)
    whole.unlink(missing_ok=True)
    Path("mutants").mkdir(exist_ok=True)
    with mutmut.CatchOutput(spinner_title="Making mutants"):
        mutmut.copy_src_dir()
        mutmut.copy_also_copy_files()
        mutmut.setup_source_paths()
        mutmut.create_mutants(PROCESSES)
    whole.touch()
    found, _ = mutmut.collect_source_file_mutation_data(mutant_names=())
    return sorted((Mutant(name, str(data.path)) for data, name, _ in found), key=lambda mutant: mutant.name)


def _sample(mutants: list[Mutant], seed: str, number: int) -> list[Mutant]:
    only = tuple((os.environ.get("ONLY") or "").split())
    if only:
        mutants = [mutant for mutant in mutants if mutant.path.startswith(only)]
    print(f"{len(mutants):,} mutants of {len({mutant.path for mutant in mutants})} modules", flush=True)
    return random.Random(seed).sample(mutants, min(number, len(mutants)))


def _try(mutants: list[Mutant], until: float) -> None:
    from mutmut import __main__ as mutmut

    mutmut.set_mutant_under_test("")
    runner = mutmut.get_mutant_runner(PROCESSES)
    begun, tried = time.monotonic(), 0
    started: dict[str, float] = {}
    took: dict[str, float] = {}  # s, by room, without a mutant
    fates: dict[str, str] = {}

    def submit(name: str, room: str, patience: float) -> None:
        while not runner.has_capacity():
            see()
        started[name] = time.monotonic()
        runner.submit(name, ROOMS[room].split(), int(2 * patience), 0.0)  # of CPU; half as much of the clock

    def see() -> None:
        nonlocal tried
        result = runner.wait_for_result()
        if result.mutant_name in ROOMS:
            if result.exit_code:
                raise SystemExit(f"{ROOMS[result.mutant_name]}: red without any mutant")
            took[result.mutant_name] = time.monotonic() - started[result.mutant_name]
            return
        fates[result.mutant_name] = DEAD if result.exit_code else LIVES
        tried += 1
        if tried % 25 == 0:
            print(f"{tried} of {len(mutants)} after {time.monotonic() - begun:.0f} s", flush=True)

    runner.startup()
    try:
        with _bounded(until):
            for room in sorted({mutant.room for mutant in mutants}):
                submit(room, room, 10 * PATIENCE)
            while runner.pending_count():
                see()
            print("Green without mutants:", ", ".join(f"{room} {took[room]:.0f} s" for room in took), flush=True)
            for mutant in mutants:
                submit(mutant.name, mutant.room, PATIENCE + 5 * took[mutant.room])
            while runner.pending_count():
                see()
    except TimeoutError:
        print(f"The time is over: {tried} of {len(mutants)} were tried.")
        runner.stop_all_workers()
    finally:
        runner.shutdown()
    for mutant in mutants:
        mutant.fate = fates.get(mutant.name, NOT_TRIED)


@contextlib.contextmanager
def _bounded(until: float) -> Iterator[None]:
    """TimeoutError when the time is over."""

    def stop(*_: object) -> NoReturn:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, max(0.001, until - time.monotonic()))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _tell(mutants: list[Mutant], seed: str) -> int:
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    known, changes_nothing, fates = _equivalent(), 0, Counter[tuple[str, str]]()
    for mutant in mutants:
        if mutant.fate == LIVES:
            diff = get_diff_for_mutant(mutant.name, path=mutant.path)
            if _changed(diff) in known:
                changes_nothing += 1
                continue
            print(f"\n# {mutant.name}\n{diff}")
        fates[mutant.package, mutant.fate] += 1
    print(f"\nSEED={seed}: {changes_nothing} change nothing")
    packages = sorted({package for package, _ in fates})
    for name, parts in [*((package, [package]) for package in packages), ("all", packages)]:
        dead, alive = (sum(fates[part, fate] for part in parts) for fate in (DEAD, LIVES))
        print(f"{name:12} {dead:4} of {dead + alive:4} die  {dead / max(1, dead + alive):.3f}")
    return 0


def _equivalent() -> set[tuple[str, str, str]]:
    """What is known to change nothing: path, line before, line after. Lines that begin with # say why."""
    lines = [line for line in EQUIVALENT.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    return {(lines[at], lines[at + 1][1:].strip(), lines[at + 2][1:].strip()) for at in range(0, len(lines) - 2, 3)}


def _changed(diff: str) -> tuple[str, str, str]:
    """Where, the first line taken away and the first one put in its place."""
    lines = diff.splitlines()
    path = next(line[4:] for line in lines if line.startswith("--- "))
    gone = next((line[1:].strip() for line in lines if line.startswith("-") and not line.startswith("---")), "")
    come = next((line[1:].strip() for line in lines if line.startswith("+") and not line.startswith("+++")), "")
    return path, gone, come


if __name__ == "__main__":
    sys.exit(main())
