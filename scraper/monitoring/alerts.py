"""Alerts remember what the monitors found: opened once, updated, resolved by themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from scraper.models import Alert
from scraper.monitoring.monitors import Finding


@dataclass(frozen=True, slots=True)
class Changes:
    """What an evaluation changed, without what is silenced."""

    opened: tuple[Alert, ...] = ()
    resolved: tuple[Alert, ...] = ()


def settle(findings: Iterable[Finding], *, at: dt.datetime) -> Changes:
    """Bring the open alerts in line with what was found at `at`, in the caller's transaction.

    Two evaluations at once open a cause once: the database allows one open alert per cause, and only who
    made the row tells of it. A cause that comes back while it is silenced stays silenced.
    """
    found = {(finding.kind, finding.subject): finding for finding in findings}
    known = {(alert.kind, alert.subject): alert for alert in Alert.objects.open()}
    opened = [alert for cause in found if cause not in known if (alert := _open(found[cause], at))]
    for cause in found.keys() & known.keys():
        finding = found[cause]
        Alert.objects.open().filter(pk=known[cause].pk).update(facts=finding.facts, level=finding.level, updated_at=at)
    resolved = [alert for cause, alert in known.items() if cause not in found and _resolve(alert, at)]
    return Changes(
        tuple(alert for alert in opened if not alert.silenced(at)),
        tuple(alert for alert in resolved if not alert.silenced(at)),
    )


def acknowledge(alert: Alert, user_id: int, *, at: dt.datetime) -> bool:
    """Somebody looks after it; False when it is resolved or somebody else already does."""
    mine = Alert.objects.open().filter(pk=alert.pk, acknowledged_at__isnull=True)
    return mine.update(acknowledged_at=at, acknowledged_by_id=user_id) == 1


def silence(alert: Alert, until: dt.datetime) -> bool:
    """Nobody hears of this cause until then, even if it resolves and comes back; False when it is resolved."""
    return Alert.objects.open().filter(pk=alert.pk).update(silenced_until=until) == 1


def _open(finding: Finding, at: dt.datetime) -> Alert | None:
    before = Alert.objects.filter(kind=finding.kind, subject=finding.subject, silenced_until__gt=at).first()
    alert, created = Alert.objects.get_or_create(
        kind=finding.kind,
        subject=finding.subject,
        resolved_at=None,
        defaults={
            "level": finding.level,
            "facts": finding.facts,
            "opened_at": at,
            "updated_at": at,
            "silenced_until": before.silenced_until if before else None,
        },
    )
    return alert if created else None


def _resolve(alert: Alert, at: dt.datetime) -> bool:
    return Alert.objects.open().filter(pk=alert.pk).update(resolved_at=at, updated_at=at) == 1
