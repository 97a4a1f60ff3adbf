"""What the admin's first page begins with: coverage, review and jobs, with what waits there. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kinokrakow.jobs import workload
from kinokrakow.models import Job
from review.queue import order
from scraper.models import Alert


@dataclass(frozen=True, slots=True)
class Card:
    """One place to go, and what waits there, in words. `bad`: something there needs somebody now."""

    title: str
    url: str
    lines: tuple[str, ...]
    bad: bool = False


def cards(user: AbstractBaseUser | AnonymousUser, at: dt.datetime) -> list[Card]:
    """Only what the user may open."""
    return list(_cards(user, at))


def _cards(user: AbstractBaseUser | AnonymousUser, at: dt.datetime) -> Iterator[Card]:
    def may(permission: str) -> bool:
        return isinstance(user, PermissionsMixin) and user.has_perm(permission)

    if may("scraper.view_syncrun"):
        open_alerts = Alert.objects.open()
        count, critical = open_alerts.count(), open_alerts.filter(level=Alert.Level.BAD).count()
        lines = [ngettext("%(n)s open alert", "%(n)s open alerts", count) % {"n": count}]
        if critical:
            lines.append(ngettext("%(n)s of them critical", "%(n)s of them critical", critical) % {"n": critical})
        yield Card(_("Coverage"), reverse("coverage"), tuple(lines), bool(critical))
    tally = order.tally(at)
    yield Card(
        _("Review"),
        reverse("review"),
        (
            ngettext("%(n)s film to decide on", "%(n)s films to decide on", tally.open) % {"n": tally.open},
            ngettext("%(n)s match to confirm", "%(n)s matches to confirm", tally.provisional)
            % {"n": tally.provisional},
        ),
    )
    if may("kinokrakow.view_job"):
        counts = {state: count for state, _label, count in workload.counts()}
        waiting = counts[Job.State.QUEUED] + counts[workload.RETRYING] + counts[Job.State.RUNNING]
        failed = counts[Job.State.FAILED]
        yield Card(
            _("Jobs"),
            reverse("admin:kinokrakow_job_changelist"),
            (
                ngettext("%(n)s waiting or running", "%(n)s waiting or running", waiting) % {"n": waiting},
                ngettext("%(n)s failed job", "%(n)s failed jobs", failed) % {"n": failed},
            ),
            bool(failed),
        )
