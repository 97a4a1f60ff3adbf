"""The services that we ask: one that does not answer, refuses our key, or wants to be left alone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scraper.monitoring.messages.phrases import moment, short


def _tmdb_silent(_subject: str, facts: dict[str, Any]) -> str:
    said = _("TMDB could not be asked: %(error)s.") % {"error": short(facts["error"])}
    return f"{said} {_films_wait(facts)}"


def _films_wait(facts: dict[str, Any]) -> str:
    return ngettext("%(n)s film waits for it.", "%(n)s films wait for it.", facts["jobs"]) % {"n": facts["jobs"]}


def _tmdb_refused(_subject: str, facts: dict[str, Any]) -> str:
    said = _("TMDB refuses our key: %(error)s. Put a valid TMDB_TOKEN into .env and restart the program.") % {
        "error": short(facts["error"])
    }
    return f"{said} {_films_wait(facts)}"


def _geocoder_silent(_subject: str, facts: dict[str, Any]) -> str:
    return _("The geocoder could not be asked for the places of cinemas: %(error)s.") % {"error": short(facts["error"])}


def _geocoder_refused(_subject: str, facts: dict[str, Any]) -> str:
    return _(
        "The geocoder refuses our requests: %(error)s. For Google, check GOOGLE_GEOCODING_KEY and its quota; for "
        "Nominatim, set CONTACT, so that it knows who asks. Then restart the program."
    ) % {"error": short(facts["error"])}


def _host_closed(host: str, facts: dict[str, Any]) -> str:
    said = _("The host %(host)s wants no request before %(until)s; nothing is read from it until then.") % {
        "host": host, "until": moment(facts["until"]),
    }  # fmt: skip
    if "since" not in facts:
        return said
    return f"{said} " + _("It has asked us to wait since %(since)s.") % {"since": moment(facts["since"])}


def _refused(_subject: str, facts: dict[str, Any]) -> str:
    return (
        _("The site refused %(requests)s of %(of)s requests of the last sync, the last with HTTP %(status)s.") % facts
    )


KINDS = {
    "tmdb_silent": _tmdb_silent,
    "tmdb_refused": _tmdb_refused,
    "geocoder_silent": _geocoder_silent,
    "geocoder_refused": _geocoder_refused,
    "host_closed": _host_closed,
    "refused": _refused,
}
