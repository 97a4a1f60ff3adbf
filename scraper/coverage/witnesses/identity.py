"""Pure: which of our cinemas a witness means by a name. Asked about until it is found or set by hand, then for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from events.other_sources.similarity import same_name

ENOUGH = 10  # starts to come, before a programme says which cinema it is
SHARE = 0.7  # of theirs, that stand in the programme of the cinema meant
NEXT = 0.6  # of that share, that no other cinema's programme may reach

Starts = Collection[dt.datetime]


def cinema_meant(name: str, theirs: Starts, ours: Mapping[str, str], programmes: Mapping[str, Starts]) -> str | None:
    """The slug of the cinema that has the same name, or (where none or several have) the same programme.

    `ours`: the names by slug of the cinemas that are not yet known to be another name's; `theirs` and `programmes` are
    starts to come. Multiplexes start on round minutes, so a good part of any two programmes is the same by chance.
    """
    named = [slug for slug, other in ours.items() if same_name(name, other)]
    if len(named) == 1:
        return named[0]
    if len(theirs) < ENOUGH:
        return None
    wanted = set(theirs)
    shares = sorted(
        ((len(wanted & set(programmes.get(slug, ()))) / len(wanted), slug) for slug in named or ours), reverse=True
    )
    (best, slug), second = shares[0] if shares else (0.0, ""), shares[1][0] if len(shares) > 1 else 0.0
    return slug if best >= SHARE and second <= NEXT * best else None
