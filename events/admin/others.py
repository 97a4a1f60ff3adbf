"""Other sources, what they claim, and which of it is ours twice. A person's decision on a duplicate is for good."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import models, transaction
from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.admin import filters, links
from events.admin.showtimes import duplicate_link
from events.models import Duplicate, EventSource, OtherEvent, Showtime
from events.other_sources import duplicates, importing
from kinokrakow.admin import ReadOnly
from kinokrakow.admin.services import Moment


class Outranked(Exception):
    """Somebody has given the source another priority since its form was shown."""


@admin.register(EventSource)
class EventSourceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "slug", "priority", "to_come", "hidden", "held_at", "paused_until", "paused_why")
    search_fields = ("name", "slug")
    formfield_overrides: ClassVar[Any] = {models.DateTimeField: {"form_class": forms.DateTimeField, "widget": Moment}}
    fields = ("name", "slug", "priority", "to_come", "hidden", "held_at", "paused_until", "paused_why")
    readonly_fields = ("name", "slug", "to_come", "hidden", "held_at")
    actions = ("believe",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventSource]:
        live = Q(events__gone_at__isnull=True, events__starts_at__gt=timezone.now())
        duplicate = Q(events__in=Duplicate.objects.in_force().filter(hidden_event__isnull=False).values("hidden_event"))
        rows: QuerySet[EventSource] = super().get_queryset(request)
        return rows.annotate(
            live_count=Count("events", filter=live), hidden_count=Count("events", filter=live & duplicate)
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().change_view(request, object_id, form_url, extra_context)
        except Outranked:
            text = gettext("This source got another priority just now: nothing was saved. It is shown as it is.")
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: EventSource, form: Any, change: bool) -> None:
        if "priority" in form.changed_data:
            was = EventSource(pk=obj.pk, priority=form.initial["priority"])
            if not duplicates.rank(was, obj.priority, at=timezone.now()):
                raise Outranked
        obj.save(update_fields=["paused_until", "paused_why"])

    @admin.action(description=_("Remove what the last file lacked"), permissions=["change"])
    def believe(self, request: HttpRequest, queryset: QuerySet[EventSource]) -> None:
        gone = sum(importing.believe(source) for source in queryset)
        text = ngettext("%(n)s screening is gone.", "%(n)s screenings are gone.", gone) % {"n": gone}
        self.message_user(request, text, messages.SUCCESS if gone else messages.WARNING)

    @admin.display(description=_("events to come"), ordering="live_count")
    def to_come(self, row: Any) -> SafeString:
        return links.changelist(OtherEvent, row.live_count, source__id__exact=row.pk, when="to_come")

    @admin.display(description=_("hidden duplicates"), ordering="hidden_count")
    def hidden(self, row: Any) -> SafeString:
        return links.changelist(OtherEvent, row.hidden_count, source__id__exact=row.pk, when="to_come", shown="double")


@admin.register(OtherEvent)
class OtherEventAdmin(ReadOnly):
    list_display = ("starts_at", "title", "cinema_name", "source", "publication", "page")
    list_filter = (filters.ToCome, filters.Shown, "source")
    search_fields = ("title", "original_title", "cinema_name", "external_id")
    list_select_related = ("source",)
    date_hierarchy = "starts_at"
    ordering = ("starts_at",)
    fields = ("publication", "stands_for", "title", "original_title", "starts_at", "ends_at", "cinema_name", "place",
              "source", "external_id", "page", "ticket", "first_seen_at", "last_seen_at", "gone_at")  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[OtherEvent]:
        rows: QuerySet[OtherEvent] = super().get_queryset(request)
        in_force = Duplicate.objects.in_force()
        return rows.annotate(
            gives_way=Subquery(in_force.filter(hidden_event=OuterRef("pk")).values("pk")[:1]),
            hides=Subquery(in_force.filter(shown_event=OuterRef("pk")).values("pk")[:1]),
        )

    @admin.display(description=_("shown"))
    def publication(self, row: Any) -> SafeString | str:
        if row.gone_at:
            return gettext("gone since %(when)s") % {"when": links.moment(row.gone_at)}
        if row.gives_way:
            return duplicate_link(row.gives_way, gettext("duplicate: another source's is shown"))
        return duplicate_link(row.hides, gettext("shown, in place of its duplicate")) if row.hides else gettext("shown")

    @admin.display(description=_("duplicates"))
    def stands_for(self, row: OtherEvent) -> SafeString:
        """Whatever it was found to be one with, and what was said of that."""
        found = Duplicate.objects.filter(Q(hidden_event=row) | Q(shown_event=row)).select_related(*SIDES, "decided_by")
        return links.row_of(*(format_html("{} ({})", links.to(one), verdict_of(one)) for one in found))

    @admin.display(description=_("place"))
    def place(self, row: OtherEvent) -> SafeString | str:
        return links.on_the_map(row)

    @admin.display(description=_("page"))
    def page(self, row: OtherEvent) -> SafeString | str:
        return links.outside(row.url, _("page"))

    @admin.display(description=_("tickets"))
    def ticket(self, row: OtherEvent) -> SafeString | str:
        return links.outside(row.ticket_url, _("buy"))


SIDES = ("hidden_showtime", "hidden_event", "shown_showtime", "shown_event")


def verdict_of(row: Duplicate) -> str:
    return f"{row.get_verdict_display()} ({row.decided_by})" if row.verdict else gettext("automatic")


def told(row: Showtime | OtherEvent | None) -> SafeString | str:
    """One side of a duplicate: what, when, where, and whose it is."""
    if row is None:
        return links.NONE
    if isinstance(row, Showtime):
        title, place, whose = str(row.film), row.cinema.name, gettext("ours")
    else:
        title, place, whose = row.title, row.cinema_name, row.source.name
    return format_html("{}, {}, {} ({})", links.to(row, title), links.moment(row.starts_at), place, whose)


@admin.register(Duplicate)
class DuplicateAdmin(ReadOnly):
    list_display = ("shown", "hidden", "why", "said")
    list_display_links = ("why",)
    list_filter = (filters.DuplicateToCome, "verdict", filters.SourceOfDuplicate)
    search_fields = ("hidden_showtime__film__title", "shown_showtime__film__title", "hidden_event__title",
                     "shown_event__title", "hidden_event__cinema_name", "shown_event__cinema_name")  # fmt: skip
    list_select_related = (
        "hidden_showtime__film", "hidden_showtime__cinema", "shown_showtime__film", "shown_showtime__cinema",
        "hidden_event__source", "shown_event__source", "decided_by",
    )  # fmt: skip
    actions = ("different", "same", "forget")
    fields = ("shown", "hidden", "why", "said", "decided_by", "decided_at", "found_at")
    readonly_fields = fields

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("events.change_duplicate")

    @admin.action(description=_("These are not the same: show both, permanently"), permissions=["decide"])
    def different(self, request: HttpRequest, queryset: QuerySet[Duplicate]) -> None:
        self._decide(request, queryset, Duplicate.Verdict.DIFFERENT)

    @admin.action(description=_("These are the same, permanently"), permissions=["decide"])
    def same(self, request: HttpRequest, queryset: QuerySet[Duplicate]) -> None:
        self._decide(request, queryset, Duplicate.Verdict.SAME)

    @admin.action(description=_("Reset decision: compare them again"), permissions=["decide"])
    def forget(self, request: HttpRequest, queryset: QuerySet[Duplicate]) -> None:
        self._decide(request, queryset, "")

    def _decide(self, request: HttpRequest, queryset: QuerySet[Duplicate], verdict: str) -> None:
        rows = list(queryset)
        with transaction.atomic():
            done = duplicates.decide(rows, verdict, by=request.user.pk or 0, at=timezone.now())
            for row in done:
                said = Duplicate.Verdict(verdict).label if verdict else gettext("the decision is taken back")
                self.log_change(request, row, str(said))
        left = len(rows) - len(done)
        text = ngettext("%(n)s pair decided", "%(n)s pairs decided", len(done)) % {"n": len(done)}
        if left:
            text += "; " + ngettext("%(n)s left as it was", "%(n)s left as they were", left) % {"n": left}
        self.message_user(request, f"{text}.", messages.SUCCESS if done else messages.WARNING)

    @admin.display(description=_("shown"))
    def shown(self, row: Duplicate) -> SafeString | str:
        return told(row.shown_showtime or row.shown_event)

    @admin.display(description=_("hidden"))
    def hidden(self, row: Duplicate) -> SafeString | str:
        return told(row.hidden_showtime or row.hidden_event)

    @admin.display(description=_("decision"), ordering="verdict")
    def said(self, row: Duplicate) -> str:
        return verdict_of(row)

    @staticmethod
    def _distance(metres: int) -> str:
        if metres == 0:
            return gettext("in the same place")
        return ngettext("%(n)s metre apart", "%(n)s metres apart", metres) % {"n": metres}

    @admin.display(description=_("reason"))
    def why(self, row: Duplicate) -> str:
        """The reasons in words, as they were when the pair was found."""
        reasons = row.reasons
        minutes, metres = round(reasons.get("minutes") or 0), reasons.get("metres")
        apart = ngettext("%(n)s minute apart", "%(n)s minutes apart", minutes) % {"n": minutes}
        parts = (
            gettext("titles %(n)s %% alike") % {"n": round(reasons.get("title") or 0)},
            apart if minutes else gettext("at the same time"),
            gettext("cinemas of the same name") if reasons.get("same_name") else "",
            "" if metres is None else self._distance(metres),
        )
        return ", ".join(part for part in parts if part)
