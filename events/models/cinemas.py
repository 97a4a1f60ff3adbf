"""The cinemas of Kraków, and where they are."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from events.models.limits import SLUG


class CinemaQuerySet(models.QuerySet["Cinema"]):
    def to_locate(self, at: dt.datetime) -> CinemaQuerySet:
        """Cinemas without a place that the geocoder should be asked about now."""
        return self.filter(located_by="").filter(Q(locate_due_at__isnull=True) | Q(locate_due_at__lte=at))


class Cinema(models.Model):
    """A cinema as the site lists it, and where it is. Its slug may contain a slash (`cinema-city/bonarka`)."""

    class Located(models.TextChoices):
        BUNDLED = "bundled", _("built-in list")
        SITE = "site", _("the cinema's page")
        NOMINATIM = "nominatim", "Nominatim"
        GOOGLE = "google", "Google"
        HAND = "hand", _("by hand")

    slug = models.CharField(_("slug"), max_length=SLUG, unique=True)
    name = models.TextField(_("name"))
    name_seen_at = models.DateTimeField(_("name seen at"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    located_by = models.CharField(_("located by"), max_length=16, choices=Located.choices, blank=True, default="")
    located_at = models.DateTimeField(_("located at"), null=True, blank=True)
    locate_due_at = models.DateTimeField(_("geocoder due at"), null=True, blank=True)
    locate_error = models.TextField(_("why it has no place"), blank=True, default="")
    place_doubt = models.TextField(
        _("doubtful place"), blank=True, default="", help_text=_("What the geocoder found there, if it is no cinema.")
    )
    same_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="aliases", verbose_name=_("same as"),
        help_text=_("The site lists one cinema twice: its showtimes move to the one chosen here, now and later."),
    )  # fmt: skip

    objects = CinemaQuerySet.as_manager()

    class Meta:
        verbose_name = _("cinema")
        verbose_name_plural = _("cinemas")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(located_by="", latitude__isnull=True, longitude__isnull=True)
                | ~Q(located_by="") & Q(latitude__isnull=False, longitude__isnull=False),
                name="located_or_without_a_place",
            ),
            models.CheckConstraint(condition=~Q(same_as=F("id")), name="no_cinema_is_its_own_alias"),
        ]

    def __str__(self) -> str:
        return self.name
