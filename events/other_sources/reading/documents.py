"""Pure: a file of another source → its pieces, each with the number of the line that it begins in.

A piece is a line, as JSON lines are written. A file that is one page, or JSON that goes over several lines as programs
print it for people to read, is taken as a whole, up to `MAX_DOCUMENT`: its objects are the pieces then, unless they
refer to one another by `@id`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import IO

MAX_LINE = 1_000_000  # bytes
MAX_DOCUMENT = 10_000_000
BOM = b"\xef\xbb\xbf"
Piece = tuple[int, bytes]

SCRIPT = re.compile(rb"<script\b[^>]*\bapplication/ld\+json\b[^>]*>(.*?)</script", re.IGNORECASE | re.DOTALL)
_OPEN = (b"{", b"[", b",", b":")
_BETWEEN = re.compile(r"[\s,]*")


def pieces(file: IO[bytes]) -> Iterator[Piece]:
    lines = _lines(file)
    head: list[bytes] = []
    told: list[bytes] = []
    for line in lines:
        head.append(line)
        bare = line.removeprefix(BOM).strip()
        told += [bare] if bare else []
        if len(told) == 2:
            break
    if not told or not _goes_on(told[0], told[1] if len(told) > 1 else b""):
        yield from enumerate(chain(head, lines), start=1)
        return
    text = b"".join(head).removeprefix(BOM)
    text += file.read(max(0, MAX_DOCUMENT + 1 - len(text)))
    first = 1 + text[: len(text) - len(text.lstrip())].count(b"\n")
    if len(text) > MAX_DOCUMENT or told[0].startswith(b"<") or b'"@id"' in text:
        yield first, text
    else:
        yield from _values(text)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file; of one without end as much as shows that it is too long."""
    while line := file.readline(MAX_LINE + 1):
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE + 1)
        yield line


def _goes_on(first: bytes, second: bytes) -> bool:
    """Whether what a file's first line begins ends in another one, by its first two lines that are not empty."""
    if len(first) > MAX_LINE:
        return False
    if first.startswith(b"<"):
        return not SCRIPT.search(first)
    if first == b"[":
        first, second = second, b""
    # A line that was cut off is a fault of its own: the next one is read by itself.
    return first.startswith((b"{", b"[")) and not _whole(first) and (first.endswith(_OPEN) or not _whole(second))


def _whole(line: bytes) -> bool:
    try:
        json.loads(line.rstrip(b","))
    except (ValueError, RecursionError):
        return False
    return True


def _values(document: bytes) -> Iterator[Piece]:
    """The values one after the other, or the members of an array. What follows one that can't be read is one piece."""
    text = document.decode("utf-8", "surrogateescape")
    decode = json.JSONDecoder().raw_decode
    place = _BETWEEN.match(text, 0).end()  # type: ignore[union-attr]
    line, counted = 1, 0
    if array := text.startswith("[", place):
        place += 1
    while True:
        place = _BETWEEN.match(text, place).end()  # type: ignore[union-attr]
        if place == len(text) or (array and not text[place:].strip("] \t\r\n")):
            return
        line, counted = line + text.count("\n", counted, place), place
        try:
            _, end = decode(text, place)
        except (ValueError, RecursionError):
            end = len(text)
        yield line, text[place:end].encode("utf-8", "surrogateescape")
        place = end
