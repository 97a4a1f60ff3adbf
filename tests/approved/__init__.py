"""What is made of examples, in full: every text, number and note, as it was when somebody last asked for it.

Other tests say what is right of an example, and why. These only notice that something has become otherwise: nobody has
looked through every line, so a line that differs may have been wrong before. It is for whoever changes the code to see
in the difference that only what was meant has changed. All that comes of each example is compared with
`tests/approved/*.json`, an example a line; one that has no line yet is not. `APPROVE=1 pytest PATHS` writes the lines
of what is made now.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def compare(name: str, made: Mapping[str, Any]) -> None:
    """Compare what was made of each example with what is approved of it."""
    path = FOLDER / f"{name}.json"
    known: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    now = {example: plain(value) for example, value in made.items()}
    if os.environ.get("APPROVE"):
        lines = (
            f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False, sort_keys=True)}"
            for key, value in sorted((known | now).items())
        )
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8", errors="surrogatepass")
        return
    assert known.keys() & now.keys(), f"nothing of {name} is approved"
    other = [example for example, value in now.items() if known.get(example, value) != value]
    told = "\n".join(f"{example}\n  approved: {known[example]}\n  now:      {now[example]}" for example in other[:5])
    assert not other, f"{len(other)} of {name} are otherwise than approved (see tests/approved/__init__.py):\n{told}"


def plain(value: Any) -> Any:
    """A value as JSON writes it, without fields that say nothing."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return plain(fields)
    if isinstance(value, Mapping):
        told = {str(plain(key)): plain(each) for key, each in value.items()}
        return {key: each for key, each in told.items() if each not in (None, "", [], {}, False)}
    if isinstance(value, set | frozenset):
        return sorted((plain(each) for each in value), key=repr)
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return value
