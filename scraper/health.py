"""`/healthz`: one cheap look for uptime monitors. Names no film, no host, no secret."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from scraper.models import DayScrape, SyncRun

STALE = dt.timedelta(hours=26)


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """`status` is `starting` before the first sync has ended, `ok` after a complete one of the last 26 hours,
    otherwise `degraded` (HTTP 503)."""
    last = SyncRun.objects.exclude(status=SyncRun.Status.RUNNING).order_by("-id").first()
    running = SyncRun.objects.filter(status=SyncRun.Status.RUNNING).exists()
    if last is None or last.finished_at is None:
        return JsonResponse({"status": "starting", "days_verified": 0, "last_sync_at": None, "sync_running": running})
    fine = last.status == SyncRun.Status.COMPLETE and timezone.now() - last.finished_at < STALE
    return JsonResponse(
        {
            "status": "ok" if fine else "degraded",
            "days_verified": last.days.filter(status__in=DayScrape.READ).count(),
            "last_sync_at": timezone.localtime(last.finished_at).isoformat(timespec="seconds"),
            "last_sync_status": last.status,
            "sync_running": running,
        },
        status=200 if fine else 503,
    )
