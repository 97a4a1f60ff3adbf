"""Alerts remember; deliveries tell, once, and never get in the way."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from kinokrakow import jobs
from kinokrakow.models import Job
from scraper.models import Alert, Delivery
from scraper.monitoring import alerts, delivery, messages, monitors
from scraper.monitoring.monitors import Finding
from scraper.site.extractors.errors import ExtractionError
from tests.scraper.inline import run as command
from tests.threads import together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),  # by a plugin of Apprise's
]

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(minutes=10)
STUCK = Finding("jobs_stuck", "bad", facts={"jobs": 3, "since": NOW.isoformat()})
GONE = Finding(
    "cinema_gone", "bad", "kijow", {"name": "Kijów", "dates": ["2026-11-27"], "week": False, "missing": 12}
)  # fmt: skip


class Hook:
    """A service that takes JSON; `status` is what it answers."""

    def __init__(self) -> None:
        self.status = 200
        self.taken: list[dict[str, str]] = []


@pytest.fixture
def hook(settings: Settings) -> Iterator[Hook]:
    state = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if state.status == 200:
                state.taken.append(json.loads(body))
            self.send_response(state.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        settings.ALERT_URLS = [f"json://127.0.0.1:{httpd.server_address[1]}/hooks/s3cr3t-token"]
        settings.RETRY_BASE_DELAY = 0
        yield state
        httpd.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def findings(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What the monitors find: whatever a test puts here."""
    found: list[Finding] = []
    monkeypatch.setattr(monitors, "look", lambda _at: list(found))
    return found


def look() -> None:
    """As `manage.py alerts`: evaluate, and deliver whatever is due, until nothing is."""
    while True:
        command("alerts")
        if not Job.objects.filter(kind="deliver", state="queued").exists():
            return


# --- one alert a cause --------------------------------------------------------------------------------


def test_a_cause_is_opened_once_updated_and_resolved() -> None:
    opened = alerts.settle([STUCK, GONE], at=NOW)
    assert {alert.kind for alert in opened.opened} == {"jobs_stuck", "cinema_gone"}
    more = Finding("jobs_stuck", "bad", facts={"jobs": 9, "since": NOW.isoformat()})
    assert alerts.settle([more, GONE], at=LATER) == alerts.Changes()
    stuck = Alert.objects.get(kind="jobs_stuck")
    assert (stuck.facts["jobs"], stuck.opened_at, stuck.updated_at) == (9, NOW, LATER)
    assert [alert.kind for alert in alerts.settle([GONE], at=LATER).resolved] == ["jobs_stuck"]
    assert [alert.kind for alert in alerts.settle([GONE, STUCK], at=LATER).opened] == ["jobs_stuck"]
    assert Alert.objects.filter(kind="jobs_stuck").count() == 2


def test_two_looks_at_once_open_a_cause_once() -> None:
    found = together(*[lambda: alerts.settle([STUCK], at=NOW)] * 2)
    assert sorted(len(changes.opened) for changes in found) == [0, 1]
    assert Alert.objects.count() == 1


def test_acknowledged_once_and_only_while_open() -> None:
    user = get_user_model().objects.create_user("staff")
    (alert,) = alerts.settle([STUCK], at=NOW).opened
    assert alerts.acknowledge(alert, user.pk, at=NOW)
    assert not alerts.acknowledge(alert, user.pk, at=LATER)
    alerts.settle([], at=LATER)
    assert not alerts.silence(alert, LATER)


def test_a_silenced_cause_stays_silent_when_it_comes_back() -> None:
    (alert,) = alerts.settle([STUCK], at=NOW).opened
    assert alerts.silence(alert, NOW + dt.timedelta(hours=24))
    assert alerts.settle([], at=LATER) == alerts.Changes()
    assert alerts.settle([STUCK], at=LATER) == alerts.Changes()
    assert Alert.objects.open().get().silenced(LATER)
    alerts.settle([], at=LATER)
    (again,) = alerts.settle([STUCK], at=NOW + dt.timedelta(hours=25)).opened
    assert not again.silenced(NOW + dt.timedelta(hours=25))


def test_an_alert_of_a_kind_that_is_no_more_can_still_be_shown() -> None:
    assert messages.sentence(Alert(kind="of_old", subject="x")) == "of_old x"


def test_every_kind_has_a_sentence_and_a_place() -> None:
    facts = {
        "error": "X: y", "attempts": 4, "expected": 318, "known": 0, "dates": 6, "listed": 90, "missing": 30,
        "name": "Kijów", "week": True, "filled": 1, "of": 40, "before": 80, "rate": 71.5, "films": 2, "held": 9,
        "jobs": 1, "titles": ["A", "B"], "showtimes": 9, "since": NOW.isoformat(), "requests": 5, "status": 429,
        "title": "A", "problem": "no", "rows": 3, "place": "row 3", "text": "20:15*", "reason": "no time",
    }  # fmt: skip
    for kind in messages.KINDS:
        alert = Alert(kind=kind, subject="2026-11-27" if kind.startswith("day_") else "x", facts=facts)
        if kind == "cinema_gone":
            alert.facts = {**facts, "dates": ["2026-11-27"]}
        said = messages.sentence(alert)
        assert "%" not in said.replace(" %", "")
        assert said.endswith((".", "?"))
        assert messages.link(alert).startswith("/admin/")


# --- deliveries ---------------------------------------------------------------------------------------


def test_opening_and_resolving_are_told_once_over_every_channel(
    findings: list[Finding], hook: Hook, settings: Settings
) -> None:
    settings.ALERT_EMAILS = ["staff@example.org", "boss@example.org"]
    settings.SITE_URL = "https://kino.example.org"
    findings += [GONE, STUCK]
    look()
    look()
    assert len(mail.outbox) == len(hook.taken) == 1
    message = mail.outbox[0]
    assert message.to == settings.ALERT_EMAILS
    assert message.subject == "KinoKraków: Kijów is gone from Fri 27.11. 12 showtimes are missing. (+1)"
    assert "3 jobs have been due since 24.11 13:00" in message.body
    assert "https://kino.example.org/admin/coverage/" in message.body
    assert hook.taken[0]["message"].strip() == message.body.strip()
    findings.remove(STUCK)
    look()
    assert mail.outbox[1].subject == "KinoKraków: 1 alert resolved"
    assert len(mail.outbox) == len(hook.taken) == 2
    assert set(Delivery.objects.values_list("channel", "status")) == {("e-mail", "sent"), ("1 json", "sent")}
    assert Alert.objects.get(kind="jobs_stuck").deliveries.count() == 4


def test_trouble_is_tried_again_recorded_and_hidden_from_nobody(
    findings: list[Finding], hook: Hook, settings: Settings
) -> None:
    settings.ALERT_EMAILS = ["staff@example.org"]
    hook.status = 500
    findings.append(STUCK)
    look()
    failed = Delivery.objects.get(channel="1 json")
    assert failed.status == Delivery.Status.FAILED
    assert "s3cr3t" not in failed.error
    assert failed.error
    assert Job.objects.get(kind="deliver", state="failed").attempt == 4
    assert Delivery.objects.get(channel="e-mail").status == Delivery.Status.SENT
    assert len(mail.outbox) == 1
    assert [message.channel for message in delivery.troubles()] == ["1 json"]
    assert Job.objects.filter(kind="watch").exclude(state="done").count() == 0
    hook.status = 200
    findings.clear()
    look()
    assert delivery.troubles() == []


def test_a_mail_server_that_is_away_is_trouble_too(findings: list[Finding], settings: Settings) -> None:
    settings.ALERT_EMAILS = ["staff@example.org"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.RETRY_BASE_DELAY = "127.0.0.1", 9, 0
    findings.append(STUCK)
    look()
    assert "ConnectionRefusedError" in Delivery.objects.get().error


def test_nobody_to_tell_is_no_trouble(findings: list[Finding]) -> None:
    findings.append(STUCK)
    look()
    assert Delivery.objects.count() == 0
    assert Alert.objects.open().count() == 1


def test_the_test_tries_every_channel(hook: Hook, settings: Settings) -> None:
    settings.ALERT_EMAILS = ["staff@example.org"]
    code, printed = command("alerts", "--test")
    assert (code, printed.splitlines()) == (0, ["e-mail: sent", "1 json: sent"])
    assert (len(mail.outbox), len(hook.taken)) == (1, 1)
    hook.status = 403
    assert command("alerts", "--test")[0] == 1


def test_a_look_that_breaks_leaves_the_sync_alone(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.RETRY_BASE_DELAY = 0

    def breaks(_at: dt.datetime) -> list[Finding]:
        raise RuntimeError("a monitor is broken")

    monkeypatch.setattr(monitors, "look", breaks)
    job, _ = jobs.enqueue("watch", "watch")
    while jobs.perform(job.pk) == "retry":
        Job.objects.update(due_at=timezone.now())
    assert Job.objects.get(kind="watch").state == "failed"
    assert "a monitor is broken" in Job.objects.get(kind="watch").error


def test_a_page_s_lines_are_one_line_in_an_error_and_a_subject() -> None:
    error = ExtractionError(url="http://site.example/", place="end of page", expected="</html>", found="<b>\n  cut\r\n")
    assert str(error).endswith("found <b> cut")
