"""The admin's lists of matching and review; importing this registers them."""

from review.admin import bulk, candidates, films, history

__all__ = ["bulk", "candidates", "films", "history"]
