"""Make the mutants of the copy in the current folder: a module of `mutants/` holds each function and its changes.

A script, run where no package of ours can be imported. A module that hasn't changed keeps its mutants.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from mutmut import __main__ as mutmut


def main() -> None:
    mutmut.set_mutant_under_test("mutant_generation")
    whole = Path("whole")
    if not whole.exists():  # a run was broken off while it made mutants: it may have left half a file
        shutil.rmtree("mutants", ignore_errors=True)
    whole.unlink(missing_ok=True)
    Path("mutants").mkdir(exist_ok=True)
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.setup_source_paths()
    mutmut.create_mutants(os.cpu_count() or 1)
    whole.touch()


if __name__ == "__main__":
    main()
