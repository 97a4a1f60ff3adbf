"""`make mutants`: does the suite notice when the core changes? SEED=, N= and MINUTES= choose the sample.

ONLY= takes it from modules whose paths begin so ("review/matching events/titles"), and shows it to these rooms' tests.

Run as a script: the copies of our packages that mutmut changes must be the only ones that can be imported.

mutmut changes one thing in one function at a time; what no test notices lives. Which tests call which function is
found out once, without any change. A sample of N is drawn by SEED, the same for the same code; each mutant is shown to
the tests that call its function, the quickest first, then to their neighbours in the same files (what a fixture did
once is theirs, too), until one fails or they have taken ENOUGH. Printed are the mutants that live, each as a diff,
and the share that dies of each package. What changes nothing that anybody could notice is listed with its reason in
tests/mutants_equivalent.txt and counts for neither side.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".mutants"
EQUIVALENT = Path(__file__).with_name("mutants_equivalent.txt")
PROCESSES = 2
PATIENCE = 40.0  # s that a mutant's tests may take besides five times what they take without it: one may run for ever
ENOUGH = 30.0  # s of tests that a mutant is shown to
REACH = "reach.json"
NO_TESTS = 33  # what mutmut says of a mutant that no test calls
DEAD, LIVES, NOT_TRIED = "dead", "lives", "not tried"
ROOMS = ("tests/events", "tests/kinokrakow", "tests/pages", "tests/review", "tests/scraper")

#: Not shown to mutants: browsers, clusters and demos, which start processes, and what lasts long.
LEFT_OUT = (
    "_browser", "test_work.", "test_cluster.", "test_alive.", "test_backups.", "test_start.", "test_settings.",
    "test_another_city.", "/demo/", "test_locks.", "test_publishing_at_once.", "test_alerts_ordinary.", "test_unseen.",
    "test_keys.", "test_failures.", "test_translations.", "test_supervisor.", "test_doctor.",
    "witnesses/test_figures.", "test_api_walk.", "test_worst.", "test_fuzz.",
)  # fmt: skip


@dataclass(slots=True)
class Mutant:
    """One change of one function, and what became of it."""

    name: str
    path: str
    fate: str = NOT_TRIED

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Reach:
    """Which tests call which function, and the seconds that each takes."""

    tests: dict[str, list[str]]
    seconds: dict[str, float]

    def of(self, function: str) -> list[str]:
        """The tests to show a mutant of `function` to, in this order."""
        called = self._quickest(self.tests.get(function, ()))
        files = {test.partition("::")[0] for test in called}
        beside = self._quickest(test for test in self.seconds if test.partition("::")[0] in files)
        chosen: list[str] = []
        took = 0.0
        for test in dict.fromkeys([*called, *beside]):
            took += self.seconds[test] + 0.01
            if chosen and took > ENOUGH:
                break
            chosen.append(test)
        return chosen

    def _quickest(self, tests: Iterable[str]) -> list[str]:
        return sorted(tests, key=lambda test: (self.seconds[test], test))


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
        _try(mutants, _reach(), until)
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


def _reach() -> Reach:
    """Which tests call which function; kept for as long as no file of ours changes."""
    sources = sorted(path for folder in ("mutants", *ROOMS) for path in Path(folder).rglob("*.py"))
    read = b"".join(path.read_bytes() for path in sources) + os.environ.get("ONLY", "").encode()
    stamp = hashlib.sha256(read).hexdigest()
    if Path(REACH).exists():
        known = json.loads(Path(REACH).read_text("utf-8"))
        if known.pop("stamp") == stamp:
            return Reach(**known)
    from mutmut import __main__ as mutmut
    from mutmut.mutation import trampoline

    tests = [str(path) for room in ROOMS for path in sorted(Path(room).rglob("test_*.py"))]
    tests = [path for path in tests if not any(part in path for part in LEFT_OUT)]
    if only := tuple(f"tests/{room}" for room in (os.environ.get("ONLY") or "").split()):
        looks = ("tests/pages",) if any(room.startswith("tests/scraper/site") for room in only) else ()
        tests = [path for path in tests if path.startswith((*only, *looks))]
    begun = time.monotonic()
    mutmut.set_mutant_under_test("stats")
    # mutmut's own finds out at each call which paths are ours: it takes ten times as long as the tests.
    trampoline.record_trampoline_hit = lambda name, caller=None: mutmut.state()._stats.add(name)
    options = mutmut.config().pytest_add_cli_args
    mutmut.config().pytest_add_cli_args = ["--maxfail=100", "--cache-clear"]  # which writes down what failed
    mutmut.get_mutant_runner(PROCESSES).collect_stats(tests)
    mutmut.config().pytest_add_cli_args = options
    told = Path("mutants/.pytest_cache/v/cache/lastfailed")
    failed = set(json.loads(told.read_text("utf-8"))) if told.exists() else set()
    print("Red without any change, so left out:", ", ".join(sorted(failed)) or "none", flush=True)
    found = mutmut.state()
    reach = Reach(
        {name: sorted(tests - failed) for name, tests in found.tests_by_mangled_function_name.items()},
        {test: took for test, took in found.duration_by_test.items() if test not in failed},
    )
    print(f"{len(reach.seconds):,} tests are green without any change: {time.monotonic() - begun:.0f} s", flush=True)
    Path(REACH).write_text(json.dumps({"stamp": stamp, **asdict(reach)}), "utf-8")
    return reach


def _try(mutants: list[Mutant], reach: Reach, until: float) -> None:
    from mutmut import __main__ as mutmut

    mutmut.set_mutant_under_test("")
    runner = mutmut.get_mutant_runner(PROCESSES)
    begun, tried = time.monotonic(), 0
    fates: dict[str, str] = {}

    def see() -> None:
        nonlocal tried
        result = runner.wait_for_result()
        fates[result.mutant_name] = LIVES if result.exit_code in (0, NO_TESTS) else DEAD
        tried += 1
        if tried % 25 == 0:
            print(f"{tried} of {len(mutants)} after {time.monotonic() - begun:.0f} s", flush=True)

    runner.startup()
    try:
        with _bounded(until):
            for mutant in mutants:
                while not runner.has_capacity():
                    see()
                tests = reach.of(mutmut.mangled_name_from_mutant_name(mutant.name))
                patience = PATIENCE + 5 * sum(reach.seconds[test] for test in tests)
                runner.submit(mutant.name, tests, int(2 * patience), 0.0)  # of CPU; half as much of the clock
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
