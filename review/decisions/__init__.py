"""What a person says of a listed film: decided on what was shown, recorded, and undone as a whole."""

from review.decisions.draft import NotOffered, Stale, Submission
from review.decisions.lookup import NoAnswer
from review.decisions.undoing import NotUndone, TakesMuch, standing, undo, undo_together
from review.decisions.verbs import accept, accept_other, confirm, defer, not_a_film, not_on_tmdb, several_films

__all__ = [
    "NoAnswer",
    "NotOffered",
    "NotUndone",
    "Stale",
    "Submission",
    "TakesMuch",
    "accept",
    "accept_other",
    "confirm",
    "defer",
    "not_a_film",
    "not_on_tmdb",
    "several_films",
    "standing",
    "undo",
    "undo_together",
]
