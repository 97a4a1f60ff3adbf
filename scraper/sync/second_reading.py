"""The way out for a day that is suspicious: what two runs after another read alike is believed.

One odd page withdraws nothing, however often its own run reads it: a fault of the site's that passes shows the next
run another page. A fault that stays, or our own, shows every run the same, but on most days: then none is believed.
"""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils import timezone

from events.records import Programme
from scraper.models import DayScrape
from scraper.site import client
from scraper.site.extractors.errors import ExtractionError


def doubted(day: DayScrape) -> Programme | None:
    """What an earlier run read last of the date of `day`, if it was suspicious, as were few other days of that run.

    Read again from the archive; None, too, where the page is no longer kept.
    """
    readings = DayScrape.objects.filter(status__in=DayScrape.READ)
    last = readings.filter(date=day.date, run__lt=day.run_id).select_related("page").order_by("run_id").last()
    if last is None or last.page is None or not last.suspicious:
        return None
    count = readings.filter(run=last.run_id).aggregate(read=Count("pk"), odd=Count("pk", filter=Q(suspicious=True)))
    if not few(count["odd"], of=count["read"]):
        return None
    today = timezone.localdate(last.page.sent_at)
    try:
        return client.parse_day(client.fetched_from(last.page), last.way, date=day.date, today=today)
    except ExtractionError:
        return None


def few(suspicious: int, *, of: int) -> bool:
    """Whether so many of a week's days are rather the programme's doing than a fault's."""
    return 2 * suspicious < of
