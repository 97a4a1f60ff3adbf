"""What was accepted of many films at once: how many, which were left as they were and why; undone as one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.models import ListedFilm
from review import decisions
from review.admin.deciding import Deciding, user_of
from review.decisions import bulk as bulks
from review.models import Bulk, Decision
from review.queue.refusals import refused, refused_undo, said


@admin.register(Bulk)
class BulkAdmin(Deciding):
    list_display = ("at", "by", "asked", "accepted", "skipped", "finished_at")
    list_select_related = ("by",)
    ordering = ("-at",)
    actions = ("undo",)
    fields = ("at", "by", "asked", "accepted", "skipped", "finished_at", "left_as_they_were")
    readonly_fields: ClassVar = fields

    def has_view_permission(self, request: HttpRequest, obj: Bulk | None = None) -> bool:
        return request.user.has_perm("review.view_decision")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=_("chosen"))
    def asked(self, row: Bulk) -> int:
        return len(row.chosen)

    @admin.display(description=_("accepted"))
    def accepted(self, row: Bulk) -> int:
        return row.decisions().count()

    @admin.display(description=_("left as they were"))
    def skipped(self, row: Bulk) -> int | str:
        return len(row.left) if row.finished_at else gettext("in progress")

    @admin.display(description=_("why"))
    def left_as_they_were(self, row: Bulk) -> SafeString | str:
        films = ListedFilm.objects.in_bulk([one["film"] for one in row.left])
        made = Decision.objects.select_related("by").in_bulk([one.get("decision", 0) for one in row.left])
        lines = ((_why(one, films[one["film"]], made),) for one in row.left if one["film"] in films)
        return format_html_join(mark_safe("<br>"), "{}", lines) or "–"

    @admin.action(description=_("Undo as one"), permissions=["undo"])
    def undo(self, request: HttpRequest, queryset: QuerySet[Bulk]) -> None:
        """All decisions of a row, or none: where one was decided on again since, that must be undone first."""
        for row in queryset.order_by("-at"):
            first = row.decisions().order_by("pk").first()
            if first is None:
                self.message_user(request, gettext("Nothing of it stands."), messages.WARNING)
                continue
            try:
                undone = len(decisions.undo_together(first.pk, by=user_of(request), at=timezone.now()))
            except decisions.NotUndone as error:
                self.message_user(request, refused_undo(error), messages.WARNING)
            else:
                text = ngettext("%(n)s decision undone.", "%(n)s decisions undone.", undone) % {"n": undone}
                self.message_user(request, text, messages.SUCCESS)


def _why(left: dict[str, Any], film: ListedFilm, made: dict[int, Decision]) -> str:
    match left["why"]:
        case bulks.UNASKED:
            return f"{film}: {said(decisions.NoAnswer(left['error']))}"
        case bulks.MISSING:
            return gettext("%(film)s: TMDB no longer has the chosen film.") % {"film": film}
    return refused(decisions.Stale(film, made.get(left.get("decision", 0))))
