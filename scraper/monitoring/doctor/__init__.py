"""`manage.py doctor`: is everything as it must be, here and outside? Each finding with its next step.

It looks for itself and changes nothing; unlike the watch it needs neither a sync nor a worker to have been.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import Error as DatabaseError

from kinokrakow.database.advice import next_step
from scraper.monitoring.doctor import here, outside
from scraper.monitoring.doctor.finding import BAD, Finding

__all__ = ["examine"]

Check = Callable[[], Finding]
logger = logging.getLogger(__name__)


def examine(*, offline: bool = False) -> Iterator[Finding]:
    """Each check's finding, the cheap ones first; without a database only the first two."""
    yield _found(here.configuration)
    try:
        database = here.database()
    except Exception as error:
        yield _broken(here.database, error)
    else:
        yield database
        if database.state == BAD:
            return
    yield from map(_found, here.CHECKS if offline else (*here.CHECKS, *outside.CHECKS))


def _found(check: Check) -> Finding:
    """What a check finds. One that breaks costs itself: the others may still say something."""
    try:
        return check()
    except Exception as error:
        return _broken(check, error)


def _broken(check: Check, error: Exception) -> Finding:
    name = check.__name__.replace("_", " ")
    if isinstance(error, DatabaseError):  # no table yet
        return Finding(name, BAD, f"the database refuses: {str(error).strip()[:200]}", next_step(error))
    logger.debug("doctor: %s", name, exc_info=error)
    said = f"the check itself failed: {type(error).__name__}: {_without_secrets(str(error))[:200]}"
    return Finding(name, BAD, said, "the others are not affected; LOG_LEVEL=DEBUG shows where, please report it")


def _without_secrets(text: str) -> str:
    """A library's message may hold what it was given."""
    given = [settings.SECRET_KEY, settings.TMDB_TOKEN, settings.METRICS_TOKEN, settings.HEARTBEAT_URL]
    given += [settings.EMAIL_HOST_PASSWORD, settings.DATABASES["default"].get("PASSWORD", ""), *settings.ALERT_URLS]
    for secret in filter(None, given):
        text = text.replace(str(secret), "…")
    return " ".join(text.split())
