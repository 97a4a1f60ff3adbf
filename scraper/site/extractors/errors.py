"""What an extractor raises when a page is not what it expects."""

from __future__ import annotations


class ExtractionError(ValueError):
    """A page that cannot be believed: says which page, where in it, what was expected and what was found."""

    def __init__(self, *, url: str, place: str, expected: str, found: str) -> None:
        self.url = url
        self.place = place
        self.expected = expected
        self.found = " ".join(found.split())[:200]
        super().__init__(f"{url}: {place}: expected {expected}, found {self.found or 'nothing'}")


class WrongDay(ExtractionError):
    """The page speaks of another day than the one asked for, or contradicts itself about its day."""
