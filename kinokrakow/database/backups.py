"""Backup and restore of the whole database, while everything runs: the state of one moment, whole or not at all.

SQLite: one file, made by SQLite itself (a copy of the database's file alone would lack what its log has).
PostgreSQL: one file in pg_dump's custom format, by `pg_dump`, `pg_restore` and `psql` of the server's version or newer.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from kinokrakow.jobs import heartbeats
from kinokrakow.models import Heartbeat

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
HEADS = {b"SQLite format 3\0": SQLITE, b"PGDMP": POSTGRESQL}
PLAIN = ("host", "hostaddr", "port", "user", "dbname", "options", "sslmode", "sslrootcert", "sslcert", "sslkey")
LOCK_WAIT = "60s"  # that a restore waits for a table which somebody reads or writes


class BackupError(Exception):
    """Why there is no backup, or nothing was restored; ends with the next step."""


def back_up(file: Path) -> int:
    """Write the database to a new file, that only its owner can read; returns its size in bytes."""
    if file.exists():
        raise BackupError(f"{file} exists. Next: name a new file, for instance with the date in it.")
    with _unfinished(file) as part:
        if connection.vendor == "sqlite":
            _sqlite_backup(part)
        else:
            arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--file={part}"]
            _run("pg_dump", [*arguments, _where()])
        part.chmod(0o600)
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        os.link(part, file)  # never over what another backup has written meanwhile
    heartbeats.beat(Heartbeat.What.BACKUP, name=Heartbeat.What.BACKUP)
    return file.stat().st_size


def restore(file: Path) -> None:
    """Replace all that the database holds by what the file holds; one transaction. Migrations are the caller's."""
    kind = kind_of(file)
    ours = SQLITE if connection.vendor == "sqlite" else POSTGRESQL
    if kind != ours:
        raise BackupError(f"{file} is a backup of {kind}, and DATABASE_URL names {ours}. Next: restore it to {kind}.")
    if ours == SQLITE:
        _sqlite_restore(file)
    else:
        _postgresql_restore(file)
    connection.close()


def kind_of(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            head = opened.read(16)
    except OSError as error:
        raise BackupError(f"{file} can't be read ({error.strerror}). Next: check its path and its rights.") from error
    for begin, kind in HEADS.items():
        if head.startswith(begin):
            return kind
    raise BackupError(f"{file} is no backup that `manage.py backup` makes. Next: name one.")


def newer_migrations() -> list[str]:
    """Migrations that the database has and this version of the program doesn't know: it is of a newer version."""
    loader = MigrationLoader(connection)
    apps = {app for app, _ in loader.disk_migrations}
    return sorted(f"{app}.{name}" for app, name in loader.applied_migrations if app in apps and not (
        (app, name) in loader.disk_migrations or (app, name) in loader.replacements
    ))  # fmt: skip


def is_empty() -> bool:
    """Whether the database holds no tables."""
    return not connection.introspection.table_names()


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """A name beside the file, that nobody else may read, gone at the end."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    before = os.umask(0o077)
    try:
        yield part
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            f"{file} could not be written ({error}). Next: check its folder, its disk and your rights."
        ) from error
    finally:
        os.umask(before)
        part.unlink(missing_ok=True)


def _sqlite_backup(part: Path) -> None:
    """`VACUUM INTO` reads one moment's state, and writers go on meanwhile; then the copy is checked."""
    name = str(connection.settings_dict["NAME"])
    with closing(_read_only(name)) as source:
        source.execute("VACUUM INTO ?", [str(part)])
    _check_sqlite(part)


def _read_only(file: Path | str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, timeout=60)


def _check_sqlite(file: Path) -> None:
    try:
        with closing(_read_only(file)) as copy:
            said = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        said = str(error)
    if said != "ok":
        raise BackupError(
            f"{file} is damaged ({said}). Next: use another backup; if this was made just now, check the disk."
        )


def _sqlite_restore(file: Path) -> None:
    _check_sqlite(file)
    name = str(connection.settings_dict["NAME"])
    connection.close()
    with (
        closing(_read_only(file)) as source,
        closing(sqlite3.connect(name, timeout=60)) as target,
    ):
        target.execute("PRAGMA journal_mode=WAL")
        source.backup(target)  # all pages in one step, as one transaction of the target


def _postgresql_restore(file: Path) -> None:
    """The tables that are there go and those of the backup come in one transaction, or nothing changes."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    drops = "".join(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE;\n" for table in tables)
    where = _where()
    connection.close()
    with tempfile.TemporaryFile() as script:
        script.write(f"SET lock_timeout = '{LOCK_WAIT}';\n{drops}".encode())
        script.flush()
        _run("pg_restore", ["--no-owner", "--no-privileges", "--file=-", str(file)], output=script)
        script.seek(0)
        options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        _run("psql", [*options, where], script=script)


def _where() -> str:
    """The database as Django reached it, for PostgreSQL's programs. The password goes by their environment instead:
    others on this machine see arguments."""
    connection.ensure_connection()
    known = conninfo_to_dict(connection.connection.info.dsn)
    # Psycopg brings a libpq of its own, which may be newer and say more than the programs' one understands.
    return "--dbname=" + make_conninfo("", **{name: str(known[name]) for name in PLAIN if name in known})


def _run(
    program: str, arguments: list[str], *, script: IO[bytes] | None = None, output: IO[bytes] | None = None
) -> None:
    found = shutil.which(program)
    if found is None:
        raise BackupError(
            f"{program} is not installed. Next: install PostgreSQL's client programs, of the server's version or newer "
            "(Debian and Ubuntu: apt-get install postgresql-client; Alpine: apk add postgresql-client)."
        )
    password = str(connection.settings_dict["PASSWORD"])
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    done = subprocess.run(
        [found, *arguments], stdin=script, stdout=output, stderr=subprocess.PIPE, env=environment, check=False
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        said = (said.replace(password, "…") if password else said)[:500]
        raise BackupError(f"{program} ended with {done.returncode}: {said}. Next: {_next(said)}.")


def _next(said: str) -> str:
    if "version mismatch" in said or "unsupported version" in said:
        return "install PostgreSQL's client programs of the server's version (apt-get install postgresql-client-18)"
    if "lock timeout" in said:
        return "end what works on the database (web server and workers), then try again"
    return "see what it says; nothing was changed"
