"""Records meet rows: what a page says is stored. Every verb takes the time as an argument."""

from events.processing.film_pages import FACTS, doubt_page, pages_missing, store_facts, store_no_page
from events.processing.fitting import storable
from events.processing.programme import Outcome, store_programme

__all__ = [
    "FACTS", "Outcome", "doubt_page", "pages_missing", "storable", "store_facts", "store_no_page", "store_programme",
]  # fmt: skip
