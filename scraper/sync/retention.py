"""What is dropped when it has become old."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from kinokrakow.models import Job
from scraper.models import Page


def prune() -> int:
    """Drop archived pages older than ARCHIVE_DAYS, and jobs that ended before that."""
    before = timezone.now() - dt.timedelta(days=settings.ARCHIVE_DAYS)
    pages, _ = Page.objects.filter(sent_at__lt=before).delete()
    ended, _ = Job.objects.filter(finished_at__lt=before).delete()
    return pages + ended
