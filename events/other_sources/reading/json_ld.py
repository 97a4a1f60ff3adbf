"""Pure: one line's JSON-LD as plain objects: which of them are screenings, and what refers to what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from events.other_sources.reading.values import several

Node = dict[str, Any]

DEEPEST = 40  # objects within objects; a line that nests deeper is no publisher's
_PREFIXES = ("schema:", "http://schema.org/", "https://schema.org/")
#: What a screening takes over from the event that it is part of, where it says nothing itself.
INHERITED = (
    "workPresented", "workFeatured", "eventStatus", "url", "image", "offers", "inLanguage", "subtitleLanguage",
    "videoFormat", "duration", "name", "alternateName",
)  # fmt: skip
_PARTS = ("subEvent", "subEvents")
_HOLDERS = ("event", "events", "itemListElement", "item", "mainEntity")
CINEMAS = frozenset({"MovieTheater", "PerformingArtsTheater", "EventVenue", "Cinema"})


def kinds(node: Node) -> list[str]:
    """The types of a node without their vocabulary: "https://schema.org/ScreeningEvent" is "ScreeningEvent"."""
    named = [each for each in several(node.get("@type")) if isinstance(each, str)]
    return [each.strip().replace("#", "/").replace(":", "/").rpartition("/")[2] for each in named]


def is_event(value: Any) -> bool:
    return isinstance(value, dict) and not {"ScreeningEvent", "Event"}.isdisjoint(kinds(value))


class Document:
    """The objects of one line. Those with an `@id` are found where another one refers to it."""

    def __init__(self, value: Any) -> None:
        self._named: dict[str, Node] = {}
        whole = self._plain(value, 0)
        graph = [each for root in several(whole) if isinstance(root, dict) for each in several(root.get("@graph"))]
        self.roots: list[Any] = [
            each
            for each in [*several(whole), *graph]
            if not isinstance(each, dict) or set(each) - {"@context", "@graph"}
        ]

    def values(self, node: Node, name: str) -> list[Any]:
        """The values of a property; an object in place of each reference to it."""
        return [self.resolved(each) for each in several(node.get(name))]

    def resolved(self, value: Any) -> Any:
        """The object that a reference names: `{"@id": …}`, or its mere text."""
        if isinstance(value, dict) and set(value) <= {"@id", "@type"} and isinstance(value.get("@id"), str):
            return self._named.get(value["@id"], value)
        return self._named.get(value, value) if isinstance(value, str) else value

    def screenings(self) -> Iterator[Node]:
        """Every screening, with what it takes over from the event that it is part of."""
        nodes = [root for root in self.roots if isinstance(root, dict)]
        inner = {id(child) for node in nodes for child in self._children(node)}
        seen: set[int] = set()
        for node in nodes:
            if id(node) not in inner:
                yield from self._expanded(node, node, seen)
        for node in nodes:  # two that each name the other as their part
            yield from self._expanded(node, node, seen)

    def _children(self, node: Node) -> list[Node]:
        """The screenings that an event consists of, or that a cinema, a film or a list has. A talk that is part of a
        screening is none."""
        names = _PARTS if is_event(node) else (*_PARTS, *_HOLDERS)
        found = [each for name in names for each in self.values(node, name) if isinstance(each, dict)]
        if not is_event(node):
            return found
        alone = "ScreeningEvent" in kinds(node) and node.get("startDate")
        return [each for each in found if is_event(each) and (not alone or "ScreeningEvent" in kinds(each))]

    def _expanded(self, node: Node, whole: Node, seen: set[int]) -> Iterator[Node]:
        if id(node) in seen:
            return
        seen.add(id(node))
        if is_event(node):
            above = next((each for each in self.values(node, "superEvent") if isinstance(each, dict)), None)
            whole = _within(whole, above) if above else whole
        children = self._children(node)
        context = whole if is_event(node) else _host(whole)
        for child in children:
            yield from self._expanded(child, _within(child, context), seen)
        if is_event(node) and not children:
            yield whole

    def _plain(self, value: Any, depth: int) -> Any:
        """The value without vocabularies before its names, and typed values as their mere value."""
        if depth > DEEPEST:
            raise RecursionError("nested too deep")
        if isinstance(value, list):
            spoken = [each for each in value if isinstance(each, dict) and "@value" in each and "@language" in each]
            polish = [each for each in spoken if str(each["@language"]).lower().startswith("pl")]
            return [self._plain(each, depth + 1) for each in (polish or value)]
        if not isinstance(value, dict):
            return value
        if "@value" in value:
            return self._plain(value["@value"], depth + 1)
        told = ((name, each) for name, each in value.items() if each not in (None, "", [], {}))  # as if left out
        node = {_bare(name): self._plain(each, depth + 1) for name, each in told}
        if isinstance(node.get("@id"), str) and set(node) - {"@id", "@type"}:
            self._named.setdefault(node["@id"], node)
        return node


def _host(node: Node) -> Node:
    """What the screenings of a cinema, a film, a series or a festival take over from it."""
    types = kinds(node)
    if any(each.endswith(("Event", "EventSeries", "Festival")) for each in types):
        return node
    if "Movie" in types:
        return {"workPresented": node}
    return {"location": node} if any(each in CINEMAS or each == "Place" for each in types) else node


def _within(node: Node, above: Node) -> Node:
    """An event with what it takes over from the one around it."""
    taken = {name: above[name] for name in INHERITED if name in above}
    if "workPresented" in taken or "Festival" in kinds(above):  # a festival's name is no film's
        taken.pop("name", None)
    if "location" in above:
        taken["location"] = above["location"]
        if "location" in node:
            taken["around"] = above["location"]
    return taken | node


def _bare(name: str) -> str:
    return next((name.removeprefix(prefix) for prefix in _PREFIXES if name.startswith(prefix)), name)
