"""What staff call kinds of alerts and outside services, which are codes in the database."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from scraper.models.alert_names import ALERTS

SERVICES = {
    "kino": _("the site"),
    "tmdb": "TMDB",
    "geocoder": _("the geocoder"),
}


def of_alert(kind: str) -> str:
    """The code itself for a kind that this version does not know."""
    return str(ALERTS.get(kind, kind))


def of_service(name: str) -> str:
    return str(SERVICES.get(name, name))
