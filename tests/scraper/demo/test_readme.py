"""`make demo` as README has it, started for real: what make would run, until its pages can be looked at."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import urllib.parse
from contextlib import ExitStack
from pathlib import Path

import pytest

from kinokrakow import processes
from tests import databases
from tests.deployment import wait_for
from tests.scraper.demo.client import Browser

ROOT = databases.ROOT
PATIENCE = 300  # s, for a machine that stalls
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
    told = subprocess.run(["make", "-n", *said], cwd=ROOT, capture_output=True, text=True, check=True)
    (line,) = [line for line in told.stdout.splitlines() if "manage.py demo" in line]
    return [sys.executable, *shlex.split(line)[1:]]


@pytest.mark.once
def test_make_demo_shows_readmes_pages_before_the_week_is_read(tmp_path: Path) -> None:
    assert "\nmake demo " in (ROOT / "README.md").read_text()
    address = databases.address(databases.copy(tmp_path))
    command = as_made("demo", f"PORT={free_port()}", f"DATABASE_URL={address}")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DEBUG", "SECRET_KEY"))}
    log = tmp_path / "log"
    with log.open("w") as out:
        demo = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=out, stderr=out, preexec_fn=processes.with_parent(signal.SIGKILL)
        )
    try:
        wait_for(lambda: demo.poll() is not None or LOOKED_AT.search(log.read_text()), PATIENCE)
        found = LOOKED_AT.search(log.read_text())
        assert found is not None, log.read_text()
        browser = Browser(f"http://127.0.0.1:{found[1]}", timeout=PATIENCE)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get("/admin/login/").text)
        assert token is not None
        login = {"csrfmiddlewaretoken": token[1], "username": "kino", "password": found[2], "next": "/admin/"}
        assert browser.post("/admin/login/", urllib.parse.urlencode(login)).status == 302
        for page in ("/whats-on/", "/admin/coverage/", "/admin/review/queue/", "/admin/review/queue/history/"):
            reply = browser.get(page)
            assert reply.status in (200, 302), page  # the queue leads to its first question
            assert "/login/" not in reply.headers.get("Location", ""), page
        assert "Five past weeks" in log.read_text()
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(PATIENCE)
