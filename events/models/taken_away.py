"""Pure: how much of what is published may be taken away at once, by a page, a run, a file or an undo."""

from __future__ import annotations

MANY, LARGE_PART = 20, 10


def large_part(lost: int, published: int) -> bool:
    """Whether so many of what is published are more than anything may take away by itself: 20, and over a tenth."""
    return lost >= MANY and LARGE_PART * lost > published
