"""A map of the cinemas as a drawing in the page: no tiles, no scripts, no other host.

Each cinema is a numbered circle that leads to its programme; those that would lie on each other are moved apart, and a
line shows where they are. What the drawing shows stands below it as a list, for whoever does not see it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from events import conf
from events.models import Cinema
from events.public.page.programme import Choice

WIDTH, TALLEST = 480.0, 400.0  # units of the drawing
EDGE = 24.0
RADIUS = 13.0
APART = 2 * RADIUS + 3
BESIDE = RADIUS + 8  # from the Main Square
STEPS = 200
KM_A_DEGREE = 111.2
SQUARE = (50.0617, 19.9373)  # the Main Square, from which everybody in Kraków knows the way; no other city has it
SCALES = (1, 2, 5, 10)  # km

Place = tuple[float, float]  # in the drawing


@dataclass(slots=True)
class Pin:
    """A cinema's circle at `x`, `y`; where it is, `at_x`, `at_y`. `sure`: nobody doubts its place."""

    number: int
    name: str
    link: str
    latitude: float
    longitude: float
    sure: bool
    chosen: bool
    at_x: float = 0.0
    at_y: float = 0.0
    x: float = 0.0
    y: float = 0.0

    @property
    def moved(self) -> bool:
        return math.hypot(self.x - self.at_x, self.y - self.at_y) > RADIUS / 2


@dataclass(slots=True)
class Map:
    """The drawing. `square`: where the Main Square is. `scale`: how long so many `km` are. `unplaced`: cinemas whose
    place nobody knows, with the links to their programmes."""

    pins: list[Pin]
    height: float = 0.0
    square: tuple[float, float] | None = None
    km: int = 1
    scale: float = 0.0
    width: float = WIDTH
    radius: float = RADIUS
    unplaced: list[tuple[str, str]] = field(default_factory=list)

    @property
    def scale_end(self) -> float:
        return EDGE / 2 + self.scale


def city_map(cinemas: Iterable[Cinema], choice: Choice) -> Map | None:
    """The map of these cinemas; None where no place is known."""
    rows = list(cinemas)
    pins = [
        Pin(number, row.name, choice.link(cinema=[row.slug]), row.latitude, row.longitude, not row.place_doubt,
            row.slug in choice.wanted.cinema)
        for number, row in enumerate((row for row in rows if row.latitude is not None and row.longitude is not None), 1)
        if row.latitude is not None and row.longitude is not None
    ]  # fmt: skip
    if not pins:
        return None
    unplaced = [(row.name, choice.link(cinema=[row.slug])) for row in rows if row.latitude is None]
    drawing = _projected(pins)
    drawing.unplaced = unplaced
    spread = _spread(tuple((pin.x, pin.y) for pin in pins), drawing.height, drawing.square)
    for pin, place in zip(pins, spread, strict=True):
        pin.x, pin.y = place
    return drawing


def _projected(pins: list[Pin]) -> Map:
    """The pins where they are, in a drawing that holds them all and the Main Square; north is up."""
    places = [(pin.latitude, pin.longitude) for pin in pins]
    square = SQUARE if conf.SOUTH <= SQUARE[0] <= conf.NORTH and conf.WEST <= SQUARE[1] <= conf.EAST else None
    places += [square] if square else []
    north, south = max(place[0] for place in places), min(place[0] for place in places)
    west, east = min(place[1] for place in places), max(place[1] for place in places)
    narrower = math.cos(math.radians((north + south) / 2))
    across, down = max((east - west) * narrower, 1e-3), max(north - south, 1e-3)
    unit = min((WIDTH - 2 * EDGE) / across, (TALLEST - 2 * EDGE) / down)
    left = (WIDTH - across * unit) / 2

    def at(latitude: float, longitude: float) -> tuple[float, float]:
        return round(left + (longitude - west) * narrower * unit, 1), round(EDGE + (north - latitude) * unit, 1)

    for pin in pins:
        pin.at_x, pin.at_y = pin.x, pin.y = at(pin.latitude, pin.longitude)
    km = max((each for each in SCALES if each * unit / KM_A_DEGREE <= WIDTH / 4), default=SCALES[0])
    return Map(
        pins, round(down * unit + 2 * EDGE, 1), at(*square) if square else None, km, round(km * unit / KM_A_DEGREE, 1)
    )


@lru_cache(maxsize=8)  # a page's map is nearly always the one before
def _spread(pins: tuple[Place, ...], height: float, square: Place | None) -> tuple[Place, ...]:
    """Circles that lie on each other, or on the Main Square, moved apart, a little at a time."""
    places = list(pins)
    square_x, square_y = square or (-WIDTH, -WIDTH)
    for _ in range(STEPS):
        settled = True
        for number, (x, y) in enumerate(places):
            along, down = x - square_x, y - square_y
            if (distance := math.hypot(along, down)) < BESIDE:
                settled = False
                away = (BESIDE + 0.5) / distance if distance > 0.5 else 0
                places[number] = (square_x + along * away, square_y + down * away) if away else (x, y + BESIDE)
            for later in range(number + 1, len(places)):
                (x, y), (other_x, other_y) = places[number], places[later]
                along, down = other_x - x, other_y - y
                distance = math.hypot(along, down)
                if distance >= APART:
                    continue
                settled = False
                if distance < 0.5:
                    along, down, distance = math.cos(later + 1), math.sin(later + 1), 1.0
                push = (APART - min(distance, APART)) / 2 / distance + 0.01
                places[number] = _inside(x - along * push, y - down * push, height)
                places[later] = _inside(other_x + along * push, other_y + down * push, height)
        if settled:
            break
    return tuple((round(x, 1), round(y, 1)) for x, y in places)


def _inside(x: float, y: float, height: float) -> Place:
    return min(max(x, RADIUS + 2), WIDTH - RADIUS - 2), min(max(y, RADIUS + 2), height - RADIUS - 2)
