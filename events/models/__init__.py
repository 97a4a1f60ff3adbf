"""The rows: the site's films and showtimes, TMDB's movies, the events we publish, and what other sources announce."""

from events.models.changes import CalendarDay, PublicChange
from events.models.cinemas import Cinema
from events.models.fills import Fill
from events.models.films import DEFAULT_RUNTIME, ListedFilm, ListedFilmQuerySet, Movie
from events.models.limits import BATCH, LONGEST_ID, SLUG, URL, VERSION
from events.models.others import OWN_PRIORITY, Duplicate, EventSource, OtherCinema, OtherEvent
from events.models.showtimes import Event, Showtime

__all__ = [
    "BATCH", "DEFAULT_RUNTIME", "LONGEST_ID", "OWN_PRIORITY", "SLUG", "URL", "VERSION", "CalendarDay", "Cinema",
    "Duplicate", "Event", "EventSource", "Fill", "ListedFilm", "ListedFilmQuerySet", "Movie", "OtherCinema",
    "OtherEvent", "PublicChange", "Showtime",
]  # fmt: skip
