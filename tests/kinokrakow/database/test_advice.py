"""What a command says after an error of the database."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kinokrakow.database.advice import next_step


@pytest.mark.parametrize(
    ("error", "step"),
    [
        ("database is locked", "another process"),
        ("database or disk is full", "make room"),
        ('could not extend file "base/1": No space left on device', "make room"),
        ("attempt to write a readonly database", "let this user write"),
        ("permission denied for table kinokrakow_job", "let this user write"),
        ("database disk image is malformed", "restore the last backup"),
        ('connection failed: FATAL:  password authentication failed for user "kino"', "the password"),
        (
            'connection to server at "127.0.0.1", port 5432 failed: Connection refused',
            "whether the database server runs",
        ),
        ("the database system is starting up", "whether the database server runs"),
        ("no such table: scraper_syncrun", "manage.py migrate"),
        ('relation "scraper_syncrun" does not exist', "manage.py migrate"),
        ("something quite new", "DATABASE_URL"),
    ],
)
def test_the_next_step_fits_the_error(error: str, step: str) -> None:
    assert step in next_step(Exception(error))


def test_sqlite_says_what_is_expected_here(tmp_path: Path) -> None:
    """Real errors, in the words of the SQLite that is installed."""
    path = tmp_path / "a.sqlite3"
    with pytest.raises(sqlite3.Error) as caught:
        sqlite3.connect(tmp_path / "none" / "a.sqlite3")
    assert "folder must exist" in next_step(caught.value)
    one, other = sqlite3.connect(path), sqlite3.connect(path, timeout=0)
    one.execute("create table t (a)")
    one.execute("begin immediate")
    with pytest.raises(sqlite3.Error) as caught:
        other.execute("begin immediate")
    assert "another process" in next_step(caught.value)
    one.rollback()
    one.execute("pragma max_page_count=2")
    with pytest.raises(sqlite3.Error) as caught:
        one.execute("insert into t values (zeroblob(100000))")
    assert "make room" in next_step(caught.value)
    path.write_bytes(b"no database at all, but long enough to be read as one" * 20)
    with pytest.raises(sqlite3.Error) as caught:
        sqlite3.connect(path).execute("select * from t")
    assert "restore" in next_step(caught.value)
    for connection in (one, other):
        connection.close()
