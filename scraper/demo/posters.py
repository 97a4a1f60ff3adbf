"""Posters of the demo's films, drawn when they are asked for: the film's title on a colour of its own."""

from __future__ import annotations

import html
import re
import textwrap

_PATH = re.compile(r"/t/p/w\d+/demo-(\d+)\.png")


def path_of(tmdb_id: int) -> str:
    """What stands as `poster_path` in the answers."""
    return f"/demo-{tmdb_id}.png"


def draw(path: str, titles: dict[int, str]) -> bytes:
    """An SVG of two to three, whatever the name's ending says; browsers go by its content type."""
    asked = _PATH.fullmatch(path)
    tmdb_id = int(asked[1]) if asked else 0
    hue = tmdb_id * 137 % 360
    lines = textwrap.wrap(titles.get(tmdb_id, "?"), 14)[:5]
    text = "".join(
        f'<text x="100" y="{150 - 13 * len(lines) + 28 * number}">{html.escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    light, x = (hue + 40) % 360, 40 + tmdb_id % 120
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 300">'
        f'<rect width="200" height="300" fill="hsl({hue} 45% 28%)"/>'
        f'<circle cx="{x}" cy="235" r="45" fill="hsl({light} 60% 55%)"/>'
        f'<g fill="#fff" font-family="sans-serif" font-size="22" font-weight="700" text-anchor="middle">'
        f"{text}</g></svg>"
    ).encode()
