"""Pure: the cinema among the places that a screening's location names: a hall's is the place around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from events import city
from events.other_sources.reading import values
from events.other_sources.reading.json_ld import CINEMAS, Document, Node, kinds
from events.other_sources.reading.values import Invalid

DEEPEST = 6  # places within places
_AREAS = frozenset({
    "City", "Country", "State", "AdministrativeArea", "ShoppingCenter", "Neighborhood", "Continent", "PostalAddress",
})  # fmt: skip
_TOWN = re.compile(rf"(?:miasto )?(?:{city.pattern()}|małopolsk\w*|polska|poland)", re.IGNORECASE)
_HALL = re.compile(
    r"(?:(?:du[zż]a|ma[lł]a|g[lł][oó]wna|kameralna)\s+)?(?:sala|salka|sal[oó]n|screen|hall|room|auditorium|audytorium|aula"
    r"|scena|ekran)\b.{0,30}|.{0,30}\b(?:sala|screen|hall)|(?:nr|no)?\.?\s*\d{1,2}|[a-z]|(?:sala|salon|screen|hall)\d{1,2}",
    re.IGNORECASE,
)
_CINEMA = re.compile(r"\bkin[oa]\b|cinema|multikino|helios|imax|\btheat|\bteatr|kinoteatr", re.IGNORECASE)
_STREET = re.compile(rf"\d|\b(?:ul|al|pl|os)\.|^\s*(?:{city.pattern()})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Located:
    """The cinema, the hall in it (empty for none), and the objects from the innermost place to the outermost."""

    name: str
    hall: str
    chain: tuple[Node, ...]

    @property
    def node(self) -> Node:
        return self.chain[-1] if self.chain else {}

    def degrees(self) -> tuple[float, float] | None:
        """The cinema's own, or those of a hall in it."""
        return next((found for each in reversed(self.chain) if (found := values.degrees(each))), None)


def cinema_of(document: Document, event: Node) -> Located:
    """The cinema of an event; raises `Invalid` where none has a name."""
    given = document.values(event, "location")
    wrong = next((each for each in given if not isinstance(each, dict | str)), None)
    if wrong is not None:
        raise Invalid("location", f"expected a place, found {wrong!r:.80}")
    for place in given:
        if isinstance(place, dict) and "VirtualLocation" in kinds(place):
            continue
        chain = list(_chain(document, place, 0))
        if chain and len(chain) == 1 and _is_hall(chain[0][0], chain[0][1]):
            chain += [each for outer in document.values(event, "around") for each in _chain(document, outer, 1)]
        if chain:
            return _chosen(chain)
    raise Invalid("location.name", "missing")


def _chain(document: Document, place: Any, depth: int) -> Iterator[tuple[str, Node]]:
    """The names of a place and of those around it, each with its object."""
    if depth > DEEPEST:
        return
    if isinstance(place, str):
        name = values.clean(place, "location")
        first, _, rest = name.partition(",")
        if name and not name.startswith(("http://", "https://", "#", "_:")):
            yield (first.strip() if rest and _STREET.search(rest) else name), {}
        return
    if not isinstance(place, dict):
        return
    name = values.text(place.get("name"), "location.name")
    if not name:
        address = next((each for each in document.values(place, "address") if isinstance(each, dict)), {})
        name = values.text(address.get("name"), "location.address.name")
    if name:
        yield name, place
    for key in ("containedInPlace", "containedIn"):
        outer = next(iter(document.values(place, key)), None)
        if outer is not None:
            yield from _chain(document, outer, depth + 1)
            return


def _chosen(chain: list[tuple[str, Node]]) -> Located:
    """From the inside outwards: on while the place is a hall, or the next one is a cinema and this is none by name."""
    chosen = 0
    for outer in range(1, len(chain)):
        (name, node), (around, about) = chain[chosen], chain[outer]
        if _is_area(around, about) and not (_is_hall(name, node) and "ShoppingCenter" in kinds(about)):
            break
        named = bool(_CINEMA.search(name))
        if not (_is_hall(name, node) or (_is_cinema(around, about) and not named)):
            break
        chosen = outer
    hall = chain[0][0] if chosen else ""
    return Located(chain[chosen][0], hall, tuple(node for _, node in chain[: chosen + 1]))


def _is_hall(name: str, node: Node) -> bool:
    return bool(_HALL.fullmatch(name)) or not {"Room", "MeetingRoom"}.isdisjoint(kinds(node))


def _is_cinema(name: str, node: Node) -> bool:
    return not CINEMAS.isdisjoint(kinds(node)) or bool(_CINEMA.search(name))


def _is_area(name: str, node: Node) -> bool:
    return not _AREAS.isdisjoint(kinds(node)) or bool(_TOWN.fullmatch(name))
