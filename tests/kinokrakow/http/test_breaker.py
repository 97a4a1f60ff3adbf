"""The breaker of an outside service: opens after failures in a row, asks once in a while, closes by itself."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from kinokrakow import http
from kinokrakow.http import breaker
from kinokrakow.models import HostGate, ServiceState
from tests.conftest import Answer, Server
from tests.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

JSON = b'{"fine": true}'


def ask(
    server: Server, *, tries: int = 1, token: str = "t", name: str = "tmdb", path: str = "film", timeout: float = 10
) -> bool:
    service = http.Service(
        name, server.url, 0, timeout, headers={"Authorization": f"Bearer {token}"}, breaks=name == "tmdb"
    )
    with http.Session(service, patience=0, tries=tries) as session:
        return session.read(path, lambda answer: bool(answer["fine"]))


def fail(server: Server, times: int, timeout: float = 10) -> None:
    for _ in range(times):
        with pytest.raises((http.Unavailable, http.Garbled)):
            ask(server, timeout=timeout)


def state() -> ServiceState:
    return ServiceState.objects.get(name="tmdb")


def broken(server: Server) -> None:
    server.answer = lambda *_: Answer(500)


def mended(server: Server) -> None:
    server.answer = lambda *_: Answer(200, JSON)


@pytest.mark.once
@pytest.mark.parametrize(
    "answer",
    [Answer(500), Answer(503), Answer(200, b"<html>Sorry"), Answer(200, b""), Answer(200, JSON, delay=9),
     Answer(200, JSON, length=99), Answer(200, b"[]"), Answer(200, b"{}"), Answer(200, b"7"), Answer(200, b"null")],
    ids=["500", "503", "html", "nothing", "hangs", "cut", "a list", "without the field", "a number", "null"],
)  # fmt: skip
def test_failures_in_a_row_open_it_and_then_nobody_asks(server: Server, answer: Answer) -> None:
    server.answer = lambda *_: answer
    for _ in range(breaker.OPENS_AFTER):
        fail(server, 1, timeout=0.5 if answer.delay else 10)
        HostGate.objects.all().delete()  # a 503 moves the host's rate limit as well; that is not what is tested
    for _ in range(5):
        with pytest.raises(http.Open, match="tmdb is not asked") as caught:
            ask(server)
        assert 50 < caught.value.seconds <= 60
    assert len(server.arrivals) == breaker.OPENS_AFTER
    assert [one.name for one in breaker.open_services(timezone.now())] == ["tmdb"]


@pytest.mark.once
def test_an_answer_in_between_begins_the_count_again(server: Server) -> None:
    for _ in range(4):
        broken(server)
        fail(server, breaker.OPENS_AFTER - 1)
        mended(server)
        ask(server)
    assert breaker.open_services(timezone.now()) == []
    assert state().failures == 0


def test_not_found_and_refused_are_answers(server: Server) -> None:
    broken(server)
    fail(server, 2)
    server.answer = lambda *_: Answer(404)
    with pytest.raises(http.NotFound):
        ask(server)
    broken(server)
    fail(server, 2)
    assert breaker.open_services(timezone.now()) == []


@pytest.mark.once
def test_one_asks_for_all_after_a_while_and_an_answer_closes_it(server: Server) -> None:
    broken(server)
    fail(server, 3)
    begun = timezone.now()
    for seconds in (61, 61 + 121, 61 + 121 + 301, 61 + 121 + 301 + 601, 61 + 121 + 301 + 1202):
        server.arrivals.clear()
        with time_machine.travel(begun + dt.timedelta(seconds=seconds), tick=False):
            fail(server, 1)
            with pytest.raises(http.Open):
                ask(server)
        assert len(server.arrivals) == 1, seconds
    mended(server)
    with time_machine.travel(begun + dt.timedelta(hours=1), tick=False):
        assert ask(server)
        assert ask(server)
    assert (state().failures, state().silent_since, state().probes, state().error) == (0, None, 0, "")


def test_of_many_who_would_ask_again_one_does(server: Server) -> None:
    broken(server)
    fail(server, 3)
    server.arrivals.clear()
    ServiceState.objects.update(probe_at=timezone.now() - dt.timedelta(seconds=1))

    def one() -> str:
        try:
            ask(server)
        except Exception as error:
            return type(error).__name__
        return "answered"

    assert sorted(together(*[one] * 6)) == ["Open"] * 5 + ["Unavailable"]
    assert len(server.arrivals) == 1


def test_a_refused_key_opens_it_at_once_and_another_key_closes_it(server: Server) -> None:
    server.answer = lambda *_: Answer(401)
    with pytest.raises(http.Blocked):
        ask(server)
    with pytest.raises(http.Open):
        ask(server)
    assert (len(server.arrivals), state().refused) == (1, True)
    mended(server)
    assert ask(server, token="another")
    assert (state().refused, state().silent_since) == (False, None)
    assert "another" not in str(ServiceState.objects.values())


def test_a_401_for_one_address_says_nothing_of_the_key(server: Server) -> None:
    server.answer = lambda _method, path, _n: Answer(401) if "people" in path else Answer(200, JSON)
    service = http.Service("tmdb", server.url, 0, 10, breaks=True)
    with http.Session(service, patience=0) as session:
        session.get("film")
        with pytest.raises(http.Blocked):
            session.get("people")
    assert breaker.open_services(timezone.now()) == []


def test_a_paused_service_is_not_asked_until_then(server: Server) -> None:
    mended(server)
    until = timezone.now() + dt.timedelta(minutes=5)
    ServiceState.objects.update_or_create(name="kino", defaults={"paused_until": until, "paused_why": "they asked us"})
    with pytest.raises(http.Open, match="paused by staff: they asked us") as caught:
        ask(server, name="kino")
    assert 290 < caught.value.seconds <= 300
    assert server.arrivals == []
    assert breaker.closed_to_us(timezone.now()) == {"kino"}
    with time_machine.travel(until + dt.timedelta(seconds=1), tick=False):
        assert ask(server, name="kino")


def test_what_has_no_breaker_is_asked_however_often_it_fails(server: Server) -> None:
    broken(server)
    for _ in range(6):
        with pytest.raises(http.Unavailable):
            ask(server, name="kino")
    assert len(server.arrivals) == 6


def test_a_key_in_an_address_is_not_kept(server: Server) -> None:
    broken(server)
    for _ in range(3):
        with pytest.raises(http.Unavailable):
            ask(server, path="geocode/json?key=s3cr3t")
    assert "HTTP 500" in state().error
    assert "s3cr3t" not in str(ServiceState.objects.values())


def test_a_deadline_ends_the_asking(server: Server) -> None:
    broken(server)
    service = http.Service("kino", server.url, 0, 10)
    with http.Session(service, patience=0, deadline=-1) as session, pytest.raises(http.Unavailable, match="not asked"):
        session.get("film")
    assert server.arrivals == []
