"""Settings as the environment or `.env` gives them: each is read, checked and remembered by one call.

A call says the setting's name, its default and what it is for. `KNOWN` then lists them all, from which the table of
docs/OPERATING.md and `.env.example` are made (`make docs`), so that code and documents name the same ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
_env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


@dataclass(frozen=True)
class Setting:
    name: str
    default: str  # as it is written; empty: none
    what: str
    heading: str
    computed: bool = False  # the default is said in words


#: Every setting that has been read, by name, in the order of reading.
KNOWN: dict[str, Setting] = {}
_heading = ""


def heading(words: str) -> None:
    """What the settings read from here on have in common."""
    global _heading
    _heading = words


def text(name: str, default: str, what: str, *, said_default: str | None = None) -> str:
    """Any text. `said_default`: what the documents say where the default is computed or is this machine's."""
    KNOWN[name] = Setting(name, said_default or default, what, _heading, bool(said_default))
    return str(_env.str(name, default=default))


def flag(name: str, default: bool, what: str) -> bool:
    KNOWN[name] = Setting(name, str(int(default)), what, _heading)
    return bool(_env.bool(name, default=default))


def names(name: str, default: list[str], what: str, *, said_default: str | None = None) -> list[str]:
    """A list, with commas between."""
    KNOWN[name] = Setting(name, said_default or ",".join(default), what, _heading, bool(said_default))
    return [str(value).strip() for value in _env.list(name, default=default) if str(value).strip()]


def one_of(name: str, default: str, choices: tuple[str, ...], what: str) -> str:
    value = text(name, default, what).lower()
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value}: expected one of {', '.join(choices)}.")
    return value


def seconds(name: str, default: float, what: str) -> float:
    value = text(name, str(default), what)  # env.float would read "2e1" as 21 and "soon" as a ValueError
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise ImproperlyConfigured(f"{name}={value}: expected a number of seconds, 0 or more.")
    return number


def whole(name: str, default: int, what: str, *, least: int = 1, said_default: str | None = None) -> int:
    value = text(name, str(default), what, said_default=said_default)
    if not (value.isascii() and value.isdecimal()) or int(value) < least:
        raise ImproperlyConfigured(f"{name}={value}: expected a whole number, {least} or more.")
    return int(value)


def percent(name: str, default: int, what: str) -> int:
    value = whole(name, default, what)
    if value > 100:
        raise ImproperlyConfigured(f"{name}={value}: expected a percentage, 1 to 100.")
    return value


def address(name: str, default: str, what: str) -> str:
    value = text(name, default, what).rstrip("/")
    if not re.match(r"https?://[^/\s]", value):
        raise ImproperlyConfigured(f"{name}={value!r}: expected an address that starts with http:// or https://.")
    return value


def as_table() -> str:
    """All settings, as docs/OPERATING.md lists them."""
    parts = []
    for title, settings in groupby(KNOWN.values(), key=lambda setting: setting.heading):
        rows = [f"| `{s.name}` | {_shown(s)} | {s.what} |" for s in settings]
        parts.append("\n".join((f"### {title}", "| name | default | what |", "|---|---|---|", *rows)))
    return "\n\n".join(parts) + "\n"


def _shown(setting: Setting) -> str:
    return setting.default if setting.computed else f"`{setting.default}`" if setting.default else "–"


def as_env() -> str:
    """All settings, as `.env.example` lists them: commented out, each at its default."""
    parts = ["# Copy to .env beside manage.py and take the # off what you set. Made by `make docs`.\n"]
    for title, settings in groupby(KNOWN.values(), key=lambda setting: setting.heading):
        parts.append(f"\n## {title}\n")
        parts += [
            f"# {s.what}{f' (default: {s.default})' if s.computed else ''}\n"
            f"#{s.name}={'' if s.computed else s.default}\n"
            for s in settings
        ]
    return "".join(parts)
