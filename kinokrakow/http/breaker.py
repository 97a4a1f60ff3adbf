"""A breaker for each outside service: after a few failures in a row it is asked once in a while, by one for all.

`Session` puts `watched` around each request. An open breaker lets one request through whenever `probe_at` has passed
(half-open); an answer closes it. A refusal (401, 403, an answer that says so) opens it at once, for asking again can't
help; another key or address closes it. Staff may also pause a service until some time: then nobody asks it at all. The
state is one row per service in the database, for all processes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db.models import F, Q, QuerySet

from kinokrakow import clock
from kinokrakow.http.responses import Blocked, Denied, Garbled, NotYet, Unavailable
from kinokrakow.models import ServiceState

logger = logging.getLogger(__name__)

OPENS_AFTER = 3  # failed requests in a row
PAUSES = (60, 120, 300, 600)  # s until it is asked again, after so many times in vain
REFUSED_PAUSE = 600  # s until a key that was refused is tried again
LONGEST_ERROR = 500


class Open(NotYet):
    """The service is not asked now: it did not answer before, refuses our key, or is paused."""

    def __init__(self, service: str, seconds: float, why: str) -> None:
        super().__init__(service, seconds)
        self.args = (f"{service} is not asked for another {seconds:.0f} s: {why}",)
        self.service = service


def open_services(at: dt.datetime) -> list[ServiceState]:
    """The services that do not answer, or refuse our key; not those that staff paused."""
    rows = ServiceState.objects.filter(silent_since__isnull=False)
    return [state for state in rows if not state.paused(at)]


def closed_to_us(at: dt.datetime) -> set[str]:
    """The names of the services that nobody need wait for: open breakers and pauses."""
    rows = ServiceState.objects.filter(Q(silent_since__isnull=False) | Q(paused_until__gt=at))
    return set(rows.values_list("name", flat=True))


def paused(name: str, at: dt.datetime) -> ServiceState | None:
    """The service's state while staff have paused it."""
    return ServiceState.objects.filter(name=name, paused_until__gt=at).first()


@contextmanager
def watched(name: str, asked_as: str, *, breaks: bool, answered: bool) -> Iterator[None]:
    """Around one request to a service: raises `Open` instead of making it, or notes how it went.

    `breaks`: the service has a breaker, else only a pause counts. `answered`: it answered this session before, so
    that a 401 or 403 is about what was asked for, not about our key.
    """
    state = _admit(name, asked_as, breaks=breaks)
    try:
        yield
    except (Unavailable, Garbled) as error:
        if breaks:
            _failed(name, asked_as, str(error))
        raise
    except Blocked as error:
        status = error.response.status if error.response is not None else None
        if breaks and (isinstance(error, Denied) or (not answered and status in (401, 403))):
            _refused(name, asked_as, str(error))
        raise
    except NotYet:
        raise
    except Exception:  # another answer than was hoped for, but an answer
        _answered(state)
        raise
    _answered(state)


def mark(base_url: str, headers: Mapping[str, str], key: str = "") -> str:
    """A hash of a service's address and key, by which a changed one is known; it does not tell the key."""
    return hashlib.sha256(f"{base_url} {headers.get('Authorization', key)}".encode()).hexdigest()[:16]


def _admit(name: str, asked_as: str, *, breaks: bool) -> ServiceState | None:
    state = ServiceState.objects.filter(name=name).first()
    if state is None:
        return None
    now = clock.now()
    if state.paused_until is not None and state.paused_until > now:
        why = f"paused by staff{': ' + state.paused_why if state.paused_why else ''}"
        raise Open(name, (state.paused_until - now).total_seconds(), why)
    if not breaks or state.silent_since is None or state.asked_as != asked_as:
        return state
    if state.probe_at is not None and state.probe_at > now:
        raise Open(name, (state.probe_at - now).total_seconds(), state.error)
    pause = REFUSED_PAUSE if state.refused else PAUSES[min(state.probes + 1, len(PAUSES) - 1)]
    mine = ServiceState.objects.filter(pk=state.pk, probe_at=state.probe_at)
    if not mine.update(probe_at=now + dt.timedelta(seconds=pause), probes=F("probes") + 1):
        raise Open(name, pause, state.error)
    return state


def _answered(state: ServiceState | None) -> None:
    """An answer closes the breaker. Writes only where there is something to forget."""
    if state is None or not (state.failures or state.silent_since):
        return
    row = ServiceState.objects.filter(pk=state.pk)
    if row.update(failures=0, silent_since=None, probe_at=None, probes=0, refused=False, error=""):
        logger.info("%s answers", state.name)


def _failed(name: str, asked_as: str, error: str) -> None:
    now = clock.now()
    row = _row(name, asked_as)
    row.update(failures=F("failures") + 1, error=_plain(error))
    if row.filter(failures__gte=OPENS_AFTER, silent_since=None).update(
        silent_since=now, probe_at=now + dt.timedelta(seconds=PAUSES[0]), probes=0, refused=False
    ):
        logger.error("%s failed %d times in a row and is asked only once in a while: %s", name, OPENS_AFTER, error)


def _refused(name: str, asked_as: str, error: str) -> None:
    now = clock.now()
    opened = _row(name, asked_as).filter(silent_since=None)
    if opened.update(
        failures=F("failures") + 1, silent_since=now, probe_at=now + dt.timedelta(seconds=REFUSED_PAUSE), probes=0,
        refused=True, error=_plain(error),
    ):  # fmt: skip
        logger.error("%s refuses our key: %s", name, error)


def _row(name: str, asked_as: str) -> QuerySet[ServiceState]:
    """The service's row; what is known of it under another address or key is forgotten."""
    state, _ = ServiceState.objects.get_or_create(name=name, defaults={"asked_as": asked_as})
    row = ServiceState.objects.filter(pk=state.pk)
    if state.asked_as != asked_as:
        row.filter(asked_as=state.asked_as).update(
            asked_as=asked_as, failures=0, silent_since=None, probe_at=None, probes=0, refused=False, error=""
        )
    return row


def _plain(error: str) -> str:
    """Without what stands behind a question mark in an address: some services take their key there."""
    return re.sub(r"\?\S*", "", error).replace("\0", "")[:LONGEST_ERROR]
