"""Alerts remember what the monitors found: opened once, updated, and resolved when a look saw that all is well."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from scraper.models import Alert, AlertAnswer
from scraper.monitoring.monitors import Finding, Look, Seen

CAUSES_KEPT = 500
LONGEST_COMMENT = 500

What = AlertAnswer.What


def update(look: Look, *, at: dt.datetime) -> None:
    """Bring the open alerts in line with a look at `at`, in the caller's transaction.

    An alert that was not found is resolved only if its subject was looked at; what was not looked at stays open with
    its acknowledgement, and what is over (a day that has passed) expires without a word. Two looks at once open a
    cause once: the database allows one open alert per cause. A cause that comes back while silenced stays silenced.
    """
    found = {(finding.kind, finding.subject): finding for finding in look.findings}
    known = {(alert.kind, alert.subject): alert for alert in Alert.objects.open()}
    for cause, finding in found.items():
        if cause in known:
            _refresh(known[cause], finding, at)
        else:
            _open(finding, at)
    for cause, alert in known.items():
        if cause not in found:
            seen = look.seen(alert)
            if seen is not Seen.UNSEEN:
                _close(alert, at, expired=seen is Seen.OVER)


def answer(
    alert: Alert, what: str, by: int, *, at: dt.datetime, until: dt.datetime | None = None, comment: str = ""
) -> bool:
    """What somebody says of an open alert, kept with who and when; False when there is nothing of the kind to do.

    One that is silenced is not told of before `until`, even if it resolves and comes back.
    """
    mine = Alert.objects.open().filter(pk=alert.pk)
    with transaction.atomic():
        match what:
            case What.ACKNOWLEDGE:
                done = mine.filter(acknowledged_at=None).update(acknowledged_at=at, acknowledged_by=by)
            case What.RELEASE:
                done = mine.exclude(acknowledged_at=None).update(acknowledged_at=None, acknowledged_by=None)
            case What.SILENCE:
                done = mine.update(silenced_until=until) if until and until > at else 0
            case What.SOUND:
                done = mine.filter(silenced_until__gt=at).update(silenced_until=None)
            case What.COMMENT:
                done = Alert.objects.filter(pk=alert.pk).count() if comment else 0
            case _:
                done = 0
        if done:
            said = comment[:LONGEST_COMMENT]
            AlertAnswer.objects.create(alert=alert, what=what, by_id=by, at=at, until=until, comment=said)
    return done == 1


def _open(finding: Finding, at: dt.datetime) -> None:
    before = Alert.objects.filter(kind=finding.kind, subject=finding.subject, silenced_until__gt=at).first()
    Alert.objects.get_or_create(
        kind=finding.kind,
        subject=finding.subject,
        resolved_at=None,
        defaults={
            "level": finding.level,
            "facts": finding.facts,
            "causes": list(finding.causes),
            "opened_at": at,
            "updated_at": at,
            "silenced_until": before.silenced_until if before else None,
        },
    )


def _refresh(alert: Alert, finding: Finding, at: dt.datetime) -> None:
    """Keep what it says up to date. A cause that it never had, or a worse level, makes it news."""
    changes = {"facts": finding.facts, "level": finding.level, "updated_at": at}
    worse = (alert.level, finding.level) == (Alert.Level.WARN, Alert.Level.BAD)
    new = [cause for cause in finding.causes if cause not in alert.causes]
    if new or worse:
        changes |= {"causes": _bounded([*alert.causes, *new]), "changed_at": at}
    Alert.objects.open().filter(pk=alert.pk).update(**changes)


def _bounded(causes: Iterable[str]) -> list[str]:
    return list(causes)[-CAUSES_KEPT:]


def _close(alert: Alert, at: dt.datetime, *, expired: bool) -> None:
    Alert.objects.open().filter(pk=alert.pk).update(resolved_at=at, updated_at=at, expired=expired)
