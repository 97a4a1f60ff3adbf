"""What is stored of failures, as staff read it: a reader of Polish meets no English sentence, whatever the page."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import Settings

from events.models import Cinema, Event, ListedFilm
from kinokrakow import jobs
from kinokrakow.models import Job, JobAttempt, ServiceState
from kinokrakow.staff import names
from scraper.coverage.witnesses import standing
from scraper.coverage.witnesses.listings.registry import WITNESSES
from scraper.dashboard import witnesses
from scraper.dashboard.names import of_purpose
from scraper.models import Alert, DayScrape, Delivery, Page, SyncRun, WitnessCinema, WitnessDifference, WitnessLook
from scraper.models.alert_names import ALERTS
from scraper.monitoring import delivery, messages
from scraper.sync import report
from tests.every_state import seed

#: Words that stand in stored errors, and in no page in Polish.
ENGLISH = re.compile(r"\b(?:expected|found|could not|no time like|is not|nothing found|broke off|forbids)\b")

#: Codes of the database: a list, and what a row is called, say them in words. A job's own page has its key.
CODES = re.compile(
    r"\b(?:day|again|film|match|prune|locate|witness):\w|\bcoigdzie\b(?!\.pl)|\b(?:geocoder|tmdb|prune)\b"
)
TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)

pytestmark = pytest.mark.django_db


def test_no_english_sentence_reaches_a_reader_of_polish(client: Client, settings: Settings) -> None:
    settings.WITNESSES = ["coigdzie", "cinema-city", "mikro"]
    world = seed(running=False)
    unread = Job.objects.exclude(error="").first()
    cinema, film = Cinema.objects.exclude(locate_error="").get(), ListedFilm.objects.exclude(match_error="").first()
    failed, page = SyncRun.objects.exclude(error="").first(), Page.objects.exclude(error="").first()
    assert unread
    assert film
    assert failed
    assert page
    assert JobAttempt.objects.exclude(error="").exists()
    day = DayScrape.objects.exclude(error="").values_list("date", flat=True).first()
    addresses = [
        reverse("coverage"), reverse("coverage-day", args=[day]), reverse("coverage-day", args=[world.today]),
        *(reverse("coverage-witness", args=[name]) for name in WITNESSES), reverse("review-question", args=[film.pk]),
        *(reverse(f"admin:{name}_changelist") for name in (
            "kinokrakow_job", "kinokrakow_servicestate", "scraper_alert", "scraper_delivery", "scraper_syncrun",
            "events_cinema", "scraper_witnesslook", "scraper_witnesscinema", "scraper_witnessdifference",
            "scraper_page",
        )),
        *(reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]) for row in (
            unread, cinema, film, failed, page, world.run, *Job.objects.all(), *Delivery.objects.all(),
            *ServiceState.objects.all(), *Alert.objects.all(), *WitnessLook.objects.order_by("-pk")[:2],
            *WitnessCinema.objects.all()[:1], *WitnessDifference.objects.all()[:1],
        )),
    ]  # fmt: skip
    client.force_login(world.users["chief"])
    seen = []
    for address in addresses:
        answer = client.get(address, headers={"Accept-Language": "pl"})
        assert answer.status_code == 200, address
        html = answer.content.decode()
        seen += [(address, said) for said in ENGLISH.findall(_read(html))]
        called = "".join(TITLE.findall(html)) if address.endswith("/change/") else html
        seen += [(address, said) for said in CODES.findall(_read(called))]
    assert not seen


def _read(html: str) -> str:
    """A page without what is marked as English, its scripts and its tags."""
    html = re.sub(r'<div class="help".*?</div>', " ", html, flags=re.DOTALL)
    html = re.sub(r"<(script|style)\b.*?</\1>|<(\w+) lang=\"en\">.*?</\2>", " ", html, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", html)


@pytest.mark.once
def test_mails_and_alerts_are_in_the_site_s_language(settings: Settings) -> None:
    settings.LANGUAGE_CODE, settings.ALERT_EMAILS = "pl", ["anna@kino.example"]
    seed(running=False)
    assert Event.objects.filter(title="Anora – Kijów").exists()
    with translation.override("pl"):
        for alert in Alert.objects.all():
            assert not ENGLISH.search(messages.sentence(alert)), alert.kind
    Delivery.objects.all().delete()
    Alert.objects.filter(resolved_at=None).update(told_at=None)
    delivery.announce(at=timezone.now())
    delivery.deliver(timezone.now)
    assert mail.outbox
    assert not ENGLISH.search("".join(f"{each.subject} {each.body}" for each in mail.outbox))


def test_every_code_has_a_name() -> None:
    assert set(messages.KINDS) == set(ALERTS)
    assert set(jobs.KINDS) <= set(names.JOBS)
    assert set(WITNESSES) == set(names.WITNESSES)
    assert set(report.SERVICES) == set(names.SERVICES)


@pytest.mark.parametrize(
    ("purpose", "called"),
    [
        ("calendar", "calendar"),
        ("day:2026-11-28:session", "day: 28.11.2026, by session"),
        ("day:2026-11-28", "day: 28.11.2026"),
        ("film:bugonia", "film page: bugonia"),
        ("witness:mikro", "Kino Mikro"),
        ("robots", "robots.txt"),
        ("probe:by_hour", "probe: by_hour"),
    ],
)
def test_what_a_page_was_fetched_for_is_said_in_words(purpose: str, called: str) -> None:
    assert of_purpose(purpose) == called


@pytest.mark.parametrize("language", ["en", "pl"])
def test_a_witness_says_how_it_stands(language: str, settings: Settings) -> None:
    at = timezone.now()
    settings.WITNESSES = ["mikro"]

    def line(**look: Any) -> str:
        if look:
            WitnessLook.objects.create(witness="mikro", began_at=at, ended_at=at, **look)
        (one,) = standing.standings(at, [WITNESSES["mikro"]])
        return witnesses.line_of(one).text

    with translation.override(language):
        told = {line()}
        for failure in WitnessLook.Failure.values:
            told.add(line(status="failed", failure=failure, error="NotFound: https://x.example/: HTTP 404"))
            board = witnesses.board(WITNESSES["mikro"], at, answered=False)
            assert board.problems == ["HTTP 404"]
            assert board.next_step
            told.add(board.next_step)
        told.add(line(status="ok"))
        ServiceState.objects.create(name="witness:mikro", paused_until=at + dt.timedelta(days=1))
        told.add(line())
        settings.WITNESSES = []
        told.add(line())
        assert "0" not in line().replace("2026", "")
    assert len(told) == 2 * len(WitnessLook.Failure.values) + 4
