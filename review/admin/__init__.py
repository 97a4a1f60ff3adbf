"""The admin's lists of matching and review; importing this registers them."""

from review.admin import candidates, films, history

__all__ = ["candidates", "films", "history"]
