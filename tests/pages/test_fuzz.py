"""500 damaged pages; `make fuzz` reads 50,000."""

from __future__ import annotations

from tests.pages import fuzz


def test_damaged_pages_are_refused_or_read_right() -> None:
    read, outcomes, found = fuzz.faults(500, seconds=60, seed=500)
    assert found == []
    assert min(outcomes["read"], outcomes["read in part"], outcomes["refused"]) > 0
    assert read > 100
