"""Settings: what is wrong is said before anything starts, with what to do about it."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent.parent


def load(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """The settings module as this environment alone would make it."""
    monkeypatch.setattr(environ.Env, "read_env", lambda *_: None)
    monkeypatch.setattr(os, "environ", environment)
    monkeypatch.setattr(environ.Env, "ENVIRON", environment)
    return runpy.run_path(str(ROOT / "kinokrakow" / "settings.py"))


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_nothing_need_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch)
    assert settings["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"
    assert settings["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert (settings["KINO_BASE_URL"], settings["KINO_REQUEST_INTERVAL"]) == ("https://www.kino.krakow.pl", 2)
    assert (settings["TIME_ZONE"], settings["USE_TZ"]) == ("Europe/Warsaw", True)
    assert settings["TMDB_TOKEN"] == ""


def test_postgresql_is_taken_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, DATABASE_URL="postgres://kino:secret@db.example/kino")
    database = settings["DATABASES"]["default"]
    assert (database["ENGINE"], database["HOST"]) == ("django.db.backends.postgresql", "db.example")
    assert "transaction_mode" not in database.get("OPTIONS", {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KINO_REQUEST_INTERVAL", "-1"),
        ("KINO_REQUEST_INTERVAL", "nan"),
        ("KINO_REQUEST_INTERVAL", "1e"),
        ("KINO_TIMEOUT", "inf"),
        ("KINO_TIMEOUT", "soon"),
        ("KINO_TIMEOUT", ""),
        ("KINO_BASE_URL", "kino.krakow.pl"),
        ("TMDB_BASE_URL", "ftp://api.example"),
        ("FILM_REFRESH_DAYS", "0"),
        ("Q_WORKERS", "0"),
        ("Q_WORKERS", "four"),
        ("Q_WORKERS", "2.5"),
        ("Q_RETRY", "60"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "kino.sqlite3"),
        ("DATABASE_URL", "mysql://root@localhost/kino"),
    ],
)
def test_a_value_that_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        load(monkeypatch, **{name: value})


def test_a_number_is_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, KINO_REQUEST_INTERVAL="2.5", KINO_TIMEOUT="2e1", Q_WORKERS="3")
    assert (settings["KINO_REQUEST_INTERVAL"], settings["KINO_TIMEOUT"], settings["Q_WORKERS"]) == (2.5, 20, 3)


def test_a_server_needs_a_key_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        load(monkeypatch, DEBUG="0")
    assert load(monkeypatch, DEBUG="0", SECRET_KEY="own")["SECRET_KEY"] == "own"


def test_a_site_served_over_https_keeps_its_cookies_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, SITE_URL="https://kino.example/")
    assert settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is True
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["https://kino.example"]
    assert "SESSION_COOKIE_SECURE" not in load(monkeypatch)


@pytest.mark.parametrize("workers", ["1", "2", "4", "16"])
def test_no_task_is_handed_out_twice_while_it_waits_its_turn(monkeypatch: pytest.MonkeyPatch, workers: str) -> None:
    """A task that was prefetched may wait for all those before it, each as long as it is allowed to run."""
    queue = load(monkeypatch, Q_WORKERS=workers)["Q_CLUSTER"]
    rounds = 1 + (queue["queue_limit"] + queue["bulk"]) / queue["workers"]
    assert queue["retry"] > queue["timeout"] * rounds


def test_a_wrong_configuration_ends_a_command_with_status_2() -> None:
    done = manage("sync", "--inline", DEBUG="0", SECRET_KEY="")
    assert done.returncode == 2
    assert done.stderr.startswith("Wrong configuration: ")
    assert "SECRET_KEY=" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [("sync", "--inline"), ("coverage",), ("export_events",)], ids=" ".join)
def test_a_database_that_was_never_made_ends_a_command_with_status_2(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = manage(*command, DATABASE_URL=f"sqlite:///{tmp_path}/new.sqlite3", DEBUG="1")
    assert done.returncode == 2
    assert "python manage.py migrate" in done.stderr
    assert "Traceback" not in done.stderr
