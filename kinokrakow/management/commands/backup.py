"""`manage.py backup FILE`: the whole database in one file, while everything runs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kinokrakow.database import backups


class Command(BaseCommand):
    help = (
        "Write the whole database to a new file, while everything runs. `restore` reads it. Exit status 2: no backup."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a new file; only this user will be able to read it")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        try:
            size = backups.back_up(file)
        except backups.BackupError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{file}: {size / 1e6:.1f} MB.")
