"""Where a fact's label stands in marked lines, and what is its value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from .lines import BREAK, CELL, END_LINK, ITEM, MARKS
from .vocabulary import FACT_OF

LONGEST_VALUE = 20_000  # characters of marked text
MOST_LABELS = 2000  # of a page are looked at
LONGEST_LINE = 60  # of a list that goes on below a line break


def _any_of(words: Iterable[str]) -> str:
    """A pattern of these words, the longest first, that asks for each letter once: a megabyte of what may come before a
    label is looked at from each of its places.
    """
    behind: dict[str, list[str]] = {}
    for word in words:
        behind.setdefault(word[:1], []).append(word[1:])
    ends = behind.pop("", None) is not None
    parts = [_LETTERS.get(letter, re.escape(letter)) + _any_of(rest) for letter, rest in sorted(behind.items())]
    pattern = parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})" if parts else ""
    return f"(?:{pattern})?" if pattern and ends else pattern


_LETTERS = {" ": " ", "/": " ?/ ?"}
_NAMES = _any_of(FACT_OF)
_ABBREVIATED = _any_of(label for label in FACT_OF if label.endswith(".") and " " not in label)

# A label: with a colon or a dash, inside or outside its emphasis; emphasised; abbreviated; or alone in its line. The
# marks ahead of it are bounded, for a run of them is looked at from each of its places.
_LABEL = re.compile(
    rf"(?:(?<=[\n\x01-\x06,;|•·(/*])|(?<=[-–.] )|(?<=[|•·*;,/] )|^)[ \x01-\x06]{{0,64}}+"
    rf"(?=[^\W\d_])(?:(?P<name>{_NAMES})(?P<of> ?\([^()\n\x01-\x06]{{1,30}}\))?"
    r"(?:(?P<colon>[ \x02-\x04]*+:[ \x04]*+|(?<=[ \x02\x04])[–—-](?= )|[ \x02\x04]++[–—-](?=[ \x03]))"
    r"|(?<![\x03\x04\n])[ ]*+(?P<emphasised>\x04)[ ]*+(?![\x04]*:)|(?P<alone>[ \x02\x04\x0e]*+(?=\n)))"
    rf"|(?P<short>{_ABBREVIATED})[ \x04]++(?=[^\W\d_]|\x01))",
    re.IGNORECASE,
)
_OTHER_LABEL = re.compile(r"\x03[^\x01-\x05\n]{1,40}(?::[ ]*\x04|\x04[ ]*:)")
_OTHER_LABEL_AT_START = re.compile(r"[ \x01-\x06]*[^\W\d][^\n:.,\x01-\x06]{0,30}:(?!\d)")
_NOTHING_BEFORE = re.compile(r"[ \x01-\x06\x0e•·*|–-]*")
_EMPTY_CELL = re.compile(r"[ \x03\x04]*[\x05\x06][ \x03\x04]*")
# A line of one name, with a role or without: names may stand one below the other.
_ONE_NAME = re.compile(
    r"[ \x01-\x04]*[^\W\d_][\w.'’-]*(?: [^\W\d_a-ząćęłńóśźż][\w.'’-]*){1,3}"
    r"(?:[ \x02\x04]*(?:\(| [–—-] | jako ).*)?[ \x02\x04\x0e]*$"
)
_OF_PEOPLE = {"directors", "cast"}
_WORLD = re.compile(r"świat|world|usa|oryg|festiwal", re.IGNORECASE)
_SENTENCE = re.compile(r"\w+[ ,].*\w+ .*[.!?…][ \x02\x04\x0e]*$")


def labelled(lines: str) -> dict[str, list[str]]:
    """The marked values of each fact, in the order of the lines.

    A label inside a line is believed when the line begins with one, or when it is emphasised and has a colon: prose
    uses the same words.
    """
    found: dict[str, list[str]] = {}
    labels = _believed(lines)
    inline = sum(1 for n, label in enumerate(labels) if _has_value_beside(lines, label, _end(labels, n, lines)))
    for n, label in enumerate(labels):
        fact = _fact(label)
        if fact and (
            value := _value(
                lines, label.end(), _end(labels, n, lines), apart=2 * inline < len(labels), names=fact in _OF_PEOPLE
            )
        ):
            found.setdefault(fact, []).append(value)
    return found


def _believed(lines: str) -> list[re.Match[str]]:
    labels: list[re.Match[str]] = []
    begins = -1  # the line of the last label
    at = 0
    for label in islice(_LABEL.finditer(lines), MOST_LABELS):
        line = lines.rfind("\n", at, label.start("name") if label["name"] else label.start("short")) + 1 or at
        at = line
        name_at = label.start("name") if label["name"] else label.start("short")
        if (
            begins == line
            or _NOTHING_BEFORE.fullmatch(lines, line, name_at)
            or (label["colon"] is not None and ":" in label["colon"] and lines[name_at - 1] == "\x03")
        ):
            labels.append(label)
            begins = line
    return labels


def _fact(label: re.Match[str]) -> str:
    name = re.sub(r" ?/ ?", "/", (label["name"] or label["short"]).lower())
    return "" if label["of"] and _WORLD.search(label["of"]) else FACT_OF[name]


def _end(labels: list[re.Match[str]], n: int, lines: str) -> int:
    return labels[n + 1].start() if n + 1 < len(labels) else len(lines)


def _has_value_beside(lines: str, label: re.Match[str], end: int) -> bool:
    line = lines.find("\n", label.end(), end)
    return bool(MARKS.sub("", lines[label.end() : line if line >= 0 else end][:200]).strip(" :–-"))


def _value(lines: str, start: int, end: int, *, apart: bool, names: bool) -> str:
    """What follows a label: the rest of its line, else the next line that says something, with all items of a list.

    Below a label that is alone in its line stands its value when it is a list item or a cell, behind a mere line
    break, or when the page's values stand `apart` from their labels; a sentence is none.
    """
    end = min(end, start + LONGEST_VALUE)
    value, broken = "", False
    for n, line in enumerate(lines[start:end].split("\n")):
        if other := _OTHER_LABEL.search(line):
            line, end = line[: other.start()], 0
        if not MARKS.sub("", line).strip(" :–|•·-"):
            if not value and n and _EMPTY_CELL.fullmatch(line):
                return ""
            broken = line.endswith(BREAK)
        elif not value:
            if n and not _may_stand_below(line, apart=apart, broken=broken):
                return ""
            value = line
            if not n and not line.startswith(ITEM) and not (names and line.endswith(BREAK) and _ONE_NAME.match(line)):
                return value
        elif line.startswith(ITEM) and value.startswith(ITEM):
            value += line
        elif value.endswith(BREAK) and _goes_on(value, line) and (not names or _ONE_NAME.match(line)):
            value += ITEM + line
        else:
            break
        if not end:
            break
    return value


def _may_stand_below(line: str, *, apart: bool, broken: bool) -> bool:
    if _OTHER_LABEL_AT_START.match(line):
        return False
    if line.startswith((ITEM, CELL)):
        return True
    return (apart or broken or END_LINK in line) and not _SENTENCE.search(line)


def _goes_on(value: str, line: str) -> bool:
    """Whether a line below a line break is the next name of a list with a name in each line."""
    return len(line) <= LONGEST_LINE and not re.search(r"[,;/]", value) and not re.search(r"[.!?:,;]", line)
