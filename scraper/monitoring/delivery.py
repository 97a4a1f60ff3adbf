"""Messages about alerts: one per evaluation and channel, by e-mail and by every service that Apprise speaks.

A channel's name is kept and shown, its address is not: ALERT_URLS carry tokens.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import apprise
from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scraper.models import Alert, Delivery
from scraper.monitoring.alerts import Changes
from scraper.monitoring.messages import link, sentence

EMAIL = "e-mail"
SECRET = 6  # letters from which on a part of an address may be a token


class Undelivered(Exception):
    """A channel did not take a message; says why, without the channel's secrets."""


def channels() -> tuple[str, ...]:
    """The names of the configured channels: `e-mail`, and for each of ALERT_URLS its place and scheme."""
    return ((EMAIL,) if settings.ALERT_EMAILS else ()) + tuple(_services())


def announce(changes: Changes, *, at: dt.datetime) -> Iterator[Delivery]:
    """A message for each channel about what was opened and resolved; none when nothing was."""
    told = (*changes.opened, *changes.resolved)
    if not told:
        return
    with translation.override(settings.LANGUAGE_CODE):
        title, text = _title(changes), _text(changes)
    for channel in channels():
        message = Delivery.objects.create(channel=channel, title=title, text=text, created_at=at)
        message.alerts.set(told)
        yield message


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


def _title(changes: Changes) -> str:
    if not changes.opened:
        count = len(changes.resolved)
        return "KinoKraków: " + ngettext("%(n)s alert resolved", "%(n)s alerts resolved", count) % {"n": count}
    first, *others = changes.opened
    said = " ".join(sentence(first).split())  # a subject is one line
    return f"KinoKraków: {said}" + (f" (+{len(others)})" if others else "")


def _text(changes: Changes) -> str:
    parts = [_paragraph(alert, _("since %(moment)s")) for alert in changes.opened]
    if changes.resolved:
        parts.append(_("Resolved:"))
        parts += [_paragraph(alert, _("was open since %(moment)s")) for alert in changes.resolved]
    return "\n\n".join(parts) + "\n"


def _paragraph(alert: Alert, since: str) -> str:
    moment = date_format(timezone.localtime(alert.opened_at), "j.m.Y H:i")
    return "\n".join((sentence(alert), since % {"moment": moment}, settings.SITE_URL + link(alert)))
