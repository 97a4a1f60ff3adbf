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
    """One place to go, and what waits there: a number's name, the number, and in words of what. `bad`: something
    there needs somebody now."""

    title: str
    url: str
    lines: tuple[tuple[str, int, str], ...]
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
        lines = [("alerts_open", count, ngettext("open alert", "open alerts", count))]
        if critical:
            lines.append(("alerts_critical", critical, ngettext("of them critical", "of them critical", critical)))
        yield Card(_("Coverage"), reverse("coverage"), tuple(lines), bool(critical))
    tally = order.tally(at)
    yield Card(
        _("Review"),
        reverse("review"),
        (
            ("review_open", tally.open, ngettext("film to decide on", "films to decide on", tally.open)),
            ("provisional", tally.provisional, ngettext("match to confirm", "matches to confirm", tally.provisional)),
        ),
    )
    if may("kinokrakow.view_job"):
        counts = {state: count for state, _label, count in workload.counts()}
        lines = [
            ("jobs_waiting", counts[Job.State.QUEUED], _("waiting")),
            ("jobs_retrying", counts[workload.RETRYING], _("retrying")),
            ("jobs_running", counts[Job.State.RUNNING], _("running")),
            ("jobs_failed", counts[Job.State.FAILED], _("failed")),
        ]
        shown = tuple(line for line in lines if line[1] or line[0] in ("jobs_waiting", "jobs_failed"))
        yield Card(_("Jobs"), reverse("admin:kinokrakow_job_changelist"), shown, bool(counts[Job.State.FAILED]))
