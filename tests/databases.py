"""Databases of a run of tests: one is migrated, by the real command, and all others are copies of it.

Each process of the tests works on a copy, and each deployment (`tests.deployment`) begins with one. What the processes
share, the template and its lock, lies in the folder that TESTS_SHARED names; the first process makes it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import sql

Kept = tuple[tuple[str, str], ...]  # each table, and the one that its rows were copied to

ROOT = Path(__file__).resolve().parent.parent


def shared() -> Path:
    """The folder that all processes of this run share; those that are started from here on know it, too."""
    if "TESTS_SHARED" not in os.environ:
        os.environ["TESTS_SHARED"] = tempfile.mkdtemp(prefix="kino-tests-")
    return Path(os.environ["TESTS_SHARED"])


def copy(folder: Path | None = None) -> str:
    """The name of a new database, migrated and otherwise empty; of SQLite its path, in the folder if one is given."""
    with _alone():
        template, name = _template(), _new_name(folder)
        if _is_sqlite():
            shutil.copy(template, name)
        else:
            _create(name, template)
    return name


def first_on_both(cases: Iterable[Any]) -> list[Any]:
    """For parametrize: of cases that ask the database the same, PostgreSQL sees the first."""
    first, *others = cases
    return [first, *(pytest.param(case, marks=pytest.mark.once) for case in others)]


def blank(folder: Path) -> str:
    """The name of a new database without any tables."""
    name = _new_name(folder)
    if not _is_sqlite():
        with _alone():
            _create(name, "template1")
    return name


def address(name: str) -> str:
    """The database's DATABASE_URL."""
    return f"sqlite:///{name}" if _is_sqlite() else urlunsplit(urlsplit(_server())._replace(path=f"/{name}"))


def empty() -> None:
    """Delete all rows of this process's database but what `migrate` says of the models: types and permissions.

    Django's own way after a test truncates every table, filled or not, and writes a hundred permissions again.
    """
    with transaction.atomic(), connection.cursor() as cursor:  # foreign keys are checked at its end
        for table in _filled(cursor):
            cursor.execute(f"DELETE FROM {table}")


def keep(name: str) -> Kept:
    """Copy all rows of this process's database, to be put back by a later test: quicker than what has made them."""
    tables = []
    with transaction.atomic(), connection.cursor() as cursor:
        for number, table in enumerate(_filled(cursor)):
            copied = f"kept_{name}_{number}"
            cursor.execute(f"DROP TABLE IF EXISTS {copied}")
            cursor.execute(f"CREATE TABLE {copied} AS SELECT * FROM {table}")
            tables.append((table, copied))
    return tuple(tables)


def counts() -> dict[str, int]:
    """How many rows each table has that has any."""
    with connection.cursor() as cursor:
        filled = _filled(cursor)
        if not filled:
            return {}
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', COUNT(*) FROM {table}" for table in filled))
        return dict(cursor.fetchall())


def put_back(kept: Kept) -> None:
    """Exactly the rows that were there, in place of what is there now. Rows made later get larger ids than theirs."""
    empty()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, copied in kept:
            cursor.execute(f"INSERT INTO {table} SELECT * FROM {copied}")


def _filled(cursor: Any) -> list[str]:
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in _tables()))
    return [table for (table,) in cursor.fetchall()]


@cache
def _tables() -> list[str]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(tables) - {"django_content_type", "auth_permission"})


def drop_all() -> None:
    """Everything that this run made. For the process that began it, when the others have ended."""
    if not _is_sqlite():
        with psycopg.connect(_server(), autocommit=True) as server:
            names = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_prefix()])
            for (name,) in names.fetchall():
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    shutil.rmtree(shared(), ignore_errors=True)
    del os.environ["TESTS_SHARED"]


def _template() -> str:
    made = shared() / "template"
    if not made.exists():
        name = _new_name()
        if not _is_sqlite():
            _create(name, "template1")
        command = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": address(name)}, check=True)
        if _is_sqlite():
            with closing(sqlite3.connect(name)) as database:  # a copied file must not lack what the log has
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        made.write_text(name)
    return made.read_text()


def _server() -> str:
    return os.environ.get("DATABASE_URL", "sqlite:///")


def _is_sqlite() -> bool:
    return _server().startswith("sqlite")


def _prefix() -> str:
    return shared().name.lower().replace("-", "_") + "_"


def _new_name(folder: Path | None = None) -> str:
    own = secrets.token_hex(4)
    return str((folder or shared()) / f"{own}.sqlite3") if _is_sqlite() else _prefix() + own


def _create(name: str, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    with psycopg.connect(_server(), autocommit=True) as server:
        server.execute(statement)


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time."""
    with (shared() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
