"""Messages about alerts: one per look and channel, by e-mail and by every service that Apprise speaks, tried for a day.

A channel's name is kept and shown, its address is not: ALERT_URLS carry tokens.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kinokrakow import clock
from scraper.models import Alert, Delivery
from scraper.monitoring.messages import link, sentence

logger = logging.getLogger(__name__)

EMAIL = "e-mail"
PAUSES = (10, 30, 60, 300, 900, 1800)  # s until a message is tried again, after so many attempts
SENDING = 60  # s after which somebody who began to send a message counts as gone
TRIED_FOR = dt.timedelta(days=1)
RETOLD_AFTER = dt.timedelta(minutes=30)  # between two messages about one alert, however many causes join it
UNHEARD_AFTER = dt.timedelta(minutes=15)
SECRET = 6  # letters from which on a part of an address may be a token


class Undelivered(Exception):
    """A channel did not take a message; says why, without the channel's secrets."""


def channels() -> tuple[str, ...]:
    """The names of the configured channels: `e-mail`, and for each of ALERT_URLS its place and scheme."""
    return ((EMAIL,) if settings.ALERT_EMAILS else ()) + tuple(_services())


def announce(*, at: dt.datetime) -> None:
    """Write a message for each channel about all that is open and that nobody was told of, and what was resolved since.

    In the transaction that changed the alerts. Without any channel nothing counts as told, so whoever sets one later
    hears of all that is open then. A silenced alert is told when it is open beyond its silence.
    """
    names = channels()
    if not names:
        return
    news = Q(told_at=None) | Q(changed_at__gt=F("told_at"), told_at__lte=at - RETOLD_AFTER)
    heard = Q(silenced_until=None) | Q(silenced_until__lte=at)
    open_ = [
        alert for alert in Alert.objects.open().filter(news, heard).order_by("level", "pk") if _mark_told(alert, at)
    ]
    ended = Alert.objects.filter(resolved_at__isnull=False, resolved_told_at=None, told_at__isnull=False)
    silent = Q(expired=True) | ~heard
    ended.filter(silent).update(resolved_told_at=at)
    resolved = [alert for alert in ended.order_by("level", "pk") if _mark_resolution_told(alert, at)]
    if open_ or resolved:
        _write(names, open_, resolved, at)


def _mark_told(alert: Alert, at: dt.datetime) -> bool:
    return Alert.objects.filter(pk=alert.pk, told_at=alert.told_at).update(told_at=at) == 1


def _mark_resolution_told(alert: Alert, at: dt.datetime) -> bool:
    return Alert.objects.filter(pk=alert.pk, resolved_told_at=None).update(resolved_told_at=at) == 1


def _write(names: Iterable[str], open_: Sequence[Alert], resolved: Sequence[Alert], at: dt.datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        title, text = _title(open_, resolved), _text(open_, resolved)
    for channel in names:
        message = Delivery.objects.create(channel=channel, title=title, text=text, created_at=at, due_at=at)
        message.alerts.set([*open_, *resolved])


def deliver(at: Callable[[], dt.datetime] = lambda: clock.now()) -> None:
    """Send what is due, each channel by itself: one that does not take its oldest message is left for later."""
    waiting = Delivery.objects.filter(status=Delivery.Status.WAITING).order_by("pk")
    for channel in sorted(set(waiting.order_by().values_list("channel", flat=True))):
        for message in waiting.filter(channel=channel).defer("text"):
            if not _attempt(message, at):
                break


def _attempt(message: Delivery, at: Callable[[], dt.datetime]) -> bool:
    """Send one message if it is due and nobody else is sending it; False when it did not get through."""
    now = at()
    if message.due_at is not None and message.due_at > now:
        return False
    mine = Delivery.objects.filter(pk=message.pk, status=Delivery.Status.WAITING, attempts=message.attempts)
    pause = PAUSES[min(message.attempts, len(PAUSES) - 1)]
    if not mine.update(attempts=F("attempts") + 1, due_at=now + dt.timedelta(seconds=max(pause, SENDING))):
        return False
    error = ""
    try:
        send(message.channel, message.title, message.text)
    except Undelivered as problem:
        error = str(problem)
    except Exception as problem:  # of a channel's own making; its text may hold secrets
        error = type(problem).__name__
        logger.error("%s: sending broke with %s", message.channel, error)
    row = Delivery.objects.filter(pk=message.pk, status=Delivery.Status.WAITING)
    if not error:
        row.update(status=Delivery.Status.SENT, error="", ended_at=at())
        return True
    logger.warning("%s does not take a message: %s", message.channel, error)
    row.update(error=error, due_at=at() + dt.timedelta(seconds=pause))
    if at() - message.created_at >= TRIED_FOR:
        _give_up(message, at())
    return False


def _give_up(message: Delivery, at: dt.datetime) -> None:
    """After a day: what is still open of it is told in a new message, for as long as the channel is one of ours."""
    with transaction.atomic():
        row = Delivery.objects.filter(pk=message.pk, status=Delivery.Status.WAITING)
        if not row.update(status=Delivery.Status.FAILED, ended_at=at):
            return
        still_open = list(message.alerts.filter(resolved_at=None))
        if still_open and message.channel in channels():
            _write([message.channel], still_open, [], at)


def unheard(at: dt.datetime) -> bool:
    """Whether no channel has taken anything for a while although there is something to be told: nobody hears us."""
    names = channels()
    late = Delivery.objects.filter(status=Delivery.Status.WAITING, created_at__lt=at - UNHEARD_AFTER)
    return bool(names) and set(names) <= set(late.values_list("channel", flat=True))


def send(channel: str, title: str, text: str) -> None:
    """Deliver now. Raises `Undelivered`; outside transactions."""
    try:
        if channel == EMAIL:
            send_mail(title, text, None, settings.ALERT_EMAILS)
            return
        url = _services()[channel]
    except KeyError:
        raise Undelivered(f"{channel} is no longer among ALERT_URLS") from None
    except (OSError, ValueError) as error:  # smtplib's errors, the network's, and a header that can't be
        raise Undelivered(f"{type(error).__name__}: {error}") from error
    import apprise  # here, for few processes deliver, and all would wait for it at their start

    service = apprise.Apprise()
    with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as log:  # type: ignore[no-untyped-call]
        taken = service.add(url) and service.notify(title=title, body=text)
        said = log.getvalue()
    if not taken:
        raise Undelivered(_without_secrets(said.strip() or "not delivered", url))


def troubles() -> list[Delivery]:
    """The newest message of each configured channel, where that one failed or is being tried again."""
    newest: dict[str, Delivery] = {}
    for message in Delivery.objects.filter(channel__in=channels()).order_by("-pk")[:20]:
        newest.setdefault(message.channel, message)
    return [message for message in newest.values() if message.error]


def _services() -> dict[str, str]:
    return {f"{number} {urlsplit(url).scheme}": url for number, url in enumerate(settings.ALERT_URLS, start=1)}


def _without_secrets(text: str, url: str) -> str:
    for part in sorted(re.split(r"[^\w.-]+", url), key=len, reverse=True):
        if len(part) >= SECRET:
            text = text.replace(part, "***")
    return text


def _title(open_: Sequence[Alert], resolved: Sequence[Alert]) -> str:
    if not open_:
        count = len(resolved)
        over = ngettext("%(n)s alert resolved", "%(n)s alerts resolved", count) % {"n": count}
        return f"{settings.SITE_NAME}: {over}"
    first, *others = open_
    said = " ".join(sentence(first).split())  # a subject is one line
    return f"{settings.SITE_NAME}: {said}" + (f" (+{len(others)})" if others else "")


def _text(open_: Sequence[Alert], resolved: Sequence[Alert]) -> str:
    parts = [_paragraph(alert, _("since %(moment)s")) for alert in open_]
    if resolved:
        parts.append(_("Resolved:"))
        parts += [_paragraph(alert, _("was open since %(moment)s")) for alert in resolved]
    return "\n\n".join(parts) + "\n"


def _paragraph(alert: Alert, since: str) -> str:
    moment = date_format(timezone.localtime(alert.opened_at), "j.m.Y H:i")
    return "\n".join((sentence(alert), since % {"moment": moment}, settings.SITE_URL + link(alert)))
