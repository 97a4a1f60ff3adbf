"""What happened in the rounds of each kind of fault, alone and mixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

#: How a round may be wrong.
LOST, DOUBLED, STUCK = "lost", "doubled", "stuck"
OTHERWISE = "told or decided wrongly"
ALONE, MIXED = "alone", "mixed"


@dataclass
class Kind:
    """A kind of fault or of kill in one phase. `met`: requests that it answered, times that it was seen, or kills."""

    rounds: int = 0
    met: int = 0
    kills: int = 0
    wrong: Counter[str] = field(default_factory=Counter)


class Tally:
    def __init__(self) -> None:
        self.kinds: dict[tuple[str, str], Kind] = {}
        self.rounds = 0
        self.wrong: Counter[str] = Counter()
        self.standstill = 0.0

    def kind(self, name: str, phase: str) -> Kind:
        return self.kinds.setdefault((name, phase), Kind())

    def ended(self, names: Iterable[str], phase: str, kills: Counter[str], wrong: Collection[tuple[str, str]]) -> None:
        """A round of these kinds is over; `wrong` are pairs of how it is and what it was."""
        self.rounds += 1
        how = Counter(how for how, _ in wrong)
        self.wrong += how
        for name in {*names, *kills}:
            kind = self.kind(name, phase)
            kind.rounds, kind.kills, kind.wrong = kind.rounds + 1, kind.kills + kills.total(), kind.wrong + how
            kind.met += kills[name]

    def table(self, names: Iterable[str]) -> str:
        """A line for each kind: in each phase its rounds, how often it was met, kills meanwhile, what was wrong."""
        head = f"{'':30}" + "".join(f"{phase + ': rounds, met, kills, wrong':44}" for phase in (ALONE, MIXED))
        lines = [f"{name:30}" + "".join(f"{self._cell(name, phase):44}" for phase in (ALONE, MIXED)) for name in names]
        return "\n".join(line.rstrip() for line in [head, *lines])

    def _cell(self, name: str, phase: str) -> str:
        kind = self.kinds.get((name, phase))
        if kind is None:
            return "not tried"
        wrong = ", ".join(f"{count} {how}" for how, count in kind.wrong.items()) or "0"
        return f"{kind.rounds:4} {kind.met:6} {kind.kills:6}   {wrong}"

    def not_tried(self, names: Iterable[str]) -> list[str]:
        """What was left out, or had nothing to bite."""
        found = []
        for phase in (ALONE, MIXED):
            for name in names:
                if (kind := self.kinds.get((name, phase))) is None or not kind.met:
                    found.append(f"{name} {phase}")
        return found
