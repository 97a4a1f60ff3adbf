"""The admin's lists of matching and review; importing this registers them."""

from review.admin import lists

__all__ = ["lists"]
