"""Pure: an answer's values, each of the type that TMDB documents; one of another type is left out and counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from kinokrakow import http

LONGEST = 300  # letters of a name; more is no name
REFUSALS = frozenset({3, 7, 10, 14, 30, 31, 33, 45})  # status codes: no permission, key or account; suspended


@dataclass(slots=True)
class Values:
    """Reads values by their keys. `left_out` counts what could not be read, by key."""

    left_out: Counter[str] = field(default_factory=Counter)

    def text(self, thing: dict[str, Any], key: str, longest: int = LONGEST) -> str:
        value = thing.get(key)
        if not isinstance(value, str):
            self._leave_out(key, value)
            return ""
        readable = value[: 4 * longest].encode("utf-8", "replace").decode()  # half a character can't be stored
        return " ".join(readable.replace("\0", " ").split())[:longest]

    def number(self, thing: dict[str, Any], key: str, most: int = 2**31) -> int | None:
        """A whole number, also one written as text."""
        value = thing.get(key)
        if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20:
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < most:
            return value
        self._leave_out(key, value)
        return None

    def measure(self, thing: dict[str, Any], key: str) -> float | None:
        value = thing.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and -1e300 < value < 1e300:
            return value
        self._leave_out(key, value)
        return None

    def object(self, thing: dict[str, Any], key: str) -> dict[str, Any]:
        value = thing.get(key)
        if isinstance(value, dict):
            return value
        self._leave_out(key, value)
        return {}

    def objects(self, thing: dict[str, Any], key: str) -> list[dict[str, Any]]:
        value = thing.get(key)
        if isinstance(value, list):
            return self.readable(value, key)
        self._leave_out(key, value)
        return []

    def readable(self, listed: list[Any], key: str) -> list[dict[str, Any]]:
        objects = [one for one in listed if isinstance(one, dict)]
        if len(objects) < len(listed):
            self.left_out[key] += len(listed) - len(objects)
        return objects

    def _leave_out(self, key: str, value: Any) -> None:
        """None and what is empty say that TMDB knows nothing."""
        if value is not None and value not in ("", [], {}):
            self.left_out[key] += 1


def whole(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise TypeError(f"expected an object, found {type(answer).__name__}")
    if answer.get("success") is False:
        code = answer.get("status_code")
        said = f"TMDB: {code!s:.20} {answer.get('status_message')!s:.{LONGEST}}"
        if isinstance(code, int) and code in REFUSALS:
            raise http.Denied(said)
        raise ValueError(said)
    return answer


def listed_in(answer: Any, key: str) -> list[Any]:
    """A list's results. An answer without any list is not one that found nothing."""
    found = whole(answer).get(key)
    if not isinstance(found, list):
        raise TypeError(f"{key}: expected a list, found {found!r:.80}")
    return found
