"""This room's settings, from the environment as `kinokrakow.settings` reads it; README.md lists them."""

from __future__ import annotations

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()


def _one_of(name: str, default: str, *choices: str) -> str:
    value = str(_env.str(name, default=default)).lower()
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value}: expected one of {', '.join(choices)}.")
    return value


def _address(name: str, default: str) -> str:
    value = str(_env.str(name, default=default)).rstrip("/")
    if not value.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"{name}={value!r}: expected an address that starts with http:// or https://.")
    return value


def _seconds(name: str, default: float) -> float:
    value = str(_env.str(name, default=str(default)))
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ImproperlyConfigured(f"{name}={value}: expected a number of seconds, 0 or more.")
    return seconds


# --- where cinemas are ------------------------------------------------------------------------------
GEOCODER = _one_of("GEOCODER", "nominatim", "nominatim", "google", "none")
NOMINATIM_BASE_URL = _address("NOMINATIM_BASE_URL", "https://nominatim.openstreetmap.org")
NOMINATIM_REQUEST_INTERVAL = _seconds("NOMINATIM_REQUEST_INTERVAL", 1)  # its terms ask for 1 at least
GOOGLE_GEOCODING_URL = _address("GOOGLE_GEOCODING_URL", "https://maps.googleapis.com")
GOOGLE_GEOCODING_KEY = str(_env.str("GOOGLE_GEOCODING_KEY", default=""))
if GEOCODER == "google" and not GOOGLE_GEOCODING_KEY:
    raise ImproperlyConfigured("GEOCODER=google needs a GOOGLE_GEOCODING_KEY.")
#: Path of the site's page about a cinema, `{slug}` for its slug ("/{slug}/info"); empty: it has none.
CINEMA_PAGE = str(_env.str("CINEMA_PAGE", default=""))

# --- what is public ---------------------------------------------------------------------------------
PUBLIC_PAGE = bool(_env.bool("PUBLIC_PAGE", default=True))
PUBLIC_API = bool(_env.bool("PUBLIC_API", default=True))
PUBLIC_FEEDS = bool(_env.bool("PUBLIC_FEEDS", default=True))
PUBLIC_MAX_AGE = int(_seconds("PUBLIC_MAX_AGE", 300))  # for how long anybody may keep an answer
