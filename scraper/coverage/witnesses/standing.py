"""How we stand beside the witnesses, for pages and programs. Reads only, in few queries however many looks."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from kinokrakow.models import Job
from scraper.coverage.witnesses.agreement import LOOKS
from scraper.coverage.witnesses.comparison import COMPARED, Cell
from scraper.coverage.witnesses.listings.registry import WITNESSES, Witness, switched_on
from scraper.coverage.witnesses.looking import KIND
from scraper.models import WitnessCinema, WitnessDifference, WitnessLook

TREND = 30  # looks
LATELY = dt.timedelta(days=3)  # in which each date of the week was asked for, if all went well
SILENT = dt.timedelta(hours=26)  # without a look that brought anything: a day, and the hours between two runs

Status = WitnessLook.Status


@dataclass(frozen=True)
class Standing:
    """One witness. `last`: its newest look; `looks`: those of the last days, the newest first."""

    witness: Witness
    looks: tuple[WitnessLook, ...]
    today: dt.date

    @property
    def last(self) -> WitnessLook | None:
        return self.looks[0] if self.looks else None

    @property
    def read(self) -> WitnessLook | None:
        """The newest look that brought something."""
        return next((look for look in self.looks if look.status == Status.OK), None)

    @property
    def failed(self) -> bool:
        return self.last is not None and self.last.status == Status.FAILED

    @cached_property
    def cells(self) -> dict[Cell, dict[str, Any]]:
        """The newest verdict of each cinema and day from today on."""
        found: dict[Cell, dict[str, Any]] = {}
        for look in self.looks if self.witness.on else ():
            for cell in look.cells:
                date = dt.date.fromisoformat(cell["date"])
                if date >= self.today:
                    found.setdefault((cell["cinema"], date), cell)
        return found

    @cached_property
    def counts(self) -> Counter[str]:
        """Starts of the week, over the cells that could be compared: theirs, ours, same, missing, extra."""
        total: Counter[str] = Counter()
        for cell in self.cells.values():
            if cell["verdict"] in COMPARED:
                total.update({name: cell[name] for name in ("theirs", "ours", "same", "missing", "extra")})
        return total


def standings(at: dt.datetime, witnesses: Iterable[Witness] = ()) -> list[Standing]:
    """Of the witnesses that are switched on, or of those given."""
    wanted = list(witnesses) or switched_on()
    looks: dict[str, list[WitnessLook]] = {witness.name: [] for witness in wanted}
    for look in WitnessLook.objects.filter(witness__in=looks, began_at__gte=at - LATELY).order_by("-pk"):
        looks[look.witness].append(look)
    return [Standing(witness, tuple(looks[witness.name]), timezone.localdate(at)) for witness in wanted]


def marks(at: dt.datetime) -> dict[Cell, int]:
    """By cinema and day, the starts that we lack by two looks at a witness, but for those that staff dismissed."""
    rows = WitnessDifference.objects.open().filter(
        witness__in=[witness.name for witness in switched_on()],
        kind=WitnessDifference.Kind.MISSING,
        starts_at__gt=at,
        looks__gte=LOOKS,
    )
    rows = rows.exclude(answer=WitnessDifference.Answer.THEIRS)
    counts: Counter[Cell] = Counter()
    for slug, same, date, _starts_at in set(
        rows.values_list("cinema__slug", "cinema__same_as__slug", "date", "starts_at", named=False)
    ):
        counts[same or slug, date] += 1
    return dict(counts)


def trend(witness: Witness) -> list[WitnessLook]:
    """The last whole looks that brought something, the oldest first."""
    looks = WitnessLook.objects.filter(witness=witness.name, whole=True, status=Status.OK).defer("cells", "unread_rows")
    return list(looks.order_by("-pk")[:TREND])[::-1]


def unknown_cinemas(witness: Witness) -> list[WitnessCinema]:
    """Cinemas with starts to come that two looks saw, the last one too, and that are none of ours."""
    rows = WitnessCinema.objects.filter(
        witness=witness.name, cinema=None, outside=False, looks__gte=LOOKS, starts__gt=0
    )
    last = WitnessLook.objects.filter(witness=witness.name, whole=True, status=Status.OK).order_by("-pk").first()
    return list(rows.filter(last_seen_at__gte=last.ended_at)) if last else []


def silent_since(witness: Witness, at: dt.datetime) -> dt.datetime | None:
    """Since when a witness has brought nothing, if that is more than a day although it was to be looked at."""
    read = WitnessLook.objects.filter(witness=witness.name, status=Status.OK).order_by("-pk").first()
    asked = Job.objects.filter(kind=KIND, args__witness=witness.name).order_by("queued_at")
    if read is not None:
        since, waiting = read.ended_at, asked.filter(queued_at__gt=read.ended_at).exists()
    else:
        first = asked.first()
        waiting = first is not None
        since = first.queued_at if first else at
    return since if waiting and at - since > SILENT else None


def summary(at: dt.datetime) -> list[dict[str, Any]]:
    """Every witness there is as plain values; the fields are a contract with scripts (README.md)."""
    return [_plain(standing) for standing in standings(at, WITNESSES.values())]


def _plain(standing: Standing) -> dict[str, Any]:
    last, counts = standing.last, standing.counts
    status = "off" if not standing.witness.on else "failed" if standing.failed else "ok"
    known = bool(counts) or (standing.read is not None and standing.witness.on)
    looked_at = timezone.localtime(standing.read.ended_at).isoformat(timespec="seconds") if standing.read else None
    return {
        "name": standing.witness.name,
        "status": status,
        **{name: counts[name] if known else None for name in ("theirs", "ours", "same", "missing", "extra")},
        "looked_at": looked_at if standing.witness.on else None,
        "failure": last.failure if last and status == "failed" else None,
        "error": last.error if last and status == "failed" else None,
        "unread": last.unread if last and standing.witness.on else None,
        "requests": last.requests if last and standing.witness.on else None,
    }
