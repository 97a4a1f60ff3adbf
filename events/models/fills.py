"""What another listing says of a showtime where the site says nothing."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.limits import URL, VERSION
from events.models.showtimes import Showtime


class Fill(models.Model):
    """Fields of a showtime that the site leaves empty, as another listing of the same start fills them.

    Kept beside the showtime, not in it, so that it is known whose they are, and no reading of the site meets them.
    """

    showtime = models.OneToOneField(Showtime, on_delete=models.CASCADE, related_name="fill", verbose_name=_("showtime"))
    source = models.CharField(_("source"), max_length=64)
    ticket_url = models.URLField(_("tickets"), max_length=URL, blank=True, default="")
    version = models.CharField(_("version"), max_length=VERSION, blank=True, default="")
    runtime = models.PositiveIntegerField(_("runtime (min)"), null=True, blank=True)
    filled_at = models.DateTimeField(_("filled at"))

    class Meta:
        verbose_name = _("field filled by another listing")
        verbose_name_plural = _("fields filled by other listings")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.showtime_id}: {self.source}"

    def said(self) -> tuple[str, str, int | None]:
        return self.ticket_url, self.version, self.runtime

    @property
    def length(self) -> dt.timedelta | None:
        return dt.timedelta(minutes=self.runtime) if self.runtime else None
