"""`manage.py qcluster`: the workers alone. It exits with 1 when the cluster broke, so that systemd starts it again."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from kinokrakow.jobs import cluster


class Command(BaseCommand):
    help = "Run the workers until Ctrl-C, without the watch that `work` adds. Exit status 1: broken, start it again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        sys.exit(cluster.run())
