"""The ledger of jobs over django-q2, which carries nothing but their ids.

An app registers a function per kind of job with `@task`. `enqueue` writes the `Job` row and the queue's row in the
caller's transaction; `perform` (run by a worker, or by `run_inline` without one) claims the job by a conditional
update, calls the function, and records how it ended. The function fetches first and then writes everything inside
`with finishing(job):`, one transaction that also marks the job done, so a job killed at any line has either done all
of it or nothing, and can run again.
"""

from kinokrakow.jobs.enqueueing import cancel, enqueue, not_active
from kinokrakow.jobs.performing import finishing, perform
from kinokrakow.jobs.recovery import hurry, recover, run_inline
from kinokrakow.jobs.registry import KINDS, GiveUp, Kind, Superseded, task, when_settled

__all__ = [
    "KINDS", "GiveUp", "Kind", "Superseded", "cancel", "enqueue", "finishing", "hurry", "not_active", "perform",
    "recover", "run_inline", "task", "when_settled",
]  # fmt: skip
