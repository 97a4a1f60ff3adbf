"""Show a sample of mutants to the tests, and print which live: see docs/MUTANTS.md. Begun by `make mutants`.

Which tests call which function is found out without any change. A sample of N is drawn by SEED, the same for the same
code; each mutant is shown to the tests that call its function, the quickest first, then to their neighbours in the
same files (what a fixture did once is theirs, too), until one fails or they have taken ENOUGH. What a mutant died of
is run again without it at the end: a test that is red then proves nothing. Printed are the mutants that live, each as
a diff, and the share that dies of each package. What changes nothing that anybody could notice is listed with its
reason in equivalent.txt and counts for neither side.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from mutmut import __main__ as mutmut
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.utils.format_utils import mangled_name_from_mutant_name as function_of
from mutmut.workers.isolation import ForkServerRunner

from tests.mutants.changing import AT_IMPORT, Runner, hear_at_once

EQUIVALENT = Path(__file__).with_name("equivalent.txt")
PROCESSES = 2
PATIENCE = 40.0  # s that a mutant's tests may take besides five times what they take without it: one may run for ever
ENOUGH = 30.0  # s of tests that a mutant is shown to
REACH, FAILED = Path("reach.json"), Path("failed")
NO_TESTS, RED, BROKEN = 33, 1, (2, 3, 4, 255)  # exits of pytest; 33 of mutmut, 255 of a process that never ran a test
DEAD, LIVES, NOT_TRIED = "dead", "lives", "not tried"
CONTROL = ""  # the name of no mutant
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


@dataclass(slots=True)
class Reach:
    """Which tests call which function, the seconds that each takes, and what is called when modules are imported."""

    tests: dict[str, list[str]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    at_import: set[str] = field(default_factory=set)

    def of(self, function: str) -> list[str]:
        """The tests to show a mutant of `function` to, in this order."""
        called = self.tests.get(function, [])
        if function in self.at_import:  # what it made is used by its module's other functions
            module = function.rpartition(".")[0]
            called = [test for name, tests in self.tests.items() if name.rpartition(".")[0] == module for test in tests]
        files = {test.partition("::")[0] for test in called}
        beside = self._quickest(test for test in self.seconds if test.partition("::")[0] in files)
        chosen: list[str] = []
        took = 0.0
        for test in dict.fromkeys([*self._quickest(called), *beside]):
            took += self.seconds[test] + 0.01
            if chosen and took > ENOUGH:
                break
            chosen.append(test)
        return chosen

    def _quickest(self, tests: Iterable[str]) -> list[str]:
        """Those that compare all that is made come first: they notice most."""
        return sorted(tests, key=lambda test: ("test_in_full" not in test, self.seconds[test], test))


def main() -> int:
    os.chdir("..")
    seed, number = os.environ.get("SEED") or "1", int(os.environ.get("N") or 300)
    until = time.monotonic() + 60 * float(os.environ.get("MINUTES") or 20)
    only = tuple((os.environ.get("ONLY") or "").split())
    mutants = [mutant for mutant in _all() if not only or mutant.path.startswith(only)]
    print(f"{len(mutants):,} mutants of {len({mutant.path for mutant in mutants})} modules", flush=True)
    mutants = random.Random(seed).sample(mutants, min(number, len(mutants)))
    _try(mutants, _reach(only), until)
    return _tell(mutants, seed)


def _all() -> list[Mutant]:
    """Every mutant there is, in an order that doesn't change."""
    found, _ = mutmut.collect_source_file_mutation_data(mutant_names=())
    return sorted((Mutant(name, str(data.path)) for data, name, _ in found), key=lambda mutant: mutant.name)


def _reach(only: tuple[str, ...]) -> Reach:
    """Which tests call which function. A file of tests is run again if it has changed, or a module that it calls."""
    root = Path("mutants")
    own = {str(path.relative_to(root)): path for path in root.rglob("tests/**/test_*.py")}
    own = {name: path for name, path in own.items() if not any(part in name for part in LEFT_OUT)}
    known = json.loads(REACH.read_text("utf-8")) if REACH.exists() else {}
    known = {name: told for name, told in known.items() if name in own and told["stamp"] == _stamp(told["of"])}
    rooms = tuple(f"tests/{room}" for room in only) or ROOMS
    rooms += ("tests/pages",) if "tests/scraper/site" in rooms else ()
    if asked := sorted(name for name in own.keys() - known.keys() if name.startswith(rooms)):
        begun = time.monotonic()
        tests = 0
        for told in hear_at_once([asked[part::PROCESSES] for part in range(PROCESSES)]):
            print("Red without any change, so left out:", ", ".join(told["failed"]) or "none", flush=True)
            at_import = told["calls"].pop(AT_IMPORT)[1]
            for test, calls in told["calls"].items():
                if test not in told["failed"]:
                    name = test.partition("::")[0]
                    known.setdefault(name, {"calls": {}, "at_import": at_import})["calls"][test] = calls
                    tests += 1
        for name in asked:
            told = known.setdefault(name, {"calls": {}, "at_import": []})
            called = {function.rpartition(".")[0] for _, calls in told["calls"].values() for function in calls}
            told["of"] = [name, *sorted(f"{module.replace('.', '/')}.py" for module in called)]
            told["stamp"] = _stamp(told["of"])
        print(f"{tests:,} tests are green without any change: {time.monotonic() - begun:.0f} s", flush=True)
        REACH.write_text(json.dumps(known), "utf-8")
    reach = Reach()
    for name, told in known.items():
        if name.startswith(rooms):
            reach.at_import.update(told["at_import"])
            for test, (took, called) in told["calls"].items():
                reach.seconds[test] = took
                for function in called:
                    reach.tests.setdefault(function, []).append(test)
    return reach


def _stamp(names: list[str]) -> str:
    """What these files of ours hold."""
    paths = (Path(name) for name in names)
    read = (path if path.exists() else path.with_suffix("") / "__init__.py" for path in paths)
    return hashlib.sha256(b"".join(path.read_bytes() if path.exists() else b"" for path in read)).hexdigest()


def _try(mutants: list[Mutant], reach: Reach, until: float) -> None:
    shutil.rmtree(FAILED, ignore_errors=True)
    FAILED.mkdir()
    runner = ForkServerRunner(PROCESSES, Runner, {"at_import": sorted(reach.at_import)})
    begun, exits = time.monotonic(), dict[str, int]()

    def see() -> None:
        result = runner.wait_for_result()
        exits[result.mutant_name] = result.exit_code
        if len(exits) % 25 == 0:
            print(f"{len(exits)} of {len(mutants)} after {time.monotonic() - begun:.0f} s", flush=True)

    def show(name: str, tests: list[str]) -> None:
        while not runner.has_capacity():
            see()
        patience = PATIENCE + 5 * sum(reach.seconds[test] for test in tests)
        runner.submit(name, tests, int(2 * patience), 0.0)  # of CPU; half as much of the clock

    runner.startup()
    try:
        with _bounded(until):
            for mutant in mutants:
                show(mutant.name, reach.of(function_of(mutant.name)))
            while runner.pending_count():
                see()
    except TimeoutError:
        print(f"The time is over: {len(exits)} of {len(mutants)} were tried.")
        runner.stop_all_workers()
    finally:
        runner.shutdown()
    died_of = {path.name: json.loads(path.read_text("utf-8"))[0] for path in FAILED.iterdir()}
    red = _red_without(sorted(set(died_of.values())))
    for mutant in mutants:
        code = exits.get(mutant.name)
        if code in BROKEN or died_of.get(mutant.name) in red:
            print(f"{mutant.name} was not tried: exit {code}, {died_of.get(mutant.name)}")
        elif code is not None:
            mutant.fate = LIVES if code in (0, NO_TESTS) else DEAD
    print(f"{len(exits)} after {time.monotonic() - begun:.0f} s; exits {dict(Counter(exits.values()))}")


def _red_without(tests: list[str]) -> set[str]:
    """Which of these tests fail though nothing is changed."""
    runner = ForkServerRunner(1, Runner, {})
    runner.startup()
    runner.submit(CONTROL, tests, 1200, 0.0)
    if tests:
        runner.wait_for_result()
    runner.shutdown()
    told = FAILED / "control"
    return set(json.loads(told.read_text("utf-8"))) if told.exists() else set()


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
