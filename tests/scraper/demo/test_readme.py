"""README's commands, run for real as make would run them: `make demo`, and against its services `make run`, `manage.py
probe` and `make pictures`.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from kinokrakow import processes
from tests import databases
from tests.browser import CHROMIUM
from tests.deployment import wait_for
from tests.scraper.demo.client import Browser

ROOT = databases.ROOT
PATIENCE = 300  # s, for a machine that stalls
SERVICES = re.compile(r"^  ([A-Z_]+_BASE_URL)=(\S+)$", re.MULTILINE)
WHOLE = "Ctrl-C ends it."
LOOKED_AT = re.compile(r"It can be looked at already: http://127\.0\.0\.1:(\d+)/admin/ \(kino  (\S+)\)")


def free_port() -> int:
    """One with five free ones behind it, where the demo's services stand."""
    for port in range(20000 + os.getpid() % 2000 * 6, 32000, 6):
        with ExitStack() as held:
            try:
                for number in range(port, port + 6):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", number))
            except OSError:
                continue
        return port
    raise AssertionError("no six ports are free")


def as_made(*said: str) -> list[str]:
    """The command that make runs for a line of README's, with this Python."""
    assert f"make {said[0]}" in (ROOT / "README.md").read_text()
    told = subprocess.run(["make", "-n", *said], cwd=ROOT, capture_output=True, text=True, check=True)
    (line,) = [line for line in told.stdout.splitlines() if re.search(r"bin/python (manage\.py|-m tests\.)", line)]
    return [sys.executable, *shlex.split(line)[1:]]


@contextmanager
def running(command: list[str], log: Path, **given: str) -> Iterator[re.Match[str]]:
    """The command until it can be looked at; then it is ended as Ctrl-C does. What it said of that: port, password."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DEBUG", "SECRET_KEY"))}
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**inherited, **given}, stdout=out, stderr=out,
            preexec_fn=processes.with_parent(signal.SIGKILL),
        )  # fmt: skip
    try:
        wait_for(lambda: process.poll() is not None or LOOKED_AT.search(log.read_text()), PATIENCE)
        found = LOOKED_AT.search(log.read_text())
        assert found is not None, log.read_text()
        yield found
        assert process.poll() is None, log.read_text()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


def logged_in(port: str, password: str) -> Browser:
    browser = Browser(f"http://127.0.0.1:{port}", timeout=PATIENCE)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get("/admin/login/").text)
    assert token is not None
    login = {"csrfmiddlewaretoken": token[1], "username": "kino", "password": password, "next": "/admin/"}
    assert browser.post("/admin/login/", urllib.parse.urlencode(login)).status == 302
    return browser


@pytest.mark.once
def test_readmes_commands_do_what_it_says(tmp_path: Path) -> None:
    log = tmp_path / "demo"
    address = databases.address(databases.copy(tmp_path))
    demo_made = as_made("demo", f"PORT={free_port()}", f"DATABASE_URL={address}")
    with running(demo_made, log, RETRY_BASE_DELAY="0.05") as demo:
        browser = logged_in(demo[1], demo[2])
        for page in ("/whats-on/", "/admin/coverage/", "/admin/review/queue/", "/admin/review/queue/history/"):
            reply = browser.get(page)
            assert reply.status in (200, 302), page  # the queue leads to its first question
            assert "/login/" not in reply.headers.get("Location", ""), page
        assert "Five past weeks" in log.read_text()
        services = dict(SERVICES.findall(log.read_text()))
        _runs_live(tmp_path, services)
        if CHROMIUM.exists():
            _takes_pictures(tmp_path, log, demo[1])


def _runs_live(folder: Path, services: Mapping[str, str]) -> None:
    """`make run` and `manage.py probe` with settings as .env would have them: the demo's services in place of the
    live ones, and no token.
    """
    (folder / "live").mkdir()
    given = {
        **services, "DATABASE_URL": databases.address(databases.copy(folder / "live")), "KINO_REQUEST_INTERVAL": "0.05",
        "TMDB_TOKEN": "",
    }  # fmt: skip
    assert "`manage.py probe`" in (ROOT / "README.md").read_text()
    probe = subprocess.run(
        [sys.executable, "manage.py", "probe"], cwd=ROOT, env={**os.environ, **given}, capture_output=True, text=True,
        timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert probe.returncode == 0, probe.stdout + probe.stderr
    log = folder / "run"
    with running(as_made("run", f"PORT={free_port()}"), log, **given) as live:
        wait_for(lambda: WHOLE in log.read_text(), PATIENCE)
        said = log.read_text()
        assert "complete in" in said
        assert "TMDB_TOKEN is not set" in said
        assert "made up" not in said
        assert "verified" in logged_in(live[1], live[2]).get("/admin/coverage/").text


def _takes_pictures(folder: Path, log: Path, port: str) -> None:
    """`make pictures` of the demo that runs already."""
    command = [*as_made("pictures"), "--port", port, "--log", str(log), "--folder", str(folder)]
    taken = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=2 * PATIENCE, check=False)
    assert taken.returncode == 0, taken.stdout + taken.stderr
    for picture in (ROOT / "docs" / "img").iterdir():
        assert (folder / picture.name).stat().st_size > 10_000, picture.name
