"""`manage.py restore FILE`: the database becomes what a backup holds, and is brought up to date."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from kinokrakow.database import backups


class Command(BaseCommand):
    help = "Replace all that the database holds by what a backup holds, then migrate. Exit status 2: nothing changed."
    requires_system_checks = []  # noqa: RUF012  # they may ask for tables

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `manage.py backup` wrote")
        parser.add_argument("--force", action="store_true", help="also over a database that holds something")

    def handle(self, *_args: Any, file: Path, force: bool, **_options: Any) -> None:
        try:
            backups.kind_of(file)
            if not force and not backups.is_empty():
                raise backups.BackupError(
                    "The database holds something already, which would be lost. Next: name an empty one in "
                    "DATABASE_URL, or say --force (and `backup` it first)."
                )
            backups.restore(file)
        except backups.BackupError as error:
            raise CommandError(str(error), returncode=2) from error
        if newer := backups.newer_migrations():
            raise CommandError(
                f"Restored, but it is of a newer version of the program ({', '.join(newer)}). "
                "Next: install that version, or restore an older backup.",
                returncode=1,
            )
        call_command("migrate", verbosity=0)
        self.stdout.write("Restored. People must log in again if SECRET_KEY is another; nothing else is to be done.")
