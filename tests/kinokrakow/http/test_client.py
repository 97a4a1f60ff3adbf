from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from email.utils import format_datetime

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from kinokrakow import http
from kinokrakow.http import client, rate_limit, robots
from kinokrakow.models import HostGate
from tests.conftest import Answer, Server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> None:
    settings.RETRY_BASE_DELAY = 0.02


def service(server: Server, **changes: object) -> http.Service:
    fields: dict[str, object] = {"name": "kino", "base_url": server.url, "interval": 0.0, "timeout": 10.0}
    return http.Service(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("charset", ["zlib", "idna", "undefined", "nonsense"])
def test_a_charset_that_is_none_of_the_web_is_not_believed(charset: str) -> None:
    kind = {"content-type": f"text/html; charset={charset}"}
    response = http.Response("https://a.pl/", 200, kind, "Żółć".encode(), timezone.now(), 0.1)
    assert response.text == "Żółć"


def test_an_answer_says_who_asked_and_what_came(server: Server, settings: Settings) -> None:
    settings.CONTACT = "https://example.org/kino"
    polish = {"Content-Type": "text/html; charset=iso-8859-2"}
    server.answer = lambda *_: Answer(body="Żółć".encode("iso-8859-2"), headers=polish)
    with http.Session(service(server)) as session:
        response = session.get("/a", params={"day": "11-24"})
    assert response.text == "Żółć"
    assert server.paths() == ["/a?day=11-24"]
    assert "KinoKrakow" in server.arrivals[0][3]["User-Agent"]
    assert "https://example.org/kino" in server.arrivals[0][3]["User-Agent"]


@pytest.mark.once
@pytest.mark.parametrize(
    "broken",
    [
        Answer(status=500),
        Answer(status=503),
        Answer(status=429, headers={"Retry-After": "0.05"}),
        Answer(body=b"<html>", length=5000),
        Answer(delay=3),
    ],
    ids=["500", "503", "429", "cut body", "timeout"],
)
def test_what_may_pass_is_tried_again(server: Server, broken: Answer) -> None:
    server.answer = lambda _m, _p, n: broken if n < 3 else Answer(body=b"whole")
    with http.Session(service(server, timeout=1.5 if broken.delay else 10)) as session:
        assert session.get("/a").body == b"whole"
    assert len(server.arrivals) == 3


@pytest.mark.parametrize("broken", [Answer(status=502), Answer(body=b"<html>", length=5000)], ids=["502", "cut body"])
def test_what_does_not_pass_is_unavailable_after_three_tries(server: Server, broken: Answer) -> None:
    server.answer = lambda *_: broken
    exchanges: list[http.Exchange] = []
    with http.Session(service(server), on_exchange=exchanges.append) as session, pytest.raises(http.Unavailable):
        session.get("/a")
    assert len(server.arrivals) == len(exchanges) == 3


@pytest.mark.parametrize(
    ("status", "error"), [(404, http.NotFound), (410, http.NotFound), (403, http.Blocked), (422, http.Refused)]
)
def test_what_will_not_pass_is_asked_once(server: Server, status: int, error: type[http.HttpError]) -> None:
    server.answer = lambda *_: Answer(status=status, body=b"why")
    with http.Session(service(server)) as session, pytest.raises(error) as caught:
        session.get("/a")
    assert len(server.arrivals) == 1
    assert caught.value.response is not None
    assert caught.value.response.body == b"why"


def test_pauses_grow(server: Server, settings: Settings) -> None:
    settings.RETRY_BASE_DELAY = 0.2
    server.answer = lambda *_: Answer(status=500)
    with http.Session(service(server)) as session, pytest.raises(http.Unavailable):
        session.get("/a")
    first, second, third = (at for at, *_ in server.arrivals)
    assert 0.15 <= second - first < third - second


@pytest.mark.once
@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_holds_for_everyone(server: Server, as_date: bool) -> None:
    when = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=300)
    value = format_datetime(when, usegmt=True) if as_date else "300"
    server.answer = lambda _m, path, _n: (
        Answer(status=429, headers={"Retry-After": value}) if path == "/a" else Answer()
    )
    with http.Session(service(server), patience=0.1) as session, pytest.raises(http.Unavailable) as caught:
        session.get("/a")
    assert caught.value.retry_after == pytest.approx(300, abs=60)
    with http.Session(service(server), patience=0.1) as other, pytest.raises(http.NotYet) as told:
        other.get("/b")
    assert told.value.seconds == pytest.approx(300, abs=60)
    assert server.paths() == ["/a"]
    begun = time.monotonic()
    HostGate.objects.update(next_at=timezone.now() + dt.timedelta(seconds=1))
    with http.Session(service(server)) as patient:
        patient.get("/c")
    assert time.monotonic() - begun > 0.9


def test_redirects_stay_on_the_host(server: Server) -> None:
    places = {"/a": "/b", "/out": "https://example.org/", "/port": "http://127.0.0.1:1/", "/loop": "/loop"}
    server.answer = lambda _m, path, _n: (
        Answer(status=302, headers={"Location": places[path]}) if path in places else Answer(body=b"there")
    )
    with http.Session(service(server)) as session:
        assert session.get("/a").body == b"there"
        for path in ("/out", "/port", "/loop"):
            with pytest.raises(http.Refused):
                session.get(path)
        assert session.post("/a").status == 302  # a POST's redirect is its answer


def test_too_large_a_body_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_BYTES", 1000)
    server.answer = lambda *_: Answer(body=b"x" * 5000)
    with http.Session(service(server)) as session, pytest.raises(http.Refused):
        session.get("/a")


def test_a_redirect_to_nowhere_is_the_answer_and_asked_for_once(server: Server) -> None:
    server.answer = lambda *_: Answer(status=302)
    with http.Session(service(server)) as session:
        assert session.get("/a").status == 302
    assert server.paths() == ["/a"]


def test_robots_is_read_once_and_honoured(server: Server) -> None:
    rules = b"User-agent: *\nDisallow: /film/\nCrawl-delay: 0.3\n"
    server.answer = lambda _m, path, _n: Answer(body=rules if path == "/robots.txt" else b"ok")
    begun = time.monotonic()
    for _ in range(2):
        with http.Session(service(server, robots=True, interval=0.01)) as session:
            session.get("/a")
            with pytest.raises(http.Blocked, match=r"robots\.txt"):
                session.get("/film/x.html")
    assert server.paths() == ["/robots.txt", "/a", "/a"]
    assert server.arrivals[2][0] - begun >= 0.3


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=404),
        Answer(status=403),
        Answer(body=b"User-agent: *\nDisallow: /\n", headers={"Content-Type": "text/html"}),
    ],
    ids=["404", "403", "a page, whatever it says"],
)
def test_no_robots_file_allows_all(server: Server, answer: Answer) -> None:
    server.answer = lambda _m, path, _n: answer if path == "/robots.txt" else Answer()
    with http.Session(service(server, robots=True)) as session:
        assert session.get("/a").status == 200


@pytest.mark.parametrize("rule", ["Crawl-delay: 61", "Crawl-delay: 1000000000", "Disallow: /a"])
def test_a_robots_txt_that_leaves_no_way_is_told_at_once(server: Server, rule: str) -> None:
    server.answer = lambda _m, path, _n: Answer(body=f"User-agent: *\n{rule}\n".encode())
    with (
        http.Session(service(server, robots=True), patience=None) as session,
        pytest.raises(http.Blocked, match=r"robots\.txt"),
    ):
        session.get("/a")
    assert server.paths() == ["/robots.txt"]


def test_of_a_huge_robots_txt_the_first_500_kb_count(server: Server) -> None:
    rules = b"User-agent: *\nDisallow: /film/\n" + b"# and so on\n" * 50_000 + b"Disallow: /a\n"
    server.answer = lambda _m, path, _n: Answer(body=rules if path == "/robots.txt" else b"ok")
    with http.Session(service(server, robots=True)) as session:
        assert session.get("/a").status == 200
        with pytest.raises(http.Blocked):
            session.get("/film/x.html")
    assert len(HostGate.objects.get().robots) <= robots.MOST


def test_a_host_that_cannot_say_its_robots_is_not_crawled(server: Server) -> None:
    server.answer = lambda _m, path, _n: Answer(status=500 if path == "/robots.txt" else 200)
    with http.Session(service(server, robots=True)) as session, pytest.raises(http.Unavailable):
        session.get("/a")
    assert set(server.paths()) == {"/robots.txt"}


def test_requests_are_counted_tries_included(server: Server) -> None:
    server.answer = lambda _m, _p, n: Answer(status=500) if n == 1 else Answer()
    counter: Counter[str] = Counter()
    token = http.meter.set(counter)
    try:
        with http.Session(service(server)) as session:
            session.get("/a")
    finally:
        http.meter.reset(token)
    assert counter == {"kino": 2}


def test_the_gate_hears_of_each_request_that_has_left(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that took long to leave moves the next slot on (`Slot.sent`)."""
    left: list[str] = []
    monkeypatch.setattr(rate_limit.Slot, "sent", lambda slot: left.append(slot.host))
    with http.Session(service(server, interval=0.01)) as session:
        session.get("/a")
        session.post("/b")
    assert len(left) == len(server.arrivals) == 2


def test_no_request_inside_a_transaction(server: Server) -> None:
    with http.Session(service(server)) as session, transaction.atomic(), pytest.raises(RuntimeError):
        session.get("/a")
    assert server.arrivals == []


def test_json_that_is_none_is_garbled(server: Server) -> None:
    server.answer = lambda *_: Answer(body=b"<html>")
    with http.Session(service(server)) as session, pytest.raises(http.Garbled):
        session.get("/a").json()


def test_a_token_is_not_printed(server: Server) -> None:
    secret = service(server, headers={"Authorization": "Bearer s3cret"})
    assert "s3cret" not in repr(secret)


def test_an_ungated_service_leaves_no_gate_behind(server: Server) -> None:
    with http.Session(service(server)) as session:
        session.get("/a")
    assert not HostGate.objects.exists()
