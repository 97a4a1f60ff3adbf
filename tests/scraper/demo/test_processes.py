from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.scraper.demo.client import Browser


@pytest.mark.parametrize(
    ("module", "path", "expected"),
    [
        ("scraper.demo.site", "/cinema_program/by_movie", "Bugonia"),
        ("scraper.demo.geocoder", "/search?q=Multikino", "Dobrego Pasterza"),
    ],
)
def test_each_service_runs_as_a_process_of_its_own(module: str, path: str, expected: str) -> None:
    command = [sys.executable, "-m", module, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert url is not None
            assert expected in Browser(url[0]).get(path, **{"User-Agent": "KinoKrakow tests"}).text
        finally:
            process.terminate()
