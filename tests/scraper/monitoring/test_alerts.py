"""Alerts remember; deliveries tell, once, and never get in the way."""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from kinokrakow import jobs
from kinokrakow.http import rate_limit
from kinokrakow.jobs import heartbeats
from kinokrakow.models import Heartbeat, HostGate, Job
from scraper.dashboard import alert_line
from scraper.models import Alert, Delivery, Page, SyncRun, WatchState
from scraper.monitoring import alerts, delivery, messages, monitors, watch
from scraper.monitoring.monitors import Finding
from scraper.monitoring.monitors.situation import always, its_day
from scraper.site.extractors.errors import ExtractionError
from scraper.sync import retention
from tests.conftest import Answer, Server
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
    monkeypatch.setattr(monitors, "look", lambda at: seen(*found, at=at))
    return found


def seen(*found: Finding, at: dt.datetime = NOW) -> monitors.Look:
    """A look that looked at everything, and found this."""
    return monitors.Look(monitors.Situation(at), found, dict.fromkeys(messages.KINDS, always))


def update(*found: Finding, at: dt.datetime) -> None:
    alerts.update(seen(*found, at=at), at=at)


def opened(at: dt.datetime) -> list[str]:
    return list(Alert.objects.filter(opened_at=at).order_by("pk").values_list("kind", flat=True))


def look() -> None:
    """As `manage.py alerts`: evaluate, and deliver whatever is due."""
    command("alerts")


# --- one alert a cause --------------------------------------------------------------------------------


def test_a_cause_is_opened_once_updated_and_resolved() -> None:
    update(STUCK, GONE, at=NOW)
    assert opened(NOW) == ["jobs_stuck", "cinema_gone"]
    update(Finding("jobs_stuck", "bad", facts={"jobs": 9, "since": NOW.isoformat()}), GONE, at=LATER)
    assert opened(LATER) == []
    stuck = Alert.objects.get(kind="jobs_stuck")
    assert (stuck.facts["jobs"], stuck.opened_at, stuck.updated_at) == (9, NOW, LATER)
    update(GONE, at=LATER)
    stuck.refresh_from_db()
    assert (stuck.resolved_at, stuck.expired) == (LATER, False)
    update(GONE, STUCK, at=LATER)
    assert opened(LATER) == ["jobs_stuck"]


def test_what_was_not_looked_at_stays_open_and_acknowledged() -> None:
    user = get_user_model().objects.create_user("staff")
    update(STUCK, GONE, at=NOW)
    assert alerts.answer(Alert.objects.get(kind="jobs_stuck"), "acknowledge", user.pk, at=NOW)
    alerts.update(monitors.Look(monitors.Situation(LATER), ()), at=LATER)
    assert {alert.kind for alert in Alert.objects.open()} == {"jobs_stuck", "cinema_gone"}
    assert Alert.objects.get(kind="jobs_stuck").acknowledged_by == user


def test_two_looks_at_once_open_a_cause_once() -> None:
    together(*[lambda: update(STUCK, at=NOW)] * 2)
    assert Alert.objects.count() == 1


def test_acknowledged_once_and_only_while_open() -> None:
    user = get_user_model().objects.create_user("staff")
    update(STUCK, at=NOW)
    alert = Alert.objects.get()
    assert alerts.answer(alert, "acknowledge", user.pk, at=NOW)
    assert not alerts.answer(alert, "acknowledge", user.pk, at=LATER)
    update(at=LATER)
    assert not alerts.answer(alert, "silence", user.pk, at=NOW, until=LATER)


def test_a_silenced_cause_stays_silent_when_it_comes_back_and_is_told_when_it_outlasts_that(settings: Settings) -> None:
    settings.ALERT_EMAILS = ["staff@example.org"]
    update(STUCK, at=NOW)
    operator = get_user_model().objects.create_user("operator").pk
    until = NOW + dt.timedelta(hours=24)
    assert alerts.answer(Alert.objects.get(), "silence", operator, at=NOW, until=until)
    update(at=LATER)
    update(STUCK, at=LATER)
    assert Alert.objects.open().get().silenced(LATER)
    delivery.announce(at=LATER)
    assert Delivery.objects.count() == 0
    delivery.announce(at=NOW + dt.timedelta(hours=25))
    assert Delivery.objects.count() == 1
    update(at=LATER)
    update(STUCK, at=NOW + dt.timedelta(hours=25))
    assert not Alert.objects.open().get().silenced(NOW + dt.timedelta(hours=25))


def test_every_answer_can_be_taken_back_and_is_kept() -> None:
    user = get_user_model().objects.create_user("operator").pk
    update(STUCK, at=NOW)
    alert = Alert.objects.get()
    until = NOW + dt.timedelta(hours=4)
    for what, done in (
        ("release", False), ("acknowledge", True), ("acknowledge", False), ("release", True), ("sound", False),
        ("silence", True), ("sound", True), ("sound", False), ("comment", True), ("nonsense", False),
    ):  # fmt: skip
        assert (
            alerts.answer(alert, what, user, at=NOW, until=until if what == "silence" else None, comment="why") is done
        )
    assert not alerts.answer(alert, "comment", user, at=NOW)
    assert not alerts.answer(alert, "silence", user, at=NOW)
    alert.refresh_from_db()
    assert (alert.acknowledged_at, alert.acknowledged_by, alert.silenced_until) == (None, None, None)
    kept = ["acknowledge", "release", "silence", "sound", "comment"]
    assert list(alert.answers.values_list("what", flat=True)) == kept
    steps = [(step.text, step.by, step.comment) for step in alert_line.of(alert)]
    assert steps[0] == ("found first", "", "")
    assert ("acknowledged", "operator", "why") in steps
    assert any(text.startswith("silenced until") for text, _by, _comment in steps)


def test_an_alert_of_a_kind_that_is_no_more_can_still_be_shown() -> None:
    assert messages.sentence(Alert(kind="of_old", subject="x")) == "of_old x"


def test_every_kind_has_a_sentence_and_a_place() -> None:
    facts = {
        "error": "X: y", "attempts": 4, "expected": 318, "known": 0, "dates": 6, "listed": 90, "missing": 30,
        "name": "Kijów", "week": True, "filled": 1, "of": 40, "before": 80, "rate": 71.5, "films": 2, "held": 9,
        "jobs": 1, "monitor": "m", "until": NOW.isoformat(),
        "titles": ["A", "B"], "showtimes": 9, "since": NOW.isoformat(), "requests": 5, "status": 429,
        "witness": "Kino Mikro", "starts": 3, "fields": {"ticket_url": {"filled": 1, "of": 40, "before": 80}},
        "title": "A", "problem": "no", "rows": 3, "place": "row 3", "text": "20:15*", "reason": "no time",
    }  # fmt: skip
    for kind in messages.KINDS:
        alert = Alert(kind=kind, subject="2026-11-27" if kind.startswith("day_") else "x", facts=facts)
        if kind in ("cinema_gone", "witness_missing"):
            alert.facts = {**facts, "dates": ["2026-11-27"]}
        said = messages.sentence(alert)
        assert "%" not in said.replace(" %", "")
        assert said.endswith((".", "?"))
        assert messages.link(alert).startswith("/admin/")


@pytest.mark.parametrize("facts", [{}, {"dates": None}, {"dates": 7, "jobs": "many"}, [], "of old"])
def test_alerts_that_another_version_wrote_can_be_shown_updated_and_resolved(facts: object) -> None:
    """After an upgrade with open alerts: every kind, with facts that lack what this version writes."""
    for kind in [*messages.KINDS, "of_old"]:
        for subject in ("", "2026-11-27", "2026-99-99", "kijow"):
            alert = Alert(kind=kind, subject=subject, level="bad", facts=facts, opened_at=NOW, updated_at=NOW)
            alert.save()
            assert messages.sentence(alert)
            assert messages.link(alert).startswith("/")
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("boss"))
    assert client.get("/admin/coverage/").status_code == 200
    assert client.get("/admin/scraper/alert/").status_code == 200
    assert client.get("/admin/scraper/alert/?open=yes").status_code == 200
    assert command("coverage", "--json")[0] in (0, 1)
    assert watch.look()


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


@pytest.mark.once
def test_trouble_is_tried_for_a_day_and_hidden_from_nobody(
    findings: list[Finding], hook: Hook, settings: Settings
) -> None:
    settings.ALERT_EMAILS = ["staff@example.org"]
    hook.status = 500
    findings.append(STUCK)
    with time_machine.travel(NOW, tick=False) as clock:
        look()
        assert Delivery.objects.get(channel="e-mail").status == Delivery.Status.SENT
        failed = Delivery.objects.get(channel="1 json")
        assert (failed.status, failed.attempts) == (Delivery.Status.WAITING, 1)
        assert "s3cr3t" not in failed.error
        assert failed.error
        assert [message.channel for message in delivery.troubles()] == ["1 json"]
        assert not delivery.unheard(NOW + dt.timedelta(hours=1)), "one channel still takes messages"
        for _ in range(23 * 60):
            clock.shift(60)
            delivery.deliver()
        failed.refresh_from_db()
        assert failed.status == Delivery.Status.WAITING, "it is tried for a day"
        assert 45 <= failed.attempts <= 60, "ever more rarely, but at least twice an hour"
        hook.status = 200
        clock.shift(1800)
        delivery.deliver()
        assert delivery.troubles() == []
        assert (len(hook.taken), len(mail.outbox)) == (1, 1)


def test_what_is_open_when_a_message_is_given_up_is_told_anew(
    findings: list[Finding], hook: Hook, settings: Settings
) -> None:
    hook.status = 500
    findings += [STUCK, GONE]
    with time_machine.travel(NOW, tick=False) as clock:
        look()
        findings.remove(GONE)
        look()
        for _ in range(25 * 60):
            clock.shift(60)
            delivery.deliver()
        assert Delivery.objects.filter(status=Delivery.Status.FAILED).count() == 2
        hook.status = 200
        for _ in range(2):
            clock.shift(3600)
            delivery.deliver()
        told = "".join(message["message"] for message in hook.taken)
        assert "3 jobs have been due" in told, "a day later, as it is still open"
        assert Delivery.objects.filter(status=Delivery.Status.WAITING).count() == 0


def test_whoever_sets_a_channel_later_hears_what_is_open_then(findings: list[Finding], settings: Settings) -> None:
    settings.ALERT_EMAILS = []
    findings.append(STUCK)
    look()
    assert Delivery.objects.count() == 0
    settings.ALERT_EMAILS = ["staff@example.org"]
    look()
    look()
    assert len(mail.outbox) == 1


@pytest.mark.once
def test_a_new_cause_under_an_open_alert_is_told_and_one_that_comes_back_is_not(
    findings: list[Finding], settings: Settings
) -> None:
    settings.ALERT_EMAILS = ["staff@example.org"]

    def films(*slugs: str) -> Finding:
        facts = {"films": len(slugs), "titles": list(slugs), "showtimes": 3}
        return Finding("review_soon", "warn", facts=facts, causes=slugs)

    steps = (("a", 1), ("ab", 1), ("abc", 2), ("b", 2), ("ab", 2), ("d", 3))
    with time_machine.travel(NOW, tick=False) as clock:
        for causes, messages_sent in steps:
            findings[:] = [films(*causes)]
            look()
            assert len(mail.outbox) == messages_sent, causes
            clock.shift(20 * 60)
    assert Alert.objects.count() == 1


def test_an_alert_that_gets_worse_is_told_again(findings: list[Finding], settings: Settings) -> None:
    settings.ALERT_EMAILS = ["staff@example.org"]
    with time_machine.travel(NOW, tick=False) as clock:
        for level, sent in (("warn", 1), ("bad", 2), ("warn", 2)):
            findings[:] = [replace(STUCK, level=level)]
            look()
            assert len(mail.outbox) == sent
            clock.shift(31 * 60)


def test_what_is_over_expires_without_a_word(settings: Settings) -> None:
    settings.ALERT_EMAILS = ["staff@example.org"]
    failed = Finding("day_failed", "bad", "2026-11-23", {"error": "E: x", "attempts": 1, "known": 0, "expected": 0})
    update(failed, at=NOW)
    delivery.announce(at=NOW)
    look_ = monitors.Look(monitors.Situation(NOW), (), {"day_failed": its_day})
    alerts.update(look_, at=LATER)  # the 24th
    delivery.announce(at=LATER)
    assert (Alert.objects.get().expired, Delivery.objects.count()) == (True, 1)


def test_a_mail_server_that_is_away_is_trouble_too(findings: list[Finding], settings: Settings) -> None:
    settings.ALERT_EMAILS = ["staff@example.org"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.RETRY_BASE_DELAY = "127.0.0.1", 9, 0
    findings.append(STUCK)
    look()
    assert "ConnectionRefusedError" in Delivery.objects.get().error


def test_the_heartbeat_is_sent_after_each_good_look_and_only_then(
    findings: list[Finding], server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HEARTBEAT_URL = f"{server.url}/ping/s3cr3t-uuid"
    look()
    look()
    assert server.paths() == ["/ping/s3cr3t-uuid"] * 2
    findings.append(Finding("monitor_broken", "bad", "x", {"error": "E: x"}))
    look()
    findings.clear()
    monkeypatch.setattr(delivery, "unheard", lambda _at: True)
    look()
    assert len(server.arrivals) == 2, "nobody would hear us: somebody else must notice"


def test_a_heartbeat_that_is_not_taken_is_told_without_its_secret(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.undo()
    settings.HEARTBEAT_URL = f"{server.url}/ping/s3cr3t-uuid"
    server.answer = lambda *_: Answer(404)
    assert watch.look()
    assert not Alert.objects.filter(kind="heartbeat_refused").exists(), "once is nothing"
    WatchState.objects.update(heartbeat_failing_since=timezone.now() - dt.timedelta(minutes=16))
    assert watch.look()
    alert = Alert.objects.get(kind="heartbeat_refused")
    assert "HTTP 404" in messages.sentence(alert)
    assert "s3cr3t" not in f"{alert.facts} {WatchState.objects.values()} {caplog.text}"
    server.answer = lambda *_: Answer()
    assert watch.look()
    assert watch.look()
    assert not Alert.objects.open().filter(kind="heartbeat_refused").exists()


def open_alerts() -> list[str]:
    assert watch.look()
    return [f"{alert.kind} {alert.subject}".rstrip() for alert in Alert.objects.open()]


@pytest.mark.once
def test_a_host_that_wants_an_hour_of_patience_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    rate_limit.push("site.example", 300)
    assert open_alerts() == []
    rate_limit.push("site.example", 3600)
    assert open_alerts() == ["host_closed site.example"]
    assert "The host site.example wants no request before" in messages.sentence(Alert.objects.get())
    assert rate_limit.open_again("site.example")
    assert open_alerts() == []
    HostGate.objects.update(closed_since=timezone.now(), closed_until=timezone.now() + dt.timedelta(days=30))
    assert open_alerts() == [], "no host asks for that: a clock was wrong"


def test_many_short_pauses_after_another_are_one_long_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that says "60 seconds" whenever it is asked is closed, though it never asks for an hour."""
    monkeypatch.undo()
    rate_limit.push("site.example", 60)
    assert open_alerts() == []
    now = timezone.now()
    HostGate.objects.update(closed_since=now - dt.timedelta(minutes=14), closed_until=now - dt.timedelta(seconds=5))
    assert open_alerts() == []
    rate_limit.push("site.example", 60)
    assert open_alerts() == ["host_closed site.example"]
    assert "has asked us to wait since" in messages.sentence(Alert.objects.get())
    HostGate.objects.update(closed_until=now - dt.timedelta(seconds=5))
    assert open_alerts() == ["host_closed site.example"], "it has opened, and may close when it is asked"
    HostGate.objects.update(closed_until=now - dt.timedelta(minutes=3))
    assert open_alerts() == []


def test_workers_that_are_gone_are_told_once_and_where_none_are_needed_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    job, _ = jobs.enqueue("calendar", "calendar")
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - dt.timedelta(hours=1))
    heartbeats.beat("cluster", workers=2)
    assert open_alerts() == ["jobs_stuck"]
    Heartbeat.objects.update(seen_at=timezone.now() - dt.timedelta(minutes=2))
    assert open_alerts() == ["jobs_stuck"], "they may be starting"
    Heartbeat.objects.update(seen_at=timezone.now() - dt.timedelta(minutes=4))
    assert sorted(open_alerts()) == ["jobs_stuck", "workers_gone"], "what was open is not resolved"
    gone = Alert.objects.get(kind="workers_gone")
    assert re.search(r"no workers since .* 1 job waits\.", messages.sentence(gone))
    jobs.cancel(job.pk)
    heartbeats.beat("cluster", workers=2)
    assert open_alerts() == []
    heartbeats.end()
    Heartbeat.objects.create(what="queue", name="queue", began_at=gone.opened_at, seen_at=two_days_ago())
    assert open_alerts() == ["workers_gone"], "ended in order, but by nobody's wish"
    SyncRun.objects.create(started_at=timezone.now(), finished_at=timezone.now(), status=SyncRun.Status.COMPLETE)
    assert "workers_gone" not in open_alerts(), "somebody syncs without workers"


def two_days_ago() -> dt.datetime:
    return timezone.now() - dt.timedelta(days=2)


@pytest.mark.once
def test_an_archive_that_nobody_prunes_is_told(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.undo()
    old = timezone.now() - dt.timedelta(days=settings.ARCHIVE_DAYS + 3)
    Page.objects.create(purpose="calendar", method="GET", url="x", sent_at=old, seconds=1)
    assert open_alerts() == ["archive_overdue"]
    assert messages.sentence(Alert.objects.get()).startswith("1 old page or job should have been dropped")
    jobs.perform(retention.ask())
    assert open_alerts() == []


def test_one_looks_at_a_time_and_one_that_died_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "PATIENCE", 0.2)
    WatchState.objects.update_or_create(defaults={"busy_until": timezone.now() + dt.timedelta(minutes=1)})
    assert not watch.look()
    WatchState.objects.update(busy_until=timezone.now() - dt.timedelta(seconds=1))
    assert watch.look()
    looked = WatchState.objects.get().looked_at
    watch.tick()
    assert WatchState.objects.get().looked_at == looked, "it was a moment ago"
    WatchState.objects.update(looked_at=timezone.now() - dt.timedelta(minutes=1))
    watch.tick()
    assert WatchState.objects.get().looked_at != looked


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


@pytest.mark.once
def test_a_monitor_that_breaks_is_told_and_silences_no_other(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """And what it would have looked at keeps its alerts."""

    def breaks(_now: monitors.Situation) -> list[Finding]:
        raise RuntimeError("out of order")

    monkeypatch.undo()
    whole = list(monitors.MONITORS)
    update(GONE, STUCK, at=NOW)
    job, _ = jobs.enqueue("calendar", "calendar")
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - dt.timedelta(minutes=10))
    broken = [
        replace(monitor, find=breaks) if "cinema_gone" in monitor.kinds else monitor for monitor in monitors.MONITORS
    ]
    monkeypatch.setattr(monitors, "MONITORS", broken)
    assert watch.look()
    said = {f"{alert.kind} {alert.subject}".rstrip() for alert in Alert.objects.open()}
    assert said == {"cinema_gone kijow", "jobs_stuck", "monitor_broken breaks"}
    monkeypatch.setattr(monitors, "MONITORS", whole)
    assert watch.look()
    assert "monitor_broken breaks" not in {f"{alert.kind} {alert.subject}".rstrip() for alert in Alert.objects.open()}


def test_a_page_s_lines_are_one_line_in_an_error_and_a_subject() -> None:
    error = ExtractionError(url="http://site.example/", place="end of page", expected="</html>", found="<b>\n  cut\r\n")
    assert str(error).endswith("found <b> cut")
