"""How a mutant takes its function's place, and how it is heard which test calls which function.

mutmut puts something between every function and its callers that looks at each call which mutant is chosen. Here
nothing stands between: the chosen mutant's code is put into the function itself, so all else runs as fast as ever.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import _lru_cache_wrapper, wraps
from pathlib import Path
from types import FunctionType
from typing import Any, NoReturn

import pytest
from mutmut.mutation import trampoline
from mutmut.runners.harness import PytestRunner
from mutmut.utils.file_utils import change_cwd
from mutmut.utils.format_utils import mangled_name_from_mutant_name as function_of

Mutants = dict[str, Any]

OURS = ("events.", "kinokrakow.", "review.", "scraper.")
AT_IMPORT = "at import"  # what stands for a test where a function is called when its module is imported
LONGEST = 45.0  # s of one test; a mutant may wait for ever for what never comes
QUIET = ("--rootdir=.", "--tb=native", "-q", "-p", "no:cacheprovider")


class Runner(PytestRunner):  # type: ignore[misc]
    """Shows a mutant to tests. What runs while modules are imported needs a new process: here they are already."""

    def __init__(self, at_import: Sequence[str] = (), heard: Heard | None = None) -> None:
        super().__init__()
        self.at_import = frozenset(at_import)
        self.functions: list[tuple[FunctionType, Mutants]] = []
        trampoline.wrap_in_trampoline = self._wrapper(heard)

    def _wrapper(self, heard: Heard | None) -> Callable[..., Any]:
        def wrapper(mutants: Mutants, is_classmethod: bool = False) -> Callable[[FunctionType], Any]:
            def wrap(function: FunctionType) -> Any:
                self.functions.append((function, mutants))
                return function if heard is None else heard.listening(function, mutants)

            return wrap

        return wrapper

    def run_tests(self, *, mutant_name: str, tests: Iterable[str]) -> int:
        """0 if no test fails; the first that does is written to a file of the mutant's name."""
        if function_of(mutant_name) in self.at_import:
            asked = [sys.executable, "-m", "tests.mutants.changing"]
            done = subprocess.run(
                asked, input=json.dumps(tests), cwd="mutants", text=True, stdout=subprocess.DEVNULL, check=False,
                env={**os.environ, "MUTANT_UNDER_TEST": mutant_name},
            )  # fmt: skip
            return int(done.returncode != 0)  # its modules may not even be imported
        if mutant_name:
            self._put(mutant_name)
        with change_cwd("mutants"):
            code, failed = show(list(tests), until_one_fails=bool(mutant_name))
        if failed:
            Path("failed", mutant_name or "control").write_text(json.dumps(failed), "utf-8")
        return code

    def _put(self, mutant_name: str) -> None:
        """Put the mutant's code into its function."""
        module, _, short = mutant_name.rpartition(".")
        importlib.import_module(module)
        for function, mutants in self.functions:
            if function.__module__ == module and short in mutants:
                mutant: Any = getattr(mutants[short], "__func__", mutants[short])
                code = mutant.__code__
                if len(code.co_freevars) != len(function.__code__.co_freevars):  # it has lost its super()
                    code = code.replace(co_freevars=function.__code__.co_freevars)
                function.__code__ = code
                function.__defaults__, function.__kwdefaults__ = mutant.__defaults__, mutant.__kwdefaults__
                return
        raise LookupError(mutant_name)


def show(tests: Sequence[str], *, until_one_fails: bool) -> tuple[int, list[str]]:
    """Run these tests, in this order; pytest's exit and those that failed."""
    chosen = Chosen(tests)
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    code = pytest.main([*QUIET, *(["-x"] if until_one_fails else []), *files], plugins=[chosen])
    return int(code), chosen.tests


class Failed:
    """Which tests failed."""

    def __init__(self) -> None:
        self.tests: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and report.nodeid not in self.tests:
            self.tests.append(report.nodeid)


class Chosen(Failed):
    """Only some tests of their files, in an order of its own. By names, which no command line has to understand."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.place = {name: place for place, name in enumerate(names)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((i for i in items if i.nodeid in self.place), key=lambda item: self.place[item.nodeid])

    def pytest_runtest_logstart(self) -> None:
        signal.signal(signal.SIGALRM, self._over)
        signal.setitimer(signal.ITIMER_REAL, LONGEST)

    def pytest_runtest_logfinish(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    @staticmethod
    def _over(*_: object) -> NoReturn:
        raise TimeoutError(f"a test has taken {LONGEST} s")


class Heard(Failed):
    """Of each test its seconds and the functions that it calls. Results are forgotten between two tests, so that each
    calls what it needs; what is called before the first is called when modules are imported."""

    def __init__(self) -> None:
        super().__init__()
        self.now: set[str] = set()
        self.calls: dict[str, tuple[float, list[str]]] = {}
        self.seconds: dict[str, float] = {}

    def listening(self, function: FunctionType, mutants: Mutants) -> Callable[..., Any]:
        name = ""

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal name
            if not name:
                name = f"{function.__module__}.{function_of(mutants['_mutmut_orig'].__name__)}"
            self.now.add(name)
            return function(*args, **kwargs)

        return call

    def pytest_collection_finish(self) -> None:
        self.calls[AT_IMPORT] = (0.0, sorted(self.now))
        self.caches = [
            found for found in gc.get_objects()
            if isinstance(found, _lru_cache_wrapper) and str(found.__module__).startswith(OURS)
        ]  # fmt: skip

    def pytest_runtest_setup(self) -> None:
        self.now.clear()
        for cache in self.caches:
            cache.cache_clear()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        super().pytest_runtest_logreport(report)
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.when == "teardown":
            self.calls[report.nodeid] = (round(self.seconds[report.nodeid], 3), sorted(self.now))


def hear(tests: Sequence[str], told: Path) -> None:
    """Run the tests without any change, and write down what they call and which are red."""
    heard = Heard()
    Runner(heard=heard)
    with change_cwd("mutants"):
        pytest.main([*QUIET, "--maxfail=100", *tests], plugins=[heard])
    told.write_text(json.dumps({"calls": heard.calls, "failed": heard.tests}), "utf-8")


def hear_at_once(parts: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """What `hear` tells of each part; all of them run at the same time."""
    told = [Path(f"heard-{number}") for number in range(len(parts))]
    started = []
    for tests, path in zip(parts, told, strict=True):
        path.unlink(missing_ok=True)
        if not (child := os.fork()):
            try:
                hear(tests, path)
            finally:
                os._exit(0)
        started.append(child)
    for child in started:
        os.waitpid(child, 0)
    return [json.loads(path.read_text("utf-8")) for path in told]


if __name__ == "__main__":
    sys.exit(show(json.load(sys.stdin), until_one_fails=True)[0])
