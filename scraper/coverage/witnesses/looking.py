"""When a witness is looked at, as jobs of their own after a run: once a day the week, and once more what is pressing.

The second look asks for today's programme where the first found something in it that no look has confirmed, and for
what could not be read then. No day brings more requests than a witness allows, failed ones too.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from kinokrakow import jobs
from kinokrakow.http import breaker
from kinokrakow.models import Job
from scraper.coverage.witnesses import listening, recording
from scraper.coverage.witnesses.listings.records import Ask
from scraper.coverage.witnesses.listings.registry import WITNESSES, Witness, switched_on
from scraper.models import WitnessDifference, WitnessLook

PAUSE = dt.timedelta(hours=3)  # between two looks, whatever came of the first
KIND = "witness"

Plan = tuple[tuple[Ask, ...], int, bool]  # what to ask for, in how many requests, and whether that is all


def ask(at: dt.datetime) -> list[Job]:
    """Ask for a look at each witness that is due; what the end of a run calls."""
    return [_enqueue(witness)[0] for witness in switched_on() if due(witness, at)]


def ask_by_hand(witness: Witness) -> tuple[Job, bool]:
    """Ask for a whole look now, whenever the last was; returns the job, and whether it is new."""
    return _enqueue(witness, by_hand=True)


def _enqueue(witness: Witness, **args: bool) -> tuple[Job, bool]:
    return jobs.enqueue(KIND, f"{KIND}:{witness.name}", witness=witness.name, **args)


def due(witness: Witness, at: dt.datetime) -> Plan | None:
    """What is to be asked of a witness at `at`; None while it is paused, or was asked enough or just now."""
    if breaker.paused(witness.service.name, at):
        return None
    today = timezone.localdate(at)
    looks = [
        look
        for look in WitnessLook.objects.filter(witness=witness.name, began_at__gte=at - dt.timedelta(hours=26))
        if timezone.localdate(look.began_at) == today
    ]
    left = witness.most_requests - sum(look.requests for look in looks)
    if left < 1 or any(at - look.ended_at < PAUSE for look in looks):
        return None
    asks = witness.asks(today)
    last = next((look for look in looks if look.whole and look.status == WitnessLook.Status.OK), None)
    if last is None:
        return asks, left, True
    if any(not look.whole for look in looks):
        return None
    pressing = {date for problem in last.problems for date in problem["dates"]}
    new = WitnessDifference.objects.open().filter(witness=witness.name, date=today, looks=1, starts_at__gt=at)
    if new.exists():
        pressing.add(str(today))
    again = tuple(one for one in asks if any(str(date) in pressing for date in one.dates))
    return (again, left, False) if again else None


@jobs.task(KIND, attempts=2)
def look(job: Job) -> None:
    """Look at a witness, and write down what it says beside what we have."""
    witness = WITNESSES[job.args["witness"]]
    began_at = timezone.now()
    plan = due(witness, began_at)
    if job.args.get("by_hand"):
        plan = witness.asks(timezone.localdate(began_at)), 2 * witness.most_requests, True
    if plan is None or not witness.on:
        with jobs.finishing(job):
            return
    asks, most, whole = plan
    heard = listening.listen(witness, asks, most)
    with jobs.finishing(job):
        recording.record(witness, heard, began_at=began_at, at=timezone.now(), whole=whole)
