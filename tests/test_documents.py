"""The documents and what they describe say the same: settings, alerts, commands, links, a server's files."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

import events.conf  # noqa: F401  its settings, too
from kinokrakow import environment
from scraper.monitoring.messages import KINDS
from tests import documents

ROOT = documents.ROOT
DEPLOY = ROOT / "docs" / "deploy"
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
NAMES = re.compile(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`")
#: In capitals and no setting of ours: of the build, of Django, of gunicorn's file.
OTHERS = {"STATE_DIRECTORY", "WEB_WORKERS"}


def test_settings_in_the_documents_are_those_of_the_code() -> None:
    """`make docs` writes them."""
    for file, text in documents.written().items():
        assert file.read_text() == text, f"{file.name} is old: make docs"
    for file in (ROOT / "README.md", *ROOT.glob("docs/OPERATING.md"), ROOT / "docs" / "DEPLOY.md"):
        assert set(NAMES.findall(file.read_text())) <= environment.KNOWN.keys() | OTHERS, file.name


def test_no_setting_is_read_past_the_list_of_settings() -> None:
    reads = re.compile(r"os\.environ\.get\(|os\.getenv\(|environ\.Env\(\)|_env\.(str|bool|list|int|float)\(")
    for folder in ("kinokrakow", "events", "review", "scraper"):
        for file in (ROOT / folder).rglob("*.py"):
            if file.name != "environment.py" and "demo" not in str(file.relative_to(ROOT)):
                assert not reads.search(file.read_text()), file


def test_every_alert_has_its_line_and_every_line_its_alert() -> None:
    table = documents.OPERATING.read_text().partition("| alert | what to do |\n")[2].partition("\n\n")[0]
    named = [name for line in table.splitlines()[1:] for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])]
    assert sorted(named) == sorted(KINDS)


def test_every_command_in_the_documents_is_one() -> None:
    known = set(get_commands())
    for file in DOCUMENTS:
        for command in re.findall(r"manage(?:\.py)? ([a-z][a-z_]+)", file.read_text()):
            assert command in known, (file.name, command)


def test_readmes_make_commands_can_be_made() -> None:
    """Each is laid out by make; what it runs has tests of its own."""
    commands = re.findall(r"^(?:[A-Z]+=\S+ )?make .*?(?=\s{2,}#|$)", (ROOT / "README.md").read_text(), flags=re.M)
    assert len(commands) >= 4
    for command in commands:
        done = subprocess.run(
            ["make", "-n", *command.split()[1:]], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (command, done.stderr)


def test_every_picture_is_one_that_make_pictures_takes() -> None:
    shown = {Path(name).name for file in DOCUMENTS for name in re.findall(r"\]\(([^)]+\.png)\)", file.read_text())}
    assert shown == {file.name for file in (ROOT / "docs" / "img").iterdir()}
    taken = re.findall(r'_picture\(page, .+ / "([a-z-]+\.png)"\)', (ROOT / "tests" / "pictures.py").read_text())
    assert shown == set(taken)


def test_every_link_leads_somewhere() -> None:
    for file in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", file.read_text()):
            assert (file.parent / target).exists(), (file.name, target)


# --- docs/deploy ----------------------------------------------------------------------------------------


def test_units_start_what_is_there_and_end_in_time() -> None:
    for file in (*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")):
        text = file.read_text()
        for path in re.findall(r"/srv/kinokrakow/(\S+)", text):
            assert path.startswith((".venv/", "var")), path
        for command in re.findall(r"manage\.py ([a-z]+)", text):
            assert command in get_commands()
        assert "User=kinokrakow" in text or file.suffix == ".timer"
        assert "MemoryMax=" in text or "backup" in file.name
        if shutil.which("systemd-analyze"):
            said = subprocess.run(
                ["systemd-analyze", "verify", str(file)], capture_output=True, text=True, check=False
            ).stderr.splitlines()
            wrong = [line for line in said if file.name in line and "not executable" not in line]
            assert wrong == []


def test_the_compose_file_runs_nothing_as_root_and_waits_for_its_database() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert set(services) == {"database", "migrate", "web", "work"}
    for name in ("migrate", "web", "work"):
        assert services[name]["read_only"] is True
        assert services[name]["depends_on"]
        assert {"DATABASE_URL", "SECRET_KEY", "SITE_URL", "TRUSTED_PROXIES"} <= services[name]["environment"].keys()
        for command in services[name].get("command", [])[2:3]:
            assert command in get_commands()
    assert services["web"]["healthcheck"]
    assert services["database"]["volumes"]
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "\nUSER kinokrakow\n" in dockerfile
    for source in re.findall(r"^COPY (\S+) ", dockerfile, flags=re.M):
        assert (ROOT / source).exists()


def test_the_example_server_envnames_settings() -> None:
    given = re.findall(r"^([A-Z_]+)=", (DEPLOY / "kinokrakow.env.example").read_text(), flags=re.M)
    assert set(given) <= environment.KNOWN.keys()


def test_gunicorn_serves_with_the_deployments_file(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server_env = {**os.environ, "DEBUG": "0", "SITE_URL": "https://kino.example", "TRUSTED_PROXIES": "1"}
    server_env |= {"BIND": f"127.0.0.1:{port}", "DATABASE_URL": f"sqlite:///{tmp_path}/kino.sqlite3"}
    command = [sys.executable, "-m", "gunicorn", "kinokrakow.wsgi", "--config", "docs/deploy/gunicorn.conf.py"]
    with subprocess.Popen(command, cwd=ROOT, env=server_env, stderr=subprocess.DEVNULL) as server:
        try:
            asked = {"Host": "kino.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
            answer = _when_there(urllib.request.Request(f"http://127.0.0.1:{port}/admin/login/", headers=asked))
            assert answer.status == 200
            assert "secure" in str(answer.headers["Set-Cookie"]).lower()
        finally:
            server.terminate()


def _when_there(request: urllib.request.Request) -> Any:
    end = time.monotonic() + 60
    while True:
        try:
            return urllib.request.urlopen(request, timeout=10)
        except OSError as error:
            if isinstance(error, urllib.error.HTTPError) or time.monotonic() > end:
                raise
            time.sleep(0.1)


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed here")
def test_nginx_takes_its_file(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=kino.example.org", "-days", "1",
         "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True,
    )  # fmt: skip
    text = re.sub(r"ssl_certificate .*;", f"ssl_certificate {certificate};", text)
    text = re.sub(r"ssl_certificate_key .*;", f"ssl_certificate_key {key};", text)
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"error_log stderr; pid {tmp_path}/pid; events {{}} http {{ {text} }}")
    done = subprocess.run(["nginx", "-t", "-c", str(whole)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("caddy"), reason="caddy is not installed here")
def test_caddy_takes_its_file() -> None:
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_dockerfiles_own_steps_run_without_docker(tmp_path: Path) -> None:
    """What COPY takes is compiled and serves as RUN and CMD say; packages of Debian and of pip are not fetched."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    left_out = set((ROOT / ".dockerignore").read_text().split())
    for name in filter(None, files.split("\0")):
        if not left_out & {name, *map(str, Path(name).parents)} and (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    (compiles,) = re.findall(r"^RUN python (-m compileall .+)$", dockerfile, flags=re.M)
    (command,) = re.findall(r"^CMD (\[.+\])$", dockerfile, flags=re.M)
    given = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    given |= {"SITE_URL": "https://kino.example", "DATABASE_URL": f"sqlite:///{tmp_path}/kino.sqlite3"}
    for arguments in (compiles.split(), ["-m", *json.loads(command), "--check-config"]):
        done = subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env=given, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_make_help_names_what_the_readme_does() -> None:
    said = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in set(re.findall(r"make ([a-z-]+)", (ROOT / "README.md").read_text())) - {"help"}:
        assert f"  make {target} " in said, target


def test_the_design_names_every_room_and_no_file_that_is_not_there() -> None:
    said = (ROOT / "docs" / "DESIGN.md").read_text()
    drawing = said.partition("## Rooms")[2].partition("A room may import")[0]
    for app in ("kinokrakow", "events", "review", "scraper"):
        for room in sorted((ROOT / app).rglob("__init__.py")):
            if "migrations" in room.parts or "templatetags" in room.parts or "formats" in room.parts:
                continue
            assert f"{room.parent.name}/" in drawing, room.parent.relative_to(ROOT)
    for name in re.findall(r"`([a-z_]+(?:/[a-z_]+)+(?:\.py|/)?)", said):
        assert (ROOT / name).exists(), name


def test_no_room_has_more_files_than_one_looks_through() -> None:
    """management/commands is Django's: a command a file."""
    for app in ("kinokrakow", "events", "review", "scraper"):
        for room in {file.parent for file in (ROOT / app).rglob("*.py")}:
            files = [file.name for file in room.glob("*.py")]
            assert len(files) <= 12 or room.name in ("commands", "migrations"), (str(room), len(files))
