"""Pure: another source's screenings, a line of JSON-LD each or several: schema.org ScreeningEvent → records.

https://schema.org/ScreeningEvent. Needed are a title (`name` or `workPresented`), a `startDate` with its hour and a
`location` with a name: a screening without one is a `Fault`. All else is dropped where it can't be read, with a `Note`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from events.other_sources.reading.claims import Fault, Note, ScreeningEvent
from events.other_sources.reading.documents import MAX_DOCUMENT, MAX_LINE, SCRIPT
from events.other_sources.reading.json_ld import Document
from events.other_sources.reading.screening import Reader
from events.other_sources.reading.values import several

_FRAME = (b"", b"[", b"]", b",")  # of an array whose members have a line each


def read(number: int, line: bytes, *, at: dt.datetime) -> Iterator[ScreeningEvent | Fault | Note]:
    """What a line, or a document that begins in it, says, as of the moment `at`; an empty one says nothing."""
    if line.strip() in _FRAME:
        return
    most = MAX_DOCUMENT if b"\n" in line.strip() else MAX_LINE
    if len(line) > most:
        yield Fault(number, f"longer than {most} bytes")
        return
    try:
        document = Document(_value(line))
        nodes = list(document.screenings())
    except (ValueError, RecursionError) as error:
        yield Fault(number, f"unreadable: {error}")
        return
    strange = [root for root in document.roots if not isinstance(root, dict)]
    if strange:
        yield Fault(number, f"expected a JSON object, found {strange[0]!r:.80}")
    elif not nodes:
        found = next((root["@type"] for root in document.roots if "@type" in root), None)
        yield Fault(number, f"@type: expected ScreeningEvent, found {found!r:.80}", "@type")
    for node in nodes:
        yield from Reader(number, document).screenings(node, at)


def _value(line: bytes) -> Any:
    """A line's JSON: by itself, as a member of an array, or in a page's scripts."""
    told = line.strip()
    if told.startswith(b"<") and (scripts := SCRIPT.findall(told)):
        return [each for script in scripts for each in several(json.loads(script))]
    return json.loads(told.rstrip(b","))
