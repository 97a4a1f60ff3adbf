from __future__ import annotations

import datetime as dt
import http.client
import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from threading import Barrier
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from scraper.demo.site import DemoSite
from scraper.demo.site_faults import Fault, renamed_table, truncated
from scraper.demo.world import World
from tests.scraper.demo.client import Browser, active_of, header_of, token_of

TODAY = dt.date(2026, 11, 24)  # a Tuesday
BY_MOVIE = "/cinema_program/by_movie"
BY_HOUR = "/cinema_program/by_hour"
HEADERS = (
    "wtorek, 24 listopada", "środa, 25 listopada", "czwartek, 26 listopada", "piątek, 27 listopada",
    "sobota, 28 listopada", "niedziela, 29 listopada", "poniedziałek, 30 listopada",
)  # fmt: skip


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with DemoSite(World(TODAY)) as site:
        yield site


@pytest.fixture
def browser(site: DemoSite) -> Browser:
    return Browser(site.url)


def fetch_day(browser: Browser, offset: int) -> str:
    """As the site wants it: GET a page for the token, POST the day, GET the page again; its header is returned."""
    token = token_of(browser.get(BY_MOVIE).text)
    browser.set_day(offset, token)
    return header_of(browser.get(BY_MOVIE).text)


def old_way(site_url: str, days: range) -> list[str]:
    """What the earlier scraper did: a thread a day, all with the same cookies. The headers of what each got."""
    jar = CookieJar()
    token = token_of(Browser(site_url, jar).get(BY_MOVIE).text)
    together = Barrier(len(days))

    def job(offset: int) -> str:
        browser = Browser(site_url, jar)
        together.wait()
        browser.set_day(offset, token)
        return header_of(browser.get(BY_MOVIE).text)

    with ThreadPoolExecutor(len(days)) as threads:
        return list(threads.map(job, days))


def test_jobs_that_share_a_session_get_each_others_days(site: DemoSite) -> None:
    site.latency = 0.1
    pages = old_way(site.url, range(7))
    right = [page for page, wanted in zip(pages, HEADERS, strict=True) if page == wanted]
    assert set(pages) <= set(HEADERS)
    assert len(right) < 7


def test_jobs_with_sessions_of_their_own_get_their_own_days(site: DemoSite) -> None:
    site.latency = 0.05
    with ThreadPoolExecutor(7) as threads:
        pages = list(threads.map(lambda offset: fetch_day(Browser(site.url), offset), range(7)))
    assert tuple(pages) == HEADERS


def test_a_new_session_shows_today_and_a_chosen_day_stays(browser: Browser) -> None:
    first = browser.get(BY_MOVIE)
    assert "_kino_session=" in first.headers["Set-Cookie"]
    assert (header_of(first.text), active_of(first.text)) == (HEADERS[0], "24 11")
    reply = browser.set_day(3, token_of(first.text))
    assert (reply.status, urlsplit(reply.headers["Location"]).path) == (302, BY_MOVIE)
    again = browser.get(BY_MOVIE)
    assert (header_of(again.text), active_of(again.text)) == (HEADERS[3], "27 11")
    assert again.headers["Set-Cookie"] is None
    assert header_of(browser.get(BY_HOUR).text) == HEADERS[3]


@pytest.mark.parametrize(
    "changed",
    [{"X_CSRF_Token": "forged"}, {"X_Requested_With": ""}, {"Referer": ""}, {"Cookie": "_kino_session=unknown"}],
    ids=["token", "requested-with", "referer", "cookie"],
)
def test_a_post_that_lacks_anything_is_refused_and_changes_nothing(browser: Browser, changed: dict[str, str]) -> None:
    token = token_of(browser.get(BY_MOVIE).text)
    assert browser.set_day(3, token, **changed).status == 422
    assert header_of(browser.get(BY_MOVIE).text) == HEADERS[0]


def test_the_token_of_one_session_is_no_good_in_another(site: DemoSite, browser: Browser) -> None:
    stranger = token_of(Browser(site.url).get(BY_MOVIE).text)
    browser.get(BY_MOVIE)
    assert browser.set_day(1, stranger).status == 422


def test_there_is_no_eighth_day(browser: Browser) -> None:
    assert browser.set_day(7, token_of(browser.get(BY_MOVIE).text)).status == 404


@pytest.mark.parametrize("page", [BY_MOVIE, BY_HOUR])
def test_a_day_in_the_address_is_honoured_without_touching_the_session(browser: Browser, page: str) -> None:
    html = browser.get(f"{page}?day=11-29").text
    assert (header_of(html), active_of(html)) == (HEADERS[5], "29 11")
    assert header_of(browser.get(page).text) == HEADERS[0]


def test_a_day_in_the_address_may_be_ignored(site: DemoSite, browser: Browser) -> None:
    site.day_parameter = site.hour_day_parameter = False
    assert header_of(browser.get(f"{BY_MOVIE}?day=11-29").text) == HEADERS[0]
    assert header_of(browser.get(f"{BY_HOUR}?day=11-29").text) == HEADERS[0]


def test_the_calendar_and_the_day_chooser_offer_the_same_seven_days(browser: Browser) -> None:
    html = browser.get(BY_HOUR).text
    offsets = re.findall(r'href="/settings/set_day/(\d)">\w+<br> (\d+) (\d+)<', html)
    assert [offset for offset, _, _ in offsets] == list("0123456")
    assert [f"{month:0>2}-{day:0>2}" for _, day, month in offsets] == re.findall(r'value="(\d\d-\d\d)"', html)


def test_both_programmes_list_all_that_is_true(site: DemoSite, browser: Browser) -> None:
    friday = [row for row in site.truth() if row["day"] == "2026-11-27"]
    by_movie, by_hour = browser.get(f"{BY_MOVIE}?day=11-27").text, browser.get(f"{BY_HOUR}?day=11-27").text
    assert by_movie.count('class="hour"') == by_hour.count('<td class="cinema">') == len(friday)
    assert by_movie.count("buy_ticket") == sum(row["ticket_url"] is not None for row in friday)
    assert "buy_ticket" not in by_hour
    times = re.findall(r"<h3>(\d\d[:.]\d\d) ", by_hour)
    assert {time[2] for time in times} == {":", "."}
    assert times[-1] == "00:15"
    assert len(times) == len({row["starts_at"] for row in friday})


def test_film_links_stand_outside_the_table_and_announced_films_without_rows(browser: Browser) -> None:
    html = browser.get(BY_MOVIE).text
    table, rest = html.split("</tbody></table>", 1)
    assert "/film/avengers-doomsday.html" in table
    assert "Zapowiedzi" in rest
    assert "/film/avengers-doomsday.html" in rest
    heading = table.index("/film/avengers-doomsday.html")
    assert table.index("/film/", heading + 10) < table.index('class="cinema_film"', heading)


def test_a_day_without_showtimes_says_so_and_has_no_table(site: DemoSite, browser: Browser) -> None:
    site.world.remove(day=dt.date(2026, 11, 26))
    for page in (BY_MOVIE, BY_HOUR):
        html = browser.get(f"{page}?day=11-26").text
        assert "Brak repertuaru" in html
        assert "repert" not in html.replace("Brak repertuaru", "").replace("Repertuar", "")
        assert active_of(html) == "26 11"


def test_what_is_withdrawn_between_two_visits_is_gone(site: DemoSite, browser: Browser) -> None:
    assert "/multikino" in browser.get(BY_MOVIE).text
    site.world.remove(cinema_slug="multikino")
    assert "/multikino" not in browser.get(BY_MOVIE).text


UUID_OF_THE_NEWER = "-05023ce8-c974-43e5-b6fd-9257e2fc8e9a"


def test_a_film_is_linked_with_a_uuid_and_lives_without_it(browser: Browser) -> None:
    (link,) = set(re.findall(r"/film/dom-dobry-[0-9a-f-]{36}\.html", browser.get(BY_MOVIE).text))
    reply = browser.get(link)
    assert (reply.status, urlsplit(reply.headers["Location"]).path) == (301, "/film/dom-dobry.html")
    assert "<h1>Dom dobry</h1>" in browser.get("/film/dom-dobry.html").text


def test_two_films_of_one_title_have_pages_of_their_own(browser: Browser) -> None:
    older, newer = (browser.get(f"/film/pojedynek{uuid}.html").text for uuid in ("", UUID_OF_THE_NEWER))
    assert "<h1>Pojedynek</h1>" in older
    assert "<h1>Pojedynek</h1>" in newer
    assert ("The Duellists" in older, "The Duellists" in newer) == (True, False)
    assert browser.get(f"/film/bugonia{UUID_OF_THE_NEWER}.html").status == 404


def test_a_film_page_tells_the_facts_and_the_sessions_day(browser: Browser) -> None:
    html = browser.get("/film/bugonia.html").text
    assert "<strong>Czas trwania:</strong> 118 min." in html
    assert "Irlandia / Korea Południowa / USA, 2025" in html
    assert re.search(r"<strong>\s+Premiera:\s+</strong>\s+7 listopada 2025\s", html)
    assert header_of(html) == HEADERS[0]
    browser.set_day(4, token_of(html))
    assert header_of(browser.get("/film/bugonia.html").text) == HEADERS[4]


def test_a_film_without_facts_or_showtimes_says_little(site: DemoSite, browser: Browser) -> None:
    site.world.remove(film_slug="nosferatu")
    html = browser.get("/film/nosferatu.html").text
    assert "<strong>" not in html
    assert "Brak repertuaru dla filmu Nosferatu na dziś" in html


@pytest.mark.parametrize("path", ["/film/obcy-romulus.html", "/film/nope.html", "/multikino/info", "/nothing"])
def test_what_is_not_there_answers_404(browser: Browser, path: str) -> None:
    assert browser.get(path).status == 404


def test_the_lists_of_films_and_cinemas_are_json(site: DemoSite, browser: Browser) -> None:
    films = json.loads(browser.get("/film/actual.js").text)
    assert {film["slug"] for film in films.values()} == set(site.world.films)
    cinemas = json.loads(browser.get("/kino/index.js").text)
    assert cinemas["pod-baranami"]["name"] == "Kino Pod Baranami"


def test_the_front_page_names_every_cinema(browser: Browser) -> None:
    html = browser.get("/").text
    assert html.count("tel. ") == 15


def test_robots_txt_is_what_it_is_told_to_be(site: DemoSite, browser: Browser) -> None:
    assert "Disallow: /admin/" in browser.get("/robots.txt").text
    site.robots = "User-agent: *\nCrawl-delay: 7\n"
    assert browser.get("/robots.txt").text == "User-agent: *\nCrawl-delay: 7\n"
    site.robots = None
    assert browser.get("/robots.txt").status == 404


def test_a_connection_serves_many_requests_and_each_is_remembered(site: DemoSite) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.server_port, timeout=30)
    began = time.monotonic()
    for path in ("/robots.txt", "/nothing", "/robots.txt"):
        connection.request("GET", path)
        connection.getresponse().read()
    connection.close()
    assert [(request.method, request.path, request.status) for request in site.requests] == [
        ("GET", "/robots.txt", 200), ("GET", "/nothing", 404), ("GET", "/robots.txt", 200),
    ]  # fmt: skip
    arrivals = [request.at for request in site.requests]
    moments = [began - 0.01, *arrivals, time.monotonic()]  # Linux knows arrivals to some milliseconds
    assert moments == sorted(moments)


def test_a_stopped_site_drops_the_connections_it_kept(site: DemoSite) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.server_port, timeout=30)
    connection.request("GET", "/robots.txt")
    connection.getresponse().read()
    site.stop()
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        _ask_again(connection)
    connection.close()


def test_a_site_that_refused_connections_answers_again_at_its_address(site: DemoSite) -> None:
    for _ in range(2):
        with site.refusing(), pytest.raises(ConnectionRefusedError):
            http.client.HTTPConnection("127.0.0.1", site.server_port, timeout=30).connect()
        connection = http.client.HTTPConnection("127.0.0.1", site.server_port, timeout=30)
        connection.request("GET", "/robots.txt")
        assert connection.getresponse().status == 200
        connection.close()


def _ask_again(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/robots.txt")
    connection.getresponse()


def test_too_many_requests_are_told_when_to_come_back(
    site: DemoSite, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.throttle = (2, 300)
    replies = [browser.get("/robots.txt") for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    wait = int(replies[-1].headers["Retry-After"])
    assert 0 < wait <= 300
    monkeypatch.setattr("scraper.demo.site.time", SimpleNamespace(monotonic=lambda: time.monotonic() + wait))
    assert browser.get("/robots.txt").status == 200


def test_latency_may_depend_on_the_path(site: DemoSite, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(site.stopping, "wait", waits.append)
    site.latency = lambda path: 0.3 if path == "/robots.txt" else 0.0
    browser.get("/robots.txt")
    browser.get("/nothing")
    assert waits == [0.3, 0.0]


def test_a_fault_is_chosen_by_method_path_and_count(site: DemoSite, browser: Browser) -> None:
    site.fault = lambda method, path, count: (
        Fault(status=503, headers={"Retry-After": "9"}) if (method, path, count) == ("GET", "/", 2) else None
    )
    assert [browser.get("/").status, browser.get("/robots.txt").status] == [200, 200]
    refused = browser.get("/")
    assert (refused.status, refused.headers["Retry-After"]) == (503, "9")
    assert browser.get("/").status == 200


def test_a_cut_body_is_shorter_than_promised(site: DemoSite, browser: Browser) -> None:
    site.fault = lambda *_: Fault(cut=0.5)
    with pytest.raises(http.client.IncompleteRead):
        browser.get(BY_MOVIE)


def test_a_truncated_page_is_as_long_as_promised(site: DemoSite, browser: Browser) -> None:
    site.fault = lambda *_: Fault(rewrite=truncated)
    html = browser.get(BY_MOVIE).text
    assert html.startswith("<!DOCTYPE html>")
    assert "</html>" not in html


def test_a_page_may_be_another_days(site: DemoSite, browser: Browser) -> None:
    site.fault = lambda *_: Fault(other_day=1)
    html = browser.get(f"{BY_MOVIE}?day=11-26").text
    assert (header_of(html), active_of(html)) == (HEADERS[3], "27 11")


def test_markup_may_change(site: DemoSite, browser: Browser) -> None:
    site.fault = lambda *_: Fault(rewrite=renamed_table)
    assert "repert" not in browser.get(BY_MOVIE).text.replace("Repertuar", "")


def test_an_answer_may_be_huge_or_lead_elsewhere(site: DemoSite, browser: Browser) -> None:
    site.fault = lambda method, path, count: (
        Fault(status=200, body=b"x" * 10_000_000)
        if path == "/"
        else Fault(status=302, headers={"Location": "http://elsewhere.example/"})
    )
    assert len(browser.get("/").text) == 10_000_000
    assert browser.get(BY_MOVIE).headers["Location"] == "http://elsewhere.example/"


def test_an_answer_may_come_too_late(site: DemoSite) -> None:
    site.fault = lambda *_: Fault(hang=30)
    with pytest.raises(TimeoutError):
        Browser(site.url, timeout=0.2).get("/")


def test_the_sites_today_may_move_past_midnight(site: DemoSite, browser: Browser) -> None:
    token = token_of(browser.get(BY_MOVIE).text)
    browser.set_day(1, token)
    site.world = World(TODAY + dt.timedelta(days=1))
    assert header_of(browser.get(BY_MOVIE).text) == HEADERS[2], "the second day from the site's new today"
