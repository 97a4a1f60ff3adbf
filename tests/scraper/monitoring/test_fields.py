"""What rows and film pages used to give and no longer do is told: everywhere, at a cinema, on a day, or half of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from events import processing
from events.local_time import ZONE
from events.models import Cinema, ListedFilm
from scraper.models import Alert, DayScrape, SyncRun
from scraper.monitoring import monitors
from scraper.monitoring.messages import sentence
from scraper.monitoring.monitors.films import film_fields
from scraper.monitoring.monitors.situation import Finding, Situation

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=ZONE)
USUAL = {"multikino": (60, 45, 30), "kijow": (20, 15, 10), "mikro": (4, 0, 4)}
Counts = dict[str, tuple[int, ...]]
Spoil = Callable[[int, Counts], Counts]


def _run(at: dt.datetime, spoil: Spoil = lambda _ahead, counts: counts) -> None:
    run = SyncRun.objects.create(started_at=at, finished_at=at, site_today=at.date(), status="complete")
    days = []
    for ahead in range(7):
        date, counts = at.date() + dt.timedelta(days=ahead), spoil(ahead, dict(USUAL))
        row = DayScrape(
            run=run, date=date, date_said=date, ahead=ahead, status="verified", finished_at=at, by_cinema=counts
        )
        days.append(row)
    DayScrape.objects.bulk_create(days)


def _found(spoil: Spoil) -> dict[tuple[str, str], Finding]:
    Cinema.objects.bulk_create([Cinema(slug=slug, name=slug.title()) for slug in USUAL])
    for weeks in (3, 2, 1):
        _run(NOW - dt.timedelta(weeks=weeks))
    _run(NOW, spoil)
    found = monitors.look(NOW + dt.timedelta(minutes=5)).findings
    return {(one.kind, one.subject): one for one in found if "field" in one.kind}


def _set(place: int, value: Callable[[int], int], *slugs: str, days: range = range(7)) -> Spoil:
    def spoil(ahead: int, counts: Counts) -> Counts:
        changed = {
            slug: (*each[:place], value(each[place]), *each[place + 1 :])
            for slug, each in counts.items()
            if ahead in days and slug in (slugs or USUAL)
        }
        return counts | changed

    return spoil


def _nothing(_count: int) -> int:
    return 0


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (_set(1, lambda n: n), set()),
        (_set(1, lambda n: n * 9 // 10), set()),
        (_set(1, _nothing), {("field_gone", "ticket_url")}),
        (_set(2, _nothing), {("field_gone", "version")}),
        (_set(1, lambda n: n // 2), {("field_gone", "ticket_url")}),
        (_set(1, _nothing, "kijow"), {("cinema_field_gone", "kijow")}),
        (_set(2, lambda n: n // 2, "kijow"), {("cinema_field_gone", "kijow")}),
        (_set(1, _nothing, days=range(2)), {("day_field_gone", f"2026-11-{day}") for day in (23, 24)}),
        (_set(2, _nothing, days=range(5, 6)), {("day_field_gone", "2026-11-28")}),
        # Fewer rows are no fewer links a row.
        (lambda _ahead, counts: {"kijow": counts["kijow"]}, set()),
        # What an older version read has no versions counted.
        (lambda _ahead, counts: {slug: each[:2] for slug, each in counts.items()}, set()),
    ],
)
def test_a_field_of_the_rows(spoil: Spoil, expected: set[tuple[str, str]]) -> None:
    assert set(_found(spoil)) == expected


def test_all_that_is_gone_at_a_cinema_is_one_alert_that_names_it() -> None:
    one, other = _set(1, _nothing, "kijow"), _set(2, _nothing, "kijow")
    (found,) = _found(lambda ahead, counts: other(ahead, one(ahead, counts))).values()
    assert found.causes == ("ticket_url", "version")
    assert sentence(Alert(kind=found.kind, subject=found.subject, facts=found.facts)) == (
        "Kijow: Far fewer ticket links are left: 0 of 140; 75 % had them. Has the layout changed? "
        "Far fewer versions (dubbing, subtitles, 3D) are left: 0 of 140; 50 % had them. Has the layout changed?"
    )


@pytest.mark.parametrize("name", processing.FACTS)
@pytest.mark.parametrize(("left", "told"), [(0, True), (10, True), (18, False)])
def test_each_fact_of_film_pages(name: str, left: int, told: bool) -> None:
    _run(NOW)
    for at, pages, with_it in ((NOW - dt.timedelta(days=3), 40, 40), (NOW, 20, left)):
        ListedFilm.objects.bulk_create(
            ListedFilm(
                slug=f"{at:%d}-{n}", title="A film", has_page=True, facts_at=at, first_seen_at=at, last_seen_at=at,
                facts_given=[fact for fact in processing.FACTS if fact != name or n < with_it],
            )
            for n in range(pages)
        )  # fmt: skip
    found = list(film_fields.find(Situation(NOW + dt.timedelta(minutes=5))))
    assert [(one.kind, one.subject) for one in found] == ([("field_gone", name)] if told else [])
