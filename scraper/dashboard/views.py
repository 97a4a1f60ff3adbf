"""The coverage pages of the admin: look, sync now, read a day again, answer an alert."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.models import Cinema, Showtime
from kinokrakow.models import Job
from kinokrakow.staff.access import may_do, may_see
from scraper.coverage import readings
from scraper.dashboard import marks, overview
from scraper.models import Alert, AlertAnswer, DayScrape, Page, SyncRun
from scraper.monitoring import alerts
from scraper.monitoring.messages import day_name, link, sentence
from scraper.site import client
from scraper.sync import days, replay, runs

SILENCES = (4, 24, 72, 168)  # hours
ATTEMPTS_SHOWN = 40
SHOWN = {
    "published": Q(event__isnull=False),
    "held": Q(event=None, withdrawn_at=None),
    "withdrawn": Q(withdrawn_at__isnull=False),
}

# A page of the archive is hostile until proven otherwise: no script, no request, no origin of ours.
ARCHIVE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"


def _coverage(_request: HttpRequest, **_which: Any) -> str:
    return reverse("coverage")


@may_see("scraper.view_syncrun")
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Is anything missing? `?part=1` brings the changing part alone, for the page's own script.

    `?range=month` or `year`: what the charts of the runs reach back over.
    """
    shown = overview.board(timezone.now(), request.GET.get("range", ""))
    told = [(alert, sentence(alert), link(alert)) for alert in shown.alerts]
    context = {"board": shown, "told": told}
    if request.GET.get("part"):
        return render(request, "admin/scraper/coverage_part.html", context)
    return _page(request, "admin/scraper/coverage.html", _("Coverage"), context)


@may_see("scraper.view_syncrun")
@require_safe
def day(request: HttpRequest, date: dt.date) -> HttpResponse:
    """A day: its showtimes, and each time it was read, by which job, on which page.

    `?cinema=SLUG`: one cinema's; `?show=`: those that are published, held (not published), or withdrawn.
    """
    (found,) = readings.days([date])
    rows = Showtime.objects.filter(day=date).select_related("film", "cinema", "event")
    cinema = Cinema.objects.filter(slug=request.GET.get("cinema", "").replace("\0", "")).first()
    if cinema:
        rows = rows.filter(cinema=cinema)
    shown = request.GET.get("show", "")
    rows = rows.filter(SHOWN.get(shown, Q()))
    scrapes = list(DayScrape.objects.filter(date=date).defer("film_slugs").order_by("-pk")[:ATTEMPTS_SHOWN])
    jobs = {
        job.run: job
        for job in Job.objects.filter(kind="day", run__in=[s.run_id for s in scrapes], args__date=str(date)).order_by(
            "pk"
        )
    }
    (card,) = marks.cards([found], Alert.objects.open(), timezone.now())
    expected = found.cinemas_expected.get(cinema.slug) if cinema else found.expected
    context = {
        "card": card,
        "cinema": cinema,
        "listed": (found.listed(cinema.slug) if cinema else found.read.counted) if found.read else None,
        "expected": round(expected.usual) if expected else None,
        "showtimes": rows,
        "withdrawn": 0 if shown else sum(1 for row in rows if row.withdrawn_at),
        "filters": _filters(shown, cinema),
        "show": shown if shown in SHOWN else "",
        "cinemas": Cinema.objects.filter(showtimes__day=date).distinct(),
        "scrapes": [
            # The reading that is believed stands as the day does: what alerts say of the day is said of it.
            (scrape, marks.mark(card.status if scrape == found.read else _status(scrape)), jobs.get(scrape.run_id))
            for scrape in scrapes
        ],
    }
    return _page(request, "admin/scraper/day.html", date_format(date, "j.m.Y"), context)


@may_see("scraper.view_page")
@require_safe
def archived(request: HttpRequest, page_id: int) -> HttpResponse:
    """A page as it was fetched, in a sandbox; `?source=1` as plain text."""
    page = get_object_or_404(Page, pk=page_id)
    kind = "text/plain" if request.GET.get("source") else "text/html"
    return HttpResponse(
        client.fetched_from(page).text,
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Security-Policy": ARCHIVE_POLICY},
    )


@may_do("scraper.start_sync", back=_coverage)
def sync_now(request: HttpRequest) -> HttpResponse:
    try:
        run, new = runs.start_sync()
    except runs.Paused as paused:
        until = date_format(timezone.localtime(paused.state.paused_until), "j.m H:i")
        said = _("The site is paused until %(until)s: %(why)s") % {
            "until": until,
            "why": paused.state.paused_why or "–",
        }
        messages.warning(request, said)
        return redirect("coverage")
    messages.success(
        request,
        (_("Sync %(run)s has been started.") if new else _("Sync %(run)s is already running.")) % {"run": run.pk},
    )
    return redirect("coverage")


@may_do("scraper.start_sync", back=_coverage)
def cancel_sync(request: HttpRequest, run_id: int) -> HttpResponse:
    run = get_object_or_404(SyncRun, pk=run_id)
    if runs.cancel(run):
        messages.success(request, _("Sync %(run)s is cancelled.") % {"run": run.pk})
    else:
        messages.warning(request, _("Nothing to cancel: sync %(run)s has ended.") % {"run": run.pk})
    return redirect("coverage")


@may_do("scraper.start_sync", back=_coverage)
def read_again(request: HttpRequest, date: dt.date) -> HttpResponse:
    asked = days.read_again(date)
    if asked is None:
        raise Http404(_("No sync has ever asked for this day."))
    said = _("%(day)s will be read again.") if asked[1] else _("%(day)s is already being read.")
    messages.success(request, said % {"day": day_name(str(date))})
    return redirect("coverage")


@may_do("scraper.start_sync", back=_coverage)
def believe(request: HttpRequest, date: dt.date) -> HttpResponse:
    if replay.believe(date):
        messages.success(request, _("What the page lacked is withdrawn."))
    else:
        messages.warning(request, _("Nothing was withdrawn: the page is not suspicious, not whole, or no longer kept."))
    return redirect("coverage-day", date)


@may_do("scraper.change_alert", back=_coverage)
def answer_alert(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Acknowledge, silence (for `hours`), take either back, or comment: `do` is a value of AlertAnswer.What."""
    alert, now = get_object_or_404(Alert, pk=alert_id), timezone.now()
    assert request.user.pk is not None, "the guard lets nobody in without an account"
    what, hours = request.POST.get("do", ""), request.POST.get("hours", "24")
    until = now + dt.timedelta(hours=int(hours)) if what == "silence" and hours in map(str, SILENCES) else None
    comment = " ".join(request.POST.get("comment", "").split())
    if alerts.answer(alert, what, request.user.pk, at=now, until=until, comment=comment):
        messages.success(request, f"{AlertAnswer.What(what).label}".capitalize() + ".")
    else:
        messages.warning(request, _("Nothing to do: it is resolved, or somebody was quicker."))
    return redirect("admin:scraper_alert_change", alert.pk) if request.POST.get("back") else redirect("coverage")


def _filters(shown: str, cinema: Cinema | None) -> list[tuple[str, str, bool]]:
    """Address, name and whether it is chosen, of each filter of a day's showtimes."""
    names = {"": _("all"), "published": _("published"), "held": _("not published"), "withdrawn": _("withdrawn")}
    of_cinema = {"cinema": cinema.slug} if cinema else {}
    return [
        (f"?{urlencode({**({'show': key} if key else {}), **of_cinema})}#c-shows", str(name), key == shown)
        for key, name in names.items()
    ]


def _status(scrape: DayScrape) -> str:
    if scrape.status == DayScrape.Status.WAITING:
        return "unread"
    return "suspicious" if scrape.suspicious else scrape.status


def _page(request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> TemplateResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), "title": title, **context})
