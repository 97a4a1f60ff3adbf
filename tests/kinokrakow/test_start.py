"""What each `manage.py` command, and each worker, pays before it begins."""

from __future__ import annotations

import subprocess
import sys

from tests.deployment import ROOT

#: Each takes a tenth of a start, and only requests, the API and alerts need them.
LATE = {"httpx", "ninja", "pydantic", "apprise"}

CHECK = """
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "check"])
print(*sorted(name for name in sys.modules if "." not in name))
"""


def test_what_only_some_commands_need_is_not_imported_by_all() -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "kinokrakow.settings", "DEBUG": "1"}
    said = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    imported = set(said.splitlines()[-1].split())
    assert "django" in imported
    assert LATE.isdisjoint(imported)
