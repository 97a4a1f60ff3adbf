"""Other sources' screenings, and which of them are duplicates of ours or of each other's."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

#: What our own programme counts as; a source above it takes the place of our events, one below gives way to them.
OWN_PRIORITY = 50


class EventSource(models.Model):
    """Where else screenings come from."""

    slug = models.SlugField(_("slug"), unique=True)
    name = models.TextField(_("name"))
    priority = models.IntegerField(
        _("priority"), default=10, help_text=_("Of duplicates the higher is shown; our own programme has 50.")
    )
    held_at = models.DateTimeField(
        _("a file was doubted at"), null=True, blank=True,
        help_text=_("What its last whole file lacked is too much to be taken away at once; it is still shown."),
    )  # fmt: skip
    paused_until = models.DateTimeField(
        _("paused until"), null=True, blank=True, help_text=_("No file of it is imported before.")
    )
    paused_why = models.CharField(_("why it is paused"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("event source")
        verbose_name_plural = _("event sources")
        ordering: ClassVar = ["-priority", "slug"]

    def __str__(self) -> str:
        return self.name


class OtherCinema(models.Model):
    """A cinema as another source names and places it: each of its names once."""

    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="cinemas", verbose_name=_("source"))
    name = models.TextField(_("name"))
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    class Meta:
        verbose_name = _("cinema of another source")
        verbose_name_plural = _("cinemas of other sources")
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "name", "latitude", "longitude"], name="one_other_cinema_a_place"
            ),
            models.UniqueConstraint(
                fields=["source", "name"], condition=Q(latitude__isnull=True), name="one_other_cinema_without_a_place"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OtherEventQuerySet(models.QuerySet["OtherEvent"]):
    def live(self) -> OtherEventQuerySet:
        """What its source still says takes place."""
        return self.filter(gone_at__isnull=True)

    def shown(self) -> OtherEventQuerySet:
        """Live, and no duplicate of something that goes before it."""
        return self.live().exclude(
            pk__in=Duplicate.objects.in_force().filter(hidden_event__isnull=False).values("hidden_event")
        )


class OtherEvent(models.Model):
    """One screening as another source claims it."""

    source = models.ForeignKey(EventSource, on_delete=models.PROTECT, related_name="events", verbose_name=_("source"))
    external_id = models.CharField(_("external id"), max_length=500)
    given_id = models.CharField(
        _("given id"), max_length=500, default="", editable=False,
        help_text=_("What its publisher calls it: an identifier, or an address that may be of several screenings."),
    )  # fmt: skip
    title = models.TextField(_("title"))
    original_title = models.TextField(_("original title"), blank=True, default="")
    starts_at = models.DateTimeField(_("starts at"), db_index=True)
    ends_at = models.DateTimeField(_("ends at"))
    cinema = models.ForeignKey(
        OtherCinema, on_delete=models.PROTECT, null=True, related_name="events", verbose_name=_("cinema")
    )
    cinema_name = models.TextField(_("cinema"))
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    url = models.URLField(_("source"), max_length=2000, blank=True, default="")
    ticket_url = models.URLField(_("tickets"), max_length=2000, blank=True, default="")
    image_url = models.URLField(_("image"), max_length=2000, blank=True, default="")
    language = models.CharField(_("language"), max_length=8, blank=True, default="")
    subtitles = models.CharField(_("subtitles"), max_length=8, blank=True, default="")
    format = models.CharField(_("format"), max_length=50, blank=True, default="")
    first_seen_at = models.DateTimeField(_("first seen at"))
    last_seen_at = models.DateTimeField(_("last seen at"))
    gone_at = models.DateTimeField(
        _("gone at"), null=True, blank=True, help_text=_("Cancelled by its source, or no longer in its whole file.")
    )

    objects = OtherEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of another source")
        verbose_name_plural = _("events of other sources")
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="one_event_per_source_and_external_id")
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "given_id"], name="other_event_by_given_id"),
            models.Index(fields=["cinema", "starts_at"], name="other_event_by_cinema"),
        ]

    def __str__(self) -> str:
        return self.title


class DuplicateQuerySet(models.QuerySet["Duplicate"]):
    def in_force(self) -> DuplicateQuerySet:
        """Not overruled, and what they give way to is still there: what goes lets its duplicates come back at once."""
        standing = Q(shown_event__gone_at__isnull=True, shown_event__isnull=False) | Q(
            shown_showtime__event__isnull=False
        )
        return self.exclude(verdict=Duplicate.Verdict.DIFFERENT).filter(standing)


class Duplicate(models.Model):
    """Two screenings that are one: the hidden one gives way to the shown one. Staff's decision is final."""

    class Verdict(models.TextChoices):
        SAME = "same", _("the same")
        DIFFERENT = "different", _("not the same")

    hidden_showtime = models.ForeignKey(
        "events.Showtime", on_delete=models.CASCADE, null=True, blank=True, related_name="duplicates",
        verbose_name=_("hidden showtime"),
    )  # fmt: skip
    hidden_event = models.ForeignKey(
        OtherEvent, on_delete=models.CASCADE, null=True, blank=True, related_name="duplicates",
        verbose_name=_("hidden event"),
    )  # fmt: skip
    shown_showtime = models.ForeignKey(
        "events.Showtime", on_delete=models.CASCADE, null=True, blank=True, related_name="shown_for",
        verbose_name=_("shown showtime"),
    )  # fmt: skip
    shown_event = models.ForeignKey(
        OtherEvent, on_delete=models.CASCADE, null=True, blank=True, related_name="shown_for",
        verbose_name=_("shown event"),
    )  # fmt: skip
    reasons = models.JSONField(_("reasons"), help_text=_("title (%), minutes, metres, same_name"))
    found_at = models.DateTimeField(_("found at"))
    verdict = models.CharField(_("decision"), max_length=16, choices=Verdict.choices, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("duplicate")
        verbose_name_plural = _("duplicates")
        ordering: ClassVar = ["-found_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(hidden_showtime__isnull=False, hidden_event__isnull=True)
                | Q(hidden_showtime__isnull=True, hidden_event__isnull=False),
                name="a_duplicate_hides_one",
            ),
            models.CheckConstraint(
                condition=Q(shown_showtime__isnull=False, shown_event__isnull=True)
                | Q(shown_showtime__isnull=True, shown_event__isnull=False),
                name="a_duplicate_shows_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hidden_showtime or self.hidden_event} = {self.shown_showtime or self.shown_event}"

    @property
    def keys(self) -> tuple[tuple[str, int], tuple[str, int]]:
        """(hidden, shown), each ("showtime" or "event", its primary key), as `similarity` names them."""
        return _key(self.hidden_showtime_id, self.hidden_event_id), _key(self.shown_showtime_id, self.shown_event_id)


def _key(showtime: int | None, event: int | None) -> tuple[str, int]:
    return ("showtime", showtime) if showtime is not None else ("event", event or 0)


def decide(duplicate: Duplicate, verdict: str, *, by: int, at: dt.datetime) -> bool:
    """A person says whether they are one, for good, or (an empty verdict) takes that back; False if `duplicate` is gone
    or has another verdict by now."""
    row = Duplicate.objects.filter(pk=duplicate.pk, verdict=duplicate.verdict)
    return bool(row.update(verdict=verdict, decided_by=by if verdict else None, decided_at=at if verdict else None))
