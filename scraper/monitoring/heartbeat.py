"""A sign of life for somebody else's watch: `HEARTBEAT_URL` is asked after each good look, and stays unasked otherwise.

The address is a secret (whoever knows it can pretend that we live): it is neither logged nor shown.
"""

from __future__ import annotations

import datetime as dt
import logging
from urllib.parse import urlsplit

from django.conf import settings

from kinokrakow import http
from scraper.models import WatchState

logger = logging.getLogger(__name__)

TIMEOUT = 10.0  # s


def send(at: dt.datetime) -> bool:
    """Ask the heartbeat's address; False when it did not take it, which the next looks tell of."""
    url = settings.HEARTBEAT_URL
    if not url:
        return True
    service = http.Service("heartbeat", url, interval=0, timeout=TIMEOUT)
    try:
        with http.Session(service, patience=0, tries=1) as session:
            session.get(url)
    except (http.HttpError, http.NotYet) as error:
        answer = error.response if isinstance(error, http.HttpError) else None
        said = f"HTTP {answer.status}" if answer else type(error.__cause__ or error).__name__
        host = urlsplit(url).hostname
        logger.warning("the heartbeat to %s was not taken: %s", host, said)
        rows = WatchState.objects.all()
        rows.update(heartbeat_error=f"{host}: {said}")
        rows.filter(heartbeat_failing_since=None).update(heartbeat_failing_since=at)
        return False
    WatchState.objects.update(heartbeat_at=at, heartbeat_failing_since=None, heartbeat_error="")
    return True
