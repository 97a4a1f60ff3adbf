"""Failed logins: how many anybody may try, and that nobody is kept out by what others do."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.hashers import BasePasswordHasher
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings
from time_machine import travel

from kinokrakow.models import Job
from kinokrakow.staff import logins

LIMIT = 5


@pytest.fixture(autouse=True)
def chief(db: None, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    User.objects.create_superuser("chief", password="right")


def tries(browser: Client, password: str = "wrong", name: str = "chief", address: str = "203.0.113.1") -> int:
    """The status: 200 the form again, 302 in, 429 not tried."""
    form = {"username": name, "password": password}
    return browser.post("/admin/login/", form, REMOTE_ADDR=address).status_code


@pytest.mark.once
def test_an_account_can_be_tried_five_times_from_anywhere() -> None:
    tried = [tries(Client(), address=f"203.0.113.{n}") for n in range(12)]
    assert tried == [200] * (LIMIT - 1) + [429] * (12 - LIMIT + 1)
    assert tries(Client(), "right", address="198.51.100.1") == 429


@pytest.mark.once
def test_an_address_can_try_five_times_whatever_accounts() -> None:
    tried = [tries(Client(), name=f"name{n}") for n in range(12)]
    assert tried == [200] * (LIMIT - 1) + [429] * (12 - LIMIT + 1)
    assert tries(Client(), "right", address="198.51.100.1") == 302


@pytest.mark.once
def test_a_login_of_ones_own_in_between_gives_no_further_tries() -> None:
    User.objects.create_superuser("guest", password="right")
    tried = [tries(Client(), "right" if n % 3 == 2 else "wrong", "guest" if n % 3 == 2 else "chief") for n in range(12)]
    assert tried.count(200) == LIMIT - 1


@pytest.mark.once
def test_its_owner_comes_in_while_strangers_try_the_account_and_the_address() -> None:
    at_home = Client()
    assert tries(at_home, "right", address="192.0.2.7") == 302
    at_home.post("/admin/logout/")  # a cookie still says that this browser has logged in before
    for n in range(LIMIT):
        tries(Client(), address=f"203.0.113.{n}")
        tries(Client(), name=f"name{n}", address="192.0.2.7")
    assert tries(Client(), "right", address="192.0.2.7") == 429
    assert tries(at_home, "right", address="192.0.2.7") == 302
    assert tries(at_home, name="other", address="192.0.2.7") == 429  # the cookie is good for its own account only


def test_a_browser_that_is_known_may_not_try_without_end() -> None:
    stolen = Client()
    tries(stolen, "right")
    assert [tries(stolen) for _ in range(8)].count(200) == LIMIT - 1


@pytest.mark.once
def test_a_cookie_that_somebody_made_up_is_none() -> None:
    browser = Client()
    browser.cookies[logins.COOKIE] = "chief:1w9pX3:AAAA"
    assert [tries(browser, address=f"203.0.113.{n}") for n in range(LIMIT + 1)][-1] == 429


@pytest.mark.once
def test_after_five_minutes_one_may_try_again_and_tries_in_between_do_not_count() -> None:
    now = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)
    with travel(now, tick=False):
        for _ in range(LIMIT):
            tries(Client())
    with travel(now + dt.timedelta(minutes=4), tick=False):
        assert tries(Client(), "right") == 429
    with travel(now + dt.timedelta(minutes=5, seconds=1), tick=False):
        assert tries(Client(), "right") == 302


@pytest.mark.once
def test_who_is_refused_costs_no_hash_and_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(LIMIT):
        tries(Client())

    def hashed(*_: object) -> bool:
        raise AssertionError("a password was hashed")

    monkeypatch.setattr(BasePasswordHasher, "verify", hashed)
    monkeypatch.setattr("django.contrib.auth.hashers.MD5PasswordHasher.verify", hashed)
    monkeypatch.setattr("django.contrib.auth.hashers.MD5PasswordHasher.encode", hashed)
    form = {"username": "chief", "password": "right"}
    for language, words in (("en", "Too many failed logins"), ("pl", "Za dużo nieudanych logowań")):
        answer = Client(headers={"accept-language": language}).post("/admin/login/", form, REMOTE_ADDR="203.0.113.1")
        assert answer.status_code == 429
        assert answer["Retry-After"] == "300"
        assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("proxies", "address", "forwarded", "client"),
    [
        (0, "203.0.113.1", "198.51.100.9", "203.0.113.1"),  # anybody can write that header
        (1, "127.0.0.1", "198.51.100.9", "198.51.100.9"),
        (1, "127.0.0.1", "10.9.9.9, 198.51.100.9", "198.51.100.9"),
        (2, "127.0.0.1", "10.9.9.9, 198.51.100.9, 192.0.2.3", "198.51.100.9"),
        (2, "127.0.0.1", "192.0.2.3", "127.0.0.1"),
        (1, "", "rubbish", None),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (0, "::ffff:203.0.113.1", "", "203.0.113.1"),
    ],
)
def test_whose_address_it_is(
    settings: Settings, proxies: int, address: str, forwarded: str, client: str | None
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=forwarded)
    assert logins.client_address(request) == client


def test_further_backends_break_nothing(settings: Settings) -> None:
    """Many a site adds one, for its own accounts."""
    settings.AUTHENTICATION_BACKENDS = [
        *settings.AUTHENTICATION_BACKENDS,
        "django.contrib.auth.backends.RemoteUserBackend",
    ]
    browser = Client()
    assert tries(browser, "right") == 302
    assert browser.get(reverse("review")).status_code == 200
    assert browser.get(reverse("admin:auth_user_changelist")).status_code == 200
    assert not Job.objects.exists()
