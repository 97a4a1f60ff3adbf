"""The SECRET_KEY of a machine that was given none: made at the first start, kept beside the database."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from kinokrakow.environment import BASE_DIR


def kept(path: Path | None) -> str:
    """The key in that file; a new one if there is no such file, or none is to be kept. Only its owner can read it.

    Of several processes that start at once one makes it: the file appears whole, under its name, or not at all.
    """
    if path is None:
        return secrets.token_urlsafe(50)
    try:
        try:
            return _read(path)
        except FileNotFoundError:
            _make(path)
            return _read(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"No SECRET_KEY is set, and none can be kept in {path} ({error.strerror}). "
            "Let this user write there, or set SECRET_KEY. " + HOW_TO_MAKE_ONE
        ) from error


HOW_TO_MAKE_ONE = (
    'Make one: python3 -c "import secrets; print(secrets.token_urlsafe(50))" '
    "and put SECRET_KEY=… into .env, the same on all machines."
)


def place(database: str) -> Path | None:
    """Where the key of this SQLite database is kept; None: a database in memory, whose key need not outlive it.

    Without a name: PostgreSQL while DEBUG is on, on this machine only; beside `manage.py`.
    """
    if ":memory:" in database or database.startswith("file:"):
        return None
    return Path(f"{database}.secret") if database else BASE_DIR / "debug.secret"


def _read(path: Path) -> str:
    key = path.read_text().strip()
    if len(key) < 50:
        raise ImproperlyConfigured(f"{path} holds no key (too short). Delete it, and a new one is made.")
    return key


def _make(path: Path) -> None:
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(file, "w") as opened:
            opened.write(secrets.token_urlsafe(50) + "\n")
        with contextlib.suppress(FileExistsError):  # another process was first; its key counts
            os.link(unfinished, path)
    finally:
        unfinished.unlink()
