"""What is shown when something is not found, not allowed or broken: our own pages, in the language spoken there."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kinokrakow import errors

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize(("language", "words"), [("en", "There is nothing at this address"), ("pl", "Pod tym adresem")])
def test_a_page_in_the_reader_s_language(client: Client, language: str, words: str) -> None:
    answer = client.get("/nowhere/", headers={"Accept-Language": language})
    page = answer.content.decode()
    assert (answer.status_code, words in page) == (404, True)
    assert f'<html lang="{language}">' in page
    assert 'href="/"' in page


@pytest.mark.parametrize("path", ["/api/nowhere", "/api/v9/events"])
def test_json_where_json_is_spoken(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "detail" in json.loads(answer.content)
    assert json.loads(client.get("/nowhere/", headers={"Accept": "application/json"}).content)


def test_text_for_calendars(client: Client) -> None:
    answer = client.get("/calendar/cinema/nowhere.ics")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain; charset=utf-8")


def test_staff_are_told_which_groups_there_are(client: Client) -> None:
    client.force_login(User.objects.create_user("plain", is_staff=True))
    answer = client.get("/admin/coverage/")
    assert answer.status_code == 403
    assert "Operators" in answer.content.decode()
    assert 'href="/admin/"' in answer.content.decode()


def test_a_form_out_of_date_says_so() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.create_superuser("chief"))
    answer = strict.post("/admin/coverage/sync/")
    assert answer.status_code == 403
    assert "out of date" in answer.content.decode()


def test_a_crash_has_a_page_that_needs_no_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("scraper.dashboard.overview.board", crash)
    client.raise_request_exception = False
    client.force_login(User.objects.create_superuser("chief"))
    answer = client.get("/admin/coverage/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.content.decode()


@pytest.mark.parametrize("path", ["/admin/x/", "/x/"])
def test_every_page_has_a_way_on(path: str) -> None:
    from django.test import RequestFactory

    request = RequestFactory().get(path)
    for page in (errors.bad_request, errors.forbidden, errors.not_found):
        assert b'<a href="/' in page(request).content
    assert b'<a href="/' in errors.server_error(request).content
