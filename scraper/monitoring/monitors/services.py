"""Monitors of the services that we ask: one that does not answer, refuses our key, or wants to be left alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.conf import settings

from kinokrakow.http import breaker, rate_limit
from kinokrakow.models import Job, ServiceState
from scraper.coverage.witnesses.listings import registry
from scraper.models import Alert, Page
from scraper.monitoring.monitors.situation import BAD, WARN, Finding, Seen, Situation, monitor
from scraper.sync import runs

REFUSALS = (401, 403, 429, 503)
SILENT_FOR = dt.timedelta(minutes=5)  # before anybody is told, unless something has already failed for good
CLOSED_FOR = dt.timedelta(minutes=13)  # that a host wants no request, from its first word of it; told within 15

ASKED = sorted(set(runs.ASKS.values()))


def _unless_paused(alert: Alert, now: Situation) -> Seen:
    """A pause says nothing about the service."""
    return Seen.UNSEEN if breaker.paused(alert.kind.partition("_")[0], now.at) else Seen.WELL


@monitor(**{f"{name}_{how}": _unless_paused for name in ASKED for how in ("silent", "refused")})
def silent_services(now: Situation) -> Iterator[Finding]:
    """TMDB or the geocoder failed several times in a row, or does not take our key: it is asked once in a while."""
    for state in breaker.open_services(now.at):
        if state.name not in ASKED:  # a witness: nobody waits for it, and it has a monitor of its own
            continue
        assert state.silent_since is not None, "an open breaker was opened at some time"
        kinds = [kind for kind, service in runs.ASKS.items() if service == state.name]
        failed = _failed_since(state, kinds)
        if state.refused or failed or now.at - state.silent_since >= SILENT_FOR:
            facts = {
                "since": state.silent_since.isoformat(),
                "again": state.probe_at.isoformat() if state.probe_at else None,
                "error": state.error,
                "jobs": Job.objects.active().filter(kind__in=kinds).count() + failed,
            }
            yield Finding(f"{state.name}_{'refused' if state.refused else 'silent'}", BAD, facts=facts)


def _failed_since(state: ServiceState, kinds: list[str]) -> int:
    failed = Job.objects.filter(kind__in=kinds, state=Job.State.FAILED, finished_at__gte=state.silent_since)
    return failed.count()


def closed_for_long() -> list[rate_limit.Closure]:
    """The hosts that want to be left alone for long, by one word or by many short ones after another.

    Not those of witnesses, which nothing of ours waits for.
    """
    theirs = registry.hosts()
    closed = [closure for closure in rate_limit.closures() if closure.host not in theirs]
    return [closure for closure in closed if closure.seconds >= CLOSED_FOR.total_seconds()]


def _open_for_a_while(alert: Alert, _now: Situation) -> Seen:
    """A host that has just opened may close again as soon as it is asked."""
    return Seen.UNSEEN if rate_limit.closed_lately(alert.subject) else Seen.WELL


@monitor(host_closed=_open_for_a_while)
def closed_hosts(_now: Situation) -> Iterator[Finding]:
    """A host has asked for so much patience (Retry-After) that a sync can't wait for it."""
    for closure in closed_for_long():
        facts = {"since": closure.since.isoformat(), "until": closure.until.isoformat()}
        yield Finding("host_closed", WARN, closure.host, facts)


def _answered_in_the_last_run(_alert: Alert, now: Situation) -> Seen:
    answered = now.run is not None and Page.objects.filter(run=now.run, status__lt=400).exists()
    return Seen.WELL if answered else Seen.UNSEEN


@monitor(refused=_answered_in_the_last_run)
def refused(now: Situation) -> Iterator[Finding]:
    """The site refuses us: too fast, or not wanted."""
    if now.run is None:
        return
    pages = Page.objects.filter(run=now.run, status__in=REFUSALS)
    count = pages.count()
    if count >= settings.ALERT_REFUSALS:
        status = pages.order_by("-pk").values_list("status", flat=True).first()
        facts = {"requests": count, "of": Page.objects.filter(run=now.run).count(), "status": status}
        yield Finding("refused", WARN, facts=facts, causes=(str(status),))
