"""Checks of what stands outside: channels, TMDB, the site. Each asks at most two requests, under the rate limits."""

from __future__ import annotations

import smtplib
from collections.abc import Callable

from django.conf import settings
from django.core.mail import get_connection
from django.utils import timezone

from kinokrakow import http
from review.automatic import asking
from review.tmdb import Tmdb
from scraper.monitoring import delivery
from scraper.monitoring.doctor.finding import BAD, OK, WARN, Finding
from scraper.site import client
from scraper.site.offer import days_on_offer

PATIENCE = 10.0  # s that a turn at the site is waited for


def channels() -> Finding:
    """Whether somebody would hear of an alert. A mail server is greeted; nothing is sent."""
    name, how = "alerts", "python manage.py alerts --test sends a message to all"
    configured = delivery.channels()
    if not configured:
        return Finding(name, WARN, "nobody would hear of one", "set ALERT_EMAILS with EMAIL_URL, or ALERT_URLS")
    if delivery.EMAIL in configured:
        if "console" in settings.EMAIL_BACKEND:
            return Finding(
                name, BAD, "e-mails are printed, not sent", "set EMAIL_URL=smtp+tls://user:password@host:587"
            )
        try:
            mail = get_connection()
            mail.open()
            mail.close()
        except (OSError, smtplib.SMTPException) as error:
            server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
            said = f"the mail server {server} does not take us: {type(error).__name__}"
            return Finding(name, BAD, said, "check EMAIL_URL: server, port, user, password")
    return Finding(name, OK, f"{', '.join(configured)}; {how}")


def tmdb() -> Finding:
    if not asking.configured():
        said = "TMDB_TOKEN is not set: films wait unmatched and unpublished"
        return Finding("TMDB", BAD, said, "get a read token at themoviedb.org (Settings → API) and set TMDB_TOKEN")
    try:
        with http.Session(asking.service(), patience=PATIENCE, tries=1) as session:
            Tmdb(session).search("Seksmisja")
    except http.NotYet as error:
        return Finding("TMDB", WARN, str(error), "wait; or see Outside services in the admin")
    except (http.Blocked, http.Refused) as error:
        return Finding("TMDB", BAD, str(error)[:200], "check TMDB_TOKEN: it must be a read token (v4)")
    except http.HttpError as error:
        return Finding("TMDB", BAD, str(error)[:200], "check TMDB_BASE_URL and this machine's way to the internet")
    return Finding("TMDB", OK, f"answers at {settings.TMDB_BASE_URL} and takes TMDB_TOKEN")


def site() -> Finding:
    """Its robots.txt, and whether its programme names days."""
    name = "site"
    try:
        with client.Visit("doctor", patience=PATIENCE, tries=1) as visit:
            page = visit.get(client.BY_MOVIE)
    except http.NotYet as error:
        return Finding(name, WARN, str(error), "wait; or see Host gates and Outside services in the admin")
    except http.Blocked as error:
        return Finding(
            name, BAD, str(error)[:200], "the host or its robots.txt forbids it: set CONTACT, ask its webmaster"
        )
    except http.HttpError as error:
        return Finding(name, BAD, str(error)[:200], "check KINO_BASE_URL; python manage.py probe says more")
    offer = days_on_offer(page, today=timezone.localdate())
    if not offer.source:
        return Finding(name, WARN, f"{page.url} names no days", "python manage.py probe says more")
    return Finding(name, OK, f"{page.url} offers {len(offer.dates)} days from {offer.dates[0]}; robots.txt allows it")


CHECKS: tuple[Callable[[], Finding], ...] = (channels, tmdb, site)
