"""`manage.py doctor`: is everything as it must be, here and outside? Each finding with its next step.

It looks for itself and changes nothing; unlike the watch it needs neither a sync nor a worker to have been.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import Error as DatabaseError

from kinokrakow.advice import next_step
from scraper.monitoring.doctor import here, outside
from scraper.monitoring.doctor.finding import BAD, Finding

__all__ = ["examine"]


def examine(*, offline: bool = False) -> Iterator[Finding]:
    """Each check's finding, the cheap ones first; without a database only the first two."""
    yield here.configuration()
    database = here.database()
    yield database
    if database.state == BAD:
        return
    checks = here.CHECKS if offline else (*here.CHECKS, *outside.CHECKS)
    for check in checks:
        try:
            yield check()
        except DatabaseError as error:  # no table yet: the others may still say something
            name = check.__name__.replace("_", " ")
            yield Finding(name, BAD, f"the database refuses: {str(error).strip()[:200]}", next_step(error))
