"""The history of decisions as a list, and one decision with all it was made on."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.admin import links
from kinokrakow.staff import readable as people
from review import decisions
from review.admin import filters
from review.admin.deciding import TOLD, Deciding, user_of
from review.models import Decision
from review.queue import labels
from review.queue.refusals import refused_undo, takes_much


class Undone(admin.SimpleListFilter):
    title = _("undone")
    parameter_name = "undone"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("stands")), ("yes", _("undone"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        return queryset.filter(undone_at__isnull=self.value() == "no") if self.value() else queryset


@admin.register(Decision)
class DecisionAdmin(Deciding):
    """The history: who decided what, on what grounds, how long it had been open, undone or not."""

    list_display = (
        "at",
        "listed",
        "verb",
        "by",
        "open_for",
        "percent",
        "as_proposed",
        "undone",
    )
    list_filter = (Undone, "verb", "origin", "by", filters.Band)
    search_fields = ("film__title", "film__original_title", "note", "by__username")
    date_hierarchy = "at"
    list_select_related = ("film", "by", "undone_by")
    actions = ("undo",)
    fields = (
        "film", "verb", "tmdb_ids", "note", "by", "at", "origin", "open_for", "status_before", "proposed", "percent",
        "reasons", "listing", "showtimes", "undone",
    )  # fmt: skip
    readonly_fields: ClassVar = fields

    @admin.display(description=_("listed film"), ordering="film__title")
    def listed(self, row: Decision) -> SafeString:
        return links.question(row.film_id, row.film)

    @admin.display(description=_("open for"))
    def open_for(self, row: Decision) -> str:
        return people.duration(row.at - row.open_since) if row.open_since else "–"

    @admin.display(description=_("score"), ordering="score")
    def percent(self, row: Decision) -> str:
        return "–" if row.score is None else f"{row.score:.0f}\N{NO-BREAK SPACE}%"

    @admin.display(description=_("as proposed"), boolean=True)
    def as_proposed(self, row: Decision) -> bool | None:
        return None if row.proposed is None or row.verb == Decision.Verb.DEFER else row.right

    @admin.display(description=_("undone"))
    def undone(self, row: Decision) -> str:
        return f"{row.undone_by}, {date_format(timezone.localtime(row.undone_at), 'j.m H:i')}" if row.undone_at else ""

    @admin.display(description=_("candidates and reasons then"))
    def reasons(self, row: Decision) -> SafeString | str:
        lines = [
            f"{one['facts'].get('title', '')} ({one['tmdb_id']}), {one['score']:.0f} %: "
            + "; ".join(f"{chip.text} {chip.points}".rstrip() for chip in labels.chips(one["reasons"]))
            for one in row.candidates
        ]
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines)) or "–"

    @admin.display(description=_("the listing then"))
    def listing(self, row: Decision) -> str:
        told = (", ".join(map(str, value)) if isinstance(value, list) else value for value in row.facts.values())
        return " · ".join(str(value) for value in told if value)

    @admin.action(description=_("Undo"), permissions=["undo"])
    def undo(self, request: HttpRequest, queryset: QuerySet[Decision]) -> None:
        """The latest first: a decision made on top of another must go before it."""
        done, told = 0, []
        for pk in list(queryset.order_by("-at", "-pk").values_list("pk", flat=True)):
            try:
                decisions.undo(pk, by=user_of(request), at=timezone.now())
                done += 1
            except decisions.NotUndone as error:
                told.append(refused_undo(error))
            except decisions.TakesMuch as much:
                told.append(takes_much(much) + " " + _("To undo it nevertheless, open the film's own page."))
        undone = ngettext("%(n)s decision undone.", "%(n)s decisions undone.", done) % {"n": done}
        self.message_user(request, undone, messages.SUCCESS if done else messages.WARNING)
        for line in told[:TOLD]:
            self.message_user(request, line, messages.WARNING)
