"""The watch: looks whether anything is missing, writes alerts, sends messages. Needs no worker and no queue.

`run` is the loop that `manage.py work` keeps alive beside the workers; `tick`, one round of it, is also a scheduled
task, for installations with nothing but `qcluster`; `look` is for commands. However many run, one looks at a time.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable

from django.db import Error as DatabaseError
from django.db import close_old_connections, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from kinokrakow import clock
from scraper.models import WatchState
from scraper.monitoring import alerts, delivery, heartbeat, monitors
from scraper.sync import report

logger = logging.getLogger(__name__)

EVERY = dt.timedelta(seconds=45)  # at least, between two looks
LEASE = dt.timedelta(seconds=45)  # after which whoever began a look counts as gone; two looks at once do no harm
ROUND = 5.0  # s between two rounds of the loop
PATIENCE = 15.0  # s that `look` waits for a look which somebody else has begun


def run(stopped: Callable[[], bool]) -> None:
    """Look and deliver until `stopped()`. Whatever goes wrong costs one round; a lost database is waited for."""
    while not stopped():
        try:
            tick()
        except DatabaseError as error:
            logger.warning("the watch can't reach the database: %s", error)
        except Exception:
            logger.exception("a round of the watch broke")
        close_old_connections()
        end = time.monotonic() + ROUND
        while not stopped() and time.monotonic() < end:
            time.sleep(0.2)


def tick() -> None:
    """Look if the last look is a while ago, and send the messages that are due."""
    if _claim(WatchState.objects.filter(Q(looked_at=None) | Q(looked_at__lte=clock.now() - EVERY))):
        _look()
    delivery.deliver()


def look() -> bool:
    """Look now, and send the messages that are due; one that somebody else has begun is waited for first.

    False when nobody got to the end of a look.
    """
    end = time.monotonic() + PATIENCE
    while not _claim(WatchState.objects.all()):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    try:
        _look()
    except Exception:
        logger.exception("the look broke")
        return False
    delivery.deliver()
    return True


def _claim(states: QuerySet[WatchState]) -> bool:
    """Take the turn to look. Its lease is by the database's clock, and ends by itself if we do."""
    if not WatchState.objects.exists():
        WatchState.objects.get_or_create(pk=1)
    free = states.filter(Q(busy_until=None) | Q(busy_until__lt=Now()))
    return free.update(busy_until=Now() + LEASE) == 1


def _look() -> None:
    """Look outside the transaction, which takes longer than writing down what changed; then say that we live."""
    at = clock.now()
    try:
        _count(at)
        found = monitors.look(at)
        with transaction.atomic():
            alerts.update(found, at=at)
            delivery.announce(at=at)
            WatchState.objects.update(looked_at=at)
    finally:
        WatchState.objects.update(busy_until=None)
    broken = [finding.subject for finding in found.findings if finding.kind == monitors.BROKEN]
    if not broken and not delivery.unheard(at):
        heartbeat.send(at)


def _count(at: dt.datetime) -> None:
    """What came of the last run, for the trend. A failure costs that number and no look."""
    try:
        report.count_last_run(at)
    except Exception:
        logger.exception("the last run could not be counted")
