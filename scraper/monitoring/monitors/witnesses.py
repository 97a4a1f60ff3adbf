"""Monitors of what other listings know and we lack, and of these listings themselves."""

from __future__ import annotations

from collections.abc import Iterator

from scraper.coverage.witnesses import following, standing
from scraper.coverage.witnesses.listings.registry import WITNESSES, switched_on
from scraper.models import Alert
from scraper.monitoring.monitors.situation import WARN, Finding, Seen, Situation, monitor


def _while_it_is_read(alert: Alert, now: Situation) -> Seen:
    """For what only a look that brought something refutes."""
    witness = WITNESSES.get(alert.subject.partition(":")[0])
    if witness is None or not witness.on:
        return Seen.OVER
    (stands,) = standing.standings(now.at, [witness])
    return Seen.WELL if stands.last is not None and not stands.failed else Seen.UNSEEN


@monitor(witness_missing=_while_it_is_read)
def starts_only_a_witness_has(now: Situation) -> Iterator[Finding]:
    """Cinemas of which two looks at a witness agree that we lack starts."""
    for witness in switched_on():
        for slug, short in following.short_cinemas(witness.name).items():
            facts = {
                "witness": witness.title,
                "name": now.names.get(slug, slug),
                "missing": short.missing,
                "dates": [str(date) for date in short.dates],
            }
            causes = tuple(map(str, short.dates))
            yield Finding("witness_missing", WARN, f"{witness.name}:{slug}", facts, causes)


@monitor(witness_cinema=_while_it_is_read)
def cinemas_only_a_witness_has(now: Situation) -> Iterator[Finding]:
    """Cinemas with starts to come that are none of ours, by two looks."""
    for witness in switched_on():
        for cinema in standing.unknown_cinemas(witness):
            facts = {"witness": witness.title, "name": cinema.name, "starts": cinema.starts}
            yield Finding("witness_cinema", WARN, f"{witness.name}:{cinema.name}"[:255], facts)


def _while_it_is_on(alert: Alert, _now: Situation) -> Seen:
    witness = WITNESSES.get(alert.subject)
    return Seen.WELL if witness is not None and witness.on else Seen.OVER


@monitor(witness_silent=_while_it_is_on)
def silent_witnesses(now: Situation) -> Iterator[Finding]:
    """A witness that brought nothing for more than a day, although it was looked at: nobody counts for us."""
    for stands in standing.standings(now.at):
        if since := standing.silent_since(stands.witness, now.at):
            facts = {
                "witness": stands.witness.title,
                "since": since.isoformat(),
                "failure": stands.last.failure if stands.last else "",
                "error": stands.last.error if stands.last else "",
            }
            yield Finding("witness_silent", WARN, stands.witness.name, facts)
