"""What a check of the doctor's says."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARN, BAD = "ok", "warning", "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """`next`: what to do about it; empty when all is well."""

    name: str
    state: str
    said: str
    next: str = ""
