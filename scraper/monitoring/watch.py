"""The jobs that look after the others: evaluate the monitors, and deliver what they found."""

from __future__ import annotations

import time

from django.utils import timezone

from kinokrakow import jobs
from kinokrakow.models import Job
from scraper.coverage import week
from scraper.models import Delivery, SyncRun
from scraper.monitoring import alerts, delivery, monitors

PATIENCE = 15.0  # s to wait for a look that a worker has begun


def ask() -> int:
    """Ask for a look; what the schedule calls. Returns the job's id."""
    return jobs.enqueue("watch", "watch")[0].pk


def now() -> bool:
    """Look and deliver in this process, as there may be no worker to do it; one that is quicker is waited for.

    False when nobody got to the end of a look.
    """
    look = ask()
    jobs.perform(look)
    for _ in range(int(PATIENCE / 0.1)):
        if not Job.objects.active().filter(pk=look).exists():
            break
        time.sleep(0.1)
    looked = Job.objects.filter(pk=look, state=Job.State.DONE).exists()
    for job in Job.objects.filter(kind="deliver", state=Job.State.QUEUED, due_at__lte=timezone.now()):
        jobs.perform(job.pk)
    return looked


@jobs.task("watch")
def watch(job: Job) -> None:
    """Look whether anything is missing, and open, update and resolve alerts accordingly.

    Looking comes first and outside the transaction: it takes longer than writing down what changed.
    """
    at = timezone.now()
    counts = week.run_counts(job.run, at) if job.run is not None else {}
    findings = monitors.look(at)
    with jobs.finishing(job):
        if job.run is not None:
            SyncRun.objects.filter(pk=job.run).update(**counts)
        for message in delivery.announce(alerts.settle(findings, at=at), at=at):
            jobs.enqueue("deliver", f"deliver:{message.pk}", delivery=message.pk)


def _given_up(job: Job, error: str) -> None:
    Delivery.objects.filter(pk=job.args["delivery"]).update(
        status=Delivery.Status.FAILED, error=error, ended_at=timezone.now()
    )


@jobs.task("deliver", failed=_given_up)
def deliver(job: Job) -> None:
    """Send one message over one channel; a message over two channels is two jobs, so neither is sent twice."""
    message = Delivery.objects.get(pk=job.args["delivery"])
    try:
        delivery.send(message.channel, message.title, message.text)
    except delivery.Undelivered as error:
        Delivery.objects.filter(pk=message.pk).update(error=str(error))
        raise
    with jobs.finishing(job):
        Delivery.objects.filter(pk=message.pk).update(status=Delivery.Status.SENT, error="", ended_at=timezone.now())
