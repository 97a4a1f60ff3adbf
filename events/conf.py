"""This room's settings, from the environment; docs/OPERATING.md lists them."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from kinokrakow.environment import address, flag, heading, one_of, seconds, text

heading("Where cinemas are")
CITY = str(settings.CITY)
_bounds = text(
    "CITY_BOUNDS",
    "49.967,50.127,19.792,20.218",
    "where a place must lie to count: south, north, west, east (degrees)",
)
try:
    SOUTH, NORTH, WEST, EAST = (float(degrees) for degrees in _bounds.split(","))
except ValueError:
    SOUTH, NORTH, WEST, EAST = 1.0, 0.0, 0.0, 0.0
if not (-90 <= SOUTH < NORTH <= 90 and -180 <= WEST < EAST <= 180):
    raise ImproperlyConfigured(f"CITY_BOUNDS={_bounds}: expected south,north,west,east in degrees.")
GEOCODER = one_of(
    "GEOCODER", "nominatim", ("nominatim", "google", "none"), "who is asked where a cinema is that is not known yet"
)
NOMINATIM_BASE_URL = address("NOMINATIM_BASE_URL", "https://nominatim.openstreetmap.org", "Nominatim, or your own")
NOMINATIM_REQUEST_INTERVAL = seconds(
    "NOMINATIM_REQUEST_INTERVAL", 1, "least time between two requests to the geocoder; Nominatim's terms ask for 1"
)
GOOGLE_GEOCODING_URL = address("GOOGLE_GEOCODING_URL", "https://maps.googleapis.com", "Google's geocoder")
GOOGLE_GEOCODING_KEY = text("GOOGLE_GEOCODING_KEY", "", "its key; `GEOCODER=google` needs one")
if GEOCODER == "google" and not GOOGLE_GEOCODING_KEY:
    raise ImproperlyConfigured("GEOCODER=google needs a GOOGLE_GEOCODING_KEY.")
CINEMA_PAGE = text(
    "CINEMA_PAGE", "", "path of the site's own page about a cinema, `/{slug}/info`, tried first; empty: it has none"
)
CINEMA_MAP = text(
    "CINEMA_MAP", "", "path of the site's list of cinemas with their streets, `/kino/map` where `probe` finds one: a "
    "street is found more surely than a name; empty: there is none"
)  # fmt: skip

heading("What anybody may read")
PUBLIC_PAGE = flag("PUBLIC_PAGE", True, "the page *What's on*; switched off it is a 404, as are the next two")
PUBLIC_API = flag("PUBLIC_API", True, "the JSON API")
PUBLIC_FEEDS = flag("PUBLIC_FEEDS", True, "the calendars")
PUBLIC_MAX_AGE = int(seconds("PUBLIC_MAX_AGE", 300, "for how long anybody may keep an answer"))
