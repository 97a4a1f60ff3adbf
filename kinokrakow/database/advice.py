"""What to do about an error of the database: the next step for whoever started a command."""

from __future__ import annotations

import errno
import os

#: (words of the error in SQLite's or PostgreSQL's text, what to do), first match first.
STEPS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("database is locked", "database table is locked"),
        "another process has been writing for longer than we wait. See what runs (a migration, a backup, an import, "
        "an open sqlite3 shell), let it end, and try again",
    ),
    (
        ("disk is full", "no space left", os.strerror(errno.ENOSPC).lower(), "could not extend file", "disk i/o error"),
        "make room on the disk of the database, then try again; what was being written has been undone",
    ),
    (
        ("readonly database", "read-only", "permission denied"),
        "let this user write to the database: its file and its folder, or its role's rights",
    ),
    (
        ("unable to open database file",),
        "check the path in DATABASE_URL: the folder must exist and this user must be able to write to it",
    ),
    (
        ("malformed", "not a database"),
        "the file is damaged: end all processes, keep a copy of it, and restore the last backup",
    ),
    (
        ("password authentication", "no pg_hba.conf entry", "authentication failed"),
        "check the user and the password in DATABASE_URL",
    ),
    (
        ("connection refused", "could not connect", "connection failed", "could not translate host", "timeout expired",
         "server closed the connection", "terminating connection", "starting up", "shutting down", "recovery mode",
         "too many clients", "too many connections", "connection is closed", "no route to host"),
        "see whether the database server runs and may be reached at DATABASE_URL, then try again",
    ),
    (
        ("no such table", "no such column", "has no column", "does not exist"),
        "python manage.py migrate (and check that DATABASE_URL is the database you mean)",
    ),
)  # fmt: skip


def next_step(error: BaseException) -> str:
    """One sentence, without "Next:" and full stop."""
    said = str(error).lower()
    for words, step in STEPS:
        if any(word in said for word in words):
            return step
    return "check DATABASE_URL, then python manage.py migrate"
