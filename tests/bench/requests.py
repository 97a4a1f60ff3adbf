"""What syncs ask of the site: the first, the next, and a day's first one; and what conditional requests would save.

Asking with If-None-Match saves the body of a page that hasn't changed, where the site names an ETag or a time of its
last change. It never saves the request, and requests are what a sync's time is made of.
"""

from __future__ import annotations

import datetime as dt

from tests.bench import measuring
from tests.bench.outside import outside


def main() -> None:
    measuring.set_up()
    from django.conf import settings
    from django.utils import timezone

    from events.models import ListedFilm
    from scraper.models import Page
    from tests.scraper import inline

    def sync() -> int:
        code, told = inline.sync()
        assert code == 0, f"a sync ended with {code}"
        return int(told["requests"]["kino"])

    with outside() as services:
        settings.KINO_BASE_URL, settings.KINO_REQUEST_INTERVAL, settings.TMDB_TOKEN = services.site, 0, ""
        first = sync()
        before = set(Page.objects.values_list("sha256", flat=True))
        second = sync()
        pages = list(Page.objects.order_by("pk"))[first:]
        due = list(ListedFilm.objects.filter(facts_at__isnull=False).order_by("pk"))[:: settings.FILM_REFRESH_DAYS]
        ListedFilm.objects.filter(pk__in=[film.pk for film in due]).update(
            facts_at=None, facts_due_at=timezone.now() - dt.timedelta(days=1)
        )
        daily = sync()
    note = f"{first}, {second} and {daily} requests of a first, second and daily sync, {len(due)} film pages being due"
    measuring.tell(measuring.plain("a second sync's requests / a first one's", [second / first], note=note))
    measuring.tell(measuring.plain("a daily sync's requests / a first one's", [daily / first]))
    same = [page for page in pages if page.sha256 in before]
    named = [page for page in pages if {name.lower() for name in page.headers} & {"etag", "last-modified"}]
    note = f"{len(same)} of {len(pages)} pages are the same to the byte, {len(named)} name an ETag or a last change"
    kept = sum(len(page.body_gzip) for page in same if page in named)
    share = kept / sum(len(page.body_gzip) for page in pages)
    measuring.tell(measuring.plain("bytes of a second sync that conditional requests save", [share], note=note))


if __name__ == "__main__":
    main()
