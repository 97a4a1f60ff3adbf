"""Films, cinemas, showtimes, events and other sources for staff: "why is this (not) published?" in two clicks.

What jobs write is read-only here; it would be overwritten by the next sync. What a person may say, and no job takes
back: where a cinema is, that two are one, which of two sources goes first, and whether two showings are duplicates.
"""

from events.admin.cinemas import CinemaAdmin as CinemaAdmin
from events.admin.films import ListedFilmAdmin as ListedFilmAdmin
from events.admin.films import MovieAdmin as MovieAdmin
from events.admin.others import DuplicateAdmin as DuplicateAdmin
from events.admin.others import EventSourceAdmin as EventSourceAdmin
from events.admin.others import OtherEventAdmin as OtherEventAdmin
from events.admin.showtimes import EventAdmin as EventAdmin
from events.admin.showtimes import ShowtimeAdmin as ShowtimeAdmin
