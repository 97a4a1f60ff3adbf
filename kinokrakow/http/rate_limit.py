"""The rate limit of a host: a row that grants one slot at a time, strictly and in the order of asking, to every process
that shares the database.

Measured while it was designed: compare-and-set alone let two requests 2-15 ms too close, for a process
may be put to sleep between its grant and its request. So a slot is padded, and whoever is late moves the
next slot on before it uses its own, at the last moment, when the connection is open (`hold`): moved on
only afterwards, a busy database granted the next slot first.
Who waits has a row too (`Turn`), and nobody takes a slot while somebody before him waits for it; who doesn't show up in
time is passed over. All times are the database's own clock, so that machines need not agree about theirs.
"""

from __future__ import annotations

import datetime as dt
import math
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import cast

from django.db.models import Case, Exists, F, Q, QuerySet, When
from django.db.models.functions import Greatest, Now

from kinokrakow.http.responses import MAX_RETRY_AFTER
from kinokrakow.models import HostGate, Turn

#: No host is left alone for longer: what is stored further away was written by a clock that was wrong.
LONGEST = dt.timedelta(seconds=MAX_RETRY_AFTER + 60)
OTHERS = 10.0  # s of others' turns, at most, that one who has not begun sleeps for
BEGUN = 60.0  # s, the same for one who has: a job has its time limit, whatever a host wants
LATE = 2.0  # s that one may come later than it said before the others go on without it
EARLY = 1.0  # s before its turn that one who went away should be back
SAME_CLOSURE = dt.timedelta(minutes=2)  # between an end and the next one's beginning


@dataclass(slots=True)
class Slot:
    """A granted slot. `sent` must be called when the request leaves."""

    host: str
    holder: str
    interval: float  # s; 0: an ungated host
    tolerance: float  # s that the request may leave after the grant
    granted: float = 0.0  # monotonic

    @property
    def length(self) -> dt.timedelta:
        """Until the next slot: the interval, what this request may be late, and what the way to the host may add."""
        return dt.timedelta(seconds=self.interval + self.tolerance + _pad(self.interval) / 2)

    def hold(self) -> bool:
        """Called as the request is about to leave: count the slot from now if that is later than is tolerated.

        False when somebody else has been granted a slot since; then a new one must be taken.
        """
        while self.interval and time.monotonic() - self.granted > self.tolerance:
            if not self.renew():
                return False
            took = time.monotonic() - self.granted
            if took > self.tolerance:  # with a database this slow no request would ever be on time:
                self.tolerance, self.granted = 2 * took, -math.inf  # a longer slot, to be granted as such
        return True

    def sent(self) -> None:
        """Move the next slot on when opening the connection took longer than is tolerated."""
        if self.interval and time.monotonic() - self.granted > self.tolerance:
            self.renew()

    def renew(self) -> bool:
        """Count the slot's length from now; False when somebody else has been granted one since."""
        self.granted = time.monotonic()
        mine = HostGate.objects.filter(host=self.host, holder=self.holder)
        return mine.update(next_at=Now() + self.length) == 1


@dataclass(slots=True)
class Caller:
    """Who asks for slots. A job keeps its place in a host's line however often it comes back for it, and finishes what
    it has begun with a host before others begin."""

    name: str
    begun: set[str] = field(default_factory=set)  # hosts that it has sent a request to


#: Whose requests these are; `jobs` sets one for each attempt. Without one, every slot is asked for by somebody new.
caller: ContextVar[Caller | None] = ContextVar("caller", default=None)


def take(host: str, interval: float, patience: float | None, not_yet: Callable[[str, float], Exception]) -> Slot:
    """Wait for `host`'s next slot and take it; the following one is `interval` s (and a small pad) later.

    Slots are granted in the order of asking. Raises `not_yet(host, seconds)` instead of sleeping longer than `patience`
    s and a few turns of others: the place in the line is kept, and the caller should be back after these seconds.
    """
    slot = Slot(host, secrets.token_hex(8), interval, 0.0)
    if not interval and _open(host):  # nobody stands in line
        return slot
    me = _Place(host, caller.get() or Caller(slot.holder))
    begun = time.monotonic()
    while True:
        slot.tolerance = _pad(interval) / 2
        slot.granted = time.monotonic()
        if not interval:
            if _open(host):
                return slot
        elif _free(host, interval, me).update(next_at=Now() + slot.length, holder=slot.holder):
            me.leave()
            if slot.hold():
                return slot
            continue
        others = me.ahead().count() if interval else 0
        wait = _seconds_to_go(host, interval) + others * slot.length.total_seconds()
        if interval:
            me.keep(wait)
        waited = time.monotonic() - begun
        if patience is not None and waited + wait > patience + me.turns_waited_for(interval):
            raise not_yet(host, max(wait - EARLY, wait / 2) if others else wait)
        time.sleep(min(max(wait, 0.001), 1 + interval))


def _open(host: str) -> bool:
    """Whether a host without an interval may be asked now: nearly always it has no row."""
    gate = HostGate.objects.filter(host=host)
    return not gate.exists() or not gate.filter(~_passed()).exists()


@dataclass(slots=True)
class _Place:
    """The caller's place in the line for a host; it has a row only while it waits."""

    host: str
    caller: Caller
    row: int | None = None
    kept_until: float = 0.0  # monotonic

    def __post_init__(self) -> None:
        self.row = self._mine().values_list("pk", flat=True).first()  # we may have come back for it

    @property
    def begun(self) -> bool:
        return self.host in self.caller.begun

    def ahead(self) -> QuerySet[Turn]:
        """Whose turn it is before ours: theirs who have begun, then theirs who asked earlier."""
        present = Turn.objects.filter(host=self.host, here_until__gt=Now()).exclude(holder=self.caller.name)
        earlier = Q(pk__isnull=False) if self.row is None else Q(pk__lt=self.row)
        return present.filter(earlier, begun=True) if self.begun else present.filter(Q(begun=True) | earlier)

    def keep(self, seconds: float) -> None:
        """Stand in line; if we don't show up within that time, and a little, the others need not wait for us."""
        if self.row is not None and self.kept_until > time.monotonic() + seconds:
            return
        self.kept_until = time.monotonic() + seconds + LATE
        until = {"here_until": Now() + dt.timedelta(seconds=seconds + LATE), "begun": self.begun}
        if not self._mine().update(**until):
            self.row = Turn.objects.create(host=self.host, holder=self.caller.name, **until).pk

    def leave(self) -> None:
        """Our turn has come."""
        if self.row is not None:
            self._mine().delete()
        self.row = None
        self.caller.begun.add(self.host)

    def turns_waited_for(self, interval: float) -> float:
        """Seconds for the turns of others that are worth waiting for: more when coming back means to begin again."""
        return min(4 * interval, BEGUN if self.begun else OTHERS)

    def _mine(self) -> QuerySet[Turn]:
        return Turn.objects.filter(host=self.host, holder=self.caller.name)


def _free(host: str, interval: float, me: _Place) -> QuerySet[HostGate]:
    """The host's gate, if its next slot is due and ours."""
    return HostGate.objects.filter(_passed(interval), ~Exists(me.ahead()), host=host)


def _passed(interval: float = 0) -> Q:
    """The next slot is due, or so far away that the clock which wrote it must have been wrong."""
    return Q(next_at__lte=Now()) | Q(next_at__gt=Now() + max(LONGEST, dt.timedelta(seconds=2 * interval)))


def _pad(interval: float) -> float:
    """Seconds beyond the interval, half of them for what a request may be late after its grant: a fortieth of the
    interval, 50 ms at most. Whoever is later than that counts its slot anew, so more would only slow every sync."""
    return min(0.05, interval / 40)


def push(host: str, seconds: float) -> None:
    """Nobody asks `host` for anything in the next `seconds` s; a slot already held but unused is lost."""
    HostGate.objects.get_or_create(host=host)
    until = Now() + dt.timedelta(seconds=seconds)
    mine = HostGate.objects.filter(host=host)
    mine.exclude(closed_until__gt=Now() - SAME_CLOSURE).update(closed_since=Now(), closed_until=None)
    mine.update(
        next_at=Case(When(_passed(), then=until), default=Greatest(F("next_at"), until)),
        closed_until=Case(When(closed_until__gt=until, then=F("closed_until")), default=until),
        holder="",
    )


def open_again(host: str) -> bool:
    """Let requests to `host` go on at once, whatever it asked for; False when there is no such host."""
    everything_passed = {"next_at": Now(), "closed_since": None, "closed_until": None, "holder": ""}
    Turn.objects.filter(host=host).delete()  # those who went away come back when the host had said
    return HostGate.objects.filter(host=host).update(**everything_passed) == 1


@dataclass(frozen=True, slots=True)
class Closure:
    """A host that asked us to wait (`Retry-After`, 429, 503): since when, and until when at present."""

    host: str
    since: dt.datetime
    until: dt.datetime

    @property
    def seconds(self) -> float:
        """From the first word of it to when requests go on, if nothing more is said."""
        return (self.until - self.since).total_seconds()


def closures() -> list[Closure]:
    """The hosts that are closed now, longest first. One that closes again as soon as it has opened is closed since the
    first time."""
    closed = HostGate.objects.filter(closed_until__gt=Now(), closed_until__lte=Now() + LONGEST).order_by("closed_since")
    rows = closed.values_list("host", "closed_since", "closed_until")
    return [Closure(host, since, until) for host, since, until in rows if since is not None and until is not None]


def closed_lately(host: str) -> bool:
    """Whether the host is closed, or has opened so lately that it is still the same closure if it closes again."""
    recent = HostGate.objects.filter(closed_until__gt=Now() - SAME_CLOSURE, closed_until__lte=Now() + LONGEST)
    return recent.filter(host=host).exists()


def forget() -> int:
    """Drop the turns of those who never came back for them."""
    return Turn.objects.filter(here_until__lt=Now() - dt.timedelta(days=1)).delete()[0]


def _seconds_to_go(host: str, interval: float) -> float:
    gate = HostGate.objects.filter(host=host).exclude(_passed(interval))
    row = gate.values_list("next_at", Now()).first()
    if row is None:
        HostGate.objects.get_or_create(host=host)
        return 0.0
    next_at, now = cast(tuple[dt.datetime, dt.datetime], row)
    return (next_at - now).total_seconds()
