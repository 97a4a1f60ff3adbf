"""Our own machinery: syncs, workers, the archive, the watch itself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scraper.monitoring.messages.phrases import moment, short


def _heartbeat_refused(_subject: str, facts: dict[str, Any]) -> str:
    return _("The heartbeat has not been taken since %(since)s (%(error)s): check HEARTBEAT_URL.") % {
        "since": moment(facts["since"]), "error": short(facts["error"]),
    }  # fmt: skip


def _monitor_broken(name: str, facts: dict[str, Any]) -> str:
    return _("The monitor %(name)s is broken, so what it looks for goes unnoticed: %(error)s.") % {
        "name": name, "error": short(facts["error"]),
    }  # fmt: skip


def _no_run(_subject: str, facts: dict[str, Any]) -> str:
    return _("No sync has ended since %(since)s: what is shown is getting old.") % {"since": moment(facts["since"])}


def _jobs_stuck(_subject: str, facts: dict[str, Any]) -> str:
    return ngettext(
        "%(n)s job has been due since %(since)s and nothing moves: look at what the workers do, or restart them.",
        "%(n)s jobs have been due since %(since)s and nothing moves: look at what the workers do, or restart them.",
        facts["jobs"],
    ) % {"n": facts["jobs"], "since": moment(facts["since"])}


def _workers_gone(_subject: str, facts: dict[str, Any]) -> str:
    said = _("There have been no workers since %(since)s. Start them: python manage.py work.") % {
        "since": moment(facts["since"])
    }
    if not facts["jobs"]:
        return said
    return f"{said} " + ngettext("%(n)s job waits.", "%(n)s jobs wait.", facts["jobs"]) % {"n": facts["jobs"]}


def _archive_overdue(_subject: str, facts: dict[str, Any]) -> str:
    return ngettext(
        "%(n)s old page or job should have been dropped two days ago: the job “pruning” fails, or nobody does it.",
        "%(n)s old pages and jobs should have been dropped two days ago: the job “pruning” fails, or nobody does it.",
        facts["rows"],
    ) % {"n": facts["rows"]}


KINDS = {
    "workers_gone": _workers_gone,
    "archive_overdue": _archive_overdue,
    "heartbeat_refused": _heartbeat_refused,
    "monitor_broken": _monitor_broken,
    "no_run": _no_run,
    "jobs_stuck": _jobs_stuck,
}
