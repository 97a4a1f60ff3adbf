"""`manage.py watch`: look for gaps and deliver alerts, in a process of its own that needs no worker and no queue."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError

from kinokrakow import processes
from kinokrakow.jobs import heartbeats
from kinokrakow.models import Heartbeat
from scraper.monitoring import watch

logger = logging.getLogger(__name__)

EVERY = 30.0  # s between two heartbeats


class Command(BaseCommand):
    help = "Look whether anything is missing and deliver alerts, every minute until Ctrl-C. `work` and `up` run it."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.SITE_URL_IS_SET:
            logger.warning("SITE_URL is not set: links in messages lead to %s, this machine", settings.SITE_URL)
        told = processes.told_to_end()
        beaten = 0.0

        def stopped() -> bool:
            """Asked several times a second between two rounds, so that a round that hangs is a silence."""
            nonlocal beaten
            if time.monotonic() - beaten > EVERY:
                beaten = time.monotonic()
                try:
                    heartbeats.beat(Heartbeat.What.WATCH)
                except DatabaseError as error:
                    logger.warning("the database does not answer: %s", error)
            return told.is_set()

        watch.run(stopped)
