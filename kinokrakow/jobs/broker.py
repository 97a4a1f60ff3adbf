"""Hands a job's id to django-q2, to be taken when the job is due."""

from __future__ import annotations

from contextvars import ContextVar

from django.conf import settings
from django_q.brokers import orm
from django_q.models import OrmQ
from django_q.tasks import async_task

from kinokrakow import clock
from kinokrakow.models import Job

orm.timezone = clock  # by which django-q's queue is due: machines need not agree about theirs

#: Set while `run_inline` works: jobs then stay in the ledger and no worker is told of them.
inline: ContextVar[bool] = ContextVar("inline", default=False)


class _DelayedORM(orm.ORM):  # type: ignore[misc]
    """django-q's ORM broker, but a task may be handed out later: the row's lock is when it is due."""

    job: Job

    def enqueue(self, task: str) -> int:
        row = OrmQ.objects.create(key=self.list_key, payload=task, lock=self.job.due_at)
        Job.objects.filter(pk=self.job.pk).update(queue_row=row.pk)
        return int(row.pk)


def send(job: Job) -> None:
    if inline.get():
        return
    broker = _DelayedORM(str(settings.Q_CLUSTER["name"]))
    broker.job = job
    async_task("kinokrakow.jobs.perform", job.pk, task_name=job.key[:100], broker=broker)
