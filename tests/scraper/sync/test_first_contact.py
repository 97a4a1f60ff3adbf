"""The week is read whatever single thing the site lacks, and what was missing is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from events.models import ListedFilm, Showtime
from events.records import Programme
from scraper.demo.site import DemoSite
from scraper.demo.site_faults import Fault, with_an_odd_row, without_calendar, without_date_header
from scraper.demo.world import World
from scraper.models import Alert, DayScrape, SyncRun
from scraper.monitoring import watch
from scraper.site.extractors import programme_by_movie
from scraper.sync.replay import replay
from tests.scraper.inline import FEW, serving, small, sync, wrong

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]  # what a page says, not how it is stored

Plan = Callable[[str, str, int], Fault | None]


@pytest.fixture
def site(settings: Settings) -> Iterator[DemoSite]:
    with serving(settings, small(World(timezone.localdate(), FEW))) as demo:
        yield demo


def programmes(rewrite: Callable[[str], str]) -> Plan:
    return lambda _method, path, _count: Fault(rewrite=rewrite) if "/cinema_program/" in path else None


def places() -> set[str]:
    """The places that said the days' dates."""
    return {place for statements in DayScrape.objects.values_list("statements", flat=True) for place in statements}


def wrong_but_for_tickets(site: DemoSite) -> list[str]:
    """The hour programme has no ticket links, and relative ones are of the host that answered."""
    return [line for line in wrong(site) if not line.startswith("ticket of")]


def read_whole(site: DemoSite) -> set[str]:
    """Sync; the ways that brought the days."""
    code, result = sync()
    assert (code, result["status"]) == (0, "complete")
    assert [day["status"] for day in result["days"]] == ["verified"] * FEW
    assert wrong_but_for_tickets(site) == []
    return {day["method"] for day in result["days"]}


def test_no_calendar(site: DemoSite) -> None:
    """Nor a day select on that page: the days are counted from today, and their headers prove them."""
    site.fault = programmes(without_calendar)
    assert read_whole(site) == {"session", "url"}
    assert "calendar" not in places()


def test_no_date_header(site: DemoSite) -> None:
    site.fault = programmes(without_date_header)
    assert read_whole(site) == {"session", "url"}
    assert places()
    assert not {place for place in places() if "header" in place}


def test_neither_and_no_day_in_the_address_leaves_the_hour_programme(site: DemoSite) -> None:
    site.fault = programmes(without_calendar)
    site.day_parameter = False
    code, result = sync()
    assert (code, wrong_but_for_tickets(site)) == (0, [])
    assert {day["method"] for day in result["days"][1:]} == {"hour"}


def test_the_first_page_never_comes(site: DemoSite) -> None:
    front = "/cinema_program/by_movie"
    site.fault = lambda _method, path, _count: Fault(status=500) if path == front else None
    assert read_whole(site) == {"url"}


def test_set_day_is_gone(site: DemoSite) -> None:
    site.fault = lambda method, _path, _count: Fault(status=404) if method == "POST" else None
    site.day_parameter = False
    code, result = sync()
    assert (code, wrong_but_for_tickets(site)) == (0, [])
    assert {day["method"] for day in result["days"][1:]} == {"hour"}


def test_the_host_moved_to_another_of_its_names(site: DemoSite, settings: Settings) -> None:
    """Each path answers with a redirect the first time, as a site does that was asked by its other name."""
    settings.KINO_HOST_ALIASES = frozenset({"localhost"})
    moved = site.url.replace("127.0.0.1", "localhost")
    site.fault = lambda _method, path, count: (
        Fault(status=301, headers={"Location": moved + path}) if count % 2 else None
    )
    assert read_whole(site) == {"session", "url"}


def test_two_films_of_one_title(site: DemoSite) -> None:
    for slug in ("pojedynek", "pojedynek-05023ce8-c974-43e5-b6fd-9257e2fc8e9a"):
        site.world.add(slug, "kijow", site.world.days[2], dt.time(20))
    read_whole(site)
    assert set(ListedFilm.objects.filter(title="Pojedynek").values_list("year", flat=True)) == {1977, 2026}
    assert Showtime.objects.filter(film__title="Pojedynek").count() == 2


def test_one_odd_row_a_page_costs_that_row_and_is_said(site: DemoSite) -> None:
    site.fault = programmes(with_an_odd_row)
    code, result = sync()
    assert (code, [day["status"] for day in result["days"]]) == (0, ["verified"] * FEW)
    assert [day["unread"] for day in result["days"]] == [1] * FEW
    assert not any(day["suspicious"] for day in result["days"])
    missing = wrong(site)
    assert len(missing) == FEW
    assert all(line.startswith("missing") for line in missing)
    assert all(row["text"] for rows in DayScrape.objects.values_list("unread", flat=True) for row in rows)


def test_rows_that_were_not_understood_are_read_by_a_replay_once_the_extractor_is_mended(
    site: DemoSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mended extractor reads what the page would have said: its archived text is all that there is."""
    meant: dict[str, str] = {}

    def odd(html: str) -> str:
        damaged = with_an_odd_row(html)
        meant[damaged] = html
        return damaged

    site.fault = programmes(odd)
    sync()
    watch.look()
    assert len(wrong(site)) == FEW
    assert Alert.objects.open().filter(kind="rows_unread").count() == 1
    before = set(Showtime.objects.listed().values_list("external_id", flat=True))

    extract = programme_by_movie.extract

    def mended(html: str, *, url: str, date: dt.date, today: dt.date) -> Programme:
        return extract(meant.get(html, html), url=url, date=date, today=today)

    monkeypatch.setattr(programme_by_movie, "extract", mended)
    site.requests.clear()
    outcomes = dict(replay(SyncRun.objects.get()))
    assert site.requests == []
    assert sum("1 created" in outcome for what, outcome in outcomes.items() if what.startswith("day")) == FEW
    assert wrong(site) == []
    assert set(DayScrape.objects.values_list("unread_rows", flat=True)) == {0}
    assert before < set(Showtime.objects.listed().values_list("external_id", flat=True))
    watch.look()
    assert not Alert.objects.open().filter(kind="rows_unread").exists()
