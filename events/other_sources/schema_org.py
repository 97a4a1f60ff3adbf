"""Pure: another source's screenings, a line of JSON-LD each or several: schema.org ScreeningEvent → records.

https://schema.org/ScreeningEvent. Needed are a title (`name` or `workPresented`), a `startDate` with its hour and a
`location` with a name: a screening without one is a `Fault`. All else is dropped where it can't be read, with a `Note`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

from events.other_sources.claims import Fault, Note, ScreeningEvent
from events.other_sources.json_ld import Document
from events.other_sources.screening import Reader

MAX_LINE = 1_000_000  # bytes


def read(number: int, line: bytes, *, at: dt.datetime) -> Iterator[ScreeningEvent | Fault | Note]:
    """What a line says, as of the moment `at`; an empty one says nothing."""
    if not line.strip():
        return
    if len(line) > MAX_LINE:
        yield Fault(number, f"longer than {MAX_LINE} bytes")
        return
    try:
        document = Document(json.loads(line))
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
