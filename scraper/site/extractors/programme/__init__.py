"""What both kinds of programme page share, once their rows are cells: names, hours, nights, and the conclusion."""

from __future__ import annotations

from .conclusion import Reading, conclude, says_empty, says_no_programme
from .naming import (
    ANOTHER_BESIDE,
    NO_CINEMA,
    Named,
    advertises,
    beside_another,
    cinema,
    cinema_span,
    films,
    hides_a_film,
    is_film_cell,
    lists_hours_of_a_cinema,
    named,
    names_a_cinema,
)
from .row_kinds import is_blank, is_date_row, is_note, is_titles, looks_like_a_heading, own_words, tells_no_showing
from .showings import Showing, another_day_given, hour_cells, not_as_written, showings, ticket_links, version_beside
from .two_rows import joined

__all__ = [
    "ANOTHER_BESIDE",
    "NO_CINEMA",
    "Named",
    "Reading",
    "Showing",
    "advertises",
    "another_day_given",
    "beside_another",
    "cinema",
    "cinema_span",
    "conclude",
    "films",
    "hides_a_film",
    "hour_cells",
    "is_blank",
    "is_date_row",
    "is_film_cell",
    "is_note",
    "is_titles",
    "joined",
    "lists_hours_of_a_cinema",
    "looks_like_a_heading",
    "named",
    "names_a_cinema",
    "not_as_written",
    "own_words",
    "says_empty",
    "says_no_programme",
    "showings",
    "tells_no_showing",
    "ticket_links",
    "version_beside",
]
