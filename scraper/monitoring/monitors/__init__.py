"""What is looked for, and what counts as found. One function a monitor; one finding a cause.

Monitors only look: `scraper.monitoring.alerts` remembers. A cause must not speak twice, so the finding that explains
less is dropped: a cinema that is gone is no short day, a day that could not be read is no missing date, and what befell
every day of the week is one finding, not seven.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from scraper.models import Alert

# Importing a module registers its monitors, in this order.
from scraper.monitoring.monitors import fields, films, machinery, programme, services, witnesses  # noqa: F401
from scraper.monitoring.monitors.situation import BAD, MONITORS, Finding, Monitor, Scope, Seen, Situation

__all__ = ["MONITORS", "Finding", "Look", "Monitor", "Seen", "Situation", "look"]

logger = logging.getLogger(__name__)

BROKEN = "monitor_broken"


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found, and which alerts it may resolve."""

    situation: Situation
    findings: tuple[Finding, ...]
    scopes: Mapping[str, Scope] = field(default_factory=dict)  # of the monitors that did not break
    unbroken: frozenset[str] = frozenset()  # names of these monitors

    def seen(self, alert: Alert) -> Seen:
        """Whether an alert that was not found is well, unseen or over. Unknown kinds (of an older version) are over."""
        if alert.kind == BROKEN:
            known = {monitor.name for monitor in MONITORS}
            return Seen.WELL if alert.subject in self.unbroken else Seen.UNSEEN if alert.subject in known else Seen.OVER
        names = (alert.kind, f"{alert.kind}:{alert.subject}")
        for name in names:
            if name in self.scopes:
                return self.scopes[name](alert, self.situation)
        broken = any(name in monitor.kinds for monitor in MONITORS for name in names)
        return Seen.UNSEEN if broken else Seen.OVER


def look(at: dt.datetime) -> Look:
    """Everything that is wrong now. A monitor that breaks is itself a finding, and the others look all the same."""
    situation = Situation(at)
    found: list[Finding] = []
    scopes: dict[str, Scope] = {}
    unbroken = set()
    for monitor in MONITORS:
        try:
            found += monitor.find(situation)
        except Exception as error:
            logger.exception("the monitor %s is broken", monitor.name)
            facts = {"monitor": monitor.name, "error": f"{type(error).__name__}: {error}"}
            found.append(Finding(BROKEN, BAD, monitor.name, facts))
        else:
            scopes |= monitor.kinds
            unbroken.add(monitor.name)
    return Look(situation, tuple(found), scopes, frozenset(unbroken))
