"""Settings: what is wrong is said before anything starts, with what to do about it."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

import kinokrakow.environment
from kinokrakow import checks, secret

ROOT = Path(__file__).resolve().parent.parent.parent


def load(monkeypatch: pytest.MonkeyPatch, **values: str | None) -> dict[str, Any]:
    """The settings module as this environment alone would make it; a database in memory, unless one is named."""
    values = {"DATABASE_URL": "sqlite://:memory:", **values}
    environment = {name: value for name, value in values.items() if value is not None}
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


def test_nothing_need_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(kinokrakow.environment, "BASE_DIR", tmp_path)
    settings = load(monkeypatch, DATABASE_URL=None)
    assert settings["DATABASES"]["default"]["NAME"] == f"{tmp_path}/kinokrakow.sqlite3"
    assert settings["DATABASES"]["default"]["ENGINE"] == "django.db.backends.sqlite3"
    assert settings["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert (settings["KINO_BASE_URL"], settings["KINO_REQUEST_INTERVAL"]) == ("https://www.kino.krakow.pl", 2)
    assert (settings["TIME_ZONE"], settings["USE_TZ"]) == ("Europe/Warsaw", True)
    assert settings["TMDB_TOKEN"] == ""


def test_a_statements_time_limit_is_postgresqls(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"DATABASE_URL": "postgres://kino:secret@db.example/kino", "SECRET_KEY": "own"}
    for seconds, limit in ((None, "0s"), ("50", "50s")):
        database = load(monkeypatch, **given, STATEMENT_SECONDS=seconds)["DATABASES"]["default"]
        assert f"-c statement_timeout={limit}" in database["OPTIONS"]["options"]


@pytest.mark.parametrize(("name", "value"), [("TIME_ZONE", "Europe/Krakow"), ("CITY", " ")])
def test_a_city_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        load(monkeypatch, **{name: value})


def test_postgresql_is_taken_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, DATABASE_URL="postgres://kino:secret@db.example/kino", SECRET_KEY="own")
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


def test_a_key_is_made_at_the_first_start_and_kept_beside_the_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ours = {"DATABASE_URL": f"sqlite:///{tmp_path}/kino.sqlite3"}
    settings = load(monkeypatch, **ours)
    file = tmp_path / "kino.sqlite3.secret"
    assert settings["DEBUG"] is False
    assert settings["SECRET_KEY"] == file.read_text().strip()
    assert len(settings["SECRET_KEY"]) >= 50
    assert file.stat().st_mode & 0o777 == 0o600
    assert load(monkeypatch, **ours)["SECRET_KEY"] == settings["SECRET_KEY"]
    assert load(monkeypatch, **ours, SECRET_KEY="own")["SECRET_KEY"] == "own"
    other = load(monkeypatch, DATABASE_URL=f"sqlite:///{tmp_path}/other.sqlite3")
    assert other["SECRET_KEY"] != settings["SECRET_KEY"]


def test_of_processes_that_start_at_once_all_have_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: secret.kept(tmp_path / "kino.secret"), range(64)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["kino.secret"]


def test_no_key_is_half_read_or_made_where_it_can_not_be_kept(tmp_path: Path) -> None:
    (tmp_path / "half").write_text("abc")
    for path in (tmp_path / "half", tmp_path / "missing" / "kino.secret"):
        with pytest.raises(ImproperlyConfigured, match=path.name):
            secret.kept(path)


def test_on_postgresql_a_key_must_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several machines may share it, and one that made up its own could not read the others' tasks."""
    database = {"DATABASE_URL": "postgres://kino:secret@db.example/kino"}
    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY=… into \.env"):
        load(monkeypatch, **database)
    assert load(monkeypatch, **database, SECRET_KEY="own")["SECRET_KEY"] == "own"


def test_a_site_served_over_https_keeps_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, SITE_URL="https://kino.example/", TRUSTED_PROXIES="1", HSTS_SECONDS="3600")
    assert settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is True
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["https://kino.example"]
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert settings["SECURE_HSTS_SECONDS"] == 3600
    assert settings["ALLOWED_HOSTS"][0] == "kino.example"
    plain = load(monkeypatch, HSTS_SECONDS="3600")
    for name in ("SESSION_COOKIE_SECURE", "SECURE_PROXY_SSL_HEADER", "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT"):
        assert name not in plain
    # No proxy says how it was asked, so a redirect would lead to itself for ever.
    assert load(monkeypatch, SITE_URL="https://kino.example")["SECURE_SSL_REDIRECT"] is False


@pytest.mark.parametrize(
    ("environment", "ids"),
    [
        ({}, ["kinokrakow.E001"]),
        ({"SITE_URL": "https://kino.example"}, ["kinokrakow.W002"]),
        ({"SITE_URL": "http://kino.example"}, ["kinokrakow.W003"]),
        ({"SITE_URL": "http://127.0.0.1:8000"}, []),
        ({"SITE_URL": "https://kino.example", "TRUSTED_PROXIES": "1"}, []),
    ],
)
def test_a_check_before_deployment_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, environment: dict[str, str], ids: list[str]
) -> None:
    loaded = load(monkeypatch, **environment)
    for name in ("SITE_URL", "SITE_URL_IS_SET", "TRUSTED_PROXIES"):
        setattr(settings, name, loaded[name])
    assert [message.id for message in checks.site_url()] == ids


def test_a_web_server_does_not_start_without_its_address(tmp_path: Path) -> None:
    """It could not tell links, cookies and names; `manage.py up` serves this machine only and says its own."""
    environment = {"DEBUG": "0", "DATABASE_URL": f"sqlite:///{tmp_path}/kino.sqlite3"}
    inherited = {name: value for name, value in os.environ.items() if name != "SITE_URL"}
    for more, status in (({}, 1), ({"SITE_URL": "http://127.0.0.1:8000"}, 0)):
        command = [sys.executable, "-c", "import kinokrakow.wsgi"]
        done = subprocess.run(
            command, cwd=ROOT, env={**inherited, **environment, **more}, capture_output=True, text=True, check=False
        )
        assert done.returncode == status, done.stderr
        assert ("SITE_URL=https://" in done.stderr) is bool(status)


def test_posters_may_be_shown_from_where_the_setting_says(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = load(monkeypatch, TMDB_IMAGE_URL="https://images.example/")["CONTENT_SECURITY_POLICY"]
    assert "https://images.example" in policy["DIRECTIVES"]["img-src"]
    assert "https://image.tmdb.org" not in policy["DIRECTIVES"]["img-src"]


@pytest.mark.parametrize("workers", ["1", "2", "4", "16"])
def test_no_task_is_handed_out_twice_while_it_waits_its_turn(monkeypatch: pytest.MonkeyPatch, workers: str) -> None:
    """A task that was prefetched may wait for all those before it, each as long as it is allowed to run."""
    queue = load(monkeypatch, Q_WORKERS=workers)["Q_CLUSTER"]
    rounds = 1 + (queue["queue_limit"] + queue["bulk"]) / queue["workers"]
    assert queue["retry"] > queue["timeout"] * rounds


def test_a_wrong_configuration_ends_a_command_with_status_2() -> None:
    done = manage("sync", "--inline", DEBUG="0", SECRET_KEY="", DATABASE_URL="postgres://kino@127.0.0.1:1/kino")
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
