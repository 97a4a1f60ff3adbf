"""What anybody may read of 6,000 showtimes to come: an answer that the reader has (304) beside one made anew."""

from __future__ import annotations

import datetime as dt
from statistics import median

from tests.bench import measuring

SHOWTIMES, ROUNDS = 6_000, 15


def main() -> None:
    measuring.set_up()
    from django.utils import timezone

    from tests.events import week

    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    week.publish(tomorrow, SHOWTIMES, at=timezone.now())
    for path in (
        f"/whats-on/?day={tomorrow}",
        f"/whats-on/?day={tomorrow}&by=time",
        f"/whats-on/?day={tomorrow}&cinema=house/3",
        "/whats-on/?film=tmdb-3",
        "/api/events",
        "/api/events?page=5&per_page=200",
        f"/api/events?date={tomorrow}",
        "/api/events?cinema=house/3",
        "/api/events/7",
        "/calendar/all.ics",
        "/calendar/cinema/house/3.ics",
        "/calendar/all.ics?language=dubbing",
        f"/whats-on/?day={tomorrow}&language=dubbing&time=evening",
        "/whats-on/?only=new",
        "/whats-on/?only=last",
        "/api/events?language=dubbing&only=last",
    ):
        measuring.tell(measure(path.replace(str(tomorrow), "{day}"), path))


def measure(name: str, path: str) -> measuring.Figure:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from events.public import caching

    client = Client(headers={"accept-encoding": "gzip"})
    client.get(path)
    caching.answers.forget()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
        queries = len(captured)
    assert response.status_code == 200, f"{path}: {response.status_code}"

    def anew() -> None:
        caching.answers.forget()
        client.get(path)

    def again() -> None:
        client.get(path, headers={"if-none-match": response["ETag"]})

    cold, known = [], []
    for _ in range(ROUNDS):
        cold.append(measuring.seconds(anew))
        known.append(measuring.seconds(again))
    note = (
        f"{1000 * median(cold):.0f} and {1000 * median(known):.0f} ms; {queries} queries, {len(response.content)} bytes"
    )
    return measuring.ratio(name, known, cold, note=note)


if __name__ == "__main__":
    main()
