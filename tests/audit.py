"""`python -m tests.audit`: is one of the pinned packages known to be vulnerable? Asks PyPI by pip-audit.

Exit status 1 only for a vulnerability that is known. Where PyPI can't be asked, that is said and nothing is wrong.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
AUDIT = ("-m", "pip_audit", "--requirement", "requirements.txt", "--no-deps", "--disable-pip", "--format", "json",
         "--progress-spinner", "off", "--timeout", "10")  # fmt: skip


def main() -> int:
    try:
        done = subprocess.run(
            [sys.executable, *AUDIT], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )
    except subprocess.TimeoutExpired:
        print("NOT AUDITED: PyPI did not answer within two minutes.")
        return 0
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = done.stderr.strip().splitlines()[-1:] or ["no answer"]
        print(f"NOT AUDITED: PyPI could not be asked ({last[0][:200]}).")
        return 0
    lines, status = report(found)
    print("\n".join(lines))
    return status


def report(dependencies: list[dict[str, Any]]) -> tuple[list[str], int]:
    """What to print of pip-audit's list, and the exit status."""
    lines = []
    for package in dependencies:
        for known in package.get("vulns", []):
            mended = ", ".join(known["fix_versions"]) or "none yet"
            lines.append(f"VULNERABLE: {package['name']} {package['version']}: {known['id']}; mended in: {mended}")
    status = 1 if lines else 0
    unasked = [package["name"] for package in dependencies if "skip_reason" in package]
    if unasked:
        lines.append(f"NOT AUDITED: {len(unasked)} of {len(dependencies)} packages, of which PyPI says nothing here.")
    lines.append(f"Audited: {len(dependencies) - len(unasked)} packages.")
    return lines, status


if __name__ == "__main__":
    sys.exit(main())
