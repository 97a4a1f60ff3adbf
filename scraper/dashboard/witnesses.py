"""What the pages say of the witnesses: a line of each, its marks in the heat map, and the differences. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.local_time import week_from
from events.models import Cinema
from kinokrakow.http import breaker
from kinokrakow.staff import failures
from kinokrakow.staff import readable as people
from scraper.coverage.witnesses import standing
from scraper.coverage.witnesses.comparison import Verdict
from scraper.coverage.witnesses.listings.registry import Witness
from scraper.coverage.witnesses.standing import Standing
from scraper.dashboard.charts.bars import Chart, Point, chart
from scraper.dashboard.marks import BAD, GOOD, NONE, WARN, Mark
from scraper.models import WitnessCinema, WitnessDifference, WitnessLook
from scraper.monitoring.messages.phrases import day_names

MOST_SHOWN = 400  # differences on one page


@dataclass(frozen=True, slots=True)
class Line:
    """One witness in a sentence."""

    name: str
    tone: str
    text: str


def lines(at: dt.datetime) -> list[Line]:
    """Of each witness that is switched on."""
    return [line_of(one) for one in standing.standings(at)]


def line_of(one: Standing) -> Line:
    name, counts, last = one.witness.title, one.counts, one.last
    if not one.witness.on:
        return Line(one.witness.name, NONE, _("%(witness)s is switched off (WITNESSES).") % {"witness": name})
    paused = _paused(one)
    if last is None:
        text = _("%(witness)s has not been looked at lately.") % {"witness": name}
        return Line(one.witness.name, NONE, f"{text} {paused}".rstrip())
    said = _(
        "%(witness)s lists %(theirs)s starts this week: we have %(same)s of them and lack %(missing)s; "
        "%(extra)s only we have."
    )
    text = said % {"witness": name, **{n: counts[n] for n in ("theirs", "same", "missing", "extra")}}
    if not one.failed:
        return Line(one.witness.name, WARN if counts["missing"] else GOOD, f"{text} {paused}".rstrip())
    failed = _("%(witness)s could not be read at %(when)s: %(failure)s.") % {
        "witness": name, "when": _moment(last.began_at), "failure": meaning(last.failure)[0],
    }  # fmt: skip
    if one.read:
        before = _("What stands here was seen before (%(when)s).") % {"when": _moment(one.read.ended_at)}
        failed = f"{failed} {before} {text}"
    return Line(one.witness.name, WARN, f"{failed} {paused}".rstrip())


def meaning(failure: str) -> tuple[str, str]:
    """What a class of failure means, and what to do about it."""
    return {
        "unreachable": (
            _("it does not answer"), _("A later run asks it again; nothing is to be done unless this lasts for days.")
        ),
        "refused": (
            _("it refuses our requests, or its robots.txt forbids them"),
            _("Read what its terms and its robots.txt say now. If it does not want to be asked, switch it off."),
        ),
        "moved": (
            _("nothing is at the address that is known"),
            _("Look where it is now, and set its address (%(setting)s).") % {"setting": "…_BASE_URL"},
        ),
        "changed": (
            _("its answer has a form that is not known"),
            _("Open the saved page: if its markup is new, the program that reads it must be updated."),
        ),
        "empty": (
            _("it lists nothing"),
            _("Look at its page: if programmes stand there, the program that reads it must be updated."),
        ),
    }.get(failure, (failure, ""))  # fmt: skip


def _paused(one: Standing) -> str:
    state = breaker.paused(one.witness.service.name, timezone.now())
    if state is None or state.paused_until is None:
        return ""
    return _("It is paused until %(until)s: %(why)s") % {
        "until": _moment(state.paused_until), "why": state.paused_why or _("no reason given"),
    }  # fmt: skip


def _moment(at: dt.datetime) -> str:
    return date_format(timezone.localtime(at), "j.m H:i")


def problems_of(look: WitnessLook | None) -> list[str]:
    """What a look could not read, each reason once with the days that it cost."""
    cost: dict[tuple[str, str], list[str]] = {}
    for problem in look.problems if look else ():
        cost.setdefault((problem["cinema"], failures.said(problem["error"])), []).extend(problem["dates"])
    told = [f"{cinema} {day_names(sorted(set(dates)))}: {why}".strip() for (cinema, why), dates in cost.items()]
    return told or ([failures.said(look.error)] if look and look.error else [])


def mark_of(verdict: str) -> Mark:
    return {
        Verdict.SAME: Mark("=", _("the same"), GOOD),
        Verdict.OURS_MORE: Mark("+", _("ours has more"), NONE),
        Verdict.THEIRS_MORE: Mark("−", _("theirs has more"), WARN),
        Verdict.BOTH_DIFFER: Mark("±", _("both differ"), WARN),
        Verdict.OURS_FAILED: Mark("✕", _("ours could not be read"), BAD),
        Verdict.THEIRS_FAILED: Mark("?", _("theirs could not be read"), NONE),
        Verdict.NOT_COVERED: Mark("·", _("not covered"), NONE),
        Verdict.NOT_PUBLISHED: Mark("…", _("not published yet"), NONE),
    }[Verdict(verdict)]


@dataclass(frozen=True, slots=True)
class Cell:
    """The verdict of a cinema and day; None: it was not asked about."""

    mark: Mark | None
    missing: int = 0
    extra: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """The differences of one cinema on one day."""

    cinema: str
    date: dt.date
    rows: list[WitnessDifference]

    @property
    def unanswered(self) -> list[WitnessDifference]:
        return [row for row in self.rows if not row.answer]


@dataclass(frozen=True, slots=True)
class Board:
    """A witness's page."""

    witness: Witness
    line: Line
    last: WitnessLook | None
    problems: list[str]  # what its last look could not read
    next_step: str
    dates: tuple[dt.date, ...]
    verdicts: list[tuple[str, list[Cell]]]  # by cinema, a cell a date
    groups: list[Group]
    left_out: int  # differences that are not shown
    answered: int
    unknown: list[WitnessCinema]
    shares: Chart


def board(witness: Witness, at: dt.datetime, *, answered: bool) -> Board:
    """`answered`: the differences that staff have said something of, else those that wait for it."""
    (one,) = standing.standings(at, [witness])
    rows = WitnessDifference.objects.open().filter(witness=witness.name, starts_at__gt=at)
    shown = (rows.exclude(answer="") if answered else rows.filter(answer="")).order_by(
        "date", "cinema__name", "starts_at"
    )
    found = list(shown.select_related("cinema", "showtime__film", "answered_by")[: MOST_SHOWN + 1])
    names = dict(Cinema.objects.values_list("slug", "name"))
    return Board(
        witness=witness,
        line=line_of(one),
        last=one.last,
        problems=problems_of(one.last) if witness.on else [],
        next_step=meaning(one.last.failure)[1] if witness.on and one.failed and one.last else "",
        dates=week_from(timezone.localdate(at)),
        verdicts=_verdicts(one, names, week_from(timezone.localdate(at))),
        groups=_groups(found[:MOST_SHOWN]),
        left_out=max(0, shown.count() - MOST_SHOWN) if len(found) > MOST_SHOWN else 0,
        answered=rows.exclude(answer="").count(),
        unknown=standing.unknown_cinemas(witness),
        shares=_shares(standing.trend(witness), at),
    )


def _verdicts(one: Standing, names: dict[str, str], dates: Sequence[dt.date]) -> list[tuple[str, list[Cell]]]:
    cells = {key: Cell(mark_of(c["verdict"]), c["missing"], c["extra"]) for key, c in one.cells.items()}
    covered = {slug for (slug, _date), cell in one.cells.items() if cell["verdict"] != Verdict.NOT_COVERED}
    slugs = sorted(covered, key=lambda slug: names.get(slug, slug))
    return [(names.get(slug, slug), [cells.get((slug, date), Cell(None)) for date in dates]) for slug in slugs]


def _groups(rows: Sequence[WitnessDifference]) -> list[Group]:
    groups: list[Group] = []
    for row in rows:
        if not groups or (groups[-1].cinema, groups[-1].date) != (row.cinema.name, row.date):
            groups.append(Group(row.cinema.name, row.date, []))
        groups[-1].rows.append(row)
    return groups


def _shares(looks: Sequence[WitnessLook], at: dt.datetime) -> Chart:
    """The part of all starts that both sides have, look by look."""
    points = [Point(look.began_at, look.share, 0, _percent(look.share)) for look in looks if look.share is not None]
    name = _("Starts that both have, of all")
    since = points[0].at if points else at
    return chart(name, points, since, at + dt.timedelta(days=1), 100, lambda value: f"{value:.0f} %")


def _percent(share: float) -> str:
    return f"{people.decimal(share)} %"
