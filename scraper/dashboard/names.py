"""What staff call kinds of alerts, outside services and witnesses, which are codes in the database."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from scraper.coverage.witnesses.listings.registry import WITNESSES
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


def of_witness(name: str) -> str:
    return WITNESSES[name].title if name in WITNESSES else name
